"""Dosing: dose, route and schedule of each agent in each arm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from kg_build.facts import DoseSchedule
from kg_build.reading.arm_phrases import phrases
from kg_build.reading.arms import Told
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.document import Span
from kg_build.reading.frames.doses import DOSE, ROUTE, SCHEDULE, Dose, dose_of, route_name, schedule_text
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.study import Study

_SAME = lazy(
    r"\bsame\s(?:(?:dosing|treatment|study|backbone|\w+)\s)?(?:dos(?:e|es|ing|age)|schedules?|regimens?|treatment|chemotherapy|backbone|manner)\b",
    re.IGNORECASE,
)
_BREAK = lazy(
    r"\b(?:reduc\w+|interrupt\w+|maximum|toxicit\w+|tolerated|premedicat\w+|vials?|strengths?|tablets?\sof|supplied|contain\w+|clearance|creatinine"
    r"|ha?emoglobin|equivalent)\b|(?:[≥≤<>]|\b(?:less\sthan|more\sthan|greater\sthan|at\sleast))\s?$",
    re.IGNORECASE,
)
_TRIAL = lazy(
    r"\b(?:patients|participants|subjects|they|arms?|groups?|cohorts?|trial|study|randomi[sz]ed|assigned|tested|compared|women|men|children)\b",
    re.IGNORECASE,
)
_LABELLED = lazy(
    r"\b(?:recommended|approved\s(?:\w+\s){0,2}dos|new\sdos\w+|prescribing\sinformation|should\s(?:receive|be)|(?<!open-)(?<!open\s)label)\b",
    re.IGNORECASE,
)
_LIMIT = lazy(r"\sor\s(?:less|lower|fewer|more|higher|greater)\b")
_FORMED = lazy(r"[\s-](?:tablets?|capsules?|vials?|pens?|syringes?)\b")
_PIECES = lazy(r"(?:\b(?:one|two|three|four|five|six|\d)|[×x])\s$")
_GIVEN = lazy(
    r"\b(?:received?|receiving|given|administered|treated|randomi[sz]ed|randomly|assigned|allocated|dos(?:e|es|ed|ing)|consisted|comprised|switched|regimens?)\b"
    r"|\bcycles?\b",
    re.IGNORECASE,
)
_STEP_UP = lazy(r"\b(?:step-?up|priming|ramp-?up|titrat\w+|escalating)\b", re.IGNORECASE)
_TOGETHER = lazy(r"\s?(?:,|and|, and|/|&)\s?")
_OF_AGENT = lazy(
    r"\s?(?:(?:of|for|dose\sof)\s)?(?:(?:oral|intravenous|IV|subcutaneous|intravesical|intrathecal|intramuscular|topical)\s)?",
    re.IGNORECASE,
)
_JOINED = lazy(
    r"[)\]]?\s?(?:IV|PO|orally|intravenously)?\s?(?:,|and|,\sand|plus|with|\+|/|-|–|‐|in\scombination\swith|combined\swith)\s?(?:oral\s|intravenous\s|IV\s|a\s)?"
)
_LEADS = lazy(r"\s?(?:(?!and\b|plus\b|with\b|or\b)[\w-]+\s){0,2}")
_THEN = lazy(
    r"[\s,(]*(?:(?:tablets?|capsules?|chemotherapy|therapy|monotherapy|was|were|is|are|given|administered|treatment|dosing|infusions?|injections?|orally|IV|oral"
    r"|intravenously|subcutaneously|as)\b[\s,(]*){0,5}"
)
_OTHER_PEOPLE = lazy(r"\b(?:patients|arms?|groups?|respectively)\b|;")
_BY_WEIGHT = lazy(r"\b(?:weigh\w*|years|kg|children|adults|p(?:a)?ediatric|renal|hepatic|impairment|body\ssurface)\b")
_BOTH = lazy(
    r"\b(?:both|all|each|either)\s(?:of\sthe\s)?(?:treatment\s|study\s)?(?:arms?|groups?)\b|\b(?:given|administered)\sto\sall\b",
    re.IGNORECASE,
)
_RADIATION = lazy(
    r"(?:(?:whole[- ]brain|stereotactic(?:\sbody)?|thoracic|pelvic|external[- ]beam|intensity-modulated)\s)?"
    r"(?:radio(?:therapy|surgery)|radiation(?:\stherapy)?)"
    r"|\b[A-Z]{0,3}RT\b|\bbrachytherapy",
    re.IGNORECASE,
)
_LAST_TWO = lazy(r"(?P<one>[\d.,]+\s?[a-zµμ]{1,3})\sor\s(?P<other>[\d.,]+\s?[a-zµμ]{1,3})")
_SHARED = lazy(r",\s(?:each|both|all|in\scombination|plus|with|combined)\b")
_OR_NOT = lazy(r"\bwith\s(?:or|and)\swithout\b|±|\+/[-−–]|\b(?:plus|with|and)\seither\b")
_ALL_GIVEN = lazy(r"\b(?:each|both|all)\s(?:given\s)?(?:in\scombination\swith|combined\swith|together\swith|plus|with)\b")
_REACH = 170
_CARRY = 500


@dataclass
class Item:
    """An agent of a unit with its dose, or with a schedule alone."""

    agent: Mention
    dose: Dose | None
    schedule: re.Match[str] | None = None
    route: re.Match[str] | None = None
    limit: int = 0
    apart: bool = False

    @property
    def start(self) -> int:
        """Where the agent or its dose starts; a dose apart from its agent (a second one, one in a later sentence) stands for itself."""
        if self.dose is None:
            return self.agent.start
        return self.dose.start if self.apart else min(self.agent.start, self.dose.start)

    @property
    def end(self) -> int:
        """Where both have been told."""
        return max(self.agent.end, self.dose.end) if self.dose else self.agent.end


def read_dosing(reading: Reading, discourse: Discourse) -> Iterator[DoseSchedule]:
    """Every dose or schedule that is stated, and the control's where it is "the same"."""
    given: dict[tuple[str, str], list[DoseSchedule]] = {}
    for unit, (start, end) in enumerate(reading.document.units):
        study = _study(reading, discourse, unit)
        for item in _items(reading, start, end):
            for fact in _facts(reading, discourse, unit, study, item):
                given.setdefault((fact.trial or "", fact.arm or ""), []).append(fact)
                yield fact
        if study and _SAME.search(reading.text, start, end):
            yield from _same_again(reading, discourse, unit, study, given)


def _study(reading: Reading, discourse: Discourse, unit: int) -> Study | None:
    """The study whose patients a sentence tells of; none where it tells how the agent is to be given."""
    start, end = reading.document.units[unit]
    home = reading.document.paragraphs[reading.document.paragraph_at(start)]
    if _LABELLED.search(reading.text, start, end) or not _TRIAL.search(reading.text, max(home[0], start - 600), end):
        return None
    return discourse.study_at(unit, end)


# ---- items -----------------------------------------------------------------------------------------------------------------------


def _items(reading: Reading, start: int, end: int) -> list[Item]:
    """What a unit gives, in order, each item with its schedule and route."""
    doses = _doses(reading, start, end)
    given = _GIVEN.search(reading.text, start, end) is not None
    if not doses and not (given and reading.mentions.between(start, end, "agent")):
        return []
    schedules = list(SCHEDULE.finditer(reading.text, start, end))
    doses = [d for d in doses if not any(s.start() <= d.start and d.end <= s.end() for s in schedules)]
    agents = _agents(reading, start, end, any(d.gray for d in doses))
    items = _dosed(reading, agents, doses) or _carried(reading, doses, schedules, start, end)
    if schedules and given:
        items += _scheduled(reading, agents, items, schedules)
    items.sort(key=lambda item: (item.start, item.end))
    _tell_schedules(reading, items, schedules, end)
    _tell_routes(reading, items, start, end)
    return [item for item in items if item.dose or item.schedule]


def _agents(reading: Reading, start: int, end: int, radiation: bool) -> list[Mention]:
    """The agents of a unit without brands in brackets, and its radiotherapy where there are doses of that."""
    found = [m for m in reading.mentions.between(start, end, "agent") if reading.text[m.start - 1 : m.start] != "("]
    if radiation:
        found += [
            Mention(m.start(), m.end(), "class", reading.names.abbreviations.get(m[0], "radiotherapy" if m[0] == "RT" else m[0]))
            for m in _RADIATION.finditer(reading.text, start, end)
        ]
    return sorted(found)


def _carried(reading: Reading, doses: list[Dose], schedules: list[re.Match[str]], start: int, end: int) -> list[Item]:
    """Doses of a sentence that names no agent ("It is given at 5 mg twice daily"): of the agent that the text before it is about."""
    if reading.mentions.between(start, end, "agent", "class") or not doses or not (schedules or ROUTE.search(reading.text, start, end)):
        return []
    near = reading.mentions.between(max(0, start - _CARRY), start, "agent")
    told = Counter(m.name for m in reading.mentions.all("agent"))
    agent = max(reversed(near), key=lambda m: told[m.name], default=None)
    return [Item(agent, dose, apart=True) for dose in doses if not dose.gray] if agent else []


def _doses(reading: Reading, start: int, end: int) -> list[Dose]:
    found: list[Dose] = []
    for match in DOSE.finditer(reading.text, start, end):
        dose = dose_of(reading.text, match, end)
        inside = found and match.start() < found[-1].start + len(found[-1].text) + 14 and match[0] in found[-1].text[len(match[0]) :]
        if not inside and not _no_dose(reading, match, start):
            found += _listed(reading, dose, found)
    return _stepped(reading, found) if _STEP_UP.search(reading.text, start, end) else found


def _listed(reading: Reading, dose: Dose, before: list[Dose]) -> list[Dose]:
    """The last two of doses that are listed one by one: "1 mg, 4 mg, 8 mg or 12 mg"."""
    two = _LAST_TWO.fullmatch(dose.text) if before and reading.text[before[-1].end : dose.start] == ", " else None
    if two is None:
        return [dose]
    return [Dose(two[name], (dose.start + two.start(name), dose.start + two.end(name))) for name in ("one", "other")]


def _no_dose(reading: Reading, match: re.Match[str], start: int) -> bool:
    """Whether an amount is a limit, a measurement or the strength of a tablet."""
    text, at = reading.text, match.start()
    return bool(_BREAK.search(text, max(start, at - 30), at) or _LIMIT.match(text, match.end())) or bool(
        _FORMED.match(text, match.end()) and _PIECES.search(text, max(start, at - 10), at)
    )


def _stepped(reading: Reading, doses: list[Dose]) -> list[Dose]:
    """Step-up doses that share one schedule as one: "2.5 mg and 10 mg in cycle 1"."""
    found: list[Dose] = []
    for dose in doses:
        if found and _TOGETHER.fullmatch(reading.text, found[-1].end, dose.start):
            span = found[-1].start, dose.end
            found[-1] = Dose(reading.text[span[0] : span[1]], span)
        else:
            found.append(dose)
    return found


def _dosed(reading: Reading, agents: list[Mention], doses: list[Dose]) -> list[Item]:
    """Each dose with the agent it is of: the one right behind ("4 mg of pomalidomide"), else the one before it."""
    items: list[Item] = []
    for dose in doses:
        fitting = [a for a in agents if bool(_RADIATION.search(a.name)) == dose.gray]
        behind = next((a for a in fitting if 0 <= a.start - dose.end <= 26), None)
        if behind and _OF_AGENT.fullmatch(reading.text, dose.end, behind.start):
            items.append(Item(behind, dose))
            continue
        before = next((a for a in reversed(fitting) if a.end <= dose.start and dose.start - a.end <= _REACH), None)
        if later := _later(reading, fitting, dose):
            items.append(Item(later, dose))
        elif before is not None and _free(reading, before, dose, items):
            items.append(Item(before, dose, apart=any(item.agent is before for item in items)))
    return items


def _free(reading: Reading, agent: Mention, dose: Dose, items: list[Item]) -> bool:
    """Whether an agent that may have a dose already has a further one: "200 mg every 3 weeks or 400 mg every 6 weeks"."""
    last = next((item for item in reversed(items) if item.agent is agent), None)
    if last is None or last.dose is None:
        return True
    gap = dose.start - last.end
    others = _OTHER_PEOPLE.search(reading.text, last.end, dose.start)
    return 0 <= gap <= 110 and (
        others is None or (others[0] == "patients" and _BY_WEIGHT.search(reading.text, last.end, dose.start) is not None)
    )


def _later(reading: Reading, agents: list[Mention], dose: Dose) -> Mention | None:
    """The agent told after its dose and schedule: "400 mg every six weeks for pembrolizumab"."""
    schedule = SCHEDULE.match(reading.text, dose.end + 1)
    at = schedule.end() if schedule else dose.end
    agent = next((a for a in agents if 0 <= a.start - at <= 30), None)
    named = agent and re.fullmatch(r"\s\(" if dose.gray else r"\s(?:for|of)\s(?:\w+\s)?", reading.text[at : agent.start])
    return agent if named else None


def _scheduled(reading: Reading, agents: list[Mention], items: list[Item], schedules: list[re.Match[str]]) -> list[Item]:
    """Agents that have no dose but a schedule right behind them, and those joined to such a one."""
    dosed = {id(item.agent) for item in items}
    starts = {s.start(): s for s in schedules}
    found: list[Item] = []
    following: Mention | None = None
    for agent in reversed(agents):
        at = _THEN.match(reading.text, agent.end, agent.end + 50)
        direct = at is not None and (at.end() in starts or any(agent.end < s <= at.end() for s in starts))
        joined = following is not None and _JOINED.fullmatch(reading.text, agent.end, following.start) is not None
        if id(agent) not in dosed and (direct or (joined and following is not None and any(i.agent is following for i in found))):
            found.append(Item(agent, None))
            following = agent
        else:
            following = None
    return found


def _tell_schedules(reading: Reading, items: list[Item], schedules: list[re.Match[str]], end: int) -> None:
    """The schedule behind each item, else between agent and dose; an item that is joined to the next shares its schedule."""
    for i, item in enumerate(items):
        item.limit = next((other.start for other in items[i + 1 :] if other.start >= item.end), end)
        low = item.dose.start if item.dose and (item.apart or item.dose.start < item.agent.start) else item.agent.end
        inside = [s for s in schedules if low <= s.start() and s.start() < min(item.limit, item.end + _REACH)]
        item.schedule = next((s for s in inside if s.start() >= item.end - 1), None) or next(iter(inside), None)
        item.schedule = item.schedule or next((s for s in schedules if s.end() == item.start - 1 and item.dose), None)
    for item, following in zip(reversed(items[:-1]), reversed(items[1:]), strict=True):
        daily = item.dose is not None and item.dose.text.endswith("day")
        if (
            item.schedule is None
            and not daily
            and item.end <= following.start
            and _JOINED.fullmatch(reading.text, item.end, following.start)
        ):
            item.schedule = following.schedule


def _tell_routes(reading: Reading, items: list[Item], start: int, end: int) -> None:
    """The route right before an item, or behind it and before the next."""
    for i, item in enumerate(items):
        low = max(start, item.start - 28, items[i - 1].end if i else start)
        lead = _last(ROUTE, reading.text, low, item.start)
        lead = lead if lead and _LEADS.fullmatch(reading.text, lead.end(), item.start) else None
        item.route = lead or ROUTE.search(reading.text, item.start, min(item.limit, item.end + 60))
        if item.route is None and item.apart and i and items[i - 1].agent is item.agent:
            item.route = items[i - 1].route


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    return next(iter(list(pattern.finditer(text, start, end))[-1:]), None)


# ---- facts -----------------------------------------------------------------------------------------------------------------------


def _facts(reading: Reading, discourse: Discourse, unit: int, study: Study | None, item: Item) -> Iterator[DoseSchedule]:
    start, _ = reading.document.units[unit]
    spans: list[tuple[str, Span | None]] = [
        ("agent", item.agent.span),
        ("dose", item.dose.span if item.dose else None),
        ("route", item.route.span("route") if item.route else None),
        ("schedule", item.schedule.span("schedule") if item.schedule else None),
    ]
    fact = DoseSchedule(
        trial=study.name if study else None,
        arm=None,
        agent=item.agent.name,
        dose=item.dose.text if item.dose else None,
        route=route_name(item.route),
        schedule=schedule_text(item.schedule),
        evidence=tuple(reading.evidence(slot, span) for slot, span in spans if span),
        confidence=0.8 if item.dose and not (item.apart and item.agent.start < start) else 0.65,
    )
    arms = _arms(reading, discourse, unit, study, item) if study else []
    yield from (msgspec.structs.replace(fact, arm=arm) for arm in arms) if arms else (fact,)


def _arms(reading: Reading, discourse: Discourse, unit: int, study: Study, item: Item) -> list[str]:
    """The arm that the item is told of: the one named around or before it, else every arm that holds the agent."""
    start, _ = reading.document.units[unit]
    views = [v.id for v in study.arms.views]
    holding = [v.id for v in study.arms.views if item.agent.name in v.regimen]
    if len(holding) > 1 and (own := _of_dose(study, item, holding)):
        return own
    if _BOTH.search(reading.text, item.start, item.limit):
        return holding if len(holding) > 1 else views
    if len(holding) > 1 and _OR_NOT.search(reading.text, item.end, min(item.limit, item.end + _REACH)):
        return holding
    if not holding and _ALL_GIVEN.search(reading.text, start, item.start):
        return views
    labels = [t for t in phrases(reading, start, item.start) if t.label]
    if labels and (view := study.arms.meant(Told(labels[-1].span, labels[-1].label))):
        return [view.id]
    around = _arm_around(reading, discourse, unit, study, item, holding)
    return [around] if around else holding or views[:1]


def _of_dose(study: Study, item: Item, holding: list[str]) -> list[str]:
    """The arms that the dose itself tells apart from others of the same agent."""
    dose = re.sub(r"[-\s]", "", item.dose.text).lower() if item.dose else None
    return [v.id for v in study.arms.views if v.id in holding and dose in {re.sub(r"\s", "", mark) for mark in v.marks}]


def _arm_around(reading: Reading, discourse: Discourse, unit: int, study: Study, item: Item, holding: list[str]) -> str | None:
    """The arm whose phrase holds the agent, or in whose bracket it stands: "EOC (epirubicin 50 mg/m2 ...)"."""
    refs = discourse.arm_refs(unit, study)
    around = [r for r in refs if r.span[0] <= item.agent.start < r.span[1] and (not holding or r.arm in holding)]
    if around and len(refs) > 1:
        shared = len(holding) > 1 and _SHARED.search(reading.text, around[-1].span[0], item.agent.start)
        return None if shared else around[-1].arm
    opened = [r for r in refs if r.span[1] <= item.start and reading.text[r.span[1] : r.span[1] + 2].strip()[:1] in ("(", "[")]
    inside = opened and reading.depth(item.agent.start) > reading.depth(opened[-1].span[0])
    return opened[-1].arm if inside else None


def _same_again(
    reading: Reading, discourse: Discourse, unit: int, study: Study, given: dict[tuple[str, str], list[DoseSchedule]]
) -> Iterator[DoseSchedule]:
    """The doses told before, for an arm that "received B and C via the same schedule"."""
    refs = discourse.arm_refs(unit, study)
    same = _SAME.search(reading.text, *reading.document.units[unit])
    arm = next((r.arm for r in refs if same and r.span[0] < same.start()), None)
    view = next((v for v in study.arms.views if v.id == arm), None)
    if view is None:
        return
    for (trial, other), facts in list(given.items()):
        if trial == study.name and other != view.id:
            for fact in facts:
                if fact.agent in view.regimen and not any(f.agent == fact.agent for f in given.get((trial, view.id), [])):
                    yield msgspec.structs.replace(fact, arm=view.id, confidence=0.7)
