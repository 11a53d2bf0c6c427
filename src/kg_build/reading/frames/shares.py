"""In how many patients: percentages with the counts printed around them, and counts that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.figures import is_landmark
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count, Quantity

_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBER = r"\d{1,3}(?:,\d{3})+|\d{1,5}"
_COUNT = rf"(?:{_NUMBER}|(?i:{'|'.join(_WORDS)}))"
_PEOPLE = r"(?:patients?|participants?|subjects?|cases?|events?|deaths?|people|persons?|women|men|children|individuals|adults|recipients)"
_THRESHOLD = lazy(
    r"(?:[≥>≤<]=?|\bleast\s|\bthan\s|\bover\s|\bup\sto\s|\bexceed\w*\s|\bincidence\s(?:of\s)?[≥>]?|\bin\sat\s|\bfrequency\sof\s|(?<!reported\s)(?<!experienced\s)(?<!seen\s)(?<!noted\s)\bby\s(?:about\s|an?\s)?|\babove\s"
    r"|\b(?:cut-?off|threshold)\s(?:of\s)?)\s?$"
)
_REPORTED = lazy(r"\b(?:reported|experienced|seen|noted)\sby\b")
_RANGED = lazy(r"\s?%?\s?(?:to|-|–)\s?\d{1,3}(?:\.\d+)?\s?%")
_BEFORE = lazy(
    rf"(?<![\w.,/≥>=-])(?<![≥>=]\s)(?<!rade\s)(?<!rades\s)(?P<count>{_COUNT})(?:\s?(?:/|of|out\sof)\s?(?:the\s)?(?P<n>{_NUMBER}))?(?:\s(?:[a-z-]+\s)?{_PEOPLE})?\s?[\[(]\s?$"
    rf"|[\[(]\s?(?:[Nn]\s?=\s?)?(?P<count2>{_NUMBER})(?:\s?(?:/|of)\s?(?P<n2>{_NUMBER}))?(?:\s{_PEOPLE})?\s?[;,]\s?$"
)
_BEHIND = lazy(
    rf"\s?%?(?:[\])]\s?(?:of|/)\s?(?:the\s)?(?P<n>{_NUMBER})\b"
    rf"|(?:\sof\s(?:the\s)?(?:\w+\s)?{_PEOPLE})?\s?[\[(;,]\s?(?:[Nn]\s?=\s?)?(?P<count>{_NUMBER})(?:\s?(?:/|of|out\sof)\s?(?:the\s)?(?P<whole>{_NUMBER}))?"
    rf"(?:\s{_PEOPLE})?(?=\s?[\])]))"
)
_EACH = lazy(rf"\s?%?\s?(?:of\s(?:the\s)?{_PEOPLE}\s)?(?:for\s)?each(?!\s(?:arm|group|cohort))\b|\s?%?\s?(?:of\s{_PEOPLE}\s)?\(each\)")
_ALONE = lazy(
    rf"(?<![\w.,/·%-])(?:(?P<count>{_COUNT})(?=\s(?:[\w-]+\s)?{_PEOPLE}\b)"
    rf"|(?P<arm>{_COUNT})(?=\s(?:in|with|on|for)\s(?:the\s)?[\w+/ -]{{2,50}}?(?:arm|group|cohort)s?\b)"
    rf"|(?<=\bvs\s)(?P<vs>{_COUNT})(?=[\s)\],;.]))"
)


_HEAD_PERCENT = lazy(r"\(%\)|[,;:]\s?%\s?(?=[):\]])|\bin\s%\s")
_BARE_PAIR = lazy(r"[\[(](?P<first>\d{1,2}(?:\.\d)?)(?:\s?(?:/|;|,|v|vs\.?)\s?(?P<second>\d{1,2}(?:\.\d)?))?[\])]")


@dataclass(frozen=True)
class Share:
    """How many of an arm: `span` is the figure, [start, stop) its whole notation."""

    span: Span
    start: int
    stop: int
    percent: float | None = None
    printed: str = ""
    count: Count | None = None
    n: Count | None = None
    each: bool = False


def _counted(match: re.Match[str] | None, *groups: str) -> Count | None:
    name = next((g for g in groups if match and match[g]), None)
    if match is None or name is None:
        return None
    printed = match[name]
    value = _WORDS.index(printed.lower()) + 1 if printed.isalpha() else int(printed.replace(",", ""))
    return Count(value, printed, match.span(name))


def _reports(reading: Reading, quantity: Quantity, start: int) -> bool:
    text, at = reading.text, quantity.span[0]
    return (
        quantity.kind == "percent"
        and isinstance(quantity.value, float)
        and quantity.value >= 0
        and not is_landmark(reading, quantity, start)
        and not (_THRESHOLD.search(text, max(start, at - 18), at) and not _by_whom(text, start, at))
        and not _RANGED.match(text, quantity.span[1])
    )


def _by_whom(text: str, start: int, at: int) -> bool:
    """Whether a "by" tells who reported it, here or once for the list: "reported by 31% and 19%, and fatigue by 7% and 12%"."""
    return text[max(start, at - 4) : at].endswith("by ") and _REPORTED.search(text, start, at) is not None


def _percent(reading: Reading, quantity: Quantity, start: int, end: int) -> Share:
    text = reading.text
    before = _BEFORE.search(text, max(start, quantity.span[0] - 40), quantity.span[0])
    if before and before["count"] and text[before.end("count") : before.end("count") + 1] == "%":
        before = None
    behind = _BEHIND.match(text, quantity.span[1], end)
    count = _counted(before, "count", "count2") or _counted(behind, "count")
    count = count if count and (count.printed.isdigit() or "," in count.printed) else None
    n = _counted(before, "n", "n2") or _counted(behind, "n", "whole")
    stop = max(quantity.stop, behind.end() if behind else 0)
    each = bool(_EACH.match(text, quantity.span[1], end))
    value = quantity.value if isinstance(quantity.value, float) else None
    begin = before.start() if before and count else quantity.span[0]
    return Share(quantity.span, begin, stop, value, quantity.printed or "", count, n, each)


def find_shares(reading: Reading, unit: int, others: list[Span], counts: bool) -> list[Share]:
    """The shares of a unit in order, none within `others`; counts alone only where asked for."""
    start, end = reading.document.units[unit]
    found = [_percent(reading, q, start, end) for q in reading.quantities[unit] if _reports(reading, q, start)]
    found += _headed(reading, found, start, end)
    if counts:
        found += _alone(reading, found, start, end)
    return sorted((s for s in found if not any(a <= s.span[0] < b for a, b in others)), key=lambda s: s.start)


def _headed(reading: Reading, shares: list[Share], start: int, end: int) -> Iterator[Share]:
    """Bare figures in brackets that an opening says are percentages: "TRAEs (any grade/grade ≥3, %): neuropathy (31/7)"."""
    head = _HEAD_PERCENT.search(reading.text, start, end) if "%" in reading.text[start:end] else None
    taken = [(s.start, s.stop) for s in shares]
    for match in _BARE_PAIR.finditer(reading.text, head.end(), end) if head else ():
        if any(a < match.end() and match.start() < b for a, b in taken):
            continue
        for name in filter(lambda name: match[name], ("first", "second")):
            yield Share(match.span(name), match.start(name), match.end(name), float(match[name]), match[name])


def _alone(reading: Reading, shares: list[Share], start: int, end: int) -> Iterator[Share]:
    """Counts without a percentage, of which the digits alone are figures."""
    taken = [(s.start, s.stop) for s in shares]
    for match in _ALONE.finditer(reading.text, start, end):
        count = _counted(match, "count", "arm", "vs")
        if count and not any(a < match.end() and match.start() < b for a, b in taken):
            yield Share(count.span, count.span[0], match.end(), count=count)
