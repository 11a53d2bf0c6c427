"""Which arm each of some figures of one event is of, as a sentence (and those before it) orders them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from kg_build.reading.arms import ArmRef, Arms
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.frames.shares import Share
from kg_build.reading.patterns import lazy

Placed = tuple[Share, str | None, Span | None]

_BEHIND = lazy(
    r"\s?(?:%|percent|per\scent)?[\s,)\]([]*"
    r"(?:(?:of|in|for|with|among|on|from|who|were|had|been|treated|given|assigned|allocated|randomi[sz]ed|received|receiving|taking|to|the|all|those"
    r"|patients?|pts?|participants?|subjects?|people|adults|women|men|children|individuals|got|getting|took|using|only|alone|by|an?|after|under|events?|cases?|case|either|single|agent|treatment|arm|group"
    r"|\d{1,3}(?:,\d{3})?|\d{1,4}|evaluable|treated|reported|occurring|occurred|predominated|prevailed|common|frequent|most|more|often|administered|versus|vs)\b[\s(]*){0,10}"
)
_MORE = lazy(r"\s?%?\s?[)\]][^.;]{0,40}\b(?:more|less|higher|lower|greater|fewer|increased|reduced|commoner)\b")
_COMPARED = lazy(r"\b(?:vs\.?|versus|against|compared|than|and|or|,)\b")
_ROW = lazy(r"(?:\s?\([^()]{0,30}\))?\s?(?:,|,?\s?and|,?\s?or|vs\.?|versus)\s(?:the\s|in\s|with\s|in\sthe\s)?")
_TURN = lazy(r";|\b(?:while|whereas|but|with)\b")
_FINITE = lazy(r";|\b(?:was|were|occurred|had|led|vs|versus|while|whereas|but)\b|\.\s")


@dataclass
class ArmOrder:
    """The order in which a passage tells its arms; what one sentence says holds for the next until it says otherwise."""

    arms: list[str] = field(default_factory=list)
    refs: list[ArmRef] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    cursor: int = 0
    shares: list[Share] = field(default_factory=list)
    opened: bool = False
    pooled: str | None = None
    reading: Reading | None = None
    event_end: int = 0

    def begin(self, reading: Reading, refs: list[ArmRef], arms: Arms | None, start: int, shares: list[Share]) -> None:
        """A new sentence with its shares and the phrases in it that mean an arm."""
        views = arms.order if arms else []
        self.pooled = arms.pooled if arms and not refs else None
        self.reading, self.refs, self.cursor, self.shares, self.opened = reading, refs, start, shares, False
        self.arms = self.arms if set(self.arms) <= set(views) else []
        self.views = views

    def assign(self, shares: list[Share], limit: int, event_end: int) -> list[Placed]:
        """Each share with its arm and the phrase that says so; the event they are of ends at `event_end`."""
        self.event_end = event_end
        lead = [r for r in self.refs if r.span[0] >= self.cursor and r.span[1] <= shares[0].start]
        named = list({r.arm: r for r in lead}.values())
        own, before = self._own(shares, limit), self.cursor
        self.cursor = max([shares[-1].stop, *(r.span[1] for r in own if r)])
        if len(shares) == 1:
            return [self._single(shares[0], own[0], lead, before)]
        if len(shares) == 2 and own[1] and not own[0] and self._turned(shares[1], own[1]):
            return self._by_order(shares, [own[1]])
        if own[-1] and not any(own[:-1]) and (row := self._row(own[-1], len(shares))):
            self.cursor = row[-1].span[1]
            return self._by_order(shares, row)
        if all(r is None for r in own):
            return self._by_order(shares, named)
        return self._by_place(shares, own)

    def _row(self, first: ArmRef, size: int) -> list[ArmRef] | None:
        """As many arms as figures in one row behind the last of these: "in 17% and 3% of the A and B arms"."""
        row = [first]
        for ref in self.refs:
            joined = ref.span[0] > row[-1].span[1] and self.reading and _ROW.fullmatch(self.reading.text, row[-1].span[1], ref.span[0])
            row += [ref] if joined else []
        return row if len({r.arm for r in row}) == len(row) == size else None

    def _turned(self, last: Share, ref: ArmRef) -> bool:
        """Whether the arm behind two figures is the one that had more, or less: "(7.5% versus 0.7%) were more frequent with X"."""
        return self.reading is not None and _MORE.match(self.reading.text, last.stop, ref.span[0]) is not None

    def _own(self, shares: list[Share], limit: int) -> list[ArmRef | None]:
        """The arm told right behind each share, or, from the second on, between it and the one before."""
        found: list[ArmRef | None] = []
        for i, share in enumerate(shares):
            following = shares[i + 1].start if i + 1 < len(shares) else limit
            behind = next((r for r in self.refs if r.span[0] >= share.span[1] and r.span[1] <= following and self._behind(share, r)), None)
            if behind is None and i:
                used = found[-1].span[1] if found[-1] else shares[i - 1].stop
                between = [r for r in self.refs if r.span[0] >= used and r.span[1] <= share.start]
                behind = between[-1] if between else None
            found.append(behind)
        return found

    def _behind(self, share: Share, ref: ArmRef) -> bool:
        return self.reading is not None and any(
            0 <= ref.span[0] - at <= 90 and _BEHIND.fullmatch(self.reading.text, at, ref.span[0])
            for at in (share.stop, share.span[1], *([self.event_end] if self.event_end > share.stop else []))
        )

    def _single(self, share: Share, own: ArmRef | None, lead: list[ArmRef], before: int) -> Placed:
        ref = own or self._of_lead(lead)
        if ref is not None:
            others = [a for a in dict.fromkeys(r.arm for r in lead) if a != ref.arm] if own is None else []
            self.arms, self.opened = [ref.arm, *others], own is None
            return share, ref.arm, ref.span
        turned = self.reading is not None and _TURN.search(self.reading.text, before, share.start) is not None
        if (turned or not self.opened) and (trailing := self._trailing(share)):
            self.arms, self.opened = [trailing.arm], False
            return share, trailing.arm, trailing.span
        arm = self.pooled or next(iter(self.arms or self.views), None)
        return share, arm, None

    def _of_lead(self, lead: list[ArmRef]) -> ArmRef | None:
        """Of the arms told before a lone share the first of the last ones that are compared: "with A than with B"."""
        chosen = lead[0] if lead else None
        for last, ref in pairwise(lead):
            if self.reading is None or not _COMPARED.search(self.reading.text, last.span[1], ref.span[0]):
                chosen = ref
        return chosen

    def _trailing(self, share: Share) -> ArmRef | None:
        """The arm told behind the last item of a list, for the items before it: "rash (12%) and fatigue (9%) for A"."""
        ref = next((r for r in self.refs if r.span[0] >= share.stop), None)
        if ref is None or self.reading is None or ref.span[0] - share.stop > 300:
            return None
        last = next((s for s in reversed(self.shares) if s.stop <= ref.span[0]), share)
        listed = _FINITE.search(self.reading.text, share.stop, last.start) is None
        return ref if listed and self._behind(last, ref) else None

    def _by_order(self, shares: list[Share], named: list[ArmRef]) -> list[Placed]:
        spans: dict[str, Span] = {r.arm: r.span for r in named}
        kept = self.arms if len(self.arms) >= len(shares) else []
        order = [r.arm for r in named] or kept
        if len(order) < len(shares):
            order = [*order, *(v for v in self.views if v not in order)] if order else self.views
        self.arms = order[: len(shares)] if named or kept else self.arms
        return [
            (share, order[i] if i < len(order) else None, spans.get(order[i]) if i < len(order) else None) for i, share in enumerate(shares)
        ]

    def _by_place(self, shares: list[Share], own: list[ArmRef | None]) -> list[Placed]:
        """Arms told behind some shares or all of them; "45% and 32% with A and B" tells them behind the last."""
        told = {r.arm for r in own if r}
        rest = [v for v in self.views if v not in told]
        placed: list[Placed] = []
        for share, ref in zip(shares, own, strict=True):
            arm = ref.arm if ref else (rest.pop(0) if rest else None)
            placed.append((share, arm, ref.span if ref else None))
        self.arms = [arm for _, arm, _ in placed if arm]
        return placed
