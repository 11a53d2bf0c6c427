"""The process that runs queries: it can be killed, the one that asks cannot be hurt. Started by `store.Store`, never imported by it.

Frames on stdin and stdout: four bytes of length, then msgpack. One request at a time.
"""

from __future__ import annotations

import resource
import struct
import sys
from typing import IO, Any

import msgspec
import pyoxigraph as ox

MEMORY = 8 << 30  # bytes of address space; the store's own files are mapped into it


class Request(msgspec.Struct, frozen=True):
    """One query with its bindings (name -> IRI in angle brackets, or plain text) and the row limit."""

    query: str
    bindings: dict[str, str] = {}
    limit: int | None = None


class Reply(msgspec.Struct, frozen=True):
    """What came of it: rows (N-Triples terms or None), triples as sorted lines, a truth value, or an error."""

    columns: tuple[str, ...] = ()
    rows: list[list[str | None]] | None = None
    lines: list[str] | None = None
    truth: bool | None = None
    error: str | None = None


def send(stream: IO[bytes], message: Any) -> None:
    """Write one frame."""
    data = msgspec.msgpack.encode(message)
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one frame; None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    size = struct.unpack(">I", head)[0]
    data = stream.read(size)
    return data if len(data) == size else None


def term(text: str) -> ox.NamedNode | ox.Literal:
    """RDF term of a binding."""
    return ox.NamedNode(text[1:-1]) if text.startswith("<") and text.endswith(">") else ox.Literal(text)


def answer(store: ox.Store, request: Request) -> Reply:
    """Run one query; whatever goes wrong is a reply."""
    try:
        return _answer(store, request)
    except Exception as error:  # the engine raises what it likes, and the one who asks wants a line
        return Reply(error=str(error))


def _answer(store: ox.Store, request: Request) -> Reply:
    result = store.query(request.query, substitutions={ox.Variable(k): term(v) for k, v in request.bindings.items()})
    if isinstance(result, ox.QuerySolutions):
        columns = tuple(variable.value for variable in result.variables)
        rows: list[list[str | None]] = []
        for solution in result:
            rows.append([None if value is None else str(value) for value in solution])
            if request.limit is not None and len(rows) >= request.limit:
                break
        return Reply(columns=columns, rows=rows)
    if isinstance(result, ox.QueryTriples):
        return Reply(lines=sorted({f"{triple} ." for triple in result}))
    return Reply(truth=bool(result))


def main() -> None:
    """Serve requests until stdin closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        store = ox.Store.read_only(sys.argv[1])
    except Exception as error:
        send(sys.stdout.buffer, Reply(error=str(error)))
        return
    decoder = msgspec.msgpack.Decoder(Request)
    send(sys.stdout.buffer, Reply(truth=True))
    while (frame := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, answer(store, decoder.decode(frame)))


if __name__ == "__main__":
    main()
