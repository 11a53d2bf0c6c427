"""A linked record as quads: one function a fact type, straight to N-Quads text, no blank nodes, the same bytes for the same record."""

from __future__ import annotations

from kg_build import terms
from kg_build.facts import Record, doubtful
from kg_build.lexicon import Lexicon
from kg_build.linking import Links
from kg_build.rdf import keys, writer
from kg_build.rdf.statements import Statements
from kg_build.rdf.studies import StudyParts
from kg_build.rdf.things import Things
from kg_build.rdf.writer import Writer

__all__ = ["to_quads"]


def to_quads(
    record: Record, links: Links, lexicon: Lexicon, superseded: bool = False, until: str | None = None
) -> tuple[list[str], list[keys.Keys]]:
    """N-Quads lines (without line ends) and keys of one record; a superseded version, said `until` a newer one, under dated IRIs."""
    out = Writer(record, superseded, until)
    things = Things(out, links, lexicon)
    parts = StudyParts(out, things, links)
    statements = Statements(out, things, parts)
    _describe(out)
    for trial in record.trials:
        parts.write(record, trial)
        statements.trial(trial, plain=record.text is None)
    authorities = {application.id: application.authority for application in record.applications}
    for application in record.applications:
        statements.application(application)
    for product in record.products:
        statements.product(product, authorities.get(product.application or "", record.source))
    for submission in record.submissions:
        statements.submission(submission, authorities.get(submission.application, record.source))
    for agent in record.agents:
        statements.agent(agent, plain=record.text is None)
    for condition in record.conditions:
        statements.condition(condition)
    found = [*parts.keys, *statements.keys]
    for decision, indication in zip(record.decisions, links.decision_indications, strict=True):
        node = statements.decision(decision, indication)
        if not doubtful(decision):
            found.append(
                keys.event_key(record, decision, node, links, indication, lexicon, things.regimen(decision.regimen, decision.one_of))
            )
    for recommendation, indication in zip(record.recommendations, links.recommendation_indications, strict=True):
        statements.recommendation(recommendation, indication)
    sides = parts.sides()
    for estimate in record.results:
        node = statements.estimate(estimate)
        key = None if doubtful(estimate) else keys.finding_key(record, estimate, node, links, parts.regimens, sides)
        if key is not None:
            found.append(key)
    for rate in record.adverse_events:
        statements.adverse_event(rate)
    for dose in record.dosing:
        statements.dose(dose)
    return out.lines, found


def _describe(out: Writer) -> None:
    """The record itself, in its own graph and in graph/meta."""
    record, document = out.record, out.record.document
    for graph in (out.graph, f"<{terms.META}>"):
        out.type(out.iri, "Document" if record.text is not None else "Record", graph)
        for predicate, value in (
            ("rdfs:label", document.title or f"{record.source} {record.id}"),
            ("dcterms:title", document.title),
            ("dcterms:publisher", document.publisher),
            ("dcterms:license", document.license),
            ("sha256", document.sha256),
            ("source", record.source),
            ("note", document.note),
            ("version", document.version),
            ("schema:url", document.url),
        ):
            out.say(out.iri, predicate, value, graph)
        for predicate, day in (("dcterms:issued", document.published), ("knownAt", record.known_at), ("knownUntil", out.until)):
            if day:
                out.add(out.iri, predicate, writer.date(day), graph)
