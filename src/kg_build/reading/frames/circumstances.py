"""What is told around the figures of an endpoint: when, by whom assessed, in whom."""

from __future__ import annotations

import re

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_COUNT = r"\d{1,3}(?:\.\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty-four"
_LANDMARK = lazy(
    rf"\b(?:(?P<time>{_COUNT})[-‐‑\s](?P<unit>month|year|week|mo|yr|wk)(?=[-\s](?:landmark\s)?(?:[a-z-]{{1,24}}\s){{0,3}}(?:PFS|OS|EFS|DFS|IDFS|iDFS"
    r"|RFS|DOR|DoR|MFS|rPFS|rates?|progression|overall|event|disease|estimated|survival|relapse|invasive|recurrence|landmark|distant"
    r"|metastasis|failure|duration|local|cumulative|freedom|response))"
    r"|(?:at|for\sat\sleast|beyond|by|after|over)\s(?:the\s|week\s(?=\d)|month\s(?=\d))?"
    rf"(?P<time2>{_COUNT})[-‐‑\s](?P<unit2>month|year|week|mo|yr|wk)s?\b"
    rf"|\b(?P<time4>{_COUNT})\s(?P<unit4>month|year|week)s\s(?:on|later|after)\b"
    r"|\b(?:at|by|through)\s(?P<unit3>week|month|year)\s(?P<time3>\d{1,3})\b)",
    re.IGNORECASE,
)
_SEVERAL = lazy(
    rf"\b(?P<times>(?:(?:{_COUNT})[-‐‑]?(?:,\s|\s?/\s?|,?\s(?:and|&)\s)(?:at\s)?){{1,4}}(?:{_COUNT}))[-‐‑\s](?P<unit>month|year|week|mo|yr|wk)s?\b",
    re.IGNORECASE,
)
_BEHIND = lazy(
    r"[\s)\]]*(?:(?:of\s(?:the\s)?(?:patients|responders)|(?:were\s)?(?:still\s)?(?:alive|event-free|progression-free|in\sresponse))\s){0,2}"
    rf"(?:at|by|after)\s(?P<time>{_COUNT})\s(?P<unit>month|year|week|mo|yr|wk)s?\b",
    re.IGNORECASE,
)
_LASTING = lazy(
    r"(?:\bDO[Rr]\b|duration|respon\w+|remission|lasting|lasted|ongoing)[^.;%]{0,60}?(?:at\sleast|≥|>=|of|for|exceeding|than"
    r"|beyond|lasted)\s?(?P<time>\d{1,3}|six|nine|twelve)\s(?P<unit>months?|mos?|years?)\b"
)
_LASTING_TOO = lazy(
    r"[\s)\]]*(?:of\s\w+\s)?(?:for\s)?(?:≥|>=|>|at\sleast|beyond|longer\sthan|more\sthan)\s?(?P<time>\d{1,3}|six|nine|twelve)\s(?P<unit>months?"
    r"|mos?|years?)\b"
)
ASSESSED = lazy(
    r"\b(?P<investigator>investigators?['’]?s?(?=[-\s](?:assess|review|determin|evaluat)|\b))"
    r"|(?P<bicr>blinded\sindependent\s(?:central\s)?(?:radiolog\w+\s)?(?:review|committee)(?:\scommittee)?(?:\s\(\w+\))?|\bBICR\b)"
    r"|(?P<irc>(?:blinded\s)?(?:independent|central)\s(?:central\s)?(?:radiolog\w+\s)?(?:review(?:ers?)?(?:\s(?:committee|facility))?|assessment"
    r"|readers?|committee)|\bIRC\b|\bICR\b|\bIRF\b|\bIRRC\b)",
    re.IGNORECASE,
)
_BY = lazy(
    r"\b(?:per|by|according\sto|as\sassessed|assessed|review|-assessed|determined|evaluat\w+|adjudicated|readers?)\b"
    r"|[-–]\s?assess",
    re.IGNORECASE,
)
_POPULATION = lazy(
    r"(?:In|Among|Across|For|Within)\s(?:the\s)?(?P<who>(?=[^,]{0,80}\b(?:subgroup|subset|overall\spopulation"
    r"|intention-to-treat|intent-to-treat|ITT|all\srandomi[sz]ed|(?:patients|those|women|men|participants|individuals)\s(?:with|whose|without|who|aged)"
    r"|population))[^,;.]{4,90}),\s"
)
_POPULATION_BEHIND = lazy(
    r"[\s)\]]*(?:in|for|among)\s(?:the\s)?(?P<who>(?:patients|those|women|men|participants)\s(?:with|whose|without)\s[^,;.()\d]{3,70}?"
    r"|(?!placebo|control|treatment|combination|experimental)(?:[\w/+-]+\s){1,4}(?:subgroup|subset|patients|population)"
    r"|(?:[\w/+-]+\s){0,3}[\w-]*(?:mutant|mutated|wild[-\s]type|positive|negative)(?:\sdisease)?)(?=\s?[\[(,;.]|\s(?:and|vs|versus|was|were)\b|$)"
)
_NUMBERS = {
    w: str(n)
    for n, w in [
        *enumerate("one two three four five six seven eight nine ten".split(), 1),
        (12, "twelve"),
        (18, "eighteen"),
        (24, "twenty-four"),
    ]
}

Told = tuple[str, Span]
"""What a slot holds, and where it stands."""


def _time(count: str, unit: str) -> str:
    number = _NUMBERS.get(count.lower(), count)
    unit = {"mo": "month", "yr": "year", "wk": "week"}.get(unit.lower(), unit)
    return f"{number} {unit.lower()}{'' if number == '1' else 's'}"


def landmark(reading: Reading, start: int, end: int) -> Told | None:
    """The time at which a share was taken, the last one named within [start, end): "the 24-month rate", "at 2 years"."""
    match = next(iter(list(_LANDMARK.finditer(reading.text, start, end))[-1:]), None)
    if match is None:
        return None
    suffix = next(s for s in ("", "2", "3", "4") if match[f"time{s}"])
    return _time(match[f"time{suffix}"], match[f"unit{suffix}"]), match.span()


def landmarks(reading: Reading, start: int, end: int) -> list[Told]:
    """Several times named in one breath: "the 1-, 2- and 3-year rates", "at 12 and 24 months"."""
    match = _SEVERAL.search(reading.text, start, end)
    if match and re.search(r"follow-?\s?up\s(?:of|was|for)\s$", reading.text[max(0, match.start() - 16) : match.start()]):
        return []
    counts = list(re.finditer(rf"\b(?:{_COUNT})\b", match["times"], re.IGNORECASE)) if match else []
    return [(_time(c[0], match["unit"]), (match.start("times"), match.end())) for c in counts if match]


def landmark_behind(reading: Reading, at: int, end: int) -> Told | None:
    """The time told right behind a share: "84% at 12 months"."""
    match = _BEHIND.match(reading.text, at, end)
    return (_time(match["time"], match["unit"]), (match.start("time"), match.end())) if match else None


def lasting(reading: Reading, at: int, end: int) -> Told | None:
    """How long the responses lasted that a share behind which it stands is of: "63% had responses lasting at least 6 months"."""
    match = _LASTING.search(reading.text, at, end) or _LASTING_TOO.match(reading.text, at, end)
    if match is None:
        return None
    unit = "years" if match["unit"].startswith("y") else "months"
    return f">={_NUMBERS.get(match['time'], match['time'])} {unit}", match.span("time")


def assessment(reading: Reading, start: int, end: int) -> Told | None:
    """Who assessed the endpoint, where the words around its name say so."""
    text = reading.text
    for match in ASSESSED.finditer(text, start, end):
        if match["bicr"] or match["irc"] or _BY.search(text, max(start, match.start() - 24), min(len(text), match.end() + 12)):
            return assessor(match), match.span()
    return None


def assessor(match: re.Match[str]) -> str:
    """How facts name who assessed."""
    if match["investigator"]:
        return "investigator"
    return re.sub(r"\s\(\w+\)$", "", " ".join(match[0].split())) if " " in match[0] else match[0]


def population(reading: Reading, start: int, end: int) -> Told | None:
    """Of whom the figures of a sentence are, where it opens with them: "In patients with ..., "."""
    match = _POPULATION.match(reading.text, start, end)
    return (" ".join(match["who"].split()), match.span("who")) if match else None


def population_behind(reading: Reading, at: int, end: int) -> Told | None:
    """Of whom a figure is, told right behind it: "5.0 months for patients with resistant disease"."""
    match = _POPULATION_BEHIND.match(reading.text, at, end)
    return (" ".join(match["who"].split()), match.span("who")) if match else None
