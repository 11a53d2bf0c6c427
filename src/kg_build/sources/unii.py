"""UNII: the names of substances in FDA's Global Substance Registration System, one record a substance.

Names are `of` official, `cn` common, `bn` brand, `cd` code or `sys` systematic; systematic ones are chemistry, not what anybody calls a
medicine, and are counted as ignored. The file is grouped by substance and read as a stream.
Source: https://precision.fda.gov/uniisearch/archive (public domain).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg_build.facts import Agent, Evidence, Record, Rejected
from kg_build.sources import archives, vocabulary

NAME = "unii"
PUBLISHER, LICENSE = "FDA", "public domain"
EXPECT = (100_000, 300_000)
"""Substances of a whole file."""
HEADER = ("Name", "TYPE", "UNII", "Display Name")
KINDS = {"of": "other_names", "cn": "other_names", "bn": "brands", "cd": "synonyms"}
"""Kind of name -> slot of the agent."""
IGNORED = frozenset({"sys"})

_LISTS = re.compile(r"(?: \[[^\]]*\])+$")
_UNII = re.compile(r"[0-9A-Z]{10}")


Line = tuple[int, str, str, str, str]
"""One name: its line in the file, name, kind, UNII, display name."""


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are UNII's table of names."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith("\t".join(HEADER).encode())


def _lines(path: Path) -> Iterator[Line | Rejected]:
    last = ""
    with archives.open_bytes(path) as stream:
        next(stream, None)
        for number, line in enumerate(stream, start=2):
            cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            if len(cells) == len(HEADER) and (cells[2] == last or _UNII.fullmatch(cells[2])):
                last = cells[2]
                yield number, cells[0], cells[1], last, cells[3]
            elif line.strip():
                reason = f"{len(cells)} cells instead of {len(HEADER)}" if len(cells) != len(HEADER) else f"'{cells[2][:40]}' is no UNII"
                yield Rejected(source=NAME, where=f"{path.name}#L{number}", reason=reason, sha256=hashlib.sha256(line).hexdigest())


def _plain(name: str) -> str:
    """A name without the lists that have it.

    >>> _plain("ISATUXIMAB [USAN]")
    'ISATUXIMAB'
    """
    return _LISTS.sub("", name) if name.endswith("]") else name


def _suffixed(official: str, name: str) -> bool:
    """Whether an official name is the display name with FDA's four letters: ISATUXIMAB-IRFC."""
    stem, _, suffix = official.lower().rpartition("-")
    return stem == name and len(suffix) == 4 and suffix.isalpha()


def _record(unii: str, lines: list[Line]) -> Record:
    name = lines[0][4].lower()
    names: dict[str, list[str]] = {slot: [] for slot in KINDS.values()}
    unread: Counter[str] = Counter()
    for _, printed, kind, _, _ in lines:
        slot = KINDS.get(kind)
        if slot is None:
            unread[f"kind {kind}"] += 1
        else:
            names[slot].append(_plain(printed).lower() if slot == "other_names" else printed)
    agent = Agent(
        name=name,
        full_name=next((printed.lower() for _, printed, kind, _, _ in lines if kind == "of" and _suffixed(printed, name)), None),
        brands=vocabulary.distinct(names["brands"]),
        synonyms=vocabulary.distinct(names["synonyms"], name),
        other_names=vocabulary.distinct(names["other_names"], name),
        identifiers=(f"unii:{unii}",),
        evidence=(Evidence(slot="name", path=f"{NAME}#L{lines[0][0]}"),),
    )
    return vocabulary.record(
        NAME,
        unii,
        license=LICENSE,
        publisher=PUBLISHER,
        content=(cell for line in lines for cell in line[1:3]),
        agent=agent,
        ignored=unread,
    )


def _entry(lines: list[Line], met: set[str], path: Path) -> Record | Rejected:
    unii = lines[0][3]
    if unii in met:
        where, digest = f"{path.name}#L{lines[0][0]}", hashlib.sha256(unii.encode()).hexdigest()
        return Rejected(source=NAME, where=where, reason=f"{unii} again: the table is not grouped by substance", sha256=digest)
    met.add(unii)
    return _record(unii, lines)


def read(path: Path) -> Iterator[Record | Rejected]:
    """The substances of the table, in its order. It names no date of its own."""
    met: set[str] = set()
    lines: list[Line] = []
    for line in _lines(path):
        if isinstance(line, Rejected):
            yield line
            continue
        if lines and lines[0][3] != line[3]:
            yield _entry(lines, met, path)
            lines = []
        lines.append(line)
    if lines:
        yield _entry(lines, met, path)
