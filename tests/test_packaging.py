"""The wheel, the wheel made from the sdist, and the editable install carry ontology, queries and sample, wherever they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def run(*command: str, cwd: Path, **environment: str) -> str:
    env = {**os.environ, **environment}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make(kind: str, source: Path, out: Path) -> Path:
    run(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", str(out), str(source), cwd=out)
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folder of the installed package by the way it was made."""
    root = tmp_path_factory.mktemp("packages")
    made: dict[str, Path] = {}
    for name in ("wheel", "sdist"):
        out, target = root / name, root / f"{name}-installed"
        out.mkdir()
        source = CHECKOUT
        if name == "sdist":
            archive = make("sdist", CHECKOUT, out)
            run("tar", "xzf", str(archive), cwd=out)
            source = next(path for path in out.iterdir() if path.is_dir())
        wheel = make("wheel", source, out)
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=root)
        made[name] = target
    return made


@pytest.mark.parametrize("name", ["wheel", "sdist", "editable"])
def test_an_installed_package_builds_and_answers_from_any_folder(name: str, wheels: dict[str, Path], tmp_path: Path) -> None:
    path = str(wheels[name]) if name != "editable" else ""
    where = run(sys.executable, "-c", "import kg_build; print(kg_build.__file__)", cwd=tmp_path, PYTHONPATH=path)
    assert where.startswith(path or str(CHECKOUT / "src"))
    run(sys.executable, "-m", "kg_build", "build", "--out", "graph", "--workers", "1", cwd=tmp_path, PYTHONPATH=path)
    answer = run(
        sys.executable,
        "-m",
        "kg_build",
        "ask",
        "approvals",
        "agent=isatuximab",
        "--format",
        "csv",
        "--kg",
        "graph",
        cwd=tmp_path,
        PYTHONPATH=path,
    )
    assert "NMPA" in answer
    resources = run(
        sys.executable,
        "-c",
        "from kg_build.terms import resource; print(*(resource(n).is_dir() for n in ('ontology', 'queries', 'sample')))",
        cwd=tmp_path,
        PYTHONPATH=path,
    )
    assert resources.split() == ["True"] * 3
