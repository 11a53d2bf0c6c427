"""Findings: which figures of different records are one figure, which corroborate each other and which contradict."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import combinations

from kg_build import terms
from kg_build.meetings.quads import Quad, cliques, conflict, link, ordered, quad
from kg_build.rdf import writer
from kg_build.rdf.keys import ArmKey, FindingKey

UNSAID = "NA"  # what a registry prints for a value it could not give


def findings_of(keys: list[FindingKey]) -> Iterator[Quad]:
    """Findings of the figures of one study, endpoint and measure."""
    by_name = {key.statement: key for key in keys}
    several = len({key.record for key in keys}) > 1
    pairs = {
        ordered(a.statement, b.statement): _agreement(a, b)
        for a, b in (combinations(keys, 2) if several else ())
        if a.record != b.record and _same_figure(a, b)
    }
    for group in cliques(by_name, pairs):
        members = [by_name[name] for name in group]
        finding = terms.thing("finding", min(group).removeprefix(terms.BASE + "id/"))
        yield from _finding(finding, members)
        for a, b in combinations(members, 2):
            yield from _compare(finding, a, b)


def _agreement(a: FindingKey, b: FindingKey) -> int:
    """How much two figures have in common; of several that fit, the equal one is meant."""
    slots = ((a.population, b.population), (a.assessor, b.assessor), (a.cut_off, b.cut_off), *zip(a.arms, b.arms, strict=True))
    equal = bool(a.value and b.value) and equal_as_printed(a.value or "", b.value or "")
    return 2 * sum(bool(x) and x == y for x, y in slots) + equal


def arms_of(keys: list[ArmKey]) -> Iterator[Quad]:
    """An arm of a text is the one registered arm of its study that has its regimen; two that fit are none."""
    for arm in keys:
        fitting = [key.statement for key in keys if key.registered and key.regimen == arm.regimen]
        if not arm.registered and len(fitting) == 1:
            yield quad(arm.statement, "sameArm", f"<{fitting[0]}>")


def _same_figure(a: FindingKey, b: FindingKey) -> bool:
    """Each slot equal, or missing on one side; arms agent by agent."""
    slots = ((a.population, b.population), (a.assessor, b.assessor), (a.cut_off, b.cut_off), (a.unit, b.unit))
    if any(x and y and terms.fold(x) != terms.fold(y) for x, y in slots):
        return False
    return len(a.arms) == len(b.arms) and all(not x or not y or x == y for x, y in zip(a.arms, b.arms, strict=True))


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


def _compare(finding: str, a: FindingKey, b: FindingKey) -> Iterator[Quad]:
    """Two statements of one finding: corroborated, in conflict at the same cut-off, or noted as different."""
    if a.value is None or b.value is None or UNSAID in (a.value, b.value):
        return
    if equal_as_printed(a.value, b.value):
        yield quad(a.statement, "corroborates", f"<{b.statement}>")
    elif a.cut_off and a.cut_off == b.cut_off:
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
