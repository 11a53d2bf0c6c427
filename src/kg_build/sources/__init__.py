"""Sources: what each file is, and its records. One module (or package) a source; adding one is that module and one word in `_ALL`.

A source module has `NAME`, `looks_like(head, name)` on a file's first unpacked bytes, and `read(path)`, which yields records.
One whose records need several files of a zip or folder also has `FILES` and `holds_tables(names)`; one that comes as Excel
workbooks has `looks_like_sheet(rows)`. Files are recognised by content. Two things go by name, because content cannot tell them:
in a folder, what is not a document (README, LICENSE, index files, code and tables by their suffix) is not read as an article;
given by its own path it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from kg_build.errors import SourceError, UsageError
from kg_build.facts import Record, Rejected
from kg_build.sources import (
    archives,
    article,
    cancerdrugs,
    ctgov,
    doid,
    drugbank_vocabulary,
    drugcentral,
    drugsfda,
    ema,
    fda_notices,
    fetched,
    health_canada,
    kgx,
    oncotree,
    openfda,
    orphan,
    pmda,
    purplebook,
    sheets,
    texts,
    unii,
    word,
)

__all__ = ["SOURCES", "Found", "Source", "discover", "read", "recognise", "source_named"]


class Source(Protocol):
    """What a source module offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module constant
        """The source's name: fourth column, record IRIs, `--source`."""

    def looks_like(self, head: bytes, name: str) -> bool:
        """Whether a file is this source, by its first unpacked bytes."""

    def read(self, path: Path) -> Iterator[Record | Rejected]:
        """Its records."""


class TableSet(Source, Protocol):
    """A source whose records need several files."""

    @property
    def FILES(self) -> Container[str]:  # noqa: N802 - a module constant
        """Bare names of all its files."""

    def holds_tables(self, names: Iterable[str]) -> bool:
        """Whether these entry names of a zip or folder are its tables."""


class Workbook(Source, Protocol):
    """A source that comes as an Excel workbook."""

    def looks_like_sheet(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether the first filled rows of the first sheet are its own."""


# asked in this order: an article is whatever text is left
_ALL: tuple[Source, ...] = (
    ctgov,
    drugsfda,
    ema,
    fda_notices,
    health_canada,
    openfda,
    orphan,
    pmda,
    purplebook,
    cancerdrugs,
    doid,
    drugbank_vocabulary,
    drugcentral,
    kgx,
    oncotree,
    unii,
    article,
)
_SETS: tuple[TableSet, ...] = (
    drugcentral,
    drugsfda,
    health_canada,
    kgx,
)
_WORKBOOKS: tuple[Workbook, ...] = (ema,)

SOURCES: dict[str, Source] = {source.NAME: source for source in sorted(_ALL, key=lambda source: source.NAME)}
"""Name -> module."""


@dataclass(frozen=True)
class Found:
    """One file (or folder, or zip member) met: the source that reads it, or why none does."""

    path: Path
    source: str | None = None
    reason: str | None = None


def source_named(name: str) -> Source:
    """The source of that name.

    Errors: UsageError naming the known ones.
    """
    if name not in SOURCES:
        raise UsageError(f"no source named '{name}'; known: {', '.join(SOURCES)}")
    return SOURCES[name]


# ---- recognition -----------------------------------------------------------------------------------------------------------------

_MAGIC = (
    (0, b"{\\rtf", "reading RTF is not supported; save as text"),
    (0, b"\xd0\xcf\x11\xe0", "reading old Office files is not supported; save as text"),
    (0, b"PK\x03\x04", "an archive inside an archive; unpack it first"),
    (0, b"\x1f\x8b", "compressed twice; unpack it first"),
    (257, b"ustar", "reading tar archives is not supported; unpack it first"),
)
_ARCHIVE = "an archive of other files"
_OFFICE = {"[Content_Types].xml": "PowerPoint and other Office", "mimetype": "OpenDocument or EPUB"}
_SHEET = "xl/workbook.xml"
_FIRST_ROWS = 12  # some begin with their publisher's address


def recognise(path: Path) -> str | None:
    """Name of the source that a file or folder is, by its content; None when it is none."""
    return _recognised(Path(path)).source


def _recognised(path: Path) -> Found:
    try:
        if path.is_dir():
            tables = _tables_in(entry.name for entry in path.iterdir())
            return Found(path, tables.NAME) if tables else Found(path, reason="no table folder of a known source")
        if archives.is_zip(path):
            return _recognised_zip(path)
        return _recognised_head(path, archives.head(path))
    except SourceError as error:
        return Found(path, reason=str(error).removeprefix(f"{path}: "))
    except OSError as error:
        return Found(path, reason=f"cannot be read ({error.strerror or error})")


def _recognised_zip(path: Path) -> Found:
    names = archives.members(path)
    if tables := _tables_in(names):
        return Found(path, tables.NAME)
    if word.INSIDE in names:
        return Found(path, article.NAME)
    if _SHEET in names:
        return _recognised_workbook(path)
    office = next((kind for entry, kind in _OFFICE.items() if entry in names), None)
    return Found(path, reason=f"reading {office} files is not supported; save as text" if office else _ARCHIVE)


def _tables_in(names: Iterable[str]) -> TableSet | None:
    names = list(names)
    return next((source for source in _SETS if source.holds_tables(names)), None)


def _recognised_workbook(path: Path) -> Found:
    rows = [cells for _, cells in islice(sheets.workbook_rows(path), _FIRST_ROWS)]
    known = next((source.NAME for source in _WORKBOOKS if source.looks_like_sheet(rows)), None)
    return Found(path, known) if known else Found(path, reason="a workbook of no known source; save as text")


def _recognised_head(path: Path, head: bytes) -> Found:
    if not head.strip():
        return Found(path, reason="empty file")
    for place, magic, reason in _MAGIC:
        if head.startswith(magic, place):
            return Found(path, reason=reason)
    for source in _ALL:
        if source.looks_like(head, path.name):
            return Found(path, source.NAME)
    return Found(path, reason=texts.why_not(head))


# ---- discovery -------------------------------------------------------------------------------------------------------------------

_NO_DOCUMENT = set("readme license licence notice copying changelog contributing requirements robots".split())
_NO_DOCUMENT_SUFFIXES = set(
    ".csv .tsv .tab .json .jsonl .ndjson .yaml .yml .toml .ini .cfg .conf .log .lock .sql .xml .xsd .ttl .nt .nq .trig .rq .owl .obo"
    " .py .pyi .js .ts .mjs .css .scss .r .java .c .h .cpp .rs .go .sh .bash .bat .ps1"
    " .pl .rb .ipynb .tex .bib .svg .diff .patch .mk".split()
)


def _no_document(path: Path) -> bool:
    plain = Path(path.name.removesuffix(".gz"))
    return plain.stem.lower() in _NO_DOCUMENT or plain.suffix.lower() in _NO_DOCUMENT_SUFFIXES


def discover(paths: Iterable[Path], source: str | None = None) -> Iterator[Found]:
    """Every file below the paths, with the source that reads it or the reason why none does; folders in sorted order, each file once.

    Hidden files are passed over, and so are those that tell how others were fetched. `source` overrides recognition for a file given
    itself, and chooses among those of a folder or zip.
    Errors: UsageError for a missing path or an unknown source; SourceError, at the end, when nothing at all can be read.
    """
    if source is not None:
        source_named(source)
    given = [Path(path) for path in paths]
    for path in given:
        if not path.exists() and archives.split(path) is None:
            raise UsageError(f"{path}: no such file or folder")
    seen: set[Path] = set()
    unread: list[Found] = []
    readable = False
    for path in given:
        for found in _walk(path, source, top=True):
            if (real := found.path.resolve()) in seen:
                continue
            seen.add(real)
            readable = readable or found.source is not None
            unread += [found] if found.source is None else []
            yield found
    if given and not readable:
        raise SourceError(_nothing(given, unread))


def _nothing(given: list[Path], unread: list[Found]) -> str:
    if not unread:
        return f"{given[0]}: nothing to read in this folder"
    first = f"{unread[0].path}: {unread[0].reason}"
    return first if len(unread) == 1 else f"{first} (and {len(unread) - 1} more files, none of them readable)"


def _walk(path: Path, source: str | None, top: bool = False) -> Iterator[Found]:
    if path.is_dir():
        yield from _walk_folder(path, source)
    elif archives.is_zip(path):
        yield from _walk_zip(path, source)
    else:
        yield _wanted(_recognised(path), source, top)


def _wanted(found: Found, source: str | None, top: bool) -> Found:
    """What was recognised, as it is asked for: a file given itself is taken at the caller's word, those of a folder are chosen from."""
    if top and source is not None and (found.source is not None or found.reason in texts.NOT_PROSE):
        return Found(found.path, source)
    if not top and found.source == article.NAME and _no_document(found.path):
        return Found(found.path, reason="not a document by its name; give the file itself to read it as one")
    if source is not None and found.source not in {None, source}:
        return Found(found.path, reason=f"recognised as {found.source}, asked for is {source}")
    return found


def _walk_folder(folder: Path, source: str | None) -> Iterator[Found]:
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.name != "__MACOSX")
    except OSError as error:
        yield Found(folder, reason=f"cannot be read ({error.strerror or error})")
        return
    tables = _tables_in(entry.name for entry in entries)
    if tables:
        yield _wanted(Found(folder, tables.NAME), source, top=False)
    for entry in entries:
        ours = (tables and entry.name in tables.FILES) or fetched.is_sidecar(entry)
        if not ours and not (entry.is_dir() and entry.is_symlink()):
            yield from _walk(entry, source)


def _walk_zip(path: Path, source: str | None) -> Iterator[Found]:
    found = _recognised(path)
    if found.source is not None or found.reason != _ARCHIVE:
        yield _wanted(found, source, top=False)
        return
    for name in archives.members(path):
        if not any(part.startswith((".", "__MACOSX")) for part in name.split("/")):
            yield from _walk(path / name, source)


# ---- reading ---------------------------------------------------------------------------------------------------------------------


def read(path: Path, source: str) -> Iterator[Record | Rejected]:
    """Records of one file or table folder, as `discover` found it. What goes wrong in a file is a `Rejected`, never the end of a build.

    A rejection names the file, not its folder: the same files give the same bytes wherever they lie.
    Errors: UsageError for an unknown source.
    """
    module, path = source_named(source), Path(path)
    try:
        origin = fetched.fetched(path)
        with archives.on_disk(path) as place:
            for one in module.read(place):
                yield one if origin is None or isinstance(one, Rejected) else _told(one, origin)
    except SourceError as error:
        yield _rejected(path, source, str(error).rpartition(f"{path.name}: ")[2])
    except OSError as error:
        yield _rejected(path, source, f"cannot be read ({error.strerror or error})")
    except Exception as error:  # a reader that trips over one file must not cost the others
        yield _rejected(path, source, f"the reader failed: {type(error).__name__}: {error}"[:300])


def _told(record: Record, origin: fetched.Fetched) -> Record:
    """A record with what only its fetching tells: since when it is known, and of a page that does not state it, the address."""
    if record.known_at is None:
        record = replace(record, known_at=origin.day)
    return article.placed(record, origin.url) if record.source == article.NAME else record


def _rejected(path: Path, source: str, reason: str) -> Rejected:
    try:
        with archives.open_bytes(path) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(archives.HEAD):
                digest.update(chunk)
    except Exception:
        digest = hashlib.sha256(os.fsencode(path))
    return Rejected(source=source, where=path.name, reason=reason, sha256=digest.hexdigest())
