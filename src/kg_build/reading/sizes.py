"""Stage 4c: the sizes and short names of arms, printed before or behind them."""

from __future__ import annotations

import re
from dataclasses import replace

from kg_build.reading.arms import Told
from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Count, Quantity
from kg_build.reading.regimens import COMBINED
from kg_build.reading.shorthand import SHAPE

_DOSE_WORDS = (
    r"(?:\s\([A-Z]\w{0,5}\))?(?:\s(?:\d[\w./·²]{0,9}|(?:mg|mcg|µg|g|Gy)(?:/\w{1,3})?|PO|IV|SC|QD|BID|daily|once|twice|weekly|orally|every|weeks?|days?"
    r"|[Qq]\d{1,2}[wWdD])){0,6}"
)
_ALIAS = lazy(
    rf"{_DOSE_WORDS}(?:\s(?:arm|group|alone|only|monotherapy|regimen))?\s?[\[(](?:(?:[Aa]rm|[Gg]roup|[Cc]ohort|hereafter|the)\s)?(?P<alias>{SHAPE}|[1-6](?!,\s\d))(?:\s(?:arm|group|regimen))?"
    r"(?=[;,:)\]]|\s?[;,]?\s?[nN]\s?=)"
)
_NOT_ALIAS = frozenset("HR OR CI CR PR PFS OS ORR n N IV SC PO NR NE arm Arm group".split())
_SIZED = lazy(
    r"(?:[\[(;]\s?|,\s)(?:[nN]\s?=\s?)?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,5})\s?(?:patients|participants|women|men|subjects|adults|people|children|cases)\b"
)
_ITEM = r"[A-Za-z][^();:%=]{0,36}?"
_LIST_SIZE = r"(?:\d{1,3}(?:,\d{3})+|\d{2,5})"
_NAMES_SIZED = lazy(rf"\({_ITEM}[,:]?\s{_LIST_SIZE}(?:(?:[;,]|,?\sand)\s{_ITEM}[,:]?\s{_LIST_SIZE}){{1,4}}\)")
_SCHEDULE = lazy(r"\b(?:every|each|for|of|per)\s(?:up\sto\s)?$")
_WHOLE = lazy(rf"(?<![\w.-]){_LIST_SIZE}(?![\w.,-]*\d|-)")
EACH_SIZE = lazy(
    r"\b(?P<n>\d{2,5})\s(?:patients|participants|women|men|subjects|adults)?\s?(?:were\s)?(?:randomi[sz]ed\s|assigned\s|allocated\s|enrolled\s)?"
    r"(?:in|per|to)\s(?:each|either|both)\s(?:treatment\s)?(?:arms?|groups?)\b|\b[nN]\s?=\s?(?P<n2>\d{2,5})\s?(?:each|per\s(?:arm|group)|in\seach)"
    r"|(?<![\w.,])(?P<n3>\d{2,5})(?:\s?/\s?|\sper\s)(?:arm|group)\b"
)
_WHO = r"(?:patients|participants|women|men|subjects|adults|people|individuals|children|infants)"
_SIZE_TO = lazy(
    rf"\b(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})\s(?:(?:\w+\s)?{_WHO}\s(?:who\s|(?:were|was)\s)?(?:(?:randomly|assigned|allocated|randomi[sz]ed|treated|given"
    r"|received|receiving|took|taking|enrolled|on|with|to|in)\s){1,3}|(?:who\s)?(?:(?:were|was)\s)?(?:(?:randomly|assigned|allocated|randomi[sz]ed|received|to|given)\s){1,3})"
    r"(?:either\s)?(?:receive\s)?(?:treatment\swith\s)?(?:the\s)?$"
)
_SIZE_AND = lazy(
    r"\b\d{2,5}\s(?:\w+\s){0,2}(?:received|to|got|given)\s[^.;()]{3,60}(?:\([^()]{0,40}\))?\s(?:and|or|,)\s(?P<n>\d{2,5})\s(?:the\s)?$"
)
_SIZE_LISTED = lazy(
    rf"(?:[(,;]\s?(?:and\s)?|\sand\s)(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})(?::|\s(?:{_WHO}|pts))?\s(?:(?:to|in|with|on|received|assigned\sto|randomi[sz]ed\sto)\s)?(?:the\s)?$"
)
_NO_SIZE = lazy(r"[%/.\]=]\s?$|(?<!total\s)\bof\s$|\bage\w*\s$|\b\d{1,4}\sand\s$|(?:randomi[sz]ed|assigned|allocated|enrolled)\s$")
"""What stands before a number that is no size of one arm."""
_ENTERED = lazy(r"\b(?:randomi[sz]|assigned|allocated|enrolled|treated|evaluated|recruited|received|underwent)", re.IGNORECASE)
"""What is said of patients in a sentence that lists the sizes of arms without a bracket."""
RESPECTIVE = lazy(
    rf"\b(?P<a>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})(?:\s{_WHO})?(?:,\s(?P<c>\d{{2,5}}),?)?\sand\s(?P<b>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})\s{_WHO}\b[^.;]{{2,160}}?\brespectively\b"
)
"""Sizes told in the order of the arms: "183 and 91 patients were assigned to X and Y, respectively"."""
SIZES_BEHIND = lazy(
    rf"[\[(](?:[nN]\s?=\s?)?(?P<a>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})(?:,\s(?P<c>\d{{2,5}}),?)?\sand\s(?:[nN]\s?=\s?)?(?P<b>\d{{1,3}}(?:,\d{{3}})+|\d{{2,5}})(?:\s{_WHO})?,?\srespectively[\])]"
)
"""Sizes in a bracket behind the arms: "to X or Y (130 and 127 patients, respectively)"."""
_SIZE_TREATED = lazy(r"\b(?P<n>\d{1,3}(?:,\d{3})+|\d{2,5})\s$")


def sized(reading: Reading, unit: int, told: list[Told]) -> list[Told]:
    """The phrases with the n and the short name printed with them: "X plus Y 10 mg every 3 weeks (XY; n = 154)"."""
    start, end = reading.document.units[unit]
    sizes = [q.n for q in reading.quantities[unit] if q.n and (q.kind == "n" or _schedules(reading, q))]
    sizes += [Count(int(m["n"].replace(",", "")), m["n"], m.span("n")) for m in _SIZED.finditer(reading.text, start, end)]
    sizes += _listed_sizes(reading, start, end)
    found = []
    for i, phrase in enumerate(told):
        limit = min(phrase.span[1] + 130, told[i + 1].span[0] if i + 1 < len(told) else end)
        behind = [size for size in sizes if phrase.span[1] <= size.span[0] < limit and _holds(reading, phrase, size.span[0])]
        alias = _ALIAS.match(reading.text, phrase.span[1], min(end, phrase.span[1] + 60))
        short = alias["alias"] if alias and phrase.regimen and _names_whole(reading, alias, phrase) else None
        found.append(replace(phrase, n=behind[0] if behind else size_before(reading, start, phrase), alias=short))
    return [_own(reading, phrase, found[i + 1] if i + 1 < len(found) else None) for i, phrase in enumerate(found)]


def _schedules(reading: Reading, quantity: Quantity) -> bool:
    """Whether a time only says how often or how long something is given: "every 2 weeks (n = 53)"."""
    at = quantity.span[0]
    return quantity.kind == "time" and _SCHEDULE.search(reading.text, max(0, at - 12), at) is not None


def _names_whole(reading: Reading, alias: re.Match[str], phrase: Told) -> bool:
    """Whether a short name in a bracket is that of the regimen in front and not of its last partner alone: "X plus Y (Y)"."""
    at, short = alias.start("alias"), alias["alias"]
    known = reading.given.covering(at, "combo") or (reading.mentions.covering(at, "agent") if len(phrase.names) > 1 else None)
    study = reading.mentions.covering(at, "trial")
    if short in _NOT_ALIAS or (study and study.name == short):
        return False
    stands_for = set(known.name.split(COMBINED)) if known else {reading.names.abbreviations.get(short, "").casefold()} & set(phrase.names)
    return not stands_for or stands_for == set(phrase.names)


def _listed_sizes(reading: Reading, start: int, end: int) -> list[Count]:
    """Sizes in a bracket that lists arms with them: "(X 246, Y 125)"."""
    lists = _NAMES_SIZED.finditer(reading.text, start, end)
    return [Count(int(n[0].replace(",", "")), n[0], n.span()) for m in lists for n in _WHOLE.finditer(reading.text, *m.span())]


def _own(reading: Reading, phrase: Told, follower: Told | None) -> Told:
    """The phrase without the size of all: in "543 patients were randomised to X or Y" it is that of both."""
    total = phrase.n and follower and not follower.n and phrase.n.span[0] < phrase.span[0] and follower.span[0] - phrase.span[1] < 60
    if total and follower and re.search(r"\b(?:or|versus|vs)\b", reading.text[phrase.span[1] : follower.span[0]]):
        return replace(phrase, n=None)
    return phrase


_CHOICE = lazy(r"\bchoice\b")
_ITEMS_OF_CHOICE = lazy(r"^(?:,?\s(?:or\s)?[\w/+-]{1,24}){0,4},?\sor\s[\w/+-]{1,24}(?=\s?[(\[;,])")


def _holds(reading: Reading, phrase: Told, end: int) -> bool:
    """Whether a size stands in the bracket behind a phrase, or right behind it; that of a choice stands behind its last item."""
    if re.fullmatch(r"\s?[\[(](?:(?!\sversus\s|\svs\b)[^()\[\]]){0,120}[;,]\s[nN]\s?=\s?", reading.text[phrase.span[1] : end]):
        return True
    gap = re.sub(r"\([^()]{0,60}\)", "", reading.text[phrase.span[1] : end])
    if _CHOICE.search(reading.text, max(0, phrase.span[0] - 40), phrase.span[1]):
        gap = _ITEMS_OF_CHOICE.sub("", gap)
    return not re.search(r"\b(?:or|versus|vs|compared|and)\b|[.;]\s(?![nN]\s?=)|\)", gap) and (
        "(" in gap or "[" in gap or "," in gap or len(gap) < 5
    )


def size_before(reading: Reading, start: int, phrase: Told) -> Count | None:
    """The size in front of a phrase: "183 to X", "52 X-treated patients"."""
    at = phrase.span[0]
    match = _SIZE_TO.search(reading.text, max(start, at - 80), at)
    if match is None and re.match(
        r"[-\s]treated\s(?:patients|participants)",
        reading.text[phrase.regimen.span[1] : phrase.regimen.span[1] + 22] if phrase.regimen else "",
    ):
        match = _SIZE_TREATED.search(reading.text, max(start, at - 12), at)
    if match is None and (reading.depth(at) or _ENTERED.search(reading.text, start, at)):
        match = _SIZE_LISTED.search(reading.text, max(start, at - 40), at)
    if match is None and phrase.regimen:
        match = _SIZE_AND.search(reading.text, max(start, at - 110), at)
    if match is None:
        return None
    lead = reading.text[max(start, match.start() - 14) : match.start()]
    if match[0][0] not in "([" and _NO_SIZE.search(lead):
        return None
    return Count(int(match["n"].replace(",", "")), match["n"], match.span("n"))
