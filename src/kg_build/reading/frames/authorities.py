"""Whose act it was: authorities by name, and countries by name, adjective or seat where the text means their authority."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from kg_build.lexicon import Lexicon
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_OFFICE = (
    r"(?:regulators?|authorit(?:y|ies)|watchdogs?|agenc(?:y|ies)|ministry|officials|approvals?|nod|go-?ahead|green\slight|clearance"
    r"|licen[cs]es?|label(?:l?ing)?|marketing"
    r"|launch|market|authori[sz]ations?|registrations?|indications?|filings?|submissions?|applications?|decisions?|rejections?|refusal"
    r"|review|sign-off|thumbs"
    r"|opinion|dossier|withdrawal|conditional|accelerated|provisional)"
)
_BEFORE_OFFICE = (
    r"(?:(?:drugs?|health|medicines?|national|federal|competent|regulatory|pharmaceuticals?|food|and|its|first|new|full|marketing|regular"
    r"|conditional|accelerated|own)\s){0,4}"
)
_OFFICE_NEXT = lazy(rf"(?:[’']s?)?\s{_BEFORE_OFFICE}{_OFFICE}\b", re.IGNORECASE)
_DEED_NEXT = lazy(
    r"(?:[’']s)?(?:\s(?:has|have|had|also|then|now|already|recently|today|just|since|finally|first|later|last\s\w+|on\s\w+"
    r"|in\s\w+(?:\s\d{4})?|did\snot|does\snot|will\snot|,)){0,4}"
    r"\s(?:approv|clear|authori[sz]|licen[cs]|green|reject|refus|turn|wav|sign|said|says|gave|give|grant|register|okay|ok|recommend"
    r"|follow|declin|back|bless|accept|add|restrict|"
    r"expand|withdr|pull|nod|go-ahead|decid|issued?|hand)",
    re.IGNORECASE,
)
_IN_BEFORE = lazy(
    r"(?i)"
    r"\b(?:in|across|within|throughout|for|by|to|from|and|or|both|plus|of|,|/|\()\s?(?:both\s)?(?:the\s|mainland\s|Great\s)?$"
)
_NO_MARKET = lazy(
    r"-based|\s(?:population|patients|adults|people|women|men|children|trials?|stud(?:y|ies)|sites?|cent(?:er|re)s?|sales|residents"
    r"|hospitals|subsidiary|unit|arm|affiliate"
    r"|Inc|Ltd|Pty|LLC|GmbH|K\.K\.|Co\b|Corp|headquarter\w*|investors?|stock|shares|cohort|subgroup|citizens|employees|patent)"
)
_CONDUCTED = lazy(
    r"\b(?:conducted|based|enrolled|headquartered|recruited|carried\sout|run|performed|located|lives?|sold)\s(?:only\s|mainly\s)?(?:in"
    r"|at)\s(?:the\s)?$"
)
_ADDRESS = lazy(r"[A-Z][\w.]+,\s$")
_OUTSIDE = lazy(
    r"\b(?:outside|except|other\sthan|excluding|beyond|rest\sof|unlike|not(?:\syet)?\sin"
    r"|not(?:\syet)?\sby)\s(?:of\s)?(?:the\s)?(?:(?:[A-Z][\w.]*\s){1,2}(?:and|or)\s(?:the\s)?)?$"
)
_WHEN = (
    r"(?:\s?\(?(?:in|on|since|last|this|earlier)?\s?(?:(?:\d{1,2"
    r"}\s)?[A-Z][a-z]+\.?(?:\s\d{1,2},)?\s)?(?:19|20)\d\d\)?|\slast\s\w+|\sthis\s\w+)?"
)
_JOINED = lazy(
    rf"(?:\s?\(\w{{2,8}}\))?{_WHEN}"
    r"(?:,?\s(?:and|as\swell\sas|plus|or)|\s?,|\s?/|\s?&|\sand\sin)\s?(?:both\s|also\s)?(?:the\s|in\s(?:the\s)?"
    r"|by\s(?:the\s)?|from\s(?:the\s)?|to\s(?:the\s)?)?"
    r"(?:[A-Z][\w.]+[’']s\s)?"
)
_APPOSED = lazy(r"(?:[’']s?)?\s(?:[a-z]+\s){0,3}\(?(?:the\s)?|\s?\(|,\s(?:the\s)?|\sand\sits\s|\s\(?(?:and\s)?(?:the\s)?")
_OBLIQUE = lazy(
    r"\b(?:with|from|unlike|than|versus|vs|alongside|parallel\swith|consult\w*\swith|ahead\sof|after|before|at|told|asked|asks|to"
    r"|outside|talks\swith|meeting\swith|adviser\sto)\s(?:the\s)?"
    r"(?:[A-Z][\w.]*[’']?s?\s)?$"
)
BY = lazy(r"(?:[^.;,()]{0,50}?\s)?by\s(?:(?:the|both|its)\s)?(?:[\w.’']{1,24}\s){0,2}")
_BESIDE = lazy(r"\)?\s(?:(?:has|have|had|also|then|already|formally|finally|recently)\s){0,3}")
_ALONGSIDE = lazy(r"\b(?:together|parallel|alongside|collaborat\w+|conjunction|concert|simultaneous\w*)\b")
_OF_FDA = lazy(r"\b(?:s?BLA|sNDA|PDUFA|CRL|[Cc]omplete\s[Rr]esponse\s[Ll]etter|[Bb]iologics?\s[Ll]icen[cs]e\s[Aa]pplication|AdComm)\b")
_TO_OR_FROM = lazy(
    r"(?:\b(?:by|from|to|with|at|in|of|across|for|within|throughout|before)\s(?:the\s|both\s|either\s)?(?:[\w.’']{1,24}\s){0,2})$|^\s?\(?$"
)
_AGENCY = lazy(
    r"\b(?:the|that|same|this|its)\s(?:\w+\s)?(?:agency|regulators?|commission|committee|authority|ministry|panel|institute|watchdog"
    r"|body|delegate|advisers|advisors|experts)\b|\bregulators\b",
    re.IGNORECASE,
)
_BODY = lazy(r"\b[Tt]he\s(?:\w+\s)?(?P<kind>Commission|[Mm]inistry|[Cc]ommittee|[Pp]anel|[Ii]nstitute|advis[eo]rs|experts)(?![\w-]|\sof\b)")
_MEMORY = 3000
_COMMISSION = lazy(r"\b(?:[Tt]he|[Aa]|EU)\s(?P<name>Commission)(?!\s(?:on|of|for)\b|\w)")
_EUROPE = lazy(r"\b(?:EU|Europe(?:an)?|EMA|CHMP|Brussels)\b")
_FREEDONIA = lazy(
    r"\sin\s(?:the\s)?(?P<place>(?!(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Phase)\b)[A-Z][a-z]{3,}(?:\s[A-Z][a-z]{2,})?)(?=\s(?:with|for|as|and|after|on)\b|[.,;])"
)
_OWNER = lazy(r"(?P<place>[A-Z][a-z]{3,}(?:\s[A-Z][a-z]{2,})?)[’']s\s$")
_GIVES_ADVICE = lazy(r"[’']?s?\)?\s(?:\(\w+\)\s)?(?:recommendation|opinion|advice|panel|committee|guidance|validation)\b")
_ADVISERS = dict.fromkeys(("odac", "ctgtac", "pcnsdac", "emdac", "crdac", "vrbpac", "padac", "ardac", "gidac", "dodac"), "fda")
"""Committees whose votes are told as their agency's."""
_MARKETING_OF = {"eu": ("ec",), "jp": ("mhlw", "pmda"), "us": ("fda",), "cn": ("nmpa",), "gb": ("mhra",)}
_WIDER = {"europe": "eu", "eea": "eu", "gb-gbn": "gb"}


@dataclass(frozen=True)
class Authority:
    """An authority named, or the country that stands for the one that is not."""

    span: Span
    regulator: str | None = None
    key: str | None = None
    kind: str | None = None
    country: str | None = None
    place: str | None = None

    @property
    def slot(self) -> str:
        """The slot that its words are evidence of."""
        return "regulator" if self.regulator else "jurisdiction"


@lru_cache(maxsize=4)
def _adjectives(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, str]]:
    """Adjectives and seats of countries, and whose they are."""
    keys = {word: row.key for row in lexicon.jurisdictions.by_key.values() for word in (*row.demonyms, *row.seats)}
    words = "|".join(re.escape(word) for word in sorted(keys, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])"), keys


class Authorities:
    """Every authority and every country of a text that may have decided something."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lexicon = reading.lexicon

    @cached_property
    def named(self) -> list[Authority]:
        """Authorities and countries in text order; a country that only says whose authority it is belongs to that one."""
        bodies = [self._of_name(m) for m in self.reading.mentions.all("regulator")]
        bodies += [a for a in self._commissions() if not self._inside(a, bodies)]
        places = [a for a in self._countries() if not self._inside(a, bodies)]
        found = sorted([*bodies, *places], key=lambda a: a.span)
        return [a for i, a in enumerate(found) if not (a.regulator is None and self._owns(a, found[i + 1 : i + 2]))]

    @cached_property
    def _starts(self) -> list[int]:
        return [a.span[0] for a in self.named]

    def between(self, start: int, end: int) -> list[Authority]:
        """Those named within [start, end)."""
        group = self.named[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [a for a in group if a.span[1] <= end]

    def _of_name(self, mention: Mention) -> Authority:
        entry = self.lexicon.regulators.by_key.get(_ADVISERS.get(mention.key or "", mention.key or ""))
        if entry is None:
            owner = _OWNER.search(self.reading.text, max(0, mention.start - 40), mention.start)
            place = self.lexicon.jurisdictions.find(mention.name.split()[0])
            return Authority(
                mention.span,
                mention.name,
                None,
                "regulator",
                place.key if place else None,
                place.label if place else owner and owner["place"],
            )
        name = mention.name if entry.key == mention.key else entry.abbreviation or entry.label
        kind = "committee" if entry.key != mention.key else entry.kind
        return Authority(mention.span, name, entry.key, kind, entry.jurisdiction, self._label(entry.jurisdiction))

    def _label(self, country: str | None) -> str | None:
        place = self.lexicon.jurisdictions.by_key.get(country or "")
        return place.label if place else country

    def _of_country(self, key: str | None, span: Span, name: str) -> Authority:
        key = _WIDER.get(key or "", key)
        return Authority(span, country=key, place=self._label(key) or name)

    def _countries(self) -> Iterator[Authority]:
        text = self.reading.text
        for mention in self.reading.mentions.all("jurisdiction"):
            if mention.key != "world" and self._a_market(mention):
                yield self._of_country(mention.key, mention.span, mention.name)
        pattern, keys = _adjectives(self.lexicon)
        for match in pattern.finditer(text):
            country = self.lexicon.jurisdictions.by_key[keys[match[0]]]
            if match[0] in country.seats:
                lead = text[max(0, match.start() - 6) : match.start()]
                told = bool(_DEED_NEXT.match(text, match.end()) or lead.endswith((" from ", " by "))) and not lead.endswith(", ")
            else:
                told = bool(_OFFICE_NEXT.match(text, match.end()))
            if told:
                yield (
                    self._commission(match.span()) if match[0] == "Brussels" else self._of_country(country.key, match.span(), country.label)
                )

    def _commissions(self) -> Iterator[Authority]:
        """The European Commission under its short name, in a text that speaks of Europe."""
        if "Commission" in self.reading.text and _EUROPE.search(self.reading.text):
            for match in _COMMISSION.finditer(self.reading.text):
                yield self._commission(match.span("name"))

    def _commission(self, span: Span) -> Authority:
        """The European Commission, by its seat."""
        entry = self.lexicon.regulators.by_key["ec"]
        return Authority(span, entry.label, entry.key, entry.kind, entry.jurisdiction, self._label(entry.jurisdiction))

    def by_file(self, span: Span, start: int, end: int) -> Authority | None:
        """The authority that the kind of a file or letter alone tells: a BLA, a PDUFA date and a complete response are the FDA's."""
        if _OF_FDA.search(self.reading.text, start, end) is None:
            return None
        entry = self.lexicon.regulators.by_key["fda"]
        return Authority(span, entry.abbreviation, entry.key, entry.kind, entry.jurisdiction, self._label(entry.jurisdiction))

    def _a_market(self, place: Mention) -> bool:
        """Whether a country is named as a market or for its authority, and not as the seat of a company or of a trial."""
        text = self.reading.text
        before = text[max(0, place.start - 40) : place.start]
        if _NO_MARKET.match(text, place.end) or _CONDUCTED.search(before) or _OUTSIDE.search(before):
            return False
        if _ADDRESS.search(before) and not re.search(r"\b(?:in|across)\s(?:the\s)?[\w.\s,]{2,36}$", before):
            return False
        return bool(
            _IN_BEFORE.search(before) or _OFFICE_NEXT.match(text, place.end) or _DEED_NEXT.match(text, place.end)
            or re.match(r"\s?[:–—-]\s|\s?\(", text[place.end : place.end + 3])
        )  # fmt: skip

    def _inside(self, place: Authority, bodies: Iterable[Authority]) -> bool:
        """Whether a country is but a part of a name: "Health Canada", "European Society of ..."."""
        if any(b.span[0] <= place.span[0] < b.span[1] for b in bodies):
            return True
        mentions = self.reading.mentions
        return any(mentions.covering(place.span[0], kind) for kind in ("organization", "body", "trial"))

    def _owns(self, place: Authority, following: list[Authority]) -> bool:
        if not following or following[0].regulator is None:
            return False
        body = following[0]
        gap = self.reading.text[place.span[1] : body.span[0]]
        return body.country in (None, place.country) and len(gap) < 40 and _APPOSED.fullmatch(gap) is not None

    # ---- of one act ----------------------------------------------------------------------------------------------------------

    def run(self, group: list[Authority], at: int) -> list[Authority]:
        """The authorities that are joined with the one at a place of the group: "the FDA, the EMA and in Japan"."""
        joined = [self.joined(a, b) for a, b in pairwise(group)]
        low, high = at, at
        while low > 0 and joined[low - 1]:
            low -= 1
        while high < len(group) - 1 and joined[high]:
            high += 1
        return _distinct(group[low : high + 1])

    def joined(self, a: Authority, b: Authority) -> bool:
        """Whether two neighbours stand in one list."""
        gap = self.reading.text[a.span[1] : b.span[0]]
        return len(gap) < 40 and (
            _JOINED.fullmatch(gap) is not None or (a.regulator == b.regulator and re.fullmatch(r"[’']?s?\s?\(?", gap) is not None)
        )

    def of_act(self, span: Span, start: int, end: int) -> list[Authority]:
        """Who is named within [start, end) as doing what is worded at `span`."""
        text, group = self.reading.text, self.between(start, end)
        after = [i for i, a in enumerate(group) if a.span[0] >= span[1]]
        by = next((i for i in after if len(text[span[1] : group[i].span[0]]) < 90 and BY.fullmatch(text, span[1], group[i].span[0])), None)
        if by is not None:
            return self.run(group, by)
        inside = [i for i, a in enumerate(group) if a.span[0] < span[1] and a.span[1] > span[0]]
        before = [i for i, a in enumerate(group) if a.span[1] <= span[0] + 1]
        subjects = [i for i in before if not _OBLIQUE.search(text, max(start, group[i].span[0] - 40), group[i].span[0])]
        subjects = [i for i in subjects if not _GIVES_ADVICE.match(text, group[i].span[1], span[0])] or subjects
        subjects = [i for i in subjects if not (i and self._of_another(group[i - 1], group[i]))]
        named = [i for i in subjects if group[i].regulator]
        beside = [i for i in before if group[i].regulator and _BESIDE.fullmatch(text, group[i].span[1], span[0])]
        after = [i for i in after if not _ALONGSIDE.search(text, span[1], group[i].span[0])]
        reached = [i for i in after if _TO_OR_FROM.search(text, max(span[1], group[i].span[0] - 50), group[i].span[0])]
        bodies = [i for i in reached if group[i].regulator]
        for chosen in (inside, beside[-1:], named[-1:], bodies, reached, subjects[-1:], before[-1:], after):
            if chosen:
                return self.run(group, chosen[0])
        return []

    def _of_another(self, a: Authority, b: Authority) -> bool:
        """Whether the second only says whose the first is: "the CDE of China's NMPA"."""
        return re.fullmatch(r"\)?\sof\s(?:the\s|[A-Z]\w+[’']s\s)?", self.reading.text[a.span[1] : b.span[0]]) is not None

    def named_by(self, start: int, end: int, span: Span) -> bool:
        """Whether the act's own words go on with who did it, so that its subject stands before it."""
        found = self.between(span[1], end)
        return bool(found) and found[0].span[0] - span[1] < 90 and BY.fullmatch(self.reading.text, span[1], found[0].span[0]) is not None

    def speaks_of_agency(self, start: int, end: int) -> bool:
        """Whether "the agency" is spoken of."""
        return _AGENCY.search(self.reading.text, start, end) is not None

    def spoken_of(self, start: int, end: int) -> Authority | None:
        """Whom "the Commission", "the ministry" or "the panel" means: the last one named of that kind."""
        match = _BODY.search(self.reading.text, start, end)
        if match is None:
            return None
        told = [a for a in self.between(max(0, start - _MEMORY), start) if a.regulator and _fits(a, match["kind"].lower())]
        return told[-1] if told else None

    def unknown_country(self, span: Span, end: int) -> Authority | None:
        """A country that no table knows, or its seat: "under review in Freedonia", "approved in Tokyo"."""
        match = _FREEDONIA.match(self.reading.text, span[1], end)
        if match is None:
            return None
        _, keys = _adjectives(self.lexicon)
        return self._of_country(keys.get(match["place"]), match.span("place"), match["place"])

    def last_before(self, position: int, reach: int) -> Authority | None:
        """The last authority named before a place."""
        found = [a for a in self.between(max(0, position - reach), position) if a.regulator]
        return found[-1] if found else None

    def resident(self, authority: Authority) -> Authority:
        """The authority of a country where the text names it elsewhere; the country's words stay the evidence."""
        if authority.regulator or authority.country is None:
            return authority
        known = {a.key: a for a in self.named if a.regulator and a.country == authority.country and a.kind == "regulator"}
        order = _MARKETING_OF.get(authority.country) or tuple(key for key in known if key)
        found = next((known[key] for key in order if key in known), None)
        if found is None:
            return authority
        return Authority(authority.span, found.regulator, found.key, found.kind, found.country, found.place)


def _fits(authority: Authority, kind: str) -> bool:
    if kind in ("committee", "panel", "advisers", "advisors", "experts"):
        return authority.kind == "committee"
    return authority.key == {"commission": "ec", "ministry": "mhlw", "institute": "nice"}.get(kind)


def _distinct(group: list[Authority]) -> list[Authority]:
    """Each authority once; a country is no other one than its own authority beside it."""
    found: list[Authority] = []
    for a in group:
        twin = next(
            (
                i
                for i, b in enumerate(found)
                if (a.country or a.regulator) == (b.country or b.regulator) and not (a.regulator and b.regulator and a.key != b.key)
            ),
            None,
        )
        if twin is None:
            found.append(a)
        elif found[twin].regulator is None and a.regulator:
            found[twin] = a
    return found
