"""What goes wrong on the way, as servers and networks really do it; and schedules of it, drawn from a seed."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from registry import Reply
from replay import Fault, Handler

SILENCE = 0.15
"""Seconds without a word that the clients of the tests bear."""


def status(code: int, **headers: str) -> Fault:
    """An error status."""
    told = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda handler, reply: handler.send(Reply(code, b"" if code == 304 else b"busy", told))


def silent(handler: Handler, reply: Reply) -> None:
    """No word, longer than the client waits."""
    time.sleep(3 * SILENCE)
    handler.close_connection = True


def reset(handler: Handler, reply: Reply) -> None:
    """A connection reset before the answer."""
    handler.reset()


def reset_midway(handler: Handler, reply: Reply) -> None:
    """A connection reset in the middle of the answer."""
    handler.head(reply, len(reply.body))
    handler.wfile.write(reply.body[: len(reply.body) // 2])
    handler.wfile.flush()
    handler.reset()


def cut(handler: Handler, reply: Reply) -> None:
    """Half of the bytes that were told."""
    handler.head(reply, len(reply.body))
    handler.wfile.write(reply.body[: len(reply.body) // 2])
    handler.close_connection = True


def cut_untold(handler: Handler, reply: Reply) -> None:
    """Half of the bytes, and no word on how many there are."""
    handler.head(replace(reply, headers={**reply.headers, "connection": "close"}), None)
    handler.wfile.write(reply.body[: len(reply.body) // 2])
    handler.close_connection = True


def cut_chunks(handler: Handler, reply: Reply) -> None:
    """Chunks without their end."""
    handler.head(replace(reply, headers={**reply.headers, "transfer-encoding": "chunked"}), None)
    half = reply.body[: len(reply.body) // 2]
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))
    handler.close_connection = True


def cut_gzip(handler: Handler, reply: Reply) -> None:
    """Half of a compressed answer, told as whole."""
    packed = gzip.compress(reply.body)
    handler.send(replace(reply, body=packed[: len(packed) // 2], headers={**reply.headers, "content-encoding": "gzip"}))


def says(body: bytes, content_type: str = "application/json") -> Fault:
    """Another body than the answer's, as if all were well."""
    return lambda handler, reply: handler.send(Reply(200, body, {"content-type": content_type}))


def told(change: Callable[[Any], None]) -> Fault:
    """A well-formed answer that says something else."""

    def fault(handler: Handler, reply: Reply) -> None:
        try:
            page = json.loads(reply.body)
            change(page)
        except (ValueError, LookupError, TypeError):
            handler.send(reply)
        else:
            handler.send(replace(reply, body=json.dumps(page, ensure_ascii=False).encode()))

    return fault


def _list(page: Any) -> list[Any]:
    return page["studies"] if "studies" in page else page["results"]


def _more(page: Any) -> None:
    if "studies" in page:
        page["totalCount"] = page.get("totalCount", 23) + 1
    else:
        page["meta"]["results"]["total"] += 1


def _less(page: Any) -> None:
    if "studies" in page:
        page["totalCount"] = page.get("totalCount", 23) - 1
    else:
        page["meta"]["results"]["total"] -= 1


def _lost(page: Any) -> None:
    _list(page).pop()


def _twice(page: Any) -> None:
    _list(page).append(_list(page)[0])


def _end(page: Any) -> None:
    if "studies" in page:
        del page["nextPageToken"]
    else:
        page["results"] = []


def repeats(handler: Handler, reply: Reply) -> None:
    """The token of this very page as that of the next, or the first page again."""
    token = dict(pair.partition("=")[::2] for pair in handler.path.split("&")).get("pageToken")
    page = json.loads(reply.body)
    if token and "nextPageToken" in page:
        page["nextPageToken"] = token.replace("%3D", "=")
        handler.send(replace(reply, body=json.dumps(page, ensure_ascii=False).encode()))
    else:
        handler.send(reply)


PASSING: dict[str, Fault] = {
    "429": status(429, retry_after="0"),
    "429 until a date": status(429, retry_after="Wed, 01 Jan 2025 00:00:00 GMT"),
    "429 without a time": status(429),
    "500": status(500),
    "502": status(502),
    "503": status(503, retry_after="soon"),
    "504": status(504),
    "silence": silent,
    "reset": reset,
    "reset midway": reset_midway,
    "cut": cut,
    "cut, length untold": cut_untold,
    "cut chunks": cut_chunks,
    "cut gzip": cut_gzip,
    "empty": says(b""),
    "page of the proxy": says(b"<html><body>Back soon</body></html>", "text/html"),
    "null": says(b"null"),
    "wrong types": says(b'{"studies": 7, "results": 7}'),
}
"""Another try mends these."""
LASTING: dict[str, Fault] = {
    "400": status(400),
    "403": status(403),
    "404": status(404),
    "304 unasked": status(304),
    "total grows": told(_more),
    "total shrinks": told(_less),
    "record lost": told(_lost),
    "record twice": told(_twice),
    "early end": told(_end),
    "token repeated": repeats,
}
"""Another try does not, or shall not."""
RARE = {"silence": 0.2}  # they take time


def schedule(seed: int) -> Callable[[int], Fault | None]:
    """What goes wrong with the n-th question, the same for a seed: often or seldom, mended by another try or not."""
    dice = random.Random(seed)
    passing, lasting = dice.choice([0.1, 0.3, 0.5, 0.7]), dice.choice([0.0, 0.0, 0.0, 0.03, 0.15])
    drawn: dict[int, Fault | None] = {}

    def fault(number: int) -> Fault | None:
        while len(drawn) <= number:
            kind = dice.random()
            pool = LASTING if kind < lasting else PASSING if kind < lasting + passing else {}
            weights = [RARE.get(name, 1.0) for name in pool]
            drawn[len(drawn)] = dice.choices(list(pool.values()), weights)[0] if pool else None
        return drawn[number]

    return fault
