"""Stage 4b: the arms of a study as objects of the document: what is told of each, and which of them a phrase means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kg_build.facts import Evidence
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import SHAM, Regimen

EXPERIMENTAL = (
    r"investigational|experimental|intervention(?:al)?|active(?:[-\s]treatment)?|combination|treatment|treated|study(?:\sdrug)?"
    r"|triplet|quadruplet|immunotherapy|test|vaccine|vaccination"
)
CONTROL = (
    r"control|comparator|standard(?:[- ]of[- ]care|[- ]therapy|[- ]treatment|[- ]care|[- ]chemotherapy)?|SOC|observation|placebo|doublet"
    r"|chemotherapy|chemotherapy[- ]alone|monotherapy|reference|usual[- ]care|conventional"
    r"|best\ssupportive\scare|BSC|no[- ]treatment|untreated"
)
_ROLE = lazy(rf"(?:{EXPERIMENTAL})", re.IGNORECASE)
_IS_CONTROL = lazy(rf"(?:{CONTROL})s?\b", re.IGNORECASE)
OPERATIONS = frozenset({"surgery", "surgical resection"})


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
