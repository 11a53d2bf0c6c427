"""Where a card stands: semantic columns by class, and an order within each that crosses few lines. Pure and deterministic."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

COLUMNS = {
    "mechanism": "Mechanism & target",
    "agents": "Agents",
    "regimens": "Regimens",
    "evidence": "Evidence",
    "outcomes": "Outcomes",
    "decisions": "Decisions",
    "context": "Who and for whom",
    "other": "Other",
}
_SWEEPS = 8
_MANY = 400  # links beyond which crossings are no longer counted: the last sweep is taken

Link = tuple[str, str]


class Kind(NamedTuple):
    """How a class is shown: its name on the card, its column, its colour on light and on dark."""

    title: str
    column: str
    light: str
    dark: str


@cache
def kinds() -> dict[str, Kind]:
    """Class local name -> how it is shown, from columns.tsv (its order is the order of ties and of the legend)."""
    with (Path(__file__).parent / "columns.tsv").open(encoding="utf-8", newline="") as table:
        return {row.pop("kind"): Kind(**row) for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}


def kind_of(name: str) -> Kind:
    """How a class is shown; an unknown one keeps its own name, in grey, in the last column."""
    return kinds().get(name) or Kind(name or "Thing", "other", "#565c66", "#bcc3cc")


def arrange(classes: Mapping[str, str], links: Iterable[Link]) -> dict[str, tuple[str, int]]:
    """Column and row of every node (IRI -> class name): rows sorted by the mean place of their neighbours (barycentre).

    >>> arrange({"a": "Agent", "b": "Agent", "t": "Target", "u": "Target"}, [("a", "u"), ("b", "t")])["u"]
    ('mechanism', 0)
    """
    pairs = sorted({(min(a, b), max(a, b)) for a, b in links if a != b})
    columns = _columns(classes)
    best, fewest = columns, crossings(columns, pairs) if len(pairs) <= _MANY else None
    for sweep in range(_SWEEPS):
        columns = _sweep(columns, pairs, forward=sweep % 2 == 0, classes=classes)
        count = crossings(columns, pairs) if fewest is not None else None
        if fewest is None or (count is not None and count < fewest):
            best, fewest = columns, count
    return {node: (column, row) for column, nodes in best.items() for row, node in enumerate(nodes)}


def crossings(columns: Mapping[str, list[str]], links: Iterable[Link]) -> int:
    """How many pairs of straight links cross, each column centred."""
    place = _places(columns)
    lines = [sorted((place[a], place[b])) for a, b in links]
    return sum(_cross(one, other) for one, other in combinations([line for line in lines if line[0][0] < line[1][0]], 2))


def _columns(classes: Mapping[str, str]) -> dict[str, list[str]]:
    rank = {name: place for place, name in enumerate(kinds())}
    order = {node: (rank.get(kind, len(rank)), place) for place, (node, kind) in enumerate(classes.items())}
    nodes = sorted(classes, key=order.__getitem__)
    grouped = {column: [node for node in nodes if kind_of(classes[node]).column == column] for column in COLUMNS}
    return {column: members for column, members in grouped.items() if members}


def _places(columns: Mapping[str, list[str]]) -> dict[str, tuple[float, float]]:
    return {node: (x, row - len(nodes) / 2) for x, nodes in enumerate(columns.values()) for row, node in enumerate(nodes)}


def _sweep(columns: dict[str, list[str]], links: list[Link], forward: bool, classes: Mapping[str, str]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for a, b in links:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    columns = dict(columns)
    for column in columns if forward else list(columns)[::-1]:
        place = _places(columns)
        mean = {node: _barycentre(node, near.get(node, ()), place) for node in columns[column]}
        columns[column] = sorted(columns[column], key=lambda node: (mean[node], place[node][1]))
    return columns


def _barycentre(node: str, near: Iterable[str], place: Mapping[str, tuple[float, float]]) -> float:
    here = place[node]
    others = [(place[other][1], 1 / abs(place[other][0] - here[0])) for other in near if place[other][0] != here[0]]
    weight = sum(share for _, share in others)
    return round(sum(y * share for y, share in others) / weight, 6) if weight else here[1]


def _cross(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> bool:
    left, right = max(one[0][0], other[0][0]), min(one[1][0], other[1][0])
    return left < right and (_height(one, left) - _height(other, left)) * (_height(one, right) - _height(other, right)) < -1e-9


def _height(line: list[tuple[float, float]], x: float) -> float:
    (x1, y1), (x2, y2) = line
    return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
