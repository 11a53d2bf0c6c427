"""What registries alone list of a study: interventions, publications, baseline values, participants at milestones."""

from __future__ import annotations

from collections.abc import Mapping

from kg_build.facts import BaselineValue, FlowCount, Intervention, Publication, Trial
from kg_build.parts import Evidence
from kg_build.rdf import writer
from kg_build.rdf.slots import write_pair
from kg_build.rdf.things import Things
from kg_build.rdf.writer import Writer


def write(out: Writer, things: Things, trial: Trial, study: str, groups: Mapping[str, str]) -> None:
    """All of one study; `groups` are the IRIs of its groups by their id."""
    for intervention in trial.registered_interventions:
        _intervention(out, things, trial, study, intervention)
    for publication in trial.publications:
        _publication(out, study, publication)
    for value in trial.baseline:
        _baseline(out, study, value, groups)
    for count in trial.flow:
        _flow(out, study, count, groups)


def _part(out: Writer, kind: str, name: str, key: str, label: str, study: str, evidence: tuple[Evidence, ...]) -> str:
    """A part of the study: its class, label, study, record and evidence."""
    iri = out.local(kind, key)
    out.type(iri, name)
    out.say(iri, "rdfs:label", label)
    out.link(iri, "ofStudy", study)
    out.link(iri, "statedIn", out.iri)
    out.evidence(iri, evidence)
    return iri


def _intervention(out: Writer, things: Things, trial: Trial, study: str, part: Intervention) -> None:
    iri = _part(out, "intervention", "Intervention", part.id, part.name, study, part.evidence)
    out.say(iri, "interventionType", part.kind)
    out.say(iri, "dcterms:description", part.description)
    for name in part.other_names:
        out.say(iri, "otherName", name)
    if part.name in trial.interventions:  # what is given; a procedure is no agent
        for agent in things.members(part.name):
            out.link(iri, "agent", agent)


def _publication(out: Writer, study: str, part: Publication) -> None:
    iri = _part(out, "publication", "Publication", part.id, part.citation, study, part.evidence)
    out.say(iri, "publicationType", part.kind)
    out.say(iri, "pmid", part.pmid)
    for notice in part.retracted_by:
        out.say(iri, "retractedBy", notice)


def _baseline(out: Writer, study: str, part: BaselineValue, groups: Mapping[str, str]) -> None:
    label = " ".join(filter(None, (part.title, part.category, part.printed.get("value"), part.unit)))
    iri = _part(out, "baseline", "BaselineValue", part.id, label, study, part.evidence)
    out.say(iri, "characteristic", part.title)
    out.say(iri, "category", part.category)
    out.say(iri, "measure", part.statistic)
    out.say(iri, "unit", part.unit)
    out.say(iri, "dispersion", part.dispersion)
    out.say(iri, "dcterms:description", part.population)
    if group := groups.get(part.group or ""):
        out.link(iri, "group", group)
    if part.value is not None:
        out.add(iri, "value", writer.decimal(part.value))
    out.say(iri, "valueText", part.printed.get("value"))
    write_pair(out, iri, "range", part.range, part.printed)
    if part.n is not None:
        out.add(iri, "n", writer.integer(part.n))
        out.say(iri, "nText", part.printed.get("n"))


def _flow(out: Writer, study: str, part: FlowCount, groups: Mapping[str, str]) -> None:
    what = f"{part.milestone}: {part.reason}" if part.reason else part.milestone
    iri = _part(out, "flow", "FlowCount", part.id, f"{part.period}, {what}: {part.count}", study, part.evidence)
    out.say(iri, "period", part.period)
    out.say(iri, "milestone", part.milestone)
    out.say(iri, "reason", part.reason)
    out.say(iri, "dcterms:description", part.comment)
    if group := groups.get(part.group or ""):
        out.link(iri, "group", group)
    out.add(iri, "count", writer.integer(part.count))
    out.say(iri, "countText", part.printed.get("count", str(part.count)))
