"""Articles: press releases, news, abstracts, notices, as plain text, Markdown, HTML, PDF or Word; one record each.

Plain text and Markdown stand as they are: spans count the characters of the file (a byte order mark is no character). Of HTML the
main text is taken, without scripts, navigation and footers, and spans count the characters of that; of PDF and Word files the text,
and evidence in a PDF names its page.
A text may begin with a header block, closed by a blank line, that says what it is:

    Title: ...
    Published: 2025-01-10
    Publisher: ...
    URL: https://...
    License: ...
    Note: hand-made

("Date" and "Source" are read as "Published" and "Publisher".) Any one of these lines makes it a header. A text without facts is a
record all the same.
"""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec.structs import replace

from kg_build import llm, terms
from kg_build.facts import Document, Evidence, Fact, Record, Rejected, Trial
from kg_build.lexicon import load
from kg_build.sources import archives, pdf, word
from kg_build.sources.texts import NotTextError, decode, is_html, why_not
from kg_build.sources.webpage import Meta, iso_day, read_page

NAME = "article"
FACT_KINDS = ("decisions", "agents", "trials", "results", "adverse_events", "recommendations", "dosing")
"""What a text can state."""
F = TypeVar("F", bound=Fact)
MAX_BYTES = 10_000_000
MAX_TEXT = 2_000_000
"""Bytes of a file, characters of its main text. An article has some ten thousand; what is larger by far is something else."""
MAX_PAGED_BYTES = 100_000_000
"""Bytes of a PDF or Word file: pictures weigh more than words."""
MAIN_TEXT, PDF_TEXT, WORD_TEXT = "main text of an HTML page", "text of a PDF", "text of a Word file"
EXTRACTED = (MAIN_TEXT, PDF_TEXT, WORD_TEXT)
"""Notes of records whose text is not the file as it stands."""


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file is a text to read: prose, HTML or PDF; not JSON, XML or a table."""
    return head.startswith(pdf.MAGIC) or not why_not(head)


# ---- text -> what it is ----------------------------------------------------------------------------------------------------------

_HEADER_LINE = re.compile(r"(Title|Published|Publisher|URL|License|Licence|Note|Date|Source):[ \t]*(.*)", re.IGNORECASE)
_SAME_KEY = {"licence": "license", "date": "published", "source": "publisher"}
_NOT_TITLE = re.compile(
    r"©|\(c\)\s*\d|copyright|all rights reserved|\s[|·>]\s|https?://|www\.|@|\b(?-i:[A-Z]{2})\s+\d{5}\b|\d{3}[-.\s]\d{4}\b"
    r"|^(?:for immediate release|skip to|subscribe|sign in|log ?in|share|advertise|cookie|menu|home|search|by)\b"
    r"|^(?:suite|floor|p\.?\s?o\.?\s+box|room)\b|^\d+\s+(?:\w+\.?\s+){1,4}(?:street|st|drive|dr|road|rd|avenue|ave|boulevard|blvd|lane|ln|way|plaza|square)\b"
    r"|^[\d\W]+$|^(?:\w+\s+){0,2}\d{1,2},?\s+\d{4}$",
    re.IGNORECASE,
)
_ORNAMENT = re.compile(r"^[\s>#*_=•–—-]+|[\s*_#=]+$")
_TITLE_LENGTH = 300


def _header(text: str) -> Meta:
    """The header block, where the text begins with one: lines of known keys up to a blank line."""
    fields: dict[str, str] = {}
    end = 0
    for line in text.splitlines(keepends=True):
        found = _HEADER_LINE.fullmatch(line.rstrip("\r\n"))
        if found is None:
            if line.strip():
                return Meta()
            break
        key = found[1].lower()
        fields.setdefault(_SAME_KEY.get(key, key), found[2].strip())
        end += len(line)
    published = iso_day(fields.pop("published", ""))
    return Meta(published=published, end=end, **{key: value or None for key, value in fields.items()})


def _masked(text: str, meta: Meta) -> str:
    """The text with its header blanked but for the title, so that every position stays and no key is read as a sentence."""
    if not meta.end:
        return text
    head = re.sub(r"[^\r\n]", " ", text[: meta.end])
    at = text.find(meta.title, 0, meta.end) if meta.title else -1
    return (head if at < 0 else head[:at] + (meta.title or "") + head[at + len(meta.title or "") :]) + text[meta.end :]


def headline(text: str) -> str | None:
    r"""The first line that can be a headline: words enough, and no address, menu, date or copyright line.

    >>> headline("2 High Street\n© 2025 The Paper\nFDA approves a drug for a disease\nThe FDA has ...")
    'FDA approves a drug for a disease'
    """
    for line in text.splitlines():
        line = _ORNAMENT.sub("", line)
        words = len(line.split()) if line.isascii() or " " in line else len(line) // 2
        if words >= 4 and len(line) <= _TITLE_LENGTH and not _NOT_TITLE.search(line):
            return line
    return _first_sentence(text)


def _first_sentence(text: str) -> str | None:
    from kg_build.reading.document import sentences

    spans = sentences(text[:5000])
    lines = (" ".join(text[a:b].split()) for a, b in spans)
    return next((line[:_TITLE_LENGTH] for line in lines if len(line.split()) >= 4 and not _NOT_TITLE.search(line)), None)


# ---- records ---------------------------------------------------------------------------------------------------------------------

_TRACKING = re.compile(r"utm_|fbclid|gclid|mc_|ref$")


def canonical(url: str | None) -> str | None:
    """One form of an address: no fragment, no tracking parameters, host in lower case; None unless http(s).

    >>> canonical("HTTPS://News.example/a/?utm_source=x#top")
    'https://news.example/a'
    """
    try:
        parts = urlsplit((url or "").strip())
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\"{}|\\^`]", parts.geturl()):
            return None
        query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])])
        return urlunsplit((parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/"), query, ""))
    except ValueError:
        return None


def _id(url: str | None, digest: str) -> str:
    """The record's id: of the address where there is one, else of the text; a hash keeps addresses apart that read alike."""
    if url is None:
        return digest[:16]
    address = url.partition("://")[2]
    return f"{terms.slug(address)[:80].strip('-')}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def placed(record: Record, url: str) -> Record:
    """A record that states no address, at the address it was fetched from."""
    address = canonical(url)
    if record.document.url or address is None:
        return record
    return replace(record, id=_id(address, record.document.sha256), document=replace(record.document, url=address))


class Contents(NamedTuple):
    """The text of a file, what it states about itself, and where its pages begin (none where it has no pages)."""

    text: str
    meta: Meta
    pages: tuple[int, ...] = ()


def read_text(text: str, encoding: str = "utf-8") -> Record:
    """The record of one text (HTML is recognised).

    Errors: NotTextError when it holds no text, or too much.
    """
    return _record(_of_text(text, encoding))


def _of_text(text: str, encoding: str) -> Contents:
    if is_html(text):
        main, meta = read_page(text)
        if not main.strip():
            raise NotTextError("no text in the page")
        return Contents(main, meta._replace(note=MAIN_TEXT))
    meta = _header(text)
    if encoding == "cp1252":
        meta = meta._replace(note=f"{meta.note}; read as cp1252" if meta.note else "read as cp1252")
    return Contents(text, meta)


def _of_bytes(data: bytes) -> Contents:
    if data.startswith(pdf.MAGIC):
        text, pages = pdf.read_pdf(data)
        return Contents(text, Meta(note=PDF_TEXT), pages)
    if data.startswith(archives.ZIP):
        return Contents(word.read_word(data), Meta(note=WORD_TEXT))
    return _of_text(*decode(data))


def _record(contents: Contents) -> Record:
    from kg_build.reading import extract_facts
    from kg_build.reading.document import sentences

    text, meta, pages = contents
    if not text.strip():
        raise NotTextError("empty file")
    if len(text) > MAX_TEXT:
        raise NotTextError(f"{len(text):,} characters; split texts of more than {MAX_TEXT:,}")
    readable = _masked(text, meta)
    facts = extract_facts(readable, load())
    if llm.URL in os.environ and (model := llm.named_model()):
        facts = llm.extended(readable, facts, load(), model)
    document = _document(text, readable, meta, meta.published or iso_day(facts.published or ""))
    record = Record(
        source=NAME,
        id=_id(document.url, document.sha256),
        document=document,
        known_at=document.published,
        text=text,
        sentences=sentences(readable),
    )
    return replace(record, **{kind: with_pages(getattr(facts, kind), pages) for kind in FACT_KINDS})


def with_pages(facts: tuple[F, ...], pages: Sequence[int]) -> tuple[F, ...]:
    """Facts whose evidence names the page it stands on, by the positions at which pages begin."""
    if not pages:
        return facts

    def paged(spans: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(span, page=bisect_right(pages, span.start)) if span.start is not None else span for span in spans)

    def placed(fact: F) -> F:
        fact = replace(fact, evidence=paged(fact.evidence))
        if isinstance(fact, Trial):
            return replace(fact, arms=tuple(replace(arm, evidence=paged(arm.evidence)) for arm in fact.arms))
        return fact

    return tuple(map(placed, facts))


def _document(text: str, readable: str, meta: Meta, published: str | None) -> Document:
    return Document(
        title=meta.title or headline(readable),
        published=published,
        publisher=meta.publisher,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        url=canonical(meta.url),
        license=meta.license,
        note=meta.note,
    )


def read_bytes(data: bytes, where: str) -> Record | Rejected:
    """The record of a file at hand, or why it cannot be read; `where` names it in what is rejected."""
    try:
        return _record(_of_bytes(data))
    except NotTextError as error:
        return Rejected(source=NAME, where=where, reason=str(error), sha256=hashlib.sha256(data).hexdigest())


def read(path: Path) -> Iterator[Record | Rejected]:
    """The one record of a text file, or why it cannot be read."""
    paged = archives.head(path).startswith((pdf.MAGIC, *archives.ZIP))
    yield read_bytes(archives.read_bytes(path, MAX_PAGED_BYTES if paged else MAX_BYTES), path.name)
