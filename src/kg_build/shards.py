"""The two pure stages of a build over one input file, and the sorted files they leave behind."""

from __future__ import annotations

import os
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from kg_build import sources, terms
from kg_build.facts import Record, Rejected
from kg_build.lexicon import Lexicon, load
from kg_build.linking import Link, StudyHeader, StudyIndex, link_record, spoken_of, study_headers
from kg_build.rdf import keys, to_quads

CHUNK = 400_000  # lines sorted in memory at a time


class Fate(msgspec.Struct, frozen=True):
    """What becomes of one version of a record, and between which days it was what is known."""

    state: Literal["current", "superseded", "unmentioned"]
    known_at: str | None = None
    until: str | None = None


UNMENTIONED = Fate("unmentioned")
"""Of an entry of a vocabulary that names nothing the other records speak of."""
Version = tuple[str, str, str]  # source, id, sha256
Fates = dict[Version, Fate]


class Header(msgspec.Struct, frozen=True):
    """What the index between the stages needs of a record."""

    source: str
    id: str
    sha256: str
    size: int
    known_at: str | None
    studies: tuple[StudyHeader, ...]
    vocabulary: bool = False
    mentions: tuple[str, ...] = ()  # agent:<key>, regimen:<key>, condition:<key> that the record speaks of
    describes: tuple[str, ...] = ()  # what an entry of a vocabulary is of

    @property
    def name(self) -> Version:
        """Which version of which record."""
        return self.source, self.id, self.sha256


class Read(msgspec.Struct):
    """Result of stage 1 over one file."""

    source: str
    folder: Path
    headers: list[Header]
    rejected: list[Rejected]
    texts: dict[str, str]


class Written(msgspec.Struct):
    """Result of stage 2 over one file: sorted chunks of quads and of key lines."""

    records: int
    quads: list[Path]
    keys: list[Path]
    links: Counter[Link]
    older: list[Path]  # key lines of superseded versions
    unlinked: Counter[tuple[str, str]]
    groups: Counter[str]


# ---- stage 1: bytes -> records ---------------------------------------------------------------------------------------------------


def read_shard(path: Path, source: str, folder: Path, known_at: str | None = None) -> Read:
    """Read one file into records, kept as msgpack frames in `folder`; `known_at` dates those that nothing else dates."""
    folder.mkdir(parents=True)
    done = Read(source, folder, [], [], {})
    lexicon = load()
    with (folder / "records").open("wb") as stream:
        for record in sources.read(path, source):
            if isinstance(record, Rejected):
                done.rejected.append(record)
                continue
            record = replace(record, known_at=record.known_at or known_at)
            data = msgspec.msgpack.encode(record)
            header = _header(record, len(data), lexicon)
            name = msgspec.msgpack.encode(header.name)
            stream.write(_FRAME.pack(len(name), len(data)) + name + data)
            done.headers.append(header)
            if record.text is not None:
                done.texts[record.document.sha256] = record.text
    return done


_FRAME = struct.Struct(">II")
"""Before each record: the lengths of its name and of its facts."""


def _header(record: Record, size: int, lexicon: Lexicon) -> Header:
    mentioned, described = spoken_of(record, lexicon)
    return Header(
        sys.intern(record.source),
        record.id,
        record.document.sha256,
        size,
        record.known_at,
        tuple(study_headers(record, lexicon)),
        record.vocabulary,
        tuple(map(sys.intern, mentioned)),
        tuple(map(sys.intern, described)),
    )


def _records(folder: Path, wanted: Fates) -> Iterator[tuple[Version, Record]]:
    """The wanted records of a file, each version once; what is not wanted is passed over unread."""
    names, records = msgspec.msgpack.Decoder(Version), msgspec.msgpack.Decoder(Record)
    left = set(wanted)
    with (folder / "records").open("rb") as stream:
        while left and (head := stream.read(_FRAME.size)):
            ahead, size = _FRAME.unpack(head)
            name = names.decode(stream.read(ahead))
            if name in left:
                left.remove(name)
                yield name, records.decode(stream.read(size))
            else:
                stream.seek(size, os.SEEK_CUR)


# ---- stage 2: records -> quads ---------------------------------------------------------------------------------------------------


def write_shard(folder: Path, fates: Fates, studies: StudyIndex) -> Written:
    """Link and write the versions of records that fall to one file, superseded ones to history; `fates` are of those to write."""
    lexicon = load()
    quads, lines, older = Spill(folder / "quads"), Spill(folder / "keys"), Spill(folder / "older")
    made: Counter[Link] = Counter()
    unlinked: Counter[tuple[str, str]] = Counter()
    groups: Counter[str] = Counter()
    records = 0
    for name, record in _records(folder, fates):
        records += 1
        fate = fates[name]
        superseded = fate.state == "superseded"
        record = replace(record, known_at=fate.known_at)
        links = link_record(record, lexicon, studies)
        written, found = to_quads(record, links, lexicon, superseded, fate.until)
        quads.extend(line + "\n" for line in written)
        made.update(links.made)
        unlinked.update((one.kind, one.name) for one in links.unlinked)
        if superseded:
            version = terms.version(record.known_at, record.document.sha256)
            older.extend(line for key in found for line in key_lines(replace(key, record=key.record + version)))
        else:
            groups.update(group.match for trial in record.trials for group in trial.groups)
            lines.extend(line for key in found for line in key_lines(key))
    return Written(records, quads.close(), lines.close(), made, older.close(), unlinked, groups)


def key_lines(key: keys.Keys) -> Iterator[str]:
    """One line a block that the key is compared in."""
    data = msgspec.json.encode(key).decode()
    return (f"{block}\t{data}\n" for block in keys.blocks(key))


def decoded(lines: Iterable[str]) -> Iterator[tuple[str, keys.Keys]]:
    """Key lines as blocks and keys."""
    decoder = msgspec.json.Decoder(keys.Keys)
    for line in lines:
        block, _, data = line.partition("\t")
        yield block, decoder.decode(data)


# ---- sorted files ----------------------------------------------------------------------------------------------------------------


class Spill:
    """Collects lines and leaves them as sorted chunks of bounded size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: set[str] = set()
        self.chunks: list[Path] = []

    def extend(self, lines: Iterable[str]) -> None:
        """Take lines, each with its line end; repeats within a chunk count once."""
        self.lines.update(lines)
        if len(self.lines) >= CHUNK:
            self._write()

    def _write(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{len(self.chunks)}"
        with path.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.writelines(sorted(self.lines))
        self.chunks.append(path)
        self.lines = set()

    def close(self) -> list[Path]:
        """The chunks."""
        if self.lines:
            self._write()
        return self.chunks


def spill(folder: Path, lines: Iterable[str]) -> list[Path]:
    """Sorted chunks of a stream of lines."""
    chunks = Spill(folder)
    for line in lines:
        chunks.extend((line,))
    return chunks.close()
