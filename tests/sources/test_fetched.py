"""What stands beside fetched files: since when a record is known, where a page is from, and that a file is as it was fetched."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from kg_build.build import build
from kg_build.facts import Rejected
from kg_build.graph import Graph
from kg_build.sources import discover, read
from kg_build.sources.fetched import Fetched, entries, lines

STUDY = {"protocolSection": {"identificationModule": {"nctId": "NCT90000001", "briefTitle": "A study"}}}
DATED = {**STUDY["protocolSection"], "statusModule": {"lastUpdatePostDateStruct": {"date": "2020-02-02"}}}
TEXT = "The FDA approved examplumab for adults with multiple myeloma."


def beside(path: Path, retrieved: str = "2026-08-11T12:00:00Z", url: str = "https://news.example/a?utm_source=x") -> None:
    """Write the sidecar line of a file."""
    data = path.read_bytes()
    line = {"file": path.name, "url": url, "retrieved": retrieved, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    with (path.parent / "fetched.jsonl").open("a") as stream:
        stream.write(json.dumps(line) + "\n")


def test_a_record_without_a_date_is_known_since_it_was_fetched(tmp_path: Path) -> None:
    for name, study in (("undated", STUDY), ("dated", {"protocolSection": DATED})):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(study))
        beside(path)
    days = {path.stem: next(read(path, "ctgov")).known_at for path in tmp_path.glob("*.json")}  # type: ignore[union-attr]
    assert days == {"undated": "2026-08-11", "dated": "2020-02-02"}


def test_a_file_that_nothing_is_told_of_is_as_before(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(STUDY))
    beside(tmp_path / "a.json")
    assert next(read(tmp_path / "b.json", "ctgov")).known_at is None  # type: ignore[union-attr]


def test_a_page_has_the_address_it_was_fetched_from_unless_it_states_one(tmp_path: Path) -> None:
    for name, text in (("plain.txt", TEXT), ("stated.txt", f"URL: https://other.example/b\n\n{TEXT}")):
        (tmp_path / name).write_text(text)
        beside(tmp_path / name)
    found = {path.stem: next(read(path, "article")) for path in tmp_path.glob("*.txt")}
    assert found["plain"].document.url == "https://news.example/a"  # type: ignore[union-attr]
    assert found["plain"].id.startswith("news-example-a-")  # type: ignore[union-attr]
    assert found["stated"].document.url == "https://other.example/b"  # type: ignore[union-attr]


def test_a_file_that_is_not_as_it_was_fetched_is_quarantined(tmp_path: Path) -> None:
    for name in ("good", "bad"):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(STUDY).replace("A study", name))
        beside(path)
    (tmp_path / "bad.json").write_text(json.dumps(STUDY).replace("A study", "changed"))
    report = build([tmp_path], tmp_path / "kg")
    assert report.counts["ctgov"].read == 2
    assert [(one.where, "not as it was fetched" in one.reason) for one in report.quarantined] == [("bad.json", True)]


def test_members_of_a_fetched_archive_are_dated_and_judged_by_it(tmp_path: Path) -> None:
    path = tmp_path / "bulk.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("study.json", json.dumps(STUDY))
    beside(path)
    assert next(read(path / "study.json", "ctgov")).known_at == "2026-08-11"  # type: ignore[union-attr]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.json", json.dumps(STUDY))
    assert isinstance(next(read(path / "study.json", "ctgov")), Rejected)


def test_the_sidecar_itself_is_no_input_but_another_file_of_its_name_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    beside(tmp_path / "a.txt")
    assert [found.path.name for found in discover([tmp_path])] == ["a.txt"]
    (tmp_path / "fetched.jsonl").write_text(json.dumps(STUDY) + "\n")
    assert [(found.path.name, found.source) for found in discover([tmp_path])] == [("a.txt", "article"), ("fetched.jsonl", "ctgov")]


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_record_fetched_twice_is_known_since_the_first_time(order: tuple[str, str], tmp_path: Path) -> None:
    for name, day in zip(order, ("2026-08-11", "2026-08-18"), strict=True):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "1.json").write_text(json.dumps(STUDY))
        beside(tmp_path / "in" / name / "1.json", f"{day}T12:00:00Z")
    shutil.copy(tmp_path / "in" / "a" / "1.json", tmp_path / "in" / "0.json")  # and once from nowhere
    count = build([tmp_path / "in"], tmp_path / "kg").counts["ctgov"]
    assert (count.read, count.published, count.merged, count.undated) == (3, 1, 2, 0)
    with Graph(tmp_path / "kg") as graph:
        assert graph.sparql("SELECT ?day { GRAPH graph:meta { ?r kg:knownAt ?day } }") == [{"day": "2026-08-11"}]


def test_a_line_that_was_cut_off_ends_the_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    beside(tmp_path / "a.txt")
    data = (tmp_path / "fetched.jsonl").read_bytes()
    assert [type(one) for one in lines(data + data[:40])] == [Fetched]
    assert entries(tmp_path / "none") == {}
