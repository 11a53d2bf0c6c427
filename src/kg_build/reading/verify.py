"""Stage 6: nothing leaves without holding: spans quote the text, figures stand in their spans, arithmetic agrees, nothing is told twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from kg_build.facts import AdverseEventRate, Estimate, Evidence, Fact
from kg_build.reading.arithmetic import DOUBTED, plausible

F = TypeVar("F", bound=Fact)
FIGURES = ("value", "ci", "p", "percent", "count", "n", "enrollment", "median_follow_up_months")


def quotes(text: str, evidence: Evidence) -> bool:
    """Whether a span quotes the text to the letter."""
    if evidence.start is None or evidence.end is None:
        return False
    return bool(evidence.quote) and text[evidence.start : evidence.end] == evidence.quote


def _digits(value: object) -> list[str]:
    values = value if isinstance(value, (list, tuple)) else [value]
    found = (re.search(r"\d*\.?\d+", str(v).replace(",", "")) for v in values if v is not None)
    return [re.sub(r"^0(?=\.)|\.0$", "", m[0]) for m in found if m]


def printed_in_evidence(fact: Fact) -> bool:
    """Whether every figure of a fact stands, as printed, in a span of its slot."""
    spans: dict[str, str] = {}
    for evidence in fact.evidence:
        spans[evidence.slot] = spans.get(evidence.slot, "") + " " + (evidence.quote or "").replace(",", "").replace("·", ".")
    figures = [(slot, getattr(fact, slot, None)) for slot in FIGURES]
    return all(digits in spans.get(slot, "") for slot, value in figures if value not in (None, "", ()) for digits in _digits(value))


def _plausible(fact: Fact) -> bool:
    if isinstance(fact, AdverseEventRate):
        return fact.percent is None or 0 <= fact.percent <= 100
    return not isinstance(fact, Estimate) or plausible(fact)


def _key(fact: Fact) -> tuple[object, ...]:
    skipped = ("evidence", "confidence", "printed", "assertion", "assessment", "ci", "ci_level", "p", "p_sided", "p_test", "range")
    own = getattr(fact, "p", None) if getattr(fact, "statistic", None) == "p-value" else None
    return (type(fact).__name__, own, *(repr(getattr(fact, name)) for name in fact.__struct_fields__ if name not in skipped))


def verified(text: str, facts: Iterable[F]) -> tuple[F, ...]:
    """Facts whose evidence holds, each once; what the arithmetic doubts keeps its place with less confidence."""
    kept: dict[tuple[object, ...], F] = {}
    for fact in facts:
        if not fact.evidence or not all(quotes(text, e) for e in fact.evidence) or not printed_in_evidence(fact):
            continue
        if not _plausible(fact):
            fact = msgspec.structs.replace(fact, confidence=round(fact.confidence * DOUBTED, 2))
        key = _key(fact)
        known = kept.get(key)
        kept[key] = fact if known is None else _fuller(known, fact)
    return tuple(kept.values())


def _fuller(a: F, b: F) -> F:
    """Of one fact told twice the telling with more of its slots."""
    return max((a, b), key=lambda fact: sum(getattr(fact, name) not in (None, (), {}) for name in fact.__struct_fields__))
