"""One table of names: rows by key, and a look-up that answers only when exactly one row is meant."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar, get_origin, get_type_hints

import msgspec

from kg_build.errors import SourceError
from kg_build.lexicon.entries import Entry
from kg_build.terms import fold

E = TypeVar("E", bound=Entry)
Variants = Callable[[str], Iterator[tuple[str, str]]]
"""Folded name -> rule and other form to try, most careful first; a form counts only when a row has it."""


class Table(Generic[E]):
    """Rows and their names. A name that two rows share finds neither: it stands in `ambiguous` with the keys that claim it."""

    def __init__(self, rows: Iterable[E], variants: Variants | None = None) -> None:
        self.by_key: Mapping[str, E] = {row.key: row for row in rows}
        self._variants = variants
        self._exact: dict[str, set[str]] = {}
        for row in self.by_key.values():
            for name in row.spoken():
                self._exact.setdefault(fold(name), set()).add(row.key)

    @cached_property
    def _compact(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, keys in self._exact.items():
            found.setdefault(compacted(name), set()).update(keys)
        return found

    @cached_property
    def ambiguous(self) -> Mapping[str, tuple[str, ...]]:
        """Names that several rows claim, with their keys."""
        claimed = sorted({**self._compact, **self._exact}.items())
        return {name: tuple(sorted(keys)) for name, keys in claimed if len(keys) > 1}

    def row(self, key: str) -> E | None:
        """The row of a key."""
        return self.by_key.get(key)

    @cached_property
    def _identified(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for row in self.by_key.values():
            for scheme in SCHEMES:
                if value := getattr(row, scheme, None):
                    found.setdefault((scheme, local_id(value)), set()).add(row.key)
        return found

    def identified(self, scheme: str, value: str) -> E | None:
        """The one row that carries an identifier of a scheme (`SCHEMES`), however its prefix is written."""
        keys = self._identified.get((scheme, local_id(value)), set())
        return self.by_key[next(iter(keys))] if len(keys) == 1 else None

    def exact(self, name: str) -> E | None:
        """The one row that has this very name: folded, blanks and hyphens aside, and no other form of it."""
        return None if mixed_script(name) else self._one(fold(name))

    def __len__(self) -> int:
        return len(self.by_key)

    def find(self, name: str) -> E | None:
        """The one row a name means, by its folded form, else without blanks and hyphens, else by a form the table allows."""
        found = self._match(name)
        return found[0] if found else None

    def match(self, name: str) -> tuple[E, str] | None:
        """The one row a name means, and the rule that says so: exact (or brand, code), folded, or that of a variant."""
        found = self._match(name)
        return (found[0], found[1] or found[0].how(fold(name))) if found else None

    def _match(self, name: str) -> tuple[E, str] | None:
        """Row and rule; no rule where the row bears the name."""
        if mixed_script(name):
            return None
        folded = fold(name)
        row = self._one(folded)
        if row is not None:
            return row, "" if folded in self._exact else "folded"
        if folded in self._exact or self._variants is None:
            return None
        found = ((self._one(form), rule) for rule, form in self._variants(folded))
        return next(((row, rule) for row, rule in found if row is not None), None)

    def names(self) -> Iterator[tuple[str, str]]:
        """Folded name and key of every name that means one row, for finding mentions in a text; abbreviations are apart."""
        short = {fold(name) for name, _ in self.abbreviations()}
        return ((name, next(iter(keys))) for name, keys in sorted(self._exact.items()) if len(keys) == 1 and name not in short)

    def abbreviations(self) -> Iterator[tuple[str, str]]:
        """Abbreviation as written and key: case tells "ALL" and "MS" from words, so they are not folded."""
        pairs = sorted((name, row.key) for row in self.by_key.values() for name in row.short())
        return ((name, key) for name, key in pairs if len(self._exact[fold(name)]) == 1)

    def _one(self, folded: str) -> E | None:
        keys = self._exact.get(folded) or self._compact.get(compacted(folded)) or set()
        return self.by_key[next(iter(keys))] if len(keys) == 1 else None


_BRITISH = dict(
    pair.split("/")
    for pair in (
        "leukaem/leukem anaem/anem haem/hem oesoph/esoph tumour/tumor rrhoea/rrhea oedema/edema dyspnoea/dyspnea paed/ped gynaec/gynec "
        "kalaem/kalem glycaem/glycem caem/cem aemia/emia"
    ).split()
)
_HAS_BRITISH = re.compile("ae|oe|our|rrhoea|dyspnoea")
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")


def compacted(folded: str) -> str:
    """A folded name without blanks, hyphens and British spelling.

    >>> compacted("acute lymphoblastic leukaemia") == compacted("acute-lymphoblastic leukemia")
    True
    """
    folded = _POSSESSIVE.sub("", folded) if "'s" in folded else folded
    if _HAS_BRITISH.search(folded):
        for british, american in _BRITISH.items():
            folded = folded.replace(british, american)
    return "".join(folded.replace("-", " ").split())


SCHEMES = ("unii", "chembl", "drugbank", "doid", "ncit", "oncotree")
"""Columns that hold identifiers of other schemes."""


def local_id(value: str) -> str:
    """An identifier without its prefix, in capitals.

    >>> local_id("DOID:9538"), local_id("r30772kcu0")
    ('9538', 'R30772KCU0')
    """
    return value.rpartition(":")[2].strip().upper()


def mixed_script(name: str) -> bool:
    """Whether one word mixes letters of several scripts, as look-alikes do ("isаtuximab" with a Cyrillic а).

    >>> mixed_script("is\u0430tuximab"), mixed_script("interferon-\u03b1")
    (True, False)
    """
    return not name.isascii() and any(
        len({_script(letter) for letter in word}) > 1 for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", name))
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


def read_rows(path: Path, kind: type[E]) -> list[E]:
    """Rows of a TSV table; its header are fields of `kind`, list cells are separated by "|"."""
    hints = get_type_hints(kind)
    lists = {field for field, hint in hints.items() if get_origin(hint) is tuple}
    rows: dict[str, E] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, cells in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            try:
                row = msgspec.convert(_values(cells, lists), kind)
            except (msgspec.ValidationError, KeyError) as error:
                raise SourceError(f"{path.name}, line {number}: {error}; columns are {', '.join(hints)}") from error
            if row.key in rows:
                raise SourceError(
                    f"{path.name}, line {number}: key {row.key!r} is already taken; give the row another key or merge the two"
                )
            rows[row.key] = row
    return list(rows.values())


def _values(cells: Mapping[str, str | None], lists: Set[str]) -> dict[str, object]:
    """Cells as the struct wants them; empty cells are left to its defaults."""
    filled = {field: cell.strip() for field, cell in cells.items() if cell and not cell.isspace()}
    return {field: _parts(cell) if field in lists else cell for field, cell in filled.items()}


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())
