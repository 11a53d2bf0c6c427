"""What the registry adds to a study: its own dates, headings, countries, who may take part, oversight, remarks -> slots of facts.Trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg_build.facts import Evidence
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.values import date, plain, words

STATUS = {
    "ACTIVE_NOT_RECRUITING": "active, not recruiting",
    "NOT_YET_RECRUITING": "not yet recruiting",
    "ENROLLING_BY_INVITATION": "enrolling by invitation",
}
OVERSIGHT = {
    "oversight_has_dmc": "data monitoring committee",
    "is_fda_regulated_drug": "FDA-regulated drug",
    "is_fda_regulated_device": "FDA-regulated device",
    "is_unapproved_device": "device not approved by FDA",
    "is_us_export": "exported from the US",
    "fdaaa801_violation": "FDAAA 801 violation",
}
"""Key of the oversight module -> what it means where it is true; what is false is not told."""

PATHS = {
    "summary": "/protocolSection/descriptionModule/briefSummary",
    "keywords": "/protocolSection/conditionsModule/keywords",
    "condition_terms": "/derivedSection/conditionBrowseModule/meshes",
    "condition_ids": "/derivedSection/conditionBrowseModule/meshes",
    "intervention_terms": "/derivedSection/interventionBrowseModule/meshes",
    "intervention_ids": "/derivedSection/interventionBrowseModule/meshes",
    "countries": "/protocolSection/contactsLocationsModule/locations",
    "removed_countries": "/derivedSection/miscInfoModule/removedCountries",
    "sex": "/protocolSection/eligibilityModule/sex",
    "minimum_age": "/protocolSection/eligibilityModule/minimumAge",
    "maximum_age": "/protocolSection/eligibilityModule/maximumAge",
    "age_groups": "/protocolSection/eligibilityModule/stdAges",
    "healthy_volunteers": "/protocolSection/eligibilityModule/healthyVolunteers",
    "enrollment_type": "/protocolSection/designModule/enrollmentInfo/type",
    "start_date_type": "/protocolSection/statusModule/startDateStruct/type",
    "primary_completion_date_type": "/protocolSection/statusModule/primaryCompletionDateStruct/type",
    "completion_date_type": "/protocolSection/statusModule/completionDateStruct/type",
    "first_submitted": "/protocolSection/statusModule/studyFirstSubmitDate",
    "first_posted": "/protocolSection/statusModule/studyFirstPostDateStruct/date",
    "results_submitted": "/protocolSection/statusModule/resultsFirstSubmitDate",
    "results_posted": "/protocolSection/statusModule/resultsFirstPostDateStruct/date",
    "last_updated": "/protocolSection/statusModule/lastUpdatePostDateStruct/date",
    "verified": "/protocolSection/statusModule/statusVerifiedDate",
    "last_known_status": "/protocolSection/statusModule/lastKnownStatus",
    "why_stopped": "/protocolSection/statusModule/whyStopped",
    "expanded_access": "/protocolSection/statusModule/expandedAccessInfo",
    "sponsor_class": "/protocolSection/sponsorCollaboratorsModule/leadSponsor/class",
    "oversight": "/protocolSection/oversightModule",
    "adverse_event_time_frame": "/resultsSection/adverseEventsModule/timeFrame",
    "adverse_event_threshold": "/resultsSection/adverseEventsModule/frequencyThreshold",
    "adverse_event_note": "/resultsSection/adverseEventsModule",
    "limitations": "/resultsSection/moreInfoModule/limitationsAndCaveats/description",
}
"""Slot -> where it stands."""


def registration_slots(study: layout.Study) -> dict[str, Any]:
    """The slots, those without a value included."""
    protocol, derived = study.protocol_section, study.derived_section
    return {
        "summary": plain(protocol.description_module.brief_summary),
        "keywords": _each(protocol.conditions_module.keywords),
        **_headings("condition", derived.condition_browse_module),
        **_headings("intervention", derived.intervention_browse_module),
        "countries": _each(site.country for site in protocol.contacts_locations_module.locations),
        "removed_countries": _each(derived.misc_info_module.removed_countries),
        "sponsor_class": words(protocol.sponsor_collaborators_module.lead_sponsor.class_),
        "oversight": tuple(meaning for key, meaning in OVERSIGHT.items() if getattr(protocol.oversight_module, key)),
        **_people(protocol.eligibility_module),
        **_course(protocol),
        **_dates(protocol.status_module),
        **_remarks(study.results_section),
    }


def registration_evidence(slots: dict[str, Any]) -> Iterator[Evidence]:
    """Where each filled slot stands."""
    return (Evidence(slot=slot, path=path) for slot, path in PATHS.items() if slots[slot] not in (None, ()))


def status_words(code: str | None) -> str | None:
    """A recruitment status in words."""
    return STATUS.get(code or "") or words(code)


def _each(values: Iterator[str | None] | tuple[str, ...]) -> tuple[str, ...]:
    """What is there, once each."""
    return tuple(dict.fromkeys(value for value in values if value))


def _headings(of: str, browse: layout.Browse) -> dict[str, tuple[str, ...]]:
    return {
        f"{of}_terms": _each(heading.term for heading in browse.meshes),
        f"{of}_ids": _each(f"mesh:{heading.id}" for heading in browse.meshes if heading.id),
    }


def _people(eligibility: layout.Eligibility) -> dict[str, Any]:
    return {
        "sex": words(eligibility.sex),
        "minimum_age": eligibility.minimum_age,
        "maximum_age": eligibility.maximum_age,
        "age_groups": _each(words(code) for code in eligibility.std_ages),
        "healthy_volunteers": eligibility.healthy_volunteers,
    }


def _course(protocol: layout.Protocol) -> dict[str, Any]:
    status = protocol.status_module
    return {
        "enrollment_type": words(protocol.design_module.enrollment_info.type),
        "start_date_type": words(status.start_date_struct.type),
        "primary_completion_date_type": words(status.primary_completion_date_struct.type),
        "completion_date_type": words(status.completion_date_struct.type),
        "last_known_status": status_words(status.last_known_status),
        "why_stopped": plain(status.why_stopped),
        "expanded_access": _expanded_access(status.expanded_access_info),
    }


def _expanded_access(info: layout.ExpandedAccess) -> str | None:
    """Expanded access in words: "available (NCT05918913)"; nothing where there is none."""
    if not info.has_expanded_access:
        return None
    said = words(info.status_for_nct_id) or "yes"
    return f"{said} ({info.nct_id})" if info.nct_id else said


def _dates(status: layout.Status) -> dict[str, str | None]:
    return {
        "first_submitted": date(status.study_first_submit_date),
        "first_posted": date(status.study_first_post_date_struct.date),
        "results_submitted": date(status.results_first_submit_date),
        "results_posted": date(status.results_first_post_date_struct.date),
        "last_updated": date(status.last_update_post_date_struct.date),
        "verified": date(status.status_verified_date),
    }


def _remarks(results: layout.Results | None) -> dict[str, str | None]:
    events = results.adverse_events_module if results else layout.AdverseEvents()
    notes = map(plain, (events.description, events.all_cause_mortality_comment))
    return {
        "adverse_event_time_frame": events.time_frame,
        "adverse_event_threshold": events.frequency_threshold,
        "adverse_event_note": " | ".join(filter(None, notes)) or None,
        "limitations": plain(results.more_info_module.limitations_and_caveats.description) if results else None,
    }
