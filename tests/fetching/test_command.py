"""`kg fetch` as it is typed: what it prints, how it fails, and that `kg build` reads what it wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from invented import PAGE, QUICK, STUDIES
from replay import Replay

from kg_build import cli
from kg_build.build import build
from kg_build.fetching import addresses, article, ctgov
from kg_build.graph import Graph

CHECKOUT = Path(__file__).resolve().parents[2]
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ctgov, "POLICY", QUICK)


def kg(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    return int(stopped.value.code or 0)


def test_a_dry_run_asks_nothing_and_writes_nothing(replay: Replay, tmp_path: Path, capsys: Said) -> None:
    assert kg("fetch", "ctgov", "--query", "qorilimab", "--since", "2026-01-20", "--url", f"{replay.url}/api/v2", "--dry-run") == 0
    out = capsys.readouterr().out
    assert f"GET {replay.url}/api/v2/studies?format=json&query.term=%28qorilimab%29%20AND%20AREA%5BLastUpdatePostDate%5D" in out
    assert "into data/ctgov/qorilimab-since-2026-01-20-" in out
    assert replay.asked == []
    assert list(tmp_path.iterdir()) == []


def test_fetched_studies_are_built_from(replay: Replay, tmp_path: Path, capsys: Said) -> None:
    arguments = ("fetch", "ctgov", "--query", "qorilimab", "--url", f"{replay.url}/api/v2", "--out", "in")
    assert kg(*arguments) == 0
    said = capsys.readouterr()
    assert said.out.startswith("ctgov: 23 studies in 5 files, in/ctgov/qorilimab-")
    assert said.err == ""
    assert kg(*arguments) == 0
    assert "23 studies, unchanged since in/ctgov/qorilimab-" in capsys.readouterr().out
    report = build([tmp_path / "in"], tmp_path / "kg")
    assert (report.counts["ctgov"].read, report.counts["ctgov"].published, report.skipped) == (23, 23, [])


def test_numbers_from_a_file(replay: Replay, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "ids.txt").write_text("NCT90000001\nNCT90000002, NCT99999999\n")
    assert kg("fetch", "ctgov", "--ids", "@ids.txt", "--ids", "NCT90000003", "--url", f"{replay.url}/api/v2") == 0
    said = capsys.readouterr()
    assert said.out.startswith("ctgov: 3 studies in 1 file, data/ctgov/")
    assert said.err == "ctgov: not there: NCT99999999\n"


@pytest.mark.parametrize(
    ("arguments", "line", "code"),
    [
        (("ctgov",), "kg: search for something: --query", 2),
        (("ctgov", "--ids", "@none.txt"), "kg: none.txt: cannot be read as a list of numbers", 2),
        (("openfda", "event", "--query", "x"), "kg: no openFDA endpoint named 'event'; known: drugsfda, label", 2),
        (("openfda",), "kg: give --query, or --all", 2),
        (("openfda", "label", "--query", "x", "--all"), "kg: give --query, or --all", 2),
        (("article",), "kg: Missing argument", 2),
        (("article", "ftp://x.example/a"), "kg: ftp://x.example/a: only http and https addresses are fetched", 1),
        (("article", "http://127.0.0.1:9/"), "kg: article: 127.0.0.1: 127.0.0.1 is a private address", 1),
        (("ctgov", "--query", "x", "--url", "file:///etc"), "kg: ctgov: file:///etc/studies?", 1),
        (("drugsafda",), "kg: No such command 'drugsafda'", 2),
    ],
)
def test_what_is_wrong_is_one_line(arguments: tuple[str, ...], line: str, code: int, tmp_path: Path, capsys: Said) -> None:
    assert kg("fetch", *arguments) == code
    said = capsys.readouterr()
    assert said.err.startswith(line), said.err
    assert (said.out, len(said.err.splitlines()), list(tmp_path.iterdir())) == ("", 1, [])


def test_a_failing_server_is_one_line_and_nothing_is_published(replay: Replay, tmp_path: Path, capsys: Said) -> None:
    replay.faults = lambda number: lambda handler, reply: handler.reset()
    assert kg("fetch", "ctgov", "--query", "x", "--url", f"{replay.url}/api/v2") == 1
    said = capsys.readouterr()
    assert said.err.startswith("kg: ctgov: 127.0.0.1: cannot be reached, or breaks off (")
    assert (said.out, len(said.err.splitlines()), list(tmp_path.iterdir())) == ("", 1, [])


def test_one_page_that_fails_costs_no_other(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setenv(addresses.LOOPBACK, "1")
    monkeypatch.setattr(article, "POLICY", QUICK)
    urls = [f"{replay.url}/{path}" for path in ("news/a", "none", "news/b", "nowhere")]
    assert kg("fetch", "article", *urls) == 1
    said = capsys.readouterr()
    assert said.out.count("article: 1 page in 1 file, data/article/127-0-0-1-news-") == 2
    assert [line.partition("answers")[2] for line in said.err.splitlines()] == [" HTTP 404: Not found"] * 2


def test_a_page_is_known_since_it_was_fetched_and_where_from(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(addresses.LOOPBACK, "1")
    assert kg("fetch", "article", f"{replay.url}/news/a", "--out", "in") == 0
    (sidecar,) = (tmp_path / "in").rglob("fetched.jsonl")
    told = json.loads(sidecar.read_text())
    assert (sidecar.parent / told["file"]).read_bytes() == PAGE
    build([tmp_path / "in"], tmp_path / "kg")
    with Graph(tmp_path / "kg") as graph:
        rows = graph.sparql("SELECT ?day ?r { GRAPH graph:meta { ?r kg:knownAt ?day } }")
    assert [row["day"] for row in rows] == [told["retrieved"][:10]]
    assert "/article/127-0-0-1-" in rows[0]["r"]


def test_without_the_extra_the_way_out_is_named(tmp_path: Path) -> None:
    code = "import sys; sys.modules['httpx'] = None; from kg_build import cli; cli.main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "fetch", "ema", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "kg: fetching needs the extra: pip install 'kg-build[fetch]'\n")


def test_a_bar_on_a_terminal_only(replay: Replay, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for quiet, shown in (((), True), (("--quiet",), False)):
        assert kg("fetch", "ctgov", "--query", "qorilimab", "--url", f"{replay.url}/api/v2", *quiet) == 0
        assert ("ctgov" in capsys.readouterr().err) == shown
    assert len(STUDIES) == 23
