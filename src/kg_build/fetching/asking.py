"""What a source's module says: its questions one after the other, each depending on the answers before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from kg_build import terms
from kg_build.retries import BusyError


@dataclass(frozen=True)
class Ask:
    """One question: an address, the name its answer is kept under, and how it is read.

    `read` raises BusyError for a broken answer. What serves the counting alone has a name with a dot before it and is not published.
    """

    url: str
    name: str
    read: Callable[[Path], Any]
    suffix: Callable[[Path], str] = lambda _: ""  # of the file's name, by its content
    done: int = 0  # records so far, of
    total: int | None = None


@dataclass(frozen=True)
class Whole:
    """What all pages together gave: how many records, and which of those asked by name there are none of."""

    records: int
    missing: tuple[str, ...] = ()


Pages = Generator[Ask, Any, Whole]
"""Yields questions, is sent what `read` makes of each answer, and returns what they gave.

Raises ContradictionError when the answers cannot all be true; a FetchError of the client is thrown in where it was asked.
"""


@dataclass(frozen=True)
class Request:
    """What a user asks for: a folder's name for it, the first questions, and the pages."""

    source: str
    name: str
    firsts: tuple[str, ...]  # addresses known before anything is answered
    pages: Callable[[], Pages]
    record: str  # what is counted: study, record, file


def name_of(label: str, *request: str) -> str:
    """A folder's name for a request: its label, and a hash that keeps requests apart that read alike.

    >>> name_of("HER2+ gastric cancer", "https://x.example")
    'her2-gastric-cancer-29d53467'
    """
    digest = hashlib.sha256("\n".join(request).encode()).hexdigest()[:8]
    return f"{terms.slug(label)[:60].strip('-') or 'all'}-{digest}"


def address(base: str, **parameters: str) -> str:
    """An address with its parameters, in their order."""
    return f"{base}?{urlencode(parameters, quote_via=quote)}" if parameters else base


def decoded(path: Path, decoder: msgspec.json.Decoder[Any]) -> Any:
    """A JSON answer.

    Errors: BusyError when it is none: cut off, or an error page.
    """
    try:
        return decoder.decode(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BusyError(f"the answer is not whole, or not what the API gives ({error})") from None
