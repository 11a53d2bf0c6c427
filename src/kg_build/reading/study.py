"""Stage 4a: the studies of a text: their names, registry ids and roles, and those without a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from kg_build.reading.arms import Arms
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
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
_NEAR = 80
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


def studies(reading: Reading) -> list[Study]:
    """The studies that a text names, with their places and registry ids; else the one that it leaves unnamed."""
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


def tell_role(reading: Reading, study: Study, sole: bool) -> None:
    """Sets what the words around a study's name, or around the only one of a text, say of its role."""
    for place in study.places:
        match = _ROLES.search(reading.text, *window(reading, place))
        if match:
            study.role, study.role_span = _ROLE[match["role"].lower()], match.span()
            return
    match = _SOLE_ROLE.search(reading.text) if sole else None
    if match:
        study.role, study.role_span = _ROLE[match["role"].lower()], match.span("role")
