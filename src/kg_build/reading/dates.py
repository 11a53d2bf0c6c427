"""Dates as texts print them -> YYYY-MM-DD, YYYY-MM or YYYY, no more exact than printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>(?:19|20)\d\d)"
_FORMS = (
    rf"{_MONTH.format('m1')}\s{_DAY.format('d1')}(?:,\s?|\s){_YEAR.format('y1')}",
    rf"{_DAY.format('d2')}\s(?:of\s)?{_MONTH.format('m2')},?\s{_YEAR.format('y2')}",
    rf"{_YEAR.format('y3')}(?P<s3>[-/.])(?P<n3>\d\d)(?P=s3)(?P<d3>\d\d)",
    rf"(?P<d4>\d\d?)\.\s?(?P<n4>\d\d?)\.\s?{_YEAR.format('y4')}",
    rf"(?P<a5>\d\d?)/(?P<b5>\d\d?)/{_YEAR.format('y5')}",
    rf"{_YEAR.format('y6')}\s?年\s?(?P<n6>\d\d?)\s?月(?:\s?(?P<d6>\d\d?)\s?日)?",
    rf"{_MONTH.format('m7')},?\s(?:of\s)?{_YEAR.format('y7')}",
    rf"(?:[1-4]Q|Q[1-4]|H[12]|[12]H|(?:first|second|third|fourth)\s(?:quarter|half))(?:\sof|,)?\s{_YEAR.format('y8')}",
    rf"(?:(?<=\bin\s)|(?<=\bsince\s)|(?<=\bduring\s)|(?<=\bfrom\s))(?:early\s|mid-?\s?|late\s)?{_YEAR.format('y9')}(?!\s(?:patients|participants|adults|people|women|men|subjects)\b)",
    rf"{_MONTH.format('mA')}\s{_DAY.format('dA')}(?!\s?[\d%:.]|,\s?\d|\s(?:patients|months|weeks|days|years|of|to)\b)",
    rf"{_DAY.format('dB')}\s(?:of\s)?{_MONTH.format('mB')}(?=\s?[,.;)]|\s(?:the|that|and|by|with|for|[A-Z])\b|$)",
)
_DATE = lazy(rf"(?<![\w/.])(?<!\d-)(?:{'|'.join(_FORMS)})(?![\d-]|/\d|\.\d)")
_ALONE = lazy(r"[\s(\[]*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?$")
_HEADER = lazy(r"^(?:Published|Date|Posted|Issued)(?:\s(?:on|date))?:\s*(?P<value>.{4,60})$", re.MULTILINE | re.IGNORECASE)
_PLACE = lazy(r"[A-Z][A-Za-zÀ-ÿ .,'’()/&-]{2,60}?(?:,|\s[-–—]{1,2}|\s?\()\s?")
_OPENS = lazy(r"(?:On|In|By|Since|As|At|From|After|Until|The|This|It|An?)\b")
_HEAD = 6
_RELATIVE = lazy(
    r"\b(?:today|yesterday|(?:earlier\s|later\s)?(?:this|last|next)\s(?:week|month|year|quarter|spring|summer|autumn|fall|winter)"
    r"|(?:(?:a|one|two|three|four|five|six|seven|eight|nine|ten|several|\d{1,2})\s(?:days?|weeks?|months?|years?)"
    r"\s(?:ago|earlier|later))|on\s(?:Mon|Tues|Wednes|Thurs|Fri)day)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Date:
    """A printed date."""

    iso: str
    span: Span


def _month(printed: str) -> int:
    return next(i for i, name in enumerate(_MONTHS, start=1) if name.startswith(printed[:3].lower()))


def _iso(match: re.Match[str], said: str | None) -> str | None:
    group = match.groupdict()
    for form in "127":
        if group[f"y{form}"]:
            return _checked(group[f"y{form}"], _month(group[f"m{form}"]), group.get(f"d{form}"))
    for form in "346":
        if group[f"y{form}"]:
            return _checked(group[f"y{form}"], int(group[f"n{form}"]), group[f"d{form}"])
    if group["y5"]:
        return _slashed(group["y5"], int(group["a5"]), int(group["b5"]))
    form = "A" if group["mA"] else "B"
    return group["y8"] or group["y9"] or (_in_year_of(said, _month(group[f"m{form}"]), group[f"d{form}"]) if said else None)


def _checked(year: str, month: int, day: str | None) -> str | None:
    if not 1 <= month <= 12 or not 1 <= int(day or 1) <= 31:
        return None
    return f"{year}-{month:02}-{int(day):02}" if day else f"{year}-{month:02}"


def _slashed(year: str, a: int, b: int) -> str | None:
    """Month and day where only one of the two can be the month; else nothing but the year is sure."""
    if (a > 12) == (b > 12) and a != b:
        return year if a <= 12 else None
    return _checked(year, b if a > 12 else a, str(a if a > 12 else b))


def _in_year_of(said: str, month: int, day: str) -> str | None:
    """A date without a year, told on a known day: the last one of that name, not much after that day."""
    year = int(said[:4])
    ahead = len(said) == 10 and (month, int(day)) > (int(said[5:7]), int(said[8:]))
    return _checked(str(year - 1 if ahead and month - int(said[5:7]) > 3 else year), month, day)


def dates(text: str, start: int = 0, end: int | None = None, said: str | None = None) -> Iterator[Date]:
    """Dates of a stretch of text, in order; those without a year only where the day is known on which the text was `said`.

    >>> [d.iso for d in dates("On August 5, 2024, after 3 May 2021 and in June 2020")]
    ['2024-08-05', '2021-05-03', '2020-06']
    >>> [d.iso for d in dates("5/19/2023, 19.05.2023, 2023/05/19, 2024年5月17日, 04/05/2023, Q3 2024")]
    ['2023-05-19', '2023-05-19', '2023-05-19', '2024-05-17', '2023', '2024']
    >>> [d.iso for d in dates("On May 19, the agency ...", said="2023-06-01")]
    ['2023-05-19']
    """
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        if iso := _iso(match, said):
            yield Date(iso, match.span())


def dateline(text: str, paragraphs: tuple[Span, ...]) -> Date | None:
    """The day on which a text says it appeared: in its header, alone in one of its first lines, or behind a place that opens one."""
    if header := _HEADER.search(text, 0, 600):
        if date := next((d for d in dates(text, *header.span("value")) if len(d.iso) == 10), None):
            return date
    for start, end in paragraphs[:_HEAD]:
        for date in dates(text, start, min(end, start + 90)):
            lead = text[start : date.span[0]]
            if len(date.iso) == 10 and (_ALONE.match(lead) or (_PLACE.fullmatch(lead) and not _OPENS.match(lead))):
                return date
    return None


def date_alone(text: str, start: int, end: int) -> Date | None:
    """The date that is all a stretch prints, as notices put it behind their last sentence."""
    date = next(dates(text, start, end), None) if end - start < 60 else None
    alone = date and len(date.iso) == 10 and _ALONE.match(text[start : date.span[0]]) and not text[date.span[1] : end].strip(" .)]\n")
    return date if alone else None


def relative_date(text: str, start: int, end: int) -> Span | None:
    """Where a stretch tells a time in relation to when it was said: "last week", "three years ago"."""
    match = _RELATIVE.search(text, start, end)
    return match.span() if match else None
