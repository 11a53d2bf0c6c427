"""What a release linked and what it did not: the links by rule, and the doubtful names with the nearest names that tables know.

Likeness only suggests: nothing is linked by it. Whoever agrees with a suggestion writes a row into `judgements.tsv` or a table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kg_build import release
from kg_build.errors import ReleaseError, UsageError
from kg_build.lexicon import Lexicon
from kg_build.linking import KINDS, Link
from kg_build.rdf.writer import text
from kg_build.store import Answer
from kg_build.terms import fold

LIKE = 82.0  # per cent of likeness below which two names are no pair to look at
_SHORTEST = 5  # letters: shorter names are near to everything


class Doubt(NamedTuple):
    """A name without a link, and what it may mean; `likeness` in per cent."""

    kind: str
    name: str
    mentions: int
    candidate: str
    key: str
    likeness: float
    why: str


def table(folder: Path, lexicon: Lexicon, kind: str | None, rule: str | None, unsure: bool, limit: int) -> Answer:
    """What `kg links` shows: links, or the doubtful names; UsageError for a kind that is none."""
    kinds = {*KINDS.values(), "study"}
    if kind is not None and kind not in kinds:
        raise UsageError(f"no kind named '{kind}'; known: {', '.join(sorted(kinds))}")
    if unsure and rule is not None:
        raise UsageError("--rule names rules of links; names that are --unsure have none")
    if unsure:
        return _answer(Doubt._fields, doubts(folder, lexicon, kind)[:limit])
    found = islice(links(folder, kind, rule), limit)
    return _answer(("kind", "name", "key", "rule", "mentions"), ((one.kind, one.name, one.key, one.rule, n) for one, n in found))


def _answer(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Answer:
    return Answer(columns, [[text(str(cell)) for cell in row] for row in rows])


def links(folder: Path, kind: str | None = None, rule: str | None = None) -> Iterator[tuple[Link, int]]:
    """Links of a release with their mentions, most frequent first."""
    for row in _rows(folder, release.LINKS):
        link = Link(row["kind"], row["name"], row["key"], row["rule"])
        if kind in {None, link.kind} and rule in {None, link.rule}:
            yield link, int(row["mentions"])


def doubts(folder: Path, lexicon: Lexicon, kind: str | None = None) -> list[Doubt]:
    """Names judged unsure, then the unlinked ones that are near to a known name, nearest and most frequent first."""
    rows = [row for row in _rows(folder, release.UNLINKED) if kind in {None, row["kind"]}]
    mentions = {(row["kind"], fold(row["name"])): int(row["mentions"]) for row in rows}
    judged = [
        Doubt(one.kind, one.left, mentions[one.kind, fold(one.left)], one.right, one.right, 100.0, one.reason)
        for one in lexicon.judgements.rows
        if one.judgement == "unsure" and (one.kind, fold(one.left)) in mentions
    ]
    found: list[Doubt] = []
    for named in dict.fromkeys(row["kind"] for row in rows):
        found += _near(named, [row for row in rows if row["kind"] == named], known(folder, lexicon, named), lexicon)
    return judged + sorted(found, key=lambda doubt: (-doubt.likeness, -doubt.mentions, doubt.name))


def known(folder: Path, lexicon: Lexicon, kind: str) -> dict[str, str]:
    """Folded name -> key of all names of a kind; studies are known by what the release linked."""
    if kind == "study":
        return {fold(link.name): link.key for link, _ in links(folder, "study")}
    table = getattr(lexicon, next(table for table, named in KINDS.items() if named == kind))
    names = {fold(name): row.key for row in table.by_key.values() for name in row.spoken()}
    if kind == "agent":
        groups = {fold(name): f"class:{row.key}" for row in lexicon.classes.by_key.values() for name in row.spoken()}
        sets = {fold(name): "+".join(row.members) for row in lexicon.combinations.by_key.values() for name in row.spoken()}
        return dict(lexicon.agents.substances.names()) | groups | sets | names
    return names


def _near(kind: str, rows: list[dict[str, str]], names: dict[str, str], lexicon: Lexicon) -> Iterator[Doubt]:
    """The nearest known name of each, where one is near enough and was not judged different."""
    from rapidfuzz import fuzz, process

    choices = [name for name in names if len(name) >= _SHORTEST]
    for row in rows:
        folded = fold(row["name"])
        if len(folded) < _SHORTEST:
            continue
        for candidate, likeness, _ in process.extract(folded, choices, scorer=fuzz.ratio, score_cutoff=LIKE, limit=3):
            if not lexicon.judgements.refused(kind, row["name"], names[candidate]):
                yield Doubt(kind, row["name"], int(row["mentions"]), candidate, names[candidate], round(likeness, 1), "near name")
                break


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    path = folder / name
    if not path.is_file():
        raise ReleaseError(f"{path}: this graph has no such table; build it again with this version")
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
