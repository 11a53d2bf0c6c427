"""Results: the reported figures of endpoints, of arms and of comparisons, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg_build.facts import Estimate
from kg_build.reading.arms import ArmRef
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.frames.assigning import told_last
from kg_build.reading.frames.by_study import by_study
from kg_build.reading.frames.circumstances import (
    landmark,
)
from kg_build.reading.frames.estimates import CORRESPONDING, EndpointFigures, Memory, Sentence
from kg_build.reading.frames.figures import measured
from kg_build.reading.frames.segments import TIMED, Segment, fits_time, segments
from kg_build.reading.frames.worded import Around, worded_results
from kg_build.reading.measures import COMPOSITE
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Quantity

_SAFETY = lazy(
    r"\badverse(?!\scardio)\b|\bany[-\s]grade\b|\bTE?AEs?\b|\bTRAEs?\b|\bAEs?\b|\btoxicit|\bside effects?\b|\bgrade\s(?:[1-5]|≥)|\bsafety\b"
    r"|discontinu\w+ (?:of|due|because)|\bdose (?:reductions?|interruptions?)",
    re.IGNORECASE,
)
_MEDIAN_OF = lazy(
    r"\b[Mm]edian\s(?P<name>(?:[a-z-]{1,24}\s){0,4}(?:duration|time|exposure|survival|intensity)(?:\s(?:of|to|on"
    r"|from)\s[a-z ]{3,30}?)?)\s(?:was|of|were|in|for|with)\b"
)
_GOES_ON = lazy(
    r"\b(?:median|rates?|compar\w+|versus|vs|respectively|hazard|corresponding|difference|figures?|improvement|landmark|also|favou?r\w*"
    r"|at\s\w+\s(?:months?|years?|weeks?)|\d\d?[-\s](?:month|year)|the\s(?:same|latter|former)|this)\b",
    re.IGNORECASE,
)
_BASELINE = lazy(
    r"\b(?:median|mean)\sage\b|\bbaseline\s(?:characteristics|demographics)\b|\bwere\s(?:male|female|women|men)\b", re.IGNORECASE
)
_NOT_TESTED = ("interaction", "trend", "Interaction")
_ITEM = lazy(r"[•▪◦*‣●·–-]\s")


def read_results(reading: Reading, discourse: Discourse) -> Iterator[Estimate]:
    """Every figure of every endpoint."""
    memory = Memory()
    for unit, (start, end) in enumerate(reading.document.units):
        memory.enter(reading.document.paragraph_at(start), _ITEM.match(reading.text, start) is not None)
        study = discourse.study_at(unit, end)
        if study is None:
            continue
        named = reading.endpoints.between(start, end, "endpoint")
        told = list(worded_results(Around(reading, discourse, unit, study, memory.endpoint)))
        yield from told
        yield from _Unit(reading, discourse, unit, memory).results({e.start for f in told for e in f.evidence if e.slot == "value"})
        memory.endpoint = (named[-1] if named[-1].key != COMPOSITE else None) if named else memory.endpoint
        memory.timed = memory.timed or next((m for m in named if TIMED.search(m.name)), None)


class _Unit(Sentence):
    """One sentence on its way to results."""

    def results(self, told: set[int | None]) -> Iterator[Estimate]:
        """The figures of every endpoint but those told in words, p values merged into the ratio that they belong to."""
        quantities = [q for q in measured(self.reading, self.unit) if q.span[0] not in told]
        if not quantities:
            return
        safety = _SAFETY.search(self.reading.text, self.start, self.end) is not None
        found = segments(self.reading, self.unit, quantities, self._carried(quantities))
        found = [s for s in found if (not safety or _efficacy(s)) and not (s.carried and safety)]
        _share_p(found)
        found = [s for s in found if s.figures]
        before: Quantity | None = None
        subject: ArmRef | None = self.memory.topic
        self._order_told_last()
        told_of = [pair for segment in found for pair in by_study(self.reading, self.discourse, self.unit, segment)]
        for i, (study, segment) in enumerate(told_of):
            limit = told_of[i + 1][1].figures[0].opens if i + 1 < len(told_of) else self.end
            if study is not None:
                told_here = EndpointFigures(self, study, segment, before, max(limit, segment.figures[-1].stop), subject)
                yield from told_here.results()
                subject = told_here.subject
            before = segment.figures[-1]

    def _order_told_last(self) -> None:
        """The arms that the end of the sentence lists for all its figures: "..., respectively, in X and Y"."""
        study = self.discourse.study_at(self.unit, self.end)
        if study and len(order := told_last(self.reading, self.discourse.arm_refs(self.unit, study), self.start, self.end)) > 1:
            self.memory.orders[study.name] = order

    def _carried(self, quantities: list[Quantity]) -> Mention | None:
        """The endpoint of the sentence before, where this one goes on with it; else what "median ... of" names itself."""
        previous = None if _BASELINE.search(self.reading.text, self.start, self.end) else self.memory.endpoint
        ratio = any(q.kind in ("ratio", "difference") for q in quantities)
        if previous and not ratio and self.reading.mentions.between(self.start, self.end, "event"):
            previous = None
        if previous and any(q.label == "hazard-ratio" for q in quantities) and not fits_time(previous):
            previous = self.memory.timed
        if previous and (ratio or (_GOES_ON.search(self.reading.text, self.start, self.end) and self._fits(previous, quantities))):
            return previous
        match = _MEDIAN_OF.search(self.reading.text, self.start, self.end)
        return Mention(match.start("name"), match.end("name"), "endpoint", match["name"]) if match else None

    def _fits(self, previous: Mention, quantities: list[Quantity]) -> bool:
        """Whether the figures are of the kind that an endpoint is measured in."""
        kinds = {q.kind for q in quantities} - {"p"}
        if _MEDIAN_OF.search(self.reading.text, self.start, self.end):
            return False
        if TIMED.search(previous.name):
            when = landmark(self.reading, self.start, self.end) or (
                self.memory.when and CORRESPONDING.search(self.reading.text, self.start, self.end)
            )
            return kinds <= {"time", "missing"} or bool(when)
        return kinds == {"percent"}


def _efficacy(segment: Segment) -> bool:
    """In a unit on safety only medians, ratios and response rates with an interval are results."""
    return any(q.kind in ("time", "missing", "ratio") or q.ci for q in segment.figures)


def _share_p(found: list[Segment]) -> None:
    """P values told apart from the ratio of their endpoint: "did not improve OS (P = .28); the HR for OS was 0.93"."""
    for segment in found:
        for p in [q for q in segment.figures if q.kind == "p"]:
            same = [s for s in found if s.endpoint.name == segment.endpoint.name]
            ratios = [(s, i) for s in same for i, q in enumerate(s.figures) if q.kind in ("ratio", "difference") and q.p is None]
            if p.p and p.p.test in _NOT_TESTED:
                segment.figures.remove(p)
            elif ratios:
                owner, at = min(ratios, key=lambda r: abs(r[0].figures[r[1]].span[0] - p.span[0]))
                owner.figures[at] = replace(owner.figures[at], p=p.p)
                segment.figures.remove(p)
