"""Web pages: the main text of an HTML page, and what the page states about itself."""

from __future__ import annotations

import json
import logging
import re
from datetime import date
from typing import Any, NamedTuple


class Meta(NamedTuple):
    """What a text or page states about itself, and where its header block ends."""

    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    license: str | None = None
    note: str | None = None
    end: int = 0


def iso_day(printed: str) -> str | None:
    """The day at the head of an ISO date or time; None for any other form."""
    try:
        return date.fromisoformat(printed.strip()[:10]).isoformat() if re.match(r"\s*\d{4}-\d\d-\d\d", printed) else None
    except ValueError:
        return None


_META = {
    "title": ("og:title", "citation_title", "dc.title", "twitter:title"),
    "published": (
        "article:published_time", "datepublished", "citation_publication_date", "dc.date", "dc.date.issued", "dcterms.issued",
        "date", "pubdate",
    ),
    "publisher": ("og:site_name", "citation_publisher", "dc.publisher", "publisher"),
    "url": ("og:url", "citation_fulltext_html_url"),
    "license": ("dc.rights", "dcterms.license"),
}  # fmt: skip
"""Slot -> names of the meta elements that state it, best first."""

_FURNITURE = ["//nav", "//aside", "//footer[not(ancestor::article)]", "//header[not(ancestor::article) and not(.//h1)]"]
"""What is never main text; on short pages the extractor would take it too."""

_IDLE = "script style noscript template iframe svg button select form head title".split()
_HIDDEN = "//*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]"
_BLOCKS = "p div section article main h1 h2 h3 h4 h5 h6 li ul ol table tr br blockquote dt dd pre figcaption header footer aside".split()

_SHORT = 300
"""Characters below which the extractor gives up on structure and breaks lines at every tag."""
_NEARLY_ALL = 0.8
"""A page of which the main text is this share of all words is nothing but its article: its own lines keep every word and cell."""


_SILENT = logging.NullHandler()
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SUPERSCRIPT = re.compile(r"(?<=\d)<sup[^<>]*>\s*([-−+]?[\d,]{1,5})\s*</sup>", re.IGNORECASE)
_RAISED = str.maketrans("0123456789-−+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁺")
"""A raised digit after a digit must stay raised: 10<sup>9</sup> is not 109, and a footnote mark is no part of a number."""


def read_page(text: str) -> tuple[str, Meta]:
    """Main text and metadata of an HTML page."""
    from trafilatura import bare_extraction, load_html

    logging.getLogger("trafilatura").addHandler(_SILENT)
    text = _SUPERSCRIPT.sub(lambda match: match[1].translate(_RAISED), text)
    text = text if re.search("<html", text, re.IGNORECASE) else f"<html><body>{text}</body></html>"
    tree = load_html(text)
    if tree is None:
        return _bare(text), Meta()
    meta = _page_meta(tree)
    heading = _text_of(tree.xpath("//h1")[:1])
    found = bare_extraction(text, include_comments=False, include_tables=True, with_metadata=False, prune_xpath=_FURNITURE)
    body, whole = (getattr(found, "text", None) or "").strip(), _all_text(tree)
    if len(body) < _SHORT or len(body.split()) >= _NEARLY_ALL * len(whole.split()):
        body = whole
    if heading and heading not in " ".join(body[: 4 * len(heading) + 400].split()):
        body = f"{heading}\n{body}"
    return _plain(body), meta._replace(title=_plain(heading or meta.title) or None)


def _page_meta(tree: Any) -> Meta:
    """What the page states about itself in meta elements, links and JSON-LD; nothing is guessed from its text."""
    stated: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        stated.setdefault(key, " ".join(_plain(element.get("content")).split()))
    linked = _json_ld(tree)
    slots = {slot: next((stated[name] for name in names if stated.get(name)), None) or linked.get(slot) for slot, names in _META.items()}
    canonical = next(iter(tree.xpath("//link[@rel='canonical']/@href")), None)
    rights = next(iter(tree.xpath("//*[self::link or self::a][@rel='license']/@href")), None)
    stamp = next(iter(tree.xpath("//time[@pubdate or @itemprop='datePublished']/@datetime")), "")
    return Meta(
        title=slots["title"] or _text_of(tree.xpath("//title")[:1]) or None,
        published=iso_day((slots["published"] or "").replace("/", "-")) or iso_day(stamp),
        publisher=slots["publisher"],
        url=canonical or slots["url"],
        license=slots["license"] or rights,
    )


def _json_ld(tree: Any) -> dict[str, str]:
    """Headline, date, publisher and address of the first JSON-LD object that gives a headline or a date."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        graph = data.get("@graph", [data]) if isinstance(data, dict) else data
        for item in graph if isinstance(graph, list) else []:
            if isinstance(item, dict) and ({"headline", "datePublished"} & item.keys()):
                publisher = item.get("publisher")
                item = {**item, "publisher": publisher.get("name") if isinstance(publisher, dict) else publisher}
                pairs = {"title": "headline", "published": "datePublished", "publisher": "publisher", "url": "url", "license": "license"}
                return {slot: _plain(item[key]) for slot, key in pairs.items() if isinstance(item.get(key), str)}
    return {}


def _text_of(elements: list[Any]) -> str:
    return " ".join(elements[0].text_content().split()) if elements else ""


def _plain(text: str | None) -> str:
    """Text without the control characters and half characters that a page can hold as numbers, and that no document may."""
    return _UNPRINTABLE.sub("", text or "")


def _all_text(tree: Any) -> str:
    """All visible text, a line a block and a row; takes the tree apart."""
    for element in tree.xpath(" | ".join([*_FURNITURE, _HIDDEN, *(f"//{name}" for name in _IDLE)])):
        if element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter(*_BLOCKS):
        element.text = "\n" + _plain(element.text)
        element.tail = "\n" + _plain(element.tail)
    for cell in tree.xpath("//td[following-sibling::*] | //th[following-sibling::*]"):
        cell.tail = " | " + _plain(cell.tail).strip()
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def _bare(text: str) -> str:
    """Text of markup that no parser takes."""
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"(?is)<(script|style)\b.*?(?:</\1>|$)", " ", text)).split())
