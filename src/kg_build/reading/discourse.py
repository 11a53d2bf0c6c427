"""Stage 4: which study each unit speaks of, and which arm each phrase means."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from kg_build.reading.arms import ArmRef, Arms, Told, anaphora, phrases
from kg_build.reading.context import Reading
from kg_build.reading.designs import same_design
from kg_build.reading.document import Span
from kg_build.reading.gathering import tell_arms
from kg_build.reading.interventions import short_references
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_ROLES = lazy(
    r"\b(?P<role>pivotal|registrational|registration(?=\s(?:study|trial))|bridging|confirmatory|supporting|supportive)\b", re.IGNORECASE
)
Role = Literal["pivotal", "bridging", "supporting", "confirmatory"]
_ROLE: dict[str, Role] = {
    "pivotal": "pivotal",
    "registrational": "pivotal",
    "registration": "pivotal",
    "bridging": "bridging",
    "confirmatory": "confirmatory",
    "supporting": "supporting",
    "supportive": "supporting",
}
_SINGLE = lazy(
    r"\bno\s(?:comparator|control\s(?:arm|group))\b|\bsingle[- ]arm\b(?!\s(?:\w+\s){0,3}(?:studies|trials))"
    r"|\bsingle[- ]group\b|\bnon-?randomi[sz]ed\b",
    re.IGNORECASE,
)
_PHASE_TRIAL = lazy(
    r"(?<!revious\s)(?<!prior\s)(?<!earlier\s)(?<!ecent\s)"
    r"\b[Pp]hase\s(?:\d[ab]?(?:/\d[ab]?)?|I{1,3}V?[ab]?(?:/I{1,3}[ab]?)?|IV)\b(?:\s[\w-]{3,20}){0,4}?\s(?:[Tt]rial"
    r"|[Ss]tudy)\b"
)
_ANY_TRIAL = lazy(
    r"\b(?:(?:randomi[sz]ed|single-arm|open-label|clinical|pivotal|multicent(?:er|re)|(?:late|mid|early|advanced)-stage)[\s,]{1,2}){1,5}(?:trial"
    r"|study)\b",
    re.IGNORECASE,
)
_REGISTERED = lazy(
    r"\b(?:regist\w+|clinicaltrials\.gov|ClinicalTrials\.gov|EudraCT|identifier|Trial\s(?:code|number|ID)|number|funded)\b", re.IGNORECASE
)
_ANOTHER = lazy(r"\b(?:[Aa]\ssecond|[Aa]nother|[Ss]eparate|[Aa]lso|[Ff]urther|[Mm]eanwhile|[Oo]ther|[Ee]lsewhere)\b")
_RANDOMISED = lazy(r"\brandomi[sz]ed\b|\brandomly\b")
_ASSIGNED = lazy(
    r"\b(?:randomi[sz]ed|(?:patients|participants|subjects)\s(?:were\s)?(?:randomly\s)?(?:assigned|allocated))\b", re.IGNORECASE
)
_THE_TRIAL = lazy(r"\b(?:[Tt]he|[Tt]his|[Oo]ur|[Aa])\s(?:[\w-]{3,20}\s){0,2}?(?:trial|study)\b")
_STUDIED = lazy(
    r"\b(?:randomi[sz]\w+|randomly\s\w+|trials?|stud(?:y|ies)|evidence|data|results?|patients|hazard\sratio|HR)\b", re.IGNORECASE
)
_TOGETHER = lazy(r"\s?(?:\([^()]{3,40}\))?,?\s(?:and|or)\s(?:the\s)?|\s?(?:\([^()]{3,40}\))?,\s")
_LABEL_SAFETY = lazy(
    r"[^.;\n]{0,60}\b(?:Safety\sInformation|SAFETY\sINFORMATION|Warnings\sand\sPrecautions|WARNINGS\sAND\sPRECAUTIONS)\b[^.;\n]{0,60}$"
)
"""The heading of what a label says of all studies of an agent together."""
_NEAR = 80
_LEAD = 8
"""How many units at the start say what the text as a whole speaks of."""
_TURN = lazy(r",\s|\b(?:using|with|and|from|as\swell\sas|plus)\b")


_FURTHER = lazy(
    r"\b(?P<what>(?P<other>[Aa]\s(?:separate|second|different)\s|[Aa]nother\s)?(?:[\w-]{2,20}\s){0,2}?[Pp]hase\s"
    r"(?:\d[ab]?(?:/\d[ab]?)?|I{1,3}V?[ab]?(?:/I{1,3}[ab]?)?)"
    r"(?:\s[\w-]{3,20}){0,3}?\s(?:trial|study))\b"
)


def further_unnamed(reading: Reading, named: list[int]) -> list[Study]:
    """Studies without a name beside named ones: in sentences with figures, on agents that the named studies around do not give."""
    found: list[Study] = []
    for match in _FURTHER.finditer(reading.text) if len(named) > 0 else ():
        unit = reading.document.unit_at(match.start())
        start, end = reading.document.units[unit]
        if any(start <= at < end for at in named) or not _tells_share(reading, unit):
            continue
        place = Mention(match.start(), match.end(), "trial", match[0])
        if match["other"] or (reading.mentions.all("trial") and _on_own_agents(reading, unit, named)):
            found.append(Study(f"unnamed: {' '.join(match['what'].split())}", [place]))
    return found


def _tells_share(reading: Reading, unit: int) -> bool:
    told = reading.quantities[unit : unit + 2]
    return any(q.kind in ("time", "percent", "ratio", "n") for quantities in told for q in quantities)


def _on_own_agents(reading: Reading, unit: int, named: list[int]) -> bool:
    """Whether a sentence names agents, and none that the sentences with the nearest named studies name."""
    units = reading.document.units
    start, end = units[unit]
    own = {m.name for m in reading.mentions.between(start, end, "agent")}
    near = [max((at for at in named if at < start), default=None), min((at for at in named if at >= end), default=None)]
    around: set[str] = set()
    for at in (at for at in near if at is not None):
        home = reading.document.unit_at(at)
        high = units[min(len(units) - 1, home + 2)][1]
        around |= {m.name for m in reading.mentions.between(units[home][0], high, "agent")}
    return bool(own) and not own & around


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
            _tell_role(reading, study, len(self.studies) == 1)
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


# ---- studies ---------------------------------------------------------------------------------------------------------------------


def _studies(reading: Reading) -> list[Study]:
    book = _Book()
    for name, other in _twice_named(reading):
        book.also(book.named(name), other)
    for mention in reading.mentions.all("trial"):
        book.named(mention.name).places.append(mention)
    alone: list[Mention] = []
    paired = dict(_numbered_in_order(reading))
    for mention in reading.mentions.all("registry"):
        study = book.by_id.get(mention.name) or _owner(reading, mention, book, paired.get(mention.start))
        if study:
            book.register(study, mention)
        else:
            alone.append(mention)
    _place_ids(reading, book, alone)
    if unnamed := _unnamed(reading, book):
        book.studies.append(unnamed)
    book.studies += further_unnamed(reading, [m.start for s in book.studies for m in s.places])
    return sorted(book.studies, key=lambda s: s.places[0].start)


def _place_ids(reading: Reading, book: _Book, alone: list[Mention]) -> None:
    """Ids beside no name: those of a registration are the main study's; what two registers call differently is one study."""
    named = [s for s in book.studies if not s.registry]
    for mention in alone:
        known = book.by_id.get(mention.name)
        free = next(
            (s for s in named if _main_of(reading, s, named) and _register(mention.name) not in {_register(m.name) for m in s.registry}),
            None,
        )
        near = next((s for s in book.studies if s.registry and _one_registration(reading, s.registry[-1], mention)), None)
        sole = free if len(book.studies) == 1 else None
        study = known or near or sole or (free if _REGISTERED.search(reading.text, max(0, mention.start - 120), mention.end) else None)
        if study is None:
            study = book.named(mention.name)
        book.register(study, mention)
        if study.name in {m.name for m in study.registry}:
            study.places.append(mention)
            if study.name[:3] != "NCT" and mention.name[:3] == "NCT":
                study.name = mention.name


def _main_of(reading: Reading, study: Study, named: list[Study]) -> bool:
    """Whether a registration without a name can only be that of this study: the one that the text opens with, or the only one."""
    first = min(named, key=lambda s: s.places[0].start)
    return study is first and (len(named) == 1 or study.places[0].start < 400)


def _register(name: str) -> str:
    return re.match(r"[A-Za-z]*", name)[0]  # type: ignore[index]


def _one_registration(reading: Reading, known: Mention, mention: Mention) -> bool:
    """Whether two ids stand in one sentence as those of one study in two registers."""
    return _register(known.name) != _register(mention.name) and reading.document.unit_at(known.start) == reading.document.unit_at(
        mention.start
    )


class _Book:
    """Studies under every spelling of their names; a part of a name with a slash is a name, too."""

    def __init__(self) -> None:
        self.studies: list[Study] = []
        self.by_name: dict[str, Study] = {}
        self.by_id: dict[str, Study] = {}

    def named(self, name: str) -> Study:
        """The study of a name, new where it has none."""
        squeezed = [_squeezed(part) for part in (name, *name.split("/"))]
        study = self.by_name.get(squeezed[0])
        if study is None:
            study = Study(name)
            self.studies.append(study)
        for form in squeezed:
            self.by_name.setdefault(form, study)
        return study

    def also(self, study: Study, name: str) -> None:
        """Another name of a study; a proper name before a number."""
        self.by_name.setdefault(_squeezed(name), study)
        if _NUMBERED.match(study.name) and not _NUMBERED.match(name):
            study.name = name

    def register(self, study: Study, mention: Mention) -> None:
        """An id as that of a study."""
        if self.by_id.setdefault(mention.name, study) is study and mention.name not in [m.name for m in study.registry]:
            study.registry.append(mention)


_NUMBERED = lazy(r"(?:Study|Trial)\s")
_OTHER_NAME = lazy(
    r"(?:\s(?:trial|study))?(?:\s?[\[(](?:(?:also\s(?:known|referred\sto)\sas|formerly|or|the|study|NCT\d{8}[,;])\s)?"
    r"|,?\s(?:also|otherwise)\s(?:known|referred\sto)\sas\s(?:the\s)?)"
)
"""What stands between two names of one study: "Study 301 (ORBIT, ...)", "ORBIT, also known as XYZ-1"."""


def _squeezed(name: str) -> str:
    return re.sub(r"[\s‐‑-]", "", name).casefold()


def _twice_named(reading: Reading) -> Iterator[tuple[str, str]]:
    """Two names of one study, where one stands in the bracket behind the other; the numbers of a series tell two studies."""
    for first, second in pairwise(reading.mentions.all("trial")):
        if second.start - first.end > 40 or not _OTHER_NAME.fullmatch(reading.text, first.end, second.start):
            continue
        stems = [re.sub(r"[\s\d‐‑-]+$", "", name) for name in (first.name, second.name)]
        if stems[0] != stems[1] and reading.text[second.end : second.end + 1] in tuple("),];/ "):
            yield first.name, second.name


_AND = lazy(r",?\s(?:and\s)?(?:the\s)?|,\s")
_NUMBERS = lazy(r"[^;]{0,50}\b(?:numbers?|identifiers?|registrations?|IDs)[\s,:]{1,3}", re.IGNORECASE)


def _listed(text: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions that follow the first in one list."""
    row = mentions[:1]
    for mention in mentions[1:]:
        if not _AND.fullmatch(text, row[-1].end, mention.start):
            break
        row.append(mention)
    return row


def _numbered_in_order(reading: Reading) -> Iterator[tuple[int, str]]:
    """Ids told in the order of their studies, by place: "ORBIT 1 and ORBIT 2 ClinicalTrials.gov numbers, NCT01234567 and NCT01234568"."""
    ids, names = reading.mentions.all("registry"), reading.mentions.all("trial")
    for i, first in enumerate(ids) if len(ids) > 1 and len(names) > 1 else ():
        row = _listed(reading.text, ids[i:])
        before = [m for m in names if first.start - 160 < m.start < first.start][-len(row) :]
        if len(row) < 2 or len(_listed(reading.text, before)) != len(row):
            continue
        if _NUMBERS.fullmatch(reading.text, before[-1].end, first.start):
            yield from ((mention.start, name.name) for mention, name in zip(row, before, strict=True))


def _owner(reading: Reading, mention: Mention, book: _Book, paired: str | None) -> Study | None:
    """The named study that a registry id stands beside."""
    if paired:
        return book.named(paired)
    unit = reading.document.units[reading.document.unit_at(mention.start)]
    before = reading.mentions.before(mention.start, "trial", reach=90)
    if before and before.start >= unit[0]:
        between = reading.text[before.end : mention.start]
        apart = re.search(r"\b(?:NCT|and)\b", between) or between.count("(") - between.count(")") != 1
        if not apart or len(between) < 12:
            return book.named(before.name)
    after = reading.mentions.between(mention.end, min(unit[1], mention.end + 40), "trial")
    if after and re.fullmatch(
        r"[\s,;:)(]*(?:also\s(?:known|referred\sto)\sas\s|or\s|the\s|known\sas\s|called\s)?", reading.text[mention.end : after[0].start]
    ):
        return book.named(after[0].name)
    return None


def _unnamed(reading: Reading, book: _Book) -> Study | None:
    """A study without a name: the only one, or one whose figures are told before another study is named."""
    match = _PHASE_TRIAL.search(reading.text) or _ANY_TRIAL.search(reading.text)
    if not match and _RANDOMISED.search(reading.text):
        match = _THE_TRIAL.search(reading.text)
    if not match and not book.studies and (_tells_figures(reading) or _tells_assigned(reading)):
        match = _STUDIED.search(reading.text)
    if not match or (book.studies and not _apart_from_named(reading, book, match)):
        return None
    place = Mention(match.start(), match.end(), "trial", match[0])
    return Study(f"unnamed: {' '.join(match[0].split())}", [place])


def _tells_figures(reading: Reading) -> bool:
    """Whether a text that calls nothing a trial tells figures that only a trial has: a ratio, or an endpoint with its interval."""
    for unit, (start, end) in enumerate(reading.document.units):
        exact = [q for q in reading.quantities[unit] if q.kind == "ratio" or q.ci]
        if any(q.kind == "ratio" and (q.ci or q.p) for q in exact) or (exact and reading.endpoints.between(start, end, "endpoint")):
            return True
    return False


def _tells_assigned(reading: Reading) -> bool:
    """Whether a text that calls nothing a trial tells to what its patients were assigned, and a figure of an endpoint."""
    return _ASSIGNED.search(reading.text) is not None and any(
        q.kind in ("time", "percent") and reading.endpoints.between(start, end, "endpoint")
        for unit, (start, end) in enumerate(reading.document.units)
        for q in reading.quantities[unit]
    )


def _apart_from_named(reading: Reading, book: _Book, match: re.Match[str]) -> bool:
    """Whether the named studies come later, as "a second study", and figures stand with the unnamed one."""
    first = min((m.start for s in book.studies for m in s.places), default=0)
    home, other = reading.document.paragraph_at(match.start()), reading.document.paragraph_at(first)
    if home >= other or not _ANOTHER.search(reading.text, reading.document.paragraphs[other][0], first + 60):
        return False
    start, end = reading.document.paragraphs[home]
    return any(
        q.kind in ("time", "percent")
        for u in range(reading.document.unit_at(start), reading.document.unit_at(end - 1) + 1)
        for q in reading.quantities[u]
    )


def window(reading: Reading, mention: Mention) -> Span:
    """What is said right around a study's name: bounded by its unit and by the names of other studies."""
    start, end = reading.document.units[reading.document.unit_at(mention.start)]
    before = reading.mentions.before(mention.start, "trial")
    after = reading.mentions.between(mention.end, min(end, mention.end + _NEAR), "trial")
    low, high = max(start, mention.start - _NEAR), min(end, mention.end + _NEAR)
    other = next((m for m in after if m.name != mention.name), None)
    if before and before.name != mention.name and before.end > low:
        cuts = [m.end() for m in _TURN.finditer(reading.text, before.end, mention.start)]
        clause = reading.text.rfind("; ", before.end, mention.start)
        low = clause + 2 if clause >= 0 else cuts[-1] if cuts else before.end
    if other:
        cuts = [m.start() for m in _TURN.finditer(reading.text, mention.end, other.start)]
        clause = reading.text.find("; ", mention.end, other.start)
        high = clause if clause >= 0 else cuts[-1] if cuts else other.start
    return low, high


_SOLE_ROLE = lazy(
    r"\b(?:[Tt]he|[Tt]his|[Ii]ts|[Aa])\s(?:[\w-]{2,20},?\s){0,3}?(?P<role>pivotal|registrational)\s(?:[\w-]{1,20},?\s){0,5}?(?:trial|study)\b"
)


def _tell_role(reading: Reading, study: Study, sole: bool) -> None:
    for place in study.places:
        match = _ROLES.search(reading.text, *window(reading, place))
        if match:
            study.role, study.role_span = _ROLE[match["role"].lower()], match.span()
            return
    match = _SOLE_ROLE.search(reading.text) if sole else None
    if match:
        study.role, study.role_span = _ROLE[match["role"].lower()], match.span("role")
