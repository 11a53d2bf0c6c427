"""Accounting for every field: what a study record holds that is neither mapped nor ignored by name is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import msgspec

from kg_build.sources.ctgov.layout import Part, Study

_REASONS: dict[str, str] = {
    "how the registry keeps its records, not what they say": """
        hasResults annotationSection derivedSection.miscInfoModule.submissionTracking
        protocolSection.identificationModule.orgStudyIdInfo.type protocolSection.identificationModule.orgStudyIdInfo.link
        protocolSection.identificationModule.secondaryIdInfos.domain protocolSection.identificationModule.secondaryIdInfos.link
        protocolSection.statusModule.delayedPosting protocolSection.statusModule.resultsWaived
        protocolSection.statusModule.studyFirstSubmitQcDate protocolSection.statusModule.studyFirstPostDateStruct.type
        protocolSection.statusModule.resultsFirstSubmitQcDate protocolSection.statusModule.resultsFirstPostDateStruct.type
        protocolSection.statusModule.dispFirstSubmitDate protocolSection.statusModule.dispFirstSubmitQcDate
        protocolSection.statusModule.dispFirstPostDateStruct protocolSection.statusModule.lastUpdateSubmitDate
        protocolSection.statusModule.lastUpdatePostDateStruct.type protocolSection.designModule.nPtrsToThisExpAccNctId
        resultsSection.outcomeMeasuresModule.outcomeMeasures.reportingStatus
        resultsSection.moreInfoModule.certainAgreement""",
    "documents and individual data, which are elsewhere": """
        documentSection protocolSection.ipdSharingStatementModule
        protocolSection.referencesModule.seeAlsoLinks protocolSection.referencesModule.availIpds
        protocolSection.referencesModule.references.retractions.source""",
    "computed from what is mapped": """
        derivedSection.conditionBrowseModule.ancestors derivedSection.conditionBrowseModule.browseLeaves
        derivedSection.conditionBrowseModule.browseBranches derivedSection.interventionBrowseModule.ancestors
        derivedSection.interventionBrowseModule.browseLeaves derivedSection.interventionBrowseModule.browseBranches
        resultsSection.outcomeMeasuresModule.outcomeMeasures.calculatePct
        resultsSection.baselineCharacteristicsModule.measures.calculatePct
        resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.testedNonInferiority""",
    "persons and addresses": """
        protocolSection.sponsorCollaboratorsModule.responsibleParty protocolSection.identificationModule.organization
        protocolSection.contactsLocationsModule.centralContacts protocolSection.contactsLocationsModule.overallOfficials
        protocolSection.contactsLocationsModule.locations.facility protocolSection.contactsLocationsModule.locations.status
        protocolSection.contactsLocationsModule.locations.city protocolSection.contactsLocationsModule.locations.state
        protocolSection.contactsLocationsModule.locations.zip protocolSection.contactsLocationsModule.locations.contacts
        protocolSection.contactsLocationsModule.locations.geoPoint resultsSection.moreInfoModule.pointOfContact""",
    "long or rare remarks beside a fact that is mapped": """
        protocolSection.descriptionModule.detailedDescription protocolSection.oversightModule.isPpsd
        protocolSection.sponsorCollaboratorsModule.collaborators.class protocolSection.designModule.bioSpec
        protocolSection.designModule.designInfo.interventionModelDescription
        protocolSection.designModule.designInfo.maskingInfo.maskingDescription
        protocolSection.eligibilityModule.genderBased protocolSection.eligibilityModule.genderDescription
        resultsSection.participantFlowModule.preAssignmentDetails resultsSection.participantFlowModule.recruitmentDetails
        resultsSection.adverseEventsModule.seriousEvents.sourceVocabulary resultsSection.adverseEventsModule.seriousEvents.assessmentType
        resultsSection.adverseEventsModule.seriousEvents.notes
        resultsSection.adverseEventsModule.otherEvents.sourceVocabulary resultsSection.adverseEventsModule.otherEvents.assessmentType
        resultsSection.adverseEventsModule.otherEvents.notes""",
    "units other than participants (eyes, lesions): figures of them have no n": """
        resultsSection.participantFlowModule.typeUnitsAnalyzed
        resultsSection.participantFlowModule.periods.milestones.achievements.numUnits
        resultsSection.baselineCharacteristicsModule.typeUnitsAnalyzed
        resultsSection.baselineCharacteristicsModule.measures.denomUnitsSelected
        resultsSection.outcomeMeasuresModule.outcomeMeasures.typeUnitsAnalyzed
        resultsSection.outcomeMeasuresModule.outcomeMeasures.denomUnitsSelected""",
}
IGNORED = {place: reason for reason, places in _REASONS.items() for place in places.split()}
"""What the reader leaves out on purpose, with all that lies below it, and why."""


def mapped() -> dict[str, str]:
    """Every field that is read: its dotted path in the registry's data model -> its name in the layout."""
    return dict(_mapped(Study, ""))


def _mapped(part: type[Part], above: str) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(part):
        place = above + field.encode_name
        yield place, field.name
        if below := _below(field.type):
            yield from _mapped(below, f"{place}.")


def count_unmapped(tree: dict[str, Any]) -> dict[str, int]:
    """Keys of a record that are neither mapped nor ignored by name: dotted path -> how often it was met."""
    met: Counter[str] = Counter()
    _walk(tree, Study, "", met)
    return dict(sorted(met.items()))


def _walk(tree: Any, part: type[Part], path: str, met: Counter[str]) -> None:
    if isinstance(tree, list):
        for one in tree:
            _walk(one, part, path, met)
        return
    known = _fields(part)
    for key, value in tree.items():
        if key not in known:
            if not _ignored(place := f"{path}{key}"):
                met[place] += 1
        elif (below := known[key]) is not None and value is not None:
            _walk(value, below, f"{path}{key}.", met)


@cache
def _ignored(place: str) -> bool:
    return place in IGNORED


@cache
def _fields(part: type[Part]) -> dict[str, type[Part] | None]:
    """JSON keys of a struct, each with the struct below it, if any."""
    return {field.encode_name: _below(field.type) for field in msgspec.structs.fields(part)}


def _below(kind: Any) -> type[Part] | None:
    if isinstance(kind, type) and issubclass(kind, Part):
        return kind
    return next((found for inner in get_args(kind) if (found := _below(inner))), None)
