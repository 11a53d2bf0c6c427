"""How grave an event was: grades as printed, and which grade is told of which share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_SIZE = r"(?:[1-5]|I{1,3}V?|IV|V)\b"
_GRADE = lazy(
    rf"(?P<any>\b(?:any|all)[- ]grades?\b|\bof\sany\sgrade\b|\bregardless\sof\sgrade\b)|(?P<serious>(?<!non-)(?<!non)\bserious\b|\bSAEs?\b)"
    r"|(?P<fatal>\bfatal\b|\bgrade\s5\b(?!\s?(?:-|–))|\b(?:led|leading|resulted|resulting)\s(?:to|in)\sdeaths?\b|\bdeaths?\b|\bdied\b)"
    rf"|\b(?:grades?|Gr\.?|G)\s?(?P<low>{_SIZE})\s?(?:-|–|—|to|and|or|/)\s?(?:grade\s)?(?P<high>{_SIZE})(?!\s?%)"
    rf"|(?:\b(?:grades?|gr\.?|G)\s?(?:of\s)?(?:[≥⩾]|>=|at\sleast\s)\s?(?P<ge>{_SIZE})|(?:[≥⩾]|>=)\s?(?:grade|gr\.?|G)\s?(?P<ge3>{_SIZE})"
    rf"|\bgrades?\s(?P<ge2>{_SIZE})\s(?:or|and)\s(?:higher|greater|worse|above|more|over)|\bgrades?\s(?P<ge4>[1-5])\+|\bgrades?\s>\s?(?P<over>[1-4]))"
    rf"|\b(?:grades?|Gr\.?)\s?(?P<one>{_SIZE})|(?P<severe>\bsevere\b)",
    re.IGNORECASE,
)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}


@dataclass(frozen=True)
class Grade:
    """A grade and where it is printed."""

    value: str
    span: Span


def _digit(printed: str) -> str:
    return _ROMAN.get(printed.upper(), printed)


def _value(match: re.Match[str]) -> str:
    for name in ("any", "serious", "fatal", "severe"):
        if match[name]:
            return name
    if match["low"]:
        return f"{_digit(match['low'])}-{_digit(match['high'])}"
    if match["over"]:
        return f">={int(match['over']) + 1}"
    least = match["ge"] or match["ge2"] or match["ge3"] or match["ge4"]
    return f">={_digit(least)}" if least else _digit(match["one"])


def find_grades(text: str, start: int, end: int) -> list[Grade]:
    """The grades that a unit prints, in order.

    >>> [g.value for g in find_grades("Grade III/IV rash, any-grade rash, fatal rash, rash of grade 3 or higher", 0, 73)]
    ['3-4', 'any', 'fatal', '>=3']
    """
    return [Grade(_value(m), m.span()) for m in _GRADE.finditer(text, start, end)]
