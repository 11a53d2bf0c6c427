"""Names of substances beyond the curated tables: UNII's officials, brands and codes, in one compressed file, read when first asked for.

A row is a line of text until it is asked for; only the names are indexed, so that thousands of substances cost little time and memory.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from kg_build.lexicon.entries import AgentEntry

FILE = "substances.tsv.gz"
SOURCE = "UNII 2024 public domain"
PREFIX = "unii-"
"""Keys of these rows are the substances' UNIIs: `unii-3dv5td1vl3`."""

_PIECE = re.compile(r"[a-z0-9]+")
_HEAD = re.compile(r"[a-z]+(?=\d)|[a-z0-9]+")
_LONGEST = 5
"""A name has no more pieces between blanks and hyphens than this."""


class Substances:
    """The rows of the file by key and by name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _lines(self) -> list[str]:
        if not self.path.is_file():
            return []
        lines = gzip.decompress(self.path.read_bytes()).decode("utf-8").split("\n")
        return [line for line in lines if line and not line.startswith("#")]

    @cached_property
    def _names(self) -> dict[str, int]:
        """Folded name (codes without hyphens) -> line; for brands the line's complement, as they are names only in capitals."""
        found: dict[str, int] = {}
        for number, line in enumerate(self._lines):
            _, label, names, brands, codes = line.lower().split("\t")
            found.update(dict.fromkeys(brands.split("|"), ~number))
            found.update(dict.fromkeys(f"{label}|{names}|{codes}".split("|"), number))
        found.pop("", None)
        return found

    @cached_property
    def _heads(self) -> frozenset[str]:
        """First pieces of names that have several, and the letters before the figures of codes."""
        longer = (match.group() for name in self._names if (match := _HEAD.match(name)) and match.end() < len(name))
        return frozenset(longer)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {line[: line.index("\t")]: number for number, line in enumerate(self._lines)}

    def row(self, key: str) -> AgentEntry | None:
        """The row of a key."""
        number = self._numbers.get(key) if key.startswith(PREFIX) else None
        return None if number is None else self._entry(number)

    def find(self, folded: str) -> AgentEntry | None:
        """The row of a folded name."""
        number = self._number(folded)
        return None if number is None else self._entry(max(number, ~number))

    def _number(self, folded: str) -> int | None:
        number = self._names.get(folded)
        if number is None and any(map(str.isdigit, folded)):
            number = self._names.get(re.sub(r"[\s-]", "", folded))
        return number

    def _entry(self, number: int) -> AgentEntry:
        key, label, *cells = self._lines[number].split("\t")
        names, brands, codes = (tuple(cell.split("|")) if cell else () for cell in cells)
        unii = key.removeprefix(PREFIX).upper()
        return AgentEntry(key=key, label=label, names=names, brands=brands, codes=codes, unii=unii, source=SOURCE)

    def names(self) -> Iterator[tuple[str, str]]:
        """Folded name and key of every name."""
        return ((name, self._told(number)[0]) for name, number in self._names.items())

    def occurrences(self, folded: str) -> Iterator[tuple[int, int, str, bool]]:
        """Start, end, key and whether it is a brand, of every name in a folded text; overlaps are left in."""
        pieces = [match.span() for match in _PIECE.finditer(folded)]
        heads, names = self._heads, self._names
        for at, (start, end) in enumerate(pieces):
            word = folded[start:end]
            if word in names:
                yield start, end, *self._told(names[word])
            if word in heads:
                yield from self._longer(folded, pieces[at : at + _LONGEST])

    def _longer(self, folded: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int, str, bool]]:
        start, last = pieces[0]
        for begin, end in pieces[1:]:
            if begin - last != 1 or folded[last] not in " -'":
                return
            number = self._number(folded[start:end])
            if number is not None:
                yield start, end, *self._told(number)
            last = end

    def _told(self, number: int) -> tuple[str, bool]:
        line = self._lines[max(number, ~number)]
        return line[: line.index("\t")], number < 0
