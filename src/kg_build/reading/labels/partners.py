"""What a medicine is given with in one of its uses."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kg_build.reading.context import Reading
from kg_build.reading.mentions import Mention
from kg_build.reading.naming import singular_class
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import GIVEN, Regimen, joined

_WITH = lazy(
    r"\b(?:in\s+combination|together|combined|concomitantly|concurrently|along|integrated|in\s+association"
    r"|as\s(?:a\s)?combination\s(?:therapy|treatment))\s+with\s"
    r"|\badded\s+(?:on\s+)?to\s|\bin\s+addition\s+to\s"
    r"|\bfollowed\s+by\s(?=\w+\s\()|(?<=\w)\s+plus\s|\bin\scombination:?\s",
    re.IGNORECASE,
)
_ALONE = lazy(r"\b(?:as\s+(?:an?\s+)?(?:\w+\s)?(?:monotherapy|single[- ]agent|single[- ]therapy)|monotherapy\b|alone\b)", re.IGNORECASE)
_ALONE_OR = lazy(
    r"\b(?:(?:as\s+(?:an?\s+)?)?(?:monotherapy|single[- ]agent)|alone)(?:\s\([^()]*\))?,?\s+(?:or|and)(?:\s+(?:as|used|given))?"
    r"(?:\s(?:an?\s)?(?:add-on|combination)(?:\stherapy|\streatment)?)?,?\s*(?:in\s+combination\s+)?(?:with|to)\s",
    re.IGNORECASE,
)
_OR = lazy(r"[\s,]*(?:or|and/or),?\s(?:alternatively,?\s)?(?:(?:in\scombination\s)?with\s)?(?:the\scombination\sof\s)?\s?", re.IGNORECASE)
_EARLIER = lazy(
    r"\b(?:prior|previous(?:ly)?|after|failed|received|treated\s+with|progress(?:ed|ion)|refractory|intoleran\w+"
    r"|following|not|wh(?:om|ich)\s(?:treatment|therapy))\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_BASED = lazy(r"[- ](?:based|containing)\s(?:combination\s)?(?:chemotherap(?:y|ies)|therap(?:y|ies)|regimens?|treatments?)\b")
_THERAPY = lazy(r"\stherapy\b")
_TURNS = lazy(r"\b(?:for|who|received|after|patients|indicated|treatment\sof)\b")
_CAPITAL = lazy(r"(?P<names>[A-Z][A-Za-z0-9-]{2,}(?:\s(?:or|and)\s[A-Z][A-Za-z0-9-]{2,})*)(?=[\s,.;]|$)")
_COMMA = lazy(r"(?:\s?\([^()]*\))?\s?,\s")
_LONGEST_LIST = 240
_FIRST = 90
KINDS = (*GIVEN, "strategy")


def partners(reading: Reading, start: int, end: int) -> tuple[Regimen | None, ...]:
    """The regimens of a stretch of a label, one an alternative; None is the medicine alone; empty where nothing is said."""
    text = reading.text
    alone = _ALONE.search(text, start, end)
    for match in _WITH.finditer(text, start, end):
        if _EARLIER.search(text, max(start, match.start() - 60), match.start()):
            continue
        if found := listed(reading, match.end(), end):
            either = any(m.end() >= match.end() - 1 for m in _ALONE_OR.finditer(text, start, match.end()))
            if either or not (alone and alone.start() < match.start()):
                return (None, *found) if either else tuple(found)
    return (None,) if alone else ()


def listed(reading: Reading, start: int, end: int) -> list[Regimen]:
    """The regimens named from a place on, as far as "or" joins them: single agents are either, sets of agents regimens of their own."""
    named = [_whole(reading, m) for m in reading.given.between(start, end, *KINDS) if m.start - start < _LONGEST_LIST]
    if not named or _TURNS.search(reading.text, start, named[0].start) or named[0].start - start > _FIRST:
        return _unknown(reading, start, end)
    chains: list[list[Regimen]] = []
    for group in joined(reading, named, either=False):
        gap = _gap(reading, chains[-1][-1].span[1], group.span[0]) if chains else ""
        if chains and not _OR.fullmatch(gap):
            break
        if chains and "," not in gap and not re.search(r"\bwith\b|\bcombination\b", gap):
            chains[-1].append(group)
        else:
            chains.append([group])
    if all(len(chain) == 1 and len(chain[0].names) == 1 for chain in chains):  # "topotecan, or doxorubicin"
        chains = [[group for chain in chains for group in chain]]
    if len(chains) > 1 and (either := _commas_only(reading, [group for chain in chains for group in chain])):
        return [either]
    last = max((group.span[1] for chain in chains for group in chain), default=start)
    return [
        one for chain in chains for one in joined(reading, [m for m in named if chain[0].span[0] <= m.start < min(last, chain[-1].span[1])])
    ]


def _unknown(reading: Reading, start: int, end: int) -> list[Regimen]:
    """Partners by names that no table knows in this spelling: "in combination with Folfox or Folfiri"."""
    match = _CAPITAL.match(reading.text, start, end)
    if match is None:
        return []
    names = tuple(re.split(r"\s(?:or|and)\s", match["names"]))
    return [Regimen(match.span("names"), names, (match.span("names"),) * len(names), (), names if " or " in match["names"] else ())]


def _commas_only(reading: Reading, groups: list[Regimen]) -> Regimen | None:
    """The one regimen of "paclitaxel, topotecan, or doxorubicin", a list of single agents of which one is given."""
    spans = tuple(span for group in groups for span in group.spans)
    inner = [reading.text[a[1] : b[0]] for group in groups for a, b in pairwise(group.spans)]
    if not inner or any(_COMMA.fullmatch(gap) is None for gap in inner) or any(group.optional for group in groups):
        return None
    names = tuple(name for group in groups for name in group.names)
    return Regimen((spans[0][0], spans[-1][1]), names, spans, (), names)


def _gap(reading: Reading, start: int, end: int) -> str:
    gap = re.sub(r"\([^()]*\)", "", reading.text[start:end])
    return gap if gap.endswith(" ") else gap + " "


def _whole(reading: Reading, mention: Mention) -> Mention:
    """A class by what it is based on: "irinotecan-based chemotherapy" is no irinotecan."""
    match = _BASED.match(reading.text, mention.end) or (mention.name == "radiation" and _THERAPY.match(reading.text, mention.end))
    if not match:
        return mention
    name = " ".join(reading.text[mention.start : match.end()].split())
    return replace(
        mention, end=match.end(), kind="class", key=None, name=singular_class(re.sub(r"(\w)\s(based|containing)\b", r"\1-\2", name))
    )
