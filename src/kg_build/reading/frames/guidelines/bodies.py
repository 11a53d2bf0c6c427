"""Whose guideline a text speaks of: societies and networks, by table and by form, never the congress that bears their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

_HEAD = r"(?:Society|Association|Network|College|Academy|Federation|Alliance|Institute|Foundation|Group)"
_NAMED = lazy(
    rf"\b(?P<name>(?:[A-Z][\w’'-]{{1,24}}\s){{1,6}}?{_HEAD}(?:\s(?:of|for"
    rf"|on)(?:\sthe)?(?:\s[A-Z][\w-]{{1,24}}){{1,4}}(?:\sand(?!\s(?:the\s)?(?:[A-Z][\w’'-]{{1,24}}\s){{1,5}}{_HEAD}\b)"
    rf"(?:\s[A-Z][\w-]{{1,24}}){{1,3}})?)?)"
    r"(?:\s\((?P<short>[A-Z]{3,6})\))?"
)
_SHORT = lazy(r"\b(?P<short>[A-Z]{3,6})(?:®)?\s(?:\w[\w-]{0,24}\s){0,4}?(?:[Gg]uidelines?|Clinical\sPractice)\b")
_NO_SHORT = frozenset("THE NEW FDA EMA NSCLC SCLC HCC RCC AML CML CLL ALL DLBCL BRCA EGFR HER2 USA".split())
GUIDELINE = lazy(
    r"\b[Gg]uidelines?\b|\bGUIDELINES?\b|\b[Cc]ompendium\b|\b[Cc]onsensus\b|\bClinical\sPractice\b|\b[Pp]ractice\s(?:paper|statement|advisory)\b"
    r"|\b[Rr]ecommendations?\b|\b[Rr]apid\srecommendation|\b[Gg]uidance\b|\bLeitlinie\b"
)
_CONGRESS_BEFORE = lazy(
    r"\b(?:at|during|skipped|attended|from)\s(?:the\s)?(?:(?:20\d\d|\d{1,3}(?:st|nd|rd|th)|virtual|recent|this\syear[’']s)\s)*"
    r"|\b(?:presented|shown|reported|unveiled)\s(?:at|by|to)\s(?:the\s)?$"
)
_CONGRESS_AFTER = lazy(
    r"[’']?s?\s(?:\([A-Z]{2,6}\)\s)?(?:(?:20)?\d\d\s(?!(?:[\w-]{1,20}\s){0,3}(?:guideline|recommend|consensus|criteria|classification))|(?:20\d\d\s)?(?:[Vv]irtual\s)?(?:Annual|annual|Congress|congress"
    r"|Meeting|meeting|Scientific|Breakthrough|Plenary|plenary|Open\b|GI\b|GU\b|Genitourinary|Gastrointestinal|Asia|Symposium|abstract|Poster|poster))"
    r"|\s(?:(?:uniform\s)?(?:response\s)?criteria|(?:adverse|favou?rable|intermediate)?\s?risk|classification|grades?\s(?:[IV1-4]{1,3}\b|group)|grading|stag(?:e|ing)|response"
    r"|performance|definition|score)\b|[-\s]MCBS|[-\s]Magnitude|\s(?:president|member|fellow|journal)"
)
_YEAR = lazy(r"\s(?:20\d\d)(?!\s(?:[Aa]nnual|[Cc]ongress|[Mm]eeting))\b")
_LONGER_NAME = lazy(r"(?<!\w)(?!(?:The|Updated|And|New|In|Both)\s)[A-Z][\w-]+\s$")
_ARTICLE = lazy(r"^(?:The|Both|And|New|Updated|In|Current)\s")
_TOGETHER = lazy(r"\s?(?:[®™])?[/–-]|[-/]")
_AND = lazy(r"(?:\s\([A-Z]{2,6}\))?,?\s(?:and|with)\s(?:the\s)?")
_ONE_GUIDELINE = lazy(r"\s(?:\([A-Z]{2,6}\)\s)?(?:(?:joint|clinical|practice|living|20\d\d)\s){0,3}guideline\b", re.IGNORECASE)
_PUBLISHER = lazy(
    r"\b(?:run|led|coordinated|commissioned|funded|supported|endorsed|hosted|issued\sjointly)\sby\s(?:the\s)?(?:[\w’'-]{1,20},?\s){0,12}$"
    r"|\b(?:on\sbehalf|under\sthe\s(?:auspices|umbrella))\sof\s(?:the\s)?(?:[\w’'-]{1,20},?\s){0,12}$"
)
_JOINT = lazy(r"\b(?:joint|jointly|together|collaborat\w+)\b")


@dataclass(frozen=True)
class Body:
    """A guideline body as facts know it, and where it is named."""

    name: str
    full: str | None
    span: Span


def bodies_in(reading: Reading, start: int, end: int, lenient: bool = False) -> list[Body]:
    """The bodies whose guidelines [start, end) speaks of; several that issue one guideline together are one.

    `lenient` lets "CSCO 2024" be a guideline, which in a text that grades nothing is a congress.
    """
    mentions = [m for m in reading.mentions.between(start, end, "body") if _speaks(reading, m, start, end, lenient)]
    found = [_body(reading, m) for m in mentions]
    if GUIDELINE.search(reading.text, start, end):
        found += _by_form(reading, start, end, [body.span for body in found])
    found.sort(key=lambda body: body.span)
    return _joined(reading, found, start, end)


def _speaks(reading: Reading, mention: Mention, start: int, end: int, lenient: bool) -> bool:
    """Not a congress, a score, or the last words of a longer name that no table has."""
    before = reading.text[max(start, mention.start - 60) : mention.start]
    year = lenient and _YEAR.match(reading.text, mention.end, end)
    if not year and _CONGRESS_AFTER.match(reading.text, mention.end, min(end, mention.end + 80)):
        return False
    if re.search(_CONGRESS_BEFORE.pattern + "$", before) and not GUIDELINE.search(reading.text, mention.end, min(end, mention.end + 40)):
        return False
    return not _LONGER_NAME.search(before) or mention.name == reading.text[mention.start : mention.end]


def _body(reading: Reading, mention: Mention) -> Body:
    """A body under its short name: where two societies share one, the text spells out whose it is."""
    spelled = reading.names.abbreviations
    if long := spelled.get(mention.name):
        return Body(mention.name, long, mention.span)
    if short := next((short for short, long in spelled.items() if long == mention.name), None):
        return Body(short, mention.name, mention.span)
    entry = reading.lexicon.bodies.by_key.get(mention.key or "")
    return Body(mention.name, entry.label if entry and entry.label != mention.name else None, mention.span)


def _by_form(reading: Reading, start: int, end: int, known: list[Span]) -> Iterator[Body]:
    """Bodies that no table knows: "... Society of ... (ABCD)" or "the ABCD guideline"."""
    for match in [*_NAMED.finditer(reading.text, start, end), *_SHORT.finditer(reading.text, start, end)]:
        group = "name" if "name" in match.re.groupindex else "short"
        if any(a < match.end(group) and match.start(group) < b for a, b in known) or _taken(reading, match.start(group)):
            continue
        full = _ARTICLE.sub("", match["name"]) if group == "name" else None
        name = match["short"] or full or ""
        if name not in _NO_SHORT:
            known.append(match.span(group))
            yield Body(name, full, match.span(group))


def _taken(reading: Reading, position: int) -> bool:
    kinds = ("regulator", "trial", "condition", "agent", "combination", "target", "organization", "class", "endpoint")
    return any(reading.mentions.covering(position, kind) for kind in kinds)


def _joined(reading: Reading, found: list[Body], start: int, end: int) -> list[Body]:
    """One body for "ESMO/EHA" and for two that act jointly; otherwise each once."""
    joint = _JOINT.search(reading.text, start, end) is not None
    merged: list[Body] = []
    for body in found:
        if merged and _PUBLISHER.search(reading.text[merged[-1].span[1] if len(merged) == 1 else start : body.span[0]]):
            continue  # who stands behind a guideline is no second voice
        gap = reading.text[merged[-1].span[1] : body.span[0]] if merged else ""
        one = joint or _ONE_GUIDELINE.match(reading.text, body.span[1], end)
        if merged and (_TOGETHER.fullmatch(gap) or (one and _AND.fullmatch(gap))):
            sign = "/" if "/" in gap else "-"
            merged[-1] = Body(f"{merged[-1].name}{sign}{body.name}", None, (merged[-1].span[0], body.span[1]))
        elif body.name not in [m.name for m in merged]:
            merged.append(body)
    return merged
