"""Curated judgements on single names, which win over every rule: same, different, or not sure yet, with reason and date."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from kg_build.errors import SourceError
from kg_build.terms import fold

KINDS = (
    "agent", "target", "mechanism", "condition", "endpoint", "event", "organization", "body", "regulator", "jurisdiction", "study",
)  # fmt: skip
"""What a judged name may name."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether a name as printed (`left`) means the thing of a key (`right`; a regimen's agents are joined by "+")."""

    left: str
    right: str
    kind: str
    judgement: Literal["same", "different", "unsure"]
    reason: str
    date: str


class Judgements:
    """All judgements, by kind and folded name."""

    def __init__(self, rows: Iterable[Judgement] = ()) -> None:
        self.rows = tuple(rows)
        self._same = {(row.kind, fold(row.left)): row.right for row in self.rows if row.judgement == "same"}
        self._refused = {(row.kind, fold(row.left), row.right) for row in self.rows if row.judgement != "same"}

    def same(self, kind: str, name: str) -> str | None:
        """The key that a name was judged to mean."""
        return self._same.get((kind, fold(name))) if self._same else None

    def refused(self, kind: str, name: str, key: str) -> bool:
        """Whether a link that a rule would make was judged different, or not sure."""
        return bool(self._refused) and (kind, fold(name), key) in self._refused


def read_judgements(path: Path) -> list[Judgement]:
    """Rows of the table; none where a folder has no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [_row(path, number, cells) for number, cells in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2)]


def _row(path: Path, number: int, cells: dict[str, str]) -> Judgement:
    try:
        row = msgspec.convert(cells, Judgement)
    except msgspec.ValidationError as error:
        raise SourceError(f"{path.name}, line {number}: {error}; columns are {', '.join(Judgement.__struct_fields__)}") from error
    if row.kind not in KINDS:
        raise SourceError(f"{path.name}, line {number}: no kind named '{row.kind}'; known: {', '.join(KINDS)}")
    return row
