"""Every command of the README runs, in an empty folder, as a newcomer would run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg_build import questions, terms

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")


def console() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [line[2:].partition("  #")[0].strip() for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with a `kg` command, some news, studies and an archive."""
    root = tmp_path_factory.mktemp("newcomer")
    sample = terms.resource("sample")
    shutil.copytree(sample / "articles", root / "news")
    shutil.copy(sorted((sample / "articles").glob("*.txt"))[0], root / "article.txt")
    import gzip

    studies = (path.read_text("utf-8") for path in sorted((sample / "ctgov").glob("*.json")))
    import json

    with gzip.open(root / "studies.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(json.loads(study)) + "\n" for study in studies)
    shutil.make_archive(str(root / "drugsatfda"), "zip", sample / "drugsfda")
    (root / "bin").mkdir()
    (root / "bin" / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg_build "$@"\n')
    (root / "bin" / "kg").chmod(0o755)
    return root


def test_every_command_of_the_readme_works(folder: Path) -> None:
    commands = sorted(console(), key=lambda command: not command.startswith("kg build"))
    assert len(commands) >= 12
    env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    for command in commands:
        done = subprocess.run(command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout or done.stderr, command


def test_the_python_of_the_readme_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "NMPA" in done.stdout or "National Medical" in done.stdout


def test_every_link_and_question_of_the_readme_exists() -> None:
    root = Path(__file__).resolve().parents[1]
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (root / target).exists(), target
    for name in re.findall(r"kg ask ([\w-]+)", README):
        questions.question(name)
