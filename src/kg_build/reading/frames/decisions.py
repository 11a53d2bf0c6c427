"""Decisions: who did what about which regimen for whom."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from kg_build.facts import Assertion, Decision, Evidence
from kg_build.reading.context import Reading
from kg_build.reading.dates import dates
from kg_build.reading.frames.acts import Act
from kg_build.reading.frames.drafts import ACTION, PENDING, WITHDRAWN_WHAT, DecisionReader, Draft
from kg_build.reading.frames.retold import joined, same_act
from kg_build.reading.indications import Indication

_REGULAR = re.compile(
    r"\b(?:regular|full|traditional|standard)\s+(?:marketing\s+)?(?:approval|authori[sz]ation)|\bconver(?:ted|ts|sion)\b", re.I
)
_PROVISIONAL = re.compile(r"\b(?:accelerated|conditional|provisional)\s+(?:marketing\s+)?(?:approval|authori[sz]ation)", re.I)
_VOLUNTARY = re.compile(r"\bvoluntar(?:y|ily)\b", re.I)
_BACK = re.compile(
    r"\b(?:previous(?:ly)?|had|earlier|initially|first\sapproved|originally|already|remains?|prior|currently|since"
    r"|is\s(?:also\s)?approved)\b",
    re.IGNORECASE,
)
_EXPECTED = re.compile(r"\b(?:final\s)?decision\s(?:is\s)?(?:expected|anticipated)\s[^.;,]{3,60}")
_APPLICATION = re.compile(r"\b(?:sBLA|sNDA|BLA|NDA|MAA|JNDA)\b(?:\s\d{6}(?:/S-\d+)?)?|\bEMEA/H/C/\d{6}\b")
_WHAT: dict[str, Literal["application", "indication", "product"]] = {
    "i": "indication",
    "u": "indication",
    "a": "application",
    "p": "product",
    "m": "product",
    "l": "product",
}
_LOOK_BACK = 60
"""A retold act is sought among so many decisions on an agent."""


def read_decisions(reading: Reading) -> list[Decision]:
    """The decisions of a text, what is told twice drawn together."""
    drafts = list(DecisionReader(reading).drafts())
    merged: list[Decision] = []
    of_agent: dict[str, list[int]] = {}
    for number, draft in enumerate(drafts):
        decision = _decision(reading, draft, first=number == 0)
        candidates = sorted({i for name in decision.regimen for i in of_agent.get(name, [])[:_LOOK_BACK]})
        at = next((i for i in candidates if same_act(merged[i], decision)), None)
        if at is None:
            at = len(merged)
            merged.append(decision)
        else:
            merged[at] = joined(merged[at], decision)
        for name in merged[at].regimen:
            if at not in of_agent.setdefault(name, [])[:_LOOK_BACK]:
                of_agent[name].append(at)
    return [_with_action_date(reading, d) for d in merged]


def _decision(reading: Reading, draft: Draft, first: bool) -> Decision:
    act, text = draft.act, reading.text
    regimen = draft.regimen
    names = list(dict.fromkeys([*regimen.names, *(n for r in draft.more for n in r.names)]))
    evidence = [
        reading.evidence("status", act.span),
        *(reading.evidence("regimen", s) for s in regimen.spans),
        *(reading.evidence("regimen", s) for r in draft.more for s in r.spans),
    ]
    if draft.regulator:
        evidence.append(reading.evidence("regulator", draft.regulator.span))
    elif draft.jurisdiction:
        evidence.append(reading.evidence("jurisdiction", draft.jurisdiction.span))
    if draft.date:
        evidence.append(reading.evidence("date", draft.date.span))
    start, end = reading.document.units[draft.unit]
    back = bool(_BACK.search(text, max(start, act.span[0] - 40), act.span[1])) and not first
    slots = _indication_slots(reading, draft.indication, evidence)
    salience: Literal["headline", "background", "pending"] = "pending" if act.status in PENDING else "background" if back else "headline"
    application = _APPLICATION.search(text, start, end)
    return Decision(
        regulator=draft.regulator.name if draft.regulator else None,
        jurisdiction=_place(reading, draft),
        status=act.status,
        designation=_designation(act),
        salience=salience,
        assertion=_assertion(act, back),
        date=draft.date.iso if draft.date else None,
        regimen=tuple(names),
        optional_agents=regimen.optional,
        one_of=regimen.either,
        application=application[0] if application else None,
        change_type="conversion" if act.status == "approved" and _converts(text, act, start, end) else None,
        withdrawal_of=_withdrawal_of(text, draft, start, end) if act.status == "withdrawn" else None,
        initiated_by="company" if act.status == "withdrawn" and _VOLUNTARY.search(text, start, end) else None,
        evidence=tuple(evidence),
        confidence=_confidence(draft),
        printed=_printed(draft.indication),
        **slots,
    )


def _assertion(act: Act, back: bool) -> Assertion:
    return "pending" if act.status in PENDING else "background" if back else "asserted"


def _confidence(draft: Draft) -> float:
    sure = 0.9 if draft.regulator else 0.75
    return round(sure - 0.3 * draft.carried - 0.1 * (draft.indication is None), 2)


def _printed(indication: Indication | None) -> dict[str, str]:
    return {"prior_lines_min": indication.prior_lines_printed} if indication and indication.prior_lines_printed else {}


def _designation(act: Act) -> str | None:
    if not act.designation:
        return None
    words = re.sub(r"\s\([A-Z]+\)", "", act.designation).replace("-", " ").lower()
    return {"breakthrough": "breakthrough therapy", "orphan": "orphan drug", "rmat": "RMAT", "prime": "PRIME"}.get(words, words)


def _converts(text: str, act: Act, start: int, end: int) -> bool:
    """A regular approval of what the text says was approved on other terms before."""
    before = max(start, act.span[0] - 40)
    return bool(_REGULAR.search(text, before, min(end, act.span[1] + 40)) and _PROVISIONAL.search(text))


def _withdrawal_of(text: str, draft: Draft, start: int, end: int) -> Literal["application", "indication", "product"] | None:
    match = WITHDRAWN_WHAT.search(text, draft.act.span[1], end) or WITHDRAWN_WHAT.search(text, start, draft.act.span[0])
    return _WHAT.get(match["what"][0].lower()) if match else None


def _place(reading: Reading, draft: Draft) -> str | None:
    """The regulator's own jurisdiction, else the country named."""
    entry = reading.lexicon.regulators.by_key.get(draft.regulator.key or "") if draft.regulator else None
    if entry and entry.jurisdiction:
        place = reading.lexicon.jurisdictions.by_key.get(entry.jurisdiction)
        return place.label if place else entry.jurisdiction
    return draft.jurisdiction.name if draft.jurisdiction else None


def _indication_slots(reading: Reading, found: Indication | None, evidence: list[Evidence]) -> dict[str, Any]:
    if found is None:
        return {}
    evidence += [reading.evidence(slot, span) for slot, span in found.spans]
    names = ("condition", "setting", "population", "prior_lines_min", "prior_therapies", "biomarkers")
    return {name: value for name in names if (value := getattr(found, name))}


def _with_action_date(reading: Reading, decision: Decision) -> Decision:
    """The expected date of a decision that is still to come, as a date or in words."""
    if decision.status not in PENDING:
        return decision
    status = next(e for e in decision.evidence if e.slot == "status")
    unit = reading.document.unit_at(status.start or 0)
    for start, end in reading.document.units[unit : unit + 3]:
        for match in ACTION.finditer(reading.text, start, end):
            if date := next(dates(reading.text, match.end(), min(end, match.end() + 40)), None):
                return msgspec.structs.replace(
                    decision, action_date=date.iso, evidence=(*decision.evidence, reading.evidence("action_date", date.span))
                )
        if words := _EXPECTED.search(reading.text, start, end):
            return msgspec.structs.replace(
                decision, date_text=words[0], evidence=(*decision.evidence, reading.evidence("date_text", words.span()))
            )
    return decision
