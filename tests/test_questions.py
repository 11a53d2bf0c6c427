"""The question library: every file parses, answers its examples, and says what its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

from kg_build import questions, terms
from kg_build.build import build
from kg_build.errors import AmbiguousError, UsageError
from kg_build.graph import Graph

LIBRARY = questions.library()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    out = tmp_path_factory.mktemp("questions") / "kg"
    build([terms.resource("sample")], out)
    with Graph(out) as opened:
        yield opened


def test_the_library_is_whole() -> None:
    assert len(LIBRARY) >= 23
    assert len(list(terms.resource("queries").glob("*/*.rq"))) > len(LIBRARY), "checks are no questions"


@pytest.mark.parametrize("name", LIBRARY)
def test_a_question_answers_its_example_on_the_sample(name: str, graph: Graph) -> None:
    asked = LIBRARY[name]
    answer = questions.ask(graph.store, name, asked.examples["sample"])
    assert answer.rows, "no rows"
    assert answer.columns == asked.columns
    answer = questions.ask(graph.store, name, {})
    assert all(any(row[i] is not None for row in answer.rows) for i, _ in enumerate(answer.columns)), "a column that is never filled"


@pytest.mark.parametrize("name", LIBRARY)
def test_a_question_parses_in_rdflib_and_gives_its_parameters_as_columns(name: str) -> None:
    asked = LIBRARY[name]
    prepared = prepareQuery(questions.with_prefixes(asked.query))
    columns = {str(variable) for variable in prepared.algebra.PV}
    assert set(asked.parameters) | set(asked.columns) <= columns


@pytest.mark.parametrize("name", [name for name, q in LIBRARY.items() if "?statement" in q.query])
def test_evidence_stands_behind_the_rows(name: str, graph: Graph) -> None:
    rows = questions.ask(graph.store, name, LIBRARY[name].examples["sample"], evidence=True).values()
    if name == "agents-by-target":  # an agent without a decision has no statement behind its row
        rows = [row for row in rows if "status" in row]
    assert rows
    assert all(row.get("evidence") and row.get("source") for row in rows)


def test_a_question_is_added_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "mine.rq").write_text("#+ title: T\n#+ description: D\n#+ columns: s\n#+ example:\nSELECT ?s { ?s ?p ?o }\n")
    assert questions.library(tmp_path)["mine"].topic == "topic"
    (tmp_path / "topic" / "broken.rq").write_text("SELECT * {}")
    with pytest.raises(UsageError, match=r"broken\.rq: the header lacks"):
        questions.parse_question(tmp_path / "topic" / "broken.rq")


def test_a_name_that_fits_several_things_is_refused_with_the_candidates(graph: Graph) -> None:
    with pytest.raises(UsageError, match="nearest: isatuximab"):
        graph.find("isatuximap")
    assert graph.find("NCT02990338") == graph.find("ICARIA-MM")
    assert issubclass(AmbiguousError, UsageError)


def test_parameters_left_out_stay_free(graph: Graph) -> None:
    everything = questions.ask(graph.store, "approvals", {}).rows
    assert len(everything) > len(questions.ask(graph.store, "approvals", {"agent": "isatuximab"}).rows)


def test_a_condition_finds_those_below_it(graph: Graph) -> None:
    assert questions.ask(graph.store, "studies-of-condition", {"condition": "cancer"}).rows
