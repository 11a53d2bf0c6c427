"""What lies in the folder: whole fetches only, resumed after a kill, renewed when something has changed, asked politely."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from invented import APPLICATIONS, NOON, PAGE_SIZE, QUICK, REQUESTS, STUDIES, application, study, workbook, zipped
from registry import Registry, Reply
from replay import Handler, Replay, file, openfda

from kg_build import retries
from kg_build.errors import FetchError, UsageError
from kg_build.fetching import ctgov, drugsfda, ema
from kg_build.fetching import openfda as fda
from kg_build.fetching.asking import Request
from kg_build.fetching.checkpoint import Checkpoint
from kg_build.fetching.client import Client, Policy
from kg_build.fetching.flow import Result, fetch, folder_of

LATER = NOON + timedelta(days=7)


def at(moment: datetime, request: Request, out: Path) -> Result:
    with Client(QUICK, clock=lambda: moment) as client:
        return fetch(request, out, client)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_answers_lie_as_they_came_with_where_and_when(replay: Replay, tmp_path: Path) -> None:
    result = at(NOON, REQUESTS["ctgov"](replay.url), tmp_path / "data")
    assert (result.whole.records, result.files, result.new, result.folder.name) == (23, 5, True, "2026-08-11T120000Z")
    lines = [json.loads(line) for line in (result.folder / "fetched.jsonl").read_text().splitlines()]
    assert [line["file"] for line in lines] == [f"{number:05}.json" for number in range(1, 6)]
    for line in lines:
        data = (result.folder / line["file"]).read_bytes()
        assert (line["bytes"], line["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        assert line["url"].startswith(f"{replay.url}/api/v2/studies?format=json&query.term=qorilimab")
        assert line["retrieved"] == "2026-08-11T12:00:00Z"
    assert [s for path in sorted(result.folder.glob("0*.json")) for s in json.loads(path.read_bytes())["studies"]] == STUDIES


@pytest.mark.parametrize("kind", REQUESTS)
def test_what_says_the_same_is_not_kept_twice(kind: str, replay: Replay, tmp_path: Path) -> None:
    first = at(NOON, REQUESTS[kind](replay.url), tmp_path)
    again = at(LATER, REQUESTS[kind](replay.url), tmp_path)
    assert (again.folder, again.new, again.whole) == (first.folder, False, first.whole)
    assert names(first.folder.parent) == [first.folder.name]


def test_what_has_changed_lies_beside_what_was(replay: Replay, tmp_path: Path) -> None:
    first = at(NOON, REQUESTS["ctgov"](replay.url), tmp_path)
    replay.routes["/api/v2"] = Registry([*STUDIES, study(23)]).answer
    second = at(LATER, REQUESTS["ctgov"](replay.url), tmp_path)
    assert names(first.folder.parent) == ["2026-08-11T120000Z", "2026-08-18T120000Z"]
    assert (first.whole.records, second.whole.records) == (23, 24)


def test_requests_that_read_alike_have_folders_of_their_own() -> None:
    found = {ctgov.request(query=query, since=since).name for query in ("CD-38", "CD 38") for since in (None, "2024-01-01")}
    assert len(found) == 4


# ---- files -------------------------------------------------------------------------------------------------------------------------

TABLES = dict.fromkeys(("Applications.txt", "Products.txt", "Submissions.txt"), "x\n")


def test_a_file_is_sent_again_only_when_it_has_changed(replay: Replay, tmp_path: Path) -> None:
    replay.routes["/fda.zip"] = file(zipped(**TABLES), "application/zip")
    requests = [drugsfda.request(f"{replay.url}/fda.zip"), ema.request(f"{replay.url}/medicines.xlsx")]
    first = [at(NOON, request, tmp_path) for request in requests]
    again = [at(LATER, request, tmp_path) for request in requests]
    assert [result.folder for result in again] == [result.folder for result in first]
    for _, headers in replay.asked[2:]:
        assert headers["if-none-match"].startswith('"')
        assert headers["if-modified-since"].endswith("GMT")
    replay.routes["/fda.zip"] = file(zipped(**TABLES, **{"TE.txt": "y\n"}), "application/zip")
    assert at(LATER, requests[0], tmp_path).new
    damaged = first[1].folder / "medicines.xlsx"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert at(LATER, requests[1], tmp_path).new  # what is damaged here is asked for without conditions
    assert "if-none-match" not in replay.asked[-1][1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><body>Too many requests</body></html>", "something else than the file"),
        (zipped(other="x"), "does not hold the tables"),
        (zipped(**TABLES)[:-30], r"damaged .*tries: 6"),
        (zipped(**TABLES).replace(b"x\n", b"y\n", 1), r"damaged .*tries: 6"),
    ],
)
def test_a_file_that_is_not_whole_or_another_is_not_kept(data: bytes, reason: str, replay: Replay, tmp_path: Path) -> None:
    stored = zipped(**TABLES) if data != zipped(**TABLES) else b""
    assert stored
    replay.routes["/fda.zip"] = file(data, "application/zip")
    with pytest.raises(FetchError, match=reason):
        at(NOON, drugsfda.request(f"{replay.url}/fda.zip"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_workbook_that_is_none_is_not_kept(replay: Replay, tmp_path: Path) -> None:
    replay.routes["/medicines.xlsx"] = file(zipped(other="x"), "application/zip")
    with pytest.raises(FetchError, match="not the table of medicines"):
        at(NOON, ema.request(f"{replay.url}/medicines.xlsx"), tmp_path)
    assert workbook()[:2] == b"PK"


# ---- openFDA -----------------------------------------------------------------------------------------------------------------------


def test_a_whole_endpoint_as_its_bulk_files(replay: Replay, tmp_path: Path) -> None:
    parts = [{"file": f"{replay.url}/bulk/drug-label-000{n}.json.zip", "records": n} for n in (1, 2)]
    export = {"export_date": "2026-08-11", "total_records": 3, "partitions": parts}
    index = {"meta": {}, "results": {"drug": {"label": export, "event": {}}, "device": {}}}
    replay.routes["/download.json"] = lambda path, given: Reply(200, json.dumps(index).encode())
    replay.routes["/bulk/"] = lambda path, given: Reply(200, zipped(**{path.removesuffix(".zip"): json.dumps({"results": [path]})}))
    result = at(NOON, fda.request("label", whole=True, api=replay.url), tmp_path)
    assert (result.whole.records, result.files) == (3, 2)
    assert names(result.folder) == ["drug-label-0001.json.zip", "drug-label-0002.json.zip", "fetched.jsonl"]
    export["total_records"] = 4
    with pytest.raises(FetchError, match="do not make up the 4 records"):
        at(LATER, fda.request("label", whole=True, api=replay.url), tmp_path)


def test_nothing_that_matches_is_said(replay: Replay, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no record matches"):
        at(NOON, fda.request("drugsfda", 'openfda.generic_name:"nothing"', api=replay.url), tmp_path / "out")
    with pytest.raises(FetchError, match="no study matches"):
        at(NOON, ctgov.request(query="nothing", api=f"{replay.url}/api/v2"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_more_than_can_be_paged_through_is_said_at_once(replay: Replay, tmp_path: Path) -> None:
    many = {"meta": {"results": {"skip": 0, "limit": PAGE_SIZE, "total": 26_001}}, "results": [application(n) for n in range(PAGE_SIZE)]}
    replay.routes = {"/drug/label.json": lambda path, given: Reply(200, json.dumps(many).encode())}
    with pytest.raises(FetchError, match="26,001 records match"):
        at(NOON, fda.request("label", "effective_time:2020", api=replay.url), tmp_path)


def test_a_key_goes_to_its_own_host_alone(replay: Replay, tmp_path: Path) -> None:
    other = Replay({"/drug/drugsfda.json": openfda(APPLICATIONS)}).start()

    def elsewhere(handler: Handler, reply: Reply) -> None:
        handler.send(Reply(302, b"", {"location": other.url.replace("127.0.0.1", "localhost") + handler.path}))

    request = REQUESTS["openfda"](replay.url)
    replay.faults = lambda number: elsewhere if number else None
    os.environ["KG_FETCH_LOOPBACK"] = "1"
    try:
        with Client(QUICK, {"127.0.0.1": "SECRET"}, clock=lambda: NOON) as client:
            result = fetch(request, tmp_path, client)
    finally:
        del os.environ["KG_FETCH_LOOPBACK"]
        other.shutdown()
        other.server_close()
    assert all(headers.get("authorization") == "Basic U0VDUkVUOg==" for _, headers in replay.asked)
    assert len(other.asked) == 3
    assert not any("authorization" in headers for _, headers in other.asked)
    assert b"SECRET" not in (result.folder / "fetched.jsonl").read_bytes()


# ---- searches ----------------------------------------------------------------------------------------------------------------------


def test_numbers_are_asked_for_in_batches_and_the_missing_told(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctgov, "BATCH", 7)
    aliased = study(30)
    aliased["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT80000001"]
    replay.routes["/api/v2"] = Registry([*STUDIES, aliased]).answer
    ids = [f"nct9{number:07}" for number in range(18, 26)] + ["NCT80000001", "NCT90000018"]
    result = at(NOON, ctgov.request(ids=ids, api=f"{replay.url}/api/v2"), tmp_path)
    assert result.whole.records == 6
    assert result.whole.missing == ("NCT90000023", "NCT90000024", "NCT90000025")


def test_since_narrows_words_and_numbers_alike(replay: Replay, tmp_path: Path) -> None:
    api = f"{replay.url}/api/v2"
    for number, (given, count) in enumerate(
        [
            ({"since": "2026-01-20"}, 4),
            ({"since": "2026-01-20", "query": "NCT90000021 OR NCT90000003"}, 1),
            ({"since": "2026-01-20", "ids": ["NCT90000021", "NCT90000003"]}, 1),
            ({"condition": "myeloma", "since": "2026-01-20"}, 1),
            ({"intervention": "qorilimab", "condition": "ovarian"}, 15),
        ]
    ):
        result = at(NOON, ctgov.request(api=api, **given), tmp_path / str(number))
        assert (result.whole.records, result.whole.missing) == (count, ()), given


@pytest.mark.parametrize(
    ("given", "reason"),
    [({}, "search for something"), ({"ids": ["NCT1"]}, "no NCT number"), ({"since": "yesterday"}, "no day"), ({"since": "2026"}, "no day")],
)
def test_a_wrong_search_is_a_wrong_call(given: dict[str, object], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        ctgov.request(**given)  # type: ignore[arg-type]


# ---- unfinished fetches --------------------------------------------------------------------------------------------------------------

CHILD = """
import sys
from kg_build import cli
from kg_build.fetching import ctgov
from kg_build.fetching.client import Policy
ctgov.PAGE, ctgov.POLICY = 5, Policy(per_minute=float("inf"), backoff=0.0)
cli.main(sys.argv[1:])
"""


def command(replay: Replay, out: Path) -> list[str]:
    return [sys.executable, "-c", CHILD, "fetch", "ctgov", "--query", "qorilimab", "--url", f"{replay.url}/api/v2", "--out", str(out)]


def bodies(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}


def test_a_killed_fetch_goes_on_where_it_was(replay: Replay, tmp_path: Path) -> None:
    want = bodies(at(NOON, REQUESTS["ctgov"](replay.url), tmp_path / "sound").folder)
    folder = folder_of(REQUESTS["ctgov"](replay.url), tmp_path / "out")
    for stop in (2, 3, 5):
        start = len(replay.asked)

        def slow(handler: Handler, reply: Reply, start: int = start, stop: int = stop) -> None:
            if len(replay.asked) >= start + stop:
                time.sleep(30)
            handler.send(reply)

        replay.faults = lambda number, slow=slow: slow
        with subprocess.Popen(command(replay, tmp_path / "out"), stderr=subprocess.DEVNULL) as child:
            while len(replay.asked) < start + stop:
                time.sleep(0.01)
                assert child.poll() is None
            child.send_signal(signal.SIGKILL)
        assert names(folder) == [".partial"]
        if stop == 3:
            (folder / ".partial" / "00002.json").write_bytes(b"damaged")  # what is kept is looked at
    replay.faults = lambda number: None
    start = len(replay.asked)
    subprocess.run(command(replay, tmp_path / "out"), check=True, capture_output=True)
    assert len(replay.asked) - start == 1  # the last page was there; the total is asked again
    (whole,) = folder.iterdir()
    assert bodies(whole) == want


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_around_the_publishing_leaves_all_or_nothing(moment: str, replay: Replay, tmp_path: Path) -> None:
    kill = "    os.kill(os.getpid(), signal.SIGKILL)\n"
    body = f"{kill}    real(self, target)\n" if moment == "before" else f"    real(self, target)\n{kill}"
    killing = "import os, pathlib, signal\nreal = pathlib.Path.rename\ndef rename(self, target):\n"
    killing += f"{body}pathlib.Path.rename = rename\n"
    child = command(replay, tmp_path)
    killed = subprocess.run([child[0], "-c", killing + CHILD, *child[3:]], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    folder = folder_of(REQUESTS["ctgov"](replay.url), tmp_path)
    assert (names(folder) == [".partial"]) == (moment == "before")
    asked = len(replay.asked)
    assert subprocess.run(child, check=True, capture_output=True).stdout
    assert len(names(folder)) == 1
    if moment == "before":
        assert len(replay.asked) - asked <= 1  # at most the total again


def test_pages_of_another_day_are_not_gone_on_from(replay: Replay, tmp_path: Path) -> None:
    broken_off(replay, "ctgov", tmp_path)
    shutil.copytree(tmp_path, tmp_path / "copy")
    for moment, out, asked in ((NOON + timedelta(hours=23), tmp_path / "copy", 4), (LATER, tmp_path, 6)):
        replay.asked.clear()
        assert at(moment, REQUESTS["ctgov"](replay.url), out).whole.records == 23
        assert len(replay.asked) == asked


def broken_off(replay: Replay, kind: str, out: Path) -> None:
    """A fetch that got two answers, and no third."""
    replay.faults = lambda number: (lambda handler, reply: handler.reset()) if number >= 2 else None
    with pytest.raises(FetchError, match="2 answers are kept"):
        at(NOON, REQUESTS[kind](replay.url), out)
    replay.faults = lambda number: None
    replay.asked.clear()


def test_a_token_that_has_run_out_begins_anew(replay: Replay, tmp_path: Path) -> None:
    broken_off(replay, "ctgov", tmp_path)
    replay.faults = lambda number: None if number else lambda handler, reply: handler.send(Reply(400, b"token expired"))
    assert at(NOON, REQUESTS["ctgov"](replay.url), tmp_path).whole.records == 23
    assert len(replay.asked) == 1 + 6


def test_a_question_that_is_refused_anew_is_an_error(replay: Replay, tmp_path: Path) -> None:
    broken_off(replay, "ctgov", tmp_path)
    replay.faults = lambda number: lambda handler, reply: handler.send(Reply(400, b"no", {"content-type": "text/plain"}))
    with pytest.raises(FetchError, match=r"HTTP 400: no$"):
        at(NOON, REQUESTS["ctgov"](replay.url), tmp_path)
    assert (len(replay.asked), list(tmp_path.iterdir())) == (2, [])


def test_kept_answers_that_no_longer_fit_are_fetched_anew(replay: Replay, tmp_path: Path) -> None:
    want = bodies(at(NOON, REQUESTS["openfda"](replay.url), tmp_path / "sound").folder)
    replay.asked.clear()
    replay.routes["/drug/drugsfda.json"] = openfda([*APPLICATIONS, application(17)])
    broken_off(replay, "openfda", tmp_path / "out")
    replay.routes["/drug/drugsfda.json"] = openfda(APPLICATIONS)  # one has gone since
    assert bodies(at(NOON, REQUESTS["openfda"](replay.url), tmp_path / "out").folder) == want


def test_two_at_once_do_not_mix(replay: Replay, tmp_path: Path) -> None:
    request = REQUESTS["ctgov"](replay.url)
    with Checkpoint(folder_of(request, tmp_path), NOON), pytest.raises(FetchError, match="another kg fetch is at work"):
        at(NOON, request, tmp_path)
    assert at(NOON, request, tmp_path).new


# ---- manners -----------------------------------------------------------------------------------------------------------------------


def test_questions_keep_their_pace(replay: Replay, tmp_path: Path) -> None:
    with Client(Policy(per_minute=600, backoff=0.0), clock=lambda: NOON) as client:
        began = time.monotonic()
        fetch(REQUESTS["openfda"](replay.url), tmp_path, client)
    assert time.monotonic() - began >= 3 * 0.1  # four questions, a tenth of a second from one to the next
    assert all(headers["user-agent"].startswith("kg-build/") for _, headers in replay.asked)


def test_a_server_waits_as_long_as_it_asks(replay: Replay, tmp_path: Path) -> None:
    replay.faults = lambda number: None if number else lambda handler, reply: handler.send(Reply(429, b"", {"retry-after": "1"}))
    began = time.monotonic()
    assert at(NOON, REQUESTS["openfda"](replay.url), tmp_path).new
    assert time.monotonic() - began >= 1


def test_a_server_that_asks_for_hours_is_asked_another_time(replay: Replay, tmp_path: Path) -> None:
    replay.faults = lambda number: None if number < 2 else lambda handler, reply: handler.send(Reply(503, b"", {"retry-after": "3600"}))
    with pytest.raises(FetchError, match=r"HTTP 503; it asks to come back in 3,600 s \(tries: 1\); 2 answers are kept"):
        at(NOON, REQUESTS["openfda"](replay.url), tmp_path)


def test_waits_grow_and_are_never_the_same() -> None:
    def waits(asked: float | None = None) -> list[float]:
        found: list[float] = []

        def fail() -> None:
            raise retries.BusyError("busy", asked)

        with pytest.raises(retries.BusyError):
            retries.retrying(6, (retries.BusyError,), 1.0, found.append)(fail)
        return found

    many = [waits() for _ in range(200)]
    assert all(len(one) == 5 for one in many)
    for number in range(5):
        tops = [one[number] for one in many]
        assert 0 <= min(tops) < 2**number / 4
        assert 2**number / 2 < max(tops) <= 2**number
    assert all(one >= 20 for one in waits(20.0))
    assert waits(retries.LONGEST + 1) == []


def test_times_are_utc() -> None:
    assert retries.asked_wait("Wed, 01 Jan 2025 00:01:00 -0000", datetime(2025, 1, 1, tzinfo=UTC)) == 60
