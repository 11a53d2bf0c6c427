"""Files -> the bytes of single studies: one study, an array, a search page, one study or page a line, each also gzipped.

Every study is judged alone: what cannot be cut out or parsed is a Rejected, the rest goes on.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from kg_build.errors import SourceError
from kg_build.facts import Rejected

NAME = "ctgov"
BOM = b"\xef\xbb\xbf"
BROKEN_GZIP = (EOFError, OSError, zlib.error)

_SECTION = re.compile(rb'"(?:protocolSection|derivedSection|resultsSection|annotationSection)"\s*:')
_EMPTY_PAGE = re.compile(rb'\{\s*(?:"(?:totalCount|nextPageToken)"\s*:\s*[^{}\[\]]*,\s*)?"studies"\s*:\s*\[\s*\]')
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_STUDIES = re.compile(rb'"studies"\s*:\s*\[')


class Cut(NamedTuple):
    """The bytes of one study, and where they stood."""

    data: bytes
    where: str


def looks_like(head: bytes, name: str) -> bool:
    """Whether decompressed content begins like study records of this registry; `name` never decides.

    >>> looks_like(b'{"protocolSection": {"identificationModule"', "x"), looks_like(b"openapi: 3.0", "ctgov.json")
    (True, False)
    """
    start = head.removeprefix(BOM).lstrip()
    return start[:1] in (b"{", b"[") and bool(_SECTION.search(start) or _EMPTY_PAGE.match(start))


def reject(data: bytes, where: str, reason: str) -> Rejected:
    """A piece that could not be read."""
    return Rejected(source=NAME, where=where, reason=" ".join(reason.split()), sha256=hashlib.sha256(data).hexdigest())


def cuts_of_file(path: Path) -> Iterator[Cut | Rejected]:
    """Studies of a file, in constant memory where it holds one a line."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield from _cuts(gzip.GzipFile(fileobj=raw) if zipped else raw, path.name, zipped)
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file") from error


def cuts_of_bytes(data: bytes, where: str) -> Iterator[Cut | Rejected]:
    """Studies of a file at hand."""
    zipped = data[:2] == b"\x1f\x8b"
    stream = io.BytesIO(data)
    yield from _cuts(gzip.GzipFile(fileobj=stream) if zipped else stream, where, zipped)


def _cuts(stream: IO[bytes] | gzip.GzipFile, where: str, zipped: bool) -> Iterator[Cut | Rejected]:
    lines = _Lines(stream, zipped)
    first, second = lines.content(), lines.content()
    if first is None:
        yield from lines.ending(where)
    elif second is not None and (_whole(first[1]) or (second[1].startswith(b"{") and not _opens(first[1]))):
        for number, line in _chain(first, second, lines):
            yield from _document(line, f"{where}:{number}")
        yield from lines.ending(where)
    else:
        whole = b"".join([first[1], second[1] if second else b"", *(line for _, line in lines.all())])
        ending = list(lines.ending(where))
        yield from ending or _document(whole, where)


def _chain(first: tuple[int, bytes], second: tuple[int, bytes], rest: _Lines) -> Iterator[tuple[int, bytes]]:
    yield first
    yield second
    yield from rest.all()


class _Lines:
    """Lines that hold something, numbered from 1; a stream that breaks off ends the lines and is told by `ending`."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, zipped: bool) -> None:
        self.stream, self.zipped, self.number, self.broken = stream, zipped, 0, ""

    def content(self) -> tuple[int, bytes] | None:
        """The next line that is not blank."""
        while line := self._next():
            self.number += 1
            if self.number == 1:
                line = line.removeprefix(BOM)
            if not line.isspace() and line:
                return self.number, line
        return None

    def all(self) -> Iterator[tuple[int, bytes]]:
        """All further lines."""
        while (line := self.content()) is not None:
            yield line

    def _next(self) -> bytes:
        try:
            return self.stream.readline()
        except BROKEN_GZIP as error:
            if not self.zipped:
                raise
            self.broken = str(error) or "compressed stream ended early"
            return b""

    def ending(self, where: str) -> Iterator[Rejected]:
        """One Rejected when the compressed stream was damaged: what came after is lost, and said to be."""
        if self.broken:
            yield reject(self.broken.encode(), f"{where}:{self.number + 1}", f"damaged gzip: {self.broken}; download it again")


# ---- one JSON document ------------------------------------------------------------------------------------------------------------


class _Page(msgspec.Struct):
    """A search page."""

    studies: list[msgspec.Raw] | None = None


_PAGE = msgspec.json.Decoder(_Page)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _whole(line: bytes) -> bool:
    try:
        msgspec.json.Decoder(msgspec.Raw).decode(line)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _opens(line: bytes) -> bool:
    """Whether a line that is no whole document opens one that goes on below."""
    return line.rstrip().endswith((b"[", b"{"))


def _document(data: bytes, where: str) -> Iterator[Cut | Rejected]:
    """A document: a study, an array of studies, or a search page of them."""
    data = data.strip()
    try:
        items = _LIST.decode(data) if data.startswith(b"[") else _PAGE.decode(data).studies
    except (msgspec.DecodeError, RecursionError):
        yield from _damaged(data, where)
        return
    if items is None:
        yield Cut(data, where)
        return
    prefix = where + ("#" if data.startswith(b"[") else "#/studies")
    for number, item in enumerate(items):
        yield Cut(bytes(item), f"{prefix}/{number}")


def _damaged(data: bytes, where: str) -> Iterator[Cut | Rejected]:
    """A document that does not parse as a whole: cut its list by brackets, so that sound studies survive; else it is one bad piece."""
    opening = re.match(rb"\[", data) or (_STUDIES.search(data) if not _SECTION.search(data.partition(b"[")[0]) else None)
    if opening is None:
        yield Cut(data, where)
        return
    prefix = where + ("#" if data.startswith(b"[") else "#/studies")
    for number, item in enumerate(_items(data, opening.end())):
        yield Cut(item, f"{prefix}/{number}")


def _items(data: bytes, start: int) -> Iterator[bytes]:
    """Items of a list whose bracket opened just before `start`, cut at the commas of its own level."""
    depth, begin = 0, start
    for mark in _MARKS.finditer(data, start):
        sign = mark[0]
        if sign in (b"[", b"{"):
            depth += 1
        elif sign == b"," and depth == 0:
            yield data[begin : mark.start()].strip()
            begin = mark.end()
        elif sign in (b"]", b"}"):
            depth -= 1
            if depth < 0:
                break
    end = mark.start() if depth < 0 else len(data)
    if last := data[begin:end].strip():
        yield last
