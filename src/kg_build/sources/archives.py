"""Files, gzip and zip behind one door, with the caps that keep a bomb or a stray path from doing harm.

A member of a zip is named like a file below it (`news.zip/2025/a.txt`), so that everything that takes a path takes it too.
"""

from __future__ import annotations

import gzip
import io
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, cast

from kg_build.errors import SourceError

HEAD = 64 * 1024
"""Bytes that recognition sees."""
RATIO = 100
FREE = 64 * 1024 * 1024
"""Beyond this size an archive may hold at most RATIO times its own bytes."""
MAX_ENTRIES = 100_000

_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError, KeyError)

GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")


def _what(error: BaseException) -> str:
    """Damage in words; zipfile says a password is missing with a RuntimeError."""
    return f"encrypted or damaged archive ({error})"


def _too_dense(path: Path) -> SourceError:
    return SourceError(f"{path}: unpacks to more than {RATIO} times its size; refused as a decompression bomb")


class _Counted(io.RawIOBase):
    """A gzip stream that stops when it has grown beyond all proportion."""

    def __init__(self, path: Path) -> None:
        self._path, self._out = path, 0
        self._limit = max(FREE, RATIO * path.stat().st_size)
        self._stream = gzip.open(path)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        self._out += len(chunk)
        if self._out > self._limit:
            raise _too_dense(self._path)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


# ---- zip -------------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _open_zip(path: Path, size: int, changed: int, process: int) -> zipfile.ZipFile:
    """An open zip, checked once. Size and time make a replaced file open anew; the process, because a fork shares the read position."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise SourceError(f"{path}: damaged zip archive ({error})") from None
    members = archive.infolist()
    if len(members) > MAX_ENTRIES:
        raise SourceError(f"{path}: {len(members)} entries; unpack archives of more than {MAX_ENTRIES} first")
    unsafe = next((member.filename for member in members if _escapes(member.filename)), None)
    if unsafe is not None:
        raise SourceError(f"{path}: entry '{unsafe[:80]}' points outside the archive; refused")
    total = sum(member.file_size for member in members)
    if total > max(FREE, RATIO * size):
        raise _too_dense(path)
    return archive


def _escapes(name: str) -> bool:
    return ".." in name.replace("\\", "/").split("/") or name.startswith(("/", "\\")) or name[1:3] in {":\\", ":/"}


def archive(path: Path) -> zipfile.ZipFile:
    """The zip at a path, checked for size, ratio, number of entries and stray paths; stays open for the next caller."""
    state = path.stat()
    return _open_zip(path.resolve(), state.st_size, state.st_mtime_ns, os.getpid())


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in ZIP


def members(path: Path) -> list[str]:
    """Names of the files in a zip, sorted."""
    return sorted(member.filename for member in archive(path).infolist() if not member.is_dir())


def split(path: Path) -> tuple[Path, str] | None:
    """Archive and member of a path that leads into a zip; None for a plain path."""
    if path.exists():
        return None
    for parent in path.parents:
        if is_zip(parent):
            return parent, path.relative_to(parent).as_posix()
    return None


# ---- bytes -----------------------------------------------------------------------------------------------------------------------


def open_bytes(path: Path) -> IO[bytes]:
    """The bytes of a file, of a zip member, or of what a gzip file holds."""
    inside = split(path)
    if inside is not None:
        return archive(inside[0]).open(inside[1])
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return io.BufferedReader(_Counted(path)) if packed else path.open("rb")


def read_bytes(path: Path, limit: int) -> bytes:
    """All of it, up to a limit in bytes.

    Errors: SourceError beyond the limit or when the file is damaged.
    """
    data = _read(path, limit + 1)
    if len(data) > limit:
        raise SourceError(f"{path}: larger than {limit // 1_000_000} MB; split it")
    return data


def head(path: Path) -> bytes:
    """The first bytes, unpacked."""
    return _read(path, HEAD)


def _read(path: Path, size: int) -> bytes:
    try:
        with open_bytes(path) as stream:
            return stream.read(size)
    except _DAMAGE as error:
        raise SourceError(f"{path}: {_what(error)}") from None


@contextmanager
def on_disk(path: Path) -> Iterator[Path]:
    """A path that can be opened as a file: the path itself, or a passing copy of a zip member under its own name."""
    inside = split(path)
    if inside is None:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        copy = Path(folder) / path.name
        try:
            with open_bytes(path) as stream, copy.open("wb") as target:
                shutil.copyfileobj(stream, target)
        except _DAMAGE as error:
            raise SourceError(f"{path}: {_what(error)}") from None
        yield copy


# ---- one set of named files, zipped or in a folder -------------------------------------------------------------------------------


class Files:
    """The files of a zip or a folder by their bare names: what a source of several tables reads from; `name.gz` serves for `name`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folder = path if path.is_dir() else None
        names = [p.name for p in sorted(path.iterdir()) if p.is_file()] if path.is_dir() else members(path)
        bare = {name.rsplit("/", 1)[-1]: name for name in names}
        self._names = {name.removesuffix(".gz"): at for name, at in bare.items()} | bare

    def __enter__(self) -> Files:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def _open(self, inner: str) -> IO[bytes]:
        if self._folder is not None:
            return open_bytes(self._folder / inner)
        opened = cast(BinaryIO, archive(self.path).open(inner))
        return cast(BinaryIO, gzip.open(opened)) if inner.endswith(".gz") else opened

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of one file, as bytes, unpacked."""
        inner = self._names[name]
        try:
            with self._open(inner) as stream:
                yield from stream
        except _DAMAGE as error:
            raise SourceError(f"{self.path}: {name}: {_what(error)}") from None
