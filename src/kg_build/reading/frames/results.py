"""Results: the reported figures of endpoints, of arms and of comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from kg_build.facts import Estimate, Evidence
from kg_build.reading.arms import ArmView
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse, Study
from kg_build.reading.document import Span
from kg_build.reading.frames.figures import Segment, assign_arms, measured, past_arm, segments
from kg_build.reading.mentions import Mention
from kg_build.reading.quantities import Interval, Quantity

_SAFETY = re.compile(
    r"\badverse\b|\bTE?AEs?\b|\bTRAEs?\b|\bAEs?\b|\btoxicit|\bside effects?\b|\bgrade\s(?:[1-5]|≥)|\bsafety\b"
    r"|discontinu\w+ (?:of|due|because)|\bdose (?:reductions?|interruptions?)",
    re.IGNORECASE,
)
_LANDMARK = re.compile(
    r"\b(?:(?P<time>\d{1,3}(?:\.\d)?|one|two|three|four|five|six)[-‐‑\s](?P<unit>month|year"
    r"|week)(?=[-\s](?:landmark\s)?(?:[a-z-]{1,24}\s){0,3}(?:PFS|OS|EFS|DFS|DOR|rate|progression|overall|event|disease"
    r"|estimated|survival"
    r"|relapse|invasive|recurrence|landmark))|(?:at|for\sat\sleast|beyond|by)\s(?:the\s)?(?P<time2>\d{1,3}(?:\.\d)?"
    r"|one|two|three|four|five|six)[-‐‑\s](?P<unit2>month|year|week)s?\b)",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"(?:DOR|duration|respon\w+|remission|lasting|ongoing)[^.;%]{0,60}?(?:at\sleast|≥|>=|of|for|exceeding|than"
    r"|beyond)\s?(?P<time>\d{1,3})\s(?:months?|mos?)\b"
)
ASSESSED = re.compile(
    r"\b(?P<investigator>investigators?['’]?s?(?=[-\s](?:assess|review|determin|evaluat)|\b))"
    r"|(?P<bicr>blinded\sindependent\s(?:central\s)?(?:radiolog\w+\s)?review(?:\scommittee)?(?:\s\(\w+\))?|\bBICR\b)"
    r"|(?P<irc>independent\s(?:central\s)?(?:radiolog\w+\s)?(?:review(?:\s(?:committee|facility))?|assessment)|\bIRC\b"
    r"|\bICR\b|\bIRF\b|\bIRRC\b)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:per|by|according\sto|as\sassessed|assessed|review|-assessed|determined|evaluat\w+|adjudicated)\b"
    r"|[-–]\s?assess",
    re.IGNORECASE,
)
_MATURITY = re.compile(
    r"(?:(?P<a>\d{1,3}(?:\.\d+)?)\s?%\s(?:data\s)?(?:maturity|mature|of\s(?:the\s)?(?:\w+\s){0,3}events)"
    r"|maturity\s(?:of|was|at)\s(?P<b>\d{1,3}(?:\.\d+)?)\s?%)"
)
_IMMATURE = re.compile(r"\b(?:immature|not\s(?:yet\s)?(?:fully\s)?mature)\b")
_RISK = re.compile(
    r"(?:(?:reduc\w+|decreas\w+|lower\w*)\s(?:in\s)?the\s(?:relative\s)?risk\s(?:of"
    r"|for)\s(?P<what>[^.;,%]{4,70}?)\sby\s(?:an?\s)?(?:approximately\s|about\s"
    r"|estimated\s)?(?P<value>\d{1,2}(?:\.\d+)?)\s?%"
    r"|risk\sof\s(?P<what3>[^.;,%]{4,50}?)\swas\s(?:reduced\sby\s)?(?P<value3>\d{1,2}(?:\.\d+)?)\s?%(?:\slower|\sless|(?=\s?[,.(]))"
    r"|(?P<value2>\d{1,2}(?:\.\d+)?)\s?%\s(?:relative\s)?(?:reduction|decrease"
    r"|lower(?:\srelative)?)\s?(?:in\s)?(?:the\s|relative\s)?risk\s(?:of"
    r"|for)\s(?P<what2>[^.;,()%]{4,60}?)(?=[\s,.;(]*(?:compared|versus|vs|with|\(|;|,|\.|$)))",
    re.IGNORECASE,
)
_MEDIAN_OF = re.compile(
    r"\b[Mm]edian\s(?P<name>(?:[a-z-]{1,24}\s){0,4}(?:duration|time|exposure|survival|intensity)(?:\s(?:of|to|on"
    r"|from)\s[a-z ]{3,30}?)?)\s(?:was|of|were|in|for|with)\b"
)
_POPULATION = re.compile(
    r"(?:In|Among|Across|For|Within)\s(?:the\s)?(?P<who>(?=[^,]{0,80}\b(?:subgroup|subset|overall\spopulation"
    r"|intention-to-treat|intent-to-treat|ITT|all\srandomi[sz]ed|patients\s(?:with|whose|without)"
    r"|population))[^,;.]{4,90}),\s"
)
_AT_BEHIND = re.compile(r"[\s)\]]*(?:of\s(?:the\s)?(?:patients|responders)\s)?(?:at|by)\s(?P<time>\d{1,3})\s(?P<unit>month|year|week)s?\b")
_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_MEDIANS = ("time", "missing")


def read_results(reading: Reading, discourse: Discourse) -> Iterator[Estimate]:
    """Every figure of every endpoint."""
    carried: tuple[int, Mention] | None = None
    for unit, (start, end) in enumerate(reading.document.units):
        paragraph = reading.document.paragraph_at(start)
        study = discourse.study_at(unit, end)
        if study is None:
            continue
        yield from _risk_reductions(reading, discourse, unit, study)
        yield from _maturity(reading, unit, study)
        quantities = measured(reading, unit)
        previous = carried[1] if carried and carried[0] == paragraph else None
        yield from _unit_results(reading, discourse, unit, quantities, previous)
        named = reading.endpoints.between(start, end, "endpoint")
        carried = (paragraph, named[-1]) if named else carried


def _unit_results(
    reading: Reading, discourse: Discourse, unit: int, quantities: list[Quantity], previous: Mention | None
) -> Iterator[Estimate]:
    start, end = reading.document.units[unit]
    ratio = any(q.kind == "ratio" for q in quantities)
    found = segments(reading, unit, quantities, previous if ratio else _median_of(reading, start, end))
    safety = _SAFETY.search(reading.text, start, end) is not None
    for i, segment in enumerate(found):
        limit = found[i + 1].start if i + 1 < len(found) else end
        before = found[i - 1].figures[-1] if i else None
        study = discourse.study_at(unit, max(segment.figures[0].span[0], segment.endpoint.end))
        if study is None or (safety and not _efficacy(segment)):
            continue
        yield from _Segment(reading, discourse, unit, study, segment, before, max(limit, segment.figures[-1].stop)).results()


def _median_of(reading: Reading, start: int, end: int) -> Mention | None:
    match = _MEDIAN_OF.search(reading.text, start, end)
    return Mention(match.start("name"), match.end("name"), "endpoint", match["name"]) if match else None


def _efficacy(segment: Segment) -> bool:
    """In a unit on safety only medians, ratios and response rates with an interval are results."""
    return any(q.kind in ("time", "missing", "ratio") or q.ci for q in segment.figures) and bool(segment.figures)


class _Segment:
    """The figures of one endpoint in one unit, on their way to results."""

    def __init__(
        self, reading: Reading, discourse: Discourse, unit: int, study: Study, segment: Segment, before: Quantity | None, end: int
    ) -> None:
        self.reading, self.study, self.segment, self.end = reading, study, segment, end
        self.unit_start = reading.document.units[unit][0]
        self.refs = discourse.arm_refs(unit, study)
        self.lead = self.unit_start if before is None else past_arm(reading, self.refs, before, segment.figures[0].span[0])
        self.assessment, self.assessment_span = self._assessed()
        self.timepoint, self.timepoint_span = self._landmark()
        self.population = _POPULATION.match(reading.text, self.unit_start, self.segment.figures[0].span[0])

    def results(self) -> Iterator[Estimate]:
        measures = [q for q in self.segment.figures if q.kind in ("time", "missing", "percent")]
        measures = [q for q in measures if q.kind != "percent" or self._is_rate(q)]
        compared = any(q.kind in ("ratio", "difference") for q in self.segment.figures)
        shares = sum(q.kind == "percent" for q in measures)
        if max(shares, len(measures) - shares) > 1 or compared:
            self._ensure_arms(2 if not self.study.single else 1)
        self._ensure_arms(1)
        order = [v.id for v in self.study.arms.views]
        for quantity, ref, arm in assign_arms(self.reading, measures, self.refs, order, self.lead, self.end):
            evidence = [self.reading.evidence("arm", ref.span)] if ref else []
            yield self._estimate(
                quantity, "median" if quantity.kind in _MEDIANS else "rate", evidence, arm=arm, sure=ref is not None or len(measures) > 1
            )
        yield from self._comparisons(measures)

    def _comparisons(self, measures: list[Quantity]) -> Iterator[Estimate]:
        """Ratios and differences, with p values that stand apart given to them; p values of their own otherwise."""
        views = self.study.arms.views
        if len(views) < 2:
            return
        control = next((v for v in views[1:] if v.control), views[1])
        pair = (views[0].id, control.id)
        others = [q for q in self.segment.figures if q.kind in ("ratio", "difference")]
        apart = [q for q in self.segment.figures if q.kind == "p"]
        for quantity in others:
            if quantity.p is None and apart and apart[0].span[0] > quantity.span[0]:
                quantity = _with_p(quantity, apart.pop(0))
            yield self._estimate(quantity, quantity.label or "hazard-ratio", [], comparison=self._compared(quantity) or pair)
        for quantity in apart if measures or not others else []:
            yield self._estimate(quantity, "p-value", [], comparison=pair)

    def _compared(self, quantity: Quantity) -> tuple[str, str] | None:
        """The two arms named between the figure before and this one: "the HR for X vs Y was"."""
        start = max([self.lead, *(q.stop for q in self.segment.figures if q.stop <= quantity.span[0])])
        named = [r for r in self.refs if r.span[0] >= start and r.span[1] <= quantity.span[0]]
        for left, right in pairwise(named):
            if left.arm != right.arm and re.match(
                r"\s(?:vs\.?|versus|over|compared\swith)\s", self.reading.text[left.span[1] : right.span[0]]
            ):
                return left.arm, right.arm
        return None

    def _ensure_arms(self, count: int) -> None:
        views = self.study.arms.views
        while len(views) < count:
            views.append(ArmView(f"A{len(views) + 1}", control=bool(views)))

    def _is_rate(self, quantity: Quantity) -> bool:
        """A share of patients is a rate of a response or at a landmark; other shares are not of this endpoint."""
        name = self.segment.endpoint.name
        telling = re.search(r"ORR|CRR?$|^PR|VGPR|pCR|M?MPR|DCR|CBR|MRD|SD|respon|remission|rate|control|benefit|negativ|BOR", name)
        worded = re.search(r"\brates?\b", self.reading.text[self.segment.endpoint.start : quantity.span[0]])
        return bool(
            telling or worded or self.timepoint or _LASTING.search(self.reading.text, quantity.stop, min(self.end, quantity.stop + 140))
        )

    def _assessed(self) -> tuple[str | None, Span | None]:
        """Who assessed the endpoint, where the words around its name say so."""
        start, first = max(self.lead, self.segment.endpoint.start - 60), self.segment.figures[0].span[0]
        stop = max(first, min(self.end, self.segment.endpoint.end + 60))
        for match in ASSESSED.finditer(self.reading.text, start, stop):
            if _BY.search(self.reading.text, max(start, match.start() - 24), min(len(self.reading.text), match.end() + 12)):
                return assessor(match), match.span()
        return None, None

    def _landmark(self) -> tuple[str | None, Span | None]:
        first = self.segment.figures[0]
        match = _LANDMARK.search(
            self.reading.text,
            max(self.lead, min(self.segment.endpoint.start - 40, first.span[0] - 60)),
            max(first.span[0], self.segment.endpoint.end),
        )
        if not match:
            return None, None
        time = match["time"] or match["time2"]
        count, unit = _WORDS.get(time.lower(), time), (match["unit"] or match["unit2"]).lower()
        return f"{count} {unit}{'' if count == '1' else 's'}", match.span()

    def _estimate(self, q: Quantity, statistic: Any, evidence: list[Evidence], sure: bool = True, **slots: Any) -> Estimate:
        reading = self.reading
        spans = [("endpoint", self.segment.endpoint.span)]
        if statistic != "p-value":
            spans.append(("value", q.span))
        if self.population:
            slots["population"] = " ".join(self.population["who"].split())
            spans.append(("population", self.population.span("who")))
        slots |= {"timepoint": self.timepoint if q.kind != "time" else None, "assessment": self.assessment}
        endpoint = self.segment.endpoint.name
        behind = _AT_BEHIND.match(reading.text, q.stop, min(self.end + 40, len(reading.text))) if q.kind == "percent" else None
        if behind:
            slots["timepoint"] = f"{behind['time']} {behind['unit']}s"
            spans.append(("timepoint", behind.span("time")))
        lasting = _LASTING.search(reading.text, q.stop, min(self.end, q.stop + 140)) if q.kind == "percent" else None
        if lasting:
            endpoint, slots["timepoint"] = "DOR", f">={lasting['time']} months"
            spans.append(("timepoint", lasting.span("time")))
        elif slots["timepoint"] and self.timepoint_span and not behind:
            spans.append(("timepoint", self.timepoint_span))
        if self.assessment_span:
            spans.append(("assessment", self.assessment_span))
        printed: dict[str, str] = {}
        if q.printed and statistic != "p-value":
            printed["value"] = q.printed
        slots |= _intervals(q, spans, printed)
        return Estimate(
            trial=self.study.name,
            endpoint=endpoint,
            statistic=statistic,
            value=None if statistic == "p-value" else q.value,
            unit=q.unit or ("months" if q.kind == "missing" else None),
            evidence=(*(reading.evidence(*s) for s in spans), *evidence),
            printed=printed,
            confidence=0.9 if sure else 0.6,
            **slots,
        )


def _with_p(quantity: Quantity, apart: Quantity) -> Quantity:
    return replace(quantity, p=apart.p)


def assessor(match: re.Match[str]) -> str:
    """How facts name who assessed."""
    if match["investigator"]:
        return "investigator"
    return re.sub(r"\s\(\w+\)$", "", " ".join(match[0].split())) if " " in match[0] else match[0]


def _intervals(q: Quantity, spans: list[tuple[str, Span]], printed: dict[str, str]) -> dict[str, Any]:
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


# ---- told in words ---------------------------------------------------------------------------------------------------------------


def _risk_endpoint(what: str) -> str | None:
    words = what.lower()
    if re.search(r"progression or (?:of )?death|(?:disease )?progression", words):
        return "PFS"
    if re.search(r"recurrence|relapse", words):
        return "DFS" if "death" in words or "disease" in words else "RFS"
    return "OS" if re.fullmatch(r"(?:all-cause )?(?:death|dying|mortality)(?: from any cause)?", words) else None


def _risk_reductions(reading: Reading, discourse: Discourse, unit: int, study: Study) -> Iterator[Estimate]:
    """Figures like "reduced the risk of death by 22%"."""
    start, end = reading.document.units[unit]
    views = study.arms.views
    for match in _RISK.finditer(reading.text, start, end):
        number = next(n for n in ("", "2", "3") if match[f"value{n}"])
        group, what = f"value{number}", f"what{number}"
        endpoint = _risk_endpoint(match[what])
        if endpoint and len(views) > 1:
            yield Estimate(
                trial=study.name,
                endpoint=endpoint,
                statistic="risk-reduction",
                comparison=(views[0].id, views[1].id),
                value=float(match[group]),
                unit="%",
                evidence=(reading.evidence("value", match.span(group)), reading.evidence("endpoint", match.span(what))),
                printed={"value": match[group]},
                confidence=0.8,
            )


def _maturity(reading: Reading, unit: int, study: Study) -> Iterator[Estimate]:
    """How much of the events had been seen, as a share or in words."""
    start, end = reading.document.units[unit]
    named = reading.endpoints.between(start, end, "endpoint")
    if not named:
        return
    if match := _MATURITY.search(reading.text, start, end):
        group = "a" if match["a"] else "b"
        spans = [reading.evidence("endpoint", named[0].span), reading.evidence("value", match.span(group))]
        yield Estimate(
            trial=study.name,
            endpoint=named[0].name,
            statistic="maturity",
            value=float(match[group]),
            unit="%",
            evidence=tuple(spans),
            printed={"value": match[group]},
            confidence=0.6,
        )
    elif match := _IMMATURE.search(reading.text, start, end):
        near = [m for m in named if m.end <= match.start()] or named
        spans = [reading.evidence("endpoint", near[-1].span), reading.evidence("outcome", match.span())]
        yield Estimate(
            trial=study.name, endpoint=near[-1].name, statistic="outcome", outcome=match[0], evidence=tuple(spans), confidence=0.5
        )
