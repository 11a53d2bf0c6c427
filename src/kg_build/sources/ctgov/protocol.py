"""The protocol section: what was planned -> the slots of facts.Trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg_build import terms
from kg_build.facts import Arm, Evidence
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.criteria import prior_lines, split_criteria
from kg_build.sources.ctgov.endpoints import short
from kg_build.sources.ctgov.registration import registration_evidence, registration_slots, status_words
from kg_build.sources.ctgov.values import Ids, date, plain, words

PROTOCOL = "/protocolSection"
ARMS = f"{PROTOCOL}/armsInterventionsModule"

PHASES = {"EARLY_PHASE1": "early 1", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4"}
DESIGN = {
    "RANDOMIZED": "randomized",
    "NON_RANDOMIZED": "non-randomized",
    "SINGLE_GROUP": "single group",
    "NONE": "open-label",
    "SINGLE": "single-blind",
    "DOUBLE": "double-blind",
    "TRIPLE": "triple-blind",
    "QUADRUPLE": "quadruple-blind",
    "CASE_CONTROL": "case-control",
    "CASE_CROSSOVER": "case-crossover",
    "CROSS_SECTIONAL": "cross-sectional",
}
ACCESS = {"individual": "individual patients", "intermediate": "intermediate-size population", "treatment": "treatment IND or protocol"}
AGENT_TYPES = {"DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "GENETIC", "DIETARY_SUPPLEMENT", "RADIATION"}
"""Intervention types that are given as an agent; devices, procedures, behaviour and tests are not."""
GRANTS = {"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"}
"""Secondary ids that number a grant, not the study: several studies share one, so they never name a study."""
REGISTRIES = {"EUDRACT_NUMBER": 0, "CTIS": 1, "REGISTRY": 2}


def trial_slots(study: layout.Study) -> dict[str, Any]:
    """All slots of the trial but its parts: arms, groups, outcome measures..."""
    protocol = study.protocol_section
    identification, status, design = protocol.identification_module, protocol.status_module, protocol.design_module
    inclusion, exclusion = split_criteria(protocol.eligibility_module.eligibility_criteria)
    conditions = tuple(filter(None, protocol.conditions_module.conditions))
    enrolled = design.enrollment_info.count
    slots: dict[str, Any] = {
        "name": identification.acronym or identification.nct_id,
        "registry_ids": registry_ids(identification),
        "former_ids": tuple(dict.fromkeys(old.strip() for old in identification.nct_id_aliases if old.strip())),
        "acronym": identification.acronym,
        "title": identification.official_title or identification.brief_title,
        "study_type": words(design.study_type),
        "phase": "/".join(PHASES[phase] for phase in design.phases if phase in PHASES) or None,
        "design": (*_design(design), *_sampling(protocol.eligibility_module)),
        "condition": conditions[0] if len(conditions) == 1 else None,
        "conditions": conditions,
        "population": _population(protocol.eligibility_module),
        "prior_lines_min": prior_lines(inclusion),
        "enrollment": enrolled,
        "country": _country(protocol.contacts_locations_module),
        "status": status_words(status.overall_status),
        "start_date": date(status.start_date_struct.date),
        "primary_completion_date": date(status.primary_completion_date_struct.date),
        "completion_date": date(status.completion_date_struct.date),
        "sponsor": protocol.sponsor_collaborators_module.lead_sponsor.name,
        "collaborators": tuple(dict.fromkeys(c.name for c in protocol.sponsor_collaborators_module.collaborators if c.name)),
        "interventions": tuple(dict.fromkeys(i.name for i in protocol.arms_interventions_module.interventions if i.name and is_agent(i))),
        "primary_endpoints": _endpoints(protocol.outcomes_module.primary_outcomes),
        "secondary_endpoints": _endpoints(protocol.outcomes_module.secondary_outcomes),
        "exploratory_endpoints": (),
        "inclusion": inclusion,
        "exclusion": exclusion,
        "printed": {"enrollment": str(enrolled)} if enrolled is not None else {},
    }
    added = registration_slots(study)
    return {**slots, **added, "evidence": (*_evidence(protocol, slots), *registration_evidence(added))}


def registry_ids(identification: layout.Identification) -> tuple[str, ...]:
    """The numbers of a study: its NCT id, EudraCT and EU CT, other registries, others, aliases, the organisation's own."""
    secondary = [i for i in identification.secondary_id_infos if i.id and i.type not in GRANTS]
    secondary.sort(key=lambda i: REGISTRIES.get(i.type or "", len(REGISTRIES)))
    ids = [identification.nct_id, *(i.id for i in secondary), *identification.nct_id_aliases, identification.org_study_id_info.id]
    return tuple(dict.fromkeys(i.strip() for i in ids if i and i.strip()))


def is_agent(intervention: layout.Intervention) -> bool:
    """Whether an intervention is something that is given; partial records name no type, placebos often stand under OTHER."""
    if intervention.type is None or intervention.type in AGENT_TYPES:
        return True
    return intervention.type == "OTHER" and "placebo" in terms.fold(intervention.name or "")


def _design(design: layout.Design) -> Iterator[str]:
    info = design.design_info
    models = (info.intervention_model, info.masking_info.masking, info.observational_model, info.time_perspective)
    for code in (info.allocation, *models):
        if code and code not in {"NA", "OTHER"}:
            yield DESIGN.get(code) or words(code) or code
    if info.primary_purpose and info.primary_purpose != "OTHER":
        yield f"primary purpose: {words(info.primary_purpose)}"
    if info.masking_info.who_masked:
        yield f"masked: {', '.join(words(code) or code for code in info.masking_info.who_masked)}"
    if design.patient_registry:
        yield f"patient registry, followed for {design.target_duration}" if design.target_duration else "patient registry"
    for kind in ("individual", "intermediate", "treatment"):
        if getattr(design.expanded_access_types, kind):
            yield f"expanded access: {ACCESS[kind]}"


def _sampling(eligibility: layout.Eligibility) -> Iterator[str]:
    if eligibility.sampling_method:
        yield words(eligibility.sampling_method) or eligibility.sampling_method


def _population(eligibility: layout.Eligibility) -> str | None:
    """Age and sex in words; studies that describe their population say it first."""
    youngest, oldest = eligibility.minimum_age, eligibility.maximum_age
    age = (
        f"{youngest} to {oldest}" if youngest and oldest else f"{youngest} and older" if youngest else f"up to {oldest}" if oldest else None
    )
    sex = {"ALL": "all sexes", "FEMALE": "female", "MALE": "male"}.get(eligibility.sex or "")
    healthy = "healthy volunteers accepted" if eligibility.healthy_volunteers else None
    said = ", ".join(part for part in (age, sex, healthy) if part)
    return "; ".join(part for part in (plain(eligibility.study_population), said) if part) or None


def _country(module: layout.Locations) -> str | None:
    """The country of all sites, when it is one."""
    countries = {site.country for site in module.locations if site.country}
    return countries.pop() if len(countries) == 1 else None


def _endpoints(outcomes: tuple[layout.PlannedOutcome, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(short(o.measure) or o.measure for o in outcomes if o.measure))


_PATHS = {
    "name": "identificationModule/nctId",
    "registry_ids": "identificationModule",
    "former_ids": "identificationModule/nctIdAliases",
    "acronym": "identificationModule/acronym",
    "title": "identificationModule/officialTitle",
    "study_type": "designModule/studyType",
    "phase": "designModule/phases",
    "design": "designModule/designInfo",
    "condition": "conditionsModule/conditions/0",
    "conditions": "conditionsModule/conditions",
    "population": "eligibilityModule",
    "prior_lines_min": "eligibilityModule/eligibilityCriteria",
    "enrollment": "designModule/enrollmentInfo/count",
    "country": "contactsLocationsModule/locations",
    "status": "statusModule/overallStatus",
    "start_date": "statusModule/startDateStruct/date",
    "primary_completion_date": "statusModule/primaryCompletionDateStruct/date",
    "completion_date": "statusModule/completionDateStruct/date",
    "sponsor": "sponsorCollaboratorsModule/leadSponsor/name",
    "collaborators": "sponsorCollaboratorsModule/collaborators",
    "interventions": "armsInterventionsModule/interventions",
    "primary_endpoints": "outcomesModule/primaryOutcomes",
    "secondary_endpoints": "outcomesModule/secondaryOutcomes",
    "inclusion": "eligibilityModule/eligibilityCriteria",
    "exclusion": "eligibilityModule/eligibilityCriteria",
}
"""Slot -> where in the protocol section it stands."""


def _evidence(protocol: layout.Protocol, slots: dict[str, Any]) -> Iterator[Evidence]:
    titled = protocol.identification_module.official_title is not None
    for slot, path in _PATHS.items():
        if slots[slot] not in (None, ()):
            place = "identificationModule/briefTitle" if slot == "title" and not titled else path
            yield Evidence(slot=slot, path=f"{PROTOCOL}/{place}")


# ---- arms -----------------------------------------------------------------------------------------------------------------------


def planned_arms(module: layout.ArmsInterventions) -> tuple[Arm, ...]:
    """The planned arms, in order; the id is the slug of the label."""
    ids = Ids()
    return tuple(
        Arm(
            id=ids.new(arm.label),
            label=arm.label,
            role=words(arm.type),
            regimen=regimen(module, arm),
            description=plain(arm.description),
            evidence=tuple(_arm_evidence(arm, f"{ARMS}/armGroups/{number}")),
        )
        for number, arm in enumerate(module.arm_groups)
    )


def _arm_evidence(arm: layout.ArmGroup, path: str) -> Iterator[Evidence]:
    yield Evidence(slot="label", path=f"{path}/label" if arm.label else path)
    if arm.intervention_names:
        yield Evidence(slot="regimen", path=f"{path}/interventionNames")


def of_arm(module: layout.ArmsInterventions, arm: layout.ArmGroup) -> Iterator[layout.Intervention]:
    """Interventions of an arm, by its own list ("Drug: X") or by their list of arm labels."""
    named = {terms.fold(name.partition(": ")[2] or name) for name in arm.intervention_names}
    named |= {terms.fold(name) for name in arm.intervention_names}
    for intervention in module.interventions:
        if terms.fold(intervention.name or "") in named or (arm.label and arm.label in intervention.arm_group_labels):
            yield intervention


def regimen(module: layout.ArmsInterventions, arm: layout.ArmGroup) -> tuple[str, ...]:
    """Names of what is given in an arm, without the type in front."""
    found = [i.name for i in of_arm(module, arm) if i.name and is_agent(i)]
    if not module.interventions:
        found = [name for kind, _, name in (text.partition(": ") for text in arm.intervention_names) if _is_agent_word(kind) and name]
    return tuple(dict.fromkeys(found))


def _is_agent_word(kind: str) -> bool:
    return kind.upper().replace(" ", "_") in AGENT_TYPES
