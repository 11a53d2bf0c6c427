"""Findings: which figures of different records are one figure, which corroborate each other and which contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import combinations
from typing import NamedTuple

from kg_build import terms
from kg_build.meetings.quads import Pair, Quad, cliques, conflict, link, ordered, quad
from kg_build.rdf import writer
from kg_build.rdf.keys import FindingKey

UNSAID = "NA"  # what a registry prints for a value it could not give
RATIOS = frozenset({"hazard-ratio", "odds-ratio", "risk-ratio"})

Arms = Mapping[str, str]
"""Arm of a text -> the registered arm that it is."""


def findings_of(keys: list[FindingKey], arms: Arms) -> Iterator[Quad]:
    """Findings of the figures of one study, endpoint and measure."""
    by_name = {key.statement: key for key in keys}
    pairs = _pairs(keys, arms) if len({key.record for key in keys}) > 1 else {}
    rivals = Counter((name, by_name[other].record) for pair in pairs for name, other in (pair, pair[::-1]))
    for group in cliques(by_name, pairs):
        members = [by_name[name] for name in group]
        finding = terms.thing("finding", min(group).removeprefix(terms.BASE + "id/"))
        yield from _finding(finding, members)
        for a, b in combinations(members, 2):
            alone = rivals[a.statement, b.record] == rivals[b.statement, a.record] == 1
            yield from _compare(finding, a, b, alone and _comparable(a, b, arms) and not _crossed(a, b, keys))


def _pairs(keys: list[FindingKey], arms: Arms) -> dict[Pair, int]:
    return {
        ordered(a.statement, b.statement): _agreement(a, b, arms)
        for a, b in combinations(keys, 2)
        if a.record != b.record and _same_figure(a, b, arms)
    }


# ---- the same figure -----------------------------------------------------------------------------------------------------------


def _same_figure(a: FindingKey, b: FindingKey, arms: Arms) -> bool:
    """Each slot equal, or missing on one side; arms side by side, those of a ratio also turned around."""
    slots = ((a.population, b.population), (a.assessor, b.assessor), (a.timepoint, b.timepoint), (a.cut_off, b.cut_off), (a.unit, b.unit))
    if any(x and y and terms.fold(x) != terms.fold(y) for x, y in slots):
        return False
    return _same_sides(_sides(a, arms), _sides(b, arms)) or _turned(a, b, arms)


class Side(NamedTuple):
    """One side of a figure: its arm, the registered one where that is known, and its regimen."""

    arm: str
    regimen: str
    registered: bool


def _sides(key: FindingKey, arms: Arms) -> list[Side]:
    own = key.sides or ("",) * len(key.arms)
    return [
        Side(arms.get(arm, arm), regimen, bool(arm) and (key.registered or arm in arms)) for arm, regimen in zip(own, key.arms, strict=True)
    ]


def _same_sides(a: list[Side], b: list[Side]) -> bool:
    return len(a) == len(b) and all(_same_side(x, y) for x, y in zip(a, b, strict=True))


def _same_side(a: Side, b: Side) -> bool:
    """One arm; where a registered arm is not known of both, one regimen, or one that is not told."""
    if a.registered and b.registered:
        return a.arm == b.arm
    return not a.regimen or not b.regimen or a.regimen == b.regimen


def _known_sides(a: list[Side], b: list[Side]) -> bool:
    """Whether both figures say whose they are."""
    return bool(a) and all((x.registered and y.registered) or (x.regimen and y.regimen) for x, y in zip(a, b, strict=True))


def _turned(a: FindingKey, b: FindingKey, arms: Arms) -> bool:
    """Whether two ratios compare the same arms in opposite order: prose often tells the reference first, so they never contradict."""
    if a.measure not in RATIOS or not len(a.arms) == len(b.arms) == 2 or not (all(a.arms) and all(b.arms)):
        return False
    return _same_sides(_sides(a, arms)[::-1], _sides(b, arms))


def _agreement(a: FindingKey, b: FindingKey, arms: Arms) -> int:
    """How much two figures have in common; of several that fit, the equal one is meant."""
    slots = ((a.population, b.population), (a.assessor, b.assessor), (a.timepoint, b.timepoint), (a.cut_off, b.cut_off))
    sides = sum(bool(x.arm) and x.arm == y.arm for x, y in zip(_sides(a, arms), _sides(b, arms), strict=True))
    return 4 * sides + 2 * sum(bool(x) and x == y for x, y in (*slots, *zip(a.arms, b.arms, strict=True))) + _equal(a, b)


def _equal(a: FindingKey, b: FindingKey) -> bool:
    return bool(a.value and b.value) and equal_as_printed(a.value or "", b.value or "")


# ---- what comes of it ------------------------------------------------------------------------------------------------------------


def _finding(finding: str, members: list[FindingKey]) -> Iterator[Quad]:
    first = members[0]
    yield link(finding, "rdf:type", "kg:Finding")
    yield quad(finding, "rdfs:label", writer.text(first.label))
    yield quad(finding, "ofStudy", f"<{terms.thing('study', first.study)}>")
    yield quad(finding, "endpoint", f"<{terms.thing('endpoint', first.endpoint)}>")
    yield quad(finding, "measure", writer.text(first.measure))
    yield quad(finding, "statementCount", writer.integer(len(members)))
    for member in members:
        yield quad(member.statement, "reports", f"<{finding}>")


def _comparable(a: FindingKey, b: FindingKey, arms: Arms) -> bool:
    """Whether nothing told on one side alone explains another figure: arms known, in whom, by whom and when the same or told by none."""
    told = ((a.population, b.population), (a.assessor, b.assessor), (a.timepoint, b.timepoint), (a.cut_off, b.cut_off))
    if any(bool(x) != bool(y) for x, y in told):
        return False
    first, second = _sides(a, arms), _sides(b, arms)
    return _same_sides(first, second) and _known_sides(first, second)


def _crossed(a: FindingKey, b: FindingKey, keys: list[FindingKey]) -> bool:
    """Whether each figure is what the other record has of another arm: told the other way round, which is no other figure."""
    return all(
        any(key.record == other.record and key is not other and _equal(key, figure) for key in keys) for figure, other in ((a, b), (b, a))
    )


def _compare(finding: str, a: FindingKey, b: FindingKey, comparable: bool) -> Iterator[Quad]:
    """Two statements of one finding: corroborated, in conflict where nothing explains the difference, or noted as different."""
    if a.value is None or b.value is None or UNSAID in (a.value, b.value):
        return
    if equal_as_printed(a.value, b.value):
        yield quad(a.statement, "corroborates", f"<{b.statement}>")
    elif comparable:
        yield from conflict(finding, a.statement, b.statement, f"value: {a.value} / {b.value}")
    else:
        yield quad(a.statement, "differsFrom", f"<{b.statement}>")


def equal_as_printed(a: str, b: str) -> bool:
    """Two printed figures agree at the coarser of their precisions.

    >>> equal_as_printed("0.57", "0.566"), equal_as_printed("0.57", "0.58"), equal_as_printed("11", "11.0")
    (True, False, True)
    """
    try:
        first, second = Decimal(a.replace(",", "")), Decimal(b.replace(",", ""))
        places = min(-int(first.as_tuple().exponent), -int(second.as_tuple().exponent))
        step = Decimal(1).scaleb(-places)
        return first.quantize(step) == second.quantize(step) or abs(first - second) * 2 == step
    except (InvalidOperation, ValueError):  # a mark, NaN, or more digits than a figure has
        return terms.fold(a) == terms.fold(b)
