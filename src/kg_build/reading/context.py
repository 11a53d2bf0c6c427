"""What the frames read from: the text, its units and its mentions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg_build.facts import Evidence
from kg_build.lexicon import Lexicon
from kg_build.reading.dates import Date, dateline
from kg_build.reading.document import Document, Span
from kg_build.reading.endpoints import find_endpoints
from kg_build.reading.mentions import Mentions
from kg_build.reading.naming import Names
from kg_build.reading.quantities import Quantity, lex_quantities
from kg_build.reading.shorthand import class_details, with_shorthand

if TYPE_CHECKING:
    from kg_build.reading.arms import Told


@dataclass(frozen=True)
class Reading:
    """One text on its way from characters to facts."""

    text: str
    lexicon: Lexicon

    @cached_property
    def document(self) -> Document:
        """Paragraphs, sentences and units."""
        return Document(self.text)

    @cached_property
    def said(self) -> Date | None:
        """The day on which the text says it appeared."""
        return dateline(self.text, self.document.paragraphs)

    @cached_property
    def names(self) -> Names:
        """What the text itself defines: brands, codes, abbreviations."""
        return Names(self.text, self.lexicon)

    @cached_property
    def mentions(self) -> Mentions:
        """What is named where."""
        return self.names.mentions

    @cached_property
    def given(self) -> Mentions:
        """What can be given: agents, classes, combinations under a short name, strategies without a drug."""
        return with_shorthand(self)

    @cached_property
    def class_details(self) -> dict[str, tuple[str, ...]]:
        """Classes whose agents the text lists."""
        return class_details(self)

    @cached_property
    def arm_phrases(self) -> dict[Span, list[Told]]:
        """What was found to mean an arm, by stretch of text: many frames ask for the same sentence."""
        return {}

    @cached_property
    def endpoints(self) -> Mentions:
        """Endpoints, by table, form and the text's own abbreviations."""
        return Mentions(find_endpoints(self.text, self.mentions.all("endpoint"), self.names.abbreviations))

    @cached_property
    def quantities(self) -> tuple[tuple[Quantity, ...], ...]:
        """The quantities of every unit."""
        return tuple(lex_quantities(self.text, a, b) for a, b in self.document.units)

    @cached_property
    def _brackets(self) -> tuple[list[int], list[int]]:
        positions, depths, depth = [], [], 0
        for match in re.finditer(r"[()\[\]]|\n", self.text):
            depth = 0 if match[0] == "\n" else max(0, depth + (1 if match[0] in "([" else -1))
            positions.append(match.start())
            depths.append(depth)
        return positions, depths

    def depth(self, position: int) -> int:
        """How many brackets are open at a position."""
        positions, depths = self._brackets
        at = bisect_right(positions, position) - 1
        return depths[at] if at >= 0 else 0

    def evidence(self, slot: str, span: Span) -> Evidence:
        """The quote of a span for a slot."""
        return Evidence(slot=slot, quote=self.text[span[0] : span[1]], start=span[0], end=span[1])
