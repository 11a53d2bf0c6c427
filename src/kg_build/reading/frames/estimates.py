"""The figures of one endpoint in one sentence as results: their arms, what they compare, when and in whom they were taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kg_build.facts import Estimate, Evidence
from kg_build.reading.arms import ArmRef, ArmView
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.document import Span
from kg_build.reading.frames.assigning import Assigned, assign_arms, past_arm
from kg_build.reading.frames.circumstances import (
    Told,
    assessment,
    landmark,
    landmark_behind,
    landmarks,
    lasting,
    population,
    population_behind,
)
from kg_build.reading.frames.comparisons import Comparing
from kg_build.reading.frames.figures import is_changed
from kg_build.reading.frames.segments import RESPONSE, TIMED, Segment
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Interval, Quantity
from kg_build.reading.study import Study

_VERSUS = lazy(r"\b(?:vs\.?|v\.?|versus|compared|against)(?:\s|$)")
_MEAN_CHANGE = lazy(
    r"\b(?:chang\w+|reduc\w+|decreas\w+|increas\w+|loss|lost|declin\w+|improv\w+|fell|fallen|dropp?\w*|lower\w*|mean|average|baseline)\b",
    re.IGNORECASE,
)
_AT_LEAST = lazy(r"\sof\s(?:at\sleast\s|≥\s?|more\sthan\s)?\d+\s?%(?:\sor\s(?:more|greater))?")
_OF_PATIENTS = lazy(r"\s(?:of\s(?:the\s|all\s)?)?(?:patients|participants|adults|people|subjects|children|those|individuals)\b")
_OPENING = lazy(r"(?:[A-Z][A-Za-z ]{3,20}:\s)?(?:In|For|Among|With|On|Within|Of)\s(?:the\s)?(?:\d+\s)?(?:patients\s\w+\s)?$")
_TOLD_OF_ONE = lazy(r"\b(?:vs\.?|versus|compared|arm|group|with|for|receiv\w+|treated|while|whereas|responders)\b")
_SHARED_BY = lazy(r"\brates?\b|\bproportion\b|\bprobability\b|\bpercentage\sof\b|\boccurred\b|\bincidence\b")
CORRESPONDING = lazy(r"\b(?:corresponding|respective|[Tt]he)\s(?:percentages|proportions|shares|rates|figures|values|probabilities)\b")
"""What takes up the shares of the sentence before, at the time told there."""
_OF_ALL = lazy(
    r"[\s,)]{0,3}(?:for|in|with)\s(?:both|each|all|either)\s(?:of\sthe\s)?(?:two\s|three\s|active\s|dose\s)?"
    r"(?:doses?|comparisons?|groups?|arms?|regimens?|combinations?)\b"
)
_MOVED = lazy(r"\bfrom\s(?:a\smedian\sof\s)?\d[\d.]*\s[^.;]{0,40}?\bto\s")
_TRAIT = lazy(r"[-‐‑–\s](?:resistan\w+|refractory|sensitiv\w+|na[iï]ve|experienced|exposed|(?:in)?eligible|pretreated|intoleran\w+)\b")
"""What makes of an agent's name a trait of patients: "platinum-resistant disease"."""
_ALONE = 0.6


@dataclass
class Memory:
    """What a sentence leaves to the next: its endpoint and time, the paragraph's first time-to-event endpoint, topic and order of arms."""

    paragraph: int = -1
    endpoint: Mention | None = None
    timed: Mention | None = None
    topic: ArmRef | None = None
    when: Told | None = None
    orders: dict[str, list[str]] = field(default_factory=dict)

    def enter(self, paragraph: int, listed: bool) -> None:
        """Forgets, at a new paragraph, what only holds in one; the items of a list go on with its endpoint."""
        if paragraph != self.paragraph:
            self.paragraph, self.topic, self.when = paragraph, None, None
            self.endpoint, self.timed = (self.endpoint, self.timed) if listed else (None, None)


class Sentence:
    """One sentence with what those before it leave to it."""

    def __init__(self, reading: Reading, discourse: Discourse, unit: int, memory: Memory) -> None:
        self.reading, self.discourse, self.unit, self.memory = reading, discourse, unit, memory
        self.start, self.end = reading.document.units[unit]


class EndpointFigures:
    """The figures of one endpoint in one unit, on their way to results."""

    def __init__(self, unit: Sentence, study: Study, segment: Segment, before: Quantity | None, end: int, subject: ArmRef | None) -> None:
        self.reading, self.study, self.segment, self.end, self.memory = unit.reading, study, segment, end, unit.memory
        self.unit_start, self.subject = unit.start, subject
        self.refs: Sequence[ArmRef] = [
            r for r in unit.discourse.arm_refs(unit.unit, study) if not _TRAIT.match(unit.reading.text, r.span[1])
        ]
        first = segment.figures[0].opens
        self.lead = unit.start if before is None else past_arm(unit.reading, self.refs, before, first)
        near = max(self.lead, segment.endpoint.start - 60) if not segment.carried else unit.start
        stop = min(self.end, max(first, segment.endpoint.end + 60)) if not segment.carried else first
        self.assessment = assessment(unit.reading, near, max(near, stop))
        self.when: dict[int, Told] = {}
        self.times = self._times(unit.start)
        self.timepoint = self.times[0] if self.times else None
        self.memory.when = self.timepoint
        self.population = population(unit.reading, unit.start, first)

    def _times(self, start: int) -> list[Told]:
        """When the shares of the segment were taken: once, or one time for each of several shares."""
        shares = [q for q in self.segment.figures if q.kind in ("percent", "difference", "points")]
        if not shares:
            return []
        first, endpoint = shares[0].opens, self.segment.endpoint
        low = start if self.segment.carried else max(self.lead, min(endpoint.start - 40, first - 60))
        high = first if self.segment.carried else max(first, endpoint.end)
        if not self.segment.carried and endpoint.end < self.lead:
            low, high = max(start, endpoint.start - 40), endpoint.end
        several = landmarks(self.reading, low, high)
        if several and len(shares) % len(several) == 0:
            return several
        places = [q.stop for q in shares] + ([endpoint.end] if endpoint.start > first else [])
        behind = (landmark_behind(self.reading, at, self.end) for at in places)
        once = landmark(self.reading, low, high) or next((told for told in behind if told), None)
        if self.segment.carried and once is None and CORRESPONDING.search(self.reading.text, start, first):
            once = self.memory.when
        return [once] if once else []

    def results(self) -> Iterator[Estimate]:
        """Measures arm by arm, then comparisons."""
        self.segment.figures = [self._as_difference(q) for q in self.segment.figures]
        measures = [q for q in self.segment.figures if q.kind in ("time", "missing", "percent", "points") and self._is_measure(q)]
        self._ensure_arms(self._expected(measures))
        assigned = self._assigned_in_blocks(measures) if len(self.times) > 1 else self._assigned(measures)
        for quantity, ref, arm in assigned:
            evidence = [self.reading.evidence("arm", ref.span)] if ref else []
            sure = 0.9 if ref is not None or len(measures) > 1 or self.study.single else _ALONE
            yield self._estimate(quantity, self._statistic(quantity), evidence, sure, arm=arm)
            if counted := self._counted(quantity, arm):
                yield self._estimate(counted, "count", evidence, _ALONE, arm=arm)
        yield from self._comparisons(measures, assigned)

    # ---- arms ----------------------------------------------------------------------------------------------------------------

    def _expected(self, measures: list[Quantity]) -> int:
        """How many arms the figures alone tell of."""
        compared = any(q.kind in ("ratio", "difference") for q in self.segment.figures)
        told = (
            [q for q in measures if population_behind(self.reading, q.stop, self.end) is None]
            if len(self.study.arms.views) == 1
            else measures
        )
        shares = sum(q.kind == "percent" for q in told)
        return 2 if (max(shares, len(told) - shares) > 1 or compared) and not self.study.single else 1

    def _ensure_arms(self, count: int) -> None:
        views = self.study.arms.views
        while len(views) < count:
            views.append(ArmView(f"A{len(views) + 1}", control=bool(views)))

    def _assigned(self, measures: list[Quantity]) -> list[Assigned]:
        """Each measure with its arm; the order of a full comparison is kept for the bare ones that follow."""
        order = self.study.arms.order
        kept = self.memory.orders.get(self.study.name)
        order = [*kept, *(arm for arm in order if arm not in kept)] if kept and set(kept) <= set(order) else order
        if alone := self._same_arm(measures, order):
            return [(q, None, alone) for q in measures]
        found = list(assign_arms(self.reading, measures, self.refs, order, self.lead, self.end))
        told = [ref for _, ref, _ in found if ref]
        if not told and (pooled := self._pooled(measures)):
            return [(q, None, pooled) for q in measures]
        lone = len(found) == 1 or self.study.single
        if told and len({r.arm for r in told}) > 1:
            self.memory.orders[self.study.name] = list(dict.fromkeys(arm for _, _, arm in found if arm and "+" not in arm))[: len(order)]
            self.subject = None
        elif lone and told and told[0].span[1] <= found[0][0].span[0]:
            self.subject = told[0]
            if _OPENING.fullmatch(self.reading.text, self.unit_start, told[0].span[0]):
                self.memory.topic = told[0]
        elif lone and not told and self.subject and found[0][2] and "+" not in found[0][2]:
            return [(found[0][0], None, self.subject.arm)]
        return found

    def _pooled(self, measures: list[Quantity]) -> str | None:
        """All cohorts together, where a lone figure is of none of them."""
        row = [q for q in measures if q.kind == measures[0].kind]
        if len(row) > 1 and (len(row) % len(self.study.arms.views) == 0 or not self.study.arms.same):
            return None
        return None if self.subject else self.study.arms.pooled

    def _counted(self, q: Quantity, arm: str | None) -> Quantity | None:
        """The responders behind a share: "16% (n = 58)", where the size of the arm makes 58 the 16%."""
        size = next((v.n for v in self.study.arms.views if v.id == arm), None)
        if q.kind != "percent" or q.n is None or q.total or size is None or not isinstance(q.value, float):
            return None
        fits = q.n.value < size.value and abs(q.n.value - q.value * size.value / 100) <= 0.005 * size.value + 0.5
        return Quantity("fraction", q.n.span, q.stop, float(q.n.value), q.n.printed, "patients") if fits else None

    def _assigned_in_blocks(self, measures: list[Quantity]) -> list[Assigned]:
        """Shares at several times: "82%, 71% and 63% with X versus 67%, 52% and 41% with Y" or "82% vs 67%, 71% vs 52%"."""
        size = len(self.times)
        gap = self.reading.text[measures[0].stop : measures[1].opens] if len(measures) > 1 else ""
        pairs = _VERSUS.search(gap) is not None
        size = max(1, len(measures) // size) if pairs else size
        blocks = [measures[i : i + size] for i in range(0, len(measures), size)]
        self.when |= {
            id(q): self.times[(b if pairs else k) % len(self.times)] for b, block in enumerate(blocks) for k, q in enumerate(block)
        }
        if pairs:
            return [told for block in blocks for told in self._assigned(block)]
        heads = [replace(block[-1], start=block[0].opens) for block in blocks]
        arms = self._assigned(heads)
        return [(q, ref, arm) for block, (_, ref, arm) in zip(blocks, arms, strict=False) for q in block]

    def _same_arm(self, measures: list[Quantity], order: list[str]) -> str | None:
        """The one arm, or all arms together, that figures belong to whose sentence names none."""
        text, told = self.reading.text[self.unit_start : self.end], [r for r in self.refs if r.span[0] >= self.lead]
        if told or not measures or len(order) < 2:
            return None
        if len(measures) == 1 and measures[0].kind == "missing" and len(self.segment.figures) == 1 and not _TOLD_OF_ONE.search(text):
            return "+".join(order) if self.subject is None else None
        moved = len(measures) == 2 and self.memory.topic is not None and _MOVED.search(text)
        return self.memory.topic.arm if moved and self.memory.topic else None

    # ---- comparisons ---------------------------------------------------------------------------------------------------------

    def _comparisons(self, measures: list[Quantity], assigned: list[Assigned]) -> Iterator[Estimate]:
        """Ratios, differences and the p values that stand apart."""
        views = self.study.arms.views
        others = [q for q in self.segment.figures if q.kind in ("ratio", "difference")]
        apart = [q for q in self.segment.figures if q.kind == "p"] if not self.segment.carried or measures else []
        if len(views) < 2:
            self._ensure_arms(2 if apart and not self.study.single else 0)
        if len(views) < 2:
            return
        for quantity in others:
            yield self._estimate(quantity, quantity.label or "hazard-ratio", [], 0.9, comparison=self._pair(quantity, assigned))
        for quantity in apart:
            for pair in self._pairs(quantity, assigned):
                yield self._estimate(quantity, "p-value", [], 0.85, comparison=pair)

    def _pairs(self, quantity: Quantity, assigned: list[Assigned]) -> list[tuple[str, str] | None]:
        """The arms compared; every arm with the control, where a figure is said to be that of all: "P<0.001 for both doses"."""
        arms = self.study.arms
        if len(arms.views) < 3 or not _OF_ALL.match(self.reading.text, quantity.stop):
            return [self._pair(quantity, assigned)]
        return [(view.id, arms.reference.id) for view in arms.views if view is not arms.reference]

    def _pair(self, quantity: Quantity, assigned: list[Assigned]) -> tuple[str, str] | None:
        """The arms that a figure compares: those of the figures told last before it, where its words name none."""
        ids = [v.id for v in self.study.arms.views]
        ratios = [q.span[0] for q in self.segment.figures if q.kind in ("ratio", "difference") and q.span[0] < quantity.span[0]]
        since = max(ratios, default=0) if len(ids) > 2 else 0
        told = [arm for q, _, arm in assigned if arm in ids and since < q.span[0] < quantity.span[0]]
        start = max([self.lead, *(q.stop for q in self.segment.figures if q.stop <= quantity.opens)])
        comparing = Comparing(self.reading, self.study.arms, self.refs, (self.unit_start, self.end), start, self.end)
        return comparing.pair((quantity.span[0], quantity.stop), quantity.opens, [arm for arm in told if arm])

    # ---- slots ---------------------------------------------------------------------------------------------------------------

    def _is_measure(self, quantity: Quantity) -> bool:
        """Whether a figure is of the kind that its endpoint is measured in."""
        name = self.segment.endpoint.name
        if quantity.kind == "time":
            return TIMED.search(name) is not None or not RESPONSE.search(name)
        if quantity.kind != "percent":
            return True
        worded = _SHARED_BY.search(self.reading.text, max(0, self.segment.endpoint.start - 30), quantity.span[0])
        return bool(
            RESPONSE.search(name)
            or is_changed(self.segment.endpoint)
            or worded
            or self.timepoint
            or self._behind(quantity)
            or self._lasting(quantity)
        )

    def _as_difference(self, quantity: Quantity) -> Quantity:
        """Points, and shares below nothing, of an endpoint that is a share of patients: the difference between its arms."""
        below = quantity.kind == "percent" and isinstance(quantity.value, float) and quantity.value < 0
        if not (quantity.kind == "points" or below) or is_changed(self.segment.endpoint) or self.study.single:
            return quantity
        shares = TIMED.search(self.segment.endpoint.name) or RESPONSE.search(self.segment.endpoint.name)
        return replace(quantity, kind="difference", label="difference") if shares else quantity

    def _statistic(self, quantity: Quantity) -> str:
        if quantity.kind in ("time", "missing"):
            return "median"
        if quantity.kind == "points":
            return "mean-change"
        told = _MEAN_CHANGE.search(self.reading.text, max(self.unit_start, self.segment.endpoint.start - 90), quantity.span[0])
        least = _AT_LEAST.match(self.reading.text, self.segment.endpoint.end)
        shares = least or _OF_PATIENTS.match(self.reading.text, quantity.stop)
        return "mean-change" if told and is_changed(self.segment.endpoint) and not shares else "rate"

    def _behind(self, quantity: Quantity) -> Told | None:
        """The time told behind a share, or behind the one that it is compared with: "65% vs 13% at 24 months"."""
        if quantity.kind != "percent":
            return None
        told = landmark_behind(self.reading, quantity.stop, min(self.end + 40, len(self.reading.text)))
        rest = [q for q in self.segment.figures if q.opens >= quantity.stop]
        near = rest and rest[0].opens - quantity.stop < 40 and _VERSUS.search(self.reading.text, quantity.stop, rest[0].opens)
        return told or (self._behind(rest[0]) if near else None)

    def _lasting(self, quantity: Quantity) -> Told | None:
        return lasting(self.reading, quantity.stop, min(self.end, quantity.stop + 140)) if quantity.kind == "percent" else None

    def _when(self, quantity: Quantity) -> tuple[Told | None, bool]:
        """The timepoint of a figure, and whether it is how long responses lasted."""
        if held := self._lasting(quantity):
            return held, True
        shared = self.timepoint if quantity.kind not in ("time", "missing", "ratio") else None
        return self.when.get(id(quantity)) or self._behind(quantity) or shared, False

    def _estimate(self, q: Quantity, statistic: Any, evidence: list[Evidence], confidence: float, **slots: Any) -> Estimate:
        valued = statistic != "p-value"
        spans = [("endpoint", self.segment.endpoint.span), *([("value", q.span)] if valued else [])]
        when, lasts = self._when(q)
        who = (population_behind(self.reading, q.stop, self.end) if q.kind not in ("ratio", "p") else None) or self.population
        for slot, told in (("population", who), ("timepoint", when), ("assessment", self.assessment)):
            if told:
                slots[slot] = told[0]
                spans.append((slot, told[1]))
        printed = {"value": q.printed} if q.printed and valued else {}
        slots |= _attached(q, spans, printed)
        return Estimate(
            trial=self.study.name,
            endpoint="DOR" if lasts else self.segment.endpoint.name,
            statistic=statistic,
            value=q.value if valued else None,
            unit=q.unit or ("months" if q.kind == "missing" else None),
            evidence=(*(self.reading.evidence(*s) for s in spans), *evidence),
            printed=printed,
            confidence=confidence,
            **slots,
        )


def _attached(q: Quantity, spans: list[tuple[str, Span]], printed: dict[str, str]) -> dict[str, Any]:
    """The slots of what is attached to a figure; spans and printed forms are added in place."""
    slots: dict[str, Any] = {}
    for name, interval in (("ci", q.ci), ("range", q.range)):
        if isinstance(interval, Interval):
            slots[name] = (interval.low, interval.high)
            spans.append((name, interval.span))
            printed |= {f"{name}.low": interval.printed[0], f"{name}.high": interval.printed[1]}
    if q.ci and q.ci.level is not None:
        slots["ci_level"], printed["ci_level"] = q.ci.level, q.ci.level_printed or ""
    if q.p:
        slots |= {"p": q.p.text, "p_sided": q.p.sided, "p_test": q.p.test}
        spans.append(("p", q.p.span))
    return slots
