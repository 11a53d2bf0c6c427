"""What is known of one thing, as text: its properties, what it is linked to, and the statements about it with their sentences."""

from __future__ import annotations

from kg_build import questions, terms
from kg_build.answers import printable
from kg_build.store import Store, plain

SHOWN = 12  # statements of a kind before "and N more"

_HIDDEN = {"rdf:type", "rdfs:label", "skos:prefLabel", "kg:statedIn", "kg:evidence", "kg:sourcePath", "kg:sentence"}
_PROPERTIES = """SELECT ?thing ?property ?value (COALESCE(?preferred, ?label) AS ?name) WHERE { ?thing ?property ?value .
OPTIONAL { ?value skos:prefLabel ?preferred } OPTIONAL { ?value rdfs:label ?label } } ORDER BY ?property ?name ?value"""
_STATEMENTS = """SELECT DISTINCT ?thing ?kind ?statement ?label WHERE {
VALUES ?kind { kg:Decision kg:Recommendation kg:Estimate kg:AdverseEventRate kg:DoseSchedule }
{ ?statement ?relation ?thing } UNION { ?regimen kg:hasAgent ?thing . ?statement kg:forRegimen ?regimen }
?statement a ?kind ; rdfs:label ?label } ORDER BY ?kind ?label ?statement"""
_HEADINGS = {
    "kg:Decision": "Decisions",
    "kg:Recommendation": "Recommendations",
    "kg:Estimate": "Results",
    "kg:AdverseEventRate": "Adverse events",
    "kg:DoseSchedule": "Dosing",
}


def draw_card(store: Store, iri: str) -> str:
    """The card of a thing as plain text."""
    bindings = {"thing": f"<{iri}>"}
    properties = store.select(questions.with_prefixes(_PROPERTIES), bindings).values()
    lines = [*_title(iri, properties), *_facts(properties), *_statements(store, bindings)]
    return "".join(f"{printable(line)}\n" for line in lines)


def _title(iri: str, properties: list[dict[str, str]]) -> list[str]:
    values: dict[str, list[str]] = {}
    for row in properties:
        values.setdefault(terms.contract(row["property"]), []).append(row["value"])
    name = (values.get("skos:prefLabel") or values.get("rdfs:label") or [iri])[0]
    kinds = ", ".join(sorted(terms.contract(kind).removeprefix("kg:") for kind in values.get("rdf:type", [])))
    return [f"{name}  ({kinds})", iri, ""]


def _facts(properties: list[dict[str, str]]) -> list[str]:
    """One line a property, its values joined."""
    values: dict[str, list[str]] = {}
    for row in properties:
        name = terms.contract(row["property"])
        if name not in _HIDDEN and not name.endswith("Text"):
            values.setdefault(name.partition(":")[2], []).append(row.get("name", row["value"]))
    return [f"  {name:22} {_joined(list(dict.fromkeys(found)))}" for name, found in values.items()]


def _joined(values: list[str]) -> str:
    shown = "; ".join(values[:SHOWN])
    return f"{shown}; and {len(values) - SHOWN:,} more" if len(values) > SHOWN else shown


def _statements(store: Store, bindings: dict[str, str]) -> list[str]:
    """Statements by kind, each with its sentence or registry field and its record."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for row in store.select(questions.with_prefixes(_STATEMENTS), bindings).values():
        by_kind.setdefault(terms.contract(row["kind"]), []).append((row["statement"], row["label"]))
    lines: list[str] = []
    for kind, heading in _HEADINGS.items():
        found = by_kind.get(kind, [])
        if found:
            lines += ["", f"{heading} ({len(found):,})", *_listed(store, found[:SHOWN])]
            lines += [f"  and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    return lines


def _listed(store: Store, statements: list[tuple[str, str]]) -> list[str]:
    evidence = questions.evidence_of(store, {f"<{iri}>" for iri, _ in statements})
    lines = []
    for iri, label in statements:
        said, record = evidence.get(f"<{iri}>", [None, None])
        lines += [f"  {label}", f"      {plain(said) if said else 'no sentence'}  [{plain(record) if record else '?'}]"]
    return lines
