"""Acts on regimens: each act worded in a text with its regulator, its regimen, its indication and its date, not yet drawn together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

from kg_build.facts import Status
from kg_build.reading.context import Reading
from kg_build.reading.dates import Date, dates
from kg_build.reading.document import Span
from kg_build.reading.frames.acts import Act, about_device, acts
from kg_build.reading.indications import Indication, read_indication
from kg_build.reading.mentions import Mention
from kg_build.reading.regimens import Regimen, regimens

PENDING = ("under-review", "submitted", "priority-review")
_PASSIVE_ACT = re.compile(
    r"(?:receiv|gain|w[oi]n|secur|obtain|under\s(?:regul|rev|prior|eval)|(?:is|are|also|now|remains?|currently)\s"
    r"|accepted\sfor|s?(?:NDA|BLA)|MAA|applications?|submissions?|marketing\sauth\S+\s\w+\s(?:been\s)?granted"
    r"|approval\s(?:was|has))",
    re.IGNORECASE,
)
_BE = re.compile(r"\b(?:was|were|is|are|been|be|being|becomes?|became|remains?|gets?|got)\s(?:\w+\s){0,3}$|\bhas\s(?:also\s|now\s)?$")
_GAP_STOPS = re.compile(
    r"\bfor\s(?:the\s)?(?:[\w-]{1,24}\s){0,2}treatment\b|\b(?:patients|adults|people|children|women"
    r"|men)\s(?:[\w-]{1,24}\s){0,4}with\b|\b(?:based\son|supported\sby|after|following|because|while|whose|who)\b"
    r"|[.;]\s"
)
_COMBINED = re.compile(
    r"\b(?:in\scombination\swith|combined\swith|together\swith|(?<=given\s)with|(?<=used\s)with|given\swith|used\swith"
    r"|alongside|plus)\s(?:the\s)?(?=\S)"
)
_PRIOR_CUE = re.compile(
    r"\b(?:ineligible|eligible|unsuitable|intolerant|contraindicat\w+|unable|candidates?|prior|previous(?:ly)?|received"
    r"|treated|progress\w+|after|following|refractory|failed|versus|vs|compared|than)\b"
)
_SPLIT = re.compile(
    r"(?:[,;]|\))?\s(?:and|as\swell\sas|and\salso)\s(?=(?:as\s(?:a\s)?(?:monotherapy|single[- ]agent"
    r"|(?:[\w-]{1,24}\s){0,2}treatment|maintenance)[\w\s-]{0,30}?\s)?(?:for"
    r"|in)\s(?:the\s(?:[\w-]{1,24}\s){0,2}treatment|(?:[\w-]{1,24}\s){0,3}(?:patients|adults)|use|metastatic|relapsed"
    r"|advanced|previously))"
)
_BY = re.compile(r"\sby\s(?:the\s)?(?:[\w.’']{1,24}\s){0,2}")
_IN_COUNTRY = re.compile(
    r"\sin\s(?:the\s)?(?P<place>(?!(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b)[A-Z][a-z]{3,}(?:\s[A-Z][a-z]{2,})?)(?=\s(?:with|for|as|and|after|on)\b|[.,;])"
)
_OWNER = re.compile(r"(?P<place>[A-Z][a-z]{3,}(?:\s[A-Z][a-z]{2,})?)[’']s\s$")
_USE = re.compile(r"(?:indicated|used|authori[sz]ed|approved|given|administered)\b")
_LIST_AHEAD = re.compile(r"(?:following|indications?|for|patients)[^.:]{0,40}:$")
_BULLET = re.compile(r"(?:[•▪◦*–-]|\(?\d{1,2}[.)])\s|(?:in|as|for|with)\s")
_SAME_USE = re.compile(
    r"\b(?:for|to)\sthe\s(?:combination|regimen|triplet)\b|\bsame\s(?:regimen|combination|indication|use|patients|population|\w+\sregimen)\b"
)
_PRONOUN = re.compile(
    r"\b(?:it|its|the\s(?:agent|drug|combination|regimen|therapy|treatment|medicine|product|antibody|company"
    r"|indication|application|same\s\w+|three-drug\s\w+|triplet|doublet|quadruplet|sBLA|sNDA|BLA|NDA))\b",
    re.IGNORECASE,
)
ACTION = re.compile(
    r"(?:PDUFA|[Tt]arget\saction|[Gg]oal|[Aa]ction)\s(?:[\w()]+\s){0,5}?date[^.;]{0,30}?"
    r"|decision\s(?:is\s)?(?:expected|anticipated)\s(?:by|on|in)\s(?:the\s)?",
    re.IGNORECASE,
)
WITHDRAWN_WHAT = re.compile(
    r"\b(?P<what>indications?|approvals?|applications?|market|authori[sz]ations?|licen[cs]e|uses?|product)\b", re.IGNORECASE
)
_AGENCY = re.compile(r"\b(?:the\s(?:agency|regulator|commission|committee|authority|ministry)|regulators?)\b", re.IGNORECASE)
_DATELINE = re.compile(
    r"[A-Z][A-Z .,()/-]{3,50}?[,–—-]{1,2}\s?|(?!On\b|In\b|By\b|Since\b|As\b)[A-Z][\w.]+,\s(?:[A-Z][\w.]+,?\s){0,3}"
    r"|(?:Published|Date|Posted):\s"
)


@dataclass
class Draft:
    """A decision while it is drawn together."""

    act: Act
    unit: int
    regulator: Mention | None
    jurisdiction: Mention | None
    regimen: Regimen
    carried: bool
    indication: Indication | None
    date: Date | None
    more: tuple[Regimen, ...] = ()


class DecisionReader:
    """Reads decisions unit by unit, remembering who and what was spoken of last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.last_regulator: Mention | None = None
        self.last_regimen: Regimen | None = None
        self.last_indication: Indication | None = None
        self.last_paragraph = -1

    def drafts(self) -> Iterator[Draft]:
        """Every act on a named regimen by a named regulator or country."""
        for unit, (start, end) in enumerate(self.reading.document.units):
            found = list(acts(self.reading.text, start, end))
            for i, act in enumerate(found):
                right = found[i + 1].span[0] if i + 1 < len(found) else end
                left = found[i - 1].span[1] if i else start
                yield from self._draft(unit, act, left, right)

    def _draft(self, unit: int, act: Act, left: int, right: int) -> Iterator[Draft]:
        start, end = self.reading.document.units[unit]
        regulator = self._regulator(act, start, end)
        jurisdiction = self._jurisdiction(act, start, end)
        status = self._status(act, regulator, start, end)
        if status is None or not (regulator or jurisdiction):
            return
        by = self._by_whom(act, regulator)
        regimen, passive = self._regimen(act, max(start, left) if by else start, end, by)
        carried = regimen is None
        if carried:
            told = _PRONOUN.search(self.reading.text, left, act.span[0]) if by else self._refers_back(act, left, right)
            regimen = self.last_regimen if told else None
        if regimen is None:
            return
        if not carried:
            self.last_regimen = regimen
        self.last_regulator = regulator or self.last_regulator
        self.last_paragraph = self.reading.document.paragraph_at(start)
        region = self._region(act, regimen, carried, passive, start, right, end)
        listed = self._listed(unit)
        spans = listed or self._indication_spans(region)
        for low, high in spans:
            indication = read_indication(self.reading, low, high)
            if indication is None and low != spans[0][0]:
                continue
            if indication is None and _SAME_USE.search(self.reading.text, start, end):
                indication = self._same_disease()
            self.last_indication = indication or self.last_indication
            more = self._partners(regimen, carried or bool(listed), low, high)
            chosen = self._lead(regimen) if carried and more else regimen
            if more:
                self.last_regimen = self._with(chosen, more)
            yield Draft(
                Act(status, act.span, act.designation),
                unit,
                regulator,
                jurisdiction,
                chosen,
                carried,
                indication,
                self._date(act, start, end),
                more,
            )

    # ---- who -----------------------------------------------------------------------------------------------------------------

    def _regulator(self, act: Act, start: int, end: int) -> Mention | None:
        named = self.reading.mentions.between(start, end, "regulator")
        before = [m for m in named if m.end <= act.span[0] + 1]
        by = [
            m
            for m in named
            if m.start >= act.span[1]
            and re.search(r"\b(?:by|from|to|with|at)\s(?:the\s|[\w.’']{1,24}\s){0,4}$", self.reading.text[act.span[1] : m.start][-60:])
        ]
        inside = [m for m in named if m.start < act.span[1] and m.end > act.span[0]]
        if act.status in ("positive-opinion", "negative-opinion", "recommended", "not-recommended"):
            before = [m for m in before if self._regulator_kind(m) == "committee"] or before
        if by and self._by_whom(act, by[0]):
            return by[0]
        if by and (not before or re.search(r"[,;]\s(?:and|but|while)\s", self.reading.text[before[-1].end : act.span[0]])):
            return by[0]
        if before or inside or by:
            return (inside or before[-1:] or by)[0]
        if named or not self.last_regulator:
            return named[0] if named else None
        if _AGENCY.search(self.reading.text, start, act.span[0]) or self.reading.document.paragraph_at(start) == self.last_paragraph:
            return self.last_regulator
        if act.status in ("priority-review", "designation") and _PRONOUN.search(self.reading.text, start, end):
            return self.last_regulator
        return self.last_regulator if act.status == "approved" and _USE.match(self.reading.text, act.span[0]) else None

    def _by_whom(self, act: Act, regulator: Mention | None) -> bool:
        """Whether the act's own words go on with who did it: "approved by the FDA"; its subject stands before it then."""
        if regulator is None or regulator.start < act.span[1]:
            return False
        return bool(_BY.fullmatch(self.reading.text[act.span[1] : regulator.start]))

    def _jurisdiction(self, act: Act, start: int, end: int) -> Mention | None:
        named = self.reading.mentions.between(start, end, "jurisdiction")
        near = sorted(named, key=lambda m: min(abs(m.start - act.span[1]), abs(act.span[0] - m.end)))
        return next((m for m in near if self._rules(m)), None) or self._country_by_place(act, start, end)

    def _country_by_place(self, act: Act, start: int, end: int) -> Mention | None:
        """A country that no table knows: "under review in Freedonia", "Freedonia's NMA"."""
        match = _IN_COUNTRY.match(self.reading.text, act.span[1], end)
        owner = next(
            (
                o
                for m in self.reading.mentions.between(start, end, "regulator")
                if (o := _OWNER.search(self.reading.text, max(start, m.start - 40), m.start))
            ),
            None,
        )
        found = owner or match
        return Mention(*found.span("place"), "jurisdiction", found["place"]) if found else None

    def _rules(self, place: Mention) -> bool:
        """Whether a country is named as a market and not as the seat of a company or a trial."""
        after = self.reading.text[place.end : place.end + 14]
        before = self.reading.text[max(0, place.start - 16) : place.start]
        return not re.match(r"-based|\s(?:trial|study|patients)", after) and not re.search(r",\s$|conducted\s(?:only\s)?in\s$", before)

    def _status(self, act: Act, regulator: Mention | None, start: int, end: int) -> Status | None:
        kind = self._regulator_kind(regulator)
        text = self.reading.text
        if act.status in ("recommended", "not-recommended"):
            if kind == "hta":
                return act.status
            return ("positive-opinion" if act.status == "recommended" else "negative-opinion") if kind == "committee" else None
        if act.status == "withdrawn" and not WITHDRAWN_WHAT.search(text, max(start, act.span[0] - 90), min(end, act.span[1] + 90)):
            return None
        if act.status == "approved" and kind == "committee":
            return None
        return act.status

    def _regulator_kind(self, regulator: Mention | None) -> str | None:
        entry = self.reading.lexicon.regulators.by_key.get(regulator.key or "") if regulator else None
        return entry.kind if entry else None

    # ---- what ----------------------------------------------------------------------------------------------------------------

    def _regimen(self, act: Act, start: int, end: int, by: bool) -> tuple[Regimen | None, bool]:
        """The regimen that the act is about, and whether it stands before it ("X was approved")."""
        groups = [g for g in regimens(self.reading, start, end) if not self._only_classes(g)]
        behind = self.reading.text[act.span[1] : act.span[1] + 30]
        if re.match(r"\s(?:it|them)\b", behind):
            return None, False
        after = next((g for g in groups if g.span[0] >= act.span[1] and self._reaches(act.span[1], g.span[0])), None)
        before = [g for g in groups if g.span[1] <= act.span[0]]
        text = self.reading.text
        passive = by or bool(
            _PASSIVE_ACT.match(text[act.span[0] : act.span[1]]) or _BE.search(text[max(start, act.span[0] - 40) : act.span[0]])
        )
        if re.match(r"\s(?:in\scombination\s)?with\s", behind):
            after = None
        if passive and (before or by):
            return (self._subject(before, act) if before else None), True
        if (
            after is None
            and before
            and act.status
            in (
                *PENDING,
                "designation",
                "withdrawn",
                "complete-response",
                "rejected",
                "label-expansion",
                "positive-opinion",
                "accelerated-approval",
            )
        ):
            return self._subject(before, act), True
        return after, False

    def _only_classes(self, group: Regimen) -> bool:
        return not self.reading.mentions.between(*group.span, "agent")

    def _reaches(self, start: int, end: int) -> bool:
        gap = self.reading.text[start:end]
        return len(gap) <= 150 and not _GAP_STOPS.search(gap) and not about_device(gap, 0, len(gap))

    def _subject(self, before: list[Regimen], act: Act) -> Regimen:
        """Of the regimens before a passive act the nearest one that no indication swallowed."""
        for group in reversed(before):
            lead = self.reading.text[max(0, group.span[0] - 110) : group.span[0]]
            if not _PRIOR_CUE.search(lead) and not re.search(r"\bbased\son\b|\bversus\b", lead):
                return group
        return before[0]

    def _refers_back(self, act: Act, left: int, right: int) -> bool:
        around = self.reading.text[max(left, act.span[0] - 80) : min(right, act.span[1] + 60)]
        return (
            act.status in ("positive-opinion", "negative-opinion")
            or bool(_PRONOUN.search(around))
            or read_indication(self.reading, act.span[1], right) is not None
        )

    def _same_disease(self) -> Indication | None:
        last = self.last_indication
        return (
            Indication(condition=last.condition, condition_span=last.condition_span, spans=[s for s in last.spans if s[0] == "condition"])
            if last
            else None
        )

    def _lead(self, regimen: Regimen) -> Regimen:
        """What "it" is in "approved it in combination with ...": the first agent of what was spoken of."""
        return Regimen(regimen.spans[0], regimen.names[:1], regimen.spans[:1])

    def _with(self, regimen: Regimen, more: tuple[Regimen, ...]) -> Regimen:
        names = dict(zip(regimen.names, regimen.spans, strict=True))
        for partner in more:
            names |= {n: s for n, s in zip(partner.names, partner.spans, strict=True) if n not in names}
        return Regimen(regimen.span, tuple(names), tuple(names.values()), regimen.optional, regimen.either)

    def _partners(self, regimen: Regimen, carried: bool, low: int, high: int) -> tuple[Regimen, ...]:
        """Partners told behind the indication: "approved X for Y in combination with Z"."""
        found = []
        origin = low if carried else min(low, regimen.span[1])
        for match in _COMBINED.finditer(self.reading.text, origin, high):
            if _PRIOR_CUE.search(self.reading.text[max(origin, match.start() - 60) : match.start()]):
                continue
            groups = regimens(self.reading, match.end(), min(high, match.end() + 200))
            if groups and groups[0].span[0] - match.end() < 30:
                found.append(groups[0])
        return tuple(found[:1])

    # ---- for whom ------------------------------------------------------------------------------------------------------------

    def _region(self, act: Act, regimen: Regimen, carried: bool, passive: bool, start: int, right: int, end: int) -> Span:
        """Where the indication stands: behind the regimen or the act, or between the two."""
        if carried:
            return act.span[1], right
        if not passive:
            return max(act.span[1], regimen.span[1]), end if right < regimen.span[1] else right
        behind = (act.span[1], right)
        if read_indication(self.reading, *behind) is not None and re.match(
            r"[^.;]{0,120}?\b(?:for|in\s(?:\w+\s){0,3}(?:patients|adults)|as|to\streat)\b", self.reading.text[behind[0] : behind[1]]
        ):
            return behind
        return regimen.span[1], act.span[0]

    def _indication_spans(self, region: Span) -> list[Span]:
        """The region of an indication, one span an indication where several are joined."""
        cuts = [m.end() for m in _SPLIT.finditer(self.reading.text, *region)]
        edges = [region[0], *cuts, region[1]]
        return [(a, b) for a, b in pairwise(edges) if b > a] or [region]

    def _listed(self, unit: int) -> list[Span]:
        """The items under "for the following indications:"."""
        units = self.reading.document.units
        if not _LIST_AHEAD.search(self.reading.text, *units[unit]):
            return []
        items = list(takewhile(lambda span: _BULLET.match(self.reading.text, *span), units[unit + 1 : unit + 12]))
        return [item for item in items if read_indication(self.reading, *item)]

    def _date(self, act: Act, start: int, end: int) -> Date | None:
        text = self.reading.text
        found = [d for d in dates(text, start, end) if not ACTION.search(text, max(start, d.span[0] - 60), d.span[0])]
        found = [
            d
            for d in found
            if not re.search(
                r"(?:said|announced|reported|submitted|cut-?off)\s(?:\w+\s){0,3}$", text[max(start, d.span[0] - 40) : d.span[0]]
            )
        ]
        found = [d for d in found if not _DATELINE.fullmatch(text[start : d.span[0]])] or found[1:]
        return min(found, key=lambda d: min(abs(d.span[0] - act.span[1]), abs(act.span[0] - d.span[1])), default=None)
