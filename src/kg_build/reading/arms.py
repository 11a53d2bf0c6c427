"""Stage 4b: the arms of a study as objects of the document: what is told of each, and which of them a phrase means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kg_build.facts import Evidence
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import GIVEN, SHAM, Regimen, regimens

EXPERIMENTAL = (
    r"investigational|experimental|intervention(?:al)?|active(?:[-\s]treatment)?|combination|treatment|treated|study(?:\sdrug)?"
    r"|triplet|quadruplet|immunotherapy|test|vaccine|vaccination"
)
CONTROL = (
    r"control|comparator|standard(?:[- ]of[- ]care|[- ]therapy|[- ]treatment|[- ]care|[- ]chemotherapy)?|SOC|observation|placebo|doublet"
    r"|chemotherapy|chemotherapy[- ]alone|monotherapy|reference|usual[- ]care|conventional"
    r"|best\ssupportive\scare|BSC|no[- ]treatment|untreated"
)
_LABEL = lazy(
    rf"\b(?P<label>(?:(?:{EXPERIMENTAL}|{CONTROL})(?:[- ](?:alone|only|plus\s\w+))?))(?:(?:\s(?:or|and|vs\.?|versus)\s"
    rf"(?:the\s)?(?P<second>{EXPERIMENTAL}|{CONTROL}))?\s(?:arm|group|cohort|recipients|regimen|patients)s?\b)"
    r"|\b(?P<sort>triplet|quadruplet|doublet|(?-i:[Dd]uo|[Tt]rio)|controls|comparator|(?:higher|lower|highest|lowest)[- ]dose)\b",
    re.IGNORECASE,
)
_AMOUNT = lazy(
    r"(?<![\w.·])(?P<label>\d{1,3}(?:[.·]\d+)?[-\s](?:Gy|MBq|GBq|weeks?|months?|years?|days?|cycles?|fractions?|courses?))\s(?:groups?|arms?)\b"
)
"""An arm by what it is given most of: "the 74 Gy group", "the 6-month arm"."""
_LETTERED = lazy(
    r"\b(?P<word>[Aa]rm|[Gg]roup|[Cc]ohort|ARM|[Pp]art(?=s?\s[A-F]\b))s?\s(?P<key>\d[A-F](?!\w)|[A-F](?![\w-])|[1-6](?![\w.,]*\d(?!,?\s(?:and\s)?\d\b)|%)|I{1,3}V?\b)"
    r"(?P<more>(?:(?:,\s(?:and\s|or\s)?|\s(?:and|or|versus|vs\.?)\s|\s?/\s?)(?:\d?[A-F]|[1-6])(?!\w|[.,]\d|%|-\w)){1,4})?"
)
_LETTER = lazy(r"\d?[A-F]\b|[1-6]\b")
COHORT = lazy(
    r"\b(?P<label>(?:(?!(?i:the|in|this|each|and|of|both|second|first|treatment|study|patient|safety|overall|whole|entire|larger?|for|from|a|an|same"
    r"|across|per|every|any|all|other|one|two|three|four|third|fourth|new|another|pooled|our|their|which|that|was|were|expansion|dose|validation"
    r"|training|control|age|birth|total)\b)[A-Za-z0-9/+-]{2,20}\s){1,3}cohort|[Cc]ohort\s(?:[A-F]|[1-6])\b)"
)
"""A cohort by its name."""
_ROLE = lazy(rf"(?:{EXPERIMENTAL})", re.IGNORECASE)
_IS_CONTROL = lazy(rf"(?:{CONTROL})s?\b", re.IGNORECASE)
ARM_WORD = lazy(
    r"(?:[\s-](?:alone|only|monotherapy|therapy|combination|treatment|regimen))?[\s-](?P<word>arm|group|cohort|recipient|regimen"
    r"|treated\s(?:patient|group|arm|participant|subject|individual|women|men))(?P<many>s?)\b"
)
_PRIOR = lazy(
    r"\b(?:prior|previous(?:ly)?|after|following|failed|failure\sof|refractory\sto|progress\w+\son|pretreated\swith|eligible\sfor|history\sof"
    r"|candidates\sfor|naive\sto|resistant\sto|intolerant\s(?:to|of)|premedication\swith|pretreatment\swith)\s(?:(?!versus\b|vs\b|or\b|compared\b)[\w-]{1,20}\s){0,3}$",
    re.IGNORECASE,
)
MARK = (
    r"(?:\b\d[\d.,·]{0,6}[-\s]?(?:mg|µg|μg|mcg|MBq|GBq|Gy|IU|g)(?:/(?:kg|m2|m²))?(?![\w/])"
    r"|\b(?:once|twice|three[-\s]times)[-\s](?:daily|weekly|monthly|a\sday)\b|\b(?:[2346]|two|three|four|six|bi)-?weekly\b|\bweekly\b|\bmonthly\b"
    r"|\b(?:every|q)[-\s]?(?:\d{1,2}|two|three|four|six)[-\s]?(?:weeks?|w\b|wk)|\b(?:high|low|standard|reduced|full|modified|escalated)[-\s]doses?\b"
    r"|\b(?:continuous|intermittent|concurrent|sequential(?:\salternating)?|alternating|immediate|delayed|deferred|early|late|intensive|accelerated"
    r"|hypofractionated|conventional|preoperative|postoperative|perioperative|peri-operative|neoadjuvant|adjuvant|oral|intravenous|subcutaneous"
    r"|short(?:er)?[-\s](?:course|term)|long(?:er)?[-\s](?:course|term)|extended|fixed-duration|maintenance|single-dose|two-dose)\b"
    r"|\b(?<![\d.·])(?:\d{1,2}|six|three|twelve|one|two)[-\s](?:month|week|year|cycle|dose)s?\b)"
)
"""What sets apart arms of one regimen: doses, schedules, order in time."""
_MARK = lazy(MARK, re.IGNORECASE, often=True)
_MARK_REACH = 34
_ADJECTIVES = lazy(
    r"(?:\b(?:primary|upfront|up-front|standard|single-agent|maintenance|first-line|second-line|investigational|matching)\s)+$"
)
OPERATIONS = frozenset({"surgery", "surgical resection"})
_ORDER_IN_TIME = lazy(r"^(?:concurrent|sequential|neoadjuvant|adjuvant|perioperative|peri-operative|standard|concomitant)\s(?=chemo|radio)")
_LIST_OF_ARMS = lazy(r",\s[^,;.()]{3,50}\s(?:plus|and|\+)\s[^,;.()]{3,50},\sand\s")
"""A list with commas between its items and a plus within one: "X, X plus Y, and Z"."""
_LIST_COMMA = lazy(r"\s?,\s(?:and\s)?(?:the\s|an?\s)?")
_IT = lazy(
    r"\bthe\s(?:antibody|vaccine|(?:study\s|investigational\s)?(?:drug|agent|medicine|treatment)|molecule|combination)\b(?!\s(?:arm|group|cohort|of|was|is)\b)"
    r"|\bthe\s(?:ADC|antibody[-‐–]drug\sconjugate|bispecific(?:\santibody)?|radioligand|PROTAC|degrader|pill|tablet|shot|jab|injection|compound"
    r"|cell\stherapy|CAR[-\s]T(?:[-\s]cell)?(?:\stherapy)?)(?:\s(?:combination|regimen))?(?:\s(?:arm|group|cohort))?\b(?!\s(?:of|was|is|has|will)\b)"
)
"""What means the experimental arm without its name, as only one arm is given such a thing."""
_WITHOUT = lazy(r"(?<=\d\s|%\s|s\s)without(?:\s(?:it|the\s(?:antibody|drug|agent|inhibitor|vaccine|combination))\b|(?=\s?[,.;(]))")
"""What means the control where all but one drug is the same: "29.1 months without it"."""


@dataclass
class ArmView:
    """One arm as far as the text has told it. `marks` tell apart arms of one regimen: doses, schedules, order."""

    id: str
    label: str | None = None
    control: bool = False
    regimen: tuple[str, ...] = ()
    n: Count | None = None
    alias: str | None = None
    marks: tuple[str, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """The partners, whatever their order; an operation beside agents tells no arm apart."""
        return frozenset(self.regimen) - OPERATIONS or frozenset(self.regimen)


@dataclass(frozen=True)
class Told:
    """One thing said of one arm at one place."""

    span: Span
    label: str | None = None
    regimen: Regimen | None = None
    n: Count | None = None
    alias: str | None = None
    marks: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The partners of its regimen."""
        return self.regimen.names if self.regimen else ()

    @property
    def control(self) -> bool:
        """Whether the words alone tell a control arm."""
        if self.label and not self.regimen:
            return bool(_IS_CONTROL.match(self.label))
        return any(name in SHAM for name in self.names)

    def given_with(self, partners: tuple[str, ...]) -> Told:
        """The same arm with partners that all arms are given."""
        if self.regimen is None:
            return self
        return replace(self, regimen=replace(self.regimen, names=tuple(dict.fromkeys((*self.names, *partners)))))


@dataclass(frozen=True)
class ArmRef:
    """A phrase that means one arm, and the arm's id."""

    span: Span
    arm: str


def spelled_out(reading: Reading, regimen: Regimen) -> Regimen:
    """The regimen with the agents of a class that the text lists: "chemotherapy (X and Y)" is X and Y from there on."""
    details = reading.class_details
    names = tuple(dict.fromkeys(_ORDER_IN_TIME.sub("", n) for name in regimen.names for n in details.get(name, (name,))))
    return regimen if names == regimen.names else replace(regimen, names=names, spans=(regimen.spans[0],) * len(names))


# ---- phrases --------------------------------------------------------------------------------------------------------------------


def _labels(reading: Reading, start: int, end: int) -> Iterator[Told]:
    for match in _LABEL.finditer(reading.text, start, end):
        for group in ("label", "second", "sort"):
            if match[group]:
                yield Told((match.start(group), match.end() if group == "label" and not match["second"] else match.end(group)),
                           label=match[group].lower())  # fmt: skip
    for match in _AMOUNT.finditer(reading.text, start, end):
        yield Told(match.span(), label=match["label"].lower())
    for match in COHORT.finditer(reading.text, start, end):
        if not re.match(r"cohort\s", match["label"], re.IGNORECASE):
            yield Told(match.span("label"), label=match["label"].lower())
    for match in _LETTERED.finditer(reading.text, start, end):
        yield Told((match.start(), match.end("key")), label=f"arm {match['key']}")
        for letter in _LETTER.finditer(reading.text, *match.span("more")) if match["more"] else ():
            yield Told(letter.span(), label=f"arm {letter[0]}")


def marks_near(reading: Reading, span: Span, low: int, high: int) -> tuple[str, ...]:
    """The doses and schedules within a phrase and right before it, else those near it."""
    start = _with_marks(reading, low, span[0])
    if _MARK.search(reading.text, *span):
        return tuple(m[0].lower().replace("-", " ") for m in _MARK.finditer(reading.text, start, span[1]))
    if right := _MARK.match(reading.text, span[1] + 1, high):
        return (right[0].lower().replace("-", " "),)
    bounds = (start, span[0]) if start < span[0] else (max(low, span[0] - _MARK_REACH), min(high, span[1] + _MARK_REACH))
    return tuple(m[0].lower().replace("-", " ") for m in _MARK.finditer(reading.text, *bounds))


def list_comma(reading: Reading, start: int, end: int) -> re.Pattern[str] | None:
    """What sets apart the arms of a list with partners in it, told "respectively": "X, X plus Y, and Z"."""
    told = "respectively" in reading.text[start:end] and _LIST_OF_ARMS.search(reading.text, start, end)
    return _LIST_COMMA if told else None


def _regimen_phrases(reading: Reading, start: int, end: int) -> Iterator[Told]:
    apart = list_comma(reading, start, end)
    found = [spelled_out(reading, r) for r in regimens(reading, start, end, either=False, kinds=(*GIVEN, "strategy"), apart=apart)]
    for i, regimen in enumerate(found):
        if _PRIOR.search(reading.text, max(start, regimen.span[0] - 60), regimen.span[0]):
            continue
        word = ARM_WORD.match(reading.text, regimen.span[1], end)
        if (word and word["many"] and len(regimen.spans) > 1 and len(set(regimen.spans)) == 2) or _between(reading, regimen):
            yield from _apart(regimen)
            continue
        low = found[i - 1].span[1] if i else start
        high = found[i + 1].span[0] if i + 1 < len(found) else end
        span = (_with_marks(reading, low, regimen.span[0]), word.end() if word else regimen.span[1])
        yield Told(span, regimen=regimen, marks=marks_near(reading, regimen.span, low, high))


def _with_marks(reading: Reading, low: int, at: int) -> int:
    """Where a phrase starts with the doses and schedules right before it: "continuous high-dose X"."""
    lead = list(_MARK.finditer(reading.text, max(low, at - 2 * _MARK_REACH), at))
    for match in reversed(lead):
        if reading.text[match.end() : at] in (" ", "-", " of "):
            at = match.start()
    plain = _ADJECTIVES.search(reading.text, max(low, at - 40), at)
    return plain.start() if plain else at


def _between(reading: Reading, regimen: Regimen) -> bool:
    """Whether "and" sets its two items apart, as in "between X and Y" and "X and Y, respectively"."""
    if len(set(regimen.spans)) != 2:
        return False
    start, end = regimen.span
    before, behind = reading.text[max(0, start - 14) : start], reading.text[end : end + 30]
    return bool(re.search(r"\b(?:between|neither)\s(?:the\s)?$", before) or re.match(r",?\s(?:\w+,?\s)?respectively", behind))


def _apart(regimen: Regimen) -> Iterator[Told]:
    """The arms of "the X and Y arms"."""
    for span in dict.fromkeys(regimen.spans):
        names = tuple(n for n, s in zip(regimen.names, regimen.spans, strict=True) if s == span)
        yield Told(span, regimen=Regimen(span, names, (span,) * len(names)))


def _within(told: list[Told], span: Span) -> bool:
    return any(t.span[0] < span[1] and span[0] < t.span[1] for t in told)


def _lettered(reading: Reading, told: Told, labels: list[Told]) -> Told:
    """The regimen with the letter of its arm in the bracket behind it: "X plus Y (arm A, n = 40)"."""
    for label in labels:
        if label.label and label.label.startswith("arm ") and re.fullmatch(r"\s?[\[(]", reading.text[told.span[1] : label.span[0]]):
            return replace(told, label=label.label)
    return told


def phrases(reading: Reading, start: int, end: int) -> list[Told]:
    """Everything within [start, end) that could mean an arm, in order; a label inside a regimen phrase is left out."""
    known = reading.arm_phrases.get((start, end))
    if known is None:
        known = reading.arm_phrases[start, end] = _phrases(reading, start, end)
    return known


def _phrases(reading: Reading, start: int, end: int) -> list[Told]:
    told = list(_regimen_phrases(reading, start, end))
    labels = [t for t in _labels(reading, start, end) if COHORT.fullmatch(t.label or "") or not _within(told, t.span)]
    told = [_lettered(reading, t, labels) for t in told]
    taken = {t.label for t in told}
    return sorted(
        [*told, *(t for t in labels if t.label not in taken or not t.label or not t.label.startswith("arm "))], key=lambda t: t.span
    )


def anaphora(reading: Reading, start: int, end: int) -> Iterator[Told]:
    """What means the experimental arm without a name: "the antibody", "the combination"."""
    for match in _IT.finditer(reading.text, start, end):
        yield Told(match.span(), label="experimental")
    for match in _WITHOUT.finditer(reading.text, start, end):
        yield Told(match.span(), label="control")


# ---- the arms of a study ---------------------------------------------------------------------------------------------------------


class Arms:
    """The arms of one study, and which of them a phrase means."""

    def __init__(self, views: list[ArmView] | None = None, same: bool = False) -> None:
        self.views: list[ArmView] = views or []
        self.same = same  # cohorts of one regimen: figures of no cohort are those of all
        self._told: list[ArmView] = []

    def add(self, told: Told, control: bool = False) -> ArmView:
        """A new arm."""
        view = ArmView(f"A{len(self.views) + 1}", control=told.control or control)
        self.views.append(view)
        return view

    def fill(self, reading: Reading, view: ArmView, told: Told) -> None:
        """What a place tells of an arm where nothing was known."""
        if told.label and not view.label:
            view.label = told.label
            view.evidence.append(reading.evidence("label", told.span))
        if told.regimen and not view.regimen:
            view.regimen = told.names
            view.evidence.append(reading.evidence("regimen", told.regimen.span))
        view.alias = view.alias or told.alias
        view.marks = view.marks or told.marks
        if told.n and view.n is None:
            view.n = told.n
            view.evidence.append(reading.evidence("n", told.n.span))

    def without_sizes(self) -> Arms:
        """The same arms in another study."""
        twin = Arms([replace(view, n=None, evidence=[e for e in view.evidence if e.slot != "n"]) for view in self.views])
        twin._told = [twin.views[self.views.index(view)] for view in self._told]
        return twin

    def ordered(self) -> None:
        """Experimental arms first, numbered A1, A2...; cohorts under numbers keep their order."""
        self._told = list(self.views)
        numbered = all(view.label and re.fullmatch(r"arm \d", view.label) for view in self.views)
        control = {id(view): not numbered and self.is_control(view) for view in self.views}
        self.views.sort(key=lambda view: control[id(view)])
        for number, view in enumerate(self.views, start=1):
            view.id = f"A{number}"

    @property
    def settled(self) -> bool:
        """Whether one arm is the control by what is told of it and not by its place alone."""
        views = self.views
        told = [
            v
            for v in views
            if (v.label and _IS_CONTROL.match(v.label)) or set(v.regimen) & {"placebo", "best supportive care", "observation"}
        ]
        return bool(told) or any(a.regimen and a.names < b.names for a in views for b in views)

    @property
    def pooled(self) -> str | None:
        """All arms together, where they are cohorts or doses of one regimen."""
        dosed = all(view.regimen and view.marks and view.marks[0][0].isdigit() for view in self.views)
        alike = self.same or (dosed and len({view.names for view in self.views}) == 1)
        return "+".join(view.id for view in self.views) if alike and len(self.views) > 1 else None

    @property
    def order(self) -> list[str]:
        """The arms in the order of figures that name none: as they were listed where they are many, else the experimental one first."""
        listed = len(self.views) > 2 and len(self._told) == len(self.views)
        return [view.id for view in (self._told if listed else self.views)]

    @property
    def reference(self) -> ArmView:
        """The arm that others are compared with where no words say so."""
        return next((v for v in reversed(self.views[1:]) if self.is_control(v)), self.views[-1])

    def compared(self, first: str, second: str) -> tuple[str, str]:
        """Two arms with the experimental one first: of many the one given more, else in the order told; of two as they are listed."""
        one, other = (next(v for v in self.views if v.id == id_) for id_ in (first, second))
        if len(self.views) > 2 and one.names != other.names:
            swap = one.names < other.names or (self.is_control(one) and not self.is_control(other))
        else:
            swap = self.views.index(other) < self.views.index(one)
        return (second, first) if swap else (first, second)

    def is_control(self, view: ArmView) -> bool:
        """Whether an arm is what others are compared with: a sham, or less than another arm."""
        if any(name in SHAM for name in view.regimen):
            return True
        others = [v for v in self.views if v is not view]
        if any(v.regimen and v.names < view.names for v in others) and not any(view.names < v.names for v in others):
            return False
        return view.control or any(view.regimen and view.names < other.names for other in others)

    def labelled(self, label: str) -> ArmView | None:
        """The arm of a label: by the label itself, else by the role it tells."""
        view = next((v for v in self.views if v.label and v.label == label), None)
        if view or not label or label.startswith("arm ") or label.endswith(" cohort"):
            return view
        named = [v for v in self.views if any(re.search(rf"\b{re.escape(label)}\b", name) for name in v.regimen)]
        if len(named) == 1:
            return named[0]
        if label.endswith("dose"):
            return self._dosed(label)
        sizes = {"doublet": 2, "duo": 2, "triplet": 3, "trio": 3, "quadruplet": 4}
        sized = [v for v in self.views if len(v.regimen) == sizes.get(label)]
        if len(sized) == 1:
            return sized[0]
        control = bool(_IS_CONTROL.match(label))
        if not control and not _ROLE.match(label):
            return None
        same = [v for v in self.views if self.is_control(v) == control]
        return same[0] if len(same) == 1 and (len(self.views) > 1 or not control) else None

    def _dosed(self, label: str) -> ArmView | None:
        """The arm of the higher or lower dose of one regimen."""
        doses = {float(m[0]): v for v in self.views for mark in v.marks[:1] if (m := re.match(r"\d+(?:\.\d+)?", mark))}
        if len(doses) < 2:
            return None
        return doses[max(doses) if label.startswith("high") else min(doses)]

    @property
    def common(self) -> frozenset[str]:
        """What all arms are given."""
        told = [v.names for v in self.views if v.regimen]
        return frozenset.intersection(*told) if len(told) > 1 else frozenset()

    def meant(self, told: Told) -> ArmView | None:
        """The arm that a phrase means; None where it fits none or several."""
        if told.label and not told.regimen:
            return self.labelled(told.label)
        names = frozenset(told.names)
        exact = [v for v in self.views if v.names == names]
        if len(exact) == 1:
            return exact[0]
        if exact or (names and all(names <= v.names for v in self.views)):
            return self._marked(exact or self.views, told) or self._bare(names)
        return self._told_apart(names) or self._by_class(names)

    def _marked(self, views: list[ArmView], told: Told) -> ArmView | None:
        """Of arms with one regimen the one whose dose or schedule is told."""
        shared = set(told.marks)
        own = {v.id: set(v.marks) - {m for o in views if o is not v for m in o.marks} for v in views}
        fitting = [v for v in views if own[v.id] & shared]
        return fitting[0] if len(fitting) == 1 else None

    def _bare(self, names: frozenset[str]) -> ArmView | None:
        """The arm that is given no more than all are, where the phrase names it whole."""
        bare = [v for v in self.views if v.regimen and v.names == self.common]
        return bare[0] if len(bare) == 1 and names == bare[0].names else None

    def _told_apart(self, names: frozenset[str]) -> ArmView | None:
        """By what only some arms are given; the arm of nothing else before the arm of more."""
        telling = names - self.common
        holding = [v for v in self.views if telling and telling <= v.names]
        if len(holding) > 1:
            least = [v for v in holding if v.names - self.common - {"placebo"} == telling]
            holding = least or holding
        if len(holding) == 1:
            return holding[0]
        if holding or not telling:
            return None
        ranked = sorted(((len(telling & v.names), i) for i, v in enumerate(self.views)), reverse=True)
        clear = ranked and ranked[0][0] and (len(ranked) == 1 or ranked[0][0] > ranked[1][0])
        return self.views[ranked[0][1]] if clear else None

    def _by_class(self, names: frozenset[str]) -> ArmView | None:
        """So that "chemotherapy" means the one arm of a platinum doublet, and placebo the control of unknown regimen."""
        said = [v for v in self.views if any(name in other or other in name for name in names for other in v.regimen)]
        if len(said) == 1:
            return said[0]
        unknown = [v for v in self.views if not v.regimen and v.control]
        return unknown[0] if len(unknown) == 1 and any(name in SHAM for name in names) else None
