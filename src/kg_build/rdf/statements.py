"""One function a fact type: its literals by the table of slots, its links to things, its label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from kg_build import terms
from kg_build.facts import (
    AdverseEventRate,
    Agent,
    Application,
    Condition,
    Decision,
    DoseSchedule,
    Estimate,
    Evidence,
    Fact,
    Product,
    Recommendation,
    Submission,
    Trial,
    doubtful,
)
from kg_build.lexicon import Entry
from kg_build.lexicon.table import local_id
from kg_build.linking import Indication
from kg_build.linking.conditions import ancestors
from kg_build.rdf import writer
from kg_build.rdf.keys import COMPARED, Keys, numbered, study_key
from kg_build.rdf.slots import JOINT, SLOTS, Slot, literal, slot_values, write_slots
from kg_build.rdf.studies import StudyParts
from kg_build.rdf.things import Things
from kg_build.rdf.writer import Writer

ROLES = {"pivotal": "pivotalStudy", "bridging": "bridgedBy", "confirmatory": "confirmatoryStudy"}


class Statements:
    """Writes the statements of one record; what they share (things, parts of studies) is at hand."""

    def __init__(self, out: Writer, things: Things, parts: StudyParts) -> None:
        self.out, self.things, self.parts = out, things, parts
        self.keys: list[Keys] = []  # of what is said of studies, for the second pass

    def _links(self, node: str, predicate: str, table: str, names: Iterable[str | None]) -> None:
        for name in names:
            if name and (iri := self.things.named(table, name)):
                self.out.link(node, predicate, iri)

    def _regimen(self, node: str, names: Iterable[str], one_of: Iterable[str] = ()) -> None:
        if iri := self.things.regimen(names, one_of):
            self.out.link(node, "forRegimen", iri)

    # ---- regulators --------------------------------------------------------------------------------------------------------

    def decision(self, fact: Decision, indication: Indication | None) -> str:
        """A regulator's act."""
        identity = [fact.regulator, fact.jurisdiction, fact.status, fact.designation, *sorted(fact.regimen), fact.condition, fact.setting]
        key = fact.submission and f"{fact.application}/{fact.submission}"
        with self.out.among_candidates(fact):
            node = self.out.statement("decision", "Decision", key or terms.digest([*identity, fact.application]), fact)
            write_slots(self.out, node, "decisions", fact)
            self.out.link(node, "status", terms.expand(f"status:{fact.status}"))
            self._links(node, "regulator", "regulators", [fact.regulator])
            self._links(node, "jurisdiction", "jurisdictions", [fact.jurisdiction])
            self._links(node, "applicant", "organizations", [fact.applicant])
            self._regimen(node, fact.regimen, fact.one_of)
            for predicate, names in (("optionalAgent", fact.optional_agents), ("oneOf", fact.one_of)):
                for member in (iri for name in names for iri in self.things.members(name)):
                    self.out.link(node, predicate, member)
            self._dossier(node, fact)
            self._studies(node, fact)
            if iri := self.things.indication(indication, fact.condition):
                self.out.link(node, "indication", iri)
            self.out.say(node, "rdfs:label", _decision_label(fact))
        return node

    def _dossier(self, node: str, fact: Decision) -> None:
        if fact.application in self.parts.applications:
            self.out.link(node, "underApplication", self.parts.applications[fact.application])
        elif number := numbered(fact.application):
            iri = self.things.application(fact.regulator or "x", number)
            self.out.type(iri, "Application")
            self.out.say(iri, "applicationNumber", number)
            self.out.say(iri, "rdfs:label", fact.application)
            self.out.link(node, "underApplication", iri)
        for product in fact.product:
            if product in self.parts.products:
                self.out.link(node, "forProduct", self.parts.products[product])
        if fact.submission in self.parts.submissions:
            self.out.link(node, "submission", self.parts.submissions[fact.submission])

    def _studies(self, node: str, fact: Decision) -> None:
        for name in fact.supported_by:
            if iri := self.things.study(name):
                self.out.link(node, ROLES.get(self.parts.roles.get(name, ""), "supportedBy"), iri)

    def application(self, fact: Application) -> None:
        """A dossier at an authority; a thing, described by this record."""
        iri = self.things.application(fact.authority, fact.id)
        self.out.type(iri, "Application")
        self.parts.applications[fact.id] = iri
        label = " ".join(part for part in (fact.application_type, fact.id) if part)
        self.out.say(iri, "skos:prefLabel", label)
        self.out.say(iri, "rdfs:label", label)
        self.out.say(iri, "applicationNumber", fact.id)
        self.out.say(iri, "applicationType", fact.application_type)
        self.out.say(iri, "applicantText", fact.applicant)
        self.out.link(iri, "describedBy", self.out.iri)
        self._links(iri, "authority", "regulators", [fact.authority])
        self._links(iri, "applicant", "organizations", [fact.applicant])
        self.out.evidence(iri, fact.evidence)

    def product(self, fact: Product, authority: str) -> None:
        """What is marketed; a thing under the authority's own number."""
        iri = terms.thing("product", f"{terms.slug(authority)}.{fact.id}")
        self.parts.products[fact.id] = iri
        self.out.type(iri, "Product")
        for predicate in ("skos:prefLabel", "rdfs:label"):
            self.out.say(iri, predicate, " ".join(part for part in (fact.brand, fact.strength, fact.form) if part) or fact.id)
        for predicate, value in (
            ("brandName", fact.brand),
            ("form", fact.form),
            ("route", fact.route),
            ("strength", fact.strength),
            ("marketingStatus", fact.marketing_status),
        ):
            self.out.say(iri, predicate, value)
        for ingredient in fact.ingredients:
            self.out.say(iri, "ingredientText", ingredient)
        if regimen := self.things.regimen(fact.ingredients):
            self.out.link(iri, "containsRegimen", regimen)
        self._links(iri, "jurisdiction", "jurisdictions", [fact.jurisdiction])
        if fact.application:
            self.out.link(iri, "underApplication", self.things.application(authority, fact.application))
        self.out.link(iri, "describedBy", self.out.iri)
        self.out.evidence(iri, fact.evidence)

    def submission(self, fact: Submission, authority: str) -> None:
        """One submission under an application."""
        node = self.out.statement("submission", "Submission", fact.id, fact)
        self.parts.submissions[fact.id] = node
        self.out.link(node, "underApplication", self.things.application(authority, fact.application))
        for predicate, value in (
            ("submissionType", fact.submission_type),
            ("submissionNumber", fact.submission_number),
            ("submissionClass", fact.submission_class),
            ("submissionStatus", fact.submission_status),
            ("reviewPriority", fact.review_priority),
        ):
            self.out.say(node, predicate, value)
        if fact.date:
            self.out.add(node, "submissionDate", writer.date(fact.date))
        self.out.say(node, "rdfs:label", f"{fact.application} {fact.id}")

    # ---- outcomes ----------------------------------------------------------------------------------------------------------

    def estimate(self, fact: Estimate) -> str:
        """One reported figure."""
        arms = self.parts.names(fact.trial, [*([fact.arm] if fact.arm else []), *(fact.comparison or ())])
        identity = [fact.trial, fact.endpoint, fact.statistic, *arms, fact.population, fact.timepoint, fact.assessment]
        key = terms.digest([*identity, fact.outcome_measure, fact.category])
        with self.out.among_candidates(fact):
            node = self.out.statement("estimate", "Estimate", key, fact)
            write_slots(self.out, node, "results", fact)
            if study := self._study(fact.trial):
                self.out.link(node, "estimateOf", study)
            self._links(node, "endpoint", "endpoints", [fact.endpoint])
            if measure := self.parts.measures.get((fact.trial, fact.outcome_measure)):
                self.out.link(node, "outcomeMeasure", measure)
            if analysis := self.parts.analyses.get((fact.trial, fact.analysis)):
                self.out.link(node, "analysis", analysis)
            for predicate, name in _sides(fact):
                self.parts.link_arm(node, predicate, fact.trial, name)
            self.out.say(node, "rdfs:label", _estimate_label(fact, arms))
        return node

    def adverse_event(self, fact: AdverseEventRate) -> str:
        """How many participants of an arm had an event."""
        arms = self.parts.names(fact.trial, [fact.arm] if fact.arm else [])
        with self.out.among_candidates(fact):
            key = terms.digest([fact.trial, fact.event, fact.grade, *arms, fact.organ_system])
            node = self.out.statement("adverse-event-rate", "AdverseEventRate", key, fact)
            write_slots(self.out, node, "adverse_events", fact)
            if study := self._study(fact.trial):
                self.out.link(node, "ofStudy", study)
            self._links(node, "adverseEvent", "events", [fact.event])
            self.parts.link_arm(node, "arm", fact.trial, fact.arm)
            figure = f"{fact.printed.get('percent', fact.percent)}%" if fact.percent is not None else f"{fact.count}/{fact.n}"
            self.out.say(node, "rdfs:label", f"{fact.event}: {figure}")
        return node

    def dose(self, fact: DoseSchedule) -> None:
        """Dose, route and schedule of one agent in one arm."""
        arms = self.parts.names(fact.trial, [fact.arm] if fact.arm else [])
        with self.out.among_candidates(fact):
            node = self.out.statement("dose", "DoseSchedule", terms.digest([fact.trial, *arms, fact.agent]), fact)
            write_slots(self.out, node, "dosing", fact)
            if study := self._study(fact.trial):
                self.out.link(node, "ofStudy", study)
            self.parts.link_arm(node, "doseOf", fact.trial, fact.arm)
            for iri in self.things.members(fact.agent):
                self.out.link(node, "agent", iri)
            self.out.say(node, "rdfs:label", " ".join(part for part in (fact.agent, fact.dose, fact.route, fact.schedule) if part))

    def _study(self, name: str | None) -> str | None:
        return self.things.study(name) if name else None

    # ---- guidelines --------------------------------------------------------------------------------------------------------

    def recommendation(self, fact: Recommendation, indication: Indication | None) -> None:
        """What a guideline body recommends."""
        with self.out.among_candidates(fact):
            key = terms.digest([fact.body, *sorted(fact.regimen), fact.condition, fact.setting, *sorted(fact.biomarkers)])
            node = self.out.statement("recommendation", "Recommendation", key, fact)
            write_slots(self.out, node, "recommendations", fact)
            self._links(node, "recommendedBy", "bodies", [fact.body])
            self._regimen(node, fact.regimen)
            if iri := self.things.indication(indication, fact.condition):
                self.out.link(node, "indication", iri)
            category = f", category {fact.category}" if fact.category else ""
            self.out.say(node, "rdfs:label", f"{fact.body}: {JOINT.join(fact.regimen)}{category}")

    # ---- direct relations --------------------------------------------------------------------------------------------------

    def agent(self, fact: Agent, plain: bool) -> None:
        """What a record says of an agent: by texts one assertion a value beside the plain triple, by registries (`plain`) that alone."""
        members = self.things.members(fact.name)
        # what is said of a combination is said of the regimen, never of its members
        subject = members[0] if len(members) == 1 else self.things.regimen([fact.name])
        if subject:
            tables = {"targets": "targets", "mechanisms": "mechanisms", "company": "organizations"}
            self._assertions("agents", fact, subject, fact.name, tables, plain)
            self._described(subject, fact, plain)
            if len(members) == 1:
                self._identified(subject, fact, self.things.lexicon.agents.row(self.things.links.agents[fact.name]))

    def condition(self, fact: Condition) -> None:
        """What a vocabulary says of a disease."""
        if iri := self.things.named("conditions", fact.name):
            fact = self._downwards(fact)
            self._assertions("conditions", fact, iri, fact.name, {"broader": "conditions"}, plain=True)
            self._described(iri, fact, plain=True)
            self._identified(iri, fact, self.things.lexicon.conditions.row(self.things.links.conditions[fact.name]))

    def _downwards(self, fact: Condition) -> Condition:
        """The fact without what would put a condition above itself, as the tables order them: hierarchies differ between vocabularies."""
        keys, lexicon = self.things.links.conditions, self.things.lexicon
        own = keys[fact.name]
        above = tuple(one for one in fact.broader if own not in (keys[one.name], *ancestors(keys[one.name], lexicon)))
        return msgspec.structs.replace(fact, broader=above)

    def _identified(self, iri: str, fact: Agent | Condition, row: Entry | None) -> None:
        """What a thing is called in other schemes; where its row says otherwise, or the record says several, it has not that name."""
        schemes = Counter(curie.partition(":")[0] for curie in fact.identifiers)
        for scheme, _, value in (curie.partition(":") for curie in fact.identifiers):
            own = getattr(row, scheme, None)
            if schemes[scheme] == 1 and (own is None or local_id(own) == local_id(value)):
                self.things.identified(iri, scheme, value)

    def _described(self, iri: str, fact: Agent | Condition, plain: bool) -> None:
        if plain:
            self.out.link(iri, "describedBy", self.out.iri)
            self.out.evidence(iri, fact.evidence)

    def trial(self, fact: Trial, plain: bool) -> None:
        """What a record says of a study; registries (`plain`) by plain triples, but for figures and what records differ in."""
        iri = self.things.study(fact.name)
        if iri is None:
            return
        self.out.type(iri, self.parts.kind(fact))
        self.out.link(iri, "describedBy", self.out.iri)
        self._links(iri, "studiesCondition", "conditions", fact.conditions)
        self._assertions("trials", fact, iri, fact.name, TRIAL_TABLES, plain)

    def _assertions(self, kind: str, fact: Fact, subject: str, name: str, tables: dict[str, str], plain: bool = False) -> None:
        with self.out.among_candidates(fact):
            for slot_name, slot, value in slot_values(kind, fact):
                obj, *more = self._objects(tables.get(slot_name), slot, value)
                for each in (obj, *more):
                    self.out.add(subject, slot.property, each)
                if slot.form in {"integer", "decimal"}:
                    self.out.say(subject, f"{slot.property}Text", fact.printed.get(slot_name, str(value)))
                elif plain and not (kind == "trials" and slot_name in COMPARED):
                    continue
                spans = [e for e in fact.evidence if e.slot.partition(".")[0] == slot_name]
                spans += [e for e in fact.evidence if slot_name == "name" and e.slot.partition(".")[0] not in SLOTS[kind]]
                node = self._assertion(kind, fact, subject, name, (slot_name, slot, value, obj), spans or fact.evidence[:1])
                if isinstance(fact, Trial) and slot_name in COMPARED and not doubtful(fact):
                    self.keys.append(study_key(self.out.record, fact, slot_name, value, node, subject))

    def _objects(self, table: str | None, slot: Slot, value: Any) -> list[str]:
        """What a value is as objects: the things it was linked to, else the literal."""
        if table == "agents":
            found = self.things.members(value)
        else:
            iri = self.things.named(table, value) if table else None
            found = [iri] if iri else []
        return [f"<{iri}>" for iri in found] or [literal(slot, value)]

    def _assertion(
        self, kind: str, fact: Fact, subject: str, name: str, said: tuple[str, Slot, Any, str], spans: Sequence[Evidence]
    ) -> str:
        slot_name, slot, value, obj = said
        many = value if slot.many else None
        node = self.out.statement("assertion", "Assertion", terms.digest([kind, name, slot_name, many]), fact, spans)
        self.out.link(node, "rdf:subject", subject)
        self.out.link(node, "rdf:predicate", terms.expand(slot.property if ":" in slot.property else f"kg:{slot.property}"))
        self.out.add(node, "rdf:object", obj)
        self.out.say(node, "subjectText", name)
        self.out.say(node, "slot", f"{kind}.{slot_name}")
        self.out.say(node, "valueText", fact.printed.get(slot_name, str(value)))
        self.out.say(node, "rdfs:label", f"{name}: {slot_name.replace('_', ' ')} {value}")
        return node


TRIAL_TABLES = {
    "condition": "conditions",
    "sponsor": "organizations",
    "collaborators": "organizations",
    "interventions": "agents",
    "primary_endpoints": "endpoints",
    "secondary_endpoints": "endpoints",
    "exploratory_endpoints": "endpoints",
}


# ---- labels --------------------------------------------------------------------------------------------------------------------


def _decision_label(fact: Decision) -> str:
    who = fact.regulator or fact.jurisdiction or "Regulator not named"
    what = JOINT.join(fact.regimen) or ", ".join(fact.product) or fact.application or "not named"
    where = f" for {fact.condition}" if fact.condition else ""
    return f"{who}: {what} {fact.designation or fact.status.replace('-', ' ')}{where}"


def _sides(fact: Estimate) -> Iterable[tuple[str, str | None]]:
    """Whose figure it is: of two groups the second is compared with, of more (a test for any difference) none is."""
    names = fact.comparison or (fact.arm,)
    return zip(("arm", "referenceArm") if len(names) == 2 else ["arm"] * len(names), names, strict=False)


def _estimate_label(fact: Estimate, arms: list[str]) -> str:
    printed = fact.printed
    unit = {"%": "%", "ratio": "", None: ""}.get(fact.unit, f" {fact.unit}")
    value = printed.get("value") or fact.value or fact.outcome or fact.p or ""
    interval = f" ({printed.get('ci.low', '?')}-{printed.get('ci.high', '?')})" if fact.ci else ""
    sides = f" [{' vs '.join(arms)}]" if arms else ""
    return f"{fact.endpoint} {fact.statistic.replace('-', ' ')} {value}{unit}{interval}{sides}"
