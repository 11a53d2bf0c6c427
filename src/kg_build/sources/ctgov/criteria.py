"""Eligibility criteria: one block of text with headings and bullets -> inclusion and exclusion lines."""

from __future__ import annotations

import re
from typing import Literal

from kg_build.sources.ctgov.values import plain

Side = Literal["inclusion", "exclusion"]

_HEADING = re.compile(
    r"[\W\d]*(?:\w+[ -]){0,4}?(?P<side>inclusion|exclusion|non-inclusion|ineligib\w*|eligib\w*)(?:[ -]\w+){0,6}?\s*(?:\([^)]*\))?\s*:?\W*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[*•·▪‣◦–-]|\d{1,2}[.)]|\(?[a-zA-Z\d]{1,2}\)|[ivxIVX]{1,4}[.)])\s+")


def split_criteria(markup: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""(inclusion lines, exclusion lines) of a criteria text; lines before any heading belong to neither side and are left out.

    >>> split_criteria("Inclusion Criteria:\n\n* Age \\>= 18\n* Measurable\n  disease\n\nExclusion Criteria:\n\n1. Pregnancy")
    (('Age >= 18', 'Measurable disease'), ('Pregnancy',))
    """
    sides: dict[Side, list[str]] = {"inclusion": [], "exclusion": []}
    side: Side | None = None
    fresh = True
    for line in (markup or "").splitlines():
        heading = _side(line)
        side = heading or side
        fresh = fresh or heading is not None or not line.strip()
        if heading or not line.strip() or side is None:
            continue
        bullet = _BULLET.match(line)
        text = plain(line[bullet.end() :] if bullet else line) or ""
        if bullet or fresh:
            sides[side].append(text)
        else:
            sides[side][-1] += " " + text
        fresh = False
    return tuple(filter(None, sides["inclusion"])), tuple(filter(None, sides["exclusion"]))


def _side(line: str) -> Side | None:
    """Which side a heading line opens, or None for a line that is no heading."""
    if len(line) > 100 or not (match := _HEADING.fullmatch(line)):
        return None
    if not (line.rstrip(" *_").endswith(":") or re.fullmatch(r"[\W\d]*(?:\w+ )?(?:in|ex)clusion(?: criteria)?\W*", line, re.IGNORECASE)):
        return None
    word = match["side"].casefold()
    return "inclusion" if word.startswith(("inclusion", "eligib")) else "exclusion"
