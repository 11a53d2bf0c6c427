"""Accounting for every field: what a study record holds that is neither mapped nor ignored by name is counted."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, get_args

import msgspec

from kg_build.sources.ctgov.layout import Part, Study

IGNORED = frozenset(
    """
    hasResults annotationSection documentSection
    derivedSection.conditionBrowseModule derivedSection.interventionBrowseModule derivedSection.miscInfoModule.versionHolder
    derivedSection.miscInfoModule.removedCountries derivedSection.miscInfoModule.submissionTracking
    protocolSection.oversightModule protocolSection.descriptionModule protocolSection.referencesModule
    protocolSection.ipdSharingStatementModule
    protocolSection.identificationModule.organization
    protocolSection.identificationModule.orgStudyIdInfo.type protocolSection.identificationModule.orgStudyIdInfo.link
    protocolSection.identificationModule.secondaryIdInfos.domain protocolSection.identificationModule.secondaryIdInfos.link
    protocolSection.statusModule.statusVerifiedDate protocolSection.statusModule.lastKnownStatus
    protocolSection.statusModule.delayedPosting protocolSection.statusModule.whyStopped
    protocolSection.statusModule.expandedAccessInfo protocolSection.statusModule.resultsWaived
    protocolSection.statusModule.studyFirstSubmitDate protocolSection.statusModule.studyFirstSubmitQcDate
    protocolSection.statusModule.lastUpdateSubmitDate protocolSection.statusModule.resultsFirstSubmitDate
    protocolSection.statusModule.resultsFirstSubmitQcDate protocolSection.statusModule.resultsFirstPostDateStruct
    protocolSection.statusModule.dispFirstSubmitDate protocolSection.statusModule.dispFirstSubmitQcDate
    protocolSection.statusModule.dispFirstPostDateStruct
    protocolSection.statusModule.startDateStruct.type protocolSection.statusModule.primaryCompletionDateStruct.type
    protocolSection.statusModule.completionDateStruct.type protocolSection.statusModule.studyFirstPostDateStruct.type
    protocolSection.statusModule.lastUpdatePostDateStruct.type
    protocolSection.sponsorCollaboratorsModule.responsibleParty
    protocolSection.sponsorCollaboratorsModule.leadSponsor.class protocolSection.sponsorCollaboratorsModule.collaborators.class
    protocolSection.conditionsModule.keywords
    protocolSection.designModule.nPtrsToThisExpAccNctId protocolSection.designModule.expandedAccessTypes
    protocolSection.designModule.enrollmentInfo.type protocolSection.designModule.targetDuration protocolSection.designModule.bioSpec
    protocolSection.designModule.designInfo.interventionModelDescription
    protocolSection.designModule.designInfo.maskingInfo.maskingDescription
    protocolSection.designModule.designInfo.maskingInfo.whoMasked
    protocolSection.armsInterventionsModule.interventions.description
    protocolSection.armsInterventionsModule.interventions.otherNames
    protocolSection.eligibilityModule.genderBased protocolSection.eligibilityModule.genderDescription
    protocolSection.eligibilityModule.stdAges protocolSection.eligibilityModule.samplingMethod
    protocolSection.contactsLocationsModule.centralContacts protocolSection.contactsLocationsModule.overallOfficials
    protocolSection.contactsLocationsModule.locations.facility protocolSection.contactsLocationsModule.locations.status
    protocolSection.contactsLocationsModule.locations.city protocolSection.contactsLocationsModule.locations.state
    protocolSection.contactsLocationsModule.locations.zip protocolSection.contactsLocationsModule.locations.contacts
    protocolSection.contactsLocationsModule.locations.geoPoint
    resultsSection.baselineCharacteristicsModule resultsSection.moreInfoModule
    resultsSection.participantFlowModule.preAssignmentDetails resultsSection.participantFlowModule.recruitmentDetails
    resultsSection.participantFlowModule.typeUnitsAnalyzed
    resultsSection.participantFlowModule.periods.title resultsSection.participantFlowModule.periods.dropWithdraws
    resultsSection.participantFlowModule.periods.milestones.comment
    resultsSection.participantFlowModule.periods.milestones.achievements.comment
    resultsSection.participantFlowModule.periods.milestones.achievements.numUnits
    resultsSection.outcomeMeasuresModule.outcomeMeasures.reportingStatus
    resultsSection.outcomeMeasuresModule.outcomeMeasures.anticipatedPostingDate
    resultsSection.outcomeMeasuresModule.outcomeMeasures.calculatePct
    resultsSection.outcomeMeasuresModule.outcomeMeasures.typeUnitsAnalyzed
    resultsSection.outcomeMeasuresModule.outcomeMeasures.denomUnitsSelected
    resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.testedNonInferiority
    resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.ciNumSides
    resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.ciLowerLimitComment
    resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.ciUpperLimitComment
    resultsSection.adverseEventsModule.frequencyThreshold resultsSection.adverseEventsModule.timeFrame
    resultsSection.adverseEventsModule.description resultsSection.adverseEventsModule.allCauseMortalityComment
    resultsSection.adverseEventsModule.seriousEvents.sourceVocabulary resultsSection.adverseEventsModule.seriousEvents.assessmentType
    resultsSection.adverseEventsModule.seriousEvents.notes resultsSection.adverseEventsModule.seriousEvents.stats.numEvents
    resultsSection.adverseEventsModule.otherEvents.sourceVocabulary resultsSection.adverseEventsModule.otherEvents.assessmentType
    resultsSection.adverseEventsModule.otherEvents.notes resultsSection.adverseEventsModule.otherEvents.stats.numEvents
    """.split()
)
"""What the reader leaves out on purpose, with all that lies below it."""


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
