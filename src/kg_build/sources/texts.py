"""Bytes -> text: in which encoding a file is written, and whether it is prose, a page, a table or no text at all."""

from __future__ import annotations

import codecs
import json
import re

from kg_build.sources import archives

# UTF-32 first: its little-endian mark begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_FOREIGN = 0.25
"""cp1252 fits any bytes; a text of which more than a quarter of the letters are accented is another encoding misread."""


class NotTextError(ValueError):
    """Bytes that are no text we can read; the message says why."""


def decode(data: bytes, complete: bool = True) -> tuple[str, str]:
    """Text and the encoding it was read as: by its mark, as an HTML page declares, as UTF-8, or as cp1252 where that makes sense.

    `complete=False`: the bytes are the beginning of a file, and a character may be cut at their end.

    >>> decode("a dose of 5 µg a day".encode("cp1252"))
    ('a dose of 5 µg a day', 'cp1252')

    Errors: NotTextError; nothing is ever replaced in silence.
    """
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    if not encoding and b"\0" in data:
        raise NotTextError("holds NUL bytes: binary, or UTF-16 without a byte order mark")
    encoding = encoding or _declared(data) or "utf-8"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data[len(mark) :], complete)
    except UnicodeDecodeError as error:
        if mark or encoding not in {"utf-8", "cp1252"}:
            raise NotTextError(f"not valid {encoding} at byte {error.start + len(mark)}") from None
        text, encoding = _western(data, error.start), "cp1252"
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) // 100:
        raise NotTextError("holds control characters: binary")
    return text, encoding


def _declared(data: bytes) -> str | None:
    """The encoding that an HTML page states, by the name browsers know it under."""
    found = _DECLARED.search(data[:4096]) if _MARKUP.search(data[:4096].decode("latin-1")) else None
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return "cp1252" if name in {"iso8859-1", "ascii"} else name if name != "utf-16" else None


def _western(data: bytes, at: int) -> str:
    """Bytes that are no UTF-8, as cp1252, where the result reads as a text."""
    whole = _MULTIBYTE.findall(data)
    stray = sum(byte > 0x7F for byte in data) - sum(map(len, whole))
    if len(whole) > stray:
        raise NotTextError(f"damaged UTF-8 at byte {at}")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise NotTextError(f"neither UTF-8 (byte {at}) nor cp1252; convert it to UTF-8") from None
    foreign = sum(char > "\x7f" for char in text)
    if foreign > _MOST_FOREIGN * sum(char.isalpha() or char > "\x7f" for char in text):
        raise NotTextError(f"neither UTF-8 (byte {at}) nor a Western encoding; convert it to UTF-8")
    return text


# ---- recognition -----------------------------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"<!doctype html|<html[\s>]|<(?:head|body|article|p|h1|div|table)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|article|main|div|p|h1|table|meta|title)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_DELIMITERS = "\t;|,"

BINARY = "binary file"
JSON = "JSON of no known source"
MARKUP = "XML of no known source"
TABLE = "a table of no known source"
NO_WORDS = "no words in it"
NOT_PROSE = frozenset({JSON, MARKUP, TABLE, NO_WORDS})
"""Why a text is not taken for an article; `--source article` reads it all the same."""


def is_html(text: str) -> bool:
    """Whether a text is an HTML page or fragment, by how it begins."""
    return bool(_HTML.match(text[:4096]))


def why_not(head: bytes) -> str:
    """Why the first bytes of a file are no article; empty when they are."""
    try:
        text = decode(head, complete=len(head) < archives.HEAD)[0].strip()
    except NotTextError as error:
        return f"{BINARY} ({error})"
    if is_html(text):
        return ""
    if text[:1] in {"{", "["} and re.match(r"[\[{]\s*(?:[\[{\]}\"]|-?\d|true|false|null)", text):
        return JSON if _is_json(text) or len(head) >= archives.HEAD else f"{JSON}, or cut off"
    if text.startswith("<?xml") or re.match(r"<[A-Za-z][\w:-]*[\s>]", text):
        return MARKUP
    if _is_table(text):
        return TABLE
    return "" if re.search(r"[^\W\d_]{2}", text) else NO_WORDS


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_table(text: str) -> bool:
    """Whether the lines have the same number of tabs, or of three and more other delimiters, or quoted cells."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if sum(re.match(r'"[^"]*",', line) is not None for line in lines) > 0.8 * len(lines):
        return True
    for delimiter in _DELIMITERS if len(lines) >= 3 else "":
        counts = [line.count(delimiter) for line in lines[:-1]]
        common = max(set(counts), key=counts.count)
        if common >= (1 if delimiter == "\t" else 3) and counts.count(common) >= 0.8 * len(counts):
            return True
    return False
