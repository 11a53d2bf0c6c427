"""Every number carries its printed form, and every printed form is found again where the evidence points."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg_build import release, terms
from kg_build.build import build
from kg_build.graph import Graph

SAMPLE = terms.resource("sample")
FIGURES = ("value", "ciLower", "ciUpper", "rangeLow", "rangeHigh", "percent", "count", "n", "pValue")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("evidence") / "kg"
    build([SAMPLE], out)
    return release.open_release(out)


@pytest.fixture(scope="module")
def nodes(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Subject -> property -> values, of the whole graph."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse("".join(release.quads(folder)), format=ox.RdfFormat.N_QUADS):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, (ox.NamedNode, ox.Literal))
        found[quad.subject.value][terms.contract(quad.predicate.value).removeprefix("kg:")].append(quad.object.value)
    return found


def texts(folder: Path, nodes: dict[str, dict[str, list[str]]]) -> dict[str, str]:
    """Record -> its main text."""
    return {
        iri: (folder / "texts" / f"{node['sha256'][0]}.txt").read_bytes().decode("utf-8")
        for iri, node in nodes.items()
        if "article" in node.get("source", [])
    }


def test_every_quote_stands_at_its_place(folder: Path, nodes: dict[str, dict[str, list[str]]]) -> None:
    sources = texts(folder, nodes)
    places = [node for node in nodes.values() if "oa:hasSelector" in node]
    assert len(places) > 200
    for place in places:
        selector, text = nodes[place["oa:hasSelector"][0]], sources[place["oa:hasSource"][0]]
        start, end = int(selector["oa:start"][0]), int(selector["oa:end"][0])
        assert text[start:end] == selector["oa:exact"][0]
        assert text[:start].endswith(selector.get("oa:prefix", [""])[0])
        assert text[end:].startswith(selector.get("oa:suffix", [""])[0])


def statements(nodes: dict[str, dict[str, list[str]]], source: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    for iri, node in nodes.items():
        if "statedIn" in node and source in nodes[node["statedIn"][0]].get("source", []):
            yield iri, node


def test_every_figure_of_a_text_is_quoted(nodes: dict[str, dict[str, list[str]]]) -> None:
    checked = 0
    for iri, node in statements(nodes, "article"):
        quotes = " ".join(nodes[nodes[place]["oa:hasSelector"][0]]["oa:exact"][0] for place in node.get("evidence", []))
        for name in FIGURES:
            printed = {"pValue": "pText", "percent": "valueText"}.get(name, f"{name}Text")
            if name in node:
                assert printed in node, f"{iri}: {name} without its printed form"
                figure = node[printed][0].strip("<>=≤≥ ")
                assert figure in quotes, f"{iri}: {name} {figure} is not in {quotes!r}"
                checked += 1
    assert checked > 150


def resolve(tree: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        tree = tree[int(part)] if isinstance(tree, list) else tree[part.replace("~1", "/").replace("~0", "~")]
    return tree


def test_every_path_of_a_registry_leads_to_what_is_printed(nodes: dict[str, dict[str, list[str]]]) -> None:
    studies = {path.stem: json.loads(path.read_text("utf-8")) for path in (SAMPLE / "ctgov").glob("*.json")}
    checked = 0
    for iri, node in statements(nodes, "ctgov"):
        tree = studies[node["statedIn"][0].rpartition("/")[2]]
        assert node.get("sourcePath"), f"{iri}: no source path"
        found = [str(resolve(tree, path)) for path in node["sourcePath"]]
        for name in ("value", "ciLower", "ciUpper", "count"):
            if name in node:
                assert node[f"{name}Text"][0] in " ".join(found), f"{iri}: {name}"
                checked += 1
    assert checked > 80


def test_every_row_of_a_table_is_where_its_path_says(nodes: dict[str, dict[str, list[str]]]) -> None:
    lines = {path.name: path.read_text("cp1252").splitlines() for path in (SAMPLE / "drugsfda").glob("*.txt")}
    decisions = [node for _, node in statements(nodes, "drugsfda") if "decisionDate" in node]
    assert decisions
    for node in decisions:
        rows = [lines[name][int(number) - 1] for name, _, number in (path.partition("#L") for path in node["sourcePath"])]
        assert any(node["decisionDate"][0] in row and node["applicationText"][0] in row for row in rows)


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib 7.6 warns about its own use of an old name
def test_the_release_answers_through_rdflib_too(folder: Path) -> None:
    with Graph(folder) as graph:
        dataset = graph.dataset()
        query = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/kg-build/ontology#Decision> }"
        (row,) = dataset.query(query)
        assert [{"n": str(row[0])}] == graph.sparql(query)  # type: ignore[index]
        dataset.close()
