"""Stage 2: what is named where. A mention is a span, a kind and the name under which the facts will know it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from kg_build.reading.document import Span


@dataclass(frozen=True, order=True)
class Mention:
    """One name in the text. `key` is the row of the table that knows it, None where only its form or position told."""

    start: int
    end: int
    kind: str
    name: str
    key: str | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


_PLACE = attrgetter("start", "end", "kind", "name")


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Of mentions that overlap only the longest (then the first, then the one a table knows), in text order."""
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end, m.key is None)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
        elif mention.end - mention.start > chosen[-1].end - chosen[-1].start:
            chosen[-1] = mention
    return chosen


class Mentions:
    """All mentions of a text by kind, each kind without overlaps, found by place."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        groups: dict[str, list[Mention]] = {}
        for mention in mentions:
            groups.setdefault(mention.kind, []).append(mention)
        self._kinds = {kind: longest(group) for kind, group in groups.items()}
        self._starts = {kind: [m.start for m in group] for kind, group in self._kinds.items()}

    def all(self, kind: str) -> list[Mention]:
        """Every mention of a kind."""
        return self._kinds.get(kind, [])

    def between(self, start: int, end: int, *kinds: str) -> list[Mention]:
        """Mentions of the kinds that lie within [start, end), in text order."""
        found = []
        for kind in kinds:
            starts = self._starts.get(kind, [])
            group = self._kinds.get(kind, [])
            found += [m for m in group[bisect_left(starts, start) : bisect_left(starts, end)] if m.end <= end]
        return sorted(found, key=_PLACE) if len(kinds) > 1 else found

    def before(self, position: int, kind: str, reach: int = 10_000_000) -> Mention | None:
        """The nearest mention of a kind that ends at or before a position."""
        at = bisect_left(self._starts.get(kind, []), position)
        while at > 0:
            mention = self._kinds[kind][at - 1]
            if mention.end <= position:
                return mention if position - mention.end <= reach else None
            at -= 1
        return None

    def covering(self, position: int, kind: str) -> Mention | None:
        """The mention of a kind that holds a position."""
        at = bisect_left(self._starts.get(kind, []), position + 1)
        mention = self._kinds[kind][at - 1] if at else None
        return mention if mention and mention.start <= position < mention.end else None
