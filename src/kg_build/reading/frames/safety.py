"""Adverse events: which event, of which grade, in what share of which arm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.facts import AdverseEventRate
from kg_build.reading.arms import ArmView
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse, Study
from kg_build.reading.document import Span
from kg_build.reading.frames.figures import assign_arms, is_landmark, past_arm
from kg_build.reading.mentions import Mention
from kg_build.reading.quantities import Quantity

_SAFETY = re.compile(
    r"\badverse\s(?:\w+\s)?(?:effects?|events?|reactions?)|\bT[ER]AEs?\b|\bAEs?\b|\bSAEs?\b|\bside\seffects?"
    r"|\btoxicit(?:y|ies)\b|\bgrade\s(?:[1-5]|≥)|\bsafety\b|\bimmune-related\b",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"(?P<any>\b(?:any|all)[- ]grades?\b|\bof\sany\sgrade\b)|(?P<serious>\bserious\b|\bSAEs?\b)|(?P<fatal>\bfatal\b"
    r"|\bgrade\s5\b|\bled\sto\sdeath\b|\bdeaths?\b)"
    r"|\b[Gg]rades?\s(?P<low>[1-5])\s?(?:-|–|to|and|or|/)\s?(?P<high>[2-5])\b|(?:[Gg]rades?\s?(?:≥|>=)\s?(?P<ge>[1-5])"
    r"|≥\s?grade\s(?P<ge3>[1-5])|[Gg]rade\s(?P<ge2>[1-5])\s(?:or|and)\s(?:higher|greater|worse|above|more))"
    r"|\b[Gg]rade\s(?P<one>[1-5])\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(?:(?:fatal|serious|any-grade|all-grade|grade\s[\w≥/ -]{1,14}?|severe|treatment-emergent|treatment-related"
    r"|drug-related|immune-related|hematologic|nonhematologic|infusion-related|most\scommon|common)\s){0,4}"
    r"(?:(?:treatment-(?:emergent|related)|drug-related"
    r"|immune-related)\s)?(?:serious\s)?(?:adverse\s(?:drug\s)?(?:effects?|events?|reactions?)|side\seffects?"
    r"|toxicit(?:y|ies)|T[ER]AEs?|SAEs?|AEs?)\b(?:\s\((?:[A-Za-z]{2,6})s?\))?",
    re.IGNORECASE,
)
_STRIP = re.compile(
    r"^(?:(?:fatal|any-grade|all-grade|most\scommon|common|severe|grade\s(?:\d(?:\s?[-–/]\s?\d|\s(?:to|or|and)\s\d"
    r"|\sor\s(?:higher|greater|worse|above))?|≥\s?\d)|≥\s?grade\s\d)\s)+",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(
    r"(?:^|[,;:]\s|\b(?:and|were|included?|including|was|of|as|with|are|like)\s)(?:(?:and"
    r"|or)\s)?(?P<event>[A-Za-z][A-Za-z’' /-]{3,60}?)\s?\(\s?$"
)
_ITEM_IN = re.compile(
    r"(?:^|[,;]\s|\band\s|\bincluded\s)(?:and\s)?(?P<event>(?!occurred|were|was|the\s"
    r"|in\s)[A-Za-z][A-Za-z’' /-]{3,60}?)\s(?:(?:was|were)\s(?:reported|observed|seen|recorded)\s|occurred\s"
    r"|events\soccurred\s)?(?:in|among)\s(?:approximately\s|about\s)?$"
)
_OWN_GRADE = re.compile(r"[\[(]\s?(?:including\s)?[Gg]rades?\s[≥>=\w\s–-]{1,18}[,:]?\s$")
_LEAD = re.compile(r"\b(?:were|was|are|is|included?|including|with|of|as|like)\s")
_OUTCOMES = re.compile(
    r"(?:discontinu\w+|(?:dose|treatment)\s(?:reductions?|interruptions?|delays?"
    r"|modifications?))(?:[\w\s]{0,40}?(?:due\sto|because\sof|from|for)\s(?:an?\s)?(?:adverse\s\w+|TEAEs?|AEs?"
    r"|toxicity))?",
    re.IGNORECASE,
)
_NOT_EVENT = re.compile(
    r"\b(?:patients|arm|group|months|median|CI|treatment|range|response|survival|enrolled|received|age|women|men|trial"
    r"|study|analysis|reported|observed|occurred|seen|which|that|discontinu\w+)\b",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(r"(?:[≥>≤<]|\bleast\s|\bthan\s|incidence\sof\s|\bin\sat\s|frequency\sof\s)\s?$")


def read_safety(reading: Reading, discourse: Discourse) -> Iterator[AdverseEventRate]:
    """Every share of an adverse event."""
    safety_paragraph = -1
    for unit, (start, end) in enumerate(reading.document.units):
        paragraph = reading.document.paragraph_at(start)
        cue = _SAFETY.search(reading.text, start, end)
        if not cue and paragraph != safety_paragraph and not _table_event(reading, start, end):
            continue
        safety_paragraph = paragraph if cue else safety_paragraph
        study = discourse.study_at(unit, end)
        if study is not None:
            yield from _unit(reading, discourse, unit, study)


def _table_event(reading: Reading, start: int, end: int) -> bool:
    return bool(reading.mentions.between(start, end, "event")) and not reading.endpoints.between(start, end, "endpoint")


def _unit(reading: Reading, discourse: Discourse, unit: int, study: Study) -> Iterator[AdverseEventRate]:
    start, end = reading.document.units[unit]
    shares = [
        q
        for q in reading.quantities[unit]
        if q.kind == "percent"
        and not is_landmark(reading, q, start)
        and not _THRESHOLD.search(reading.text, max(start, q.span[0] - 18), q.span[0])
    ]
    events = _events(reading, start, end)
    groups = _grouped(reading, events, shares, start, end)
    if any(len(group) > 1 for _, group in groups) and not study.single:
        _ensure(study, 2)
    if not study.arms.views:
        _ensure(study, 1)
    refs = discourse.arm_refs(unit, study)
    order = [v.id for v in study.arms.views]
    opening = next((r for r in refs if not shares or r.span[1] <= shares[0].span[0]), None)
    last = start
    for event, group in groups:
        limit = next((e.start for e, _ in groups if e.start > group[-1].span[0]), end)
        for quantity, ref, arm in assign_arms(reading, group, refs, order, last, limit):
            chosen = arm if ref or len(group) > 1 or opening is None else opening.arm
            yield _rate(reading, study, event, quantity, chosen, start, end, ref.span if ref else None)
        last = past_arm(reading, refs, group[-1], limit)


def _ensure(study: Study, count: int) -> None:
    views = study.arms.views
    while len(views) < count:
        views.append(ArmView(f"A{len(views) + 1}", control=bool(views)))


# ---- events ----------------------------------------------------------------------------------------------------------------------


def _events(reading: Reading, start: int, end: int) -> list[Mention]:
    """Events of the table, list items in front of "(52%", and adverse events as a whole."""
    found = list(reading.mentions.between(start, end, "event"))
    for quantity in reading.quantities[reading.document.unit_at(start)]:
        low = max(start, quantity.span[0] - 90)
        for pattern in (_LIST_ITEM, _ITEM_IN) if quantity.kind == "percent" else ():
            item = pattern.search(reading.text, low, quantity.span[0])
            if item and (low == start or item.start() > low):
                begin = item.end("event") - len(_LEAD.split(item["event"])[-1])
                found.append(Mention(begin, item.end("event"), "event", reading.text[begin : item.end("event")]))
    for match in _WHOLE.finditer(reading.text, start, end):
        found.append(Mention(match.start(), match.end(), "whole", match[0]))
    for match in _OUTCOMES.finditer(reading.text, start, end):
        found.append(Mention(match.start(), match.end(), "whole", match[0]))
    found = [m for m in found if m.kind == "whole" or not _NOT_EVENT.search(m.name)]
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start and kept[-1].kind == mention.kind:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _grouped(reading: Reading, events: list[Mention], shares: list[Quantity], start: int, end: int) -> list[tuple[Mention, list[Quantity]]]:
    """Shares under the event named last before them; "in 12% of patients, pneumonia" is left to the event before."""
    groups: list[tuple[Mention, list[Quantity]]] = []
    for quantity in shares:
        before = [e for e in events if e.end <= quantity.span[0]]
        event = before[-1] if before else next((e for e in events if 0 <= e.start - quantity.stop <= 60), None)
        if event is None or (event.end <= quantity.span[0] and quantity.span[0] - event.end > 160):
            continue
        if groups and groups[-1][0] is event and not _OWN_GRADE.search(reading.text, max(start, quantity.span[0] - 30), quantity.span[0]):
            groups[-1][1].append(quantity)
        else:
            groups.append((event, [quantity]))
    return groups


def _rate(
    reading: Reading, study: Study, event: Mention, q: Quantity, arm: str | None, start: int, end: int, ref: Span | None
) -> AdverseEventRate:
    grade, grade_span = _grade(reading, event, q, start)
    spans = [("event", event.span), ("percent", q.span)]
    spans += [("grade", grade_span)] if grade_span else []
    spans += [("arm", ref)] if ref else []
    return AdverseEventRate(
        trial=study.name,
        event=_event_name(reading, event),
        grade=grade,
        arm=arm,
        percent=q.value if isinstance(q.value, float) else None,
        evidence=tuple(reading.evidence(*s) for s in spans),
        printed={"percent": q.printed or ""},
        confidence=0.85 if event.kind == "whole" or event.key else 0.75,
    )


def _event_name(reading: Reading, event: Mention) -> str:
    """The event in the text's words, short forms written out as the text defines them."""
    name = re.sub(r"\s\([A-Za-z]{2,6}\)$", "", " ".join(event.name.split()))
    name = _STRIP.sub("", name) if event.kind == "whole" else name
    words = [reading.names.abbreviations.get(word, word) for word in name.split()]
    return " ".join(words)


def _level(reading: Reading, match: re.Match[str], event: Mention) -> bool:
    """Whether a grade is told of an event and not in a bracket behind an earlier one."""
    return reading.depth(match.start()) <= reading.depth(event.start)


def _grade(reading: Reading, event: Mention, quantity: Quantity, start: int) -> tuple[str | None, Span | None]:
    """The grade told with the event, else the last one told before it in its unit."""
    own = _OWN_GRADE.search(reading.text, max(start, quantity.span[0] - 30), quantity.span[0])
    spans = [own.span()] if own else [(max(start, event.start - 24), event.end), (start, event.start)]
    told = ([m for m in _GRADE.finditer(reading.text, *span) if own or _level(reading, m, event)] for span in spans)
    found = next((matches[-1:] for matches in told if matches), [])
    if not found:
        return "any", None
    match = found[0]
    for name in ("any", "serious", "fatal"):
        if match[name]:
            return name, match.span()
    if match["low"]:
        return f"{match['low']}-{match['high']}", match.span()
    least = match["ge"] or match["ge2"] or match["ge3"]
    return (f">={least}" if least else match["one"]), match.span()
