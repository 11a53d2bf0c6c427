"""Which study each figure of a sentence belongs to, where it names several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.frames.segments import Segment
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study

_NAMED_BEHIND = 60
_IN_STUDY = lazy(r"[)\]]?(?:\s[\[(][^()\[\]]{1,40}[\])])?,?\s(?:in|from|for)\s(?:the\s)?")
_IN_BOTH = lazy(r"[\s)]{0,2}(?:in|for)\s(?:both|each|either|all)\b")


def by_study(reading: Reading, discourse: Discourse, unit: int, segment: Segment) -> Iterator[tuple[Study | None, Segment]]:
    """A segment in pieces of one study each: "A: 43% v 13%; B: 33% v 11%", "12% in A and 15% in B"; a p "in both" is of each."""
    owners = _owners(reading, discourse, unit, segment)
    for _, group in groupby(zip(owners, segment.figures, strict=True), key=lambda pair: id(pair[0])):
        run = list(group)
        yield run[0][0], replace(segment, figures=[q for _, q in run])
    last, others = segment.figures[-1], {id(s): s for s in owners if s is not owners[-1]}.values()
    if others and last.kind == "p" and _IN_BOTH.match(reading.text, last.stop):
        yield from ((study, replace(segment, figures=[last])) for study in others)


def _owners(reading: Reading, discourse: Discourse, unit: int, segment: Segment) -> list[Study | None]:
    """The study of each figure: the one named right behind it, or behind those that follow it, else the last before it."""
    first = 0 if segment.carried else segment.endpoint.end
    owners: list[Study | None] = []
    behind, stop = None, reading.document.units[unit][1]
    for q in reversed(segment.figures):
        named = discourse.named_in(q.stop, min(stop, q.stop + _NAMED_BEHIND))
        if named:
            behind = named[0][1] if _IN_STUDY.fullmatch(reading.text, q.stop, named[0][0]) else None
        owners.append(behind or discourse.study_at(unit, max(q.span[0], first)))
        stop = q.opens
    return owners[::-1]
