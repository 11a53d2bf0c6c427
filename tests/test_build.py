"""The flow: the same bytes whatever the machine does, versions, quarantine, and a release that verifies."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyshacl
import pytest
import rdflib

from kg_build import questions, release, terms
from kg_build.build import Report, build
from kg_build.errors import ReleaseError, SourceError
from kg_build.graph import Graph

SAMPLE = terms.resource("sample")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("graph") / "kg"
    return out, build([SAMPLE], out)


def study(nct: str, updated: str, acronym: str = "EXAMPLE") -> dict[str, object]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct, "briefTitle": "A study", "acronym": acronym},
            "statusModule": {"lastUpdatePostDateStruct": {"date": updated}, "overallStatus": "COMPLETED"},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE3"], "enrollmentInfo": {"count": 307}},
        }
    }


def test_every_record_is_accounted_for(built: tuple[Path, Report]) -> None:
    _, report = built
    assert set(report.counts) == {"article", "ctgov", "drugsfda"}
    for count in report.counts.values():
        assert count.read == count.published + count.merged + count.quarantined
    assert report.counts["ctgov"].read == 10
    assert report.quarantined == []


def test_a_release_verifies_and_names_a_damaged_file(built: tuple[Path, Report], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(built[1].folder, folder)
    assert release.verify(folder) == []
    for name in ("graph.nq.gz", "unlinked.tsv"):
        path = folder / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    assert release.verify(folder) == ["graph.nq.gz: damaged", "unlinked.tsv: damaged"]
    (folder / "unlinked.tsv").unlink()
    assert "unlinked.tsv: missing" in release.verify(folder)


def test_questions_leave_a_release_as_it_is(built: tuple[Path, Report]) -> None:
    with Graph(built[0]) as graph:
        assert graph.sparql("ASK { ?s a kg:Decision }") is True
    assert release.verify(built[1].folder) == []


def digest(out: Path) -> bytes:
    return (release.open_release(out) / release.QUADS).read_bytes()


@pytest.mark.parametrize(
    ("workers", "environment"),
    [
        (1, {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"}),
        (2, {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"}),
    ],
)
def test_the_same_input_gives_the_same_bytes(built: tuple[Path, Report], tmp_path: Path, workers: int, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "kg_build", "build", str(SAMPLE), "--out", str(tmp_path / "kg"), "--workers", str(workers)]
    subprocess.run(command, check=True, env={**os.environ, **environment}, capture_output=True)
    assert digest(tmp_path / "kg") == digest(built[0])


def test_the_order_and_place_of_files_do_not_matter(built: tuple[Path, Report], tmp_path: Path) -> None:
    for number, path in enumerate(sorted(SAMPLE.glob("*/*.*"), reverse=True)):
        target = tmp_path / "in" / (f"{9 - number % 3}-{path.parent.name}" if path.parent.name != "drugsfda" else "drugsfda") / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    build([tmp_path / "in"], tmp_path / "kg")
    assert digest(tmp_path / "kg") == digest(built[0])


def test_versions_of_a_record(tmp_path: Path) -> None:
    lines = [study("NCT00000001", "2021-01-01"), study("NCT00000001", "2022-01-01", "NEWER"), study("NCT00000001", "2021-01-01")]
    (tmp_path / "studies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    count = build([tmp_path / "studies.jsonl"], tmp_path / "kg").counts["ctgov"]
    assert (count.read, count.published, count.merged, count.superseded) == (3, 2, 1, 1)
    with Graph(tmp_path / "kg") as graph:
        current = graph.sparql("SELECT ?a { ?s kg:acronym ?a }")
        older = graph.sparql("SELECT ?a { GRAPH graph:history { ?s kg:acronym ?a } }")
    assert (current, older) == ([{"a": "NEWER"}], [{"a": "EXAMPLE"}])


def test_one_bad_record_costs_no_other(tmp_path: Path) -> None:
    good = json.dumps(study("NCT00000001", "2021-01-01"))
    (tmp_path / "bad.jsonl").write_text(f'{good}\n{good[:100]}\n{{"protocolSection": 7}}\n')
    report = build([tmp_path / "bad.jsonl"], tmp_path / "kg")
    assert (report.counts["ctgov"].published, report.counts["ctgov"].quarantined) == (1, 2)
    kept = (report.folder / "quarantine.jsonl").read_text().splitlines()
    assert len(kept) == 2
    assert "bad.jsonl" in json.loads(kept[0])["where"]


def test_a_failed_build_leaves_the_old_release_and_nothing_else(built: tuple[Path, Report], tmp_path: Path) -> None:
    out = tmp_path / "kg"
    shutil.copytree(built[0], out, symlinks=True)
    before = sorted(path.name for path in out.iterdir())
    (tmp_path / "nothing").mkdir()
    with pytest.raises(SourceError):
        build([tmp_path / "nothing"], out)
    assert sorted(path.name for path in out.iterdir()) == before
    assert release.verify(release.open_release(out)) == []


def test_a_folder_that_is_no_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"kg build PATH \.\.\. --out"):
        release.open_release(tmp_path)
    with pytest.raises(ReleaseError, match="no such folder"):
        release.open_release(tmp_path / "none")


def test_quads_are_sorted_unique_and_end_in_a_graph(built: tuple[Path, Report]) -> None:
    with gzip.open(built[1].folder / "graph.nq.gz", "rt", encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == built[1].quads
    assert all(line.endswith("> .") for line in lines)


def test_three_versions_never_share_an_address(tmp_path: Path) -> None:
    versions = [study("NCT00000001", "2021-01-01", acronym) for acronym in ("A-ONE", "A-TWO", "A-THREE")]
    (tmp_path / "studies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in versions))
    build([tmp_path / "studies.jsonl"], tmp_path / "kg")
    with Graph(tmp_path / "kg") as graph:
        records = graph.sparql("SELECT DISTINCT ?r ?sha { GRAPH graph:history { ?r kg:sha256 ?sha } }")
    assert isinstance(records, list)
    assert len(records) == 2
    assert len({str(row["r"]) for row in records if isinstance(row, dict)}) == 2


def test_a_new_quarantine_is_published_although_the_quads_are_the_same(tmp_path: Path) -> None:
    good = json.dumps(study("NCT00000001", "2021-01-01"))
    (tmp_path / "a.jsonl").write_text(good + "\n")
    build([tmp_path / "a.jsonl"], tmp_path / "kg")
    (tmp_path / "a.jsonl").write_text(good + "\n" + good[:90] + "\n")
    build([tmp_path / "a.jsonl"], tmp_path / "kg")
    current = release.open_release(tmp_path / "kg")
    assert (current / "quarantine.jsonl").read_text()
    assert release.manifest(current).sources["ctgov"].quarantined == 1


def test_what_a_killed_build_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "kg" / ".building-999999999-x").mkdir(parents=True)
    (tmp_path / "a.jsonl").write_text(json.dumps(study("NCT00000001", "2021-01-01")) + "\n")
    build([tmp_path / "a.jsonl"], tmp_path / "kg")
    assert sorted(path.name for path in (tmp_path / "kg").iterdir()) == ["current", "releases"]


def test_a_record_in_two_files_counts_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(json.dumps({**study("NCT00000001", "2021-01-01")}))
    twice = build([tmp_path / "a.json", tmp_path / "b.json"], tmp_path / "two")
    once = build([tmp_path / "a.json"], tmp_path / "one")
    assert (twice.counts["ctgov"].published, twice.counts["ctgov"].merged) == (1, 1)
    assert twice.unlinked == once.unlinked


def test_the_sample_release_conforms_to_the_shapes(built: tuple[Path, Report]) -> None:
    named = tuple(f" <{graph}> .\n" for graph in release.NAMED)
    current = (line for line in release.quads(built[1].folder) if not line.endswith(named))
    data = rdflib.Graph().parse(data="".join(line[: line.rindex(" <")] + " .\n" for line in current), format="nt")
    shapes = rdflib.Graph().parse(terms.resource("ontology") / "shapes.ttl")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert len(data) > 10_000
    assert conforms, report


VOCABULARIES = Path(__file__).parent / "samples"


def of_condition(path: Path, nct: str, condition: str, agent: str = "isatuximab") -> Path:
    record = study(nct, "2024-01-01", acronym=nct)
    record["protocolSection"] |= {  # type: ignore[operator]
        "conditionsModule": {"conditions": [condition]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": agent}]},
    }
    path.write_text(json.dumps(record), "utf-8")
    return path


def test_a_vocabulary_enters_a_graph_where_it_speaks_of_what_an_entry_names(tmp_path: Path) -> None:
    paths = [VOCABULARIES / "unii", VOCABULARIES / "doid", of_condition(tmp_path / "1.json", "NCT00000001", "exemplary myeloma")]
    report = build(paths, tmp_path / "kg")
    unii, doid = report.counts["unii"], report.counts["doid"]
    assert (unii.read, unii.published, unii.unmentioned, unii.quarantined) == (7, 1, 3, 3)
    # the condition itself, and above it multiple myeloma, hematologic cancer
    assert (doid.read, doid.published, doid.unmentioned, doid.quarantined) == (7, 3, 3, 1)
    graph = gzip.decompress((report.folder / "graph.nq.gz").read_bytes()).decode()
    assert "R30772KCU0" in graph
    assert "EX4MPLE001" not in graph
    assert "hematologic cancer" in graph


def test_a_brand_that_a_study_shares_with_a_pesticide_does_not_bring_it_in(tmp_path: Path) -> None:
    storm = of_condition(tmp_path / "1.json", "NCT00000001", "multiple myeloma", agent="STORM")
    report = build([VOCABULARIES / "unii", storm], tmp_path / "kg")
    assert report.counts["unii"].published == 0
    assert b"PEST000001" not in gzip.decompress((report.folder / "graph.nq.gz").read_bytes())


def test_vocabularies_alone_are_published_whole(tmp_path: Path) -> None:
    report = build([VOCABULARIES / name for name in ("unii", "doid", "oncotree", "drugcentral", "cancerdrugs")], tmp_path / "kg")
    assert all(count.unmentioned == 0 and count.published for count in report.counts.values())


@pytest.mark.parametrize("condition", ["multiple myeloma", "exemplary myeloma"])
def test_a_question_finds_what_stands_below_a_condition_also_one_that_only_a_vocabulary_knows(tmp_path: Path, condition: str) -> None:
    below = of_condition(tmp_path / "1.json", "NCT00000001", "exemplary myeloma of the left hand")
    other = of_condition(tmp_path / "2.json", "NCT00000002", "breast cancer")
    build([VOCABULARIES / "doid", below, other], tmp_path / "kg")
    with Graph(tmp_path / "kg") as graph:
        answer = questions.ask(graph.store, "studies-of-condition", {"condition": condition})
    assert [row["studyName"] for row in answer.values()] == ["NCT00000001"]


def many(tmp_path: Path, count: int) -> Path:
    path = tmp_path / "studies.jsonl"
    path.write_text("".join(json.dumps(study(f"NCT{number:08}", "2021-01-01", f"A-{number}")) + "\n" for number in range(count)))
    return path


@pytest.mark.parametrize(("count", "smaller"), [(10, []), (9, ["ctgov: 9 records, 10 in the last release"]), (12, [])])
def test_a_source_that_shrinks_is_named(count: int, smaller: list[str], tmp_path: Path) -> None:
    build([many(tmp_path, 10)], tmp_path / "kg")
    assert build([many(tmp_path, count)], tmp_path / "kg").smaller == smaller


def test_a_source_that_shrinks_far_is_not_published_unless_accepted(tmp_path: Path) -> None:
    build([many(tmp_path, 10)], tmp_path / "kg")
    before = release.open_release(tmp_path / "kg")
    with pytest.raises(SourceError, match=r"ctgov: 6 records, 10 in the last release: below 70%.*--accept"):
        build([many(tmp_path, 6)], tmp_path / "kg")
    assert release.open_release(tmp_path / "kg") == before
    assert build([many(tmp_path, 7)], tmp_path / "kg").smaller
    assert build([many(tmp_path, 1)], tmp_path / "kg", accept=True).smaller == ["ctgov: 1 records, 7 in the last release"]
