"""Which arm each figure of an endpoint belongs to: by what stands beside it, by lists, by order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg_build.reading.arms import ArmRef
from kg_build.reading.context import Reading
from kg_build.reading.frames.figures import FROM_TO, TO
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Quantity

_COMPARING = lazy(
    r"\b(?:vs\.?|v\.?|versus|compared\s(?:with|to)|and|against|than|relative\sto|or|from|to|while|whereas|respectively)(?:\b|(?<=\.))|[,/]"
)
_AFTER = lazy(
    r"[\s,)\]]*(?:of\s(?:the\s)?(?:\d+\s)?(?:patients|pts|people|participants|those|adults|individuals|women|men|subjects|children)\s?|achieved\s|and\s)?"
    r"(?:(?:in|for|with|among|on|from|receiving|who|were|had|treated|given|assigned|allocated|randomi[sz]ed|received|to|of|the|taking"
    r"|those|people|adults|women|men|patients|pts|participants|subjects|who\shad|got|getting|took|switched|moved|stayed|remained|continued|using|used|only|alone|by|an?|after|through|under|years?|months?|rates?|\d{1,4}"
    r"|treatment|arm|group|standard|adding|all|recipients|single-agent|single|agent|either|responders)\b[\s(]*){1,9}$"
)
_AFTER_QUALIFIED = lazy(
    r"[\s,)\]]*(?:(?:of\s(?:the\s)?)?(?:patients|those)\s)?(?:with|in|for|on|among|receiving|under|after)\s(?:the\s)?(?:[a-z][a-z-]{2,24}\s){1,3}$"
)
_UNIT = lazy(r"(?:\s?%|\s(?:percent|months?|years?|weeks?|days?)\b)?")
_BRACKET = lazy(r"\s?(?:%|[a-z]+)?(?:\s?[(\[][^()\[\]]{0,90}(?:[(\[][^()\[\]]{0,40}[)\]][^()\[\]]{0,60})?[)\]])?")
_LISTED = lazy(
    r"(?:\s(?:arms?|groups?|cohorts?|alone))?(?:\s?\([^()]{0,40}\))?,?\s?(?:and|vs\.?|versus|or|,|compared\s(?:with|to))\s(?:the\s|with\s|for\s|in\s){0,3}"
)
_LESSER = lazy(
    r"(?:vs\.?|versus|compared\s(?:with|to)|than(?:\s(?:with|in|for|on))?|over|against|relative\sto|superior\sto|to)\s(?:the\s)?$"
)
_AGAINST = lazy(r"\b(?:and|or|vs|versus|than|over|compared|against|relative|superior)\b|,\s$")
_BOTH = lazy(
    r"[\s)\]]*(?:of\spatients\s|\([^()]{0,60}\)\s)?(?:in|for|from|across|of|with)\s(?:both|each|either|all)\s(?:of\sthe\s)?(?:the\s)?(?:two\s"
    r"|three\s|four\s)?(?:treatment\s|study\s|randomi[sz]ed\s)?(?:arms?|groups?|cohorts?|regimens?|treatments?)\b|[\s)\]]*in\sboth(?=\s?[.,;)])"
)
_WHOLE = lazy(
    r"[\s)\]]*(?:in|for|across|among)\s(?:all\s(?:randomi[sz]ed\s|enrolled\s|treated\s)?patients|the\s(?:entire|whole|overall)\s(?:\w+\s)?"
    r"(?:population|cohort|group))\b"
)
_SUBGROUP = lazy(
    r"[\s)\]]*(?:in|for|among)\s(?:the\s)?(?:(?:patients|those|participants|women|men)\s(?:with|whose|without|who\shad|aged)|\w+\sdisease"
    r"|[\w-]+\ssub(?:group|set))\b"
)


_HOLDS = lazy(r"(?:\s(?:alone|arm|group))?\s?[\[(](?:\d{1,4}\s?/\s?\d{1,4}[,;]?\s)?")
"""What stands between an arm and its figure in the bracket behind it: "superior with X (66%) to Y (50%)"."""
_ROW_REACH = 200
_OPENED = lazy(r"\s?[(\[](?:(?:in|with|for)\s)?(?:the\s)?")


Assigned = tuple[Quantity, ArmRef | None, str | None]


def _between(refs: Sequence[ArmRef], start: int, end: int) -> list[ArmRef]:
    return [r for r in refs if r.span[0] >= start and r.span[1] <= end]


def _distinct(refs: Sequence[ArmRef]) -> list[ArmRef]:
    return list({r.arm: r for r in refs}.values())


def _ref_after(reading: Reading, refs: Sequence[ArmRef], quantity: Quantity, limit: int) -> ArmRef | None:
    """The arm told right behind a figure, or between it and its interval: "63% ... in the control arm (95% CI, ...)"."""
    within, unit = _between(refs, quantity.span[1], quantity.stop), _UNIT.match(reading.text, quantity.span[1])
    if len(within) == 1 and unit and _AFTER.fullmatch(reading.text, unit.end(), within[0].span[0]):
        return within[0]
    for ref in _between(refs, quantity.stop, limit):
        gap = reading.text[quantity.stop : ref.span[0]]
        if len(gap) > 170:
            return None
        if _OPENED.fullmatch(gap) and reading.text[ref.span[1] : ref.span[1] + 1] in (")", "]"):
            return ref
        bracket = _BRACKET.match(gap)
        rest = gap[bracket.end() :] if bracket and len(gap) > bracket.end() else gap
        if _AFTER.fullmatch(rest) or _AFTER.fullmatch(gap) or (_AFTER_QUALIFIED.fullmatch(rest) and not _COMPARING.search(rest)):
            return ref
    return None


def past_arm(reading: Reading, refs: Sequence[ArmRef], quantity: Quantity, limit: int) -> int:
    """Where a figure ends with the arm told behind it: what is told next starts there."""
    ref = _ref_after(reading, refs, quantity, limit)
    return max(ref.span[1], quantity.stop) if ref else quantity.stop


_LAST = lazy(r"\brespectively,?\s(?:in|for|with|of|among|on|after)\s(?:the\s|those\s\w+\s)?")


def told_last(reading: Reading, refs: Sequence[ArmRef], start: int, end: int) -> list[str]:
    """The arms listed behind the word respectively at the end of a sentence."""
    match = _LAST.search(reading.text, start, end)
    row: list[ArmRef] = []
    for ref in _between(refs, match.end(), end) if match else ():
        joined = _LISTED.fullmatch(reading.text, row[-1].span[1], ref.span[0]) if row else ref.span[0] - match.end() < 4  # type: ignore[union-attr]
        if not joined:
            break
        row.append(ref)
    return list(dict.fromkeys(ref.arm for ref in row))


@dataclass
class _Row:
    """Figures that are compared with one another, and the arms told around them."""

    reading: Reading
    figures: list[Quantity]
    refs: Sequence[ArmRef]
    order: list[str]
    start: int
    end: int

    def assigned(self) -> Iterator[Assigned]:
        """Each figure with its arm: by a list of arms, by what stands behind or before it, else by its place."""
        if risen := self._risen():
            yield from risen
            return
        found = self._listed() or self._one_by_one()
        arms = self._filled([r.arm if r else None for r in found])
        yield from ((q, ref, arm) for q, ref, arm in zip(self.figures, found, arms, strict=True))

    def _limit(self, i: int) -> int:
        return self.figures[i + 1].opens if i + 1 < len(self.figures) else self.end

    def _listed(self) -> list[ArmRef | None]:
        """As many arms as figures, all told before them or all behind: "in the X and Y arms 11 and 6 months, respectively"."""
        count = len(self.figures)
        inner = _between(self.refs, self.figures[0].stop, self.figures[-1].opens)
        if count < 2 or inner:
            return []
        behind = _listed_behind(self.reading, self.refs, self.figures[-1], self.end)
        if len(behind) == count:
            return [*behind]
        if _ref_after(self.reading, self.refs, self.figures[-1], self.end) and not self._respectively():
            return []
        lead = _distinct(_between(self.refs, self.start, self.figures[0].opens)[-6:])
        lead = lead[-count:] if len(lead) > count and not self._respectively() else lead
        if len(lead) != count or not (self._respectively() or self._contrasted(lead)):
            return []
        return [*self._in_favour(lead)]

    def _contrasted(self, lead: list[ArmRef]) -> bool:
        """Whether the arms told before are set against one another: "X improved PFS over Y", "X and Y"."""
        gaps = [self.reading.text[a.span[1] : b.span[0]] for a, b in pairwise(sorted(lead, key=lambda r: r.span))]
        first = self.reading.text[max(self.start, lead[0].span[0] - 24) : lead[0].span[0]]
        return all(_AGAINST.search(gap) for gap in gaps) or _LESSER.search(first) is not None

    def _respectively(self) -> bool:
        return "respectively" in self.reading.text[self.figures[0].opens : min(self.end, self.figures[-1].stop + 120)]

    def _in_favour(self, lead: list[ArmRef]) -> list[ArmRef]:
        """Of two arms told before, the one that the other is compared with comes second: "compared with Y, X improved"."""
        lesser = [bool(_LESSER.search(self.reading.text[max(self.start, r.span[0] - 24) : r.span[0]])) for r in lead]
        return lead[::-1] if len(lead) == 2 and lesser == [True, False] and not self._respectively() else lead

    def _one_by_one(self) -> list[ArmRef | None]:
        found: list[ArmRef | None] = []
        last = self.start
        for i, quantity in enumerate(self.figures):
            before = _between(self.refs, last, quantity.opens)
            held = before and _HOLDS.fullmatch(self.reading.text, before[-1].span[1], quantity.opens)
            after = None if held else _ref_after(self.reading, self.refs, quantity, self._limit(i))
            found.append(after or (before[-1] if before and (i or held or not self._second(before)) else None))
            last = max(after.span[1], quantity.stop) if after else quantity.stop
        return found

    def _risen(self) -> list[Assigned]:
        """Two figures from the control to the arm spoken of, and no arm behind: "with X, median PFS rose from 6 to 11 months"."""
        first, last = self.figures[0], self.figures[-1]
        if len(self.figures) != 2 or not self._from_to() or _between(self.refs, first.stop, min(self.end, last.stop + 60)):
            return []
        lead = _distinct(_between(self.refs, self.start, first.opens))
        told = lead[0] if len(lead) == 1 and lead[0].arm in self.order else None
        if told is None and (len(self.order) != 2 or _between(self.refs, first.opens, self.end)):
            return []
        better = told.arm if told else min(self.order)
        return [(first, None, next((arm for arm in self.order if arm != better), None)), (last, told, better)]

    def _second(self, before: list[ArmRef]) -> bool:
        """Whether the only arm told before two figures is what the first is compared with: "longer than with Y (11 vs 6)"."""
        lead = self.reading.text[max(self.start, before[-1].span[0] - 24) : before[-1].span[0]]
        return len(self.figures) == 2 and len(_distinct(before)) == 1 and _LESSER.search(lead) is not None

    def _filled(self, arms: list[str | None]) -> list[str | None]:
        """Arms where none is told: those that are left, in the order of the last comparison."""
        order = self.order
        if len(order) == 1:
            return [arm or order[0] for arm in arms]
        left = iter([arm for arm in order if arm not in arms])
        return [arm or next(left, None) for arm in arms]

    def _from_to(self) -> bool:
        first, second = self.figures
        text = self.reading.text
        return bool(FROM_TO.search(text[max(self.start, first.opens - 24) : first.opens]) and TO.fullmatch(text, first.stop, second.opens))


def _rows(reading: Reading, figures: list[Quantity], refs: Sequence[ArmRef], size: int) -> Iterator[list[Quantity]]:
    """Figures in groups that are compared with one another, at most as many as there are arms."""
    row: list[Quantity] = []
    for quantity in figures:
        if row and (len(row) >= size or _complete(reading, row, quantity, refs) or not _compared(reading, row[-1], quantity, refs)):
            yield row
            row = []
        row.append(quantity)
    if row:
        yield row


def _complete(reading: Reading, row: list[Quantity], follower: Quantity, refs: Sequence[ArmRef]) -> bool:
    """Whether the arms of a row are told behind it: "85%, 89% and 91% with X, Y and Z, respectively, and 35% with placebo"."""
    if len(row) < 2 or _between(refs, row[0].stop, row[-1].opens):
        return False
    lead = _distinct(_between(refs, max(0, row[0].opens - _ROW_REACH), row[0].opens))
    listed = len(lead) == len(row) and re.match(r"[^.;\d]{0,16}\brespectively\b", reading.text[row[-1].stop : follower.opens])
    return bool(listed) or len(_listed_behind(reading, refs, row[-1], follower.opens)) == len(row)


def _listed_behind(reading: Reading, refs: Sequence[ArmRef], last: Quantity, end: int) -> list[ArmRef]:
    """The arms listed behind a figure."""
    found: list[ArmRef] = []
    for ref in _between(refs, last.stop, min(end, last.stop + 240)):
        if not found and _ref_after(reading, [ref], last, end) is None:
            return []
        if found and (ref.arm == found[-1].arm or not _LISTED.fullmatch(reading.text, found[-1].span[1], ref.span[0])):
            break
        found.append(ref)
    return found


def _compared(reading: Reading, left: Quantity, right: Quantity, refs: Sequence[ArmRef]) -> bool:
    """Whether two neighbouring figures are set side by side; that of a subgroup stands alone."""
    gap = reading.text[left.stop : right.opens]
    turns = ";" in gap and not _between(refs, left.stop, right.opens)
    alike = (left.kind in ("time", "missing")) == (right.kind in ("time", "missing"))
    subgroup = _SUBGROUP.match(reading.text, right.stop) and not _SUBGROUP.match(reading.text, left.stop)
    own = _ref_after(reading, refs, left, right.opens)
    anew = len(_distinct(_between(refs, own.span[1] if own else left.stop, right.opens))) > 1
    if not alike or turns or anew or len(gap) > _ROW_REACH or (subgroup and not _ref_after(reading, refs, right, right.stop + 170)):
        return False
    return _COMPARING.search(gap) is not None


def assign_arms(
    reading: Reading, figures: list[Quantity], refs: Sequence[ArmRef], order: list[str], start: int, end: int
) -> Iterator[Assigned]:
    """Each measure of one endpoint with the arm it belongs to; `order` is that of figures whose arms are not told."""
    last, arm = start, None
    rows = list(_rows(reading, figures, refs, max(2, len(order))))
    for i, row in enumerate(rows):
        limit = rows[i + 1][0].opens if i + 1 < len(rows) else end
        if len(row) == 1 and len(order) > 1 and _BOTH.match(reading.text, row[0].stop):
            yield from ((row[0], None, each) for each in (order[:2] if "both" in reading.text[row[0].stop : row[0].stop + 60] else order))
        elif len(row) == 1 and len(order) > 1 and _pooled(reading, row[0], _between(refs, last, limit)):
            yield row[0], None, "+".join(order)
        elif i and len(row) == 1 and _SUBGROUP.match(reading.text, row[0].stop) and not _between(refs, row[0].stop, limit):
            yield row[0], None, arm
        else:
            for quantity, ref, arm in _Row(reading, row, refs, order, last, limit).assigned():
                yield quantity, ref, arm
        last = past_arm(reading, refs, row[-1], limit)


def _pooled(reading: Reading, quantity: Quantity, refs: list[ArmRef]) -> bool:
    """Whether one figure is that of all arms together."""
    return not refs and _WHOLE.match(reading.text, quantity.stop) is not None
