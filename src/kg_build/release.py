"""A release: an immutable directory, published by one rename, with a manifest of every file's sha256 and the counts per source.

DIR/current -> releases/<name>      the one that answers
as-of/<name>-<day>                 stores of what was known on a day, made when asked for
releases/<name>/manifest.json       counts, versions, sha256 of all files below
                graph.nq.gz         every quad, sorted; the fourth column is the record
                store/              the same for questions: current facts as plain triples
                records.tsv         each version of each record: its graph, since when and until when it was known
                keys.gz             what decides which statements meet, for answers as of a day
                quarantine.jsonl    what could not be read, where and why
                links.tsv           names that were linked, to what and by which rule, most frequent first
                unlinked.tsv        names that were linked to nothing, most frequent first
                texts/<sha256>.txt  main texts that spans point into
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path
from typing import IO, cast

import msgspec

from kg_build import terms
from kg_build.errors import ReleaseError

BLOCK = 10_000  # lines written at a time
MANIFEST, QUADS, STORE, RECORDS, KEYS, AS_OF = "manifest.json", "graph.nq.gz", "store", "records.tsv", "keys.gz", "as-of"
LINKS, UNLINKED = "links.tsv", "unlinked.tsv"
NAMED = (terms.CANDIDATES, terms.HISTORY, terms.META)


class Version(msgspec.Struct, frozen=True):
    """One version of a record in a release: the graph its quads stand in, and between which days it was what is known."""

    graph: str
    known_at: str
    known_until: str
    state: str


class Count(msgspec.Struct, kw_only=True):
    """Records of one source: `read = published + merged + quarantined + unmentioned`; superseded versions are among the published.

    Unmentioned are the entries of a vocabulary that name nothing the other records speak of.
    """

    read: int = 0
    published: int = 0
    merged: int = 0
    quarantined: int = 0
    unmentioned: int = 0
    superseded: int = 0
    undated: int = 0

    @property
    def current(self) -> int:
        """Records, each counted once."""
        return self.published - self.superseded


class Manifest(msgspec.Struct, kw_only=True):
    """What a release is; no date of making, so that the same input gives the same bytes."""

    format: int = 1
    version: str
    lexicon: str
    sources: dict[str, Count]
    quads: int
    sha256: dict[str, str]  # relative path -> digest
    groups: dict[str, int] = {}  # reported groups: matched, pooled, unmatched


# ---- reading -------------------------------------------------------------------------------------------------------------------


def open_release(folder: Path) -> Path:
    """Directory of the release to answer from: `folder` itself or its current one."""
    for candidate in (folder / "current", folder):
        if (candidate / MANIFEST).is_file() and (candidate / STORE).is_dir():
            return candidate.resolve()
    what = "no such folder" if not folder.exists() else "not a graph built by kg build"
    raise ReleaseError(f"{folder}: {what}; make one with `kg build PATH ... --out {folder}`")


def manifest(release: Path) -> Manifest:
    """The manifest of an opened release."""
    try:
        return msgspec.json.decode((release / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise ReleaseError(f"{release / MANIFEST}: damaged ({error}); build the graph again") from None


def verify(release: Path) -> list[str]:
    """What is wrong with the files of a release, one line each; empty = sound."""
    known = manifest(release).sha256
    problems = [
        f"{name}: {'missing' if not (release / name).is_file() else 'damaged'}"
        for name, digest in sorted(known.items())
        if not (release / name).is_file() or _sha256(release / name) != digest
    ]
    extra = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()} - set(known) - {MANIFEST}
    return problems + [f"{name}: not in the manifest" for name in sorted(extra)]


def quads(release: Path) -> Iterator[str]:
    """N-Quads lines of a release, sorted."""
    return lines_of(release / QUADS)


def lines_of(packed: Path) -> Iterator[str]:
    """Lines of a packed file of a release."""
    try:
        with gzip.open(packed, "rt", encoding="utf-8", newline="\n") as stream:
            yield from stream
    except (OSError, EOFError, zlib.error) as error:
        raise ReleaseError(f"{packed}: damaged ({error}); run `kg verify`, then build the graph again") from None


def versions(release: Path) -> list[Version]:
    """Every version of every record of a release."""
    try:
        rows = (release / RECORDS).read_text("utf-8").splitlines()[1:]
        return [Version(*row.split("\t")) for row in rows]
    except (OSError, UnicodeDecodeError, TypeError) as error:
        raise ReleaseError(f"{release / RECORDS}: damaged ({error}); run `kg verify`, then build the graph again") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# ---- writing -------------------------------------------------------------------------------------------------------------------


def merged(paths: Iterable[Path]) -> Iterator[str]:
    """Lines of sorted files in order, without repeats. Constant memory."""
    streams = [path.open(encoding="utf-8", newline="\n") for path in paths]
    try:
        yield from (line for line, _ in groupby(heapq.merge(*streams)))
    finally:
        for stream in streams:
            stream.close()


def write_lines(target: Path, lines: Iterable[str]) -> int:
    """Pack lines into a file; how many they were."""
    count, lines = 0, iter(lines)
    with target.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0, filename="") as packed:
        while block := list(islice(lines, BLOCK)):
            packed.write("".join(block).encode("utf-8"))
            count += len(block)
    return count


def write_versions(target: Path, found: Iterable[Version]) -> None:
    """The table of records, sorted."""
    rows = sorted("\t".join(msgspec.structs.astuple(one)) + "\n" for one in found)
    (target / RECORDS).write_text("\t".join(Version.__struct_fields__) + "\n" + "".join(rows), "utf-8")


def load_store(folder: Path, quads: Iterable[str]) -> None:
    """Fill a store with quads: current facts as plain triples, candidates, superseded versions and records as named graphs."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))
    store.bulk_load(cast("IO[bytes]", _StoreQuads(quads)), format=ox.RdfFormat.N_QUADS, lenient=False)
    store.flush()
    store.optimize()
    del store


_GRAPH = re.compile(r" <([^<>\s]*)> \.\n")
_OLDER = re.compile(rf"{terms.VERSION}(?:{terms.DOUBTFUL})?")


@lru_cache(maxsize=4096)
def _in_store(graph: str) -> str:
    """How a quad of a graph ends in the store: an older version is history, with all that it held in doubt."""
    if "~" in graph and _OLDER.search(graph):
        return f" <{terms.HISTORY}> .\n"
    if graph.endswith(terms.DOUBTFUL):
        return f" <{terms.CANDIDATES}> .\n"
    return f" <{graph}> .\n" if graph in NAMED else " .\n"


class _StoreQuads:
    """Reader for the bulk loader: the quads with the graph that they have in the store."""

    def __init__(self, quads: Iterable[str]) -> None:
        self.quads, self.rest = iter(quads), b""

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size or size < 0:
            block = "".join(islice(self.quads, BLOCK))
            if not block:
                break
            self.rest += _GRAPH.sub(lambda graph: _in_store(graph[1]), block).encode("utf-8")
        data, self.rest = (self.rest, b"") if size < 0 else (self.rest[:size], self.rest[size:])
        return data


def seal(release: Path, version: str, lexicon: str, sources: dict[str, Count], quad_count: int, groups: dict[str, int]) -> Manifest:
    """Write the manifest, last."""
    files = sorted(path for path in release.rglob("*") if path.is_file())
    digests = {str(path.relative_to(release)): _sha256(path) for path in files}
    made = Manifest(version=version, lexicon=lexicon, sources=sources, quads=quad_count, sha256=digests, groups=groups)
    (release / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=1) + b"\n")
    return made


@contextmanager
def workspace(home: Path) -> Iterator[Path]:
    """A working folder inside another, gone afterwards: nothing is left half-written, nor an empty folder where there was none."""
    existed = home.exists()
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(".building-*"):  # of processes that were killed
        if not _alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    building = Path(tempfile.mkdtemp(prefix=f".building-{os.getpid()}-", dir=home))
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)
        if not existed and not any(home.iterdir()):
            home.rmdir()


def _alive(name: str) -> bool:
    """Whether the process that a working folder is named after still runs."""
    try:
        os.kill(int(name.split("-")[1]), 0)
    except (ValueError, IndexError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _name(release: Path) -> str:
    """Digest of what a release says: all its files but the store, whose bytes differ from one loading to the next."""
    known = manifest(release)
    said = {name: digest for name, digest in known.sha256.items() if not name.startswith(f"{STORE}/")}
    told = msgspec.structs.replace(known, sha256=said)
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()[:16]


def publish(building: Path, out: Path) -> Path:
    """Move a finished directory into place and point `current` at it, by one rename; older releases but one are removed."""
    name = _name(building)
    target = out / "releases" / name
    if target.exists() and not verify(target):
        shutil.rmtree(building)
    else:
        if target.exists():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        building.rename(target)
    pointer = out / f".current-{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(Path("releases") / name)
    previous = (out / "current").resolve().name if (out / "current").exists() else name
    pointer.replace(out / "current")
    for old in (out / "releases").iterdir():
        if old.name not in {name, previous}:
            shutil.rmtree(old)
    shutil.rmtree(out / AS_OF, ignore_errors=True)  # days of older releases
    return target
