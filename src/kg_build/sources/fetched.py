"""What stands beside fetched files: `fetched.jsonl`, one line a file, with where and when it was fetched and its checksum.

`kg fetch` writes it, `kg build` reads it: a record without a date of its own is known since its file was fetched, a page that does
not state its address has the one it was fetched from, and a file that is not as it was fetched is not read.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from kg_build.errors import SourceError
from kg_build.sources import archives

SIDECAR = "fetched.jsonl"
_MOST = 100_000_000


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One fetched file; times are UTC (YYYY-MM-DDThh:mm:ssZ), `url` is the address that answered."""

    file: str
    url: str
    retrieved: str
    sha256: str
    bytes: int
    asked: str | None = None  # the address asked, where the answer came from another
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None

    @property
    def day(self) -> str:
        """The day it was fetched."""
        return self.retrieved[:10]


def entries(folder: Path) -> dict[str, Fetched]:
    """File name -> what is told of it by the sidecar of a folder; empty where there is none, or where that file is another thing."""
    path = folder / SIDECAR
    try:
        state = path.stat()
    except OSError:
        return {}
    return _entries(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _entries(path: Path, changed: int, size: int) -> dict[str, Fetched]:
    if size > _MOST:
        return {}
    return {entry.file: entry for entry in lines(path.read_bytes())}


def lines(data: bytes) -> list[Fetched]:
    """Entries of a sidecar up to the first line that is none: a line may be cut off where a fetch was killed."""
    decoder, found = msgspec.json.Decoder(Fetched), []
    for line in data.splitlines():
        try:
            found.append(decoder.decode(line))
        except msgspec.MsgspecError:
            break
    return found


def is_sidecar(path: Path) -> bool:
    """Whether a file is a sidecar, and so nothing to read itself."""
    return path.name == SIDECAR and bool(entries(path.parent))


def fetched(path: Path) -> Fetched | None:
    """How a file, or the archive it lies in, was fetched; None for what was not.

    Errors: SourceError when the file is not as it was fetched.
    """
    inside = archives.split(path)
    file = inside[0] if inside else path
    entry = entries(file.parent).get(file.name)
    if entry is not None and _digest(file, (state := file.stat()).st_mtime_ns, state.st_size) != entry.sha256:
        raise SourceError(f"{path}: not as it was fetched (its sha256 differs from {SIDECAR}); fetch it again, or move it elsewhere")
    return entry


@lru_cache(maxsize=16)
def _digest(file: Path, changed: int, size: int) -> str:
    """The sha256 of a file, once for all members of an archive."""
    return digest(file)


def digest(file: Path) -> str:
    """The sha256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
