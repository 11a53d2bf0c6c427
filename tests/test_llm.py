"""The optional reader by language model, against a local stub: the proven is taken, the unproven refused, a failure changes nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kg_build import cli, llm
from kg_build.errors import UsageError
from kg_build.lexicon import load
from kg_build.llm import endpoint
from kg_build.llm.proof import CONFIDENCE
from kg_build.reading import Facts, extract_facts

TEXT = (
    "Regulators in Ruritania said yes to qorilimab. In the RIVER-2 trial, people lived a median of 21.4 months on qorilimab "
    "(95% CI, 18.0-24.9). Nausea hit 31% of them.\nThe FDA approved zelotamab (Zelotra) for follicular lymphoma on May 2, 2024."
)


def said(value: Any, quote: str) -> dict[str, Any]:
    return {"value": value, "quote": quote}


RESULT = {
    "trial": said("RIVER-2", "RIVER-2 trial"),
    "endpoint": said("lived", "people lived a median"),
    "statistic": said("median", "21.4 months"),
    "value": said(21.4, "a median of 21.4 months"),
    "ci": said([18.0, 24.9], "95% CI, 18.0-24.9"),
    "ci_level": said(95, "95% CI"),
}


class Stub:
    """A chat server on loopback that answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str] | float] = []  # (status, body), or seconds of silence
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                stub.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = stub.answers.pop(0) if len(stub.answers) > 1 else stub.answers[0]
                if isinstance(answer, float):
                    time.sleep(answer)
                    return
                data = answer[1].encode()
                self.send_response(answer[0])
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, content: str) -> None:
        self.answers = [(200, json.dumps({"choices": [{"message": {"content": content}}]}))]


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def read(stub: Stub) -> Callable[[object], Facts]:
    def run(answer: object) -> Facts:
        stub.says(answer if isinstance(answer, str) else json.dumps(answer))
        return llm.extended(TEXT, extract_facts(TEXT, load()), load(), endpoint.Endpoint(stub.url, "stub", seconds=2))

    return run


def by_rules() -> Facts:
    return extract_facts(TEXT, load())


def test_what_is_proven_is_added_with_its_spans(read) -> None:
    facts = read({"results": [RESULT], "adverse_events": [{"event": said("Nausea", "Nausea hit"), "percent": said(31, "31%")}]})
    (result,) = [fact for fact in facts.results if fact.confidence == CONFIDENCE]
    assert (result.trial, result.value, result.unit, result.ci, result.ci_level) == ("RIVER-2", 21.4, "months", (18.0, 24.9), 95)
    (event,) = [fact for fact in facts.adverse_events if fact.confidence == CONFIDENCE]
    assert (event.event, event.percent) == ("Nausea", 31)
    assert all(TEXT[e.start : e.end] == e.quote for fact in (result, event) for e in fact.evidence)


WRONG = {
    "a quote that does not stand in the text": {**RESULT, "value": said(21.4, "a mean of 21.4 months")},
    "a value that its quote does not give": {**RESULT, "value": said(24.1, "a median of 21.4 months")},
    "a name that its quote does not hold": {**RESULT, "trial": said("RIVER-3", "RIVER-2 trial")},
    "a kind of figure that is not printed": {**RESULT, "statistic": said("hazard-ratio", "21.4 months")},
    "no quote at all": {**RESULT, "value": {"value": 21.4}},
    "a slot of another shape": {**RESULT, "value": [said(21.4, "a median of 21.4 months")]},
    "a statistic no schema knows": {**RESULT, "statistic": said("sum", "21.4 months")},
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_is_not_proven_is_refused(read, case: str) -> None:
    assert read({"results": [WRONG[case]]}) == by_rules()


def test_a_bad_slot_costs_the_slot_not_the_fact(read) -> None:
    facts = read({"results": [{**RESULT, "ci": said([18.0, 25.9], "95% CI, 18.0-24.9")}]})
    (result,) = [fact for fact in facts.results if fact.confidence == CONFIDENCE]
    assert (result.value, result.ci) == (21.4, None)


def test_what_the_rules_have_read_is_not_told_twice(read) -> None:
    decision = {
        "regulator": said("FDA", "The FDA"), "status": said("approved", "approved zelotamab"), "regimen": [said("zelotamab", "zelotamab")],
        "condition": said("follicular lymphoma", "follicular lymphoma"),
    }  # fmt: skip
    assert read({"decisions": [decision], "agents": [{"name": said("zelotamab", "zelotamab (Zelotra)")}]}) == by_rules()


def test_a_fence_around_the_json_does_no_harm(read) -> None:
    assert len(read(f"Here it is:\n```json\n{json.dumps({'results': [RESULT]})}\n```").results) == len(by_rules().results) + 1


@pytest.mark.parametrize(
    "answer", ["", "no facts", "{", '{"results": [', "[1, 2]", '{"results": 3, "trials": [4, {"name": 5}]}', "{" * 5000]
)
def test_broken_answers_change_nothing(read, answer: str, caplog: pytest.LogCaptureFixture) -> None:
    assert read(answer) == by_rules()


def test_arms_are_those_whose_regimens_are_proven(read) -> None:
    trial = {"name": said("RIVER-9", "RIVER-2"), "arms": []}
    known = {
        "name": said("RIVER-2", "RIVER-2"),
        "arms": [{"id": "X", "regimen": [said("qorilimab", "qorilimab")]}, {"id": "Y", "regimen": []}],
    }
    facts = read({"trials": [trial, known], "results": [{**RESULT, "arm": "X"}, {**RESULT, "value": said(31, "31%"), "arm": "Y"}]})
    added = [fact for fact in facts.results if fact.confidence == CONFIDENCE]
    ids = {arm.id for trial in facts.trials for arm in trial.arms}
    assert all(fact.arm is None or fact.arm in ids for fact in added)


# ---- the wire --------------------------------------------------------------------------------------------------------------------


def test_a_busy_server_is_asked_again(stub: Stub) -> None:
    stub.answers = [(503, "busy"), (429, "slow down"), (200, json.dumps({"choices": [{"message": {"content": "{}"}}]}))]
    assert endpoint.Endpoint(stub.url, "stub", seconds=5)("read", "text") == "{}"
    assert len(stub.asked) == 3


FAILURES: dict[str, tuple[list[Any], str]] = {
    "always busy": ([(503, "busy")], "answered HTTP 503"),
    "no key": ([(401, "who are you")], "answered HTTP 401: who are you"),
    "no chat": ([(200, "[]")], "not one of a chat endpoint"),
    "no json": ([(200, "<html>")], "not one of a chat endpoint"),
    "silence": ([0.6], "no answer within 0.2 s"),
}


@pytest.mark.parametrize("case", sorted(FAILURES))
def test_a_failing_server_leaves_the_facts_of_the_rules(stub: Stub, case: str, caplog: pytest.LogCaptureFixture) -> None:
    stub.answers, reason = FAILURES[case]
    model = endpoint.Endpoint(stub.url, "stub", seconds=0.2)
    assert llm.extended(TEXT, by_rules(), load(), model) == by_rules()
    assert reason in caplog.text


def test_a_server_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    assert llm.extended(TEXT, by_rules(), load(), endpoint.Endpoint("http://127.0.0.1:9/v1", "stub", seconds=1)) == by_rules()
    assert "cannot be reached" in caplog.text


def test_both_dialects_are_spoken(stub: Stub) -> None:
    stub.says("{}")
    endpoint.Endpoint(stub.url, "m1", "secret", 5)("read", "text")
    stub.answers = [(200, json.dumps({"content": [{"type": "text", "text": "{}"}]}))]
    assert endpoint.Endpoint(f"{stub.url}/messages", "m2", "secret", 5)("read", "text") == "{}"
    (first, one, said_one), (second, two, said_two) = stub.asked
    assert (first, one["authorization"], said_one["model"]) == ("/v1/chat/completions", "Bearer secret", "m1")
    assert (second, two["x-api-key"], said_two["model"]) == ("/v1/messages", "secret", "m2")


# ---- off unless named ------------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_unless_an_address_is_named(stub: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> None:
    monkeypatch.delenv(endpoint.URL, raising=False)
    assert endpoint.named_model() is None
    stub.says(json.dumps({"results": [RESULT]}))
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    run(["extract", str(path)])
    without = json.loads(capsys.readouterr().out)
    assert stub.asked == []
    monkeypatch.setenv(endpoint.URL, "")  # what the command sets is undone with the test
    monkeypatch.setenv(endpoint.NAME, "")
    run(["extract", str(path), "--llm", stub.url, "--model", "stub"])
    assert len(json.loads(capsys.readouterr().out)["results"]) == len(without.get("results", [])) + 1
    assert len(stub.asked) == 1


def run(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code in (0, None)


@pytest.mark.parametrize(("given", "reason"), [({endpoint.URL: "ftp://x"}, "http"), ({endpoint.URL: "http://127.0.0.1:1/v1"}, "--model")])
def test_an_incomplete_name_is_a_wrong_call(given: dict[str, str], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        endpoint.named_model(given)
