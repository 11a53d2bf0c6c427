"""Which two arms a ratio, a difference, a p value or a reduced risk compares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg_build.reading.arms import ArmRef, Arms
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

Pair = tuple[str, str]
_SET_AGAINST = lazy(
    r"(?:\s(?:arms?|groups?|patients|recipients))?,?\s(?:as\s)?(?:vs?\.?|versus|over|against|than|relative\sto|compared\s(?:with|to))"
    r"\s(?:(?:with|in|for|on|among|to|those|patients|receiving|given|the|arm|group)\s){0,4}"
)
_LESSER = lazy(
    r"\b(?:vs\.?|versus|compared\s(?:with|to)|than(?:\s(?:with|in|for|on))?|over|against|relative\sto)\s(?:the\s|those\s\w+\s)?$",
    re.IGNORECASE,
)
_BEHIND = lazy(
    r"[\s,)\]]*(?:\([^()]{1,60}\)\s)?(?:for|with|in|favou?ring|on|by)\s(?:the\s|those\s(?:on|given|receiving)\s|patients\s(?:on|given|receiving)\s)?"
)
_HEAD = lazy(r"\)?(?:[,:]|\s?[–—-])\s?")
_REACH = 40


@dataclass(frozen=True)
class Comparing:
    """The arms of a study as a sentence tells them; `lead` is where what is said of one endpoint starts, `end` where it ends."""

    reading: Reading
    arms: Arms
    refs: Sequence[ArmRef]
    unit: Span
    lead: int
    end: int

    def pair(self, figure: Span, opens: int | None = None, told: Sequence[str] = ()) -> Pair | None:
        """The arms that a figure compares, the investigational one first.

        `opens` is where the wording of the figure starts, `told` are the arms of the figures before it.
        """
        views = self.arms.views
        if len(views) < 2:
            return None
        many = len(views) > 2
        named = self._set_against(self.lead, figure[0]) or (self._set_against(self.unit[0], figure[0]) if many else None)
        last = list(dict.fromkeys(reversed(told)))[:2]
        own = many and opens is not None and any(self._headed(r, opens, figure[0]) for r in self.refs)
        if named or (len(last) == 2 and not own):
            return named or self.arms.compared(last[1], last[0])
        return self._of_many(figure) if many else (views[0].id, self.arms.reference.id)

    def _headed(self, ref: ArmRef, opens: int, at: int) -> bool:
        """Whether a phrase heads a figure: "HR for X, 0.65", "X, HR = 0.65"."""
        return opens <= ref.span[0] < at or (
            0 <= opens - ref.span[1] < 8 and _HEAD.fullmatch(self.reading.text, ref.span[1], opens) is not None
        )

    def _set_against(self, start: int, at: int) -> Pair | None:
        """The last two arms set against each other between a place and a figure: "the HR for X vs Y was"."""
        named = [r for r in self.refs if r.span[0] >= start and r.span[1] <= at]
        for left, right in reversed(list(pairwise(named))):
            if left.arm != right.arm and _SET_AGAINST.fullmatch(self.reading.text, left.span[1], right.span[0]):
                return left.arm, right.arm
        return None

    def _of_many(self, figure: Span) -> Pair:
        """Of several arms the one told beside the figure, and the one that it is told against, else the control."""
        lesser = [r for r in self.refs if _LESSER.search(self.reading.text, max(self.unit[0], r.span[0] - 24), r.span[0])]
        behind = [
            r for r in self.refs if 0 <= r.span[0] - figure[1] < _REACH and _BEHIND.fullmatch(self.reading.text, figure[1], r.span[0])
        ]
        before = [r for r in self.refs if r.span[1] <= figure[0] and r not in lesser]
        other = next((r.arm for r in lesser if r.span[0] >= figure[1]), None) or (lesser[-1].arm if lesser else self.arms.reference.id)
        better = next((r.arm for r in (*behind[:1], *reversed(before)) if r.arm != other), None)
        return better or next(v.id for v in self.arms.views if v.id != other), other
