"""What the registry does that catches readers out: each a small study of our own, read and written as quads."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg_build import lexicon
from kg_build.build import build
from kg_build.facts import Estimate, Record
from kg_build.graph import Graph
from kg_build.linking import StudyIndex, link_record
from kg_build.rdf import to_quads
from kg_build.sources import ctgov

KG = "https://w3id.org/kg-build/ontology#"


def study(nct_id: str = "NCT00000001", **modules: Any) -> dict[str, Any]:
    """A study with these modules of its protocol section."""
    return {"protocolSection": {"identificationModule": {"nctId": nct_id, "briefTitle": "A study"}, **modules}}


def compared(figures: dict[str, list[str]], **fields: Any) -> dict[str, Any]:
    """A study with one outcome measure, figures of each group by row, and one analysis of all groups."""
    ids = {title: f"OG{n:03}" for n, title in enumerate(figures)}
    rows = [
        {"measurements": [{"groupId": ids[title], "value": values[n]} for title, values in figures.items()]}
        for n in range(len(next(iter(figures.values()))))
    ]
    arms = [{"label": title, "type": "PLACEBO_COMPARATOR" if title == "Placebo" else "EXPERIMENTAL"} for title in figures]
    tree = study(armsInterventionsModule={"armGroups": arms})
    outcome = {
        "title": "x",
        "timeFrame": "Week 12",
        "groups": [{"id": local, "title": title} for title, local in ids.items()],
        "classes": [{"categories": [row]} for row in rows],
        "analyses": [{"groupIds": list(ids.values()), **fields}],
    }
    tree["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": [outcome]}}
    return tree


def read(tree: dict[str, Any]) -> Record:
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record), record
    return record


def analysed(tree: dict[str, Any]) -> Estimate:
    (found,) = [fact for fact in read(tree).results if fact.analysis]
    return found


def written(tree: dict[str, Any]) -> dict[str, list[str]]:
    """Properties of the estimate of the analysis in the graph: links by the last part of their target."""
    record, tables = read(tree), lexicon.load()
    quads = ox.parse("\n".join(to_quads(record, link_record(record, tables, StudyIndex({})), tables)[0]), format=ox.RdfFormat.N_QUADS)
    nodes: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        value = quad.object.value.rpartition("/")[2] if isinstance(quad.object, ox.NamedNode) else quad.object.value  # type: ignore[union-attr]
        nodes.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value.removeprefix(KG), []).append(value)
    (found,) = [node for node in nodes.values() if "analysis" in node]
    return {name: sorted(values) for name, values in found.items()}


# ---- analyses ---------------------------------------------------------------------------------------------------------------------

TWO = {"Examplimab": ["4.60"], "Placebo": ["5.88"]}


@pytest.mark.parametrize(
    ("fields", "sides"),
    [
        ({"paramType": "Mean Difference (Final Values)", "paramValue": "-1.28"}, ("examplimab", "placebo")),
        ({"paramType": "Mean Difference (Final Values)", "paramValue": "1.29"}, ("placebo", "examplimab")),  # printed control minus active
        ({"paramType": "Mean Difference (Final Values)", "paramValue": "9.9"}, ("examplimab", "placebo")),  # of neither: by their roles
        ({"paramType": "Hazard Ratio (HR)", "paramValue": "1.28"}, ("examplimab", "placebo")),  # no difference
        ({"pValue": "0.04"}, ("examplimab", "placebo")),
    ],
)
def test_the_figures_tell_which_group_is_taken_from_which(fields: dict[str, str], sides: tuple[str, ...]) -> None:
    assert analysed(compared(TWO, **fields)).comparison == sides
    turned = dict(reversed(TWO.items()))
    assert analysed(compared(turned, **fields)).comparison == sides, "the order of listing tells nothing"


@pytest.mark.parametrize(
    ("value", "sides"),
    [("-3.00", ("placebo", "examplimab")), ("-3.2", ("examplimab", "placebo")), ("2.0", ("examplimab", "placebo"))],
)
def test_of_several_visits_a_difference_is_told_only_to_the_digit(value: str, sides: tuple[str, ...]) -> None:
    visits = {"Examplimab": ["5.00", "9.00"], "Placebo": ["3.00", "6.00"]}  # 2.00 and 3.00 apart
    assert analysed(compared(visits, paramType="Mean Difference", paramValue=value)).comparison == sides


def test_a_test_of_three_groups_names_all_three() -> None:
    three = {"Examplimab 1 mg": ["1"], "Examplimab 5 mg": ["2"], "Placebo": ["3"]}
    found = written(compared(three, paramType="F", paramValue="4.5", pValue="<0.05"))
    assert found["arm"] == ["examplimab-1-mg", "examplimab-5-mg", "placebo"]
    assert "referenceArm" not in found
    assert (found["pText"], found["pPrinted"], found["pComparator"], found["pValue"]) == (["< 0.05"], ["<0.05"], ["<"], ["0.05"])


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({"ciPctValue": "95", "ciNumSides": "TWO_SIDED", "ciLowerLimit": "0.5", "ciUpperLimit": "0.9"}, (["95"], ["95.0"], ["2"])),
        ({"ciPctValue": "90", "ciNumSides": "ONE_SIDED", "ciUpperLimit": "0.9"}, (["90"], ["90.0"], ["1"])),
        ({"ciLowerLimit": "0.5", "ciUpperLimit": "0.9"}, (None, None, None)),  # absent is not 95
        ({"ciPctValue": "95", "ciNumSides": "TWO_SIDED"}, (None, None, None)),  # the level of no interval
        ({"ciPctValue": "97.50", "ciLowerLimit": "NA", "ciUpperLimit": "0.9"}, (["97.50"], ["97.5"], None)),
    ],
)
def test_levels_of_intervals(fields: dict[str, str], level: tuple[object, ...]) -> None:
    found = written(compared(TWO, paramType="Odds Ratio (OR)", paramValue="0.70", **fields))
    assert (found.get("ciLevelText"), found.get("ciLevel"), found.get("ciSides")) == level
    assert (found["valueText"], found["measure"]) == (["0.70"], ["odds-ratio"])
    assert found.get("ciLowerMark") == (["NA"] if fields.get("ciLowerLimit") == "NA" else None)


# ---- studies ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("phases", "phase"), [(["PHASE2", "PHASE3"], "2/3"), (["NA"], None), (None, None), ([], None)])
def test_phases_are_a_list_not_applicable_or_absent(phases: list[str] | None, phase: str | None) -> None:
    assert read(study(designModule={} if phases is None else {"phases": phases})).trials[0].phase == phase


def test_dates_keep_their_precision_and_say_whether_they_are_estimates() -> None:
    status = {
        "startDateStruct": {"date": "2019-05", "type": "ACTUAL"},
        "completionDateStruct": {"date": "2031-01-15", "type": "ESTIMATED"},
        "lastUpdatePostDateStruct": {"date": "2024-02-30"},
    }
    trial = read(study(statusModule=status)).trials[0]
    assert (trial.start_date, trial.start_date_type, trial.completion_date, trial.completion_date_type) == (
        *("2019-05", "actual"),
        *("2031-01-15", "estimated"),
    )
    assert trial.last_updated == "2024-02-30", "a day that is none is kept as printed, for kg check to find"


def test_an_old_number_and_the_new_one_are_one_study(tmp_path: Path) -> None:
    older, newer = study("NCT00000001"), study("NCT00000002", statusModule={"lastUpdatePostDateStruct": {"date": "2024-01-01"}})
    newer["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000001"]
    parted = study("NCT00000003")  # names another study among its numbers: two studies all the same
    parted["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [{"id": "NCT00000002", "type": "REGISTRY"}]
    files = [tmp_path / "old.json", tmp_path / "new.json", tmp_path / "again.json", tmp_path / "parted.json"]
    for path, tree in zip(files, (older, newer, newer, parted), strict=True):
        path.write_text(json.dumps(tree), "utf-8")
    built = build(files, tmp_path / "kg", workers=1)
    count = built.counts["ctgov"]
    assert (count.read, count.published, count.merged) == (4, 3, 1), "the same record twice is merged"
    with Graph(tmp_path / "kg") as graph:
        found = graph.sparql("SELECT DISTINCT ?study { ?study a kg:ClinicalTrial }")
    assert sorted(row["study"].rpartition("/")[2] for row in found) == ["NCT00000002", "NCT00000003"]


def test_unknown_keys_are_tolerated_and_counted() -> None:
    tree = study(contactsLocationsModule={"locations_nested": [], "locations": [{"country": "France", "new": 1}, {"new": 2}]})
    tree["derivedSection"] = {"miscInfoModule": {"versionHolder": "2026-02-04", "modelPredictions": {}}}
    record = read(tree)
    assert record.ignored == {
        "derivedSection.miscInfoModule.modelPredictions": 1,
        "protocolSection.contactsLocationsModule.locations.new": 2,
        "protocolSection.contactsLocationsModule.locations_nested": 1,
    }
    assert record.document.version == "2026-02-04"


# ---- size -------------------------------------------------------------------------------------------------------------------------


def many(rows: int) -> dict[str, Any]:
    """A study whose outcome measures, analyses, events and references all have one name."""
    tree = compared({"Examplimab": ["1"] * rows, "Placebo": ["2"] * rows}, paramType="Mean Difference", paramValue="1")
    outcome = tree["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    outcome["analyses"] *= rows
    events = [{"term": "Fatigue", "stats": [{"groupId": "EG000", "numAffected": 1, "numAtRisk": 2}]}] * rows
    tree["resultsSection"]["adverseEventsModule"] = {"eventGroups": [{"id": "EG000", "title": "Placebo"}], "otherEvents": events}
    tree["protocolSection"]["referencesModule"] = {"references": [{"citation": "The same"}] * rows}
    return tree


def test_time_grows_with_size_alone() -> None:
    def seconds(rows: int) -> float:
        tree = many(rows)
        started = time.process_time()
        written_lines(tree)
        return time.process_time() - started

    seconds(10)  # tables are loaded
    few, lot = min(seconds(100) for _ in range(3)), seconds(1600)
    assert lot < 16 * few * 4


def written_lines(tree: dict[str, Any]) -> list[str]:
    record, tables = read(tree), lexicon.load()
    return to_quads(record, link_record(record, tables, StudyIndex({})), tables)[0]
