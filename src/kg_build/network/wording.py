"""How the graph's terms are worded for readers: relations, details of a card, and the short labels of statements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

RELATIONS = {
    "estimateOf": "result of",
    "ofStudy": "reported in",
    "usesRegimen": "arm",
    "forRegimen": "for regimen",
    "forProduct": "for product",
    "indication": "for indication",
    "regulator": "decided by",
    "jurisdiction": "in jurisdiction",
    "underApplication": "in dossier",
    "doseOf": "dose of",
    "agent": "of agent",
    "priorTherapy": "after",
    "condition": "of condition",
    "broader": "kind of",
    "broaderIndication": "within",
    "studiesCondition": "studies",
    "intervention": "tests",
    "oneOf": "one of",
}
"""Where the property's own words, blanks put in, do not read well."""

DETAILS = {
    "dcterms:title": "title", "acronym": "acronym", "registryId": "registry id", "phase": "phase", "studyType": "type", "design": "design",
    "studyRole": "role", "enrollment": "enrolment", "studyPopulation": "population", "recruitmentStatus": "status", "startDate": "start",
    "primaryCompletionDate": "primary completion", "completionDate": "completion", "medianFollowUpText": "median follow-up, months",
    "country": "country", "fullName": "full name", "brandName": "brand", "codeName": "code name", "skos:altLabel": "also called",
    "abbreviation": "abbreviation", "agentType": "type", "mechanismText": "mechanism", "unii": "UNII", "chemblId": "ChEMBL",
    "drugbankId": "DrugBank", "doid": "DOID", "oncotree": "OncoTree", "regimenText": "regimen", "productText": "product",
    "conditionText": "condition", "settingText": "setting", "setting": "setting", "populationText": "population",
    "population": "population", "minPriorLines": "prior lines, at least",
    "priorTherapyText": "prior therapy",     "biomarkerText": "biomarker", "biomarker": "biomarker",
    "statusText": "status", "designation": "designation", "pathway": "pathway", "approvalType": "approval type", "changeType": "change",
    "withdrawalOf": "withdrawal of", "initiatedBy": "initiated by", "decisionDate": "date", "announcedDate": "announced",
    "expectedDate": "expected", "dateText": "date as stated", "jurisdictionText": "jurisdiction", "applicantText": "applicant",
    "applicationText": "dossier", "submissionText": "submission", "supportedByText": "supported by", "bodyName": "body",
    "category": "category", "preferred": "preferred", "version": "version", "dose": "dose", "route": "route", "schedule": "schedule",
    "form": "form", "strength": "strength", "marketingStatus": "marketing status", "ingredientText": "ingredient",
    "applicationNumber": "number", "applicationType": "dossier type", "submissionType": "submission type",
    "submissionClass": "submission class", "submissionStatus": "submission status", "submissionDate": "submission date",
    "reviewPriority": "review priority", "conflictKind": "conflict", "explanation": "explanation", "assertion": "stated as",
    "provisional": "provisional",
}  # fmt: skip
"""Properties worth showing, in this order -> their words. The rest is in the graph (`kg show`, `kg sparql`)."""

Values = Mapping[str, Sequence[str]]


def relation(name: str, role: str = "") -> str:
    """Words of a relation; of an arm, its role.

    >>> relation("hasTarget"), relation("pivotalStudy"), relation("usesRegimen", "experimental")
    ('has target', 'pivotal study', 'experimental arm')
    """
    words = RELATIONS.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return f"{role.replace('_', ' ').lower()} {words}".replace("arm arm", "arm") if role else words


def details(values: Values, label: str) -> dict[str, str]:
    """What a card tells of a thing or statement, from its literals (local name or CURIE -> values); the label is not repeated."""
    shown: dict[str, str] = {}
    for name, words in DETAILS.items():
        said = [value for value in values.get(name, ()) if value.casefold() != label.casefold()]
        if said and words not in shown and not (name == "assertion" and said == ["asserted"]) and said != ["false"]:
            shown[words] = "yes" if said == ["true"] else "; ".join(said)
    return shown


def label(kind: str, values: Values, given: str) -> str:
    """Short label of a card: of decisions and recommendations who and what, since for what and for whom stand beside them."""
    first = {name: found[0] for name, found in values.items() if found}
    if kind == "Decision":
        who = first.get("regulatorText") or first.get("jurisdictionText") or "Regulator not named"
        what = first.get("designation") if first.get("statusText") == "designation" else None
        when = first.get("decisionDate") or first.get("announcedDate")
        status = (what or first.get("statusText", "decision")).replace("-", " ")
        return f"{who}: {status}" + (f", {when}" if when else "")
    if kind == "Recommendation":
        category = f"category {first['category']}" if "category" in first else ""
        preferred = {"true": "preferred", "false": "not preferred"}.get(first.get("preferred", ""), "")
        return (
            f"{first.get('recommendedByText', 'Guideline')}: {', '.join(part for part in (category, preferred) if part) or 'recommended'}"
        )
    if kind == "Product":
        return first.get("brandName", given)
    return given
