"""What follows from several records: each rule on a small graph, and what it finds in the sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build import derived, questions, release, terms
from kg_build.build import build
from kg_build.graph import Graph

SAMPLE = terms.resource("sample")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    out = tmp_path_factory.mktemp("derived") / "kg"
    build([SAMPLE], out)
    with Graph(out) as opened:
        yield opened


def store(turtle: str) -> ox.Store:
    """A graph in Turtle; names without a prefix are relative to `http://x/`."""
    made = ox.Store()
    made.load(
        questions.with_prefixes(turtle).encode(),
        format=ox.RdfFormat.TURTLE,
        base_iri="http://x/",
    )
    return made


def found(name: str, turtle: str) -> set[str]:
    """Triples of a rule in short: local names, literals as their value."""
    return {
        " ".join(getattr(term, "value").rpartition("#")[2].removeprefix("http://x/") for term in triple)  # noqa: B009
        for triple in store(turtle).query(derived.rules()[name])
    }


def standing(turtle: str) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {}
    for line in derived.standing(store(turtle)):
        event, predicate, value = line.split(" ", 2)
        told.setdefault(event.removeprefix("<http://x/")[:-1], {})[predicate.rpartition("#")[2][:-1]] = value.split('"')[1]
    return told


def test_every_rule_has_a_header_and_a_test() -> None:
    tested = Path(__file__).read_text("utf-8")
    for name, query in derived.rules().items():
        assert "#+ title: " in query, name
        assert "#+ description: " in query, name
        assert f'found("{name}"' in tested, name


BROAD = "<broad> a kg:Indication ; kg:condition <myeloma> ; kg:coded true"
NARROW = "<narrow> a kg:Indication ; kg:condition <myeloma> ; kg:coded false"


@pytest.mark.parametrize(
    ("broad", "narrow", "includes"),
    [
        ("", "kg:minPriorLines 2", True),
        ("kg:minPriorLines 1", "kg:minPriorLines 2", True),
        ("kg:minPriorLines 2", "kg:minPriorLines 1", False),
        ("kg:minPriorLines 1", "kg:setting 'relapsed'", False),  # of a number that is not told nothing follows
        ("kg:setting 'metastatic-or-unresectable'", "kg:setting 'metastatic'", True),
        ("kg:setting 'metastatic'", "kg:setting 'metastatic-or-unresectable'", False),
        ("kg:biomarker 'HER2'", "kg:biomarker 'HER2', 'ER'", True),
        ("kg:biomarker 'HER2', 'ER'", "kg:biomarker 'HER2'", False),
        ("kg:priorTherapy <a>", "kg:priorTherapy <a>, <b>", True),
        ("kg:priorTherapy <a>, <b>", "kg:priorTherapy <a>", False),
        ("kg:population 'adult'", "kg:population 'adult' ; kg:minPriorLines 1", True),
        ("kg:population 'adult'", "kg:population 'adult', 'child'", False),  # adults and children are not all adults
        ("kg:coded false", "kg:minPriorLines 2", False),
    ],
)
def test_an_indication_includes_what_meets_all_it_asks_for(broad: str, narrow: str, includes: bool) -> None:
    wide = BROAD.replace(" ; kg:coded true", "") if "coded" in broad else BROAD
    told = found("broader-indication", f"{wide}{' ; ' if broad else ''}{broad} . {NARROW} ; {narrow} .")
    assert ("narrow broaderIndication broad" in told) is includes


def test_an_indication_includes_those_of_conditions_below() -> None:
    cancer = (
        "<all> a kg:Indication ; kg:condition <cancer> ; kg:coded true . <myeloma> skos:broader <blood> . <blood> skos:broader <cancer> ."
    )
    assert found("broader-indication", f"{cancer} {NARROW} .") == {"narrow broaderIndication all"}


@pytest.mark.parametrize(
    ("asked", "required", "wider"), [("kg:minPriorLines 1", 2, True), ("kg:minPriorLines 2", 2, False), ("kg:regimenText 'x'", 2, False)]
)
def test_a_label_that_asks_for_fewer_prior_lines_is_wider(asked: str, required: int, wider: bool) -> None:
    told = found("wider-than-trial", f"<d> a kg:Decision ; kg:supportedBy <s> ; {asked} . <s> kg:minPriorLines {required} .")
    assert told == ({"d widerThan s"} if wider else set())


def test_a_label_for_a_condition_above_the_only_one_studied_is_wider() -> None:
    label = "<d> a kg:Decision ; kg:supportedBy <s> ; kg:indication [ kg:condition <lung> ] . <squamous> skos:broader <lung> ."
    assert found("wider-than-trial", f"{label} <s> kg:studiesCondition <squamous> .") == {"d widerThan s"}
    assert found("wider-than-trial", f"{label} <s> kg:studiesCondition <squamous>, <lung> .") == set()


GRANT = "<e> a kg:RegulatoryEvent ; kg:eventFamily 'grant' ; kg:forRegimen <r> ; kg:indication [ kg:condition <lung> ] ."
STUDY = "<arm> kg:usesRegimen <r> ; kg:armOf <s> . <squamous> skos:broader <lung> ."


def test_an_approval_without_a_study_on_record() -> None:
    assert found("approval-without-study", GRANT) == {"e withoutStudy true"}
    assert found("approval-without-study", f"{GRANT} <d> kg:reports <e> ; kg:supportedBy <s> .") == set()
    assert found("approval-without-study", f"{GRANT} {STUDY} <s> kg:studiesCondition <squamous> .") == set()
    assert found("approval-without-study", f"{GRANT} {STUDY} <s> kg:studiesCondition <breast> .") == {"e withoutStudy true"}


def event(name: str, day: str, place: str = "us", family: str = "grant", status: str = "approved") -> str:
    kind = {10: "date", 7: "gYearMonth"}.get(len(day))
    dated = f"kg:eventDate '{day}'^^xsd:{kind} ;" if kind else ""
    return (
        f"<{name}> a kg:RegulatoryEvent ; {dated} kg:eventFamily '{family}' ; kg:statusText '{status}' ; kg:forRegimen <r> ;"
        f" kg:jurisdiction <{place}> ; kg:indication <i> . <i> kg:condition <c> .\n"
    )


def test_first_approvals_and_their_lag_between_days() -> None:
    events = event("a", "2020-03-02") + event("b", "2020-05-30", "eu") + event("again", "2021-01-01", "eu") + event("c", "2025-01", "cn")
    assert found("first-approval", events) == {
        *("a firstIn us", "a lagDays 0"),
        *("b firstIn eu", "b lagDays 89"),  # 29 days of March, 30 of April, 30 of May
        "c firstIn cn",  # of a month no days are told
    }


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (event("a", "2020-03-02"), {"a": {"currentStatus": "approved", "statusSince": "2020-03-02"}}),
        (
            event("a", "2020-03-02") + event("w", "2022-01-01", family="withdrawal", status="withdrawn"),
            {"w": {"currentStatus": "withdrawn", "statusSince": "2022-01-01"}},
        ),
        (
            event("a", "2020-03-02") + event("w", "", family="withdrawal", status="withdrawn"),
            {"w": {"currentStatus": "withdrawn"}},
        ),
        (
            event("w", "2022-01-01", family="withdrawal", status="withdrawn") + event("b", "2023-01-01"),
            {"b": {"currentStatus": "approved", "statusSince": "2023-01-01"}},
        ),
        (
            event("a", "2020-03-02") + event("v", "2024-01-01", family="review", status="under-review"),
            {"a": {"currentStatus": "approved", "statusSince": "2020-03-02"}},
        ),
        (
            event("a", "2020-03-02", status="accelerated-approval")
            + event("b", "2021-04-07").replace("<i>", "<other>")
            + "<x> kg:converts <y> ; kg:reports <b> . <y> kg:reports <a> .",
            {
                "a": {"currentStatus": "approved", "statusSince": "2021-04-07"},
                "b": {"currentStatus": "approved", "statusSince": "2021-04-07"},
            },
        ),
        (
            event("v", "2020-03-02", family="review", status="under-review")
            + event("b", "2021-04-07").replace("<i>", "<other>")
            + "<x> kg:follows <y> ; kg:reports <b> . <y> kg:reports <v> .",
            {"b": {"currentStatus": "approved", "statusSince": "2021-04-07"}},
        ),
    ],
    ids=["granted", "withdrawn", "withdrawn undated", "granted again", "reviewed again", "converted", "followed in other words"],
)
def test_where_an_approval_stands(events: str, expected: dict[str, dict[str, str]]) -> None:
    assert standing(events) == expected


def test_a_place_without_a_record_has_no_status() -> None:
    assert standing(event("a", "2020-03-02").replace("kg:jurisdiction <us> ;", "")) == {}


def test_the_sample_tells_what_follows(graph: Graph) -> None:
    """Checked by reading the articles: approvals of isatuximab with pomalidomide by place, Trodelvy's fate, the label of China."""
    rows = graph.ask("first-approvals", agent="pomalidomide")
    assert [(row["jurisdictionName"], row.get("lagDays")) for row in rows if "isatuximab" in row["regimenName"]] == [
        *[("United States", "0")] * sum(row["jurisdictionName"] == "United States" for row in rows),
        *[("Canada", "58"), ("European Union", "89"), ("Japan", "119"), ("China", None)],
    ]
    status = {
        (row["indicationName"].partition(" (")[0], row["currentStatus"])
        for row in graph.ask("current-status", agent="sacituzumab govitecan")
    }
    assert ("urothelial cancer", "withdrawn") in status
    assert ("triple-negative breast cancer", "approved") in status
    assert ("urothelial cancer", "approved") not in status
    (wider,) = graph.ask("label-wider-than-trial")
    assert (wider["studyName"], wider["labelLines"], wider["trialLines"]) == ("ICARIA-MM", "1", "2")
    calendar = {row["expected"]: row.get("decision") for row in graph.ask("calendar", agent="isatuximab")}
    assert calendar == {"2024-09-27": "approved", "final decision expected in the coming months": None}


def test_what_follows_stands_in_a_graph_of_its_own_and_is_the_same_each_time(graph: Graph, tmp_path: Path) -> None:
    lines = [line for line in release.quads(graph.release) if "#currentStatus>" in line or "#broaderIndication>" in line]
    assert lines
    assert all(line.endswith(f"<{terms.DERIVED}> .\n") for line in lines)
    build([SAMPLE], tmp_path / "kg", workers=2)
    assert list(release.quads(release.open_release(tmp_path / "kg"))) == list(release.quads(graph.release))
