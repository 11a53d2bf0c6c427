"""Stage 4f: the cohorts of a study that gives all the same: by name, by number, or by the head of a line with a size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg_build.reading.arm_phrases import COHORT
from kg_build.reading.arms import Arms, ArmView, Told
from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count
from kg_build.reading.sizes import sized

_NUMBERED = lazy(r"\b[Cc]ohorts?\s[^.;:()]{0,24}$|\b[Pp]arts?\s[A-F]\b")
_HEADED = lazy(
    r"(?:(?:For|In|Among|With)\s)?(?P<label>(?!For\s|Among\s|With\s)[A-Za-z][A-Za-z0-9/+-]{2,20}(?:\s(?!cohort|cancer)[a-z][a-z-]{2,14}){0,2})(?:\s(?:cohort|cancers?|tumou?rs?))?\s?[\[(][nN]\s?=\s?(?P<n>\d{1,4})[\])][:,;]?\s"
)
_COHORTS = lazy(r"\bcohorts?\b|\bbasket\b|\btumou?r\stypes\b", re.IGNORECASE)


def cohorts(reading: Reading, told: dict[int, list[Told]], main: ArmView | None) -> Arms | None:
    """The cohorts that a study tells with their sizes, or by their numbers; each is given what the study gives, or what is said of it."""
    if main is None or not any(_COHORTS.search(reading.text, *reading.document.units[u]) for u in told):
        return None
    found: dict[str, Told] = {}
    for unit, group in told.items():
        for one in _told(reading, unit, group):
            known = found.get(one.label or "")
            if known is None or (one.n and not known.n):
                found[one.label or ""] = one
    if len(found) < 2:
        return None
    arms = Arms(same=True)
    for one in found.values():
        view = arms.add(one)
        arms.fill(reading, view, one)
        view.label = one.label
        if not one.regimen:
            view.regimen = main.regimen
            view.evidence += [e for e in main.evidence if e.slot == "regimen"]
    return arms


def _told(reading: Reading, unit: int, group: list[Told]) -> Iterator[Told]:
    start, end = reading.document.units[unit]
    head = _HEADED.match(reading.text, start, end)
    if head:
        n = Count(int(head["n"]), head["n"], head.span("n"))
        yield Told(head.span("label"), label=f"{head['label'].lower()} cohort", n=n, alias=head["label"])
    for one in sized(reading, unit, [t for t in group if t.label]):
        if COHORT.search(one.label or "") and one.n and not (head and one.span[0] < head.end()):
            yield one
        elif _numbered(reading, one):
            yield replace(one, regimen=None, marks=())


def _numbered(reading: Reading, one: Told) -> bool:
    """Whether a label of one letter or number is that of a cohort, as in "cohorts 1, 2 and 3"."""
    lettered = one.label is not None and one.label.startswith("arm ") and not one.regimen
    return lettered and _NUMBERED.search(reading.text, max(0, one.span[0] - 30), one.span[1]) is not None
