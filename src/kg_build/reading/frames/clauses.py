"""Where the words of one act end and those of the next begin, within a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.acts import Act
from kg_build.reading.frames.authorities import BY, Authorities, Authority
from kg_build.reading.frames.subjects import PRONOUN
from kg_build.reading.patterns import lazy

_TURN = lazy(
    r"(?P<strong>;\s|(?<!\b[A-Z])\.\s|:\s|,?\s(?:and|but|while|whereas|which|although|though|then|yet)\s|\s[–—-]\s)|,\s|\s\(|\)\s|,?\s(?:with|after"
    r"|follow(?:ing|s|ed)|before|having|since|as)\s"
)
_JOINT = lazy(r"(?:\s?\([A-Z]{2,6}\))?(?:,\s|\s(?:and|as\swell\sas|plus|or)\s|\s?/\s?)(?:(?:and|the|an?|its|also|both)\s){0,3}")
_ATTACHED = lazy(r"\b(?:in|from|to|with|of|at|by)\s(?:the\s)?$")
_ONLY_WHEN = lazy(r"(?:then,?\s)?(?:on|in|by)\s[\w\s.]{3,16},?\s\d{4},?\s(?:\w+\s){0,3}")
_SUBJECT_NEAR = 25


def clauses(reading: Reading, authorities: Authorities, start: int, end: int, found: Sequence[Act]) -> list[Span]:
    """For each act of a sentence the stretch that it may draw its regulator, regimen, indication and date from."""
    edges = [_edge(reading, authorities, a, b) for a, b in pairwise(found)]
    spans: list[Span] = []
    low = start
    for i, act in enumerate(found):
        if i and edges[i - 1] is not None:
            low = edges[i - 1] or start
        low = max(low, reading.text.rfind("; ", low, act.span[0]) + 1)
        high = next((edge for edge in edges[i:] if edge is not None), end)
        spans.append((low, high))
    return spans


def _edge(reading: Reading, authorities: Authorities, a: Act, b: Act) -> int | None:
    """Where the clause of the second act begins; None where two acts share their clause."""
    text, low, high = reading.text, a.span[1], b.span[0]
    if _JOINT.fullmatch(text, low, high):
        return None
    own, listed = _own(reading, authorities, low, high)
    turns = list(_TURN.finditer(text, max(low, listed), high + 1))
    if not turns:
        return None
    if own:
        first = len(own) - 1
        while first and authorities.joined(own[first - 1], own[first]):
            first -= 1
        before = [t for t in turns if t.end() <= own[first].span[0] + 1]
        if before:
            return _last(before).end()
    strong = [t for t in turns if t["strong"] and _leads(reading, t.end(), high)]
    return (strong or turns)[-1].end()


def _own(reading: Reading, authorities: Authorities, low: int, high: int) -> tuple[list[Authority], int]:
    """The authorities between two acts that belong to the second, and where the list of those of the first ends."""
    own: list[Authority] = []
    of_first: Authority | None = None
    for authority in authorities.between(low, high):
        if not own and (_of_first(reading.text, low, authority.span[0]) or (of_first and authorities.joined(of_first, authority))):
            of_first = authority
        else:
            own.append(authority)
    return own, of_first.span[1] if of_first else low


def _of_first(text: str, start: int, end: int) -> bool:
    """Whether an authority still belongs to the act before it: "by the FDA", "in the US and in Japan"."""
    gap = text[start:end]
    return bool(BY.fullmatch(gap) or (_ATTACHED.search(gap[-12:]) and not re.search(r";|\.\s|,\s(?:and|but|while)\s", gap)))


def _last(turns: list[re.Match[str]]) -> re.Match[str]:
    strong = [t for t in turns[-2:] if t["strong"]]
    return strong[-1] if strong else turns[-1]


def _leads(reading: Reading, start: int, end: int) -> bool:
    """Whether a subject, or nothing but auxiliaries, stands between a turn and the act."""
    return (
        end - start <= _SUBJECT_NEAR
        or _ONLY_WHEN.fullmatch(reading.text, start, end) is not None
        or bool(reading.mentions.between(start, end, "agent", "organization"))
        or PRONOUN.search(reading.text, start, end) is not None
    )
