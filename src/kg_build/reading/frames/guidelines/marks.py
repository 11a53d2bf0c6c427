"""Grades and classes of recommendations as guidelines print them: "category 2A", "[I, A]", "strength: strong", "other recommended"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.document import Span
from kg_build.reading.patterns import lazy

_WORD = r"(?i:strong|conditional|weak|moderate)"
_ROMAN = r"(?:IV|I{1,3}[ab]?|V)"
_NO_PEOPLE = r"(?<!NYHA\s)(?<!WHO\s)(?<!Pugh\s)(?<!functional\s)"  # classes of patients
_RANK = rf"(?:0|[1-4][A-D]?|[A-D][1-4]?|{_ROMAN})"
_NO_TOXICITY = r"(?!\s(?:adverse|toxicit|event|tumou?r|disease|or\s|follicular|\w{3,20}omas?\b))"
_NOTATIONS = (  # (name, what comes before, the grade, what comes after)
    ("category", r"\b[Cc]at(?:egory|egories|\.)?(?:\sof\srecommendation)?(?:[\s-]|:\s)", r"[1-4][AB]?|I{1,3}[AB]?",
     r"\b(?!\s(?:of\s)?evidence)"),
    ("strength", r"\b[Ss]trength(?:\sof\s(?:the\s)?[Rr]ecommendation)?(?:\s[Rr]ating)?(?:\s?[:=]\s?|\s(?:is|was|of)?\s?)", _WORD, r"\b"),
    ("rated", r"\b(?:[Rr]ecommendation(?:\s[Ss]trength)?:?|rated|graded)\s(?:as\s)?", _WORD, r"\b"),
    ("worded", r"\b", _WORD, r"(?:-strength)?(?i:\s(?:\w{2,12}\s)?recommendations?)\b"),
    ("adverb", r"\b", r"[Ss]trong|[Cc]onditional|[Ww]eak", r"ly\s(?:recommend|suggest)\w*"),
    ("bare", r"[\[(,;]\s?", _WORD, r"(?=[;,)\]])"),
    ("principle", r"\b", r"[Cc]linical\s[Pp]rinciple|[Ee]xpert\s[Oo]pinion", r"\b"),
    ("listed", r"(?:[,(–—-]|\b[Nn]ow|\bas)\s?", r"2[AB]|1(?=,\s(?:preferred|other))", r"(?=,\s(?:preferred|other\srec|useful)|\)|\s?$|;)"),
    ("rank", r"\b(?:(?:[Gg]rade|[Cc]lass|[Dd]egree|[Ss]trength)\sof\s(?:the\s)?[Rr]ecommendation"
     r"|[Rr]ecommendation\s(?:grade|class|strength|level)|Go[rR]|GOR|SoR):?\s",
     _RANK, r"\b"),
    ("grade", r"\b(?:[Gg]rade|GRADE)\s", r"[1-4][A-D]|[A-D][1-4]|[12](?=\srecommendation)|[A-D]|I{1,3}V?", r"\b" + _NO_TOXICITY),
    ("alone", r"(?<=[.)]\s)", r"[A-E]", r"(?=\s?(?:\n|$))"),
    ("bracket", r"[\[(]", r"[1-4][A-D]|[A-D][1-4]", r"(?=[\]);,])"),
    ("told", r"\b", r"[12][AB]", r"\s(?:recommendation|listing|rating|status)\b"),
    ("class", _NO_PEOPLE + r"\b(?:[Cc]lass|COR)(?:\sof\s[Rr]ecommendation)?:?\s", rf"{_ROMAN}|[123][ab]?",
     r"(?=[\s,;:.)\]])(?!\s?(?:[-–/]|or\s|to\s|(?:of\s)?evidence\b|\w{3,20}omas?\b|lupus|heart))"),
    ("expert", r"\b[Ll]evel\s", rf"{_ROMAN}|[123](?=\s(?:recommendation|expert))", r"\b(?!\s(?:of\s)?evidence)"),
    ("evidence", r"\b(?:[Ll]evel[\s-]|[Cc]ategory\s|[Cc]lass\s)", rf"{_ROMAN}|[1-5][A-C]?|[A-D]", r"\s(?:of\s)?evidence\b"),
    ("studied", r"\b(?:[Cc]ategory|[Cc]lass|[Ll]evel)\s", r"[1-5][A-C]?", r"(?=[\s]?[,;)\]])"),
    ("certainty", r"\b(?:[Ee]vidence\s[Ll]evel|[Ll]evel\sof\s[Ee]vidence|[Cc]ategory\sof\s[Ee]vidence|Lo?E|(?:[Ee]vidence\s)?[Qq]uality"
     r"|[Cc]ertainty)"
     r"(?:\s?[:=]\s?|\s)(?:[Gg]rade\s)?",
     rf"{_ROMAN}|[1-5](?:[a-cA-C]|\+{{1,2}})?|[A-D]|(?:[Vv]ery\s)?[Ll]ow|[Mm]oderate|[Hh]igh", r"(?!\w)"),
)  # fmt: skip
_LETTER = r"[A-E](?:-(?:N?R|LD|EO))?"
_PAIR = (  # level and letter: "[I, A]", "Class 2a, LOE B-R", "(1a; A; 9.4)", "IIa B." as a sentence of its own
    rf"{_NO_PEOPLE}\b(?:[Cc]lass|COR)(?:\sof\s[Rr]ecommendation)?:?\s(?P<rung>{_ROMAN}|[123][ab]?)(?:\s?[:(]\s?(?:[Nn]o\s[Bb]enefit|[Hh]arm)\)?)?"
    rf"(?:\s[Rr]ecommendation)?(?:\s?[,;(/]{{1,2}}\s?|\s)(?:[Ll]evel(?:\sof\s[Ee]vidence)?|LO?E|LoE|[Ee]vidence(?:\slevel)?)?:?\s?(?P<proof>{_LETTER})(?=[\]);,.\s])"
    r"|[\[(](?:Lo?E:?\s)?(?P<step>[1-5][a-c]?)\s?[;,/]\s?(?:SoR:?\s|G[oO]?R:?\s)?(?P<strong>[A-D])(?=[\]);,/\s])"
    rf"|[\[(](?P<grade_first>[A-E])(?:[-–,]\s?|\s)?(?P<level_behind>{_ROMAN})(?=[\]);])"
    rf"|(?<=[.;:]\s)(?P<bare_level>{_ROMAN})(?:\s|,\s?)(?P<bare_letter>{_LETTER})(?=\s?(?:$|\n|\(|\.(?:\s|$)))"
    rf"|(?:[\[(](?:(?:both|each|all)\s)?|\b[Ll]o?E:?\s|\b[Ll]evel(?:\sof\sevidence)?:?\s)(?P<level>{_ROMAN})\s?[,;/]?\s?"
    r"(?:(?:G[oO]R|[Gg]rade(?:\sof\srecommendation)?|recommendation\sgrade):?\s)?(?P<letter>[A-E])(?=[\]);,\s])"
)
_GRADE = lazy("|".join((_PAIR, *(f"{before}(?P<{name}>{grade}){after}" for name, before, grade, after in _NOTATIONS))))
_FROM_TO = lazy(
    r"(?:\bfrom\s(?:a\s)?|\b(?=[Cc]ategory\s\w{1,3}\s?(?:→|->|⇒)))(?:[Cc]ategory\s|[Gg]rade\s|[Cc]lass\s|[Ll]evel\s)?(?:[1-4][AB]?|I{1,3})\s(?:recommendation\s)?(?:(?:up\s|down\s)?to\s(?:a\s)?|(?:→|->|⇒)\s?)"
    r"(?:[Cc]ategory\s|[Gg]rade\s|[Cc]lass\s|[Ll]evel\s)?(?P<new>[1-4][AB]?|I{1,3})\b"
)
_FORMER = lazy(
    r"\b(?:from|previously|formerly|before|was|were|had\sbeen|instead\sof|rather\sthan|not|no\slonger|replac\w+)\s"
    r"(?:been\s|listed\s|rated\s|graded\s|classed\s|classified\s|an?\s|as\s|in\s|only\s|given\s){0,4}$"
)
_PAIRS = (("level", "letter"), ("rung", "proof"), ("step", "strong"), ("grade_first", "level_behind"), ("bare_level", "bare_letter"))
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
    proof: bool = False  # a grade that may be of the evidence alone

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


def find_marks(text: str, start: int, end: int) -> list[Mark]:
    """The grades and classes within [start, end), in text order; what was the case before is left out."""
    moved = {m.start("new"): m for m in _FROM_TO.finditer(text, start, end)}
    grades = [m for m in _GRADE.finditer(text, start, end) if not any(a.start() <= m.start() < a.end() for a in moved.values())]
    found = [Mark(at, m.end(), "category", m["new"]) for at, m in moved.items()]
    found += [mark for mark in _clusters(text, grades) if not _FORMER.search(text[max(start, mark.start - 50) : mark.start])]
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
    if pair := next((names for names in _PAIRS if chosen[names[0]]), None):
        return Mark(chosen.start(), cluster[-1].end(), "category", f"{chosen[pair[0]]}, {chosen[pair[1]]}")
    value = chosen[_kind(chosen)]
    value = value.lower() if value.isalpha() and len(value) > 3 and " " not in value else value
    return Mark(cluster[0].start(), cluster[-1].end(), "category", value, _kind(chosen) in (*_WEAK, "bracket", "listed"))


def _preferences(text: str, start: int, end: int) -> Iterator[Mark]:
    former = {m.start("old") for m in _MOVED.finditer(text, start, end)}
    for match in _PREFERENCE.finditer(text, start, end):
        if match.start() not in former:
            yield Mark(match.start(), match.end(), "preferred", match["no"] is None)
