"""Dosing: dose, route and schedule of each agent in each arm."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from kg_build.facts import DoseSchedule
from kg_build.reading.arms import ArmView, Told, phrases
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse, Study
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention

_DOSE = re.compile(
    r"(?:(?P<dose>(?:AUC|area\sunder\sthe\s(?:concentration-time\s)?curve(?:\s\(AUC\))?(?:\sof)?)\s?\d(?:\.\d)?"
    r"(?:\smg/m[l]\s?/?\s?min\w*)?|\d[\d,]*(?:[.·]\d+)?(?:\s?(?:-|–|to)\s?\d[\d,.]*)?\s?(?:mg|mcg|µg|μg|ug|g|IU|units"
    r"|MBq|GBq|mL|million\sunits)"
    r"(?:\s?/\s?(?:kg|m2|m²|m\^2|day|dose|mL)|\sper\s(?:kg|square\smeter|m2))?(?:/day)?)(?P<extra>\s\(\d+\s?mg\s(?:if"
    r"|for|in)[^()]{3,60}\))?)"
)
_ROUTE = re.compile(
    r"\b(?P<route>(?:IV|intravenous(?:ly)?|oral(?:ly)?|subcutaneous(?:ly)?|SC|PO|by\smouth|intramuscular(?:ly)?"
    r"|intravesical(?:ly)?|(?:as\san?\s)?(?:intravenous\s)?infusion)(?:\s\((?:IV|SC|PO)\))?(?:\sor\s(?:IV|intravenous"
    r"|oral|subcutaneous)(?:ly)?)?)\b"
)
_SCHEDULE = re.compile(
    r"(?P<schedule>(?:(?:on\s)?days?\s\d{1,2}(?:(?:,\s(?:and\s)?|\sand\s|\sto\s|\sthrough\s|-"
    r"|–)\d{1,2}){0,8}(?:\s(?:of|in|every)\s(?:(?:each|every|a)\s)?(?:\d{1,2}[- ](?:day|week)\s)?(?:cycles?|\d+\sdays"
    r"|\d+\sweeks)(?:\s\d{1,2})?)?"
    r"|(?:once|twice|three\stimes|1\stime|2\stimes)\s(?:(?:per|a|every)\s)?(?:daily|weekly|day|week|month|monthly"
    r"|\d\sweeks|other\sweek)|(?<!\w)(?:every|each)\s(?:(?:\d{1,2}|two|three|four|six|other)\s)?(?:weeks?|days?"
    r"|months?)|\b(?:daily|weekly|biweekly|monthly)\b"
    r"|\bevery\s(?:\d{1,2}|two|three|four|six)\s?(?:weeks?|days?))"
    r"(?:(?:,?\sand|,|\sthen|;)?\s(?:(?:on\s)?days?\s\d{1,2}(?:(?:,\s(?:and\s)?|\sand\s|\sto\s|-"
    r"|–)\d{1,2}){0,6}\s(?:for|of|in)\s(?:subsequent|all\ssubsequent|each\ssubsequent|later"
    r"|cycles?)[\w\s-]{0,20}?cycles?(?:\s\d{1,2})?|for\s(?:the\sfirst\s)?(?:up\sto\s)?\d{1,2}\s(?:cycles|weeks|doses"
    r"|months|years|year)"
    r"|in\s(?:the\s)?(?:first|cycle)\s[\w-]{1,8}(?:\scycle)?|(?:of|in)\s(?:each|every|a)\s\d{1,2}-day\scycles?"
    r"|every\s(?:\d{1,2}|two|three|four)\sweeks\s(?:thereafter|in\s\w+))){0,3})",
    re.IGNORECASE,
)
_SAME = re.compile(r"\bsame\s(?:dosing\s)?(?:dos(?:e|es|ing)|schedules?|regimen)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"\b(?:reduc\w+|interrupt\w+|maximum|toxicit\w+|tolerated|premedicat\w+|vials?|escalat\w+|strengths?|tablets?\sof"
    r"|supplied)\b",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"\b(?:patients|participants|they|arms?|groups?|cohorts?|trial|study|randomi[sz]ed|tested|compared)\b", re.IGNORECASE)
_LABELLED = re.compile(r"\b(?:recommended|approved\sdos|prescribing\sinformation|(?<!open-)(?<!open\s)label)\b", re.IGNORECASE)
_BOTH = re.compile(r"\b(?:both|all|each)\s(?:treatment\s)?(?:arms?|groups?)\b", re.IGNORECASE)
_STEP = re.compile(
    r"(?:\s(?:on|at|daily|once|twice|weekly|then|followed\sby|and|every|in|of|for|the|first|cycles?|days?|weeks?"
    r"|increas\w+|to|\d{1,2})|,)*\s?"
)
_REACH = 170


def read_dosing(reading: Reading, discourse: Discourse) -> Iterator[DoseSchedule]:
    """Every dose that is stated, and the control's where it is "the same"."""
    given: dict[tuple[str, str], list[DoseSchedule]] = {}
    for unit, (start, end) in enumerate(reading.document.units):
        home = reading.document.paragraphs[reading.document.paragraph_at(start)]
        low = max(home[0], start - 600)
        study = discourse.study_at(unit, end) if _in_trial(reading, low, end) and not _LABELLED.search(reading.text, start, end) else None
        for fact in _unit(reading, discourse, unit, study):
            given.setdefault((fact.trial or "", fact.arm or ""), []).append(fact)
            yield fact
        if study and _SAME.search(reading.text, start, end):
            yield from _same_again(reading, discourse, unit, study, given)


def _in_trial(reading: Reading, start: int, end: int) -> bool:
    """Whether a sentence tells what patients of a study were given."""
    return _TRIAL.search(reading.text, start, end) is not None


def _unit(reading: Reading, discourse: Discourse, unit: int, study: Study | None) -> Iterator[DoseSchedule]:
    start, end = reading.document.units[unit]
    agents = [m for m in reading.mentions.between(start, end, "agent") if not _bracketed_brand(reading, m)]
    doses = [m for m in _DOSE.finditer(reading.text, start, end) if not _BREAK.search(reading.text, max(start, m.start() - 30), m.end())]
    if not doses or not agents:
        return
    owners = _owners(reading, agents, doses, start)
    for i, (dose, agent) in enumerate(owners):
        if agent is None:
            continue
        low = max(start, agent.start - 28, owners[i - 1][0].end() if i else start)
        high = min([end, dose.end() + _REACH, *(d.start() for d, _ in owners[i + 1 : i + 2])])
        following = next((a for a in agents if a.start > max(agent.end, dose.end())), None)
        high = min(high, following.start) if following and following.start > dose.end() else high
        fact = _fact(reading, discourse, unit, study, agent, dose, (low, high))
        yield fact
        if study and _BOTH.search(reading.text, start, end):
            yield from (msgspec.structs.replace(fact, arm=v.id) for v in study.arms.views if v.id != fact.arm and agent.name in v.regimen)


def _bracketed_brand(reading: Reading, mention: Mention) -> bool:
    return reading.text[mention.start - 1 : mention.start] == "("


def _owners(reading: Reading, agents: list[Mention], doses: list[re.Match[str]], start: int) -> list[tuple[re.Match[str], Mention | None]]:
    """Each dose with the agent it is of: the one before it, or the one right behind ("4 mg of pomalidomide")."""
    found: list[tuple[re.Match[str], Mention | None]] = []
    for dose in doses:
        behind = next((a for a in agents if 0 <= a.start - dose.end() <= 26), None)
        gap = reading.text[dose.end() : behind.start] if behind else "x"
        if behind and re.fullmatch(r"\s(?:of\s)?(?:oral\s|intravenous\s|IV\s|subcutaneous\s)?", gap):
            found.append((dose, behind))
            continue
        before = [a for a in agents if a.end <= dose.start() and dose.start() - a.end <= _REACH]
        taken = before[-1] if before else None
        steps = bool(found) and found[-1][1] is taken and _STEP.fullmatch(reading.text[found[-1][0].end() : dose.start()]) is not None
        found.append((dose, None if taken and any(o is taken for _, o in found) and not steps else taken))
    return found


def _fact(
    reading: Reading, discourse: Discourse, unit: int, study: Study | None, agent: Mention, dose: re.Match[str], span: Span
) -> DoseSchedule:
    low, high = span
    text = reading.text
    route = _ROUTE.search(text, low, agent.start) or _ROUTE.search(text, agent.end, high)
    schedule = _SCHEDULE.search(text, dose.end(), high) or _SCHEDULE.search(text, agent.end, dose.start())
    view = _arm(reading, discourse, unit, study, agent) if study else None
    spans = [("agent", agent.span), ("dose", (dose.start(), dose.end()))]
    spans += [("route", route.span("route"))] if route else []
    spans += [("schedule", schedule.span("schedule"))] if schedule else []
    return DoseSchedule(
        trial=study.name if study else None,
        arm=view.id if view else None,
        agent=agent.name,
        dose=dose["dose"] + (dose["extra"] or ""),
        route=_route(route),
        schedule=_schedule(text, schedule),
        evidence=tuple(reading.evidence(*s) for s in spans),
        confidence=0.8,
    )


def _route(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    words = re.sub(r"\s\((?:IV|SC|PO)\)", "", match["route"])
    short = {
        "intravenous": "IV",
        "intravenously": "IV",
        "orally": "oral",
        "subcutaneously": "subcutaneous",
        "po": "oral",
        "sc": "subcutaneous",
        "by mouth": "oral",
    }
    return short.get(words.lower(), words)


def _schedule(text: str, match: re.Match[str] | None) -> str | None:
    return re.sub(r"^on\s|\s(?:and\s)?on(?=\sdays)", "", match["schedule"]) if match else None


def _arm(reading: Reading, discourse: Discourse, unit: int, study: Study, agent: Mention) -> ArmView | None:
    """The arm a dose is given in: the one named in the unit, else the first that holds the agent."""
    start, _ = reading.document.units[unit]
    views = study.arms.views
    labels = [t for t in phrases(reading, start, agent.start) if t.label]
    if labels and (view := study.arms.meant(Told(labels[-1].span, labels[-1].label))):
        return view
    holding = [v for v in views if agent.name in v.regimen]
    return next(iter(holding or views), None)


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
