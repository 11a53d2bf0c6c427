"""Which quantities of a unit are reported figures, of which endpoint, and of which arm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg_build.reading.arms import ArmRef
from kg_build.reading.context import Reading
from kg_build.reading.mentions import Mention
from kg_build.reading.quantities import Quantity

_MEASURES = ("time", "percent", "missing")
_FOLLOW_UP = re.compile(
    r"follow[- ]?up(?:\s(?:time|duration|period))?(?:\s\([^()]{1,40}\))?(?:\s(?:of|was|for|at|in|all"
    r"|[a-z]+\spatients)){0,3}[\s,]*(?:approximately\s)?$",
    re.IGNORECASE,
)
_NOT_MEASURED = re.compile(
    r"(?:\b(?:at|at\sthe|every|within|after|through|until|beyond|past|least|than|up\sto|over|first|next|last|than"
    r"|aged?|ages|follow-up\sat|minimum\sof|cut-?off\sof"
    r"|expression(?:\sof)?|TPS(?:\sof)?|CPS(?:\sof)?|TAP(?:\sof)?|alpha(?:\sof)?|significance\slevel\sof"
    r"|power(?:\sof)?|for|by\sweek|by|previous|prior|past|maximum\sof)"
    r"|[≥>≤<+]=?)\s?$",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"(?:\sor\s(?:more|greater|higher|older)|\sof\s(?:age|tumou?r|cells|follow-up)|\s(?:of\s)?follow-up"
    r"|-?\s?(?:confidence|CI\b))"
)
_BY_WORDS = re.compile(
    r"(?:reduc\w+|decreas\w+|lower\w*|improv\w+|increas\w+)[^.;]{0,60}\sby(?:\s(?:an?\s)?(?:approximately|about"
    r"|estimated))?\s$",
    re.IGNORECASE,
)
_REDUCED = re.compile(r"\s?(?:lower|reduction|reduced|decrease|improvement|increase|relative|less)\b")
_CONNECTOR = re.compile(r"\b(?:vs\.?|versus|compared\s(?:with|to)|and|against|than|relative\sto|or)\b|[,/]")
_AFTER = re.compile(
    r"[\s,)\]]*(?:of\s(?:the\s)?(?:\d+\s)?(?:patients|participants|those|adults|individuals|women|men)\s?|achieved\s|and\s)?"
    r"(?:(?:in|for|with|among|on|from|receiving|who|were|had|treated|given|assigned|randomi[sz]ed|received|to|of|the"
    r"|those|patients|participants|who\shad|only|alone|by|an?|after"
    r"|treatment|arm|group|standard|adding|all|under|recipients|single-agent|single|agent|either)\b[\s(]*){1,9}$"
)


@dataclass
class Segment:
    """One endpoint of a unit and the quantities it governs."""

    endpoint: Mention
    start: int
    figures: list[Quantity] = field(default_factory=list)


def is_landmark(reading: Reading, quantity: Quantity, start: int) -> bool:
    """Whether a quantity sets a time, an age or a threshold and measures nothing."""
    text = reading.text
    before = text[max(start, quantity.span[0] - 48) : quantity.span[0]]
    after = text[quantity.stop : quantity.stop + 24]
    if quantity.kind == "time" and (text[quantity.span[1] : quantity.span[1] + 1] in "-‐‑" or _FOLLOW_UP.search(before)):
        return True
    if quantity.ci is not None:
        return False
    if quantity.kind == "time":
        return bool(_NOT_MEASURED.search(before) or re.match(r"\s(?:of\sage|or\s(?:older|longer|more)|prior|before|ago|and\solder)", after))
    if quantity.kind == "percent":
        return bool(
            re.search(r"(?:[≥>≤<]=?|\b(?:least|expression(?:\sof)?|TPS(?:\sof)?|CPS|power(?:\sof)?|alpha(?:\sof)?))\s?$", before)
            or _LEVEL.match(after)
            or _BY_WORDS.search(before)
            or _REDUCED.match(after)
        )
    return False


def measured(reading: Reading, unit: int) -> list[Quantity]:
    """The quantities of a unit that report something."""
    start, _ = reading.document.units[unit]
    kinds = (*_MEASURES, "ratio", "difference", "p")
    return [q for q in reading.quantities[unit] if q.kind in kinds and not is_landmark(reading, q, start)]


def segments(reading: Reading, unit: int, quantities: list[Quantity], carried: Mention | None) -> list[Segment]:
    """The endpoints of a unit with what each governs: the last endpoint named before a figure, else the first after it."""
    start, end = reading.document.units[unit]
    endpoints = [m for m in reading.endpoints.between(start, end, "endpoint") if not _only_in_ratio(reading, m)]
    found: list[Segment] = []
    for quantity in quantities:
        at = quantity.span[0]
        before = [m for m in endpoints if m.start < at]
        chosen = before[-1] if before else _following(reading, endpoints, quantity) or carried
        if chosen is None:
            continue
        if not found or found[-1].endpoint is not chosen:
            found.append(Segment(chosen, chosen.start if chosen.start < at else start))
        found[-1].figures.append(quantity)
    return found


def _only_in_ratio(reading: Reading, mention: Mention) -> bool:
    """Whether, as in "hazard ratio for death", it names no endpoint of its own."""
    return bool(re.search(r"(?:ratio|HR)(?:\s?[\[(]HR[\])])?\sfor\s$", reading.text[max(0, mention.start - 24) : mention.start]))


def _following(reading: Reading, endpoints: list[Mention], quantity: Quantity) -> Mention | None:
    """The endpoint told after its figure, as in "63% of patients achieved a complete response"."""
    after = [m for m in endpoints if 0 <= m.start - quantity.stop <= 90]
    return after[0] if after and quantity.kind in ("percent", "ratio", "time", "missing") else None


# ---- arms ------------------------------------------------------------------------------------------------------------------------


def _between(refs: list[ArmRef], start: int, end: int) -> list[ArmRef]:
    return [r for r in refs if r.span[0] >= start and r.span[1] <= end]


def _ref_after(reading: Reading, refs: list[ArmRef], quantity: Quantity, limit: int) -> ArmRef | None:
    """The arm told right behind a figure: "63% ... in the control arm"."""
    for ref in _between(refs, quantity.stop, limit):
        gap = reading.text[quantity.stop : ref.span[0]]
        unit = re.match(r"\s?(?:%|[a-z]+)?(?:\s?\([^()]{0,90}(?:\([^()]{0,40}\)[^()]{0,60})?\))?", gap)
        rest = gap[unit.end() :] if unit and len(gap) > unit.end() else gap
        if len(gap) <= 150 and (_AFTER.fullmatch(rest) or _AFTER.fullmatch(gap)):
            return ref
    return None


def past_arm(reading: Reading, refs: list[ArmRef], quantity: Quantity, limit: int) -> int:
    """Where a figure ends with the arm told behind it: what is told next starts there."""
    ref = _ref_after(reading, refs, quantity, limit)
    return ref.span[1] if ref else quantity.stop


def assign_arms(
    reading: Reading, figures: list[Quantity], refs: list[ArmRef], order: list[str], start: int, end: int
) -> Iterator[tuple[Quantity, ArmRef | None, str | None]]:
    """Each measure of one endpoint with the arm it belongs to, by what stands behind it, before it, or by its place in a comparison."""
    lead = _between(refs, start, figures[0].span[0]) if figures else []
    named = list(dict.fromkeys(r.arm for r in lead))
    # "in the X and Y arms were 11 and 6 months, respectively"
    tail = reading.text[figures[0].span[0] : end] if figures else ""
    listed = (
        len(figures) > 1
        and len(named) == len(figures)
        and ("respectively" in tail or not any(_ref_after(reading, refs, q, end) for q in figures))
    )
    position, last = 0, start
    for i, quantity in enumerate(figures):
        limit = figures[i + 1].span[0] if i + 1 < len(figures) else end
        gap = reading.text[last : quantity.span[0]]
        if i and (len(gap) > 160 or not _CONNECTOR.search(gap) or ";" in gap):
            position = 0
        after = _ref_after(reading, refs, quantity, limit)
        before = _between(refs, last, quantity.span[0])
        if listed:
            ref: ArmRef | None = next(r for r in lead if r.arm == named[i])
        else:
            ref = after or (
                before[-1] if before and not (i and _ref_after(reading, refs, figures[i - 1], quantity.span[0]) is before[-1]) else None
            )
        if ref is not None:
            yield quantity, ref, ref.arm
            position = order.index(ref.arm) + 1 if ref.arm in order else position + 1
        else:
            yield quantity, None, order[min(position, len(order) - 1)] if position < len(order) or len(order) == 1 else None
            position += 1
        last = quantity.stop
