"""Addresses of pages: http(s) only, public ones only, at each redirect too; caps on size and time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from invented import NOON, PAGE, QUICK
from registry import Reply
from replay import Handler, Replay, file

from kg_build.errors import FetchError
from kg_build.fetching import addresses, article
from kg_build.fetching.client import Client, Policy
from kg_build.fetching.flow import Result, fetch

POLICY = Policy(per_minute=float("inf"), backoff=0.0, silence=1.0, seconds=2.0, max_bytes=200_000, public=True)
NAMES = {
    "public.example": ["93.184.215.14"],
    "inside.example": ["10.0.0.5"],
    "half.example": ["93.184.215.14", "192.168.1.1"],
    "cloud.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "six.example": ["fd00::1"],
    "translated.example": ["64:ff9b::a00:5"],
    "shared.example": ["100.64.0.1"],
    "zero.example": ["0.0.0.0"],
    "many.example": ["224.0.0.1"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A net of invented names; numbers stay what they are."""
    real, known = socket.getaddrinfo, dict(NAMES)

    def find(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host in known:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]
        if host.endswith(".example"):
            raise socket.gaierror(-2, "Name or service not known")
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    return known


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client of pages that may ask the replay server on loopback."""
    monkeypatch.setenv(addresses.LOOPBACK, "1")
    with Client(POLICY, clock=lambda: NOON) as client:
        yield client


def get(url: str, out: Path, client: Client) -> Result:
    return fetch(article.request(url), out, client)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://public.example/x", "gopher://x", "/etc/passwd", "http://", "data:text/html,x", "http://[::1"]
)
def test_other_schemes_are_no_addresses(url: str) -> None:
    with pytest.raises(FetchError):
        article.request(url)


def test_a_name_and_password_are_not_passed_on() -> None:
    with pytest.raises(FetchError, match="name or password") as told:
        article.request("https://user:secret@public.example/")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "host", [*(name for name in NAMES if name != "public.example"), "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost"]
)
def test_private_addresses_are_refused_before_anything_is_sent(host: str, tmp_path: Path) -> None:
    with Client(POLICY) as client, pytest.raises(FetchError, match="private address"):
        get(f"http://{host}/x", tmp_path / "out", client)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://inside.example/", "private address"),
        ("http://169.254.169.254/latest/meta-data/", "private address"),
        ("//cloud.example/", "private address"),
        ("file:///etc/passwd", "only http and https"),
        ("http://user:secret@public.example/", "name or password"),
        ("http://[::1", "Invalid URL in location"),
    ],
)
def test_each_redirect_is_judged(location: str, reason: str, replay: Replay, page: Client, tmp_path: Path) -> None:
    replay.faults = lambda number: lambda handler, reply: handler.send(Reply(302, b"", {"location": location}))
    with pytest.raises(FetchError, match=reason):
        get(f"{replay.url}/news/a", tmp_path / "out", page)
    assert len(replay.asked) in {1, 6}
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("redirects", "fine"), [(3, True), (4, False)])
def test_at_most_three_redirects(redirects: int, fine: bool, replay: Replay, page: Client, tmp_path: Path) -> None:
    def fault(number: int) -> Any:
        return (lambda handler, reply: handler.send(Reply(301, b"", {"location": f"/news/{number}"}))) if number < redirects else None

    replay.faults = fault
    if fine:
        (entry,) = (tmp_path / "out").rglob("*.html") if get(f"{replay.url}/news/a", tmp_path / "out", page) else ()
        assert entry.read_bytes() == PAGE
    else:
        with pytest.raises(FetchError, match="more than 3 redirects"):
            get(f"{replay.url}/news/a", tmp_path / "out", page)


def test_the_address_that_was_checked_is_the_one_connected_to(names: dict[str, list[str]]) -> None:
    """A name that means another address a moment later gains nothing."""
    seen: list[httpx.Request] = []

    def inner(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        host = request.url.host
        names["public.example"] = ["127.0.0.1"]
        return httpx.Response(200, text=host)

    transport = addresses.PublicTransport()
    transport._inner = httpx.MockTransport(inner)  # type: ignore[assignment]
    with httpx.Client(transport=transport) as client:
        answer = client.get("https://public.example/x")
        assert answer.text == "93.184.215.14"
        assert (seen[0].headers["host"], seen[0].extensions["sni_hostname"]) == ("public.example", "public.example")
        assert str(answer.request.url) == "https://public.example/x"
        with pytest.raises(FetchError, match="private"):
            client.get("https://public.example/x")


def test_an_unknown_name_is_one_clear_line(page: Client, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"nowhere\.example.*tries: 6"):
        get("http://nowhere.example/", tmp_path / "out", page)


# ---- caps --------------------------------------------------------------------------------------------------------------------------


def test_what_is_too_large_is_cut_off(replay: Replay, page: Client, tmp_path: Path) -> None:
    replay.routes["/news/"] = file(b"word " * 100_000, "text/plain")
    with pytest.raises(FetchError, match="larger than"):
        get(f"{replay.url}/news/a", tmp_path / "out", page)
    assert not (tmp_path / "out").exists()


def test_an_endless_answer_ends(replay: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends a byte now and then is never silent: the time of the whole answer is what ends it."""
    monkeypatch.setenv(addresses.LOOPBACK, "1")

    def drip(handler: Handler, reply: Reply) -> None:
        handler.head(reply, len(reply.body))
        for byte in reply.body:
            handler.wfile.write(bytes((byte,)))
            handler.wfile.flush()
            time.sleep(0.05)

    def drip_headers(handler: Handler, reply: Reply) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(400):
            handler.wfile.write(b"x-%d: 1\r\n" % number)
            handler.wfile.flush()
            time.sleep(0.05)

    slow = Policy(per_minute=float("inf"), tries=2, backoff=0.0, silence=1.0, seconds=0.4, public=True)
    for fault in (drip, drip_headers):
        replay.faults = lambda number, fault=fault: fault
        began = time.monotonic()
        with Client(slow) as client, pytest.raises(FetchError, match=r"no whole answer within 0\.4 s"):
            get(f"{replay.url}/news/a", tmp_path / "out", client)
        assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png", "no article"),
        (b'{"a": [1, 2]}', "application/json", "no article"),
        (b"a\tb\n1\t2\n3\t4\n5\t6\n", "text/tab-separated-values", "no article"),
        (b"", "text/html", "the page is empty"),
    ],
)
def test_what_is_no_article_is_refused(data: bytes, kind: str, reason: str, replay: Replay, page: Client, tmp_path: Path) -> None:
    replay.routes["/news/"] = file(data, kind)
    with pytest.raises(FetchError, match=reason):
        get(f"{replay.url}/news/a", tmp_path / "out", page)
    assert not (tmp_path / "out").exists()


def test_files_are_named_as_what_they_are(replay: Replay, page: Client, tmp_path: Path) -> None:
    for data, name in ((PAGE, ".html"), (b"%PDF-1.7\n" + b"x" * 100, ".pdf"), (b"The FDA approved qorilimab for adults.", ".txt")):
        replay.routes["/news/"] = file(data, "application/octet-stream")
        found = get(f"{replay.url}/news/approval{name[1]}", tmp_path, page)
        (path,) = (one for one in found.folder.iterdir() if one.name != "fetched.jsonl")
        assert (path.suffix, path.read_bytes()) == (name, data)
        assert "news-approval" in path.name


def test_the_words_of_a_server_do_no_harm_in_a_terminal(replay: Replay, page: Client, tmp_path: Path) -> None:
    replay.faults = lambda number: lambda handler, reply: handler.send(Reply(403, b"\x1b[2J\x07no\nentry", {"content-type": "text/plain"}))
    with pytest.raises(FetchError, match=r"HTTP 403: \[2J no entry$"):
        get(f"{replay.url}/news/a", tmp_path, page)


def test_api_clients_follow_no_redirect_inside(replay: Replay, tmp_path: Path) -> None:
    """Also where the first address is the user's own mirror."""
    replay.faults = lambda number: lambda handler, reply: handler.send(Reply(302, b"", {"location": "http://inside.example/x"}))
    with Client(QUICK) as client, pytest.raises(FetchError, match="private address"):
        get(f"{replay.url}/news/a", tmp_path, client)
