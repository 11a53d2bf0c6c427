"""The shipped sample corpus: complete, well-formed, honest about itself, and in agreement with itself."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg_build import extraction, sources
from kg_build.facts import KINDS, Record

SAMPLE = Path(__file__).resolve().parents[1] / "src" / "kg_build" / "sample"
GOLD = Path(__file__).resolve().parent / "samples" / "article" / "gold"
ARTICLES = sorted((SAMPLE / "articles").glob("*.txt"))
RECORDS = sorted((SAMPLE / "ctgov").glob("*.json"))
FLOOR = 0.95
"""Strict F1 of the reader on the sample articles, measured (0.958), rounded down. They are in plain sight of whoever works on the reader:
a guard against going back, not a measure of how well it reads texts it has not seen."""
TABLES = sorted((SAMPLE / "drugsfda").glob("*.txt"))


def gold(article: Path) -> dict[str, list[dict[str, Any]]]:
    facts: dict[str, list[dict[str, Any]]] = json.loads((GOLD / f"{article.stem}.json").read_text("utf-8"))
    return facts


def identification(path: Path) -> dict[str, Any]:
    module: dict[str, Any] = json.loads(path.read_text("utf-8"))["protocolSection"]["identificationModule"]
    return module


def rows(table: str) -> list[dict[str, str]]:
    header, *lines = (SAMPLE / "drugsfda" / table).read_bytes().decode("ascii").removesuffix("\r\n").split("\r\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def test_counts_are_those_the_readme_tells() -> None:
    readme = (SAMPLE / "README.md").read_text("utf-8")
    assert (len(ARTICLES), len(RECORDS), len(rows("Applications.txt"))) == (17, 10, 10)
    for path in [*ARTICLES, *RECORDS]:
        assert f"`{path.name}`" in readme, f"{path.name}: no source named in README.md"


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
def test_article_has_its_header_and_gold(path: Path) -> None:
    header, body = path.read_text("utf-8").split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in header.split("\n"))
    assert list(fields) == ["Title", "Published", "Publisher", "License"]
    assert (fields["Publisher"], fields["License"]) == ("kg-build sample", "CC0-1.0")
    assert date(2015, 1, 1) < date.fromisoformat(fields["Published"]) < date(2026, 1, 1)
    assert len(body.split()) >= 80
    assert (GOLD / f"{path.stem}.json").is_file()


def test_gold_has_no_orphans() -> None:
    assert [p.stem for p in sorted(GOLD.glob("*.json"))] == [p.stem for p in ARTICLES]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
def test_gold_uses_only_slots_of_the_model(path: Path) -> None:
    for kind, facts in gold(path).items():
        for fact in facts:
            assert {slot.removesuffix("_alt") for slot in fact} <= set(KINDS[kind].__struct_fields__), (kind, fact)


def figures(fact: dict[str, Any]) -> list[Any]:
    arms = [arm.get("n") for arm in fact.get("arms", [])]
    plain = [fact.get(slot) for slot in ("value", "percent", "enrollment", "median_follow_up_months", "n", "p")]
    return [x for x in [*arms, *plain, *(fact.get("ci") or [])] if x is not None]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
def test_gold_figures_are_printed_in_the_text(path: Path) -> None:
    text = path.read_text("utf-8")
    printed = {float(x) for x in re.findall(r"\d*\.?\d+", text)}
    for facts in gold(path).values():
        for fact in facts:
            for value in figures(fact):
                if value in ("NR", "NE"):
                    assert re.search(r"not reached|\bNR\b|\bNE\b", text), fact
                else:
                    assert float(str(value).strip("< ")) in printed, fact


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.stem)
def test_gold_points_only_to_arms_and_studies_it_names(path: Path) -> None:
    facts = gold(path)
    arms = {trial["name"]: {arm["id"] for arm in trial.get("arms", [])} for trial in facts["trials"]}
    for fact in [*facts["results"], *facts["adverse_events"], *facts["dosing"]]:
        used = {fact.get("arm"), *(fact.get("comparison") or [])} - {None}
        assert fact.get("trial") is None or used <= arms[fact["trial"]], fact
    for decision in facts["decisions"]:
        assert set(decision.get("supported_by", [])) <= set(arms), decision


@pytest.mark.parametrize("path", RECORDS, ids=lambda p: p.stem)
def test_record_says_that_it_is_hand_made(path: Path) -> None:
    record = json.loads(path.read_text("utf-8"))
    assert next(iter(record)) == "handMade"
    assert record["handMade"] is True
    assert identification(path)["nctId"] == path.stem
    assert record["hasResults"] is ("resultsSection" in record)


@pytest.mark.parametrize("path", [p for p in RECORDS if "resultsSection" in json.loads(p.read_text("utf-8"))], ids=lambda p: p.stem)
def test_results_refer_to_groups_of_their_own(path: Path) -> None:
    results = json.loads(path.read_text("utf-8"))["resultsSection"]
    for outcome in results["outcomeMeasuresModule"]["outcomeMeasures"]:
        own = {group["id"] for group in outcome["groups"]}
        measured = [m for c in outcome["classes"] for k in c["categories"] for m in k["measurements"]]
        assert {m["groupId"] for m in measured} == own
        assert {g for a in outcome.get("analyses", []) for g in a["groupIds"]} <= own
        assert all(isinstance(v, str) for m in measured for v in m.values())
    for event in results.get("adverseEventsModule", {}).get("otherEvents", []):
        assert all(0 <= s["numAffected"] <= s["numAtRisk"] for s in event["stats"])


def test_four_records_have_results() -> None:
    with_results = {p.stem for p in RECORDS if "resultsSection" in json.loads(p.read_text("utf-8"))}
    assert {"NCT02990338", "NCT03275285", "NCT03319667"} < with_results


def test_articles_and_records_agree_on_the_trials() -> None:
    """One trial, one number: a name never stands with two numbers, and a record bears the name that the articles use."""
    named: dict[str, set[str]] = {}
    numbers: dict[str, set[str]] = {}
    for path in ARTICLES:
        for trial in gold(path)["trials"]:
            for number in trial.get("registry_ids", []):
                named.setdefault(number, set()).add(trial["name"])
                numbers.setdefault(trial["name"], set()).add(number)
                assert number in path.read_text("utf-8")
    assert {name: ids for name, ids in numbers.items() if len(ids) > 1} == {}
    for path in RECORDS:
        module = identification(path)
        assert named[path.stem] == {module.get("acronym") or module["orgStudyIdInfo"]["id"]}


def test_arm_sizes_agree_between_articles_and_records() -> None:
    """Where both print how many were randomized to each arm, they print the same."""
    started = {}
    for path in RECORDS:
        flow = json.loads(path.read_text("utf-8")).get("resultsSection", {}).get("participantFlowModule")
        if flow:
            started[path.stem] = sorted(int(a["numSubjects"]) for a in flow["periods"][0]["milestones"][0]["achievements"])
    compared = 0
    for path in ARTICLES:
        for trial in gold(path)["trials"]:
            sizes = sorted(arm["n"] for arm in trial.get("arms", []) if "n" in arm)
            for number in trial.get("registry_ids", []):
                if number in started and sizes:
                    assert sizes == started[number], (path.stem, trial["name"])
                    compared += 1
    assert compared >= 6


def test_agents_share_a_target() -> None:
    by_target: dict[str, set[str]] = {}
    for path in ARTICLES:
        for agent in gold(path)["agents"]:
            for target in agent.get("targets", []):
                by_target.setdefault(target, set()).add(agent["name"])
    assert {"isatuximab", "daratumumab"} <= by_target["CD38"]


def test_drugsfda_tables_are_whole_and_in_the_publishers_form() -> None:
    assert len(TABLES) == 11
    for table in TABLES:
        raw = table.read_bytes()
        assert raw.endswith(b"\r\n"), table.name
        assert raw.count(b"\n") == raw.count(b"\r\n"), table.name
    applications = {row["ApplNo"] for row in rows("Applications.txt")}
    for table in ("Products.txt", "Submissions.txt", "MarketingStatus.txt", "SubmissionPropertyType.txt", "ApplicationDocs.txt"):
        assert {row["ApplNo"] for row in rows(table)} <= applications, table
    assert {row["ApplNo"] for row in rows("Products.txt")} == {row["ApplNo"] for row in rows("Submissions.txt")} == applications


def test_drugsfda_has_decisions_and_submissions_that_are_none() -> None:
    classes = {row["SubmissionClassCodeID"]: row["SubmissionClassCode"] for row in rows("SubmissionClass_Lookup.txt")}
    kinds = {classes[row["SubmissionClassCodeID"]] for row in rows("Submissions.txt")}
    assert {"EFFICACY", "LABELING", "MANUF (CMC)"} <= kinds
    sarclisa = [row for row in rows("Submissions.txt") if row["ApplNo"] == "761113"]
    assert [(r["SubmissionType"], r["SubmissionNo"], r["SubmissionStatusDate"][:10]) for r in sarclisa] == [
        ("ORIG", "1", "2020-03-02"),
        ("SUPPL", "3", "2021-03-31"),
    ]


def test_every_file_is_recognised_and_read() -> None:
    found = {f.path.relative_to(SAMPLE).parts[0]: f for f in sources.discover([SAMPLE]) if f.source}
    assert {place: f.source for place, f in found.items()} == {"articles": "article", "ctgov": "ctgov", "drugsfda": "drugsfda"}
    read = [r for f in sources.discover([SAMPLE]) if f.source and f.source != "article" for r in sources.read(f.path, f.source)]
    assert all(isinstance(r, Record) for r in read), read
    assert len(read) == len(RECORDS) + len(rows("Applications.txt"))
    assert {r.document.note for r in read if isinstance(r, Record) and r.source == "ctgov"} == {"hand-made"}


def test_reader_finds_the_gold_facts(shared: Path, tmp_path: Path) -> None:
    """By the scorer of the evaluation folder; the gold was written from the texts before there was a reader."""
    for name, record in extraction.extract([str(SAMPLE / "articles")], io.BytesIO()):
        extraction.save(tmp_path, name, record)
    scorer, texts = shared / "evaluation" / "score.py", SAMPLE / "articles"
    command = [sys.executable, str(scorer), str(tmp_path), str(GOLD), "--text", str(texts), "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    strict, grounded = report["rows"]["ALL"]["strict_f1"], report["grounded"]
    print(f"sample articles: strict F1 {strict:.3f}, grounded {grounded:.3f}")  # noqa: T201
    assert strict >= FLOOR
    assert grounded == 1.0
