"""Answer SPARQL over the store of a release: behind a gate for size and nesting, in a worker that is killed when time is up."""

from __future__ import annotations

import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from kg_build import worker
from kg_build.errors import QueryError, ReleaseError

MAX_BYTES, MAX_DEPTH, SECONDS = 64 * 1024, 100, 60.0
START_SECONDS = 60.0

_SKIP = re.compile(
    r'\\.|"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"'
    r"|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>\s"{}|^`\\]*>|#[^\n]*'
)
# asked of the query as it stands: what the engine takes for a string or an IRI may differ from what we do, and this must not be got around
_REMOTE = re.compile(r"(?<![A-Za-z_:?$-])(SERVICE)(?:\s|#[^\n]*\n)*(?:SILENT(?:\s|#[^\n]*\n)*)?(?:[<?$]|[\w.-]*:)", re.IGNORECASE)
_FORBIDDEN = re.compile(r"(?<![?$:\w-])(SERVICE|LOAD|INSERT|DELETE|DROP|CLEAR|CREATE|COPY|MOVE|ADD)(?![\w:-])", re.IGNORECASE)


def gate(query: str) -> None:
    """Refuse what must not reach the engine: too long, nested too deep, or reaching out of the graph.

    >>> gate("SELECT * { ?s ?p ?o }")
    >>> gate("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    kg_build.errors.QueryError: a query may not use SERVICE: nothing leaves the machine and the graph is read-only
    """
    size = len(query.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise QueryError(f"the query has {size:,} bytes; at most {MAX_BYTES:,} are taken")
    signs = bare(query)
    if max(_depth(signs), _depth(query)) > MAX_DEPTH:
        raise QueryError(f"the query is nested deeper than {MAX_DEPTH}")
    if word := _REMOTE.search(query) or _FORBIDDEN.search(signs):
        raise QueryError(f"a query may not use {word[1].upper()}: nothing leaves the machine and the graph is read-only")


def _depth(signs: str) -> int:
    depth = deepest = 0
    for sign in re.findall(r"[{}()\[\]]", signs):
        depth += 1 if sign in "{([" else -1
        deepest = max(deepest, depth)
    return deepest


def bare(query: str) -> str:
    """The query without strings, IRIs and comments."""
    return _SKIP.sub(" ", query)


class Answer(msgspec.Struct, frozen=True):
    """Rows of a SELECT as N-Triples terms; `values()` gives them as plain strings."""

    columns: tuple[str, ...]
    rows: list[list[str | None]]

    def values(self) -> list[dict[str, str]]:
        """Rows as dicts of plain strings; unbound columns are absent."""
        return [{c: plain(t) for c, t in zip(self.columns, row, strict=True) if t is not None} for row in self.rows]


_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@[\w-]+|\^\^<[^>]*>)?', re.DOTALL)
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def plain(term: str) -> str:
    r"""IRI or lexical form of an N-Triples term.

    >>> plain('"a \\"b\\""@en'), plain("<http://x/>"), plain('"1"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('a "b"', 'http://x/', '1')
    """
    if term.startswith("<"):
        return term[1:-1]
    match = _LITERAL.fullmatch(term)
    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", _unescape, match[1]) if match else term


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return _ESCAPES[code] if code in _ESCAPES else chr(int(code[1:], 16))


class Store:
    """The store of one release. A context manager; the worker starts with the first question."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self.folder, self.seconds = folder, seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            for stream in (process.stdin, process.stdout):
                if stream:
                    with suppress(OSError):
                        stream.close()
            process.wait()

    # ---- questions ---------------------------------------------------------------------------------------------------------

    def select(self, query: str, bindings: Mapping[str, str] | None = None, limit: int | None = None) -> Answer:
        """Rows of a SELECT; bindings are IRIs in angle brackets or plain text, and must be columns of the query."""
        reply = self._ask(query, bindings, limit)
        if reply.rows is None:
            raise QueryError("this query gives no rows; use CONSTRUCT/DESCRIBE or ASK through `kg sparql`")
        return Answer(reply.columns, reply.rows)

    def run(self, query: str) -> Answer | list[str] | bool:
        """Any read-only query: rows, triples as N-Triples lines, or a truth value."""
        reply = self._ask(query, None, None)
        if reply.rows is not None:
            return Answer(reply.columns, reply.rows)
        return reply.lines if reply.lines is not None else bool(reply.truth)

    def _ask(self, query: str, bindings: Mapping[str, str] | None, limit: int | None) -> worker.Reply:
        gate(query)
        process = self._process or self._start()
        if process.stdin is None:  # pragma: no cover  (opened with a pipe)
            raise QueryError("the query worker has no input")
        try:
            worker.send(process.stdin, worker.Request(query, dict(bindings or {}), limit))
        except BrokenPipeError:
            self.close()
            raise QueryError("the query worker has ended; ask again") from None
        reply = self._receive(process, self.seconds)
        if reply.error:
            raise QueryError(f"the query cannot be answered: {' '.join(reply.error.split())}")
        return reply

    def _start(self) -> subprocess.Popen[bytes]:
        command: Sequence[str] = [sys.executable, "-m", "kg_build.worker", str(self.folder)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  (our own module)
        self._process = process
        ready = self._receive(process, START_SECONDS)
        if ready.error:
            self.close()
            raise ReleaseError(f"{self.folder}: the store cannot be opened ({' '.join(ready.error.split())}); run `kg verify`")
        return process

    def _receive(self, process: subprocess.Popen[bytes], seconds: float) -> worker.Reply:
        """One reply, or the end of the worker when time is up or it died."""
        if process.stdout is None:  # pragma: no cover  (opened with a pipe)
            raise QueryError("the query worker has no output")
        started = time.monotonic()
        ready, _, _ = select.select([process.stdout], [], [], seconds)
        frame = worker.receive(process.stdout) if ready else None
        if frame is None:
            self.close()
            late = time.monotonic() - started >= seconds
            raise QueryError(
                f"the query took longer than {seconds:g} s and was ended; narrow it or raise KG_SECONDS"
                if late
                else "the query ended its worker; simplify it"
            )
        return msgspec.msgpack.decode(frame, type=worker.Reply)
