"""Who could enter a study: its people and their disease, and what let them in or kept them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_indication
from kg_build.reading.patterns import lazy

_DESCRIBES = lazy(r"\b(?:trial|study|stud(?:y|ies)|randomi[sz]ed|randomly|enrolled|assigned|recruited|treated|eligible)\b", re.IGNORECASE)
_PEOPLE = r"(?:patients|adults|participants|people|women|men|individuals|children|adolescents|subjects|volunteers)"
_TAKEN_IN = (
    lazy(
        rf"\b(?:enrolled|included|enrolling|recruited|recruiting|randomi[sz]ed|assigned|involving|evaluated|eligible|in|among|of)"
        rf"\s(?=[^.;]{{0,80}}?{_PEOPLE}\b)",
        re.IGNORECASE,
    ),
    lazy(
        rf"(?=\b(?:[\w,-]{{1,20}}\s){{0,6}}{_PEOPLE}\b[^.;]{{5,260}}?\s(?:were|was|underwent|received)\s(?:[\w:]{{1,14}}\s){{0,3}}?"
        r"(?:randomi[sz]ed|assigned|enrolled|recruited|eligible|included|treated|allocated)\b)",
        re.IGNORECASE,
    ),
)
_LIST = r"(?P<what>[^.]{5,400}?)"
_VERBS = r"(?:had|have|were|are|was|is|must\shave(?:\shad)?|needed\sto\shave|required)"
_LET_IN = tuple(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:enrolled|included|recruited)\s[^.;]{{0,160}}?\bwho\s{_VERBS}\s{_LIST}(?=[.;]|$)",
        rf"\beligible\s(?:[\w-]+\s){{0,2}}{_PEOPLE}\s(?:\([^()]{{2,60}}\)\s)?(?:were\srequired\sto\shave|{_VERBS})\s{_LIST}(?=\.(?:\s"
        rf"|$)|$)",
        rf"\b{_PEOPLE}\s(?:were|was|are)\s(?:considered\s)?eligible\s(?:for\s[\w\s]{{3,40}}?\s)?(?:if|when)\s(?:they\s|he\s"
        rf"|she\s)?{_VERBS}\s{_LIST}(?=\.(?:\s|$)|$)",
        rf"\b(?:key\s|main\s|major\s)?(?:inclusion|eligibility)\scriteria\s(?:were|included?|comprised|:)\s?{_LIST}(?=\.(?:\s|$)|$)",
        rf"\b{_PEOPLE}\swere\srequired\sto\shave\s{_LIST}(?=\.(?:\s|$)|$)",
    )
)
_KEPT_OUT = tuple(
    lazy(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_PEOPLE}\s(?:with|who\s(?:had|have|were|are)?)\s?{_LIST}\s(?:were|was|are)\s(?:also\s)?"
        r"(?:excluded|ineligible|not\s(?:eligible|permitted|allowed|included|enrolled))\b",
        rf"\b(?:trial|study|protocol|investigators)\s(?:also\s)?exclud(?:ed|es)\s{_PEOPLE}\s(?:with|who\s(?:had|have"
        rf"|were)?)\s?{_LIST}(?=\.(?:\s|$)|$)",
        rf"\b(?:key\s|main\s|major\s)?exclusion\scriteria\s(?:were|included?|comprised|:)\s?{_LIST}(?=\.(?:\s|$)|$)",
        rf"\b{_PEOPLE}\swere\s(?:excluded|ineligible|not\seligible)\sif\sthey\s(?:had|were|have)\s{_LIST}(?=\.(?:\s|$)|$)",
    )
)
_ITEMS = lazy(r";\s(?:and\s|or\s)?")
_INCLUSIONS = lazy(
    r"\sand\s(?=(?:had|were|failed|have|no|at|measurable|adequate|ECOG|Eastern)\b)"
    r"|,\s(?:and\s)?(?=(?:had|were|have|an?|no|at|measurable|adequate|ECOG|Eastern)\b)"
)
_EXCLUSIONS = lazy(r",\s(?:or\s)?(?:had\s|an?\s)?|\s(?:or|and)\s(?=had\s)|\sor\s(?=an?\s)")
_LEAD = lazy(r"^(?:(?:received|had|have|were|an?|and|or|the)\s)+", re.IGNORECASE)

_TRIES = 4


def who_entered(reading: Reading, units: Iterable[Span], alone: Callable[[Span], bool]) -> Indication | None:
    """The people of a study and their disease, from the first of its units that tells of nobody else's."""
    for low, high in units:
        if not (_DESCRIBES.search(reading.text, low, high) and alone((low, high))):
            continue
        for pattern in _TAKEN_IN:
            for match in islice(pattern.finditer(reading.text, low, high), _TRIES):
                found = read_indication(reading, match.end(), high)
                if found and found.condition:
                    return found
    return None


def criteria(reading: Reading, units: Iterable[Span]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What let people in and what kept them out, item by item."""
    spans = list(units)
    return _first(_LET_IN, _INCLUSIONS, reading.text, spans), _first(_KEPT_OUT, _EXCLUSIONS, reading.text, spans)


def _first(patterns: tuple[re.Pattern[str], ...], parted: re.Pattern[str], text: str, units: Iterable[Span]) -> tuple[str, ...]:
    for low, high in units:
        for pattern in patterns:
            if match := pattern.search(text, low, high):
                return tuple(_items(match["what"], parted))
    return ()


def _items(words: str, parted: re.Pattern[str]) -> Iterator[str]:
    for item in (_ITEMS if ";" in words else parted).split(" ".join(words.split())):
        if plain := _LEAD.sub("", item.strip(" ,;:")).strip():
            yield plain
