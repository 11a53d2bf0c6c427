"""Every slot of a fact as literals: the layer that makes facts go JSON -> RDF -> JSON without loss.

One table: slot -> (property, how it is written). Links to things (kg:regulator beside kg:regulatorText) are written by
`statements.py`; this layer keeps what the source said, in its own words. kg.ttl names the same slots with kg:factSlot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from kg_build.facts import Concept, Fact
from kg_build.rdf import writer

Pair = tuple[float | str | None, float | str | None]
JOINT = " + "  # between the agents of a regimen, whose order the source chose


class Slot(NamedTuple):
    """How one slot is written: its property, the form of its literals, and whether it holds several."""

    property: str
    form: str = "text"  # text | integer | decimal | date | boolean | joined (a list in one literal)
    many: bool = False


def _texts(name: str) -> Slot:
    return Slot(name, many=True)


SLOTS: dict[str, dict[str, Slot]] = {
    "decisions": {
        "regulator": Slot("regulatorText"),
        "jurisdiction": Slot("jurisdictionText"),
        "decision_kind": Slot("decisionKind"),
        "status": Slot("statusText"),
        "designation": Slot("designation"),
        "approval_type": Slot("approvalType"),
        "pathway": Slot("pathway"),
        "change_type": Slot("changeType"),
        "salience": Slot("salience"),
        "date": Slot("decisionDate", "date"),
        "announced": Slot("announcedDate", "date"),
        "action_date": Slot("expectedDate", "date"),
        "date_text": Slot("dateText"),
        "regimen": Slot("regimenText", "joined", many=True),
        "optional_agents": _texts("optionalAgentText"),
        "one_of": _texts("oneOfText"),
        "product": _texts("productText"),
        "application": Slot("applicationText"),
        "submission": Slot("submissionText"),
        "applicant": Slot("applicantText"),
        "condition": Slot("conditionText"),
        "setting": Slot("settingText"),
        "population": Slot("populationText"),
        "prior_lines_min": Slot("minPriorLines", "integer"),
        "prior_therapies": _texts("priorTherapyText"),
        "biomarkers": _texts("biomarkerText"),
        "supported_by": _texts("supportedByText"),
        "withdrawal_of": Slot("withdrawalOf"),
        "initiated_by": Slot("initiatedBy"),
    },
    "results": {
        "trial": Slot("ofStudyText"),
        "endpoint": Slot("endpointText"),
        "statistic": Slot("measure"),
        "arm": Slot("armText"),
        "comparison": Slot("comparisonText", "joined", many=True),
        "value": Slot("value", "value"),
        "unit": Slot("unit"),
        "ci_level": Slot("ciLevel", "decimal"),
        "ci": Slot("ci", "pair"),
        "ci_sided": Slot("ciSides", "integer"),
        "p": Slot("pText"),
        "p_sided": Slot("pSides", "integer"),
        "p_test": Slot("test"),
        "range": Slot("range", "pair"),
        "timepoint": Slot("timepoint"),
        "population": Slot("subgroup"),
        "assessment": Slot("assessedBy"),
        "n": Slot("n", "integer"),
        "outcome": Slot("outcomeText"),
        "outcome_measure": Slot("outcomeMeasureText"),
        "analysis": Slot("analysisText"),
        "dispersion": Slot("dispersion"),
        "category": Slot("category"),
    },
    "adverse_events": {
        "trial": Slot("ofStudyText"),
        "event": Slot("adverseEventText"),
        "grade": Slot("grade"),
        "arm": Slot("armText"),
        "percent": Slot("percent", "decimal"),
        "count": Slot("count", "integer"),
        "n": Slot("n", "integer"),
        "organ_system": Slot("organSystem"),
        "events": Slot("eventCount", "integer"),
    },
    "recommendations": {
        "body": Slot("recommendedByText"),
        "body_name": Slot("bodyName"),
        "regimen": Slot("regimenText", "joined", many=True),
        "condition": Slot("conditionText"),
        "setting": Slot("settingText"),
        "biomarkers": _texts("biomarkerText"),
        "category": Slot("category"),
        "preferred": Slot("preferred", "boolean"),
        "version": Slot("version"),
    },
    "dosing": {
        "trial": Slot("ofStudyText"),
        "arm": Slot("armText"),
        "agent": Slot("agentText"),
        "dose": Slot("dose"),
        "route": Slot("route"),
        "schedule": Slot("schedule"),
    },
    "agents": {
        "name": Slot("skos:altLabel"),
        "full_name": Slot("fullName"),
        "brands": _texts("brandName"),
        "synonyms": _texts("codeName"),
        "other_names": _texts("skos:altLabel"),
        "identifiers": _texts("identifier"),
        "agent_type": Slot("agentType"),
        "targets": _texts("hasTarget"),
        "mechanisms": _texts("hasMechanism"),
        "mechanism_text": Slot("mechanismText"),
        "company": Slot("developedBy"),
    },
    "conditions": {
        "name": Slot("skos:altLabel"),
        "other_names": _texts("skos:altLabel"),
        "identifiers": _texts("identifier"),
        "broader": _texts("skos:broader"),
    },
    "trials": {
        "name": Slot("skos:altLabel"),
        "registry_ids": _texts("registryId"),
        "former_ids": _texts("formerRegistryId"),
        "acronym": Slot("acronym"),
        "title": Slot("dcterms:title"),
        "study_type": Slot("studyType"),
        "phase": Slot("phase"),
        "design": _texts("design"),
        "role": Slot("studyRole"),
        "condition": Slot("studiesCondition"),
        "conditions": _texts("conditionText"),
        "population": Slot("studyPopulation"),
        "prior_lines_min": Slot("minPriorLines", "integer"),
        "enrollment": Slot("enrollment", "integer"),
        "country": Slot("country"),
        "status": Slot("recruitmentStatus"),
        "start_date": Slot("startDate", "date"),
        "primary_completion_date": Slot("primaryCompletionDate", "date"),
        "completion_date": Slot("completionDate", "date"),
        "sponsor": Slot("sponsor"),
        "collaborators": _texts("collaborator"),
        "interventions": _texts("intervention"),
        "primary_endpoints": _texts("primaryEndpoint"),
        "primary_endpoint_assessment": Slot("primaryEndpointAssessor"),
        "secondary_endpoints": _texts("secondaryEndpoint"),
        "exploratory_endpoints": _texts("exploratoryEndpoint"),
        "median_follow_up_months": Slot("medianFollowUp", "decimal"),
        "inclusion": _texts("inclusion"),
        "exclusion": _texts("exclusion"),
        "summary": Slot("summary"),
        "keywords": _texts("keyword"),
        "condition_terms": _texts("conditionTerm"),
        "condition_ids": _texts("conditionTermId"),
        "intervention_terms": _texts("interventionTerm"),
        "intervention_ids": _texts("interventionTermId"),
        "countries": _texts("siteCountry"),
        "removed_countries": _texts("removedCountry"),
        "sex": Slot("sex"),
        "minimum_age": Slot("minimumAge"),
        "maximum_age": Slot("maximumAge"),
        "age_groups": _texts("ageGroup"),
        "healthy_volunteers": Slot("healthyVolunteers", "boolean"),
        "enrollment_type": Slot("enrollmentType"),
        "start_date_type": Slot("startDateType"),
        "primary_completion_date_type": Slot("primaryCompletionDateType"),
        "completion_date_type": Slot("completionDateType"),
        "first_submitted": Slot("firstSubmittedDate", "date"),
        "first_posted": Slot("firstPostedDate", "date"),
        "results_submitted": Slot("resultsSubmittedDate", "date"),
        "results_posted": Slot("resultsPostedDate", "date"),
        "last_updated": Slot("lastUpdatedDate", "date"),
        "verified": Slot("verifiedDate", "date"),
        "last_known_status": Slot("lastKnownStatus"),
        "why_stopped": Slot("whyStopped"),
        "expanded_access": Slot("expandedAccess"),
        "sponsor_class": Slot("sponsorClass"),
        "oversight": _texts("oversight"),
        "adverse_event_time_frame": Slot("adverseEventTimeFrame"),
        "adverse_event_threshold": Slot("adverseEventThreshold"),
        "adverse_event_note": Slot("adverseEventNote"),
        "limitations": Slot("limitations"),
    },
}
"""Kinds `agents`, `trials` and `conditions` are written on the thing itself, by texts as one kg:Assertion a value; the others on their
own statement node."""

_FORMS: dict[str, Callable[[Any], str]] = {
    "text": writer.text,
    "integer": writer.integer,
    "decimal": writer.decimal,
    "date": writer.date,
    "boolean": writer.boolean,
}
PRINTED: dict[str, str] = {
    "value": "valueText",
    "percent": "valueText",
    "count": "countText",
    "ci.low": "ciLowerText",
    "ci.high": "ciUpperText",
    "range.low": "rangeLowText",
    "range.high": "rangeHighText",
    "ci_level": "ciLevelText",
    "n": "nText",
    "prior_lines_min": "minPriorLinesText",
    "p": "pPrinted",
    "p_sided": "pSidesText",
    "ci_sided": "ciSidesText",
    "events": "eventCountText",
}
"""Slot in Fact.printed -> the property that keeps its string."""
PAIRS = {"ci": ("ciLower", "ciUpper"), "range": ("rangeLow", "rangeHigh")}


def write_slots(out: writer.Writer, node: str, kind: str, fact: Fact) -> None:
    """All filled slots of a statement as literals on its node, and its figures as printed."""
    for name, slot in SLOTS[kind].items():
        value = getattr(fact, name)
        if value is not None and value != ():
            _write(out, node, name, slot, value)
    for name, string in fact.printed.items():
        if name in PRINTED:
            out.say(node, PRINTED[name], string)


def _write(out: writer.Writer, node: str, name: str, slot: Slot, value: Any) -> None:
    if slot.form == "joined":
        out.say(node, slot.property, JOINT.join(value))
    elif slot.form == "value":
        _mark_or_number(out, node, "value", value)
    elif slot.form == "pair":
        _write_pair(out, node, name, value)
    else:
        for one in value if slot.many else (value,):
            out.add(node, slot.property, _FORMS[slot.form](one))
    if name == "p" and (parsed := writer.p_value(value)):
        out.say(node, "pComparator", parsed[0])
        out.add(node, "pValue", writer.decimal(str(parsed[1])))


def write_pair(out: writer.Writer, node: str, name: str, ends: Pair | None, printed: Mapping[str, str]) -> None:
    """Both ends of an interval of a part of a study, with their printed forms."""
    if ends:
        _write_pair(out, node, name, ends)
        for end in ("low", "high"):
            out.say(node, PRINTED[f"{name}.{end}"], printed.get(f"{name}.{end}"))


def _write_pair(out: writer.Writer, node: str, name: str, ends: Pair) -> None:
    for end, part in zip(PAIRS[name], ends, strict=True):
        if part is not None:
            _mark_or_number(out, node, end, part)


def _mark_or_number(out: writer.Writer, node: str, name: str, value: float | str) -> None:
    """A number, or the mark that stands for one: NR (not reached), NE (not estimable)."""
    if isinstance(value, str):
        out.say(node, f"{name}Mark", value)
    else:
        out.add(node, name, writer.decimal(float(value)))


# ---- and back ------------------------------------------------------------------------------------------------------------------


def read_slots(kind: str, values: Mapping[str, list[str]]) -> dict[str, Any]:
    """Slots of one fact from the literals of its node (property -> lexical forms): what `write_slots` wrote."""
    slots = {name: value for name, slot in SLOTS[kind].items() if (value := _read(name, slot, values)) is not None}
    printed = {name: values[p][0] for name, p in PRINTED.items() if p in values and _has(name, slots)}
    return {**slots, "printed": printed} if printed else slots


def _has(name: str, slots: Mapping[str, Any]) -> bool:
    return name.partition(".")[0] in slots


def _read(name: str, slot: Slot, values: Mapping[str, list[str]]) -> Any:
    if slot.form == "pair":
        ends = [_number(end, values) for end in PAIRS[name]]
        return ends if any(end is not None for end in ends) else None
    if slot.form == "value":
        return _number("value", values)
    found = values.get(slot.property)
    if not found:
        return None
    if slot.form == "joined":
        return found[0].split(JOINT)
    parsed = [from_literal(slot.form, one) for one in found]
    return parsed if slot.many else parsed[0]


def _number(name: str, values: Mapping[str, list[str]]) -> float | str | None:
    if name in values:
        return float(values[name][0])
    return values[f"{name}Mark"][0] if f"{name}Mark" in values else None


def from_literal(form: str, lexical: str) -> Any:
    """Python value of a literal's lexical form."""
    if form == "integer":
        return int(Decimal(lexical))
    if form == "decimal":
        return float(lexical)
    return lexical == "true" if form == "boolean" else lexical


def slot_values(kind: str, fact: Fact) -> Iterator[tuple[str, Slot, Any]]:
    """Each single value of a fact that is written as an assertion: slot name, how, value."""
    for name, slot in SLOTS[kind].items():
        value = getattr(fact, name)
        for one in _each(value, slot.many):
            yield name, slot, one.name if isinstance(one, Concept) else one


def _each(value: Any, many: bool) -> Iterable[Any]:
    if value is None:
        return ()
    return value if many else (value,)


def literal(slot: Slot, value: Any) -> str:
    """N-Quads literal of one value of a slot."""
    return _FORMS[slot.form](value)
