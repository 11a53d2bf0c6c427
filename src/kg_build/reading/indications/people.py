"""Who an indication is for: the words for the people, their ages, what makes them fit or unfit for a transplant."""

from __future__ import annotations

import re

from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

_COUNT = r"(?:\d{1,2}|one|two|three|six|twelve|eighteen)"
_UNIT = r"(?:[- ]?(?:years?|months?|weeks?|yrs?)(?:[- ](?:of[- ]age|old))?)"
_OR_OLDER = r"(?:(?:,?\s(?:and|or)\s(?:older|above|over|up|younger|under)|\+))"
_AGE = (
    rf"(?:,?\s(?:who\sare\s|of\s)?(?:aged\s|ages\s|age\s|from\s|between\s)?(?:≥\s?|>\s?|<\s?|at\sleast\s|under\s|less\sthan\s"
    rf"|older\sthan\s|over\s)?"
    rf"{_COUNT}(?:{_UNIT})?(?:\s?(?:to|and|–|-|through)\s?(?:<\s?)?{_COUNT})?(?:{_UNIT})?{_OR_OLDER}?(?:\sof\sage)?(?=[\s,;.)]|$))"
)
_ADJECTIVE = (
    r"(?:adult|pa?ediatric|adolescent|elderly|older|younger|young|fit|frail|female|male|non-?pregnant|(?:post|pre|peri)-?menopausal"
    r"|immunocompetent|Asian|Japanese|Chinese|hospitali[sz]ed|ambulatory)"
)
_NOUN = r"(?:patients|adults|people|individuals|women|men|children|adolescents|participants|persons|infants|subjects|boys|girls|teenagers)"
_GROUP = rf"(?:(?:{_ADJECTIVE}|and|or|and/or|/)[\s,]{{1,2}}){{0,6}}{_NOUN}"
PEOPLE = lazy(
    rf"\b(?P<who>{_GROUP}(?:{_AGE})?(?:,?\s(?:and|or|and/or)\s(?:(?:in|for)\s)?{_GROUP}(?:{_AGE})?)?(?:,?\s(?:and"
    rf"|or)\s(?:young\s)?(?:adults?|adolescents?|children)\b)?"
    rf"(?:,?\sweighing\s(?:at\sleast|≥|more\sthan)\s?\d{{1,3}}\s?(?:kg|kilograms))?|those(?=\swith))",
    re.IGNORECASE,
)
_AGED = lazy(r"\d\s?(?:years?|months?|yrs?|weeks?)\b|\bof\sage\b|\baged\b", re.IGNORECASE)
_EVERYBODY = {"patients", "people", "individuals", "participants", "those", "persons", "subjects"}
_FITNESS = lazy(
    r"\b(?:(?:not|in)[- ]?(?:eligible|suitable)|not\s(?:good\s|considered\s)?(?:candidates?|fit)|unsuitable|unfit|unable|eligible|suitable"
    r"|candidates?|fit|cannot)\b[^,;]{0,40}?\btransplant|\btransplant\w*-(?:in)?eligible",
    re.IGNORECASE,
)


def population(view: View, low: int, high: int) -> tuple[str, int, int] | None:
    """The people named last within [low, high): (their words, start, end); None where they are just patients."""
    found = None
    for match in PEOPLE.finditer(view.text, low, high):
        found = match
    if found is None:
        return None
    words = view.told(*found.span("who"))
    aside = next((text for at, text in view.asides.items() if found.start() < at <= found.end() and _AGED.search(text)), None)
    words = f"{words} ({aside})" if aside else words
    words = re.sub(r"^(?:and|or)\s", "", words, flags=re.IGNORECASE)
    if words.lower() in _EVERYBODY:
        return None
    if words.lower() in ("adult patients", "adult people", "adult individuals", "adult participants", "adult subjects"):
        words = "adults"
    return words[0].lower() + words[1:] if words[1:2].islower() else words, *found.span("who")


def fitness(clause: str) -> bool:
    """Whether a clause tells who is fit or unfit for a transplant, which is who they are and not what stage they are at."""
    return _FITNESS.search(clause) is not None
