"""What was known on a day: versions in any order, records known later or at no known time, and what follows from several records."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build import past, release, terms
from kg_build.build import build
from kg_build.errors import UsageError
from kg_build.graph import Graph

SAMPLE = terms.resource("sample")
NCT = "NCT00000001"
CHAIN = [("2021-01-01", "A-ONE"), ("2022-02-02", "A-TWO"), ("2023-03-03", "A-THREE")]


def study(updated: str | None, acronym: str, nct: str = NCT) -> dict[str, object]:
    status = {"lastUpdatePostDateStruct": {"date": updated}} if updated else {}
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct, "briefTitle": "A study", "acronym": acronym},
            "statusModule": {"overallStatus": "COMPLETED", **status},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE3"], "enrollmentInfo": {"count": 307}},
        }
    }


def built(tmp_path: Path, *studies: dict[str, object], known_at: str | None = None) -> Path:
    (tmp_path / "studies.jsonl").write_text("".join(json.dumps(one) + "\n" for one in studies))
    build([tmp_path / "studies.jsonl"], tmp_path / "kg", known_at=known_at)
    return tmp_path / "kg"


def acronyms(kg: Path, day: str | None = None) -> list[object]:
    with Graph(kg, as_of=day) as graph:
        return [row["a"] for row in graph.sparql("SELECT ?a { ?s kg:acronym ?a } ORDER BY ?a") if isinstance(row, dict)]  # type: ignore[union-attr]


@pytest.mark.parametrize("order", list(itertools.permutations(CHAIN)), ids=lambda order: "-".join(day[:4] for day, _ in order))
def test_a_newer_version_supersedes_in_whatever_order_they_come(order: tuple[tuple[str, str], ...], tmp_path: Path) -> None:
    kg = built(tmp_path, *(study(day, acronym) for day, acronym in order))
    assert acronyms(kg) == ["A-THREE"]
    assert acronyms(kg, "2022-12-31") == ["A-TWO"]
    with Graph(kg) as graph:
        older = graph.sparql("SELECT ?a { GRAPH graph:history { ?s kg:acronym ?a } } ORDER BY ?a")
        until = graph.sparql("SELECT ?d { GRAPH graph:meta { ?r kg:knownUntil ?d } } ORDER BY ?d")
    assert (older, until) == ([{"a": "A-ONE"}, {"a": "A-TWO"}], [{"d": "2022-02-02"}, {"d": "2023-03-03"}])


def test_the_same_chain_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    found = set()
    for number, order in enumerate(itertools.permutations(CHAIN)):
        (tmp_path / str(number)).mkdir()
        kg = built(tmp_path / str(number), *(study(day, acronym) for day, acronym in order))
        found.add((release.open_release(kg) / release.QUADS).read_bytes())
    assert len(found) == 1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-12-31", []),
        ("2021-01-01", ["A-ONE"]),
        ("2022-02-01", ["A-ONE"]),
        ("2022-02", ["A-TWO"]),
        ("2022", ["A-TWO"]),
        ("2023-03-03", ["A-THREE"]),
    ],
)
def test_the_version_of_a_day_stands_under_the_plain_address(day: str, expected: list[str], tmp_path: Path) -> None:
    kg = built(tmp_path, *(study(*one) for one in CHAIN))
    assert acronyms(kg, day) == expected
    with Graph(kg, as_of=day) as graph:
        plain = graph.sparql("SELECT ?r { ?r a kg:Record }")
        until = graph.sparql("ASK { ?r kg:knownUntil ?d }")
        enrolled = graph.sparql("SELECT DISTINCT ?s { ?s a kg:Assertion ; kg:slot 'trials.enrollment' ; kg:statedIn ?r }")
        older = graph.sparql("SELECT ?a { GRAPH graph:history { ?s kg:acronym ?a } } ORDER BY ?a")
    assert plain == [{"r": terms.record("ctgov", NCT)}][: len(expected)]
    assert until is False
    assert len(enrolled) == len(expected)  # type: ignore[arg-type]
    assert older == [{"a": acronym} for since, acronym in CHAIN if since <= past.last_day(day) and acronym not in expected]


def test_records_known_later_or_at_no_known_time_are_left_out_and_counted(tmp_path: Path) -> None:
    kg = built(
        tmp_path, *(study(*one) for one in CHAIN), study(None, "UNDATED", "NCT00000002"), study("2024-05-31", "LATER", "NCT00000003")
    )
    assert acronyms(kg, "2024-05-30") == ["A-THREE"]
    with Graph(kg, as_of="2024-05-30") as graph:
        assert graph.then is not None
        assert graph.then[1:] == (1, 1, 1)
    assert acronyms(kg, "2024-05-31") == ["A-THREE", "LATER"]
    (tmp_path / "dated").mkdir()
    dated = built(tmp_path / "dated", study(None, "UNDATED", "NCT00000002"), study("2024-05-31", "LATER", "NCT00000003"), known_at="2020")
    assert acronyms(dated, "2020-12-30") == []
    assert acronyms(dated, "2020-12-31") == ["UNDATED"]


def test_a_month_counts_from_its_last_day() -> None:
    versions = [
        release.Version("g~2021-04-30.aaaaaaaa", "2021-04-30", "2021-05", "superseded"),
        release.Version("g", "2021-05", "", "current"),
    ]
    assert past.known_then(versions, "2021-05-30").graphs == {"g~2021-04-30.aaaaaaaa": "g"}
    assert past.known_then(versions, "2021-05-31").graphs == {"g~2021-04-30.aaaaaaaa": "g~2021-04-30.aaaaaaaa", "g": "g"}
    assert past.known_then([release.Version("g", "spring", "", "current")], "2021-05-31") == past.Then({}, 0, 0, 1)


def files_known(day: str, folder: Path) -> Path:
    """The sample without articles, studies and applications that became known later; without Drugs@FDA at all."""
    for path in [*SAMPLE.glob("articles/*.txt"), *SAMPLE.glob("ctgov/*.json")]:
        text = path.read_text("utf-8")
        if path.suffix == ".txt":
            published = next(line.partition(": ")[2] for line in text.splitlines() if line.startswith("Published: "))
        else:
            dates = json.loads(text)["protocolSection"].get("statusModule", {}).get("lastUpdatePostDateStruct", {})
            published = dates.get("date", "9999")
        if published <= day:
            folder.mkdir(exist_ok=True)
            shutil.copy(path, folder)
    return folder


def said(store: Path) -> set[str]:
    return {str(quad) for quad in ox.Store.read_only(str(store))}


@pytest.mark.parametrize("day", ["2020-06-30", "2022-12-31"])
def test_a_day_answers_as_a_graph_of_what_was_known_then(day: str, tmp_path: Path) -> None:
    """Events, findings and all that follows too; what differs is which names of studies could be linked then."""
    build([SAMPLE / "articles", SAMPLE / "ctgov"], tmp_path / "all")
    build([files_known(day, tmp_path / "then")], tmp_path / "kg")
    expected = said(release.open_release(tmp_path / "kg") / release.STORE)
    found = said(past.as_of(release.open_release(tmp_path / "all"), day).store)
    differing = {line for line in expected ^ found if "/study/" not in line}
    assert len(expected) > 500
    assert differing == set()


def test_a_day_is_made_once_and_goes_with_its_release(tmp_path: Path) -> None:
    kg = built(tmp_path, *(study(*one) for one in CHAIN))
    folder = release.open_release(kg)
    first = past.as_of(folder, "2022-06").store
    before = first.stat().st_mtime_ns
    assert past.as_of(folder, "2022-06-30").store == first
    assert first.stat().st_mtime_ns == before
    for year in range(2010, 2010 + past.KEPT + 2):
        past.as_of(folder, str(year))
    assert len(list((kg / "as-of").iterdir())) == past.KEPT
    assert release.verify(folder) == []
    built(tmp_path, study(*CHAIN[0]))
    assert not (kg / "as-of").exists()


@pytest.mark.parametrize("text", ["yesterday", "2021-13", "2021-02-30", "20210101", "2021-1-1", ""])
def test_what_is_no_date_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no date"):
        past.a_date(text)
