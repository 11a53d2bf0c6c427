"""For whom a regimen is recommended: told beside it, in the lead of its sentence, in the headings above it or once for the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.guidelines.phrases import Phrase, Told, tell
from kg_build.reading.patterns import lazy

_LINED = lazy(r"line\b|relapse|\b[123]L\b|adjuvant|\bafter\b", re.IGNORECASE)
_SYMBOL = lazy(r"(?!CPS|TPS)[A-Z][A-Z0-9-]{1,8}\d?|hormone receptor")
_NEGATIVE = lazy(r"negative|\bno\b|wild|low\b")


@dataclass
class Place:
    """Disease, setting and markers, from the nearest words outwards."""

    condition: Phrase | None = None
    settings: list[Phrase] = field(default_factory=list)
    markers: list[Phrase] = field(default_factory=list)

    @property
    def setting(self) -> str | None:
        """Stage, line and intent in one phrase."""
        return "; ".join(words for words, _ in self.settings) or None

    @property
    def biomarkers(self) -> tuple[str, ...]:
        """The markers by their words."""
        return tuple(words for words, _ in self.markers)

    @property
    def spans(self) -> list[tuple[str, Span]]:
        """Where each slot is told."""
        spans = [("condition", self.condition[1])] if self.condition else []
        return spans + [("setting", span) for _, span in self.settings] + [("biomarkers", span) for _, span in self.markers]

    def take(self, told: Told) -> None:
        """What words farther off add: the line only where none is told nearer, a marker only of another molecule."""
        self.condition = self.condition or told.condition
        lined = any(_LINED.search(words) for words, _ in self.settings)
        self.settings += [p for p in told.settings if _new(p, self.settings) and not (lined and _LINED.search(p[0]))]
        known = {symbol for words, _ in self.markers for symbol in _SYMBOL.findall(words)}
        self.markers += [p for p in told.markers if _new(p, self.markers) and not (known & set(_SYMBOL.findall(p[0])))]


def _new(phrase: Phrase, held: list[Phrase]) -> bool:
    words = phrase[0].casefold()
    return not any(words in other.casefold() or other.casefold() in words for other, _ in held)


def read_place(reading: Reading, own: Iterable[Span], rest: Span, above: Iterable[Span], said: Iterable[Span], topic: Span | None) -> Place:
    """What the words beside a regimen say (`own`; where they are silent, the `rest` of the clause), then the headings `above`.

    What the sentence before `said`, and what the whole text is about, counts only where nearer words are silent.
    """
    place = Place()
    for span in own:
        place.take(tell(reading, span))
    if not (place.settings or place.markers):
        place.take(tell(reading, rest))
    if not (place.settings or place.markers or place.condition):
        for span in said:
            place.take(tell(reading, span))
    for span in above:
        place.take(tell(reading, span))
    if topic and place.condition is None:
        place.take(_of_all(tell(reading, topic)))
    return place


def _of_all(told: Told) -> Told:
    """What is true of a whole text: of "EGFR- and ALK-positive" disease each recommendation is for one, not for both."""
    several = len(told.markers) > 1 and not any(_NEGATIVE.search(words) for words, _ in told.markers)
    return Told(told.condition, told.settings, [] if several else told.markers)


def topic(reading: Reading) -> Span | None:
    """The sentence that names first what disease the text is about."""
    named = [m for m in reading.mentions.all("condition") if not reading.mentions.covering(m.end - 1, "body")]
    if not named:
        return None
    counts: dict[str, int] = {}
    for mention in named:
        counts[mention.name.casefold()] = counts.get(mention.name.casefold(), 0) + 1
    main = named[0]
    for mention in named:
        fuller = main.name.casefold().split()[-1] in mention.name.casefold() and len(mention.name) > len(main.name)
        if counts[mention.name.casefold()] > counts[main.name.casefold()] and (fuller or main.start > 400):
            main = mention
    return reading.document.units[reading.document.unit_at(main.start)]
