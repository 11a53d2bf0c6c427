"""Stage 4b: the arms of a study: what the text says of them, drawn together, and which of them a phrase means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kg_build.facts import Evidence
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.quantities import Count
from kg_build.reading.regimens import Regimen, regimens

EXPERIMENTAL = (
    r"investigational|experimental|intervention(?:al)?|active(?:\streatment)?|combination|treatment|study(?:\sdrug)?"
    r"|triplet|quadruplet|immunotherapy"
)
CONTROL = (
    r"control|comparator|standard(?:[- ]of[- ]care|[- ]therapy|[- ]treatment)?|SOC|observation|placebo|doublet"
    r"|chemotherapy|chemotherapy[- ]alone|monotherapy"
    r"|best\ssupportive\scare|no[- ]treatment"
)
_LABEL = re.compile(
    rf"\b(?P<label>(?:(?:{EXPERIMENTAL}|{CONTROL})(?:[- ](?:alone|only|plus\s\w+))?))(?:(?:\s(?:or|and|vs"
    rf"|versus)\s(?:the\s)?(?P<second>{EXPERIMENTAL}|{CONTROL}))?"
    r"\s(?:arm|group|cohort|recipients|regimen|patients)s?\b)",
    re.IGNORECASE,
)
_IS_CONTROL = re.compile(rf"(?:{CONTROL})\b", re.IGNORECASE)
_ARM_WORD = re.compile(
    r"(?:[\s-](?:alone|only|monotherapy|therapy|combination))?[\s-](?:arm|group|cohort|recipients|treated\spatients"
    r"|treated\sgroup)s?\b"
)
_SIZE_TO = (
    r"\b(?P<n>\d{1,3}(?:,\d{3})?|\d{2,5})\s(?:patients\s|participants\s)?(?:(?:were\s)?(?:randomly\s)?(?:assigned"
    r"|allocated|randomi[sz]ed)\s)?(?:to|in|received|receiving)\s(?:receive\s)?(?:the\s)?"
)
_EACH = re.compile(r"\b(?:each|both|either|all)(?:\s(?:given|arms|groups|of\sthem))?(?:\sin\scombination)?\s(?:with|plus)\s")
_WITH = re.compile(r"\b(?:with|on|for|received|receiving|than|given|taking)\s(?:the\s)?$")
_ASSIGN = re.compile(r"\b(?:randomi[sz]ed|randomly\s(?:assigned|allocated)|assigned|allocated|randomi[sz]ation)\b", re.IGNORECASE)
_TO = re.compile(r"\b(?:to\sreceive|to\seither|to\streatment\swith|receive[ds]?|to|between|of|comparing|with)\b")
_RATIO = re.compile(r"\b(\d{1,2})\s?(?::|-to-|\sto\s)\s?(\d{1,2})(?:\s?:\s?(\d{1,2}))?\b")
_VERSUS = re.compile(r"\s?(?:\([^()]{0,60}\)\s?)?,?\s?(?:versus|vs\.?|compared\s(?:with|to)|against|or|over)\s", re.IGNORECASE)
_RECEIVED = re.compile(
    r"\b(?:received?|receiving|treated\swith|assigned\sto|given|randomi[sz]ed\sto)\s(?:only\s|either\s"
    r"|treatment\swith\s)?$"
)


_N_REACH = 130
_OTHER_ARM = re.compile(r"\b(?:or|versus|vs|compared)\b")
_ALIAS = re.compile(
    r"(?:\s(?:arm|group))?\s?[\[(](?P<alias>[A-Z][A-Za-z0-9]{0,9}(?:[-+/][A-Za-z0-9]{1,9}){0,3})(?=[;,:)\]]\s?"
    r"(?:[Nn]\s?=|arm|group|$|[\s.,;)]))"
)


@dataclass
class ArmView:
    """One arm as far as the text has told it."""

    id: str
    label: str | None = None
    control: bool = False
    regimen: tuple[str, ...] = ()
    n: Count | None = None
    alias: str | None = None
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """One thing said of one arm at one place."""

    span: Span
    label: str | None = None
    regimen: Regimen | None = None
    n: Count | None = None
    alias: str | None = None

    @property
    def control(self) -> bool:
        """Whether the words alone tell a control arm."""
        if self.label:
            return bool(_IS_CONTROL.match(self.label))
        return bool(self.regimen and any(name in ("placebo", "best supportive care") for name in self.regimen.names))


@dataclass(frozen=True)
class ArmRef:
    """A phrase that means one arm, and the arm's id."""

    span: Span
    arm: str


# ---- phrases --------------------------------------------------------------------------------------------------------------------


def _labels(reading: Reading, start: int, end: int) -> Iterator[Told]:
    for match in _LABEL.finditer(reading.text, start, end):
        for group in ("label", "second"):
            if match[group]:
                yield Told((match.start(group), match.end()), label=match[group].lower())


def _regimen_phrases(reading: Reading, start: int, end: int) -> Iterator[Told]:
    for regimen in regimens(reading, start, end, either=False):
        word = _ARM_WORD.match(reading.text, regimen.span[1], end)
        yield Told((regimen.span[0], word.end() if word else regimen.span[1]), regimen=regimen)


def phrases(reading: Reading, start: int, end: int) -> list[Told]:
    """Everything within [start, end) that could mean an arm, in order; a label inside a regimen phrase is left out."""
    told = list(_regimen_phrases(reading, start, end))
    labels = [t for t in _labels(reading, start, end) if not any(r.span[0] <= t.span[0] < r.span[1] for r in told)]
    return sorted([*told, *labels], key=lambda t: t.span)


def _with_n(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """The phrases with the n and the short name printed behind them: "X plus Y 10 mg every 3 weeks (XY; n = 154)"."""
    sizes = [q.n for q in reading.quantities[unit] if q.kind == "n" and q.n]
    found = []
    for i, phrase in enumerate(told):
        limit = min(phrase.span[1] + _N_REACH, told[i + 1].span[0] if i + 1 < len(told) else phrase.span[1] + _N_REACH)
        n = next((size for size in sizes if phrase.span[1] <= size.span[0] < limit), None)
        gap = reading.text[phrase.span[1] : n.span[0]] if n else ""
        n = (
            n
            if n
            and not _OTHER_ARM.search(gap)
            and not re.search(r"[.;]\s|\)", re.sub(r"\([^()]{0,60}\)", "", gap).replace("; n", " n").replace("; N", " N"))
            else None
        )
        alias = _ALIAS.match(reading.text, phrase.span[1])
        found.append(Told(phrase.span, phrase.label, phrase.regimen, n, alias["alias"] if alias and phrase.regimen else None))
    return found


# ---- what defines arms -----------------------------------------------------------------------------------------------------------


def _assigned(reading: Reading, start: int, end: int, told: list[Told]) -> list[Told]:
    """The arms of "randomized 2:1 to X or Y"."""
    match = _ASSIGN.search(reading.text, start, end)
    if not match:
        return []
    to = _TO.search(reading.text, match.end(), end)
    arms = [t for t in told if to and t.span[0] >= to.start()]
    labels, given = [t for t in arms if t.label], [t for t in arms if t.regimen]
    if len(given) < 2:
        return labels if len(labels) >= 2 else []
    ratio = _RATIO.search(reading.text, match.start(), min(end, match.end() + 60))
    expected = len([g for g in ratio.groups() if g]) if ratio else len(given)
    return given[: max(2, expected)] if _contrasted(reading, given) else []


def _contrasted(reading: Reading, given: list[Told]) -> bool:
    """Whether "or", "versus" or a new "(n =" stands between the first two."""
    gap = reading.text[given[0].span[1] : given[1].span[0]]
    return len(gap) < 250 and bool(re.search(r"\b(?:or|versus|vs|and|compared|in a \d)\b", gap))


def _compared(reading: Reading, told: list[Told]) -> list[Told]:
    """The arms of "X versus Y"."""
    for left, right in pairwise(told):
        if left.regimen and right.regimen and left.regimen.names != right.regimen.names:
            gap = reading.text[left.span[1] : right.span[0]]
            if len(gap) < 90 and (found := _VERSUS.match(gap)) and " or " not in found[0]:
                return [left, right]
    return []


def _received(reading: Reading, start: int, told: list[Told]) -> list[Told]:
    """An arm told by what its patients received: "In the control arm, patients received ..."."""
    found = []
    labels = [t for t in told if t.label]
    for phrase in told:
        if phrase.regimen and _RECEIVED.search(reading.text, max(start, phrase.span[0] - 40), phrase.span[0]):
            label = next((t for t in reversed(labels) if t.span[1] <= phrase.span[0]), None)
            found.append(Told(phrase.span, label.label if label else None, phrase.regimen, phrase.n))
    return found


class Arms:
    """The arms of one study, drawn together from all that is told of them."""

    def __init__(self) -> None:
        self.views: list[ArmView] = []

    def add(self, reading: Reading, told: Told, order: bool = False) -> ArmView:
        """The arm that is meant, made anew where none is; `order` says that a second arm is told after its experimental one."""
        view = self._same(told)
        if view is None:
            view = ArmView(f"A{len(self.views) + 1}", control=told.control or order)
            self.views.append(view)
        self._merge(reading, view, told)
        return view

    def _same(self, told: Told) -> ArmView | None:
        if told.regimen:
            names = set(told.regimen.names)
            for view in self.views:
                if set(view.regimen) == names:
                    return view
            open_views = [v for v in self.views if not v.regimen and (v.label is None or told.label is None or v.label == told.label)]
            return next((v for v in open_views if told.label and v.label == told.label), None)
        return self.labelled(told.label or "")

    def labelled(self, label: str) -> ArmView | None:
        """The arm of a label: by the label itself, else by the role it tells."""
        view = next((v for v in self.views if v.label and v.label == label), None)
        if view or not label:
            return view
        control = bool(_IS_CONTROL.match(label))
        named = [v for v in self.views if any(re.search(rf"\b{re.escape(label)}\b", name) for name in v.regimen)]
        if len(named) == 1:
            return named[0]
        same = [v for v in self.views if self._is_control(v) == control and (v.label is None or _roughly(v.label, control))]
        return same[0] if len(same) == 1 else None

    def _is_control(self, view: ArmView) -> bool:
        if view.control:
            return True
        others = [v for v in self.views if v is not view]
        return any(view.regimen and set(view.regimen) < set(o.regimen) for o in others)

    def _merge(self, reading: Reading, view: ArmView, told: Told) -> None:
        if told.label and not view.label:
            view.label = told.label
            view.evidence.append(reading.evidence("label", told.span) if not told.regimen else reading.evidence("label", told.regimen.span))
        if told.regimen and not view.regimen:
            view.regimen = told.regimen.names
            view.evidence.append(reading.evidence("regimen", told.regimen.span))
        view.alias = view.alias or told.alias
        if told.n and view.n is None:
            view.n = told.n
            view.evidence.append(reading.evidence("n", told.n.span))

    def ordered(self) -> None:
        """Experimental arms first, numbered A1, A2..."""
        self.views.sort(key=self._is_control)
        for number, view in enumerate(self.views, start=1):
            view.id = f"A{number}"

    def meant(self, told: Told) -> ArmView | None:
        """The arm that a phrase means; None where it fits none or several."""
        if told.label:
            return self.labelled(told.label)
        names = set(told.regimen.names) if told.regimen else set()
        exact = [v for v in self.views if set(v.regimen) == names]
        if exact:
            return exact[0]
        holding = [v for v in self.views if names <= set(v.regimen)]
        if len(holding) == 1:
            return holding[0]
        ranked = sorted(((len(names & set(v.regimen)), -len(set(v.regimen) ^ names), i) for i, v in enumerate(self.views)), reverse=True)
        if len(holding) > 1 or not ranked or not ranked[0][0]:
            return self._by_class(names) if not holding else None
        clear = len(ranked) == 1 or ranked[0][:2] > ranked[1][:2]
        return self.views[ranked[0][2]] if clear else None

    def _by_class(self, names: set[str]) -> ArmView | None:
        """So that "chemotherapy" means the one arm of a platinum doublet."""
        said = [v for v in self.views if any(name in other or other in name for name in names for other in v.regimen)]
        return said[0] if len(said) == 1 else None


def _roughly(label: str, control: bool) -> bool:
    return bool(_IS_CONTROL.match(label)) == control


def tell_arms(reading: Reading, units: list[int], single: bool) -> Arms:
    """The arms of one study, from the units that speak of it."""
    arms = Arms()
    spans = reading.document.units
    told = {u: _with_n(reading, u, phrases(reading, *spans[u])) for u in units}
    for unit in units:
        start, end = spans[unit]
        for n, phrase in enumerate(t for t in told[unit] if t.n and not single):
            arms.add(reading, phrase, order=n > 0)
        for n, phrase in enumerate([] if single else _assigned(reading, start, end, told[unit])):
            arms.add(reading, phrase, order=n > 0)
        for phrase in [] if single else _received(reading, start, told[unit]):
            if phrase.label:
                arms.add(reading, phrase)
        _tell_partners(reading, arms, told[unit], end)
    if len(arms.views) < 2 and not single:
        _tell_by_contrast(reading, arms, told)
    _tell_sizes(reading, arms, told)
    if single or (not arms.views and any(reports(reading, unit) for unit in units)):
        _tell_single(reading, arms, told, spans)
    arms.ordered()
    return arms


def _tell_sizes(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    """Sizes printed before the arm: "183 to XY and 91 to Y"."""
    for view in arms.views:
        pattern = re.compile(rf"{_SIZE_TO}(?={re.escape(view.alias or '')}\b)")
        spans = [reading.document.units[unit] for unit in told] if view.alias and view.n is None else []
        for match in (m for span in spans for m in pattern.finditer(reading.text, *span)):
            view.n = view.n or Count(int(match["n"].replace(",", "")), match["n"], match.span("n"))
            view.evidence += [reading.evidence("n", view.n.span)] if not any(e.slot == "n" for e in view.evidence) else []
    for phrase in (t for group in told.values() for t in group if t.regimen):
        found = re.compile(rf"{_SIZE_TO}$").search(reading.text, max(0, phrase.span[0] - 70), phrase.span[0])
        view_ = arms.meant(phrase) if found else None
        if found and view_ and view_.n is None:
            view_.n = Count(int(found["n"].replace(",", "")), found["n"], found.span("n"))
            view_.evidence.append(reading.evidence("n", view_.n.span))


def _tell_partners(reading: Reading, arms: Arms, told: list[Told], end: int) -> None:
    """What all arms of a sentence are given: "X or placebo, each with Y and Z"."""
    sized = [t for t in told if t.n and t.regimen]
    match = _EACH.search(reading.text, sized[-1].span[1], end) if len(sized) > 1 else None
    common = next((t.regimen for t in told if match and t.regimen and 0 <= t.span[0] - match.end() < 20), None)
    if common is None:
        return
    for view in arms.views:
        if not set(common.names) & set(view.regimen):
            view.regimen += common.names
            view.evidence.append(reading.evidence("regimen", common.span))


def _tell_single(reading: Reading, arms: Arms, told: dict[int, list[Told]], spans: tuple[Span, ...]) -> None:
    """The one arm of a single-arm study: what its patients received, else the regimen the text speaks of first."""
    received = [t for unit, group in told.items() for t in _received(reading, spans[unit][0], group)]
    first = next((t for group in told.values() for t in group if t.regimen and reading.mentions.between(*t.regimen.span, "agent")), None)
    chosen = next((t for t in received if t.regimen), None) or first
    if chosen and chosen.regimen:
        arms.add(reading, Told(chosen.span, None, chosen.regimen))


def reports(reading: Reading, unit: int) -> bool:
    """Whether a unit reports a figure of an endpoint."""
    start, end = reading.document.units[unit]
    return bool(reading.endpoints.between(start, end, "endpoint")) and any(
        q.kind in ("time", "percent", "ratio", "missing") for q in reading.quantities[unit]
    )


def _given(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """The two regimens that a sentence with figures sets side by side: "11 months with X and 6 months with Y"."""
    if not reports(reading, unit):
        return []
    given = [t for t in told if t.regimen and _WITH.search(reading.text, max(0, t.span[0] - 24), t.span[0])]
    names = {t.regimen.names: t for t in reversed(given) if t.regimen}
    return sorted(names.values(), key=lambda t: t.span) if len(names) == 2 else []


def _counted(reading: Reading, told: list[Told]) -> list[Told]:
    """The arms of "300 patients received X and 150 received Y"."""
    size = re.compile(rf"{_SIZE_TO}$")
    counted = [t for t in told if t.regimen and size.search(reading.text, max(0, t.span[0] - 70), t.span[0])]
    return counted if len({t.regimen.names for t in counted if t.regimen}) > 1 else []


def _tell_by_contrast(reading: Reading, arms: Arms, told: dict[int, list[Told]]) -> None:
    for unit, phrases_ in told.items():
        pair = _compared(reading, phrases_) or _counted(reading, phrases_) or _given(reading, unit, phrases_)
        labels = [t for t in phrases_ if t.label or _ARM_WORD.search(reading.text, t.span[1] - 12, t.span[1] + 1)]
        for n, phrase in enumerate(pair or (labels if len({t.label or t.regimen for t in labels}) == 2 else [])):
            arms.add(reading, phrase, order=n > 0)
        if len(arms.views) >= 2:
            return
