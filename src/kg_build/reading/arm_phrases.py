"""Stage 4b: the phrases that could mean an arm: labels, letters, amounts, cohorts, regimens with their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg_build.reading.arms import CONTROL, EXPERIMENTAL, Told
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import GIVEN, Regimen, regimens

_LABEL = lazy(
    rf"\b(?P<label>(?:(?:{EXPERIMENTAL}|{CONTROL})(?:[- ](?:alone|only|plus\s\w+))?))(?:(?:\s(?:or|and|vs\.?|versus)\s"
    rf"(?:the\s)?(?P<second>{EXPERIMENTAL}|{CONTROL}))?\s(?:arm|group|cohort|recipients|regimen|patients)s?\b)"
    r"|\b(?P<sort>triplet|quadruplet|doublet|(?-i:[Dd]uo|[Tt]rio)|controls|comparator|(?:higher|lower|highest|lowest)[- ]dose)\b",
    re.IGNORECASE,
)
_AMOUNT = lazy(
    r"(?<![\w.·])(?P<label>\d{1,3}(?:[.·]\d+)?[-\s](?:Gy|MBq|GBq|weeks?|months?|years?|days?|cycles?|fractions?|courses?))\s(?:groups?|arms?)\b"
)
"""An arm by what it is given most of: "the 74 Gy group", "the 6-month arm"."""
_LETTERED = lazy(
    r"\b(?P<word>[Aa]rm|[Gg]roup|[Cc]ohort|ARM|[Pp]art(?=s?\s[A-F]\b))s?\s(?P<key>\d[A-F](?!\w)|[A-F](?![\w-])|[1-6](?![\w.,]*\d(?!,?\s(?:and\s)?\d\b)|%)|I{1,3}V?\b)"
    r"(?P<more>(?:(?:,\s(?:and\s|or\s)?|\s(?:and|or|versus|vs\.?)\s|\s?/\s?)(?:\d?[A-F]|[1-6])(?!\w|[.,]\d|%|-\w)){1,4})?"
)
_LETTER = lazy(r"\d?[A-F]\b|[1-6]\b")
COHORT = lazy(
    r"\b(?P<label>(?:(?!(?i:the|in|this|each|and|of|both|second|first|treatment|study|patient|safety|overall|whole|entire|larger?|for|from|a|an|same"
    r"|across|per|every|any|all|other|one|two|three|four|third|fourth|new|another|pooled|our|their|which|that|was|were|expansion|dose|validation"
    r"|training|control|age|birth|total)\b)[A-Za-z0-9/+-]{2,20}\s){1,3}cohort|[Cc]ohort\s(?:[A-F]|[1-6])\b)"
)
"""A cohort by its name."""
ARM_WORD = lazy(
    r"(?:[\s-](?:alone|only|monotherapy|therapy|combination|treatment|regimen))?[\s-](?P<word>arm|group|cohort|recipient|regimen"
    r"|treated\s(?:patient|group|arm|participant|subject|individual|women|men))(?P<many>s?)\b"
)
_PRIOR = lazy(
    r"\b(?:prior|previous(?:ly)?|after|following|failed|failure\sof|refractory\sto|progress\w+\son|pretreated\swith|eligible\sfor|history\sof"
    r"|candidates\sfor|naive\sto|resistant\sto|intolerant\s(?:to|of)|premedication\swith|pretreatment\swith)\s(?:(?!versus\b|vs\b|or\b|compared\b)[\w-]{1,20}\s){0,3}$",
    re.IGNORECASE,
)
MARK = (
    r"(?:\b\d[\d.,·]{0,6}[-\s]?(?:mg|µg|μg|mcg|MBq|GBq|Gy|IU|g)(?:/(?:kg|m2|m²))?(?![\w/])"
    r"|\b(?:once|twice|three[-\s]times)[-\s](?:daily|weekly|monthly|a\sday)\b|\b(?:[2346]|two|three|four|six|bi)-?weekly\b|\bweekly\b|\bmonthly\b"
    r"|\b(?:every|q)[-\s]?(?:\d{1,2}|two|three|four|six)[-\s]?(?:weeks?|w\b|wk)|\b(?:high|low|standard|reduced|full|modified|escalated)[-\s]doses?\b"
    r"|\b(?:continuous|intermittent|concurrent|sequential(?:\salternating)?|alternating|immediate|delayed|deferred|early|late|intensive|accelerated"
    r"|hypofractionated|conventional|preoperative|postoperative|perioperative|peri-operative|neoadjuvant|adjuvant|oral|intravenous|subcutaneous"
    r"|short(?:er)?[-\s](?:course|term)|long(?:er)?[-\s](?:course|term)|extended|fixed-duration|maintenance|single-dose|two-dose)\b"
    r"|\b(?<![\d.·])(?:\d{1,2}|six|three|twelve|one|two)[-\s](?:month|week|year|cycle|dose)s?\b)"
)
"""What sets apart arms of one regimen: doses, schedules, order in time."""
_MARK = lazy(MARK, re.IGNORECASE, often=True)
_MARK_REACH = 34
_ADJECTIVES = lazy(
    r"(?:\b(?:primary|upfront|up-front|standard|single-agent|maintenance|first-line|second-line|investigational|matching)\s)+$"
)
_ORDER_IN_TIME = lazy(r"^(?:concurrent|sequential|neoadjuvant|adjuvant|perioperative|peri-operative|standard|concomitant)\s(?=chemo|radio)")
_LIST_OF_ARMS = lazy(r",\s[^,;.()]{3,50}\s(?:plus|and|\+)\s[^,;.()]{3,50},\sand\s")
"""A list with commas between its items and a plus within one: "X, X plus Y, and Z"."""
_LIST_COMMA = lazy(r"\s?,\s(?:and\s)?(?:the\s|an?\s)?")
_IT = lazy(
    r"\bthe\s(?:antibody|vaccine|(?:study\s|investigational\s)?(?:drug|agent|medicine|treatment)|molecule|combination)\b(?!\s(?:arm|group|cohort|of|was|is)\b)"
    r"|\bthe\s(?:ADC|antibody[-‐–]drug\sconjugate|bispecific(?:\santibody)?|radioligand|PROTAC|degrader|pill|tablet|shot|jab|injection|compound"
    r"|cell\stherapy|CAR[-\s]T(?:[-\s]cell)?(?:\stherapy)?)(?:\s(?:combination|regimen))?(?:\s(?:arm|group|cohort))?\b(?!\s(?:of|was|is|has|will)\b)"
)
"""What means the experimental arm without its name, as only one arm is given such a thing."""
_WITHOUT = lazy(r"(?<=\d\s|%\s|s\s)without(?:\s(?:it|the\s(?:antibody|drug|agent|inhibitor|vaccine|combination))\b|(?=\s?[,.;(]))")
"""What means the control where all but one drug is the same: "29.1 months without it"."""


def spelled_out(reading: Reading, regimen: Regimen) -> Regimen:
    """The regimen with the agents of a class that the text lists: "chemotherapy (X and Y)" is X and Y from there on."""
    details = reading.class_details
    names = tuple(dict.fromkeys(_ORDER_IN_TIME.sub("", n) for name in regimen.names for n in details.get(name, (name,))))
    return regimen if names == regimen.names else replace(regimen, names=names, spans=(regimen.spans[0],) * len(names))


def _labels(reading: Reading, start: int, end: int) -> Iterator[Told]:
    for match in _LABEL.finditer(reading.text, start, end):
        for group in ("label", "second", "sort"):
            if match[group]:
                yield Told((match.start(group), match.end() if group == "label" and not match["second"] else match.end(group)),
                           label=match[group].lower())  # fmt: skip
    for match in _AMOUNT.finditer(reading.text, start, end):
        yield Told(match.span(), label=match["label"].lower())
    for match in COHORT.finditer(reading.text, start, end):
        if not re.match(r"cohort\s", match["label"], re.IGNORECASE):
            yield Told(match.span("label"), label=match["label"].lower())
    for match in _LETTERED.finditer(reading.text, start, end):
        yield Told((match.start(), match.end("key")), label=f"arm {match['key']}")
        for letter in _LETTER.finditer(reading.text, *match.span("more")) if match["more"] else ():
            yield Told(letter.span(), label=f"arm {letter[0]}")


def marks_near(reading: Reading, span: Span, low: int, high: int) -> tuple[str, ...]:
    """The doses and schedules within a phrase and right before it, else those near it."""
    start = _with_marks(reading, low, span[0])
    if _MARK.search(reading.text, *span):
        return tuple(m[0].lower().replace("-", " ") for m in _MARK.finditer(reading.text, start, span[1]))
    if right := _MARK.match(reading.text, span[1] + 1, high):
        return (right[0].lower().replace("-", " "),)
    bounds = (start, span[0]) if start < span[0] else (max(low, span[0] - _MARK_REACH), min(high, span[1] + _MARK_REACH))
    return tuple(m[0].lower().replace("-", " ") for m in _MARK.finditer(reading.text, *bounds))


def list_comma(reading: Reading, start: int, end: int) -> re.Pattern[str] | None:
    """What sets apart the arms of a list with partners in it, told "respectively": "X, X plus Y, and Z"."""
    told = "respectively" in reading.text[start:end] and _LIST_OF_ARMS.search(reading.text, start, end)
    return _LIST_COMMA if told else None


def _regimen_phrases(reading: Reading, start: int, end: int) -> Iterator[Told]:
    apart = list_comma(reading, start, end)
    found = [spelled_out(reading, r) for r in regimens(reading, start, end, either=False, kinds=(*GIVEN, "strategy"), apart=apart)]
    for i, regimen in enumerate(found):
        if _PRIOR.search(reading.text, max(start, regimen.span[0] - 60), regimen.span[0]):
            continue
        word = ARM_WORD.match(reading.text, regimen.span[1], end)
        if (word and word["many"] and len(regimen.spans) > 1 and len(set(regimen.spans)) == 2) or _between(reading, regimen):
            yield from _apart(regimen)
            continue
        low = found[i - 1].span[1] if i else start
        high = found[i + 1].span[0] if i + 1 < len(found) else end
        span = (_with_marks(reading, low, regimen.span[0]), word.end() if word else regimen.span[1])
        yield Told(span, regimen=regimen, marks=marks_near(reading, regimen.span, low, high))


def _with_marks(reading: Reading, low: int, at: int) -> int:
    """Where a phrase starts with the doses and schedules right before it: "continuous high-dose X"."""
    lead = list(_MARK.finditer(reading.text, max(low, at - 2 * _MARK_REACH), at))
    for match in reversed(lead):
        if reading.text[match.end() : at] in (" ", "-", " of "):
            at = match.start()
    plain = _ADJECTIVES.search(reading.text, max(low, at - 40), at)
    return plain.start() if plain else at


def _between(reading: Reading, regimen: Regimen) -> bool:
    """Whether "and" sets its two items apart, as in "between X and Y" and "X and Y, respectively"."""
    if len(set(regimen.spans)) != 2:
        return False
    start, end = regimen.span
    before, behind = reading.text[max(0, start - 14) : start], reading.text[end : end + 30]
    return bool(re.search(r"\b(?:between|neither)\s(?:the\s)?$", before) or re.match(r",?\s(?:\w+,?\s)?respectively", behind))


def _apart(regimen: Regimen) -> Iterator[Told]:
    """The arms of "the X and Y arms"."""
    for span in dict.fromkeys(regimen.spans):
        names = tuple(n for n, s in zip(regimen.names, regimen.spans, strict=True) if s == span)
        yield Told(span, regimen=Regimen(span, names, (span,) * len(names)))


def _within(told: list[Told], span: Span) -> bool:
    return any(t.span[0] < span[1] and span[0] < t.span[1] for t in told)


def _lettered(reading: Reading, told: Told, labels: list[Told]) -> Told:
    """The regimen with the letter of its arm in the bracket behind it: "X plus Y (arm A, n = 40)"."""
    for label in labels:
        if label.label and label.label.startswith("arm ") and re.fullmatch(r"\s?[\[(]", reading.text[told.span[1] : label.span[0]]):
            return replace(told, label=label.label)
    return told


def phrases(reading: Reading, start: int, end: int) -> list[Told]:
    """Everything within [start, end) that could mean an arm, in order; a label inside a regimen phrase is left out."""
    known = reading.arm_phrases.get((start, end))
    if known is None:
        known = reading.arm_phrases[start, end] = _phrases(reading, start, end)
    return known


def _phrases(reading: Reading, start: int, end: int) -> list[Told]:
    told = list(_regimen_phrases(reading, start, end))
    labels = [t for t in _labels(reading, start, end) if COHORT.fullmatch(t.label or "") or not _within(told, t.span)]
    told = [_lettered(reading, t, labels) for t in told]
    taken = {t.label for t in told}
    return sorted(
        [*told, *(t for t in labels if t.label not in taken or not t.label or not t.label.startswith("arm "))], key=lambda t: t.span
    )


def anaphora(reading: Reading, start: int, end: int) -> Iterator[Told]:
    """What means the experimental arm without a name: "the antibody", "the combination"."""
    for match in _IT.finditer(reading.text, start, end):
        yield Told(match.span(), label="experimental")
    for match in _WITHOUT.finditer(reading.text, start, end):
        yield Told(match.span(), label="control")
