"""A stretch of text as it reads without its asides: no brackets, single blanks, words that a lost line break glued parted again."""

from __future__ import annotations

from bisect import bisect_left

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_GLUED = (
    r"(?<=[dfhor])(?=[aphrt])(?:(?<=\bwho)(?=(?:have|has|had|are)\b)|(?<=\b(?:or|of))(?=(?:are|have|adult|patients)\b)"
    + "".join(rf"|(?<=\b{word})(?=(?:are|have|has|adults?|patients|previously|received|the)\b)" for word in ("and", "for", "with"))
    + ")"
)
_TOKEN = lazy(
    r"(?P<aside>\s*\((?:[^()\[\]]|\[[^\[\]]{0,200}\]|\([^()]{0,200}\)){0,400}\)|\s*\[[^\[\]]{0,400}\])"
    r"|(?P<blank>[\s¬]{2,}|[^\S ]|¬)|(?P<glued>" + _GLUED + ")"
)


class View:
    """Text of [start, end) without asides; positions are of this text, `span` leads back to the document's."""

    def __init__(self, reading: Reading, start: int, end: int) -> None:
        self.reading, self.start = reading, start
        self.asides: dict[int, str] = {}
        self.glued: set[int] = set()
        printed, last = reading.text[start:end], 0
        places: list[int] = []
        parts: list[str] = []
        for match in _TOKEN.finditer(printed):
            parts.append(printed[last : match.start()])
            places += range(last, match.start())
            last = match.end()
            if match["aside"]:
                self.asides[len(places)] = match["aside"].strip()[1:-1].strip()
            elif "¬" not in match[0]:
                parts.append(" ")
                places.append(match.start())
                if not match[0]:
                    self.glued.add(len(places))
        parts.append(printed[last:])
        self.text = "".join(parts)
        self._places = [*places, *range(last, len(printed))]

    def span(self, start: int, end: int) -> Span:
        """Where [start, end) stands in the document."""
        return self.start + self._places[start], self.start + self._places[end - 1] + 1

    def place(self, position: int) -> int:
        """Where a position of the document stands here."""
        return bisect_left(self._places, position - self.start)

    def mentions(self, low: int, high: int, *kinds: str) -> list[tuple[int, int, Mention]]:
        """Mentions outside asides within [low, high): (start, end, mention)."""
        if high <= low:
            return []
        first, last = self.span(low, high)
        found = []
        for mention in self.reading.mentions.between(first, last, *kinds):
            at = self.place(mention.start)
            if at < len(self._places) and self._places[at] == mention.start - self.start:
                found.append((at, self.place(mention.end - 1) + 1, mention))
        return found

    def told(self, start: int, end: int) -> str:
        """The words of [start, end), trimmed."""
        return self.text[start:end].strip(" ,;:.")
