"""How a server is asked: six tries with backoff and jitter, its own Retry-After, a pace, caps on size and time, at most three redirects."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from kg_build import __version__
from kg_build.errors import FetchError
from kg_build.fetching.addresses import PublicTransport, checked, public_address
from kg_build.fetching.asking import Ask
from kg_build.retries import AGAIN, BusyError, asked_wait, retrying
from kg_build.sources.fetched import Fetched

REDIRECTS = 3
AGENT = f"kg-build/{__version__}"
_AGAIN = (BusyError, httpx.TransportError, httpx.DecodingError)


class UnansweredError(FetchError):
    """A question that was not answered: after all tries, or, with its HTTP status, by an error that no further try would mend."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Policy:
    """How a source is asked; times in seconds."""

    per_minute: float  # questions at most
    tries: int = 6
    backoff: float = 1.0
    silence: float = 60.0  # nothing is heard
    seconds: float = 1800.0  # a whole answer
    max_bytes: int = 4_000_000_000
    public: bool = False  # from public addresses only


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class Client:
    """Asks one source, politely. `keys`: host -> the API key that goes to this host alone, as the user of basic authentication."""

    def __init__(self, policy: Policy, keys: Mapping[str, str] | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        self.policy, self.keys, self.clock = policy, keys or {}, clock
        self._http = httpx.Client(
            transport=PublicTransport() if policy.public else None,
            timeout=policy.silence,
            headers={"user-agent": AGENT},
            limits=httpx.Limits(max_connections=1),  # the deadline cuts the connection that was made last
        )
        self._free_at = 0.0
        self._socket: socket.socket | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def get(self, ask: Ask, target: Path, known: Fetched | None = None) -> Fetched | None:
        """Write the answer to `target`; None when it is still the known one.

        Errors: UnansweredError, and FetchError for an answer that is not taken: too large, redirected too often or inside, another thing.
        """
        url = checked(ask.url)
        attempts = retrying(self.policy.tries, _AGAIN, self.policy.backoff)
        try:
            return attempts(self._once, ask, url, target, known)
        except _AGAIN as error:
            tries = attempts.statistics.get("attempt_number", 1)
            raise UnansweredError(f"{url.host}: {_reason(error)} (tries: {tries})") from None

    def _once(self, ask: Ask, url: httpx.URL, target: Path, known: Fetched | None) -> Fetched | None:
        self._keep_pace()
        with self._deadline(), self._answer(url, known) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED and known is not None:
                return None
            if answer.status_code in AGAIN:
                raise BusyError(f"answers HTTP {answer.status_code}", asked_wait(answer.headers.get("retry-after")))
            if answer.status_code != httpx.codes.OK:
                raise UnansweredError(f"{answer.request.url}: answers HTTP {answer.status_code}{_message(answer)}", answer.status_code)
            digest, size = self._write(answer, target)
        ask.read(target)
        return Fetched(
            file=target.name,
            url=str(answer.request.url),
            asked=ask.url if str(answer.request.url) != ask.url else None,
            retrieved=self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            sha256=digest,
            bytes=size,
            etag=answer.headers.get("etag"),
            last_modified=answer.headers.get("last-modified"),
            content_type=answer.headers.get("content-type"),
        )

    def _keep_pace(self) -> None:
        time.sleep(max(0.0, self._free_at - time.monotonic()))
        self._free_at = time.monotonic() + 60 / self.policy.per_minute

    # ---- one answer --------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _answer(self, url: httpx.URL, known: Fetched | None) -> Iterator[httpx.Response]:
        """The answer at the end of the redirects, each of which is judged like the first address."""
        first = url
        for _ in range(REDIRECTS + 1):
            answer = self._http.send(self._request(url, known), stream=True)
            try:
                if not answer.has_redirect_location:
                    yield answer
                    return
            finally:
                answer.close()
            url = self._next(url, answer.headers["location"], first)
        raise FetchError(f"{first}: more than {REDIRECTS} redirects")

    def _request(self, url: httpx.URL, known: Fetched | None) -> httpx.Request:
        headers = {}
        if known is not None and known.etag:
            headers["if-none-match"] = known.etag
        if known is not None and known.last_modified:
            headers["if-modified-since"] = known.last_modified
        if key := self.keys.get(url.host):
            headers["authorization"] = "Basic " + b64encode(f"{key}:".encode()).decode()
        return self._http.build_request("GET", url, headers=headers, extensions={"trace": self._trace})

    def _next(self, url: httpx.URL, location: str, first: httpx.URL) -> httpx.URL:
        try:
            target = checked(str(url.join(location)))
        except httpx.InvalidURL as error:
            raise FetchError(f"{url}: redirects to no address ({error})") from None
        if url.scheme == "https" and target.scheme == "http":
            raise FetchError(f"{url}: redirects from https to http")
        if target.host != first.host:
            public_address(target.host, target.port or 443)
        return target

    def _write(self, answer: httpx.Response, target: Path) -> tuple[str, int]:
        """The body as a file: its sha256 and size in bytes, unpacked."""
        digest, size = hashlib.sha256(), 0
        with target.open("wb") as file:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                if size > self.policy.max_bytes:
                    raise FetchError(f"{answer.request.url}: larger than {self.policy.max_bytes // 1_000_000:,} MB")
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return digest.hexdigest(), size

    # ---- the time a whole answer may take: a server that sends a byte now and then is never silent -------------------------------

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        over = threading.Event()
        timer = threading.Timer(self.policy.seconds, self._cut, (over,))
        timer.daemon = True
        timer.start()
        try:
            yield
        except httpx.HTTPError:
            if over.is_set():
                raise BusyError(f"no whole answer within {self.policy.seconds:g} s") from None
            raise
        finally:
            timer.cancel()

    def _cut(self, over: threading.Event) -> None:
        over.set()
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _reason(error: Exception) -> str:
    """What went wrong, in the words of a person who waits."""
    if isinstance(error, BusyError):
        asked = f"; it asks to come back in {error.wait:,.0f} s" if error.wait else ""
        return f"{error}{asked}"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return f"cannot be reached, or breaks off ({error})"


def _message(answer: httpx.Response) -> str:
    """The server's own words on an error, made harmless for a terminal."""
    if "html" in answer.headers.get("content-type", ""):
        return ""
    text = next(answer.iter_bytes(400), b"").decode("utf-8", "replace")
    words = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return f": {words[:200]}" if words else ""
