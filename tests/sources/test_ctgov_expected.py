"""Ten real studies with results against tables written by reading them: arms, groups, populations, figures and analyses in the graph.

A table has one thing a line: `arm` label, role, participants, what is given; `group` title, match, participants, arms; `outcome` number,
role, time frame, how its population begins; `value` outcome, group, category, statistic, value, limits, participants; `analysis` outcome,
statistic, sides, value, limits, level, p, test, hypothesis. "-" is nothing; of groups with one title one has the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build import lexicon
from kg_build.facts import Record
from kg_build.linking import StudyIndex, link_record
from kg_build.rdf import to_quads
from kg_build.sources import ctgov

EXPECTED = sorted((Path(__file__).parents[1] / "samples" / "ctgov" / "expected").glob("*.tsv"))
PREFIXES = "PREFIX kg: <https://w3id.org/kg-build/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
OUTCOME = re.compile(r"/resultsSection/outcomeMeasuresModule/outcomeMeasures/(\d+)")
Row = tuple[str, ...]


def expected(path: Path, kind: str) -> list[Row]:
    rows = [tuple(line.split("\t")) for line in path.read_text("utf-8").splitlines()]
    return [row[1:] for row in rows if row[0] == kind]


@cache
def graph(path: Path) -> ox.Store:
    (record,) = ctgov.read(path)
    assert isinstance(record, Record)
    tables, store = lexicon.load(), ox.Store()
    quads, _ = to_quads(record, link_record(record, tables, StudyIndex({})), tables)
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse("\n".join(quads), format=ox.RdfFormat.N_QUADS))
    return store


def ask(store: ox.Store, where: str, *columns: str) -> Iterator[Row]:
    """Rows of a pattern, nothing as "-"; several values of a node stand in its last column, joined in order."""
    found: dict[Row, list[str]] = {}
    for solution in store.query(f"{PREFIXES} SELECT ?node {' '.join(f'?{name}' for name in columns)} WHERE {{ {where} }}"):
        *one, last = ("-" if solution[name] is None else solution[name].value for name in ("node", *columns))
        found.setdefault(tuple(one), []).append(last)
    return ((*row[1:], "; ".join(sorted(set(lasts)))) for row, lasts in found.items())


def told(where: str, properties: str) -> str:
    """A pattern that asks for properties (name the variables as the properties) where they are there."""
    return where + " ".join(f"OPTIONAL {{ ?node kg:{name} ?{name} }}" for name in properties.split())


@pytest.fixture(params=EXPECTED, ids=lambda path: path.stem)
def study(request: pytest.FixtureRequest, shared: Path) -> tuple[Path, ox.Store]:
    return request.param, graph(shared / "data" / "ctgov" / "samples" / f"{request.param.stem}.json")


def test_ten_studies() -> None:
    assert len(EXPECTED) == 10


def test_arms(study: tuple[Path, ox.Store]) -> None:
    path, store = study
    where = told("?node a kg:Arm ; rdfs:label ?label .", "armRole participants regimenText")
    found = {
        (label, role, n, *given.split(" + "))
        for label, role, n, given in ask(store, where, "label", "armRole", "participants", "regimenText")
    }
    assert {(*row[:3], *sorted(row[3:])) for row in found} == {(*row[:3], *sorted(row[3].split("; "))) for row in expected(path, "arm")}


def test_groups(study: tuple[Path, ox.Store]) -> None:
    path, store = study
    where = told("?node a kg:Group ; rdfs:label ?label . OPTIONAL { ?node kg:groupOf/rdfs:label ?arm } ", "groupMatch participants")
    found = list(ask(store, where, "label", "groupMatch", "participants", "arm"))
    wanted = {(title, match, "; ".join(sorted(arms.split("; ")))) for title, match, _, arms in expected(path, "group")}
    assert {(title, match, arms) for title, match, _, arms in found} == wanted
    sizes = {(title, n) for title, _, n, _ in found}
    assert [row[0] for row in expected(path, "group") if row[2] != "-" and (row[0], row[2]) not in sizes] == []


def number(place: str) -> str:
    """Number of the outcome measure that a pointer stands in."""
    match = OUTCOME.match(place)
    assert match, place
    return match[1]


def test_outcomes_have_role_time_frame_and_population(study: tuple[Path, ox.Store]) -> None:
    path, store = study
    where = told("?node a kg:OutcomeMeasure ; kg:sourcePath ?place .", "outcomeRole timeFrame analysisPopulation")
    rows = [row for row in ask(store, where, "outcomeRole", "timeFrame", "analysisPopulation", "place") if OUTCOME.match(row[3])]
    found = {number(place): (role, frame, population) for role, frame, population, place in rows}
    for outcome, role, frame, begins in expected(path, "outcome"):
        assert found[outcome][0] == role
        assert frame in {"-", found[outcome][1]}
        assert found[outcome][2].startswith(begins), found[outcome]


def test_values(study: tuple[Path, ox.Store]) -> None:
    path, store = study
    where = told(
        "?node a kg:Estimate ; kg:group ?group ; kg:measure ?measure ; kg:sourcePath ?place . ?group rdfs:label ?title . "
        "FILTER NOT EXISTS { ?node kg:analysis ?any } FILTER (CONTAINS(?place, '/classes/')) ",
        "category valueText ciLowerText ciUpperText n",
    )
    columns = ("title", "category", "measure", "valueText", "ciLowerText", "ciUpperText", "n", "place")
    found = {(number(row[-1]), *row[:-1]) for row in ask(store, where, *columns)}
    wanted = set(expected(path, "value"))
    assert wanted
    assert wanted - found == set()


def test_all_analyses(study: tuple[Path, ox.Store]) -> None:
    path, store = study
    where = told(
        "?node a kg:Estimate ; kg:analysis ?analysis ; kg:measure ?measure . "
        "?node kg:group/rdfs:label ?one ; kg:referenceGroup/rdfs:label ?other . "
        "?analysis kg:sourcePath ?place . OPTIONAL { ?analysis kg:hypothesis ?hypothesis } BIND (CONCAT(?one, ' vs ', ?other) AS ?sides) ",
        "valueText ciLowerText ciUpperText ciLevelText pPrinted test",
    )
    columns = ("measure", "sides", "valueText", "ciLowerText", "ciUpperText", "ciLevelText", "pPrinted", "test", "hypothesis", "place")
    found = sorted((number(row[-1]), *row[:-1]) for row in ask(store, where, *columns))
    assert found == sorted(expected(path, "analysis"))
