"""The study record of the ClinicalTrials.gov API v2, as far as it is read: typed structs, every field optional.

Field names are the registry's (camelCase in the JSON). What is left out on purpose is named in `audit.IGNORED`.
"""

from __future__ import annotations

from kg_build.sources.ctgov.layout.base import Date, Part, Posted
from kg_build.sources.ctgov.layout.protocol import (
    AccessTypes,
    ArmGroup,
    ArmsInterventions,
    Conditions,
    Description,
    Design,
    DesignInfo,
    Eligibility,
    Enrollment,
    ExpandedAccess,
    Identification,
    Intervention,
    LeadSponsor,
    Location,
    Locations,
    Masking,
    OrgStudyId,
    Outcomes,
    Oversight,
    PlannedOutcome,
    Protocol,
    Reference,
    References,
    Retraction,
    SecondaryId,
    Sponsor,
    Sponsors,
    Status,
)
from kg_build.sources.ctgov.layout.results import (
    Achievement,
    AdverseEvents,
    Analysis,
    Baseline,
    BaselineMeasure,
    Category,
    Class,
    Count,
    Denominator,
    DropWithdraw,
    Event,
    EventCount,
    EventGroup,
    Flow,
    Group,
    Limitations,
    Measurement,
    Milestone,
    MoreInfo,
    Outcome,
    Period,
    ReportedOutcomes,
    Results,
)

__all__ = [
    "AccessTypes",
    "Achievement",
    "AdverseEvents",
    "Analysis",
    "ArmGroup",
    "ArmsInterventions",
    "Baseline",
    "BaselineMeasure",
    "Browse",
    "Category",
    "Class",
    "Conditions",
    "Count",
    "Date",
    "Denominator",
    "Derived",
    "Description",
    "Design",
    "DesignInfo",
    "DropWithdraw",
    "Eligibility",
    "Enrollment",
    "Event",
    "EventCount",
    "EventGroup",
    "ExpandedAccess",
    "Flow",
    "Group",
    "Identification",
    "Intervention",
    "LeadSponsor",
    "Limitations",
    "Location",
    "Locations",
    "Masking",
    "Measurement",
    "Mesh",
    "Milestone",
    "MiscInfo",
    "MoreInfo",
    "OrgStudyId",
    "Outcome",
    "Outcomes",
    "Oversight",
    "Part",
    "Period",
    "PlannedOutcome",
    "Posted",
    "Protocol",
    "Reference",
    "References",
    "ReportedOutcomes",
    "Results",
    "Retraction",
    "SecondaryId",
    "Sponsor",
    "Sponsors",
    "Status",
    "Study",
]


class Mesh(Part, frozen=True, kw_only=True):
    """A heading of the National Library of Medicine's thesaurus."""

    id: str | None = None
    term: str | None = None


class Browse(Part, frozen=True, kw_only=True):
    """Headings that the registry derived from names."""

    meshes: tuple[Mesh, ...] = ()


class MiscInfo(Part, frozen=True, kw_only=True):
    """Version of the registry's data; countries whose sites were taken off."""

    version_holder: str | None = None
    removed_countries: tuple[str, ...] = ()


class Derived(Part, frozen=True, kw_only=True):
    """What the registry computed."""

    misc_info_module: MiscInfo = MiscInfo()
    condition_browse_module: Browse = Browse()
    intervention_browse_module: Browse = Browse()


class Study(Part, frozen=True, kw_only=True):
    """One study record."""

    protocol_section: Protocol = Protocol()
    results_section: Results | None = None
    derived_section: Derived = Derived()
    hand_made: bool = False
