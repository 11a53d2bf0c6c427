"""Whose agent it is: "(Brand; Company)", "Company's Brand", "Company today announced", "developed by Company", as the text prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.reading import forms
from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy

Owner = tuple[str, Span]

_LEGAL = (
    r"(?:Inc|Ltd|LLC|Corp|Corporation|Co|AG|SA|S\.A|S\.p\.A|SE|GmbH|plc|PLC|N\.V|B\.V|A/S|AB|KGaA|K\.K|Limited|Company|Pty\sLtd|LP)\b"
    r"(?:\.(?!\s[A-Z]|\s*$))?"
)
_STYLE = (
    r"(?:\s(?:&\sCo\b\.?|and\sCompany|Pharma(?:ceuticals?|ceutical)?|Oncology|Therapeutics|Bio\w*|Sciences|Medical|Medicines?"
    r"|Healthcare|Laboratories|Labs|Group"
    r"|Holdings?|International|USA?|U\.S\.|Canada|Australia|Europe|Japan|China|UK|Genetics|Research|Products|Companies|Industries)\b)"
)
_TAIL = lazy(rf"{_STYLE}{{0,4}}(?:,?\s{_LEGAL}){{0,2}}")
_NAME = rf"[A-Z][\w&’'-]{{1,24}}(?:\s(?:&\s|and\s)?[A-Z][\w&’'-]{{0,24}}){{0,4}}(?:,?\s{_LEGAL}){{0,2}}"
_BRACKET = lazy(
    rf"[®™]{{0,2}}(?:[^()\n;,]{{0,40}})[;,]\s?(?:(?:made|marketed|manufactured|sold|developed)\sby\s"
    rf"|from\s)?(?P<company>{_NAME}(?:\s?(?:/|and|&)\s{_NAME})?)\s?[)\];]"
)
_POSSESSIVE = lazy(r"[’']s?\s(?:(?!(?:plus|and|with|or|versus)\b)[\w/+.-]+\s){0,7}?(?:[“\"‘])?$")
_OWNED = lazy(rf"(?P<company>{_NAME})[’']s?\s(?:(?!(?:plus|and|with|or|versus)\b)[\w/+.-]+\s){{0,7}}?[“\"‘]?$")
_FROM = lazy(
    rf"[®™]{{0,2}}\)?(?:\s?\([^()]{{1,40}}\))?(?:,?\s(?:from|by)\s|(?<=\))\sof\s)(?P<company>{_NAME})(?=[,.;:)]|\s(?:for|in|was|is|has"
    rf"|to|with)\b|$)"
)
_OF_FOR = lazy(rf"\b(?:of|from|by)\s(?P<company>{_NAME})\sfor\s$")
_ITS_DRUG = lazy(
    rf"(?P<company>{_NAME})[’']s?\s(?:[\w-]+\s){{0,5}}?(?:drug|pill|treatment|therapy|medicine|antibody|vaccine|shot|tablet|injection"
    rf"|application)\b"
)
_SENT = lazy(rf"\b(?:sent|issued|handed|gave|told)\s(?:to\s)?(?P<company>{_NAME})\s(?:a|that)\b")
_ACTS = lazy(
    rf"(?P<company>{_NAME})\s(?:has\s|had\s)?(?:voluntarily\s)?"
    r"(?:withdr[ae]wn?|filed|submitted|resubmitted|markets|sells|makes)\b"
)
_MADE_BY = lazy(
    rf"[^.;\n]{{0,90}}?\b(?:developed|made|marketed|manufactured|sold|commerciali[sz]ed"
    rf"|discovered)\s(?:and\s\w+\s)?by\s(?:the\s\w+\s)?(?P<company>{_NAME})"
)
_GRANTED = lazy(rf"(?:granted|awarded)\s(?:the\s)?(?:\w+\s){{0,2}}approval\s(?:of|for)\s[^.;\n]{{2,60}}?\sto\s(?P<company>{_NAME})")
_APPLICANT = lazy(rf"\b(?:applicant|marketing\sauthori[sz]ation\sholder|sponsor)\b[^.;\n]{{0,60}}?\s(?:is|was)\s(?P<company>{_NAME})")
_ANNOUNCED = lazy(
    rf"(?P<company>{_NAME})(?:\s?[(\[][^()\[\]]{{2,90}}[)\]]){{0,2}}(?:,\s[^.\n]{{5,160}}?,)?\s(?:has\s|have\s)?(?:today\s|jointly\s)?"
    r"(?P<verb>[Aa]nnounce[sd]?|said|reported|reports|disclosed)\b"
)
_OFFICER = lazy(rf"\b(?:officer|president|head|director|lead|manager)\b[^.;\n]{{0,60}}?\s(?:of|at|for)\s(?P<company>{_NAME})")
_COMPANY_WORD = lazy(rf"(?:{_STYLE}|\s{_LEGAL})")
_NO_COMPANY = lazy(
    r"(?:The|This|It|We|In|On|At|Today|FDA|EMA|U\.S|Food|European|Health|National|Ministry|Company|Companies|Dr|Study|Trial|Phase"
    r"|Patients?|Results?|Researchers?"
    r"|Investigators?|Officials?|University|Institute|Center|Centre|Hospital|Group|Network|Society|Committee|Agency|China|Japan|News"
    r"|Reuters|Mr|Ms|Professor)\b"
)
_NO_ORG = lazy(
    r"\b(?:Group|University|Institute|Network|Society|Cancer\sCent(?:er|re)|Hospital|Council|Foundation|Alliance|NCI|Consortium"
    r"|College)\b"
)


def printed_owner(reading: Reading, mention: Mention) -> Owner:
    """A company's mention with the legal form and style printed behind it."""
    tail = _TAIL.match(reading.text, mention.end, mention.end + 50)
    end = tail.end() if tail else mention.end
    if (
        reading.text[end - 1] == "."
        and reading.text[end - 3 : end - 2].islower()
        and re.match(r"\s[A-Z][a-z]+\s", reading.text[end : end + 20])
    ):
        pass  # "Inc." before a new sentence keeps its stop
    return reading.text[mention.start : end], (mention.start, end)


def in_bracket(reading: Reading, brand: Mention) -> Owner | None:
    """The company behind a brand in its bracket: "(Brand, Company)"; `brand` may be the agent itself where only a company follows."""
    match = _BRACKET.match(reading.text, brand.end, brand.end + 140)
    if not match or _unlikely(reading, match):
        return None
    return match["company"], match.span("company")


def possessor(reading: Reading, mention: Mention) -> Owner | None:
    """The company in "Company's Brand", "Company's anti-PD-1 therapy Brand", "Brand, Company's anti-PD-1 therapy"."""
    for owner in reversed(reading.mentions.between(max(0, mention.start - 90), mention.start, "organization")):
        if _POSSESSIVE.fullmatch(reading.text[owner.end : mention.start]) and not _NO_ORG.search(owner.name):
            return _with_partner(reading, owner)
    before = reading.text[max(0, mention.start - 90) : mention.start]
    for pattern in (_OWNED, _OF_FOR):
        match = pattern.search(before)
        if match and not _unlikely(reading, match, mention.start - len(before)):
            start = mention.start - len(before) + match.start("company")
            return match["company"], (start, start + len(match["company"]))
    for owner in reading.mentions.between(mention.end, mention.end + 60, "organization"):
        gap, after = reading.text[mention.end : owner.start], reading.text[owner.end : owner.end + 2]
        if re.fullmatch(r"[®™]{0,2}\)?\s?(?:\([^()]{1,40}\))?,\s", gap) and re.match(r"[’']s", after):
            return printed_owner(reading, owner)
        if re.fullmatch(r"[®™]{0,2}\)?\s?\(|[®™]{0,2}\)?,?\s(?:from|by)\s", gap):
            return printed_owner(reading, owner)
    behind = _FROM.match(reading.text, mention.end, mention.end + 130)
    return (behind["company"], behind.span("company")) if behind and not _unlikely(reading, behind) else None


def _with_partner(reading: Reading, owner: Mention) -> Owner:
    """Both of "AstraZeneca and Daiichi Sankyo's Datroway"."""
    partner = reading.mentions.before(owner.start, "organization", 8)
    start = partner.start if partner and re.fullmatch(r"\s(?:and|&)\s|/", reading.text[partner.end : owner.start]) else owner.start
    return reading.text[start : owner.end], (start, owner.end)


def made_by(reading: Reading, mention: Mention, end: int) -> Owner | None:
    """The company in "X ... is developed by Company" of the same unit."""
    match = _MADE_BY.match(reading.text, mention.end, min(end, mention.end + 200))
    return None if not match or _unlikely(reading, match) else (match["company"], match.span("company"))


def announcers(reading: Reading) -> Iterator[Owner]:
    """Who speaks in the text: the applicant, the one whom the approval was granted, who announces."""
    for pattern in (_GRANTED, _APPLICANT, _ANNOUNCED, _OFFICER, _ITS_DRUG, _SENT, _ACTS):
        for match in pattern.finditer(reading.text[:6000]):
            if not _unlikely(reading, match) and (pattern is not _ANNOUNCED or "nnounce" in match["verb"] or _is_company(reading, match)):
                yield match["company"].rstrip(",’'"), (match.start("company"), match.start("company") + len(match["company"].rstrip(",’'")))


def _is_company(reading: Reading, match: re.Match[str]) -> bool:
    return bool(reading.mentions.covering(match.start("company"), "organization") or _COMPANY_WORD.search(match["company"]))


def sole(reading: Reading) -> Owner | None:
    """The only company a text names."""
    named = {m.name: m for m in reversed(reading.mentions.all("organization")) if not _NO_ORG.search(reading.text[m.start : m.end])}
    return printed_owner(reading, next(iter(named.values()))) if len(named) == 1 else None


def _unlikely(reading: Reading, match: re.Match[str], offset: int = 0) -> bool:
    """Whether what stands where a company would is a regulator, a body, a disease, a study or plain prose."""
    start = offset + match.start("company")
    kinds = ("regulator", "body", "condition", "agent", "target", "endpoint", "trial", "jurisdiction")
    if reading.mentions.covering(start, "organization"):
        return False
    if forms.is_code(match["company"]):
        return True
    return bool(_NO_COMPANY.match(match["company"]) or _NO_ORG.search(match["company"])) or any(
        reading.mentions.covering(start, kind) for kind in kinds
    )
