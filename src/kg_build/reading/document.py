"""Stage 1: plain text -> paragraphs, sentences and units, as spans of the text as it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from kg_build.reading.patterns import lazy

Span = tuple[int, int]

UNIT = 1800
"""No frame reads across more than this many characters: what keeps the reader linear on any input."""

_WRAP_WIDTH = (45, 125)
_BLANK_LINES = lazy(r"\n[ \t\r]*\n\s*")
_BREAK_WITHIN = lazy(r"\S[ \t\r]*\n[ \t]*(\S)")
_TABLE_ROW = lazy(r"\|[^\n|]*\|")
_LINE_BREAK = lazy(r"\n+")

# a stop, then closing marks, then footnote digits ("agent.1 The"), then closing marks again
_STOP = lazy(
    r"""(?P<stop>[.!?]|(?<=\w)…)(?P<close>[\"'”’)\]]{0,3})
        (?P<note>(?<=[^\d\s][.!?”’\")\]])\d{1,2}(?:[,–-]\d{1,2}){0,4}(?=\s|$|[“\"A-Z]))?
        (?P<gap>\s+|$|(?=[“\"]?[A-Z]))""",
    re.VERBOSE,
)
_OPENER = lazy(r"[\"'“‘(\[•●*–—-]{0,3}\s?(?:[A-Z0-9Α-Ω]|[a-z]{1,10}[A-Z])")
_ABBREVIATION = lazy(
    r"(?:^|[\s(\[“\"])(?:vs|v|cf|e\.g|i\.e|et al|etc|approx|ca|no|nos|fig|figs|ref|refs|dr|drs|mr|mrs|ms|prof|st|jr|sr|inc|ltd|co|corp|llc"
    r"|dept|vol|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|resp|incl|max|min|[a-z])$",
    re.IGNORECASE,
)
_LETTERED = lazy(r"\b(?:cohorts?|arms?|groups?|parts?|and|or|versus)\s[A-F]$", re.IGNORECASE)
_INITIALS = lazy(r"(?:^|[\s(\[“\"’])(?:[A-Z]\.){1,3}[A-Z]$")
_STARTER = lazy(
    r"(?:The|This|These|That|It|Its|In|On|At|A|An|As|For|Patients|Approval|Data|Results|However|Additionally|Both|We"
    r"|Our)\b"
)
_COMPANY = lazy(r"(?:^|\s)(?:inc|ltd|co|corp|llc)$", re.IGNORECASE)


def _soft_wrapped(text: str) -> bool:
    """Whether lines were broken at a width, so that a line break is a blank."""
    lines = [len(line) for line in text.split("\n") if line.strip()]
    if len(lines) < 4 or max(lines) > _WRAP_WIDTH[1] or median(lines) < _WRAP_WIDTH[0]:
        return False
    breaks: list[str] = _BREAK_WITHIN.findall(text)
    return sum(following.islower() for following in breaks) * 4 >= len(breaks)  # in a list each line begins anew


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _between(text: str, breaks: re.Pattern[str], start: int, end: int) -> list[Span]:
    spans, last = [], start
    for match in breaks.finditer(text, start, end):
        spans.append(_strip(text, last, match.start()))
        last = match.end()
    spans.append(_strip(text, last, end))
    return [(a, b) for a, b in spans if b > a]


def paragraphs(text: str) -> tuple[Span, ...]:
    """Spans of the paragraphs: lines, or blocks between blank lines where the text was wrapped at a width.

    Rows of a table are none: their figures belong to columns, and no sentence says which.
    """
    found = _between(text, _BLANK_LINES if _soft_wrapped(text) else _LINE_BREAK, 0, len(text))
    return tuple(span for span in found if not _TABLE_ROW.match(text, *span))


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    after = match.end()
    if after >= end:
        return True
    if not _OPENER.match(text, after, min(end, after + 16)):
        return False
    glued = not match["gap"]
    if match["stop"] != ".":
        return not glued
    before = text[max(start, match.start() - 14) : match.start()]
    if glued and not match["note"] and not match["close"]:
        return bool(re.search(r"[a-z]{3}$", before) and re.match(r"[A-Z][a-z]+\s", text[after : after + 24]))
    if _INITIALS.search(before):
        return bool(_STARTER.match(text, after))
    if match["close"] or match["note"] or _LETTERED.search(before) or not _ABBREVIATION.search(before):
        return True
    return bool(_COMPANY.search(before) and _STARTER.match(text, after))


def _sentences_of(text: str, start: int, end: int) -> list[Span]:
    spans, last = [], start
    for match in _STOP.finditer(text, start, end):
        if _ends_sentence(text, match, start, end):
            spans.append(_strip(text, last, match.end()))
            last = match.end()
    spans.append(_strip(text, last, end))
    return [(a, b) for a, b in spans if b > a]


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences, headlines without a full stop included.

    >>> text = "It hit the agent.1 The median was 1.5 months vs. 2.0 in the U.S. group."
    >>> [text[a:b] for a, b in sentences(text)]
    ['It hit the agent.1', 'The median was 1.5 months vs. 2.0 in the U.S. group.']
    """
    return tuple(span for a, b in paragraphs(text) for span in _sentences_of(text, a, b))


def _cut(text: str, start: int, end: int) -> list[Span]:
    """A span in pieces of at most UNIT characters, cut at a blank where there is one."""
    pieces = []
    while end - start > UNIT:
        at = text.rfind(" ", start + UNIT // 2, start + UNIT)
        at = start + UNIT if at < 0 else at
        pieces.append((start, at))
        start = at
    pieces.append((start, end))
    return [_strip(text, a, b) for a, b in pieces]


@dataclass(frozen=True)
class Document:
    """A text and where its paragraphs, sentences and units (sentences of bounded length) stand."""

    text: str

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Spans of the paragraphs."""
        return paragraphs(self.text)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Spans of the sentences."""
        return sentences(self.text)

    @cached_property
    def units(self) -> tuple[Span, ...]:
        """Sentences, those beyond UNIT characters in pieces."""
        return tuple(piece for a, b in self.sentences for piece in _cut(self.text, a, b) if piece[1] > piece[0])

    @cached_property
    def _unit_starts(self) -> list[int]:
        return [start for start, _ in self.units]

    def unit_at(self, position: int) -> int:
        """Number of the unit that a position stands in (or follows)."""
        return max(0, bisect_right(self._unit_starts, position) - 1)

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        return [start for start, _ in self.paragraphs]

    def paragraph_at(self, position: int) -> int:
        """Number of the paragraph that a position stands in (or follows)."""
        return max(0, bisect_right(self._paragraph_starts, position) - 1)
