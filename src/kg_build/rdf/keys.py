"""Key lines: what the second pass needs to know of a statement to see which ones meet. Written per record, sorted, grouped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from kg_build import terms
from kg_build.facts import Arm, Decision, Estimate, Record, Trial
from kg_build.lexicon import Lexicon, RegulatorEntry
from kg_build.linking import Indication, Links
from kg_build.linking.conditions import ancestors

Family = Literal["review", "grant", "opinion", "refusal", "withdrawal", "designation", "advisory", "recommendation", "label"]
FAMILY: dict[str, Family] = {
    "submitted": "review",
    "under-review": "review",
    "priority-review": "review",
    "approved": "grant",
    "accelerated-approval": "grant",
    "conditional-approval": "grant",
    "emergency-authorization": "grant",
    "tentative-approval": "grant",
    "label-expansion": "grant",
    "positive-opinion": "opinion",
    "negative-opinion": "opinion",
    "complete-response": "refusal",
    "rejected": "refusal",
    "withdrawn": "withdrawal",
    "designation": "designation",
    "advisory-vote": "advisory",
    "recommended": "recommendation",
    "not-recommended": "recommendation",
    "label-update": "label",
    "label-restriction": "label",
    "safety-communication": "label",
}
"""Status -> family: an opinion never meets a grant."""


class Key(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What both kinds of key carry."""

    statement: str
    record: str
    label: str
    known: str | None = None


class EventKey(Key, frozen=True, kw_only=True, omit_defaults=True, tag="event"):
    """A decision, as coded: which act of which body on what, for whom and when."""

    family: Family
    status: str
    jurisdiction: str | None = None
    regulator: str | None = None
    agents: tuple[str, ...] = ()
    regimen: str | None = None  # IRI
    indication: str | None = None  # IRI
    condition: str | None = None
    ancestors: tuple[str, ...] = ()
    prior_lines: int | None = None
    settings: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    date: str | None = None
    announced: str | None = None
    application: str | None = None
    submission: str | None = None
    change: str | None = None
    told: bool = False  # by a text, not by a registry's row
    body: str | None = None  # what kind of body of the jurisdiction acted: "authority" or, of those that assess its acts, which one
    kind: str | None = None  # which designation; withdrawal of what
    brands: tuple[str, ...] = ()  # folded
    holder: str | None = None  # who applied, folded
    lead: str | None = None  # the agent told first: the medicine itself, not what it is given with


class FindingKey(Key, frozen=True, kw_only=True, omit_defaults=True, tag="finding"):
    """A figure, as coded: what was measured where, in whom, by whom and when, and the figure as printed."""

    study: str
    endpoint: str
    measure: str
    arms: tuple[str, ...] = ()  # regimen of each side; "" where unknown
    sides: tuple[str, ...] = ()  # IRI of the arm of each side; "" where unknown
    population: str | None = None
    assessor: str | None = None
    timepoint: str | None = None  # the landmark that a rate is of
    cut_off: str | None = None  # when the data were looked at: a date, a follow-up, a stage
    value: str | None = None
    unit: str | None = None
    registered: bool = False


class ArmKey(Key, frozen=True, kw_only=True, omit_defaults=True, tag="arm"):
    """An arm, as coded: `statement` is its IRI; an arm of a text is sought among the registered arms of its study."""

    study: str  # IRI
    regimen: str  # IRI, a word for an arm without an active agent, "" where not told
    agents: tuple[str, ...] = ()
    control: bool = False  # by its role
    placebo: bool = False  # by its role, or what is given
    registered: bool = False


class StudyKey(Key, frozen=True, kw_only=True, omit_defaults=True, tag="study"):
    """What a record says of a study in one slot, for records that may say otherwise."""

    study: str  # IRI
    slot: str
    value: str
    registered: bool = False
    open: bool = False  # still planned or recruiting: numbers and dates may yet change


Keys = EventKey | FindingKey | ArmKey | StudyKey
COMPARED = ("phase", "enrollment", "status", "start_date", "primary_completion_date", "completion_date", "prior_lines_min")
"""Slots of a study in which records are compared."""


def blocks(key: Keys) -> list[str]:
    """Where a key is compared with others: one block a figure, one an agent for a decision."""
    if isinstance(key, ArmKey):
        return [f"arm|{key.study}"]
    if isinstance(key, StudyKey):
        return [f"study|{key.study}|{key.slot}"]
    if isinstance(key, FindingKey):
        return [f"finding|{key.study}|{key.endpoint}|{key.measure}"]
    body = key.body if key.jurisdiction else key.statement  # who is unknown meets nobody
    return [f"event|{key.jurisdiction}|{body}|{key.family}|{agent}" for agent in key.agents or ("",)]


def numbered(application: str | None) -> str | None:
    """The authority's number of a dossier as a text prints it ("BLA 761113"); None where it names only the kind of dossier ("sBLA").

    >>> numbered("BLA 761113"), numbered("sBLA"), numbered("EMEA/H/C/004977")
    ('761113', None, 'EMEA/H/C/004977')
    """
    if not application or not re.search(r"\d", application):
        return None
    return re.sub(r"^(?:s?(?:NDA|BLA)|ANDA)\s*#?\s*", "", application)


def event_key(
    record: Record,
    fact: Decision,
    statement: str,
    links: Links,
    indication: Indication | None,
    lexicon: Lexicon,
    regimen: str | None,
) -> EventKey:
    """Key of a decision."""
    regulator = links.regulators.get(fact.regulator or "")
    entry = lexicon.regulators.by_key.get(regulator or "")
    lead = links.regimen_keys(fact.regimen[:1])
    return EventKey(
        statement=statement,
        record=f"{record.source}/{record.id}",
        label=fact.status,
        known=record.known_at,
        family="review" if fact.assertion == "pending" and FAMILY[fact.status] == "grant" else FAMILY[fact.status],
        status=fact.status,
        jurisdiction=links.jurisdictions.get(fact.jurisdiction or "") or (entry.jurisdiction if entry else None),
        regulator=regulator,
        agents=tuple(sorted(links.regimen_keys(fact.regimen))),
        regimen=regimen,
        indication=terms.thing("indication", indication.key) if indication else None,
        condition=indication.condition if indication else None,
        ancestors=ancestors(indication.condition, lexicon) if indication else (),
        prior_lines=indication.min_prior_lines if indication else None,
        settings=indication.settings if indication else (),
        populations=indication.populations if indication else (),
        biomarkers=indication.biomarkers if indication else (),
        date=fact.date,
        announced=fact.announced,
        application=numbered(fact.application),
        submission=fact.submission,
        change=fact.change_type,
        told=record.text is not None,
        body=regulator if entry and _advises(entry, fact) else "authority",
        kind=fact.withdrawal_of or (terms.fold(fact.designation) if fact.designation else None),
        brands=_brands(record, fact),
        holder=terms.fold(fact.applicant) if fact.applicant else None,
        lead=lead[0] if len(lead) == 1 else None,
    )


def _advises(regulator: RegulatorEntry, fact: Decision) -> bool:
    """Whether a body assesses what its jurisdiction's authority decides.

    Opinions of a committee are the authority's; of an approval, article and notice may name the agency, its committee or the ministry.
    """
    return regulator.kind == "hta" or FAMILY[fact.status] in {"advisory", "recommendation"}


def _brands(record: Record, fact: Decision) -> tuple[str, ...]:
    """Folded brands of what was decided on; products of a registry by their names."""
    named = {product.id: product.brand for product in record.products}
    return tuple(sorted({terms.fold(brand) for name in fact.product if (brand := named.get(name, name))}))


def arm_key(record: Record, arm: Arm, iri: str, study: str, regimen: str, links: Links) -> ArmKey:
    """Key of an arm."""
    return ArmKey(
        statement=iri,
        record=f"{record.source}/{record.id}",
        label=arm.label or arm.id,
        study=study,
        regimen=regimen,
        agents=links.regimen_keys(arm.regimen),
        control=any(word in (arm.role or "").casefold() for word in ("comparator", "control", "no intervention", "placebo", "sham")),
        placebo=any("placebo" in name.casefold() for name in (arm.role or "", *arm.regimen)),
        registered=record.source == "ctgov",
    )


_OVER = re.compile(r"complet|terminat|withdrawn|suspended|active,? not recruiting", re.IGNORECASE)


def study_key(record: Record, trial: Trial, slot: str, value: object, statement: str, study: str) -> StudyKey:
    """Key of what a record says of a study in one slot."""
    return StudyKey(
        statement=statement,
        record=f"{record.source}/{record.id}",
        label=slot.replace("_", " "),
        known=record.known_at,
        study=study,
        slot=slot,
        value=str(value),
        registered=record.source == "ctgov",
        open=bool(trial.status) and not _OVER.search((trial.status or "").replace("_", " ")),
    )


_ASSESSORS = {
    "investigator": "investigator",
    "bicr": "independent",
    "independent": "independent",
    "irc": "independent",
    "central": "independent",
}


def assessor(text: str | None) -> str | None:
    """Who judged, coded: investigator or independent.

    >>> assessor("blinded independent central review")
    'independent'
    """
    folded = (text or "").casefold()
    return next((code for word, code in _ASSESSORS.items() if word in folded), text)


_LANDMARK = re.compile(r"(?:(?P<unit>day|week|month|year)s?[ -]?(?P<n>\d+)|(?P<n2>\d+)[ -](?P<unit2>day|week|month|year)s?)", re.IGNORECASE)


def landmark(text: str | None) -> str | None:
    """A point in time as coded, years as months; what is no such point as it stands.

    >>> landmark("12-month"), landmark("Year 1"), landmark("at week 24")
    ('12 months', '12 months', '24 weeks')
    """
    if not text or not (match := _LANDMARK.search(text)):
        return text
    unit, number = (match["unit"] or match["unit2"]).lower(), int(match["n"] or match["n2"])
    return f"{number * 12} months" if unit == "year" else f"{number} {unit}s"


def _looked_at(record: Record, fact: Estimate) -> str | None:
    """When the data behind a figure were looked at, as its own analysis or else the only one of its study tells."""
    trial = next((t for t in record.trials if fact.trial in (t.name, t.acronym, *t.registry_ids)), None)
    if trial is None:
        return None
    named = [analysis for analysis in trial.analyses if analysis.id == fact.analysis]
    analysis = next(iter(named or (trial.analyses if len(trial.analyses) == 1 else ())), None)
    followed = (analysis and analysis.median_follow_up_months) or trial.median_follow_up_months
    told = (analysis and analysis.data_cut_off, followed and f"{followed:g} months of follow-up", analysis and analysis.stage)
    return next((text for text in told if text), None)


def finding_key(
    record: Record,
    fact: Estimate,
    statement: str,
    links: Links,
    regimens: Mapping[tuple[str | None, str], str],
    arms: Mapping[tuple[str | None, str], str],
) -> FindingKey | None:
    """Key of an estimate; none where its study or endpoint is unknown."""
    study, endpoint = links.studies.get(fact.trial or ""), links.endpoints.get(fact.endpoint)
    if study is None or endpoint is None:
        return None
    sides = fact.comparison or ((fact.arm,) if fact.arm else ())
    return FindingKey(
        statement=statement,
        record=f"{record.source}/{record.id}",
        label=f"{fact.endpoint} {fact.statistic.replace('-', ' ')}",
        known=record.known_at,
        study=study,
        endpoint=endpoint,
        measure=fact.statistic,
        arms=tuple(regimens.get((fact.trial, side), "") for side in sides),
        sides=tuple(arms.get((fact.trial, side), "") for side in sides),
        population=fact.population or fact.category,
        assessor=assessor(fact.assessment),
        timepoint=landmark(fact.timepoint),
        cut_off=_looked_at(record, fact),
        value=fact.printed.get("value") or (None if fact.value is None else str(fact.value)),
        unit=fact.unit,
        registered=record.source == "ctgov",
    )
