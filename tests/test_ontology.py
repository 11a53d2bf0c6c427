"""The vocabulary: every term used is defined, every slot of the facts has its property, every mapping starts from a known term."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, XSD, URIRef

from kg_build import facts, terms
from kg_build.rdf.keys import FAMILY

ONTOLOGY = terms.resource("ontology")
SOURCES = sorted(Path(terms.__file__).parent.rglob("*.py"))
QUERIES = sorted(terms.resource("queries").rglob("*.rq"))
MAPPINGS = sorted((ONTOLOGY / "mappings").glob("*.sssom.tsv"))
KG = rdflib.Namespace(terms.KG)
SCHEMA = rdflib.Namespace("https://schema.org/")
PARTS = {
    "arms": facts.Arm,
    "groups": facts.Group,
    "outcome_measures": facts.OutcomeMeasure,
    "analyses": facts.Analysis,
    "registered_interventions": facts.Intervention,
    "publications": facts.Publication,
    "baseline": facts.BaselineValue,
    "flow": facts.FlowCount,
}
WRITTEN_APART = {"evidence", "printed"}  # evidence is a node of its own; printed strings go to the properties with kg:printedFormOf


@cache
def kg() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "kg.ttl")


def ours(kind: URIRef) -> set[URIRef]:
    return {URIRef(term) for term in kg().subjects(RDF.type, kind) if str(term).startswith(terms.KG)}


def properties() -> set[URIRef]:
    return ours(OWL.ObjectProperty) | ours(OWL.DatatypeProperty) | ours(RDF.Property) | ours(OWL.AnnotationProperty)


def vocabulary() -> set[str]:
    """Local names of all classes and properties of kg:."""
    return {str(term).removeprefix(terms.KG) for term in properties() | ours(OWL.Class)}


def notations(scheme: str) -> set[str]:
    return {str(n) for c in kg().subjects(SKOS.inScheme, URIRef(terms.expand(scheme))) for n in kg().objects(c, SKOS.notation)}


# ---- the file itself -----------------------------------------------------------------------------------------------------------


def test_one_ontology_with_a_version() -> None:
    (ontology,) = kg().subjects(RDF.type, OWL.Ontology)
    version = str(kg().value(ontology, OWL.versionInfo))
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert kg().value(ontology, OWL.versionIRI) == URIRef(f"{ontology}/{version}")


def test_as_many_terms_as_we_count_on() -> None:
    assert len(ours(OWL.Class)) == 39
    assert len(properties()) > 200


@pytest.mark.parametrize("kind", [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property, OWL.AnnotationProperty, SKOS.Concept])
def test_every_term_has_one_label_and_a_definition_of_one_line(kind: URIRef) -> None:
    for term in ours(kind):
        (_,) = kg().objects(term, RDFS.label)
        (definition,) = kg().objects(term, SKOS.definition)
        assert str(definition).endswith("."), term
        assert len(str(definition)) < 140, term
        assert "\n" not in str(definition), term


def test_terms_that_axioms_name_are_defined() -> None:
    axioms = (
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        RDFS.domain,
        RDFS.range,
        SCHEMA.domainIncludes,
        SCHEMA.rangeIncludes,
        KG.textOf,
        KG.printedFormOf,
    )
    named = {o for axiom in axioms for o in kg().objects(None, axiom) if str(o).startswith(terms.KG)}
    assert named <= properties() | ours(OWL.Class)


@pytest.mark.parametrize("axiom", [RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader])
def test_no_cycles(axiom: URIRef) -> None:
    order = TopologicalSorter[Any]()
    pairs = list(kg().subject_objects(axiom))
    assert pairs
    for lower, upper in pairs:
        order.add(lower, upper)
    assert list(order.static_order())  # raises CycleError


def test_domain_and_range_stand_only_where_there_is_one() -> None:
    for term in properties():
        for axiom, several in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes)):
            single, many = list(kg().objects(term, axiom)), list(kg().objects(term, several))
            assert len(single) <= 1, term
            assert not (single and many), term
            assert len(many) != 1, term


def test_numbers_have_a_printed_companion() -> None:
    unprinted = {KG.confidence, KG.statementCount, KG.page, KG.lagDays}  # ours, not the source's
    numbers = {p for datatype in (XSD.integer, XSD.decimal) for p in kg().subjects(RDFS.range, datatype)}
    assert numbers - unprinted == set(kg().objects(None, KG.printedFormOf))


# ---- coded values --------------------------------------------------------------------------------------------------------------


def test_coded_values_are_those_of_the_domain_model() -> None:
    def choices(struct: type, field: str) -> set[str]:
        annotation = next(f.type for f in msgspec.structs.fields(struct) if f.name == field)
        return {value for part in (annotation, *get_args(annotation)) for value in get_args(part) if isinstance(value, str)}

    assert notations("status:") == set(get_args(facts.Status))
    assert notations("assertion:") == set(get_args(facts.Assertion))
    assert notations("measure:") == set(get_args(facts.Statistic))
    assert notations("list:decision-kind") == choices(facts.Decision, "decision_kind")
    assert notations("list:salience") == choices(facts.Decision, "salience")
    assert notations("list:withdrawal-of") == choices(facts.Decision, "withdrawal_of")
    assert notations("list:study-role") == choices(facts.Trial, "role")
    assert notations("list:outcome-role") == choices(facts.OutcomeMeasure, "role")
    assert notations("list:group-match") == choices(facts.Group, "match")
    assert notations("list:value-mark") == choices(facts.Estimate, "value")


def test_status_concepts_are_named_by_their_notation_and_have_a_family() -> None:
    for concept in kg().subjects(SKOS.inScheme, URIRef(terms.expand("status:"))):
        (notation,) = kg().objects(concept, SKOS.notation)
        assert concept == URIRef(terms.expand(f"status:{notation}"))
        (family,) = kg().objects(concept, SKOS.broader)
        assert str(kg().value(family, SKOS.notation)) == FAMILY[str(notation)]
    assert notations("family:") == set(FAMILY.values())


def test_lists_of_shapes_and_checks_are_the_schemes() -> None:
    shapes = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    in_shapes = {
        frozenset(str(value) for value in rdflib.collection.Collection(shapes, head)) for head in shapes.objects(None, rdflib.SH["in"])
    }
    schemes = {frozenset(notations(terms.contract(str(scheme)))) for scheme in kg().objects(None, KG.valuesFrom)} - {
        frozenset(notations("status:"))
    }
    statuses = frozenset(terms.expand(f"status:{status}") for status in notations("status:"))
    assert in_shapes == schemes | {statuses, frozenset({"1", "2"})}
    listed = (terms.resource("queries") / "checks" / "value-not-listed-violation.rq").read_text("utf-8")
    in_check = {frozenset(re.findall(r'"([^"]+)"', part)) for part in re.findall(r"NOT IN \(([^)]*)\)", listed)}
    assert in_check == schemes - {frozenset(notations("assertion:"))} | {frozenset()}
    statuses_listed = (terms.resource("queries") / "checks" / "decision-without-status-violation.rq").read_text("utf-8")
    assert set(re.findall(r"status:([a-z][\w-]*)", statuses_listed)) == notations("status:")


def test_link_checks_name_every_link_property() -> None:
    links = (ours(OWL.ObjectProperty) | ours(RDF.Property)) - {KG.status}  # statuses are described in kg.ttl, not in the data
    for name in ("dangling-link", "link-to-wrong-class"):
        text = (terms.resource("queries") / "checks" / f"{name}-violation.rq").read_text("utf-8")
        assert {KG[local] for local in re.findall(r"kg:([a-z]\w*)", text)} == links, name
    targets = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl").objects(None, rdflib.SH.targetObjectsOf)
    assert links <= set(targets)


def test_number_and_date_checks_name_every_number_and_date() -> None:
    def named(check: str) -> set[URIRef]:
        text = (terms.resource("queries") / "checks" / f"{check}-violation.rq").read_text("utf-8")
        return {KG[local] for local in re.findall(r"kg:([a-z]\w*)", text)}

    assert named("number-ill-typed") == {p for datatype in (XSD.integer, XSD.decimal) for p in kg().subjects(RDFS.range, datatype)}
    assert named("date-ill-typed") == set(kg().subjects(SCHEMA.rangeIncludes, XSD.gYear))


def test_superclass_checks_name_every_axiom() -> None:
    for name, axiom in (("class-without-superclass", RDFS.subClassOf), ("property-without-superproperty", RDFS.subPropertyOf)):
        text = (terms.resource("queries") / "checks" / f"{name}-violation.rq").read_text("utf-8")
        pairs = {(KG[lower], KG[upper]) for lower, upper in re.findall(r"\(kg:(\w+) kg:(\w+)\)", text)}
        assert pairs == set(kg().subject_objects(axiom)), name


# ---- slots of the facts --------------------------------------------------------------------------------------------------------


def slots() -> Iterator[str]:
    """Every slot of the domain model: list.slot, parts of studies one level deeper."""
    common = {field.name for field in msgspec.structs.fields(facts.Fact)}
    yield from common - {"printed"}
    for kind, struct in facts.KINDS.items():
        yield from (f"{kind}.{field.name}" for field in msgspec.structs.fields(struct) if field.name not in common)
    for part, struct in PARTS.items():
        yield from (f"trials.{part}.{f.name}" for f in msgspec.structs.fields(struct) if f.name not in WRITTEN_APART)
    yield from (f"document.{field.name}" for field in msgspec.structs.fields(facts.Document))
    yield from (f"evidence.{field.name}" for field in msgspec.structs.fields(facts.Evidence))


def test_every_slot_names_its_property_and_no_other_slot_is_named() -> None:
    assert {str(slot) for slot in kg().objects(None, KG.factSlot)} == set(slots())


def test_every_slot_of_the_contract_names_its_property(shared: Path) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", (shared / "evaluation" / "FACTS.md").read_text("utf-8"), re.M)
    assert [kind for kind, _ in rows] == list(facts.KINDS)[:7]
    wanted = set()
    for kind, cell in rows:
        inner = re.search(r"`(\w+)` \[\{(.+?)\}\]", cell)
        if inner:
            wanted |= {f"{kind}.{inner[1]}", *(f"{kind}.{inner[1]}.{slot}" for slot in re.findall(r"`(\w+)`", inner[2]))}
            cell = cell.replace(inner[0], "")
        wanted |= {f"{kind}.{slot}" for slot in re.findall(r"`(\w+)`", cell)}
    assert len(wanted) > 80
    assert wanted <= {str(slot) for slot in kg().objects(None, KG.factSlot)}


# ---- terms in use --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*SOURCES, *QUERIES], ids=lambda path: path.stem)
def test_terms_with_the_prefix_are_defined(path: Path) -> None:
    used = set(re.findall(r"(?<![\w-])kg:(\w+)", path.read_text("utf-8")))
    assert used <= vocabulary()


def names_written(path: Path) -> Iterator[str]:
    """Local names that code hands to the quad writer: arguments of its calls, and every camel-case string."""
    position = {"say": 1, "link": 1, "add": 1, "_links": 1, "type": 1, "statement": 1, "Slot": 0, "_texts": 0, "prop": 0}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = position.get(called)
            if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                yield str(node.args[at].value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", str(node.value)):
            yield str(node.value)


def writers() -> list[Path]:
    package = Path(terms.__file__).parent
    return [path for path in SOURCES if package / "rdf" in path.parents or path.name in {"rdf.py", "meetings.py"}]


def test_there_is_code_that_writes_the_graph() -> None:
    assert writers()


@pytest.mark.parametrize("path", writers(), ids=lambda path: path.stem)
def test_terms_that_code_writes_are_defined(path: Path) -> None:
    not_terms = {"gYearMonth", "gYear", "ci", "range"}  # XSD types; slots of two parts
    assert {name for name in names_written(path) if ":" not in name} - not_terms <= vocabulary()


# ---- prefixes and mappings -----------------------------------------------------------------------------------------------------


def test_prefixes_load_and_are_used_alike_everywhere() -> None:
    known = terms.prefixes()
    assert len(known) == len(set(known.values())) > 30
    rdflib.Graph().parse(ONTOLOGY / "prefixes.ttl")
    for path in [*ONTOLOGY.rglob("*.ttl"), *QUERIES]:
        said = re.findall(r"^(?:@prefix|PREFIX)\s+([\w-]*):\s*<([^>]+)>", path.read_text("utf-8"), re.M)
        assert {pair for pair in said if pair[0] != "shape"} <= set(known.items()), path


def read_mappings(path: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Metadata (top-level keys; prefixes of the curie_map as `curie_map.x`) and rows of an SSSOM file."""
    lines = path.read_text("utf-8").splitlines()
    head = [line.removeprefix("#").rstrip() for line in lines if line.startswith("#")]
    metadata: dict[str, str] = {}
    section = ""
    for line in head:
        key, _, value = line.strip().partition(": ")
        section = section if line.startswith("  ") else key.rstrip(":")
        metadata[f"{section}.{key}" if line.startswith("  ") else section] = value.strip('"')
    columns, *rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return metadata, [dict(zip(columns, row, strict=True)) for row in rows]


def test_as_many_mapping_sets_as_we_count_on() -> None:
    assert len(MAPPINGS) == 11


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.name.partition(".")[0])
def test_mapping_set(path: Path) -> None:
    metadata, rows = read_mappings(path)
    assert {"mapping_set_id", "mapping_set_version", "license", "subject_source", "object_source", "curie_map"} <= set(metadata)
    declared = {key.removeprefix("curie_map."): value for key, value in metadata.items() if key.startswith("curie_map.")}
    assert set(declared.items()) <= set(terms.prefixes().items())
    defined = {*kg().subjects(SKOS.definition)}
    assert rows
    assert len({(row["subject_id"], row["predicate_id"], row["object_id"]) for row in rows}) == len(rows)
    for row in rows:
        subject, obj = row["subject_id"], row["object_id"]
        assert URIRef(terms.expand(subject)) in defined, subject
        assert {curie.partition(":")[0] for curie in (subject, obj, row["predicate_id"], row["mapping_justification"])} <= set(declared)
        assert row["subject_label"] == str(kg().value(URIRef(terms.expand(subject)), RDFS.label))
        assert row["predicate_id"] in {f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert 0 < float(row["confidence"]) <= 1


def test_unsafe_mappings_are_left_out() -> None:
    objects = {row["object_id"] for path in MAPPINGS for row in read_mappings(path)[1]}
    assert "biolink:mechanism_of_action" not in objects  # a boolean there
    assert not objects & {"NCIT:C28234", "NCIT:C93150"}  # not verified
    assert not [row for path in MAPPINGS for row in read_mappings(path)[1] if row["subject_id"] == "measure:hazard-ratio"]  # not in STATO


# ---- the guide -----------------------------------------------------------------------------------------------------------------


def test_guide_names_every_term() -> None:
    guide = (ONTOLOGY.parent / "docs" / "ontology.md").read_text("utf-8")
    assert set(re.findall(r"`kg:(\w+)`", guide)) == vocabulary()
