"""What a decision rests on: the studies that the text names as its support."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import msgspec

from kg_build.facts import Decision, Evidence
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study

_RESTS = lazy(
    r"\b(?:[Ss]upport(?:s|ed|ing|ive)?(?:\s(?:by|came\sfrom|for))?|based\s(?:on|upon|its\s\w+\son)|rests?\son|relied\son"
    r"|backed\sby|drew\son|on\sthe\sbasis\sof|follow(?:s|ed|ing)\s(?:positive\s)?(?:results|data|findings)"
    r"|[Ee]fficacy\s(?:and\ssafety\s)?(?:was|were)\s(?:evaluated|demonstrated|established|assessed|investigated"
    r"|studied)|(?:was|were)\s(?:evaluated|demonstrated|established|assessed|investigated|studied)\sin|data\sfrom"
    r"|results\s(?:from|of)|findings\sfrom|missed\sits)\b"
)
_ASIDES = ("designation", "priority-review", "advisory-vote")
_FORWARD = lazy(r"\b(?:confirmatory|ongoing|continued\sapproval|may\s(?:depend|be\scontingent))\b")


def with_support(reading: Reading, discourse: Discourse, decisions: list[Decision]) -> list[Decision]:
    """The decisions with the studies they rest on: those of the sentence that says so and follows them."""
    resting = _resting(reading, discourse)
    homes = [_home(reading, decision) for decision in decisions]
    first = min((h for h, d in zip(homes, decisions, strict=True) if d.salience != "background"), default=None)
    units = [unit for unit, _ in resting]
    asides = [d.salience == "background" or d.status in _ASIDES for d in decisions]
    places = sorted({h for h, aside in zip(homes, asides, strict=True) if not aside})
    found = []
    for decision, home, aside in zip(decisions, homes, asides, strict=True):
        after = bisect_right(places, home)
        limit = places[after] if after < len(places) else len(reading.document.units)
        near = resting[bisect_left(units, home) : bisect_left(units, limit)]
        if aside and home != first:
            near = [(unit, study) for unit, study in near if unit == home]
        elif not near and home == first:
            near = resting or [(0, study) for study in discourse.studies if not study.aside and not study.name.startswith("unnamed")]
        chosen = _chosen(near, home)
        found.append(_supported(reading, decision, chosen))
    return found


def _home(reading: Reading, decision: Decision) -> int:
    return reading.document.unit_at(max(e.start or 0 for e in decision.evidence if e.slot == "status"))


def _resting(reading: Reading, discourse: Discourse) -> list[tuple[int, Study]]:
    """(unit, study) of every sentence that says what something rests on."""
    found = []
    for unit, (start, end) in enumerate(reading.document.units):
        if _RESTS.search(reading.text, start, end) and not _FORWARD.search(reading.text, start, end):
            found += [(unit, study) for _, study in discourse.named_in(start, end)]
    return found


def _chosen(near: list[tuple[int, Study]], home: int) -> list[Study]:
    """The studies of the nearest such sentence."""
    if not near:
        return []
    unit = near[0][0]
    return list({study.name: study for u, study in near if u == unit}.values())


def _supported(reading: Reading, decision: Decision, studies: list[Study]) -> Decision:
    if not studies:
        return decision
    evidence: tuple[Evidence, ...] = tuple(reading.evidence("supported_by", s.places[0].span) for s in studies)
    return msgspec.structs.replace(decision, supported_by=tuple(s.name for s in studies), evidence=decision.evidence + evidence)
