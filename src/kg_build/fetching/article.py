"""Pages: articles, press releases and notices by their address, from public addresses only."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from kg_build.errors import FetchError
from kg_build.fetching.addresses import checked
from kg_build.fetching.asking import Ask, Pages, Request, Whole, name_of
from kg_build.fetching.client import Policy
from kg_build.retries import BusyError
from kg_build.sources import archives, article, pdf, recognise, texts

NAME = article.NAME
POLICY = Policy(per_minute=60, silence=20, seconds=60, max_bytes=article.MAX_PAGED_BYTES, public=True)


def request(url: str) -> Request:
    """The page at an address.

    Errors: FetchError for an address that is none, or not http(s).
    """
    parsed = checked(url)
    label = f"{parsed.host}{parsed.path}".removeprefix("www.")
    return Request(NAME, name_of(label, url), (url,), partial(_pages, url, name_of(label, url)), "page")


def _pages(url: str, name: str) -> Pages:
    yield Ask(url, name, _read, suffix)
    return Whole(1)


def _read(path: Path) -> None:
    if not path.stat().st_size:
        raise BusyError("the page is empty")
    if recognise(path) != article.NAME:
        raise FetchError("no article: neither a page nor a text, PDF or Word file")
    if suffix(path) in {".html", ".txt"} and path.stat().st_size > article.MAX_BYTES:
        raise FetchError(f"larger than {article.MAX_BYTES // 1_000_000} MB, too large for an article")


def suffix(path: Path) -> str:
    """The suffix of a file of this content."""
    head = archives.head(path)
    if head.startswith(pdf.MAGIC):
        return ".pdf"
    if archives.is_zip(path):
        return ".docx"
    return ".html" if texts.is_html(texts.decode(head, complete=False)[0]) else ".txt"
