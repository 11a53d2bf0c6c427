"""Queries run behind a gate, in a worker that dies instead of us."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build.errors import QueryError
from kg_build.store import Answer, Store, gate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    filled = ox.Store(str(tmp_path / "store"))
    triples = (ox.Quad(ox.NamedNode(f"http://x/{i}"), ox.NamedNode("http://x/p"), ox.Literal(f'a "quoted"\nline {i}')) for i in range(600))
    filled.bulk_extend(triples)
    filled.flush()
    del filled
    with Store(tmp_path / "store", seconds=3) as opened:
        yield opened


def test_rows_come_back_as_plain_strings(store: Store) -> None:
    rows = store.select('SELECT ?s ?o { ?s ?p ?o FILTER(STRENDS(?o, "line 7")) }').values()
    assert rows == [{"s": "http://x/7", "o": 'a "quoted"\nline 7'}]


def test_bindings_are_terms_and_never_text_of_the_query(store: Store) -> None:
    query = "SELECT ?s ?o { ?s ?p ?o }"
    assert len(store.select(query, {"s": "<http://x/3>"}).rows) == 1
    assert store.select(query, {"s": "x> ?p ?o } #"}).rows == []


def test_other_forms_of_query(store: Store) -> None:
    assert store.run("ASK { ?s ?p ?o }") is True
    lines = store.run("CONSTRUCT { <http://x/3> ?p ?o } { <http://x/3> ?p ?o }")
    assert isinstance(lines, list)
    assert lines[0].startswith("<http://x/3> <http://x/p> ")
    assert isinstance(store.run("SELECT * { ?s ?p ?o } LIMIT 1"), Answer)


def test_a_query_that_never_ends_is_cut_and_the_next_one_is_answered(store: Store) -> None:
    started = time.monotonic()
    with pytest.raises(QueryError, match="longer than 3 s"):
        store.select("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert time.monotonic() - started < 6
    assert store.run("ASK { ?s ?p ?o }") is True


def test_a_wrong_query_is_one_line(store: Store) -> None:
    with pytest.raises(QueryError) as error:
        store.select("SELECT * { ?s ?p }")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK " + "{" * 200 + "}" * 200, "nested deeper"),
        ("ASK " + "(" * 5000, "nested deeper"),
        ("SELECT * { ?s ?p '" + "x" * 70_000 + "' }", "bytes"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("select * { service silent <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT * { OPTIONAL { ?s kg:x\\' ?o } SERVICE <http://127.0.0.1:9/x> { ?a ?b ?c } #'\n}", "SERVICE"),
        ("SELECT * { FILTER(1<2&&'>'='>') SERVICE <http://127.0.0.1:9/x> { ?a ?b ?c } #'\n}", "SERVICE"),
        ("SELECT * { SERVICE # a comment\n SILENT kg:x { ?a ?b ?c } }", "SERVICE"),
        ("ASK { FILTER(1<2&&'>'='>') " + "{" * 200 + "}" * 200 + "#'\n}", "nested deeper"),
        ("LOAD <http://127.0.0.1/>", "LOAD"),
        ("INSERT DATA { <http://a> <http://b> 1 }", "INSERT"),
        ("DROP ALL", "DROP"),
    ],
)
def test_the_gate_refuses(query: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        gate(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "the LOAD of service is {" }',
        "SELECT ?service { ?service <http://x/load> ?o } # LOAD { { {",
        "SELECT * { ?s <http://x/SERVICE> '''it's { ( [''' }",
        "PREFIX load: <http://x/> SELECT * { ?s load:insert ?o }",
    ],
)
def test_the_gate_sees_through_strings_comments_and_names(query: str) -> None:
    gate(query)
