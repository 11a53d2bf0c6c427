"""Grades and classes of recommendations as guidelines print them: "category 2A", "[I, A]", "strength: strong", "other recommended"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_WORD = r"(?i:strong|conditional|weak|moderate)"
_ROMAN = r"(?:IV|I{1,3}[ab]?|V)"
_RANK = rf"(?:0|[1-4][A-D]?|[A-D][1-4]?|{_ROMAN})"
_NO_TOXICITY = r"(?!\s(?:adverse|toxicit|event|tumou?r|disease|or\s|follicular|\w{3,20}omas?\b))"
_NOTATIONS = (  # (name, what comes before, the grade, what comes after)
    ("category", r"\b[Cc]at(?:egory|egories|\.)(?:\sof\srecommendation)?(?:[\s-]|:\s)", r"[1-4][AB]?|I{1,3}[AB]?",
     r"\b(?!\s(?:of\s)?evidence)"),
    ("strength", r"\b[Ss]trength(?:\sof\s(?:the\s)?[Rr]ecommendation)?(?:\s[Rr]ating)?(?:\s?[:=]\s?|\s(?:is|was|of)?\s?)", _WORD, r"\b"),
    ("rated", r"\b(?:[Rr]ecommendation(?:\s[Ss]trength)?:?|rated|graded)\s(?:as\s)?", _WORD, r"\b"),
    ("worded", r"\b", _WORD, r"(?:-strength)?(?i:\s(?:\w{2,12}\s)?recommendations?)\b"),
    ("adverb", r"\b", r"[Ss]trong|[Cc]onditional|[Ww]eak", r"ly\s(?:recommend|suggest)\w*"),
    ("bare", r"[\[(,;]\s?", _WORD, r"(?=[;,)\]])"),
    ("principle", r"\b", r"[Cc]linical\s[Pp]rinciple|[Ee]xpert\s[Oo]pinion", r"\b"),
    ("rank", r"\b(?:(?:[Gg]rade|[Cc]lass|[Dd]egree|[Ss]trength)\sof\s(?:the\s)?[Rr]ecommendation|[Rr]ecommendation\s(?:grade|class)|Go[rR]"
     r"|GOR):?\s",
     _RANK, r"\b"),
    ("grade", r"\b(?:[Gg]rade|GRADE)\s", r"[1-4][A-D]|[A-D][1-4]|[12](?=\srecommendation)|[A-D]|I{1,3}V?", r"\b" + _NO_TOXICITY),
    ("bracket", r"[\[(]", r"[1-4][A-D]|[A-D][1-4]", r"(?=[\]);,])"),
    ("told", r"\b", r"[12][AB]", r"\s(?:recommendation|listing|rating|status)\b"),
    ("class", r"\b(?:[Cc]lass|COR)\s", _ROMAN, r"(?=[\s,;.)\]])"),
    ("expert", r"\b[Ll]evel\s", _ROMAN, r"\b(?!\s(?:of\s)?evidence)"),
    ("evidence", r"\b(?:[Ll]evel[\s-]|[Cc]ategory\s|[Cc]lass\s)", rf"{_ROMAN}|[1-5][A-C]?|[A-D]", r"\s(?:of\s)?evidence\b"),
    ("studied", r"\b(?:[Cc]ategory|[Cc]lass|[Ll]evel)\s", r"[1-5][A-C]?", r"(?=[\s]?[,;)\]])"),
    ("certainty", r"\b(?:[Ee]vidence\s[Ll]evel|[Ll]evel\sof\s[Ee]vidence|[Cc]ategory\sof\s[Ee]vidence|Lo?E|(?:[Ee]vidence\s)?[Qq]uality"
     r"|[Cc]ertainty)"
     r"(?:\s?[:=]\s?|\s)(?:[Gg]rade\s)?", rf"{_ROMAN}|[1-5][a-cA-C]?|[A-D]|(?:[Vv]ery\s)?[Ll]ow|[Mm]oderate|[Hh]igh", r"\b"),
)  # fmt: skip
_PAIR = (
    rf"(?:[\[(]|\b[Ll]o?E:?\s|\b[Ll]evel(?:\sof\sevidence)?:?\s)(?P<level>{_ROMAN})\s?[,;/]?\s?"
    r"(?:(?:G[oO]R|[Gg]rade(?:\sof\srecommendation)?|recommendation\sgrade):?\s)?(?P<letter>[A-E])(?=[\]);,\s])"
)
_GRADE = lazy("|".join((_PAIR, *(f"{before}(?P<{name}>{grade}){after}" for name, before, grade, after in _NOTATIONS))))
_FROM_TO = lazy(
    r"(?:\bfrom\s(?:a\s)?|\b(?=[Cc]ategory\s\w{1,3}\s?(?:→|->|⇒)))(?:[Cc]ategory\s|[Gg]rade\s|[Cc]lass\s|[Ll]evel\s)?(?:[1-4][AB]?|I{1,3})\s(?:recommendation\s)?(?:(?:up\s|down\s)?to\s(?:a\s)?|(?:→|->|⇒)\s?)"
    r"(?:[Cc]ategory\s|[Gg]rade\s|[Cc]lass\s|[Ll]evel\s)?(?P<new>[1-4][AB]?|I{1,3})\b"
)
_FORMER = lazy(
    r"\b(?:from|previously|formerly|before|was|were|had\sbeen|instead\sof|rather\sthan|not|no\slonger|replac\w+)\s(?:an?\s|as\s|in\s|only\s){0,2}$"
)
_WEAK = ("evidence", "studied", "certainty")
"""What grades the evidence and not the recommendation: told as the grade only where nothing else is."""

_PREFERENCE = lazy(
    r"(?P<no>\b(?:other[\s-]recommended|useful\s(?:in|under)\s(?:certain|specific|some)\s\w+|non-?preferred"
    r"|no\slonger\s(?:an?\s|the\s|listed\sas\s|among\s(?:the\s)?|under\s(?:the\s)?){0,2}[“\"‘']?preferred"
    r"|los(?:es|t|ing)\s(?:its\s|their\s|the\s)?preferred|not\s(?:an?\s|the\s|as\s|under\s|among\s|listed\s|of\s){0,4}[“\"‘']?preferred"
    r"|(?:none|neither|no\s(?:one|single))\b[^.;]{0,60}\bpreferred))\b"
    r"|(?P<yes>\bpreferred\b)(?!\s(?:over|to|term|by)\b)",
    re.IGNORECASE,
)
_MOVED = lazy(r"\bfrom\s(?:the\s|an?\s)?[“\"‘']?(?P<old>preferred|other[\s-]recommended)[^.;,]{0,30}?\sto\s", re.IGNORECASE)


@dataclass(frozen=True)
class Mark:
    """A grade (slot "category") or a class (slot "preferred") printed at one place."""

    start: int
    end: int
    slot: str
    value: str | bool

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """The grades and classes within [start, end), in text order; what was the case before is left out."""
    moved = {m.start("new"): m for m in _FROM_TO.finditer(text, start, end)}
    grades = [m for m in _GRADE.finditer(text, start, end) if not any(a.start() <= m.start() < a.end() for a in moved.values())]
    found = [Mark(at, m.end(), "category", m["new"]) for at, m in moved.items()]
    found += [mark for mark in _clusters(text, grades) if not _FORMER.search(text[max(start, mark.start - 24) : mark.start])]
    return sorted([*found, *_preferences(text, start, end)], key=lambda mark: mark.start)


def _clusters(text: str, grades: list[re.Match[str]]) -> Iterator[Mark]:
    """Grades that one bracket or phrase holds are one: strength and evidence of the same recommendation."""
    cluster: list[re.Match[str]] = []
    for match in grades:
        if cluster and not re.fullmatch(r"[\s;,:]{0,3}(?:[\w\s-]{0,24}|\()[\s;,:(]{0,3}", text[cluster[-1].end() : match.start()]):
            yield _told(cluster)
            cluster = []
        if cluster and not _complements(cluster, match):
            yield _told(cluster)
            cluster = []
        cluster.append(match)
    if cluster:
        yield _told(cluster)


def _complements(cluster: list[re.Match[str]], match: re.Match[str]) -> bool:
    """Whether a grade tells of the same recommendation what the cluster has not told: evidence beside strength."""
    return (_kind(match) in _WEAK) != any(_kind(one) in _WEAK for one in cluster) or (_kind(match) in _WEAK and len(cluster) < 2)


def _kind(match: re.Match[str]) -> str:
    return match.lastgroup or ""


def _told(cluster: list[re.Match[str]]) -> Mark:
    """The grade of a cluster: strength before evidence, as the word or figure alone."""
    chosen = min(cluster, key=lambda m: _kind(m) in _WEAK)
    if chosen["level"]:
        return Mark(chosen.start(), cluster[-1].end(), "category", f"{chosen['level']}, {chosen['letter']}")
    value = chosen[_kind(chosen)]
    value = value.lower() if value.isalpha() and len(value) > 3 and " " not in value else value
    return Mark(cluster[0].start(), cluster[-1].end(), "category", value)


def _preferences(text: str, start: int, end: int) -> Iterator[Mark]:
    former = {m.start("old") for m in _MOVED.finditer(text, start, end)}
    for match in _PREFERENCE.finditer(text, start, end):
        if match.start() not in former:
            yield Mark(match.start(), match.end(), "preferred", match["no"] is None)
