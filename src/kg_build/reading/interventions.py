"""Stage 2f: what arms are given under words that no table knows: told by the assignment ("to an exercise programme or usual care")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import BRACKETS

if TYPE_CHECKING:
    from kg_build.reading.mentions import Mentions

_ASSIGNED = lazy(
    r"\b(?:randomi[sz]ed|randomly\s(?:assigned|allocated)|assigned|allocated)\b(?:[^.;]|\.(?=\d)){0,160}?"
    r"\bto\s(?!(?-i:[IVX]{1,4}[A-C]?\d?|T\d|N\d)\b|\d+\syears)(?:(?:receive|undergo|have|either|be\streated\swith|treatment\swith)\s){0,2}(?P<list>(?:[^.;]|\.(?=\d)){5,320})",
    re.IGNORECASE,
)
_OR = lazy(r"\s?\b(?:or|versus|vs\.?)\s(?:to\s)?(?:(?:receive|undergo|have)\s)?", re.IGNORECASE)
_COMMA = lazy(r",\s(?:to\s)?")
_NAME = lazy(
    r"(?:(?:an?|the|either|to|receive|undergo|additional|\d[\w-]*|(?:one|two|three|four|five|six|eight|twelve)(?:-\w+)?|(?:cycles?|courses?|doses?|weeks?|months?)\sof)\s){0,4}"
    r"(?P<name>[A-Za-z][\w/’'-]*(?:\s(?!(?:for|every|until|at|in|followed|once|twice|on|as|before|after|during|within|given|administered|plus|then|with"
    r"|from|over|to|by|and|according|per|each|that|which|who|was|were|alone|only)\b)[A-Za-z0-9][\w/’'-]*){0,5})"
)
_NO_NAME = lazy(
    r"of\s.*|(?:(?:the|one|two|three|four|both|either|each|study|treatments?|treated|experimental|interventions?|control|standard|comparator|of|arms?|groups?|cohorts?|these"
    r"|strateg\w+|regimens?|therap\w+|same|this|that|other|another|not|no|without|alone|mg\S*|g|µg\S*|mcg\S*|Gy|IU|mL?|an?|first|second|more|less|higher|lower|day|week|month|open|ratio|death|placebo"
    r"|active|patients|participants|physician\S*|investigator\S*|choice|randomi[sz]\w+|oral|intravenous|high|low|early|late|immediate|delayed)\s?)+",
    re.IGNORECASE,
)
_DOSE = lazy(
    r"(?:mg|mcg|µg|µL|m?[gL]|Gy|IU|units|cycles|doses|days|weeks|months|years|once|twice|orally|intravenously|subcutaneously|daily|weekly)\b"
)
"""What stands between two alternatives that are doses or times: "8 mg or 12 mg orally"."""
_NO_NOUN = lazy(r".*\s(?:groups?|arms?|cohort)|[\w-]+(?:ly|ous|al|ive|ary|ed|ic|able)|(?:once|twice|thrice)-\w+(?:\s\w+ly)?", re.IGNORECASE)
_GROUP = r"(?:[-\s](?:alone|only|based|treated))?\s(?:groups?|arms?|cohorts?|patients|recipients)\b"
_LEAD = r"(?<=\bwith\s)|(?<=\bafter\s)|(?<=\bfor\s)|(?<=\bin\s)|(?<=\band\s)|(?<=\bversus\s)|(?<=\bvs\s)|(?<=\bthan\s)|(?<=\bthe\s)"
_IDLE = frozenset("therapy treatment care alone standard group arm plus and with the for only usual based no further".split())


def assigned_names(text: str, known: Mentions) -> dict[str, str]:
    """Printed name -> name of what patients were assigned to, where no table knows it and it is set against something else."""
    found: dict[str, str] = {}
    for match in _ASSIGNED.finditer(text):
        chunks = list(_chunks(text, match.span("list")))
        for start, end in chunks if len(chunks) > 1 else ():
            name = _NAME.match(text, start, end)
            if name and _telling(text, name.span("name"), end, known):
                found[name["name"]] = name["name"].lower() if not re.search(r"[A-Z]\w*[A-Z\d]", name["name"]) else name["name"]
    return found


def _chunks(text: str, span: Span) -> Iterator[Span]:
    """The alternatives of a list, brackets in it left aside; commas part them only before the last "or"."""
    start, end = span
    brackets = [m.span() for m in BRACKETS.finditer(text, start, end)]
    cuts = [m.span() for m in _OR.finditer(text, start, end) if not any(a <= m.start() < b for a, b in brackets)]
    if not cuts:
        return
    commas = [m.span() for m in _COMMA.finditer(text, start, cuts[-1][0]) if not any(a <= m.start() < b for a, b in brackets)]
    last = start
    for low, high in sorted({*cuts, *commas}):
        yield last, low
        last = high
    yield last, end


def _telling(text: str, name: Span, end: int, known: Mentions) -> bool:
    """Whether words name an intervention: no table knows any part of them or of what stands with them, and they are no idle words."""
    words = text[slice(*name)]
    if len(words) < 5 or _DOSE.match(words) or _NO_NAME.fullmatch(words) or _NO_NOUN.fullmatch(words):
        return False
    if known.between(name[0], end, "agent", "class", "combo") or any(known.covering(name[0], kind) for kind in ("agent", "class", "combo")):
        return False
    strategy = known.between(*name, "strategy")
    return not strategy or strategy[0].end - strategy[0].start < len(words)


def short_references(text: str, start: int, end: int, regimens: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[Span, str]]:
    """The places that mean an arm by a word of its intervention: "the exercise group", "after dissection"."""
    worded = [(arm, _words(names[0])) for arm, names in regimens if len(names) == 1 and " " in names[0]]
    for arm, words in worded:
        own = words - {w for other, theirs in worded if other != arm for w in theirs} - _IDLE
        for word in sorted(own):
            told = re.escape(word)
            pattern = re.compile(rf"(?:{_LEAD})(?:[\w-]{{1,20}}\s)?\b{told}(?:{_GROUP}|\salone\b)|\b{told}{_GROUP}", re.IGNORECASE)
            for match in pattern.finditer(text, start, end):
                yield match.span(), arm


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", name.lower()))
