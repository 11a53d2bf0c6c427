"""Dates as texts print them -> YYYY-MM-DD, YYYY-MM or YYYY, no more exact than printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.document import Span

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH.format('m1')}\s(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y1>(?:19|20)\d\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH.format('m2')},?\s(?P<y2>(?:19|20)\d\d)"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<n3>\d\d)-(?P<d3>\d\d)"
    rf"|{_MONTH.format('m4')},?\s(?:of\s)?(?P<y4>(?:19|20)\d\d)|(?<=\bin\s)(?P<y5>(?:19|20)\d\d))(?![\d-])"
)


@dataclass(frozen=True)
class Date:
    """A printed date."""

    iso: str
    span: Span


def _month(printed: str) -> int:
    return next(i for i, name in enumerate(_MONTHS, start=1) if name.startswith(printed[:3].lower()))


def _iso(match: re.Match[str]) -> str | None:
    if match["y5"]:
        return match["y5"]
    if match["y4"]:
        return f"{match['y4']}-{_month(match['m4']):02}"
    if match["y3"]:
        return match[0] if 1 <= int(match["n3"]) <= 12 and 1 <= int(match["d3"]) <= 31 else None
    n = "1" if match["y1"] else "2"
    day = int(match[f"d{n}"])
    return f"{match[f'y{n}']}-{_month(match[f'm{n}']):02}-{day:02}" if 1 <= day <= 31 else None


def dates(text: str, start: int = 0, end: int | None = None) -> Iterator[Date]:
    """Dates of a stretch of text, in order.

    >>> [d.iso for d in dates("On August 5, 2024, after 3 May 2021 and in June 2020")]
    ['2024-08-05', '2021-05-03', '2020-06']
    """
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        if iso := _iso(match):
            yield Date(iso, match.span())
