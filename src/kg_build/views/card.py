"""What is known of one thing, as text: its properties, what it is linked to, and the statements about it with their sentences."""

from __future__ import annotations

from typing import NamedTuple

from kg_build import questions, terms
from kg_build.answers import printable
from kg_build.store import Store, plain

SHOWN = 12  # statements of a kind before "and N more"

_HIDDEN = {"rdf:type", "rdfs:label", "skos:prefLabel", "kg:statedIn", "kg:evidence", "kg:sourcePath", "kg:sentence"}
_PROPERTIES = """SELECT ?thing ?property ?value (COALESCE(?preferred, ?label) AS ?name) WHERE { ?thing ?property ?value .
OPTIONAL { ?value skos:prefLabel ?preferred } OPTIONAL { ?value rdfs:label ?label } } ORDER BY ?property ?name ?value"""
MANY = 2000  # statements looked at; a regulator has tens of thousands

# OPTIONAL keeps the order of joins: from the thing to its statements, never from all statements of a kind
_STATEMENTS = f"""SELECT DISTINCT ?thing ?kind ?statement ?label WHERE {{
{{ ?statement ?relation ?thing }} UNION {{ ?regimen kg:hasAgent ?thing . ?statement kg:forRegimen ?regimen }}
UNION {{ ?indication kg:condition ?thing . ?statement kg:indication ?indication }}
OPTIONAL {{ ?statement a ?kind }} OPTIONAL {{ ?statement rdfs:label ?label }}
FILTER(?kind IN (kg:Decision, kg:Recommendation, kg:Estimate, kg:AdverseEventRate, kg:DoseSchedule)) }} LIMIT {MANY + 1}"""
_PRODUCTS = """SELECT DISTINCT ?thing ?product ?brand ?number ?kind ?dossier ?authority ?place ?status WHERE {
{ ?regimen kg:hasAgent ?thing . ?product kg:containsRegimen ?regimen } UNION { ?product kg:underApplication ?thing }
OPTIONAL { ?product kg:brandName ?brand } OPTIONAL { ?product kg:jurisdiction/skos:prefLabel ?place }
OPTIONAL { ?product kg:marketingStatus ?status }
OPTIONAL { ?product kg:underApplication ?dossier . OPTIONAL { ?dossier kg:applicationNumber ?number }
  OPTIONAL { ?dossier kg:applicationType ?kind } OPTIONAL { ?dossier kg:authority/skos:prefLabel ?authority } } }
ORDER BY ?authority ?place ?number ?product ?brand ?status"""
# one query a way to a decision: their union is joined from the wrong end
_ACTS = [
    f"""SELECT DISTINCT ?thing ?about ?decision ?status ?day ?body WHERE {{ {way} . ?decision kg:status ?status
OPTIONAL {{ ?decision kg:decisionDate ?day }} OPTIONAL {{ ?decision kg:regulator ?body }} }}"""
    for way in (
        "?regimen kg:hasAgent ?thing . ?about kg:containsRegimen ?regimen . ?decision kg:forProduct ?about",
        "?regimen kg:hasAgent ?thing . ?product kg:containsRegimen ?regimen . ?product kg:underApplication ?about . "
        "?decision kg:underApplication ?about",
        "?decision kg:underApplication ?thing",
    )
]
_REGULATORS = "SELECT ?body ?name WHERE { ?body a kg:Regulator ; skos:prefLabel ?name }"
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
    lines = [*_title(iri, properties), *_facts(properties), *products(store, bindings), *_statements(store, bindings)]
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


class _Dossier(NamedTuple):
    """What an authority keeps under one number: brands, statuses on the market, and what was decided when."""

    number: str
    brands: dict[str, None]
    market: dict[str, None]
    acts: dict[str, None]


def products(store: Store, bindings: dict[str, str]) -> list[str]:
    """Marketed products by authority: each dossier (or product, where it has none) with its brands and its decisions by date."""
    acts, bodies = _acts(store, bindings)
    kept: dict[str, dict[str, _Dossier]] = {}
    for row in store.select(questions.with_prefixes(_PRODUCTS), bindings).values():
        about = row.get("dossier", row["product"])
        own = row["product"].rpartition("/")[2].partition(".")[2]
        number = " ".join(part for part in (row.get("kind"), row.get("number", own)) if part)
        body = row.get("authority") or bodies.get(row["product"]) or bodies.get(about) or "authority not named"
        place = f" ({row['place']})" if "place" in row else ""
        dossier = kept.setdefault(f"{body}{place}", {}).setdefault(about, _Dossier(number, {}, {}, {}))
        dossier.brands.update({row["brand"]: None} if "brand" in row else {})
        dossier.market.update({row["status"]: None} if "status" in row else {})
        dossier.acts.update(acts.get(about, {}) | acts.get(row["product"], {}))
    return [line for body, dossiers in sorted(kept.items()) for line in _of_authority(body, list(dossiers.values()))]


def _acts(store: Store, bindings: dict[str, str]) -> tuple[dict[str, dict[str, None]], dict[str, str]]:
    """Dossier or product -> its decisions as "day status", and the name of who decided."""
    names = {row["body"]: row["name"] for row in store.select(questions.with_prefixes(_REGULATORS)).values()}
    acts: dict[str, dict[str, None]] = {}
    bodies: dict[str, str] = {}
    for row in (row for way in _ACTS for row in store.select(questions.with_prefixes(way), bindings).values()):
        status = terms.contract(row["status"]).partition(":")[2].replace("-", " ")
        about = row.get("about", row["thing"])
        acts.setdefault(about, {})[f"{row['day']} {status}" if "day" in row else status] = None
        bodies.setdefault(about, names.get(row.get("body", ""), ""))
    return acts, bodies


def _of_authority(body: str, dossiers: list[_Dossier]) -> list[str]:
    lines = ["", f"Products, {body} ({len(dossiers):,})"]
    for one in sorted(dossiers, key=lambda dossier: (not dossier.acts, dossier.number))[:SHOWN]:
        market = f"  [{_joined(list(one.market))}]" if one.market else ""
        lines.append(f"  {one.number}  {_joined(list(one.brands)) or 'no brand'}{market}")
        lines += [f"      {_joined(sorted(one.acts))}"] if one.acts else []
    return [*lines, f"  and {len(dossiers) - SHOWN:,} more"] if len(dossiers) > SHOWN else lines


def _statements(store: Store, bindings: dict[str, str]) -> list[str]:
    """Statements by kind, each with its sentence or registry field and its record."""
    by_kind: dict[str, list[tuple[str, str]]] = {}
    rows = store.select(questions.with_prefixes(_STATEMENTS), bindings).values()
    more = " or more" if len(rows) > MANY else ""
    for row in sorted(rows, key=lambda row: (row["label"], row["statement"])):
        by_kind.setdefault(terms.contract(row["kind"]), []).append((row["statement"], row["label"]))
    lines: list[str] = []
    for kind, heading in _HEADINGS.items():
        found = by_kind.get(kind, [])
        if found:
            lines += ["", f"{heading} ({len(found):,}{more})", *_listed(store, found[:SHOWN])]
            lines += [f"  and {len(found) - SHOWN:,} more"] if len(found) > SHOWN else []
    return lines


def _listed(store: Store, statements: list[tuple[str, str]]) -> list[str]:
    evidence = questions.evidence_of(store, {f"<{iri}>" for iri, _ in statements})
    lines = []
    for iri, label in statements:
        said, record = evidence.get(f"<{iri}>", [None, None])
        lines += [f"  {label}", f"      {plain(said) if said else 'no sentence'}  [{plain(record) if record else '?'}]"]
    return lines
