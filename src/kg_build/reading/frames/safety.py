"""Adverse events: which event, of which grade, in what share of which arm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from kg_build.facts import AdverseEventRate
from kg_build.reading.arms import ArmView
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.document import Span
from kg_build.reading.frames.events import WHOLE, event_name, find_events
from kg_build.reading.frames.grades import Grade, find_grades
from kg_build.reading.frames.rates import ArmOrder
from kg_build.reading.frames.shares import Share, find_shares
from kg_build.reading.gates import Gate
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study

_SAFETY = lazy(
    r"(?<!major\s)\badverse\s(?:\w+\s)?(?:effects?|events?|reactions?|experiences?)|\b(?:T[ER]AE|AE|SAE|AESI|ADR|irAE)s?\b|\bside[\s-]effects?"
    r"|toxicit(?:y|ies)\b|\btoxic\s(?:effects?|deaths?)|\bgrades?\s?(?:[1-5]|≥|⩾|>|I{1,3}V?\b)|\bsafety\b|\bimmune-(?:related|mediated)\b|\btolerab\w+"
    r"|\blaboratory\sabnormalit|\btreatment-related\b|\bdrug-related\b|\btreatment-emergent\b|\b(?:any|all)[- ]grades?\b",
    re.IGNORECASE,
)
_SAFETY_GATE = Gate([_SAFETY])
_HAD = lazy(
    r"(?:%|\s?percent)?\s?[^.;]{0,110}?\b(?:had|have|experienced|experiencing|developed|reported|suffered)"
    r"\s(?:from\s|at\sleast\sone\s|one\sor\smore\s|an?\s|any\s|treatment\s|study\s|drug\s)*(?:[\w≥/–-]+\s){0,3}$"
)
_THEN = lazy(
    r"(?:%|\s?percent)?[\])]?\s(?:(?:[\w-]+\s)?(?:cases?|events?)\sof|of\s(?:all\s)?|incidence\sof|rate\sof|with)?\s?(?:(?!and\b|or\b)[\w≥/–-]+\s){0,2}$"
)
_PEOPLE = lazy(r"(?:%|\s?percent)?\s?[^.;]{0,110}")
"""What stands between a share and what its patients did: "12% of patients discontinued treatment due to toxicity"."""
_OCCURRED = lazy(r"\b(?:occurred|reported|observed|seen|noted|developed|recorded|common|frequent|often|affected|experienced)\b")
_BASELINE = lazy(
    r"\b(?:baseline|ECOG|performance\sstatus|characteristics|median\sage|history|had\sprior|previously|comorbid\w*|prevalence|diagnosed|screened|enrolled"
    r"|eligible|excluded)\b",
    re.IGNORECASE,
)
_AFTERMATH = lazy(r"\b(?:resolved|recovered|recurred|reversible|improved|required|requiring|managed|treated\swith|corticosteroids)\b")
_COORDINATED = lazy(r"(?:\s\([A-Za-z]{2,6}\))?(?:,\s(?:and\s|or\s)?|\s(?:and|or|and/or)\s|/)(?:grade\s[\d≥–/ -]{1,6}\s)?$")
_COUNT_LINK = lazy(
    r"(?:[\s,:]|\b(?:was|were|occurred|reported|observed|seen|noted|developed|recorded|found|occurring|in|for|by|among|of|the|only|just)\b)*"
    r"[\[(]?\s?(?:[Nn]\s?=\s?)?"
)
_BRACKET = lazy(r"[()\[\]]")
_RESPECTIVELY = lazy(r"\brespectively\b")
_VERSUS = lazy(r"\b(?:vs\.?|versus|against|compared)\b")
_SIDE_BY_SIDE = lazy(r"\b(?:vs\.?|v|versus|against|compared|and)\b")
_ROW = lazy(r"\s?%?(?:,|,?\s(?:and|vs\.?|versus))\s")
_EVERY_ARM = lazy(
    r"\s?%?\s?(?:of\s(?:the\s)?(?:patients|participants|subjects|people|adults|children|infants|women|men)\s)?(?:for|in|on)?\s?(?:each|both|either|all)\s(?:of\sthe\s)?(?:\w+\s){0,2}(?:arms?|groups?|cohorts?)\b"
)
_REACH = 160


@dataclass
class Group:
    """An event of a unit and its shares."""

    event: Mention
    shares: list[Share] = field(default_factory=list)


def read_safety(reading: Reading, discourse: Discourse) -> Iterator[AdverseEventRate]:
    """Every share of an adverse event."""
    paragraph, order = -1, ArmOrder()
    for unit, (start, end) in enumerate(reading.document.units):
        here = reading.document.paragraph_at(start)
        told = _SAFETY_GATE.search(reading.text, start, end) is not None
        if not told and here != paragraph and not _table_event(reading, start, end):
            continue
        if here != paragraph:
            order = ArmOrder()
        paragraph = here if told else paragraph
        yield from _unit(reading, discourse, unit, told or here == paragraph, order)


def _table_event(reading: Reading, start: int, end: int) -> bool:
    """Whether a unit that does not speak of safety names events, and no endpoint or trait of patients to which its figures may belong."""
    if _BASELINE.search(reading.text, start, end):
        return False
    return bool(reading.mentions.between(start, end, "event")) and not reading.endpoints.between(start, end, "endpoint")


def _unit(reading: Reading, discourse: Discourse, unit: int, told: bool, order: ArmOrder) -> Iterator[AdverseEventRate]:
    start, end = reading.document.units[unit]
    grades = find_grades(reading.text, start, end)
    shares = find_shares(reading, unit, [g.span for g in grades], counts=told)
    if not shares:
        return
    events = find_events(reading, start, end, [s.start for s in shares], told)
    study = discourse.study_at(unit, end)
    refs = discourse.arm_refs(unit, study) if study is not None else []
    events = [e for e in events if e.key or not any(r.span[0] <= e.start and e.end <= r.span[1] for r in refs)]
    single = study is not None and (study.single or len(study.arms.views) == 1)
    groups = [part for group in _grouped(reading, events, shares) for part in _by_event(reading, events, group, 1 if single else 2)]
    if not told:
        groups = [group for group in groups if _happened(reading, group)]
    if not groups:
        return
    runs = _all_runs(reading, groups, grades)
    arms = _Arms(reading, discourse, unit, study, runs, order)
    for i, run in enumerate(runs):
        limit = runs[i + 1].shares[0].start if i + 1 < len(runs) else end
        yield from _rates(reading, study, events, run, arms.of(run, limit))


# ---- which share is of which event -----------------------------------------------------------------------------------------------


def _grouped(reading: Reading, events: list[Mention], shares: list[Share]) -> list[Group]:
    groups: list[Group] = []
    for i, share in enumerate(shares):
        following = shares[i + 1] if i + 1 < len(shares) else None
        event = _owner(reading, events, share, following, groups)
        if event is None:
            continue
        if groups and groups[-1].event is event:
            groups[-1].shares.append(share)
        else:
            groups.append(Group(event, [share]))
    return groups


def _owner(reading: Reading, events: list[Mention], share: Share, following: Share | None, groups: list[Group]) -> Mention | None:
    """The event a share is of: mostly the last one named before it, else the one that its patients "had"."""
    before = next((e for e in reversed(events) if e.end <= share.start and not _closed(reading, e.start, share.start)), None)
    after = next((e for e in events if e.start >= share.stop), None)
    if after and _had(reading, share, after, following, bool(before and groups and groups[-1].event is before) or before is None):
        return after
    if before and _told_before(reading, before, share, groups):
        return before
    then = after is not None and _THEN.fullmatch(reading.text, share.span[1], after.start) is not None
    return after if then and (before is None or share.percent is None) else None


def _closed(reading: Reading, start: int, end: int) -> bool:
    """Whether the bracket that holds `start` is closed before `end`."""
    depth = 0
    for bracket in _BRACKET.finditer(reading.text, start, end):
        depth += 1 if bracket[0] in "([" else -1
        if depth < 0:
            return True
    return False


def _had(reading: Reading, share: Share, event: Mention, following: Share | None, free: bool) -> bool:
    """Whether, as in "45% of patients had neutropenia", the event is told behind its share (and behind further shares of it)."""
    gap = event.start - share.span[1]
    link = _PEOPLE if event.kind in ("outcome", "death") and event.name[0] in "dws" else _HAD
    if gap > 150 or link.fullmatch(reading.text, share.span[1], event.start) is None:
        return False
    return (free and event.kind != "death") or following is None or following.start >= event.start


def _told_before(reading: Reading, event: Mention, share: Share, groups: list[Group]) -> bool:
    last = groups[-1].shares[-1].stop if groups and groups[-1].event is event else event.end
    if share.start - last > _REACH or reading.endpoints.between(event.end, share.start, "endpoint"):
        return False
    if _AFTERMATH.search(reading.text, last, share.start):
        return False
    if share.percent is not None:
        return True
    more = last != event.end and groups[-1].shares[-1].percent is None
    return more or _COUNT_LINK.fullmatch(reading.text, event.end, share.start) is not None


def _happened(reading: Reading, group: Group) -> bool:
    """Whether a sentence without a word on safety says that the event occurred, and not what it was the cause of."""
    event, at = group.event, group.shares[0].start
    return event.start > at or bool(_COUNT_LINK.fullmatch(reading.text, event.end, at) or _OCCURRED.search(reading.text, event.end, at))


def _coordinated(reading: Reading, events: list[Mention], event: Mention) -> list[Mention]:
    """The event with those before it that it is joined to and that have no share of their own: "nausea and rash (5% each)"."""
    at = events.index(event)
    found = [event]
    while at > 0 and _COORDINATED.fullmatch(reading.text, events[at - 1].end, events[at].start):
        at -= 1
        found.insert(0, events[at])
    return found


def _by_event(reading: Reading, events: list[Mention], group: Group, least: int) -> list[Group]:
    """The figures of coordinated events, one or one comparison each: "nausea and rash (4% vs 1%, 3% vs 0%, respectively)"."""
    together, shares = _coordinated(reading, events, group.event), group.shares
    size = len(shares) // len(together)
    if len(together) < 2 or _either(reading, together) or size < least or len(shares) % len(together):
        return [group]
    apart = [_VERSUS.search(reading.text, a.span[1], b.start) is None for a, b in pairwise(shares)]
    if apart != [(i + 1) % size == 0 for i in range(len(shares) - 1)]:
        return [group]
    return [Group(event, shares[i * size : (i + 1) * size]) for i, event in enumerate(together)]


# ---- grades ----------------------------------------------------------------------------------------------------------------------


def _own_grade(reading: Reading, grades: list[Grade], share: Share, last: int) -> Grade | None:
    """The grade printed between the event (or the share before) and a share, or in a bracket right behind it."""
    behind = next((g for g in grades if 0 <= g.span[0] - share.stop <= 6), None)
    if (
        behind
        and re.fullmatch(r"\s?%?\s?[\[(]", reading.text[share.span[1] : behind.span[0]])
        and reading.text[behind.span[1] : behind.span[1] + 1] in ")]"
    ):
        return behind
    return next((g for g in reversed(grades) if last <= g.span[0] and g.span[1] <= share.start), None)


@dataclass
class Run:
    """The shares of an event that are of one grade."""

    event: Mention
    shares: list[Share]
    grade: Grade | None = None


def _runs(reading: Reading, group: Group, grades: list[Grade]) -> list[Run]:
    """The shares of a group by grade: "(any grade 52% vs 36%; grade ≥3 20% vs 8%)"."""
    runs: list[Run] = []
    last = group.event.end
    for share in group.shares:
        own = _own_grade(reading, grades, share, last) if last <= share.start else None
        if runs and (own is None or (runs[-1].grade and own.span == runs[-1].grade.span)):
            runs[-1].shares.append(share)
        else:
            runs.append(Run(group.event, [share], own or _event_grade(reading, grades, group.event)))
        last = share.stop
    pair = _paired(reading, grades, group)
    if pair and len(runs) == 1 and len(group.shares) == 2 and not _VERSUS.search(_gap(reading, group.shares)):
        return [Run(group.event, [share], grade) for share, grade in zip(group.shares, pair, strict=True)]
    return runs


def _all_runs(reading: Reading, groups: list[Group], grades: list[Grade]) -> list[Run]:
    """The runs of a unit: the first of a list says what its two figures are, "rash (any grade 52%; grade ≥3 6%), nausea (41%; 1%)"."""
    found: list[Run] = []
    layout: list[Grade | None] = []
    for group in groups:
        runs = _runs(reading, group, grades)
        alone = len(runs) == 1 and len(group.shares) == 2 and not _VERSUS.search(_gap(reading, group.shares))
        if alone and len(layout) == 2 and _SECOND.fullmatch(_gap(reading, group.shares)):
            runs = [Run(group.event, [share], grade) for share, grade in zip(group.shares, layout, strict=True)]
        told = [run.grade for run in runs]
        layout = told if len(runs) == 2 and told[0] != told[1] and all(len(run.shares) == 1 for run in runs) else []
        found += runs
    return found


_SECOND = lazy(r"\s?%?\s?[;,/(]\s?|\s?%?\sand\s")


def _gap(reading: Reading, shares: list[Share]) -> str:
    return reading.text[shares[0].span[1] : shares[-1].start]


_BOTH_GRADES = lazy(r"\s?(?:/|,|;|\(|and|or|\[)\s?\(?")


def _paired(reading: Reading, grades: list[Grade], group: Group) -> tuple[Grade, Grade] | None:
    """The two grades under which an opening announces its pairs of figures: "any grade (grade ≥3)"."""
    before = [g for g in grades if g.span[1] <= group.shares[0].start]
    for left, right in pairwise(before):
        if _BOTH_GRADES.fullmatch(reading.text, left.span[1], right.span[0]):
            return left, right
    return None


_OF_BEFORE = lazy(r"[\d%]\s?[,;/]\s?$")
"""What stands before a grade that is told of a second figure of one event: "75%, grade 3 4%; neutropenia 41%"."""


def _event_grade(reading: Reading, grades: list[Grade], event: Mention) -> Grade | None:
    """The grade told with the event, else the one that its list inherits from the opening."""
    inside = [g for g in grades if event.start <= g.span[0] and g.span[1] <= event.end]
    if inside:
        return inside[0]
    told = [g for g in grades if g.span[1] <= event.start and not _closed(reading, g.span[0], event.start)]
    if not told or _OF_BEFORE.search(reading.text, max(0, told[-1].span[0] - 6), told[-1].span[0]):
        return None
    near = event.start - told[-1].span[1] <= 24 and not re.search(r"[,;:]|\d\s?%", reading.text[told[-1].span[1] : event.start])
    if event.kind in WHOLE or told[-1].value == "severe":
        return told[-1] if near else None
    return told[-1]


# ---- arms ------------------------------------------------------------------------------------------------------------------------


class _Arms:
    """The arms of the shares of one unit."""

    def __init__(self, reading: Reading, discourse: Discourse, unit: int, study: Study | None, runs: list[Run], order: ArmOrder) -> None:
        self.reading, self.order = reading, order
        start, _ = reading.document.units[unit]
        if study is not None:
            _ensure(study, 1 if study.single else max(_arms_compared(reading, run) for run in runs))
        self.views = study.arms.order if study is not None else []
        refs = discourse.arm_refs(unit, study) if study is not None else []
        order.begin(reading, refs, study.arms if study is not None else None, start, [share for run in runs for share in run.shares])

    def of(self, run: Run, limit: int) -> list[tuple[Share, str | None, Span | None]]:
        """Each share of a run with its arm."""
        share = run.shares[0]
        if len(run.shares) == 1 and len(self.views) > 1 and _EVERY_ARM.match(self.reading.text, share.span[1], limit):
            return [(share, view, None) for view in self.views]
        return self.order.assign(run.shares, limit, run.event.end)


def _arms_compared(reading: Reading, run: Run) -> int:
    """As how many arms the figures of one grade stand side by side."""
    gaps = [reading.text[a.span[1] : b.start] for a, b in pairwise(run.shares)]
    if len(gaps) == 1 and _SIDE_BY_SIDE.search(gaps[0]):
        return 2
    return len(run.shares) if gaps and all(_ROW.fullmatch(gap) for gap in gaps) else 1


def _ensure(study: Study, count: int) -> None:
    views = study.arms.views
    while len(views) < count:
        views.append(ArmView(f"A{len(views) + 1}", control=bool(views)))


# ---- facts -----------------------------------------------------------------------------------------------------------------------


def _rates(
    reading: Reading,
    study: Study | None,
    events: list[Mention],
    run: Run,
    placed: list[tuple[Share, str | None, Span | None]],
) -> Iterator[AdverseEventRate]:
    together = _coordinated(reading, events, run.event)
    each = any(share.each for share in run.shares)
    tail = reading.text[run.shares[-1].span[1] : run.shares[-1].span[1] + 120].split(". ")[0]
    listed = (
        len(together) == len(run.shares) > 1
        and not _either(reading, together)
        and bool(_RESPECTIVELY.search(tail))
        and not _VERSUS.search(_gap(reading, run.shares))
    )
    for i, (share, arm, ref) in enumerate(placed):
        if listed:
            yield _rate(reading, study, together[i], run, share, placed[0][1], placed[0][2])
            continue
        if arm is None and study is not None and len(placed) > len(study.arms.views):
            continue  # a total, told before its arms
        for event in together if each else [run.event]:
            yield _rate(reading, study, event, run, share, arm, ref)


def _either(reading: Reading, together: list[Mention]) -> bool:
    """Whether an "or" makes one of what is coordinated: "interstitial lung disease or pneumonitis in 9% and 4%, respectively"."""
    return re.search(r"\bor\b|/", reading.text[together[0].end : together[-1].start]) is not None


def _rate(
    reading: Reading, study: Study | None, event: Mention, run: Run, share: Share, arm: str | None, ref: Span | None
) -> AdverseEventRate:
    grade = "fatal" if event.kind == "death" else run.grade.value if run.grade else "any"
    digits = share.count is not None and share.count.printed[0].isdigit()
    spans: list[tuple[str, Span | None]] = [
        ("event", event.span),
        ("percent", share.span if share.percent is not None else None),
        ("count", share.count.span if share.count else None),
        ("n", share.n.span if share.n else None),
        ("grade", run.grade.span if run.grade else None),
        ("arm", ref),
    ]
    printed = {"percent": share.printed, "count": share.count.printed if share.count else "", "n": share.n.printed if share.n else ""}
    return AdverseEventRate(
        trial=study.name if study else None,
        event=event_name(reading, event),
        grade=grade,
        arm=arm,
        percent=share.percent,
        count=share.count.value if share.count and digits else None,
        n=share.n.value if share.n else None,
        evidence=tuple(reading.evidence(slot, span) for slot, span in spans if span),
        printed={slot: told for slot, told in printed.items() if told},
        confidence=_confidence(study, event, share, arm),
    )


def _confidence(study: Study | None, event: Mention, share: Share, arm: str | None) -> float:
    sure = 0.85 if event.kind in WHOLE or event.key else 0.75
    sure -= 0.2 if share.percent is None else 0.0
    return round(sure - (0.15 if study is None or arm is None else 0.0), 2)
