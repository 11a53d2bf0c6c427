"""The study record of the ClinicalTrials.gov API v2, as far as it is read: typed structs, every field optional.

Field names are the registry's (camelCase in the JSON). What is left out on purpose is named in `audit.IGNORED`.
"""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base: immutable, camelCase keys, unknown keys tolerated (and counted by `audit`)."""


# ---- protocol -------------------------------------------------------------------------------------------------------------------


class OrgStudyId(Part, frozen=True, kw_only=True):
    """The organisation's own number of the study."""

    id: str | None = None


class SecondaryId(Part, frozen=True, kw_only=True):
    """Another number of the study, or of the grant that pays it."""

    id: str | None = None
    type: str | None = None


class Identification(Part, frozen=True, kw_only=True):
    """Numbers and titles."""

    nct_id: str | None = None
    nct_id_aliases: tuple[str, ...] = ()
    org_study_id_info: OrgStudyId = OrgStudyId()
    secondary_id_infos: tuple[SecondaryId, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None


class Date(Part, frozen=True, kw_only=True):
    """A date, YYYY-MM-DD or YYYY-MM."""

    date: str | None = None


class Status(Part, frozen=True, kw_only=True):
    """Recruitment status and dates."""

    overall_status: str | None = None
    start_date_struct: Date = Date()
    primary_completion_date_struct: Date = Date()
    completion_date_struct: Date = Date()
    study_first_post_date_struct: Date = Date()
    last_update_post_date_struct: Date = Date()


class Sponsor(Part, frozen=True, kw_only=True):
    """An organisation."""

    name: str | None = None


class Sponsors(Part, frozen=True, kw_only=True):
    """Sponsor and collaborators."""

    lead_sponsor: Sponsor = Sponsor()
    collaborators: tuple[Sponsor, ...] = ()


class Conditions(Part, frozen=True, kw_only=True):
    """What is studied."""

    conditions: tuple[str, ...] = ()


class Masking(Part, frozen=True, kw_only=True):
    """Who does not know."""

    masking: str | None = None


class DesignInfo(Part, frozen=True, kw_only=True):
    """Allocation, model, purpose, masking."""

    allocation: str | None = None
    intervention_model: str | None = None
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking_info: Masking = Masking()


class Enrollment(Part, frozen=True, kw_only=True):
    """How many, planned or actual."""

    count: int | None = None


class Design(Part, frozen=True, kw_only=True):
    """Kind of study, phase, size."""

    study_type: str | None = None
    patient_registry: bool | None = None
    phases: tuple[str, ...] = ()
    design_info: DesignInfo = DesignInfo()
    enrollment_info: Enrollment = Enrollment()


class ArmGroup(Part, frozen=True, kw_only=True):
    """A planned arm."""

    label: str | None = None
    type: str | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


class Intervention(Part, frozen=True, kw_only=True):
    """What is given or done."""

    type: str | None = None
    name: str | None = None
    other_names: tuple[str, ...] = ()
    arm_group_labels: tuple[str, ...] = ()


class ArmsInterventions(Part, frozen=True, kw_only=True):
    """Arms and interventions."""

    arm_groups: tuple[ArmGroup, ...] = ()
    interventions: tuple[Intervention, ...] = ()


class PlannedOutcome(Part, frozen=True, kw_only=True):
    """An outcome measure as planned."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


class Outcomes(Part, frozen=True, kw_only=True):
    """Outcome measures as planned."""

    primary_outcomes: tuple[PlannedOutcome, ...] = ()
    secondary_outcomes: tuple[PlannedOutcome, ...] = ()
    other_outcomes: tuple[PlannedOutcome, ...] = ()


class Eligibility(Part, frozen=True, kw_only=True):
    """Who may take part."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    study_population: str | None = None


class Location(Part, frozen=True, kw_only=True):
    """A site."""

    country: str | None = None


class Locations(Part, frozen=True, kw_only=True):
    """Where."""

    locations: tuple[Location, ...] = ()


class Protocol(Part, frozen=True, kw_only=True):
    """What was registered."""

    identification_module: Identification = Identification()
    status_module: Status = Status()
    sponsor_collaborators_module: Sponsors = Sponsors()
    conditions_module: Conditions = Conditions()
    design_module: Design = Design()
    arms_interventions_module: ArmsInterventions = ArmsInterventions()
    outcomes_module: Outcomes = Outcomes()
    eligibility_module: Eligibility = Eligibility()
    contacts_locations_module: Locations = Locations()


# ---- results --------------------------------------------------------------------------------------------------------------------


class Group(Part, frozen=True, kw_only=True):
    """A reported group; its id (FG000, OG000) is local to its section or outcome measure."""

    id: str | None = None
    title: str | None = None
    description: str | None = None


class Achievement(Part, frozen=True, kw_only=True):
    """Participants of a group at a milestone."""

    group_id: str | None = None
    num_subjects: str | None = None


class Milestone(Part, frozen=True, kw_only=True):
    """STARTED, COMPLETED..."""

    type: str | None = None
    achievements: tuple[Achievement, ...] = ()


class Period(Part, frozen=True, kw_only=True):
    """A period of the participant flow."""

    milestones: tuple[Milestone, ...] = ()


class Flow(Part, frozen=True, kw_only=True):
    """Participant flow."""

    groups: tuple[Group, ...] = ()
    periods: tuple[Period, ...] = ()


class Count(Part, frozen=True, kw_only=True):
    """A denominator of one group."""

    group_id: str | None = None
    value: str | None = None


class Denominator(Part, frozen=True, kw_only=True):
    """Denominators in one unit (participants, eyes...)."""

    units: str | None = None
    counts: tuple[Count, ...] = ()


class Measurement(Part, frozen=True, kw_only=True):
    """One figure of one group."""

    group_id: str | None = None
    value: str | None = None
    spread: str | None = None
    lower_limit: str | None = None
    upper_limit: str | None = None
    comment: str | None = None


class Category(Part, frozen=True, kw_only=True):
    """A row: "Complete response"."""

    title: str | None = None
    measurements: tuple[Measurement, ...] = ()


class Class(Part, frozen=True, kw_only=True):
    """A block of rows: "Month 12"."""

    title: str | None = None
    denoms: tuple[Denominator, ...] = ()
    categories: tuple[Category, ...] = ()


class Analysis(Part, frozen=True, kw_only=True):
    """A statistical analysis of one outcome measure."""

    group_ids: tuple[str, ...] = ()
    group_description: str | None = None
    param_type: str | None = None
    param_value: str | None = None
    dispersion_type: str | None = None
    dispersion_value: str | None = None
    statistical_method: str | None = None
    statistical_comment: str | None = None
    p_value: str | None = None
    p_value_comment: str | None = None
    ci_num_sides: str | None = None
    ci_pct_value: str | None = None
    ci_lower_limit: str | None = None
    ci_upper_limit: str | None = None
    estimate_comment: str | None = None
    non_inferiority_type: str | None = None
    non_inferiority_comment: str | None = None
    other_analysis_description: str | None = None


class Outcome(Part, frozen=True, kw_only=True):
    """A reported outcome measure."""

    type: str | None = None
    title: str | None = None
    description: str | None = None
    population_description: str | None = None
    param_type: str | None = None
    dispersion_type: str | None = None
    unit_of_measure: str | None = None
    time_frame: str | None = None
    denom_units_selected: str | None = None
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denominator, ...] = ()
    classes: tuple[Class, ...] = ()
    analyses: tuple[Analysis, ...] = ()


class ReportedOutcomes(Part, frozen=True, kw_only=True):
    """Reported outcome measures."""

    outcome_measures: tuple[Outcome, ...] = ()


class EventGroup(Part, frozen=True, kw_only=True):
    """A group of the adverse-event section, with its totals."""

    id: str | None = None
    title: str | None = None
    description: str | None = None
    deaths_num_affected: int | None = None
    deaths_num_at_risk: int | None = None
    serious_num_affected: int | None = None
    serious_num_at_risk: int | None = None
    other_num_affected: int | None = None
    other_num_at_risk: int | None = None


class EventCount(Part, frozen=True, kw_only=True):
    """One event in one group."""

    group_id: str | None = None
    num_affected: int | None = None
    num_at_risk: int | None = None


class Event(Part, frozen=True, kw_only=True):
    """One adverse event."""

    term: str | None = None
    organ_system: str | None = None
    stats: tuple[EventCount, ...] = ()


class AdverseEvents(Part, frozen=True, kw_only=True):
    """Adverse events."""

    event_groups: tuple[EventGroup, ...] = ()
    serious_events: tuple[Event, ...] = ()
    other_events: tuple[Event, ...] = ()


class Results(Part, frozen=True, kw_only=True):
    """What was reported."""

    participant_flow_module: Flow = Flow()
    outcome_measures_module: ReportedOutcomes = ReportedOutcomes()
    adverse_events_module: AdverseEvents = AdverseEvents()


class MiscInfo(Part, frozen=True, kw_only=True):
    """Technical remarks; nothing is read of them."""


class Derived(Part, frozen=True, kw_only=True):
    """What the registry computed; nothing is read of it, it stands here to be audited."""

    misc_info_module: MiscInfo = MiscInfo()


class Study(Part, frozen=True, kw_only=True):
    """One study record."""

    protocol_section: Protocol = Protocol()
    results_section: Results | None = None
    derived_section: Derived = Derived()
    hand_made: bool = False
