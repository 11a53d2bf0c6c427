"""What the walk leaves: one regimen with its marks and places, made facts of once the whole text is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kg_build.facts import Recommendation
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.bodies import Body
from kg_build.reading.frames.guidelines.grading import Marks
from kg_build.reading.frames.guidelines.listed import Listed
from kg_build.reading.frames.guidelines.places import Place, read_place
from kg_build.reading.patterns import lazy

_VERSION = lazy(
    r"\b[Vv](?:ersion|\.)\s?(?P<version>\d{1,2}\.20\d\d|20\d\d(?:\.\d{1,2}|\.[vV]\d)?|\d{1,2}(?:\.\d{1,2})?)"
    r"|\b(?P<edition>20\d\d)\s(?:edition|update|guidelines?|version)\b"
)

_PEOPLE = lazy(
    r"(?:In|For|Among)\s(?:\w+\s){0,2}(?:patients|adults|people|those|individuals)\s[^;.]{0,80}\b(?:\d\d|years|without|older|unfit|frail)\b"
)
OPENING = 3
"""The first sentences say what a text is about, and often less than those below: a drug where they name its regimen."""
AGAINST = "not recommended"
"""How the setting of a regimen begins that a guideline grades its advice against."""
NEAR = 12
"""A draft is held against so many of the same regimen: what keeps the reader linear."""


@dataclass(frozen=True)
class Beside:
    """The words around a regimen: before and behind it, the rest of its clause, the lead of its sentence."""

    before: Span
    after: Span
    rest: Span
    lead: Span


@dataclass
class Draft:
    """A regimen that some bodies recommend, with the words around it."""

    bodies: list[Body]
    regimen: Listed
    marks: Marks
    beside: Beside
    above: list[Span] = field(default_factory=list)
    said: list[Span] = field(default_factory=list)
    against: Span | None = None  # the words that advise against it


def recommendations(reading: Reading, drafts: list[Draft], topic: Span | None) -> Iterator[Recommendation]:
    """The facts of the drafts: what is told twice is told once, with all that either says."""
    version = _VERSION.search(reading.text)
    held: dict[tuple[str, frozenset[str]], list[tuple[Draft, Place]]] = {}
    for draft in _without_announced(reading, drafts):
        place = _place(reading, draft, topic)
        for body in draft.bodies:
            one = replace(draft, bodies=[body], marks=dict(draft.marks))
            _hold(reading, held.setdefault((body.name, _members(reading, draft.regimen)), []), one, place)
    for draft, place in (one for group in held.values() for one in group):
        yield _fact(reading, draft, place, version)


def _without_announced(reading: Reading, drafts: list[Draft]) -> list[Draft]:
    """The drafts without what the opening only announces and what follows tells in full, alone or with its partners."""
    units = [reading.document.unit_at(d.regimen.span[0]) for d in drafts]
    early = [unit == 0 or (not d.marks and unit < OPENING) for d, unit in zip(drafts, units, strict=True)]
    told = [(d, _members(reading, d.regimen)) for d, announced in zip(drafts, early, strict=True) if not announced]
    return [
        d
        for d, announced in zip(drafts, early, strict=True)
        if not (announced and any(_members(reading, d.regimen) <= members and _announces(d, other) for other, members in told))
    ]


def _announces(one: Draft, other: Draft) -> bool:
    """Whether a draft says nothing that another does not say: the same bodies, no mark that differs."""
    agreed = all(slot in other.marks and other.marks[slot].value == mark.value for slot, mark in one.marks.items())
    return agreed and bool({body.name for body in one.bodies} & {body.name for body in other.bodies})


def _members(reading: Reading, regimen: Listed) -> frozenset[str]:
    """The agents of a regimen, an acronym by its members, so that "VRd" and its three names are one."""
    found: set[str] = set()
    for name in regimen.names:
        entry = reading.lexicon.combinations.find(name)
        found |= {m.replace("-", " ") for m in entry.members} if entry else {name.casefold().replace("-", " ")}
    return frozenset(found)


def _hold(reading: Reading, group: list[tuple[Draft, Place]], draft: Draft, place: Place) -> None:
    """Puts a draft to those of the same regimen, into the one that it only repeats or completes."""
    for i in range(max(0, len(group) - NEAR), len(group)):
        other, known = group[i]
        if _compatible(reading, other, known, draft, place):
            if len(draft.regimen.names) > len(other.regimen.names):
                group[i] = (draft, place)
            for slot, mark in (*other.marks.items(), *draft.marks.items()):
                group[i][0].marks.setdefault(slot, mark)
            return
    group.append((draft, place))


def _others(reading: Reading, draft: Draft, other: Draft) -> bool:
    """Whether a later sentence opens with other people: "In patients of 70 years or older, ..."."""
    low, high = draft.beside.lead
    later = reading.document.unit_at(low) > max(OPENING - 1, reading.document.unit_at(other.beside.lead[0]))
    return later and _PEOPLE.match(reading.text, low, high) is not None


def _compatible(reading: Reading, other: Draft, known: Place, draft: Draft, place: Place) -> bool:
    """Whether a draft only repeats or completes another of the same regimen."""
    for slot in ("category", "preferred"):
        a, b = other.marks.get(slot), draft.marks.get(slot)
        if a and b and a.value != b.value:
            return False
    if _others(reading, draft, other) or (draft.against is None) != (other.against is None):
        return False
    if known.biomarkers and place.biomarkers:
        return bool(set(known.biomarkers) & set(place.biomarkers))
    left, right = ({words for words, _ in one.settings} for one in (known, place))
    return not (left - right and right - left) or not (other.marks and draft.marks)


def _place(reading: Reading, draft: Draft, topic: Span | None) -> Place:
    own = (draft.beside.after, draft.beside.before, draft.beside.lead)
    place = read_place(reading, own, draft.beside.rest, reversed(draft.above), draft.said, topic)
    if draft.against:
        place.settings.insert(0, (AGAINST, draft.against))
    return place


def _fact(reading: Reading, draft: Draft, place: Place, version: re.Match[str] | None) -> Recommendation:
    [body] = draft.bodies
    category, preferred = draft.marks.get("category"), draft.marks.get("preferred")
    spans = [("body", body.span), *(("regimen", span) for span in draft.regimen.spans)]
    spans += [(mark.slot, mark.span) for mark in (category, preferred) if mark]
    spans += [("version", version.span())] if version else []
    return Recommendation(
        body=body.name,
        body_name=body.full,
        regimen=draft.regimen.names,
        condition=place.condition[0] if place.condition else None,
        setting=place.setting,
        biomarkers=place.biomarkers,
        category=str(category.value) if category else None,
        preferred=bool(preferred.value) if preferred else None,
        version=(version["version"] or version["edition"]) if version else None,
        evidence=tuple(reading.evidence(slot, span) for slot, span in [*spans, *place.spans]),
        confidence=0.8 if category or preferred else 0.65,
    )
