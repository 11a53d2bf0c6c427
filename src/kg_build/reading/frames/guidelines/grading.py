"""Which grade and class belong to which regimen of a sentence: those printed behind it, or those that announce it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg_build.reading.frames.guidelines.cues import clause_break, tells
from kg_build.reading.frames.guidelines.listed import Listed
from kg_build.reading.frames.guidelines.marks import Mark
from kg_build.reading.patterns import lazy

Marks = dict[str, Mark]
SLOTS = ("category", "preferred")
_NOUN = (
    r"(?:treatments?|therap(?:y|ies)|regimens?|options?|recommendations?|agents?|choices?|listings?|status|standards?|list|ratings?|drugs?)"
)
_ANNOUNCES = lazy(
    rf"[”\"’')]*(?:,?\s(?:preferred|recommended|first-line|second-line|new|systemic|now|and|or|evidence)){{0,4}}(?:\s{_NOUN}){{0,2}}[”\"’')]*"
    rf"(?:\s?:|,?\s(?:for|to|goes\sto|is\sgiven\sto|of|are|were|include[sd]?|is|comprise|remain|now|on|apply\sto|applies\sto|such\sas|like)\s)",
    re.IGNORECASE,
)
_JOINING = lazy(r"\b(?:join(?:s|ing|ed)|alongside|next\sto|together\swith|like)\s(?:the\s)?$", re.IGNORECASE)
_CONTRAST = lazy(r",?\s(?:but|whereas|while|although|though|however)\s")
_ALL = lazy(r"\b(?:all|both|each|every|respectively|either|for\seach)\b", re.IGNORECASE)


def graded(text: str, unit: tuple[int, int], regimens: list[Listed], marks: Iterable[Mark]) -> list[Marks]:
    """For every regimen the marks of its unit that are its own."""
    found: list[Marks] = [{} for _ in regimens]
    for slot in SLOTS:
        own = [mark for mark in marks if mark.slot == slot]
        if len(own) > 1 and len(own) == len(regimens) and "respectively" in text[unit[0] : unit[1]]:
            for one, mark in zip(found, own, strict=True):
                one[slot] = mark
            continue
        ahead = [mark for mark in own if _announces(text, unit, regimens, mark)]
        _look_back(text, unit, regimens, own, ahead, found)
        _look_ahead(text, unit, regimens, ahead, found)
        _joining(text, regimens, slot, found)
    return found


def _announces(text: str, unit: tuple[int, int], regimens: list[Listed], mark: Mark) -> bool:
    """Whether a mark stands before what it grades: "category 1 options are A and B"."""
    before = [r for r in regimens if r.span[1] <= mark.start]
    after = [r for r in regimens if r.span[0] >= mark.end]
    if not after:
        return False
    if not before:
        return True
    cut = clause_break(text, before[-1].span[1], mark.start)
    return cut is not None and _ANNOUNCES.match(text, mark.end, unit[1]) is not None


def _look_back(text: str, unit: tuple[int, int], regimens: list[Listed], own: list[Mark], ahead: list[Mark], found: list[Marks]) -> None:
    """A mark behind regimens is theirs, back to the mark or the semicolon before it."""
    low = unit[0]
    for mark in own:
        if mark in ahead:
            low = max(low, mark.start)
            continue
        nearest = mark.start
        for i in range(len(regimens) - 1, -1, -1):
            start, end = regimens[i].span
            if end > mark.start:
                continue
            if start < low or (
                nearest < mark.start and (_another_clause(text, end, nearest, mark) or _predicate(text, end, nearest, mark))
            ):
                break
            found[i].setdefault(mark.slot, mark)
            nearest = start
        low = mark.end


def _another_clause(text: str, end: int, nearest: int, mark: Mark) -> bool:
    """Whether a semicolon or a contrast parts a regimen from the one graded behind it, and the grade is not said of all."""
    parted = text.find(";", end, nearest) >= 0 or _CONTRAST.search(text, end, nearest) is not None
    return parted and not _ALL.search(text, max(nearest, mark.start - 40), mark.end + 20)


def _predicate(text: str, end: int, nearest: int, mark: Mark) -> bool:
    """Whether a regimen has a verb of its own and the mark is said of the next alone: "A may be used, and B is preferred"."""
    bracketed = max(text.rfind("(", end, mark.start + 1), text.rfind("[", end, mark.start + 1)) > max(
        text.rfind(")", end, mark.start), text.rfind("]", end, mark.start)
    )
    return not bracketed and tells(text, end, nearest)


def _look_ahead(text: str, unit: tuple[int, int], regimens: list[Listed], ahead: list[Mark], found: list[Marks]) -> None:
    """A mark before regimens is theirs, up to the next that announces others or a further clause with a verb of its own."""
    for mark, stop in zip(ahead, [*(m.start for m in ahead[1:]), unit[1]], strict=False):
        last = None
        for i, regimen in enumerate(regimens):
            if not mark.end <= regimen.span[0] < stop:
                continue
            cut = text.find(";", last, regimen.span[0]) if last is not None else -1
            if last is not None and cut >= 0 and tells(text, last, regimen.span[0]) and ":" not in text[mark.end : regimens[0].span[0] + 1]:
                break
            if not (own := found[i].get(mark.slot)) or (own.proof and not mark.proof):
                found[i][mark.slot] = mark
            last = regimen.span[1]


def _joining(text: str, regimens: list[Listed], slot: str, found: list[Marks]) -> None:
    """What "A enters as level I, joining B" grades A with, B has already."""
    for i, regimen in enumerate(regimens[1:], start=1):
        if slot not in found[i] and slot in found[i - 1] and _JOINING.search(text[max(0, regimen.span[0] - 30) : regimen.span[0]]):
            found[i][slot] = found[i - 1][slot]
