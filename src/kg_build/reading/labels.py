"""What a label says a medicine is for: one use per regimen and indication.

Labels and registries' cells name no act and no authority; what they print is a list of uses. The same readers of diseases and
regimens serve them as serve news.
"""

from __future__ import annotations

from typing import NamedTuple

from kg_build.lexicon import Lexicon
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indications
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import GIVEN, Regimen, joined

_PARTNERS = lazy(r"\b(?:in\s+combination|together|combined|along)\s+with\s|\badded\s+to\s|\bplus\s", 2)
_PRIOR = lazy(r"\b(?:prior|previous(?:ly)?|after|following|received|treated\s+with|progress(?:ed|ion)|refractory|intoleran\w+)\b", 2)


class Use(NamedTuple):
    """Whom a medicine is for, and with what it is given."""

    indication: Indication
    partners: Regimen | None
    span: Span


def read_uses(text: str, lexicon: Lexicon) -> list[Use]:
    """The uses that a label's text lists; spans are in code points of the text."""
    reading = Reading(text, lexicon)
    found: list[Use] = []
    partners: Regimen | None = None
    for start, end in reading.document.units:
        told = read_indications(reading, start, end)
        bare = None if told or found else read_heading(reading, start, end)
        for span, indication in told or ([((start, end), bare)] if bare else []):
            partners = _partners(reading, *span) or (partners if not found else None)
            found.append(Use(indication, partners, span))
        if not told:
            partners = _partners(reading, start, end)
    return found


def _partners(reading: Reading, start: int, end: int) -> Regimen | None:
    """What the medicine is given with: named behind "in combination with", and not as an earlier treatment."""
    for match in _PARTNERS.finditer(reading.text, start, end):
        if _PRIOR.search(reading.text, max(start, match.start() - 40), match.start()):
            continue
        named = [m for m in reading.given.between(match.end(), end, *GIVEN) if m.start - match.end() < 200]
        if groups := joined(reading, named):
            return groups[0]
    return None
