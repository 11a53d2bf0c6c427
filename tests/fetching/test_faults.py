"""Whatever goes wrong on the way: the same bytes as without, or a clear error and nothing published."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from faults import LASTING, PASSING, schedule
from invented import REQUESTS
from replay import Fault, Replay

from kg_build.errors import FetchError
from kg_build.fetching.client import Client
from kg_build.fetching.flow import fetch, folder_of

Said = pytest.CaptureFixture[str]
SCHEDULES = int(os.environ.get("KG_SCHEDULES", "60"))


def published(folder: Path) -> dict[str, bytes]:
    """Every file of a whole fetch, also of what tells how it was fetched."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def once(replay: Replay, kind: str, out: Path, client: Client) -> Path:
    return fetch(REQUESTS[kind](replay.url), out, client).folder


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("name", PASSING)
def test_what_another_try_mends_changes_nothing(kind: str, name: str, replay: Replay, client: Client, tmp_path: Path) -> None:
    want = published(once(replay, kind, tmp_path / "sound", client))
    sound = len(replay.asked)
    replay.faults = {sound + 1: PASSING[name]}.get
    assert published(once(replay, kind, tmp_path / "out", client)) == want
    assert len(replay.asked) == 2 * sound + 1  # one of the questions again


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("name", PASSING)
def test_six_tries_and_then_no_more(kind: str, name: str, replay: Replay, client: Client, tmp_path: Path) -> None:
    replay.faults = lambda number: PASSING[name] if number else None
    with pytest.raises(FetchError, match=r"tries: 6\); 1 answers are kept, the same command goes on from there"):
        once(replay, kind, tmp_path, client)
    assert len(replay.asked) == 1 + 6
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and ".partial" not in path.parts]


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k in REQUESTS for n in LASTING if (k, n) != ("openfda", "token repeated")])
def test_what_cannot_be_true_is_not_published(kind: str, name: str, replay: Replay, client: Client, tmp_path: Path) -> None:
    want = published(once(replay, kind, tmp_path / "sound", client))
    first = len(replay.asked)
    replay.faults = lambda number: LASTING[name] if number == first + 1 else None
    with pytest.raises(FetchError):
        once(replay, kind, tmp_path / "out", client)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file() and ".partial" not in path.parts]
    replay.faults = lambda number: None
    assert published(once(replay, kind, tmp_path / "out", client)) == want


def test_random_schedules_give_the_same_bytes_or_nothing(replay: Replay, client: Client, tmp_path: Path, capsys: Said) -> None:
    """KG_SCHEDULES says how many (`make faults`: 500)."""
    want = {kind: published(once(replay, kind, tmp_path / f"sound-{number}", client)) for number, kind in enumerate(REQUESTS)}
    ends: Counter[str] = Counter()
    for seed in range(SCHEDULES):
        kind = list(REQUESTS)[seed % len(REQUESTS)]
        out = tmp_path / str(seed)
        replay.asked.clear()
        drawn = schedule(seed)
        replay.faults = drawn
        try:
            got = published(once(replay, kind, out, client))
        except FetchError as error:
            ends["refused"] += 1
            assert len(str(error).splitlines()) == 1
            assert not [path for path in out.rglob("*") if path.is_file() and ".partial" not in path.parts], seed
            replay.faults = lambda number: None
            got = published(once(replay, kind, out, client))  # what was kept is sound
        else:
            ends["same bytes"] += 1
            ends["of these with faults"] += any(drawn(number) for number in range(len(replay.asked)))
        assert got == want[kind], seed
        assert not list(folder_of(REQUESTS[kind](replay.url), out).glob(".*"))
    with capsys.disabled():
        sys.stdout.write(f"\n{SCHEDULES} schedules: {dict(ends)}\n")
    assert ends["refused"] >= SCHEDULES // 10
    assert ends["of these with faults"] >= SCHEDULES // 4


def test_a_fault_that_no_test_names_does_not_exist() -> None:
    faults: list[Fault] = [*PASSING.values(), *LASTING.values()]
    assert len(faults) == len(set(map(id, faults))) == 28
