"""Tables of recommendations: a row names a regimen, a column a body or what its cells tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.bodies import Body, bodies_in
from kg_build.reading.frames.guidelines.listed import Listed, stretches
from kg_build.reading.frames.guidelines.marks import Mark, find_marks
from kg_build.reading.patterns import lazy

ROW = lazy(r"[^\n|\t]*(?:\||\t)[^\n]*")
_LINE = lazy(r"^[ \t]*\|[^\n]*$", re.MULTILINE)
_CELL = lazy(r"[^|\t\n]+")
_VALUE = lazy(
    r"\s*(?P<value>[1-5][A-Da-c]?(?:/[A-D])?|[A-D][1-4]?|I{1,3}|IV|(?P<level>IV|I{1,3}|V)\s?,?\s?(?P<letter>[A-E])"
    r"|[Ss]trong|[Ww]eak|[Cc]onditional)(?:\s\([^()]{1,40}\))?\s*"
)
_YES = lazy(r"\s*(?P<yes>yes|y|✓|x)?(?P<no>no|n|-)?\s*", re.IGNORECASE)
_GRADED = lazy(r"\b(?:categor|grade|strength|class|level)", re.IGNORECASE)
_PREFERRED = lazy(r"\bpreferred\b", re.IGNORECASE)

Row = tuple[Listed, list[Body], dict[str, Mark]]


def grid_lines(text: str) -> list[Span]:
    """Lines that open with a bar, which are no sentences of the document."""
    return [match.span() for match in _LINE.finditer(text)]


@dataclass
class Grid:
    """The columns of the table that a walk is in."""

    columns: list[tuple[str, list[Body]]] = field(default_factory=list)

    def read(self, reading: Reading, line: Span) -> Iterator[Row]:
        """The recommendations of a row; a row without a regimen is the head of a table."""
        cells = [(m.start(), m.end()) for m in _CELL.finditer(reading.text, *line) if m[0].strip(" :-")]
        named = [(i, r) for i, cell in enumerate(cells) for s in stretches(reading, *cell) for r in s.regimens]
        if not named:
            heads = [(reading.text[a:b], bodies_in(reading, a, b, lenient=True)) for a, b in cells]
            if heads and (any(bodies for _, bodies in heads) or not any(bodies for _, bodies in self.columns)):
                self.columns = heads
            return
        at = named[0][0]
        for _, regimen in (one for one in named if one[0] == at):
            yield from self._row(reading, regimen, [(i, cell) for i, cell in enumerate(cells) if i != at])

    def _row(self, reading: Reading, regimen: Listed, cells: list[tuple[int, Span]]) -> Iterator[Row]:
        shared: dict[str, Mark] = {}
        spoken = False
        for i, cell in cells:
            head, bodies = self.columns[i] if i < len(self.columns) else ("", [])
            marks = {m.slot: m for m in reversed(find_marks(reading.text, *cell))} or _bare(reading.text, cell, head, bool(bodies))
            if bodies:
                spoken = True
                if marks:
                    yield regimen, bodies, marks
            else:
                shared |= marks
        if not spoken and shared:
            yield regimen, [], shared


def _bare(text: str, cell: Span, head: str, of_body: bool) -> dict[str, Mark]:
    """A cell that holds nothing but the grade or a yes, which its column says what of; a body's column holds grades."""
    value = _VALUE.fullmatch(text, *cell)
    if value and (of_body or _GRADED.search(head)):
        told = f"{value['level']}, {value['letter']}" if value["level"] else value["value"]
        return {"category": Mark(*value.span("value"), "category", told.lower() if len(told) > 4 else told)}
    answer = _YES.fullmatch(text, *cell)
    if answer and _PREFERRED.search(head) and (answer["yes"] or answer["no"]):
        return {"preferred": Mark(cell[0], cell[1], "preferred", answer["yes"] is not None)}
    return {}
