"""A server on loopback that replays registries from files at hand, whole or with faults.

    python tests/fetching/replay.py STUDIES.jsonl[.gz] [--port 8080] [--metadata metadata.json]

answers as https://clinicaltrials.gov/api/v2 does (`registry`), below /api/v2; tests also have openFDA's endpoints and files below it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import socket
import struct
import sys
import threading
from collections.abc import Callable
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from essie import at, parse
from registry import Registry, Reply, wrong

Answer = Callable[[str, dict[str, str]], Reply]
Fault = Callable[["Handler", Reply], None]


def openfda(records: list[dict[str, Any]]) -> Answer:
    """An openFDA drug endpoint: search, limit, skip; 404 where nothing matches."""

    def failed(status: int, code: str, message: str) -> Reply:
        return Reply(status, json.dumps({"error": {"code": code, "message": message}}).encode())

    def answer(path: str, given: dict[str, str]) -> Reply:
        skip, limit = int(given.get("skip", "0")), int(given.get("limit", "1"))
        if skip > 25_000 or limit > 1000:
            return failed(400, "BAD_REQUEST", "Skip value must 25000 or less.")
        name, _, value = given.get("search", "").partition(":")
        test = parse(value, str.split, [name.split(".")]) if value else (lambda record: any(at(record, [])))
        found = [record for record in records if test(record)]
        if not found[skip:]:
            return failed(404, "NOT_FOUND", "No matches found!")
        meta = {"last_updated": "2026-08-11", "results": {"skip": skip, "limit": limit, "total": len(found)}}
        return Reply(200, json.dumps({"meta": meta, "results": found[skip : skip + limit]}).encode())

    return answer


def file(data: bytes, content_type: str, changed: float = 1_700_000_000.0) -> Answer:
    """A file that tells its ETag and its time."""
    headers = {
        "content-type": content_type,
        "etag": f'"{sha256(data).hexdigest()[:12]}"',
        "last-modified": formatdate(changed, usegmt=True),
    }
    return lambda path, given: Reply(200, data, dict(headers))


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Replay

    def do_GET(self) -> None:
        replay = self.server
        with replay.lock:
            number = len(replay.asked)
            replay.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        reply = replay.reply(self.path)
        if reply.headers.get("etag") and self.headers.get("if-none-match") == reply.headers["etag"]:
            reply = Reply(304, b"", {"etag": reply.headers["etag"]})
        fault = replay.faults(number)
        (fault or Handler.send)(self, reply)

    def head(self, reply: Reply, length: int | None) -> None:
        """Status and headers."""
        self.send_response(reply.status)
        for key, value in reply.headers.items():
            self.send_header(key, value)
        if length is not None and reply.status != 304:
            self.send_header("content-length", str(length))
        self.end_headers()

    def send(self, reply: Reply) -> None:
        """The whole answer."""
        self.head(reply, len(reply.body))
        self.wfile.write(reply.body)

    def reset(self) -> None:
        """Break the connection off, as a crash does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: object) -> None: ...

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            return  # the connection was broken off on purpose


class Replay(ThreadingHTTPServer):
    """The server; `asked` is what it was asked, `faults(n)` what goes wrong with the n-th question."""

    daemon_threads = True

    def __init__(self, routes: dict[str, Answer] | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.routes = routes or {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.faults: Callable[[int], Fault | None] = lambda number: None
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def reply(self, target: str) -> Reply:
        """The answer to an address."""
        parts = urlsplit(target)
        for prefix, answer in self.routes.items():
            if parts.path.startswith(prefix):
                pairs = parse_qsl(parts.query, keep_blank_values=True)
                if len(dict(pairs)) != len(pairs):
                    return wrong("a parameter stands twice")
                return answer(parts.path.removeprefix(prefix), dict(pairs))
        return wrong("Not found", 404)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the play."""

    def start(self) -> Replay:
        """Serve from a thread."""
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self


def main() -> None:
    """Serve the studies of a file until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", type=Path)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--metadata", type=Path)
    given = parser.parse_args()
    opened = gzip.open if given.studies.suffix == ".gz" else open
    with opened(given.studies, "rt", encoding="utf-8") as lines:
        studies = {study["protocolSection"]["identificationModule"]["nctId"]: study for study in map(json.loads, lines)}
    metadata = json.loads(given.metadata.read_text("utf-8")) if given.metadata else None
    server = Replay({"/api/v2": Registry(list(studies.values()), metadata).answer}, given.port)
    sys.stdout.write(f"{len(studies):,} studies at {server.url}/api/v2\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
