"""The way back: facts of a record from its quads, so that facts go JSON -> RDF -> JSON without loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kg_build import terms
from kg_build.facts import KINDS, Fact
from kg_build.rdf.slots import JOINT, SLOTS, from_literal, read_slots

Node = dict[str, list[str]]  # property (CURIE, kg: left out) -> lexical forms or IRIs

NODES = {
    "Decision": "decisions",
    "Estimate": "results",
    "AdverseEventRate": "adverse_events",
    "Recommendation": "recommendations",
    "DoseSchedule": "dosing",
}
"""Class of a statement node -> list in the facts JSON; agents and trials are gathered from their assertions."""


def read_facts(lines: Iterable[str]) -> dict[str, list[Fact]]:
    """Facts of one record by kind, from its N-Quads lines."""
    nodes = _nodes(lines)
    facts: dict[str, list[Fact]] = {}
    for iri in nodes:
        kind = next((NODES[name] for name in nodes[iri].get("rdf:type", []) if name in NODES), None)
        if kind is not None:
            slots = read_slots(kind, nodes[iri])
            facts.setdefault(kind, []).append(msgspec.convert({**slots, **_carried(nodes, [iri])}, KINDS[kind]))
    for (kind, _), group in sorted(_assertions(nodes).items()):
        facts.setdefault(kind, []).append(_gathered(nodes, kind, group))
    return facts


def _nodes(lines: Iterable[str]) -> dict[str, Node]:
    import pyoxigraph as ox

    nodes: dict[str, Node] = {}
    for quad in ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            continue
        name = terms.contract(quad.predicate.value).removeprefix("kg:")
        value = quad.object.value
        if name == "rdf:type":
            value = terms.contract(value).removeprefix("kg:")
        values = nodes.setdefault(quad.subject.value, {}).setdefault(name, [])
        if value not in values:
            values.append(value)
    return nodes


def _carried(nodes: Mapping[str, Node], iris: list[str]) -> dict[str, Any]:
    """What every fact carries: confidence, assertion and evidence, from all nodes it was written on."""
    first = nodes[iris[0]]
    spans = {_span(nodes, place) for iri in iris for place in nodes[iri].get("evidence", [])}
    evidence: list[dict[str, Any]] = [_told(span) for span in sorted(spans, key=lambda s: (s[5] or "", s[2], s[3], s[0]))]
    told = {span[5] for span in spans}
    evidence += [{"slot": "", "path": path} for iri in iris for path in nodes[iri].get("sourcePath", []) if path not in told]
    return {"evidence": evidence, "confidence": float(first["confidence"][0]), "assertion": first["assertion"][0]}


Span = tuple[str, str, int, int, int | None, str | None]  # slot, quote, start, end, page, path of a cell


def _span(nodes: Mapping[str, Node], place: str) -> Span:
    selector = nodes[nodes[place]["oa:hasSelector"][0]]
    quote, page = selector.get("oa:exact", [""])[0], nodes[place].get("page")
    start, end = int(selector["oa:start"][0]), int(selector["oa:end"][0])
    return nodes[place]["slot"][0], quote, start, end, int(page[0]) if page else None, nodes[place].get("sourcePath", [None])[0]


def _told(span: Span) -> dict[str, Any]:
    return dict(zip(("slot", "quote", "start", "end", "page", "path"), span, strict=True))


def _assertions(nodes: Mapping[str, Node]) -> dict[tuple[str, str], list[str]]:
    """Assertions grouped by the fact they come from: kind and the subject's name as printed."""
    groups: dict[tuple[str, str], list[str]] = {}
    for iri, node in nodes.items():
        if "Assertion" in node.get("rdf:type", []):
            groups.setdefault((node["slot"][0].partition(".")[0], node["subjectText"][0]), []).append(iri)
    return groups


def _gathered(nodes: Mapping[str, Node], kind: str, group: list[str]) -> Fact:
    values: dict[str, Any] = {}
    printed: dict[str, str] = {}
    for iri in group:
        name = nodes[iri]["slot"][0].partition(".")[2]
        slot, said = SLOTS[kind][name], nodes[iri]["valueText"][0]
        if slot.many:
            values.setdefault(name, []).append(said)
        elif slot.form in {"integer", "decimal"}:
            values[name], printed[name] = from_literal(slot.form, nodes[iri]["rdf:object"][0]), said
        else:
            values[name] = said
    if kind == "trials":
        values["arms"] = [_arm(nodes, iri) for iri in _arms(nodes, values["name"])]
    return msgspec.convert({**values, "printed": printed, **_carried(nodes, group)}, KINDS[kind])


def _arms(nodes: Mapping[str, Node], trial: str) -> list[str]:
    return [iri for iri, node in nodes.items() if "Arm" in node.get("rdf:type", []) and node.get("ofStudyText") == [trial]]


def _arm(nodes: Mapping[str, Node], iri: str) -> dict[str, Any]:
    node = nodes[iri]
    values: dict[str, Any] = {"id": node["armId"][0]}
    for name, predicate in (("label", "armText"), ("role", "armRole"), ("description", "dcterms:description")):
        if predicate in node:
            values[name] = node[predicate][0]
    if "regimenText" in node:
        values["regimen"] = node["regimenText"][0].split(JOINT)
    if "participants" in node:
        values["n"], values["printed"] = int(node["participants"][0]), {"n": node["participantsText"][0]}
    values["evidence"] = [_told(_span(nodes, place)) for place in node.get("evidence", [])]
    return values
