"""Acts on regimens: each act worded in a text with its authorities, its regimen, its indications and its date, not yet drawn together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg_build.facts import Status
from kg_build.reading.context import Reading
from kg_build.reading.dates import Date, date_alone, dates
from kg_build.reading.document import Span
from kg_build.reading.frames.acts import Act, about_device, acts
from kg_build.reading.frames.alike import Diseases
from kg_build.reading.frames.authorities import Authorities, Authority
from kg_build.reading.frames.clauses import clauses
from kg_build.reading.frames.items import Item, listed, with_own_uses
from kg_build.reading.frames.subjects import Subjects, lead, together
from kg_build.reading.frames.uses import Use, Uses, disease_of
from kg_build.reading.indications import Indication
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import Regimen

PENDING = ("under-review", "submitted", "priority-review")
ACTION = lazy(
    r"(?:PDUFA\)?|[Tt]arget\saction|[Gg]oal|[Aa]ction)\s(?:[\w()]+\s){0,5}?date[^.;]{0,30}?"
    r"|decision\s(?:is\s|was\s|had\sbeen\s)?(?:expected|anticipated|due|awaited)\s(?:by|on|in|for)?\s?(?:the\s)?|due\sto\s(?:act"
    r"|decide|rule)\s(?:by|on)\s|\bby\s\w+\s(?:months?|weeks?|days?),?\s(?:un)?to\s|\bmove[sd]\s(?:from\s[^.;]{5,22}\s)?to\s|\bhas\suntil\s",
    re.IGNORECASE,
)
_WITHDRAWN_WHAT = lazy(
    r"\b(?P<what>indications?|approvals?|applications?|market|authori[sz]ations?|licen[cs]e|uses?|product|registration|label|plug"
    r"|s?BLA|s?NDA|MAA)\b",
    re.IGNORECASE,
)
_FROM_PLACE = lazy(r"\s(?:[\w()-]+\s){0,3}?from\s(?:the\s)?(?:US|U\.S\.|EU|UK|[A-Z][a-z]{3,})\b")
_DATELINE = lazy(
    r"[A-Z][A-Za-z .,()/-]{3,50}?[,–—-]{1,2}\s?\("
    r"|[A-Z][A-Z .,()/-]{3,50}?[,–—-]{1,2}\s?|(?!On\b|In\b|By\b|Since\b|As\b)[A-Z][\w.]+,\s(?:[A-Z][\w.]+,?\s){0,3}"
    r"|(?:Published|Date|Posted):\s"
)
_NOT_ITS_DATE = lazy(
    r"(?:said|announced|disclosed|reported|cut-?off|presented|published|posted|updated|ended|since|until|expected|anticipated)\s(?:\w+\s){0,3}$"
)
_WHEN = r"(?:in|on)\s(?:(?:early|late|mid-?)\s?)?(?:[A-Z][a-z]{2,8}\.?\s)?(?:\d{1,2},\s)?(?:19|20)\d\d"
_DATED_USE = lazy(rf"\s?{_WHEN}(?=\sfor\s)")
_USE_DATED = lazy(rf"\s{_WHEN}[\s,;.]{{0,3}}(?:and\s(?:for\s)?)?$")
_ORIGINAL = lazy(r"\b(?:first|originally|initially|original|initial)\s(?:\w+\s){0,2}$")
_VETERINARY = lazy(
    r"\b(?:veterinar\w+|dogs?|cats?|puppies|kittens|cattle|horses|livestock|poultry|pigs|swine|canine|feline|equine|pet\s(?:owners"
    r"|medicines?|food)|herds?)\b",
    re.IGNORECASE,
)
_BIOGRAPHY = lazy(
    r"\b(?:appoint(?:s|ed|ment)|named\s(?:\w+\s){0,3}(?:chief|head|president|director|chair)|hir(?:es|ed)|promoted|joins|joined"
    r"|r[eé]sum[eé]|retires?|obituary|died|dies|funeral"
    r"|spent\s\w+\syears|career|led\sthe\s(?:teams?|reviews?|development)|oversaw|steered|shepherded|track\srecord|brings\s\w+\syears"
    r"|veteran)\b",
    re.IGNORECASE,
)
_BY_KIND: dict[str, dict[Status, Status]] = {
    "committee": {
        "approved": "positive-opinion", "recommended": "positive-opinion", "rejected": "negative-opinion",
        "not-recommended": "negative-opinion",
        "conditional-approval": "positive-opinion", "accelerated-approval": "positive-opinion", "label-expansion": "positive-opinion",
    },
    "hta": {
        "approved": "recommended", "positive-opinion": "recommended", "rejected": "not-recommended", "negative-opinion": "not-recommended",
    },
}  # fmt: skip
"""What a status is where a committee or an assessor of value did it."""
_OPINIONS = ("positive-opinion", "negative-opinion")
_ADVICE = ("recommended", "not-recommended")


_PREPOSED = lazy(
    r"[\s“\"(]*(?:After|Following|Since|With|Having|Despite|Upon|Beyond|Already|First|Approved|Cleared|Given|Weeks|Months|Days|Years"
    r"|In\saddition\sto)\b"
)
_SEVERAL = lazy(r"\b(?:combination|combo|doublet|triplet|quadruplet|regimen|pair|duo|cocktail)\b")
_TERMS: tuple[Status, ...] = ("accelerated-approval", "conditional-approval", "emergency-authorization")
_TERMS_NAMED = lazy(r"\b(?:accelerated|conditional)\s(?:marketing\s)?(?:approval|authori[sz]ation)\b", re.IGNORECASE)
_THAT = lazy(r"\b(?:the|that|this|which)\s(?:original\s|initial\s|earlier\s|first\s)?$", re.IGNORECASE)
_NEAR = 400
_KNOWN = 12
_OPENING = 160
_RUBRIC = 40
_HEADING = 70


@dataclass(frozen=True)
class Draft:
    """A decision while it is drawn together."""

    act: Act
    unit: int
    clause: Span
    authority: Authority
    regimen: Regimen
    carried: bool
    indication: Indication | None
    date: Date | None
    more: tuple[Regimen, ...] = ()
    implied: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every agent of the regimen."""
        return together(self.regimen, self.more).names


@dataclass
class _Told:
    """What one clause tells of its act, before the context fills the gaps."""

    act: Act
    clause: Span
    authorities: list[Authority]
    regimen: Regimen | None
    passive: bool
    date: Date | None


class DecisionReader:
    """Reads decisions unit by unit, remembering who and what was spoken of last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.authorities = Authorities(reading)
        self.subjects = Subjects(reading)
        self.uses = Uses(reading)
        self.diseases = Diseases(reading)
        self.last_authority: Authority | None = None
        self.known: list[Regimen] = []
        self.terms: Status | None = None
        self.last_indication: Indication | None = None

    def drafts(self) -> list[Draft]:
        """Every act on a regimen by an authority or in a country."""
        if len(_VETERINARY.findall(self.reading.text[:4000])) >= 3:
            return []
        return [draft for unit, span in enumerate(self.reading.document.units) for draft in self._of_unit(unit, *span)]

    def _of_unit(self, unit: int, start: int, end: int) -> Iterator[Draft]:
        found = acts(self.reading.text, start, end)
        self._heading(unit, start, end)
        if not found or self.reading.text[end - 1 : end] == "?":
            return
        if terms := _TERMS_NAMED.search(self.reading.text, start, end):
            self.terms = "conditional-approval" if terms[0][0].lower() == "c" else "accelerated-approval"
        told = [
            self._told(act, clause) for act, clause in zip(found, clauses(self.reading, self.authorities, start, end, found), strict=True)
        ]
        for i, one in enumerate(told):
            if self._credible(one, start, end):
                yield from self._complete(unit, one, told[:i], told[i + 1 :])

    def _heading(self, unit: int, start: int, end: int) -> None:
        """Remembers the authority that a heading names: what stands below is its doing."""
        alone = (start, end) == self.reading.document.paragraphs[self.reading.document.paragraph_at(start)]
        if not unit or not alone or end - start > _HEADING or self.reading.text[end - 1] in ".;":
            return
        if not self.reading.mentions.between(start, min(end, start + _RUBRIC), "regulator"):
            return
        named = [a for a in self.authorities.between(start, min(end, start + _RUBRIC)) if a.regulator]
        if named and named[0].span[0] == start:
            self.last_authority, self.last_indication = named[-1], None

    def _told(self, act: Act, clause: Span) -> _Told:
        by = self.authorities.named_by(*clause, act.span)
        regimen, passive = self.subjects.of_act(act, *clause, by)
        return _Told(act, clause, self.authorities.of_act(act.span, *clause), regimen, passive or by, self._date(act, *clause))

    def _credible(self, one: _Told, start: int, end: int) -> bool:
        """Whether the words alone may tell a decision: colloquial ones need their authority, a bare noun needs it or a date."""
        spoken = self.last_authority and (one.passive or self.authorities.speaks_of_agency(*one.clause))
        if one.act.weak and not (one.authorities or spoken):
            return False
        low, high = self.reading.document.paragraphs[self.reading.document.paragraph_at(start)]
        if one.regimen is None and end - start < _RUBRIC and low == start and high > end:
            return False  # "EMA accepts filing." opens a paragraph on what follows
        if one.regimen is None and not one.authorities and self.reading.text[slice(*one.act.span)].endswith("approvals"):
            return False  # "two quick updates on cancer approvals"
        named = one.authorities or (one.date and self.last_authority)
        if one.act.form == "noun" and not one.act.given and not (named and (one.regimen or one.date)):
            asides = (*_OPINIONS, "complete-response", "designation", "priority-review")
            return one.act.status in ("advisory-vote", "under-review") or (one.act.status in asides and one.regimen is not None)
        return not (one.act.form == "noun" and _BIOGRAPHY.search(self.reading.text, start, end))

    # ---- what the context adds -----------------------------------------------------------------------------------------------

    def _complete(self, unit: int, one: _Told, before: list[_Told], after: list[_Told]) -> Iterator[Draft]:
        chosen, implied = self._by_whom(one, unit, before, after)
        regimen, carried = self._of_what(one, unit, before, after)
        if regimen is None or not chosen:
            return
        for product, region in self._products(one, regimen, carried):
            uses = self.uses.told(unit, region)
            uses = uses[:1] if one.act.status == "label-restriction" else uses  # those behind are whom it excludes
            for authority in chosen:
                yield from self._by(authority, unit, one, product, carried, uses, implied)

    def _products(self, one: _Told, regimen: Regimen, carried: bool) -> list[Item]:
        """What the act is on, each with the stretch that tells its use: mostly one product."""
        region = self.uses.region(one.act, None if carried else regimen, one.passive, *one.clause)
        if carried:
            return [(regimen, region)]
        if not one.passive:
            items = with_own_uses(self.reading, self.uses, self.subjects.groups(regimen.span[0], one.clause[1]), one.clause[1])
            if len(items) > 1:
                return items
        return [(product, region) for product in listed(self.reading, regimen, one.clause[0])]

    def _by(
        self, authority: Authority, unit: int, one: _Told, regimen: Regimen, carried: bool, uses: list[Use], implied: bool
    ) -> Iterator[Draft]:
        """What one authority did, a draft a use."""
        filed = one.act.status in PENDING
        resident = authority if filed else self.authorities.resident(authority)  # where a file lies is not told by who decided before
        status = self._status(one.act, resident, one.clause)
        if status is None:
            return
        for span, indication in uses:
            dated = self._within(span) if len(uses) > 1 else None
            one = replace(one, date=dated or one.date)
            yield self._draft(unit, replace(one.act, status=status), one, resident, regimen, carried, indication, span, implied)

    def _draft(
        self,
        unit: int,
        act: Act,
        one: _Told,
        authority: Authority,
        regimen: Regimen,
        carried: bool,
        indication: Indication | None,
        span: Span,
        implied: bool,
    ) -> Draft:
        listed = bool(self.uses.listed(unit))
        first = not listed and span[0] <= max(regimen.span[1], act.span[1])
        more = self.subjects.partners(span[0] if carried or not first else min(span[0], regimen.span[1]), span[1])
        same = self.uses.same(*one.clause)
        if not more and span[1] <= act.span[0]:
            more = self.subjects.partners(act.span[1], one.clause[1])
        original = "approv" in act.status and _ORIGINAL.search(self.reading.text[max(0, act.span[0] - 30) : act.span[0]])
        if indication is None and not carried:
            indication = self.uses.before(regimen.span[0])
        if indication is None and (same or not original):
            known = carried or any(set(regimen.names) & set(k.names) for k in self.known[-1:])
            indication = disease_of(self.last_indication) if known or same else None
        chosen = lead(regimen) if carried and (more or self._alone(one, act, indication)) else regimen
        self.last_indication = indication or self.last_indication
        self.known = [*self.known[-_KNOWN:], together(chosen, more)]
        self.last_authority = authority
        return Draft(act, unit, one.clause, authority, chosen, carried, indication, self._date_of(one, authority), more, implied)

    def _alone(self, one: _Told, act: Act, indication: Indication | None) -> bool:
        """Whether only the first agent of what was spoken of is meant: where "it" is an orphan drug, or is for another disease."""
        if _SEVERAL.search(self.reading.text, *one.clause):
            return False
        told = self.last_indication.condition if self.last_indication else None
        return (act.designation or "").lower().startswith("orphan") or (
            indication is not None and self.diseases.apart(indication.condition, told)
        )

    def _by_whom(self, one: _Told, unit: int, before: list[_Told], after: list[_Told]) -> tuple[list[Authority], bool]:
        """Whose act it is, and whether only the context says so."""
        if one.act.status in _OPINIONS:
            return self._advisers(one, unit)
        if one.authorities:
            return one.authorities, False
        start, end = self.reading.document.units[unit]
        if spoken := self.authorities.spoken_of(*one.clause):
            return [spoken], True
        if unknown := self.authorities.unknown_country(one.act.span, end):
            return [unknown], False
        if found := next((other.authorities for other in reversed(before) if other.authorities), None):
            return found[:1], False
        last = self.last_authority or self.authorities.last_before(start, _NEAR)
        if last is None or _PREPOSED.match(self.reading.text, *one.clause):
            ahead = [a for other in after[:1] for a in other.authorities] or self.authorities.of_act(one.act.span, start, end)
            if ahead:
                return ahead[:1], False
        told = last or self.authorities.by_file(one.act.span, start, end)
        return ([told] if told else []), True

    def _advisers(self, one: _Told, unit: int) -> tuple[list[Authority], bool]:
        """Whose opinion it is: a committee's, or its agency's."""

        def advising(group: list[Authority]) -> list[Authority]:
            return [a for a in group if a.kind in ("committee", "hta") or a.key == "ema"]

        for group in (one.authorities, self.authorities.between(*one.clause), self.authorities.between(*self.reading.document.units[unit])):
            if found := advising(group):
                return found[-1:], False
        return advising(self.authorities.named)[:1], True

    def _of_what(self, one: _Told, unit: int, before: list[_Told], after: list[_Told]) -> tuple[Regimen | None, bool]:
        """What the act is about, and whether only the context says so."""
        if one.regimen is not None:
            last = self.last_indication
            known = self.known or [k for k in [self._spoken_of(unit, one.clause, several=False)] if k]
            self.last_indication = last  # who else is given it tells nothing of the disease
            return self.subjects.widened(one.regimen, known, *self.reading.document.units[unit]), False
        if not self.subjects.speaks_of_topic(one.act, *one.clause):
            return None, True
        if new := self._introduced(unit, one.clause):
            return new, True
        several = _SEVERAL.search(self.reading.text, *one.clause) is not None
        fitting = [k for k in self.known if len(k.names) > 1] if several else []
        for other in (*reversed(before), *after[:1]) if not fitting else ():
            if other.regimen is not None:
                return other.regimen, True
        known = fitting or self.known
        return (known[-1] if known else self._spoken_of(unit, one.clause, several)), True

    def _introduced(self, unit: int, clause: Span) -> Regimen | None:
        """An agent not told of before that opens the same sentence or paragraph: what follows is about it."""
        document = self.reading.document
        start = document.units[unit][0]
        opening = document.paragraphs[document.paragraph_at(start)][0]
        known = {name for k in self.known for name in k.names}
        for low, high in ((start, clause[0]), (opening, min(opening + _OPENING, start))):
            found = [g for g in self.subjects.groups(low, high) if g.span[0] - low < _OPENING] if high > low else []
            if found and not known & set(found[0].names) and not about_device(self.reading.text, low, found[0].span[0]):
                self.last_indication = self.uses.read(low, max(high, start)) or self.last_indication
                return found[0]
        return None

    def _spoken_of(self, unit: int, clause: Span, several: bool) -> Regimen | None:
        """What the sentences before speak of, where no decision was told yet; with its disease."""
        units = self.reading.document.units
        for start, end in ((units[unit][0], clause[0]), *reversed(units[max(0, unit - 3) : unit]), *units[unit + 1 : unit + 3]):
            found = [g for g in self.subjects.groups(start, end) if not several or len(g.names) > 1]
            if found and not about_device(self.reading.text, start, found[0].span[0]):
                self.last_indication = self.last_indication or self.uses.read(start, end)
                return found[0]
        return None

    # ---- what it is ----------------------------------------------------------------------------------------------------------

    def _status(self, act: Act, authority: Authority, clause: Span) -> Status | None:
        """What the act is when this authority does it; None where it is none of theirs."""
        status = _BY_KIND.get(authority.kind or "", {}).get(act.status, act.status)
        if status in _TERMS:
            self.terms = status
        elif status == "approved" and self.terms and _THAT.search(self.reading.text, max(0, act.span[0] - 20), act.span[0]):
            status = self.terms
        if authority.key == "fda" and authority.kind == "committee":
            return "advisory-vote" if act.status in ("advisory-vote", "approved", "recommended", "rejected", "not-recommended") else None
        if status in _ADVICE and authority.kind != "hta":
            return ("positive-opinion" if status == "recommended" else "negative-opinion") if authority.key == "ema" else None
        left = _FROM_PLACE.match(self.reading.text, act.span[1], clause[1]) is not None
        if (
            status == "withdrawn"
            and not left
            and not _WITHDRAWN_WHAT.search(self.reading.text, max(clause[0], act.span[0] - 90), min(clause[1], act.span[1] + 90))
        ):
            return None
        return status

    def _date_of(self, one: _Told, authority: Authority) -> Date | None:
        """The date of one of several authorities stands right behind it: "in the US (May 2023) and the EU (June 2023)"."""
        if len(one.authorities) < 2:
            return one.date
        later = [a.span[0] for a in one.authorities if a.span[0] > authority.span[0]]
        said = self.reading.said
        return next(dates(self.reading.text, authority.span[1], min([*later, one.clause[1]]), said.iso if said else None), one.date)

    def _within(self, use: Span) -> Date | None:
        """The date told behind one of several uses: "for melanoma in May 2023 and for renal cell carcinoma in June 2024"."""
        match = _DATED_USE.match(self.reading.text, *use) or _USE_DATED.search(self.reading.text, *use)
        return next(dates(self.reading.text, *match.span()), None) if match else None

    def _date(self, act: Act, start: int, end: int) -> Date | None:
        text, said = self.reading.text, self.reading.said
        found = [
            d for d in dates(text, start, end, said.iso if said else None) if not ACTION.search(text, max(start, d.span[0] - 60), d.span[0])
        ]
        found = [d for d in found if not _NOT_ITS_DATE.search(text[max(start, d.span[0] - 40) : d.span[0]])]
        found = [d for d in found if not _DATELINE.fullmatch(text[start : d.span[0]])] or found[1:]
        near = min(found, key=lambda d: min(abs(d.span[0] - act.span[1]), abs(act.span[0] - d.span[1])), default=None)
        return near or self._behind(end)

    def _behind(self, end: int) -> Date | None:
        """The date that a notice prints alone behind the last sentence of its paragraph."""
        document = self.reading.document
        stop = document.paragraphs[document.paragraph_at(end - 1)][1]
        last = document.units[document.unit_at(stop - 1)]
        return date_alone(self.reading.text, *last) if last[0] >= end else None


def withdrawn_what(text: str, start: int, end: int, act: Act) -> str | None:
    """What was withdrawn, in the text's word."""
    match = _WITHDRAWN_WHAT.search(text, act.span[1], end) or _WITHDRAWN_WHAT.search(text, start, act.span[0])
    return match["what"] if match else None
