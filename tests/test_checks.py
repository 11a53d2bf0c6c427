"""Examples, shapes and checks: what is sound passes all of them, each fault is found by SHACL and by its one check."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from kg_build import terms

ONTOLOGY = terms.resource("ontology")
CHECKS = {
    path.name.removesuffix("-violation.rq"): path.read_text("utf-8") for path in sorted((terms.resource("queries") / "checks").glob("*.rq"))
}
VALID = sorted((ONTOLOGY / "examples" / "valid").glob("*.ttl"))
INVALID = sorted((ONTOLOGY / "examples" / "invalid").glob("*.ttl"))
EXPECTED = {"checks": 58, "valid": 35, "invalid": 87}
HEADER = re.compile(r"#\+ (\w+): (.+)")
NAMED = re.compile(r"\[([a-z-]+(?:, [a-z-]+)*)\]$")  # the checks a shape answers to, at the end of its message
LINKS = {"dangling-link", "link-to-wrong-class"}  # one sh:class constraint answers to both


@cache
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")


def names(messages: Iterable[object]) -> set[str]:
    """Checks named by the messages of shapes; a message that names none fails."""
    found = [NAMED.search(str(message)) for message in messages]
    return {name for match in found if match for name in match[1].split(", ")} | {"unnamed" for match in found if not match}


def refused(*paths: Path) -> set[str]:
    """Checks whose shapes refuse the files taken together."""
    data = rdflib.Graph()
    for path in paths:
        data.parse(path)
    sound, report, _ = pyshacl.validate(data, shacl_graph=shapes(), inference="none")
    messages = names(report.objects(None, rdflib.SH.resultMessage))
    assert sound is (not messages)
    return messages


def found(*paths: Path) -> set[str]:
    """Names of the checks that find something in the files taken together."""
    store = pyoxigraph.Store()
    for path in paths:
        store.load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    return {name for name, query in CHECKS.items() if list(store.query(query))}


def violated(path: Path) -> str:
    first = path.read_text("utf-8").partition("\n")[0]
    assert first.startswith("# violates: "), path.name
    return first.removeprefix("# violates: ")


def test_as_many_files_as_we_count_on() -> None:
    assert {"checks": len(CHECKS), "valid": len(VALID), "invalid": len(INVALID)} == EXPECTED


def test_valid_examples_conform() -> None:
    assert refused(*VALID) == set()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_example_passes_every_check(path: Path) -> None:
    assert found(path) == set()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_fault_is_found_by_shacl(path: Path) -> None:
    name = violated(path)
    assert refused(path) == (LINKS if name in LINKS else {name})


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_fault_is_found_by_its_check_alone(path: Path) -> None:
    assert found(path) == {violated(path)}


def test_every_check_has_a_fault_and_a_shape() -> None:
    assert {violated(path) for path in INVALID} == set(CHECKS)
    assert names(shapes().objects(None, rdflib.SH.message)) == set(CHECKS)


def test_valid_examples_show_every_class() -> None:
    data = rdflib.Graph()
    for path in VALID:
        data.parse(path)
    kg = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    assert set(kg.subjects(rdflib.RDF.type, rdflib.OWL.Class)) <= set(data.objects(None, rdflib.RDF.type))


@pytest.mark.parametrize("name", CHECKS)
def test_check_is_described_and_parses_in_both_engines(name: str) -> None:
    query = CHECKS[name]
    header = dict(HEADER.findall(query))
    assert set(header) == {"title", "description", "level", "columns"}
    assert header["level"] in {"error", "warning"}
    prepareQuery(query)
    columns = [variable.value for variable in pyoxigraph.Store().query(query).variables]
    assert columns == header["columns"].split(", ") == ["node", "problem", "value"]


@pytest.mark.parametrize("name", CHECKS)
def test_check_is_independent_of_the_base(name: str) -> None:
    assert "kg-build/id/" not in CHECKS[name]
    assert "kg-build/record/" not in CHECKS[name]


def test_warnings_are_warnings_in_both() -> None:
    warned = [shapes().value(node, rdflib.SH.message) for node in shapes().subjects(rdflib.SH.severity, rdflib.SH.Warning)]
    assert names(warned) == {name for name, query in CHECKS.items() if "#+ level: warning" in query}


def test_no_check_multiplies() -> None:
    """Every check stays linear: with this many copies of the valid examples a cross product would take seconds."""
    store = pyoxigraph.Store()
    for path in VALID:
        triples = "".join(f"{triple} .\n" for triple in pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
        many = range(2_000 if path.stem == "decision" else 300)  # the one with spans of a text
        copies = (re.sub(r"<(https://w3id.org/kg-build/(?:id|record)/[^>]*)>", rf"<\1~{number}>", triples) for number in many)
        store.bulk_load(input="".join(copies).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert len(store) > 150_000
    for name, query in CHECKS.items():
        started = time.process_time()
        assert not list(store.query(query)), name
        assert time.process_time() - started < 2, name
