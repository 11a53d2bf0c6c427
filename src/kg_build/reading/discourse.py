"""Stage 4: which study each unit speaks of, and which arm each phrase means."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from kg_build.reading.arms import ArmRef, Arms, phrases, tell_arms
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention

_ROLES = re.compile(r"\b(?P<role>pivotal|registrational|bridging|confirmatory|supporting|supportive)\b", re.IGNORECASE)
Role = Literal["pivotal", "bridging", "supporting", "confirmatory"]
_ROLE: dict[str, Role] = {
    "pivotal": "pivotal",
    "registrational": "pivotal",
    "bridging": "bridging",
    "confirmatory": "confirmatory",
    "supporting": "supporting",
    "supportive": "supporting",
}
_SINGLE = re.compile(r"\bsingle[- ]arm\b|\bsingle[- ]group\b|\bnon-?randomi[sz]ed\b", re.IGNORECASE)
_PHASE_TRIAL = re.compile(
    r"\b[Pp]hase\s(?:\d[ab]?(?:/\d[ab]?)?|I{1,3}V?[ab]?(?:/I{1,3}[ab]?)?|IV)\b(?:\s[\w-]{3,20}){0,4}?\s(?:trial"
    r"|study)\b"
)
_ANY_TRIAL = re.compile(
    r"\b(?:(?:randomi[sz]ed|single-arm|open-label|clinical|pivotal|multicent(?:er|re))[\s,]{1,2}){1,5}(?:trial"
    r"|study)\b",
    re.IGNORECASE,
)
_NEAR = 80
_TURN = re.compile(r",\s|\b(?:using|with|and|from|as\swell\sas|plus)\b")


@dataclass
class Study:
    """One study as the text names it."""

    name: str
    places: list[Mention] = field(default_factory=list)
    registry: list[Mention] = field(default_factory=list)
    role: Role | None = None
    role_span: Span | None = None
    units: list[int] = field(default_factory=list)
    arms: Arms = field(default_factory=Arms)
    single: bool = False

    @property
    def aside(self) -> bool:
        """Bridging and supporting studies do not take over what follows them."""
        return self.role in ("bridging", "supporting")


class Discourse:
    """Studies, their units and arms."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.studies = _studies(reading)
        self._by_start = sorted(((m.start, study) for study in self.studies for m in (study.places or study.registry)), key=lambda p: p[0])
        self._starts = [start for start, _ in self._by_start]
        for study in self.studies:
            _tell_role(reading, study)
        self._topics = self._follow()
        for unit, topic in enumerate(self._topics):
            if topic is not None:
                topic.units.append(unit)
        for study in self.studies:
            study.single = any(_SINGLE.search(reading.text, *reading.document.units[u]) for u in study.units)
            study.arms = tell_arms(reading, study.units, study.single)

    @cached_property
    def main(self) -> Study | None:
        """The study the text is about: the pivotal one, else the first that is not an aside."""
        ranked = [s for s in self.studies if s.role == "pivotal"] or [s for s in self.studies if not s.aside] or self.studies
        return ranked[0] if ranked else None

    def named_in(self, start: int, end: int) -> list[tuple[int, Study]]:
        """Studies named within [start, end) with their places."""
        low, high = bisect_right(self._starts, start - 1), bisect_right(self._starts, end - 1)
        return self._by_start[low:high]

    def _follow(self) -> list[Study | None]:
        topics: list[Study | None] = []
        current = self.main
        for start, end in self.reading.document.units:
            named = [study for _, study in self.named_in(start, end)]
            current = next((s for s in named if not s.aside), current)
            topics.append(current)
        return topics

    def study_at(self, unit: int, position: int) -> Study | None:
        """The study that a place speaks of: the last one named before it in its unit, else the topic."""
        start, _ = self.reading.document.units[unit]
        named = [study for _, study in self.named_in(start, position) if not study.aside]
        return named[-1] if named else self._topics[unit]

    def arm_refs(self, unit: int, study: Study) -> list[ArmRef]:
        """The phrases of a unit that mean an arm of the study."""
        start, end = self.reading.document.units[unit]
        refs = [
            ArmRef(span, view.id) for view in study.arms.views if view.alias for span in _aliased(self.reading.text, view.alias, start, end)
        ]
        named = [ref.span for ref in refs]
        for told in phrases(self.reading, start, end):
            view = study.arms.meant(told)
            if view is not None and not any(a < told.span[1] and told.span[0] < b for a, b in named):
                refs.append(ArmRef(told.span, view.id))
        return sorted(refs, key=lambda ref: ref.span)


def _aliased(text: str, alias: str, start: int, end: int) -> list[Span]:
    """The places of an arm's short name, with the word arm or group behind it."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(alias)}(?![\w-])(?:\s(?:arm|group|cohort))?")
    return [m.span() for m in pattern.finditer(text, start, end)]


# ---- studies ---------------------------------------------------------------------------------------------------------------------


def _studies(reading: Reading) -> list[Study]:
    book = _Book()
    for mention in reading.mentions.all("trial"):
        book.named(mention.name).places.append(mention)
    for mention in reading.mentions.all("registry"):
        study = _owner(reading, mention, book) or book.by_id.get(mention.name) or book.named(mention.name)
        if book.by_id.setdefault(mention.name, study) is study and mention.name not in [m.name for m in study.registry]:
            study.registry.append(mention)
        if study.name == mention.name:
            study.places.append(mention)
    if not book.studies and (unnamed := _unnamed(reading)):
        book.studies.append(unnamed)
    return sorted(book.studies, key=lambda s: s.places[0].start)


class _Book:
    """Studies under every spelling of their names; a part of a name with a slash is a name, too."""

    def __init__(self) -> None:
        self.studies: list[Study] = []
        self.by_name: dict[str, Study] = {}
        self.by_id: dict[str, Study] = {}

    def named(self, name: str) -> Study:
        """The study of a name, new where it has none."""
        squeezed = [re.sub(r"[\s‐‑-]", "", part).casefold() for part in (name, *name.split("/"))]
        study = self.by_name.get(squeezed[0])
        if study is None:
            study = Study(name)
            self.studies.append(study)
        for form in squeezed:
            self.by_name.setdefault(form, study)
        return study


def _owner(reading: Reading, mention: Mention, book: _Book) -> Study | None:
    """The named study that a registry id stands beside."""
    unit = reading.document.units[reading.document.unit_at(mention.start)]
    before = reading.mentions.before(mention.start, "trial", reach=90)
    if before and before.start >= unit[0]:
        between = reading.text[before.end : mention.start]
        apart = re.search(r"\b(?:NCT|and)\b", between) or between.count("(") - between.count(")") != 1
        if not apart or len(between) < 12:
            return book.named(before.name)
    after = reading.mentions.between(mention.end, min(unit[1], mention.end + 30), "trial")
    if after and re.fullmatch(r"[\s,;:)(]*(?:also\sknown\sas\s|or\s)?", reading.text[mention.end : after[0].start]):
        return book.named(after[0].name)
    return None


def _unnamed(reading: Reading) -> Study | None:
    match = _PHASE_TRIAL.search(reading.text) or _ANY_TRIAL.search(reading.text)
    if not match:
        return None
    place = Mention(match.start(), match.end(), "trial", match[0])
    return Study(f"unnamed: {' '.join(match[0].split())}", [place])


def window(reading: Reading, mention: Mention) -> Span:
    """What is said right around a study's name: bounded by its unit and by the names of other studies."""
    start, end = reading.document.units[reading.document.unit_at(mention.start)]
    before = reading.mentions.before(mention.start, "trial")
    after = reading.mentions.between(mention.end, min(end, mention.end + _NEAR), "trial")
    low, high = max(start, mention.start - _NEAR), min(end, mention.end + _NEAR)
    other = next((m for m in after if m.name != mention.name), None)
    if before and before.name != mention.name and before.end > low:
        cuts = [m.end() for m in _TURN.finditer(reading.text, before.end, mention.start)]
        low = cuts[-1] if cuts else before.end
    if other:
        cuts = [m.start() for m in _TURN.finditer(reading.text, mention.end, other.start)]
        high = cuts[-1] if cuts else other.start
    return low, high


def _tell_role(reading: Reading, study: Study) -> None:
    for place in study.places:
        match = _ROLES.search(reading.text, *window(reading, place))
        if match:
            study.role, study.role_span = _ROLE[match["role"].lower()], match.span()
            return
