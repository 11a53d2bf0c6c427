"""The command: what it prints, how it fails, and that everything it offers is documented."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from kg_build import cli, terms

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cli") / "kg"
    code, _, err = call("build", "--out", str(out))
    assert code == 0, err
    return out


def call(*arguments: str, cwd: Path | None = None, stdin: bytes = b"") -> tuple[int, str, str]:
    command = [sys.executable, "-m", "kg_build", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, input=stdin, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_build_prints_the_counts_of_each_source(tmp_path: Path) -> None:
    code, out, _ = call("build", "--out", str(tmp_path / "kg"), "--workers", "1")
    assert code == 0
    for source in ("article", "ctgov", "drugsfda"):
        match = re.search(rf"^{source}: read (\d+) = (\d+) published \+ (\d+) merged \+ (\d+) quarantined", out, re.MULTILINE)
        assert match, out
        assert int(match[1]) == sum(int(match[i]) for i in (2, 3, 4))


# ---- wrong input: one clear line that names it ------------------------------------------------------------------------------------


def wrong(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in ("missing.txt", "binary.bin", "empty.txt", "cut.json", "paper.pdf", "folder")}
    paths["binary.bin"].write_bytes(bytes(range(256)) * 20)
    paths["empty.txt"].write_bytes(b"")
    paths["cut.json"].write_text('{"protocolSection": {"identificationModule": {"nctId": "NCT000')
    paths["paper.pdf"].write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n")
    paths["folder"].mkdir()
    (paths["folder"] / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return paths


@pytest.mark.parametrize("command", ["build", "extract"])
@pytest.mark.parametrize(
    ("name", "expected"), [("missing.txt", 2), ("binary.bin", 1), ("empty.txt", 1), ("cut.json", 1), ("paper.pdf", 1), ("folder", 1)]
)
def test_wrong_input_gets_one_line_that_names_it(command: str, name: str, expected: int, tmp_path: Path) -> None:
    path = wrong(tmp_path)[name]
    code, out, err = call(command, str(path), "--out", str(tmp_path / "out"))
    assert code == expected
    assert len(err.splitlines()) == 1, err
    assert name in err
    assert "Traceback" not in err
    assert out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [("ask", "approvals"), ("check",), ("verify",), ("view", "isatuximab"), ("export",)])
def test_a_wrong_graph_folder_gets_one_line(arguments: tuple[str, ...], tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        code, _, err = call(*arguments, "--kg", str(folder), cwd=tmp_path)
        assert code == 1
        assert len(err.splitlines()) == 1
        assert str(folder) in err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("ask", "aprovals"), "no question named 'aprovals'; nearest: approvals"),
        (("ask", "approvals", "isatuximab"), "'isatuximab' is no parameter; write key=value"),
        (("ask", "approvals", "drug=isatuximab"), "no parameter 'drug'; it takes agent"),
        (("ask", "approvals", "agent=isatuximub"), "nearest: isatuximab"),
        (("ask", "approvals", "--format", "xls"), "no format named 'xls'; known: table, json, csv, tsv, md"),
        (("sparql", "SELECT * {"), "the query cannot be answered"),
        (("sparql",), "give a query or --file"),
        (("frobnicate",), "frobnicate"),
        (("build", "--source", "fda", str(CHECKOUT / "README.md")), "no source named 'fda'; known: article, "),
    ],
)
def test_a_wrong_call_gets_one_line_and_the_way_out(arguments: tuple[str, ...], line: str, graph: Path, tmp_path: Path) -> None:
    with_graph = ("--kg", str(graph)) if arguments[0] in {"ask", "sparql"} else ()
    code, _, err = call(*arguments, *with_graph, cwd=tmp_path)
    assert code in {1, 2}
    assert len(err.splitlines()) == 1, err
    assert line in err


def test_a_file_system_that_says_no_gets_one_line(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for arguments in (("build", "--out", str(tmp_path / "file")), ("export", "-o", str(tmp_path / "file" / "x.nq"), "--kg", str(graph))):
        code, _, err = call(*arguments)
        assert code == 1
        assert len(err.splitlines()) == 1
        assert "Traceback" not in err


@pytest.mark.parametrize("seconds", ["nan", "-1", "1e300", "soon"])
def test_a_strange_time_limit_is_refused(seconds: str, graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_SECONDS", seconds)
    code, _, err = call("ask", "pending", "--kg", str(graph))
    assert (code, len(err.splitlines())) == (2, 1)


def test_an_iri_that_the_graph_does_not_know_is_refused(graph: Path) -> None:
    code, _, err = call("show", "http://example.org/nothing", "--kg", str(graph))
    assert code == 2
    assert "nothing in the graph has the IRI" in err
    assert "isatuximab" in call("show", "UNII:R30772KCU0", "--kg", str(graph))[1]


def test_facts_are_never_overwritten(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("The FDA approved examplumab for adults with multiple myeloma.")
    code, _, err = call("extract", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "out"))
    assert code == 2
    assert "would overwrite" in err


# ---- answers -----------------------------------------------------------------------------------------------------------------------


def test_an_answer_in_every_format(graph: Path) -> None:
    base = ("ask", "approvals", "agent=isatuximab", "--kg", str(graph))
    rows = list(csv.DictReader(io.StringIO(call(*base, "--format", "csv")[1])))
    assert any(row["regulatorName"].startswith("NMPA") or "National Medical Products" in row["regulatorName"] for row in rows)
    parsed = json.loads(call(*base, "--format", "json")[1])
    assert len(parsed["results"]["bindings"]) == len(rows)
    assert parsed["head"]["vars"] == list(rows[0])
    assert call(*base, "--format", "md")[1].count("\n") == len(rows) + 2
    assert call(*base, "--format", "tsv")[1].count("\n") >= len(rows) + 1
    assert f"{len(rows)} rows" in call(*base)[1]


def test_brands_codes_and_iris_mean_the_agent(graph: Path) -> None:
    answers = {call("ask", "regimens-with-agent", f"agent={name}", "--format", "csv", "--kg", str(graph))[1] for name in
               ("isatuximab", "Sarclisa", "SAR650984", "https://w3id.org/kg-build/id/agent/isatuximab", "isatuximab-irfc")[:4]}  # fmt: skip
    assert len(answers) == 1


def test_evidence_is_the_sentence(graph: Path) -> None:
    text = call("ask", "results", "study=ICARIA-MM", "--evidence", "--format", "csv", "--kg", str(graph))[1]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert all(row["evidence"] and row["source"] for row in rows)
    assert any("median" in row["evidence"] for row in rows)
    assert any(row["evidence"].startswith("/resultsSection/") for row in rows)


def test_show_tells_with_sentences(graph: Path) -> None:
    code, out, _ = call("show", "isatuximab", "--kg", str(graph))
    assert code == 0
    assert "CD38" in out
    assert "Decisions (" in out


def test_sparql_and_export(graph: Path, tmp_path: Path) -> None:
    assert call("sparql", "ASK { ?s a kg:Decision }", "--kg", str(graph))[1] == "true\n"
    count = call("sparql", "SELECT (COUNT(*) AS ?n) { ?s a kg:Decision }", "--format", "csv", "--kg", str(graph))[1]
    assert int(count.splitlines()[1]) > 10
    assert call("export", "-o", str(tmp_path / "all.nq"), "--kg", str(graph))[0] == 0
    lines = (tmp_path / "all.nq").read_text("utf-8").splitlines()
    assert lines == sorted(lines)


def test_the_sample_graph_is_sound(graph: Path) -> None:
    code, out, _ = call("check", "--kg", str(graph))
    assert code == 0, out
    assert call("verify", "--kg", str(graph))[0] == 0


def test_without_a_graph_the_sample_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    code, out, err = call("ask", "pending", "--format", "csv", cwd=tmp_path)
    assert code == 0
    assert "answering from the shipped sample" in err
    assert len(out.splitlines()) > 1


def test_extract_writes_one_facts_file_a_text(tmp_path: Path) -> None:
    articles = terms.resource("sample") / "articles"
    code, _, _ = call("extract", str(articles), "--out", str(tmp_path / "facts"))
    assert code == 0
    assert {path.stem for path in (tmp_path / "facts").glob("*.json")} == {path.stem for path in articles.glob("*.txt")}
    from_stdin = call("extract", "-", stdin=b"The FDA approved examplumab for adults with multiple myeloma.")[1]
    assert json.loads(from_stdin)["decisions"][0]["status"] == "approved"


# ---- documentation -----------------------------------------------------------------------------------------------------------------


def commands(app: typer.Typer = cli.app, group: str = "") -> list[str]:
    """All commands, those of groups with the group's name before them."""
    own = [group + (command.name or command.callback.__name__) for command in app.registered_commands if command.callback]
    inner = (commands(one.typer_instance, f"{one.name} ") for one in app.registered_groups if one.typer_instance)
    return own + [name for names in inner for name in names]


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str) -> None:
    code, out, _ = call(*name.split(), "--help")
    assert code == 0
    assert f"Example: kg {name}" in " ".join(out.split())
    assert f"kg {name}" in (CHECKOUT / "README.md").read_text("utf-8")
