"""Decisions: who did what about which regimen for whom."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from kg_build.facts import Assertion, Decision, Evidence
from kg_build.reading.context import Reading
from kg_build.reading.dates import dates
from kg_build.reading.frames.acts import Act
from kg_build.reading.frames.borrowed import with_diseases
from kg_build.reading.frames.drafts import ACTION, PENDING, DecisionReader, Draft, withdrawn_what
from kg_build.reading.frames.retold import Tellings
from kg_build.reading.frames.timing import timed
from kg_build.reading.indications import Indication
from kg_build.reading.patterns import lazy

_REGULAR = lazy(
    r"\b(?:regular|full|traditional|standard)\s+(?:(?:marketing|FDA|US|U\.S\.|EU|regulatory)\s+){0,2}(?:approval|authori[sz]ation)|\bconver(?:ted|ts|sion)\b",
    re.I,
)
_PROVISIONAL = lazy(r"\b(?:accelerated|conditional|provisional)\s+(?:marketing\s+)?(?:approval|authori[sz]ation)", re.I)
_VOLUNTARY = lazy(r"\bvoluntar(?:y|ily)\b", re.I)
_BACK = lazy(
    r"\b(?:previous(?:ly)?(?!\s(?:treated|untreated|received|unresectable))|had|earlier|first\sround|initially|first\s(?:approved"
    r"|granted|received|won|got|cleared|authori[sz]ed|licen[cs]ed|gained|secured)|originally|already|remains?|prior|currently|since"
    r"|is\s(?:also\s)?approved)\b",
    re.IGNORECASE,
)
_EXPECTED = lazy(r"\b(?:final\s)?decision\s(?:is\s)?(?:expected|anticipated)\s[^.;,]{3,60}")
_APPLICATION = lazy(r"\b(?:sBLA|sNDA|BLA|NDA|MAA|JNDA)\b(?:\s\d{6}(?:/S-\d+)?)?|\bEMEA/H/C/\d{6}\b")
_WHAT: dict[str, Literal["application", "indication", "product"]] = {
    "i": "indication",
    "u": "indication",
    "a": "application",
    "p": "product",
    "m": "product",
    "l": "product",
}
_TOP = 5
_LEAD = 50


def read_decisions(reading: Reading) -> list[Decision]:
    """The decisions of a text, what is told twice drawn together."""
    tellings = Tellings(reading)
    for number, draft in enumerate(with_diseases(reading, DecisionReader(reading).drafts())):
        tellings.tell(_decision(reading, draft, first=number == 0), _is_headline(reading, draft.unit))
    return [timed(reading, _with_action_date(reading, d)) for d in tellings.decisions()]


def _is_headline(reading: Reading, unit: int) -> bool:
    """Whether a unit is a headline: among the first, a paragraph of its own, without a full stop."""
    start, end = reading.document.units[unit]
    alone = (start, end) == reading.document.paragraphs[reading.document.paragraph_at(start)]
    return unit < _TOP and alone and not reading.text[end - 1 : end].endswith((".", ":", ";"))


def _decision(reading: Reading, draft: Draft, first: bool) -> Decision:
    act, text = draft.act, reading.text
    regimen = draft.regimen
    evidence = [
        reading.evidence("status", act.span),
        *(reading.evidence("regimen", s) for s in regimen.spans),
        *(reading.evidence("regimen", s) for r in draft.more for s in r.spans),
    ]
    evidence.append(reading.evidence(draft.authority.slot, draft.authority.span))
    if draft.date:
        evidence.append(reading.evidence("date", draft.date.span))
    start, end = reading.document.units[draft.unit]
    back = bool(_BACK.search(text, max(start, act.span[0] - _LEAD), act.span[1])) and not first
    slots = _indication_slots(reading, draft.indication, evidence)
    salience: Literal["headline", "background", "pending"] = "pending" if act.status in PENDING else "background" if back else "headline"
    application = _APPLICATION.search(text, start, end)
    return Decision(
        regulator=draft.authority.regulator,
        jurisdiction=draft.authority.place,
        status=act.status,
        designation=_designation(act),
        salience=salience,
        assertion=_assertion(act, back),
        date=draft.date.iso if draft.date else None,
        regimen=draft.names,
        optional_agents=regimen.optional,
        one_of=regimen.either,
        application=application[0] if application else None,
        change_type="conversion" if act.status == "approved" and _converts(text, act, start, end) else None,
        withdrawal_of=_withdrawal_of(text, draft) if act.status == "withdrawn" else None,
        initiated_by="company" if act.status == "withdrawn" and _VOLUNTARY.search(text, start, end) else None,
        evidence=tuple(evidence),
        confidence=_confidence(draft),
        printed=_printed(draft.indication),
        **slots,
    )


def _assertion(act: Act, back: bool) -> Assertion:
    return "pending" if act.status in PENDING else "background" if back else "asserted"


def _confidence(draft: Draft) -> float:
    sure = 0.9 if draft.authority.regulator else 0.75
    return round(sure - 0.2 * draft.carried - 0.1 * draft.implied - 0.1 * (draft.indication is None), 2)


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
    regular = _REGULAR.search(text, before, min(end, act.span[1] + 40))
    return bool(regular and (_PROVISIONAL.search(text) or "onver" in text[before : act.span[0]]))


def _withdrawal_of(text: str, draft: Draft) -> Literal["application", "indication", "product"] | None:
    word = withdrawn_what(text, *draft.clause, draft.act)
    return _WHAT.get(word[0].lower()) if word else None


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
            if date := next(dates(reading.text, match.end(), min(end, match.end() + 60)), None):
                return msgspec.structs.replace(
                    decision, action_date=date.iso, evidence=(*decision.evidence, reading.evidence("action_date", date.span))
                )
        if words := _EXPECTED.search(reading.text, start, end):
            return msgspec.structs.replace(
                decision, date_text=words[0], evidence=(*decision.evidence, reading.evidence("date_text", words.span()))
            )
    return decision
