"""What stands behind a disease, clause by clause: markers, earlier treatment, needs, risks, who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from kg_build.reading.indications.markers import TELLS
from kg_build.reading.indications.people import PEOPLE
from kg_build.reading.indications.priors import GIVEN, NEVER
from kg_build.reading.indications.stages import PLACE
from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

Kind = Literal["test", "marker", "prior", "need", "subtype", "partner", "people", "line", "other"]

REACH = 900
CUE = lazy(
    r"(?P<joint>\s?[,;]?\s?(?:(?:and|or|but)\s)?)(?<![-‐‑])\b(?P<cue>"
    r"who(?:se|m)?\b|(?:that|which)\s(?=(?:is|are|has|have|had|was|were|did|does|do|can|cannot|progress|relaps|recur|express|harbo|carr"
    r"|test|persist)\w*\b)"
    r"|with\sor\swithout\b|with(?:out)?\b|after\b|following\b|despite\b|on\sor\safter\b|by\san?\s(?:[\w-]+\s){0,3}test|"
    r"(?:as\s)?(?:determined|detected|confirmed|identified|assessed|diagnosed|defined)\s(?:by|using|with|on|in)\b"
    r"|as\s(?=(?:an?\s)?(?:adjunct|add-on|monotherapy|single|first|second|third|neoadjuvant|adjuvant|maintenance|initial|perioperative"
    r"|consolidation))"
    r"|including\b|such\sas\b|regardless\b|irrespective\b|at\s(?=(?:[\w-]+\s){0,5}(?:risk|relapse)\b)|harbou?ring\b"
    r"|(?:over)?expressing\b|carrying\b|demonstrating\b|requiring\b|undergoing\b|failing\b|considered\b"
    r"|ineligible\b|unsuitable\b|unable\b|intolerant\b|unfit\b|eligible\b|not\s(?=(?:eligible|suitable|candidates?|amenable|requiring"
    r"|curable|previously|responding|adequately|controlled|fit)\b)"
    r"|previously\s(?=(?:treated|untreated|exposed))|refractory\b|unresponsive\sto\b|resistant\b|progressing\b|relapsing\b|exposed\sto"
    r"|along\swith"
    r"|to\sinclude\b|in\scombination\b|in\s(?=(?:the\s|a\s)?(?:[\w-]+\s){0,4}(?:setting|relapse|remission|phase)\b)"
    r"|in\s(?=(?:[\w-]+,?\s){0,6}?(?:patients|adults|people|children|adolescents|women|men)\b)"
    r"|(?<=and\s)an?\s(?=(?:[\w-]+\s){1,4}(?:score|mutation|fusion|expression|rearrangement|amplification)\b)"
    r"|(?:and\s)?then\s(?:continued|followed)|followed\sby"
    r"|(?<=and\s)(?:have|has|had|are|is|were|was|do\snot|did\snot|cannot|developed|require|no|not|progressed|received)\b"
    r"|(?<=or\s)(?:have|has|had|are|is|were|was|do\snot|did\snot|cannot|relapse\b|developed|require))\b",
    re.IGNORECASE,
    often=True,
)
_TAIL_END = lazy(
    r"\b(?:based\son|supported\sby|on\sthe\s(?:basis|strength|back)|under\s(?:the|its|an?|accelerated|priority)|according\sto|backed\sby"
    r"|said|announced|reported|making|marking|becoming"
    r"|in\s(?:China|Japan|Europe|Canada|Australia|Korea|the\s(?:US|U\.S|EU|UK|United|European)\b)|with\s(?:a|an|the)\s(?:PDUFA|target"
    r"|decision|goal)|the\s(?:company|companies|agency|drug)"
    r"|,?\s(?:and|or)\s(?:for\s)?(?:(?:adults?|pa?ediatric|older|younger|other)\s)*(?:patients|adults|people"
    r"|children)\s(?:[\w≥-]{1,12}\s){0,6}?with|,?\sand\sfor\s|regardless\sof\sapproval|(?:was|were|is|has\sbeen)\s(?:also\s"
    r"|now\s)?(?:approved|granted|accepted|recommended|supported|authori[sz]ed|submitted)|(?<![-\w])(?<!FDA\s)approved|granted|approval\b"
    r"|(?:the\s)?(?:phase\s(?:\d|(?-i:[IV]))|trial\b|study\b|studies\b|results\b|data\b|safety\b)|while\b|because\b|although\b|where\b)"
    r"|\.(?=\s|$|(?-i:[A-Z])[a-z])|;\s(?=(?-i:[A-Z]))|:\s",
    re.IGNORECASE,
)
_CONTINUES = lazy(
    r"\b(?:progress\w*|fail\w*|relapsed?|recur\w*|respon\w+|risk|refractory|resistan\w+|intoleran\w+|treated|treatments?|therap\w+"
    r"|regimens?|chemotherap\w+|inhibitors?|antibod\w+|combination|combined|together|associated|along"
    r"|exposed|controlled|managed|inadequate\w*|disease|on\sor|during\sor|continued|followed|remission|compatible|consistent|at\shigh"
    r"|prior|received|and"
    r"|or)\s?$",
    re.IGNORECASE,
)
_CAUSE = lazy(r"\s(?P<cue>associated\swith|due\sto|caused\sby|related\sto|secondary\sto)\b")
_FUNCTION = lazy(
    r"(?:[\s,]|\b(?:and|or|but|who|whose|that|which|are|is|have|has|had|were|was|been|not|in|with|be|considered|"
    r"previously|still|also|either|do|did|as|no)\b){1,8}",
    re.IGNORECASE,
)
_SEQUENCE = lazy(r"(?:and\s)?then\s(?:continued|followed)|followed\sby", re.IGNORECASE)
_LISTED = lazy(r"(?:including|such\sas)\s(?:(?:adult|pa?ediatric|those)\s)*(?:patients|adults|people|children|those)?\s?", re.IGNORECASE)
_TO_PEOPLE = lazy(rf"in\s{PEOPLE.pattern}", re.IGNORECASE)
_OWN = lazy(
    r"(?:after|following|undergoing|with(?:\sor\swithout)?|despite|in|at|on\sor\safter|refractory|resistant|intolerant|including"
    r"|such\sas|exposed\sto)",
    re.IGNORECASE,
)
_THERAPY = lazy(r"\b(?:inhibitors?|antibod(?:y|ies)|therap(?:y|ies)|regimens?|agents?|drugs?|chemo\w+)\b")
_TEST = lazy(
    r"^(?:as\s)?(?:determined|detected|confirmed|identified|assessed|defined|diagnosed)\b|^by\s|\bFDA-?\s?approved\s(?:\w+\s)?test",
    re.IGNORECASE,
)
_NEED = lazy(
    r"\b(?:requir(?:e|es|ing)|need(?:s|ing)?|candidates?|(?:in)?eligible|(?:un)?suitable|amenable|curable|no\s(?:other\s|satisfactory\s"
    r"|available\s|acceptable\s)*(?:alternative|options?|treatment\soptions?|standard)|risk|unable|cannot|unfit|fit\sfor"
    r"|(?:complete|partial|minor)\s(?:or\s\w+\s)?(?:response|remission)|elected\snot|contraindicat\w+|not\s(?:able|been\sable|adequately"
    r"|controlled)|comorbidities|symptoms|symptomatic|undergo\w*|appropriate|lack"
    r"|(?:ejection\sfraction|fibrosis|brain\smetastas[ie]s|score|recurrence|(?:iodine|platinum|castration|radioiodine|BCG|imatinib"
    r"|steroid|treatment)[-\s](?:refractory|resistant|sensitive|unresponsive|ineligible|intolerant))|stable\sdisease)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A clause with what it tells of."""

    kind: Kind
    cue: str
    start: int
    end: int


def clauses(view: View, start: int, end: int) -> Iterator[Clause]:
    """The clauses of [start, end), up to where the sentence turns to something else."""
    stop = _TAIL_END.search(view.text, start, end)
    end = min(stop.start() if stop else end, start + REACH)
    edges = [*_edges(view, start, end), ("", end)]
    before: Kind = "other"
    for (cue, low), (_, high) in pairwise(edges):
        kind = _kind(view, cue.lower(), low, high, before)
        if kind == before == "prior" or view.told(low, high):
            yield Clause(kind, cue.lower(), low, high)
        before = kind


def _edges(view: View, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Where clauses begin; prepositions that go on with a verb ("progressed after", "treated with") begin none."""
    last = start
    if match := _CAUSE.match(view.text, start, end):
        yield match["cue"], match.start("cue")
    for match in CUE.finditer(view.text, start, end):
        cue, at = match["cue"].strip(), match.start("cue")
        goes_on = (
            _OWN.fullmatch(cue) and _CONTINUES.search(view.text, max(start, at - 24), at) and not _TO_PEOPLE.match(view.text, at)
        ) or cue == "with or without"
        if _SEQUENCE.match(view.text, last):
            return
        opened = last > start and (_FUNCTION.fullmatch(view.text, last, at) or _LISTED.fullmatch(view.text, last, at))
        if at == start or not (goes_on or opened):
            yield cue, at
            last = at


def _kind(view: View, cue: str, start: int, end: int, before: Kind) -> Kind:
    words = view.text[start:end]
    if _TEST.search(words):
        return "test"
    if cue in ("in combination",):
        return "partner"
    if cue in ("including", "such as"):
        given = _THERAPY.search(words) or not view.mentions(start, end, "condition")
        return "prior" if before == "prior" and given else "subtype"
    if PLACE.match(view.text, start, end):
        return "line"
    if NEVER.search(words):
        return "need"
    if cue.startswith(("then", "and then", "followed")):
        return "need"
    prior, marker = GIVEN.search(words), TELLS.search(words)
    need = _NEED.search(words)
    if marker and not any(m and m.start() < marker.start() for m in (prior, need)):
        return "marker"
    if need and not (
        prior and re.search(r"\b(?:who|have|has|had|that)\s(?:\w+\s){0,2}(?:received|progress|relapsed|been\streated)", words)
    ):
        return "need"
    if prior:
        return "prior"
    if cue == "as" and re.search(r"\b(?:adjunct|add-on)\b", words):
        return "need"
    if cue in ("in", "to include") and PEOPLE.search(words):
        return "people"
    return "line" if cue in ("as", "in", "at") else "other"
