"""Stage 4: which study each unit speaks of, and which arm each phrase means."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cached_property

from kg_build.reading.arm_phrases import anaphora, phrases
from kg_build.reading.arms import ArmRef, Arms, Told
from kg_build.reading.context import Reading
from kg_build.reading.designs import same_design
from kg_build.reading.document import Span
from kg_build.reading.gathering import tell_arms
from kg_build.reading.interventions import short_references
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study, studies, tell_role

_SINGLE = lazy(
    r"\bno\s(?:comparator|control\s(?:arm|group))\b|\bsingle[- ]arm\b(?!\s(?:\w+\s){0,3}(?:studies|trials))"
    r"|\bsingle[- ]group\b|\bnon-?randomi[sz]ed\b",
    re.IGNORECASE,
)
_TOGETHER = lazy(r"\s?(?:\([^()]{3,40}\))?,?\s(?:and|or)\s(?:the\s)?|\s?(?:\([^()]{3,40}\))?,\s")
_LABEL_SAFETY = lazy(
    r"[^.;\n]{0,60}\b(?:Safety\sInformation|SAFETY\sINFORMATION|Warnings\sand\sPrecautions|WARNINGS\sAND\sPRECAUTIONS)\b[^.;\n]{0,60}$"
)
"""The heading of what a label says of all studies of an agent together."""
_LEAD = 8
"""How many units at the start say what the text as a whole speaks of."""


class Discourse:
    """Studies, their units and arms."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.studies = studies(reading)
        self._by_start = sorted(((m.start, study) for study in self.studies for m in (study.places or study.registry)), key=lambda p: p[0])
        self._starts = [start for start, _ in self._by_start]
        for study in self.studies:
            tell_role(reading, study, len(self.studies) == 1)
        self._topics = self._follow()
        twins: list[list[Study]] = []
        for unit, topic in enumerate(self._topics):
            told = self._told_in(unit, topic)
            twins += [told] if len(told) > 1 else []
            for study in told:
                study.units.append(unit)
        lead = [t for span in reading.document.units[:_LEAD] for t in phrases(reading, *span) if t.regimen] if self.studies else []
        lead = [t for t in lead if t.regimen and reading.mentions.between(*t.regimen.span, "agent")]
        for study in self.studies:
            study.single = any(_SINGLE.search(reading.text, *reading.document.units[u]) for u in study.units)
            own = self._spoken_of(study)
            model = next((s for s in self.studies if s is not study and s.arms.common), None)
            same = same_design(reading, study.units, model.arms) if model else None
            study.arms = same or tell_arms(reading, study.units, study.single, [*own, *lead])
            lead = [*_given_in(study, lead), *lead]
        for told in twins:
            _share_arms(told)

    def _spoken_of(self, study: Study) -> list[Told]:
        """The regimens with which the passage on a later study begins, or that are told before the late name of the main one."""
        units, place = self.reading.document.units, next(iter(study.places), None)
        if study is not self.main:
            spans = [units[unit] for unit in study.units[:2]]
        else:
            home = self.reading.document.unit_at(place.start) if place else 0
            spans = [(units[home][0], place.start)] if place and home >= _LEAD else []
        found = [t for span in spans for t in phrases(self.reading, *span) if t.regimen]
        return [t for t in found if t.regimen and self.reading.mentions.between(*t.regimen.span, "agent")]

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
            turn = reading_turn(self.reading.text, start, end)
            late = [study for at, study in self.named_in(turn, end) if not study.aside] if turn else []
            if _LABEL_SAFETY.match(self.reading.text, start, end):
                current = None
            topics.append(next((s for s in named if not s.aside), current))
            current = late[0] if late else topics[-1]
        self._look_ahead(topics)
        return topics

    def _look_ahead(self, topics: list[Study | None]) -> None:
        """Gives the opening of a paragraph on another agent to the study that the paragraph goes on to name."""
        if len(self.studies) < 2:
            return
        units, document = self.reading.document.units, self.reading.document
        known: dict[str, set[str]] = {}
        opening: list[int] = []
        for unit, (start, end) in enumerate(units):
            if unit == 0 or document.paragraph_at(start) != document.paragraph_at(units[unit - 1][0]):
                opening = []
            named = {m.name for m in self.reading.mentions.between(start, end, "agent")}
            study = topics[unit]
            if study and self.named_in(start, end):
                before = topics[opening[0]] if opening else None
                if before and before is not study and self._on_other(opening, known.get(before.name, set())):
                    topics[opening[0] : opening[-1] + 1] = [study] * len(opening)
                opening = []
                known.setdefault(study.name, set()).update(named)
            elif len(opening) < 3 and (opening or unit == 0 or document.paragraph_at(start) != document.paragraph_at(units[unit - 1][0])):
                opening.append(unit)
            elif study:
                known.setdefault(study.name, set()).update(named)

    def _on_other(self, opening: list[int], known: set[str]) -> bool:
        """Whether what stands before a study's name speaks of agents that the study before did not give."""
        units = self.reading.document.units
        said = {m.name for m in self.reading.mentions.between(units[opening[0]][0], units[opening[-1]][1], "agent")}
        return bool(said) and not said & known

    def _told_in(self, unit: int, topic: Study | None) -> list[Study]:
        """The studies that a unit tells of: its topic, and all of "A and B, in which ..."."""
        if topic is None:
            return []
        start, end = self.reading.document.units[unit]
        found, last = [topic], 0
        for at, study in self.named_in(start, end):
            if last and study not in found and _TOGETHER.fullmatch(self.reading.text, last, at):
                found.append(study)
            last = at + len(study.places[0].name)
        return found

    def study_at(self, unit: int, position: int) -> Study | None:
        """The study that a place speaks of: the last one named before it in its unit, else the topic."""
        start, _ = self.reading.document.units[unit]
        named = [study for _, study in self.named_in(start, position) if not study.aside]
        return named[-1] if named else self._topics[unit]

    def settled(self) -> set[str | None]:
        """The studies of which it is certain which arm is the control."""
        return {study.name for study in self.studies if study.arms.settled}

    def arm_refs(self, unit: int, study: Study) -> list[ArmRef]:
        """The phrases of a unit that mean an arm of the study."""
        start, end = self.reading.document.units[unit]
        refs = [
            ArmRef(span, view.id)
            for view in study.arms.views
            for name in (view.alias, *view.marks)
            if name
            for span in _aliased(self.reading.text, name, start, end)
        ]
        refs += _by_letter(self.reading.text, study.arms, start, end)
        worded = [(view.id, view.regimen) for view in study.arms.views]
        refs += [ArmRef(span, arm) for span, arm in short_references(self.reading.text, start, end, worded)]
        named = [ref.span for ref in refs]
        for told in (*phrases(self.reading, start, end), *anaphora(self.reading, start, end)):
            view = study.arms.meant(told)
            if told.regimen and _ADDED_TO.search(self.reading.text, max(start, told.span[0] - 110), told.span[0]):
                view = next((v for v in study.arms.views if len(v.names) > len(told.names) and set(told.names) <= v.names), view)
            if view is not None and not any(a < told.span[1] and told.span[0] < b for a, b in named):
                refs.append(ArmRef(told.span, view.id))
                named += [told.span] if told.regimen else []
        marked = {mark for view in study.arms.views for mark in view.marks}
        refs = [_with_agent(self.reading, ref, end) for ref in refs] if marked else refs
        return sorted(refs, key=lambda ref: ref.span)


_ADDED_TO = lazy(
    r"\b(?:[Aa]dding\s[^.;%\d]{3,80}?|[Aa]ddition\sof\s[^.;%\d]{3,80}?|added)\s(?:on\s)?to\s(?:the\s)?(?:[a-z-]{3,14}\s){0,2}$"
)
"""What stands before that to which something is added: both together are the arm of more."""


def _with_agent(reading: Reading, ref: ArmRef, end: int) -> ArmRef:
    """A dose that means an arm with the agent that it is of: "15 mg of X", "10-mg weekly doses of X", "20 mg X group"."""
    match = _DOSES_OF.match(reading.text, ref.span[1])
    agent = reading.given.covering(match.end(), "agent") if match and match.end() < end else None
    if match is None or agent is None:
        return ref
    behind = _DOSE_BEHIND.match(reading.text, agent.end)
    return replace(ref, span=(ref.span[0], behind.end() if behind else agent.end))


def _given_in(study: Study, lead: list[Told]) -> list[Told]:
    """What a study gave, so that a later one may test "the same combination"."""
    first = next(iter(study.arms.views), None)
    known = next((t for t in lead if first and t.regimen and set(t.names) & set(first.regimen)), None)
    if first is None or known is None or known.regimen is None or len(first.regimen) < 2:
        return []
    return [replace(known, regimen=replace(known.regimen, names=first.regimen))]


def _share_arms(twins: list[Study]) -> None:
    """Gives studies told together the arms of the one of them whose arms the text tells in full."""

    def told(study: Study) -> list[frozenset[str]]:
        return [view.names for view in study.arms.views if view.regimen]

    fullest = max(twins, key=lambda study: len(told(study)))
    for study in twins:
        if len(told(study)) < len(told(fullest)) and set(told(study)) <= set(told(fullest)):
            study.arms = fullest.arms.without_sizes()


def reading_turn(text: str, start: int, end: int) -> int:
    """Where the last main clause of a sentence starts behind a semicolon, 0 where it has none."""
    at = text.rfind("; ", start, end)
    return at if at >= 0 and text.count("(", start, at) == text.count(")", start, at) else 0


def _aliased(text: str, alias: str, start: int, end: int) -> list[Span]:
    """The places of an arm's short name or of what marks it, with the word arm or group behind it."""
    name = re.escape(alias).replace(r"\ ", r"[-\s]") if " " in alias else re.escape(alias)
    pattern = re.compile(rf"(?<![\w+-]){name}(?![\w+-])(?:\s(?:arm|group|cohort|regimen|schedule))?", re.IGNORECASE if " " in alias else 0)
    return [m.span() for m in pattern.finditer(text, start, end)]


_DOSES_OF = lazy(r"\s(?:(?:once-|twice-)?(?:weekly|daily|monthly)\s)?(?:doses?\s)?(?:of\s)?(?=[A-Za-z])")
_DOSE_BEHIND = lazy(r"\s(?:doses?|groups?|arms?|cohorts?)\b")
_LAST_LETTER = lazy(r"(?<=\b[A-F]\s)(?:v|vs\.?|versus|and|or)\s([A-F])\b")
_LETTER = lazy(
    r"(?<![\w.-])(?<!\b[Aa]rm\s)(?P<key>[A-F])(?=,?\s(?:\d|v\.?s?\.?\s|versus\s|and\s[A-F]\b|or\s[A-F]\b)|[:=]\s?\d|[,;)]|\s?\()"
)


def _by_letter(text: str, arms: Arms, start: int, end: int) -> list[ArmRef]:
    """Lettered arms by their letters alone, where a sentence has at least two of them: "A v C", "A 80%, B 83%"."""
    keys = {view.label[-1]: view.id for view in arms.views if view.label and view.label.startswith("arm ") and len(view.label) == 5}
    if len(keys) < 2:
        return []
    found = [(m.span("key"), m["key"]) for m in _LETTER.finditer(text, start, end)]
    found += [(m.span(1), m[1]) for m in _LAST_LETTER.finditer(text, start, end)]
    known = [ArmRef(span, keys[key]) for span, key in found if key in keys]
    return known if len({ref.arm for ref in known}) > 1 else []
