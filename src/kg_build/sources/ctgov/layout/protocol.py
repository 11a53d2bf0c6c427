"""The protocol section: what was registered."""

from __future__ import annotations

import msgspec

from kg_build.sources.ctgov.layout.base import Date, Part, Posted


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


class ExpandedAccess(Part, frozen=True, kw_only=True):
    """Whether the drug is to be had outside the study."""

    has_expanded_access: bool | None = None
    nct_id: str | None = None
    status_for_nct_id: str | None = None


class Status(Part, frozen=True, kw_only=True):
    """Recruitment status and dates."""

    overall_status: str | None = None
    start_date_struct: Date = Date()
    primary_completion_date_struct: Date = Date()
    completion_date_struct: Date = Date()
    study_first_submit_date: str | None = None
    study_first_post_date_struct: Posted = Posted()
    results_first_submit_date: str | None = None
    results_first_post_date_struct: Posted = Posted()
    last_update_post_date_struct: Posted = Posted()
    status_verified_date: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    expanded_access_info: ExpandedAccess = ExpandedAccess()


class Sponsor(Part, frozen=True, kw_only=True):
    """An organisation."""

    name: str | None = None


class LeadSponsor(Part, frozen=True, kw_only=True):
    """The organisation in charge, and what kind it is (INDUSTRY, NIH, OTHER)."""

    name: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")


class Sponsors(Part, frozen=True, kw_only=True):
    """Sponsor and collaborators."""

    lead_sponsor: LeadSponsor = LeadSponsor()
    collaborators: tuple[Sponsor, ...] = ()


class Oversight(Part, frozen=True, kw_only=True):
    """Who watches over the study."""

    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None
    is_unapproved_device: bool | None = None
    is_us_export: bool | None = None
    fdaaa801_violation: bool | None = None


class Description(Part, frozen=True, kw_only=True):
    """The study in the registrant's words."""

    brief_summary: str | None = None


class Conditions(Part, frozen=True, kw_only=True):
    """What is studied."""

    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Masking(Part, frozen=True, kw_only=True):
    """Who does not know."""

    masking: str | None = None
    who_masked: tuple[str, ...] = ()


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
    type: str | None = None


class AccessTypes(Part, frozen=True, kw_only=True):
    """Kinds of expanded access."""

    individual: bool | None = None
    intermediate: bool | None = None
    treatment: bool | None = None


class Design(Part, frozen=True, kw_only=True):
    """Kind of study, phase, size."""

    study_type: str | None = None
    patient_registry: bool | None = None
    target_duration: str | None = None
    expanded_access_types: AccessTypes = AccessTypes()
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
    description: str | None = None
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
    std_ages: tuple[str, ...] = ()
    sampling_method: str | None = None


class Location(Part, frozen=True, kw_only=True):
    """A site."""

    country: str | None = None


class Locations(Part, frozen=True, kw_only=True):
    """Where."""

    locations: tuple[Location, ...] = ()


class Retraction(Part, frozen=True, kw_only=True):
    """The notice by which an article was retracted."""

    pmid: str | None = None


class Reference(Part, frozen=True, kw_only=True):
    """An article."""

    pmid: str | None = None
    type: str | None = None
    citation: str | None = None
    retractions: tuple[Retraction, ...] = ()


class References(Part, frozen=True, kw_only=True):
    """Articles."""

    references: tuple[Reference, ...] = ()


class Protocol(Part, frozen=True, kw_only=True):
    """What was registered."""

    identification_module: Identification = Identification()
    status_module: Status = Status()
    sponsor_collaborators_module: Sponsors = Sponsors()
    oversight_module: Oversight = Oversight()
    description_module: Description = Description()
    conditions_module: Conditions = Conditions()
    design_module: Design = Design()
    arms_interventions_module: ArmsInterventions = ArmsInterventions()
    outcomes_module: Outcomes = Outcomes()
    eligibility_module: Eligibility = Eligibility()
    contacts_locations_module: Locations = Locations()
    references_module: References = References()
