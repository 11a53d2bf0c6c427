"""What a label says a medicine is for: one use per regimen and indication.

Labels and registries' cells name no act and no authority; what they print is a list of uses, often with its bullets lost. The same
readers of diseases and regimens serve them as serve news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indications
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import GIVEN, Regimen, joined

_ITEM = lazy(
    r"(?<=[.;:])\s*[-•–*]?\s*(?=(?:in\scombination\s|as\s(?:a\s)?(?:monotherapy|single\sagent)|for\sthe\s"
    r"|(?:the\s)?"
    r"(?:(?:adjuvant|neoadjuvant|maintenance|first[- ]line|second[- ]line|induction|symptomatic)\s)?(?:treatment|prevention"
    r"|reduction)\sof\s"
    r"|monotherapy\s|following\s|(?:adult|paediatric|pediatric)\s(?:patients|and)\s|(?:locally\s)?advanced\s|relapsed\s|metastatic\s))"
    r"|(?<=[.;:])\s*[-•–*]\s*(?=\w)|(?<=[a-z.)])(?=[A-Z][a-z]+(?:®)?\s(?:is|as|in|monotherapy)\b)",
)
_PARTNERS = lazy(r"\b(?:in\s+combination|together|combined|concomitantly|along)\s+with\s|\badded\s+to\s|\bin\s+addition\s+to\s", re.I)
_EARLIER = lazy(r"\b(?:prior|previous(?:ly)?|after|failed|received|treated\s+with|progress(?:ed|ion)|refractory|intoleran\w+)\b", re.I)
_NO_USE = lazy(
    r"^(?:when|see|for\s(?:study|information|details)|the\s(?:response|efficacy|safety|evidence|benefit|demonstration)|consideration"
    r"|treatment\s(?:should|must|needs)|(?:prior|previous)\s\w+\s(?:should|must)|no\s(?:survival|data|clinical))\b"
    r"|\b(?:not\sbeen\s(?:demonstrated|established|studied)|limitations?\sof\suse|is\snot\s(?:indicated|recommended))\b"
    r"|\b(?:should|must)\s(?:also\s)?(?:be|have|receive|only\sbe)\b",
    re.I,
)
_BACK = lazy(r"\b(?:those|these|such|the)\spatients\b|\bwho\b|\bpatients\swho\b|^(?:in\scombination|as\s(?:a\s)?monotherapy)", re.I)
_LONGEST_LIST = 200


class Use(NamedTuple):
    """Whom a medicine is for, and with what it is given."""

    indication: Indication
    partners: Regimen | None
    span: Span


def read_uses(text: str, lexicon: Lexicon) -> list[Use]:
    """The uses that a label's text lists; spans are in code points of the text."""
    reading = Reading(text, lexicon)
    found: list[Use] = []
    lead: Use | None = None  # what stands before a colon holds for the items behind it
    for start, end in _items(reading):
        if _NO_USE.search(text, start, end):
            continue
        opens = text[start:end].rstrip().endswith(":")
        told = list(_told(reading, start, end, lead, alone=not found))
        if opens:
            lead = told[-1] if told else lead
            found += told[:-1]
        else:
            found += told
            lead = None if text[start : start + 1].isupper() and told and not _BACK.search(text, start, end) else lead
    return found or ([lead] if lead else [])


def _items(reading: Reading) -> Iterator[Span]:
    """Sentences, parted again where a lost bullet began."""
    for start, end in reading.document.units:
        cuts = [start, *(m.end() for m in _ITEM.finditer(reading.text, start, end) if m.end() > start), end]
        yield from ((a, b) for a, b in pairwise(cuts) if b - a > 3)


def _told(reading: Reading, start: int, end: int, lead: Use | None, alone: bool) -> Iterator[Use]:
    """The uses of one item; one that names no disease takes that of its lead."""
    given = _partners(reading, start, end)
    told = read_indications(reading, start, end)
    if not told and alone and lead is None and (bare := read_heading(reading, start, end)):
        told = [((start, end), bare)]
    for span, indication in told:
        yield Use(indication, _partners(reading, *span) or given or (lead.partners if lead else None), span)
    if not told and lead is not None and given is not None:
        yield Use(replace(lead.indication), given, (start, end))


def _partners(reading: Reading, start: int, end: int) -> Regimen | None:
    """What the medicine is given with: named behind "in combination with", and not as an earlier treatment."""
    for match in _PARTNERS.finditer(reading.text, start, end):
        if _EARLIER.search(reading.text, max(start, match.start() - 40), match.start()):
            continue
        named = [m for m in reading.given.between(match.end(), end, *GIVEN) if m.start - match.end() < _LONGEST_LIST]
        if groups := joined(reading, named):
            return groups[0]
    return None
