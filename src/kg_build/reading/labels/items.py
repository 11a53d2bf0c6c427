"""Where a label's text parts: sentences, and the bullets and headings that an export lost or glued to their neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy

Kind = Literal["heading", "lead", "note", "use", "also"]

_PURPOSE = r"(?:treatment|prevention|prophylaxis|reduction|relief|management|induction|diagnosis|detection)\s(?:of|in)\s"
_STEP = (
    r"(?:(?:neo)?-?adjuvant|maintenance|first[- ]line|second[- ]line|initial|induction|consolidation|symptomatic|palliative|continued)\s"
)
_OPENER = (
    rf"(?:in\scombination\s|in\s(?:adults?|children|patients|first|second)\b|as\s(?:an?\s)?(?:{_STEP})?(?:monotherapy|single|treatment"
    rf"|adjunct|add)"
    rf"|for\s|who\s|(?:or\s|and\s)?(?:the\s)?(?:{_STEP})*{_PURPOSE}|monotherapy\s|following\s|after\s|when\s|with\s"
    r"|(?:previously\s|newly\s|un)?(?:treated|diagnosed)\s|(?:adult|pa?ediatric|adolescent)s?\s|patients\s|children\s|men\s|women\s"
    r"|locally\s|advanced\s|relapsed\s|recurrent\s"
    r"|metastatic\s|unresectable\s|symptomatic\s|prevention\s|severe\s|moderate)"
)
_SUBJECT = (
    r"(?:\[\d+[A-Za-z]+\]-radiolabelled\s)?(?:[A-Z][\w®™/-]+,?\s{1,2}){1,3}(?:is\s(?:also\s|only\s)?indicated|in\scombination"
    r"|in\saddition|monotherapy|maintenance"
    r"|treatment|as\s(?:an?\s)?(?:monotherapy|single|maintenance|adjuvant)|alone|given|used|when|followed|plus|therapy|and\s\w+\sare)\b"
)
_CUT = lazy(
    rf"(?<=[.;:])\s*(?:[-•–*·o]\s?)?(?=(?i:{_OPENER}))"  # behind a stop that the sentence splitter took for none
    r"|(?<=[.;:,])\s*[-•–*·▪]\s*(?=\w)|\s?[•▪●◦]\s*(?=\w)|\s·\s*(?=\w)|(?<=[a-z)])[-–]\s(?!(?:and|or|to|positive|negative|mutated"
    r"|mutation|resistant|refractory|sensitive|based|high|low|small|cell|like|free|type|related|line|term|label"
    r"|specific|containing|releasing|stem|dependent|associated)\b)(?=[a-z])|\s[-–]\s(?=(?i:" + _OPENER + "))"
    rf"|\s{{2,}}(?=(?i:{_OPENER})|[A-Z])"
    r"|(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)(?<!etc\.)(?<=[\w)]\.)\s+(?=[a-z])"  # a bullet that lost its mark
    r"|(?<=:)\s+(?=\w)|(?<=[a-z]:)(?=[A-Z])"
    rf"|(?<=[a-z)])\s(?=the\s(?:{_STEP}){{1,2}}{_PURPOSE})"
    rf"|(?<=[a-z)])\s(?=[A-Z][a-z-]+(?:\s[a-z-]+){{0,4}}\s(?:cancer|carcinoma|lymphoma|leukaemia|myeloma"
    rf"|melanoma)(?:\s\([A-Za-z]+\))?\s{_SUBJECT})"
    rf"|(?<=[a-z0-9).\]])\s?(?={_SUBJECT})|;\s*(?=\w)"
)
_ALSO = lazy(
    r"[,;]?\s(?:or|and)\s(?=(?:as|in|for)\s(?:an?\s|the\s)?(?:first|second|third|initial)[- ]line\b|(?:as|for)\s(?:the\s)?"
    r"(?:maintenance|(?:neo)?adjuvant|second)\s"
    r"|(?:in|for)\s(?:adults?\s|women\s|men\s|patients\s){1,2}(?:who|following|after)\b)"
    r"|,\s(?=(?:in|for)\s(?:adults?\s|women\s|men\s|patients\s){1,2}(?:following|after)\b)",
    re.IGNORECASE,
)
_TITLE = lazy(r"(?!.*\bindicated\b)[A-Z][^.;:]{3,110}")
_JOINED = lazy(
    r"\b(?:of|with|to|by|for|and|or|in|the|that|when|on|from|a|an|than|as|is|are|not|receiving|received|after|following|prior|adjuvant"
    r"|both|either"
    r"|before|which|who|combination|Syndrome|cancers?[,;]|radiolabelled)[\s,]*$|[,(/]\s*$"
)
_ONGOING = lazy(
    r"\b(?:for|of|with|and|or|in|the|to|by|as|on|from|a|an|either|neoadjuvant|adjuvant|initial|first-line|concomitant|except)[\s,]*$", re.I
)
_STOPPED = lazy(r"[.;:•▪●◦·]\s*$")
_NOTE = lazy(
    r"^[\s•-]*(?:see|before|relative\sto|prior\sto|consideration|please|(?:the\s)?(?:choice|decision|dose|duration)\b|for\s(?:more\s"
    r"|further\s)?(?:study|information|details)"
    r"|the\s(?:response|efficacy|effect|effectiveness|safety|evidence|benefit|demonstration|experience|use|data|indication\sis|approval"
    r"|diagnosis|presence|activity|purpose|course|mechanism"
    r"|reduction|increase|clinical|patients?\s(?:should|must))|(?:treatment\s(?!of|in)|therapy\s(?!of|in)|it|they|this|there|these|such"
    r"|accurate|data|efficacy|evidence|no|only|most)\b"
    r"(?=[^.;:]{0,80}\b(?:should|must|needs?|is|are|has|have|was|were|can|may|exists?|available|studied|limited)\b)(?!\s(?:is"
    r"|are)\s(?:also\s)?indicated)"
    r"(?!\sof\b[^.]{0,60}$)|(?:prior|previous)\s\w+\s(?:should|must)|no\s(?:survival|data|clinical))"
    r"|\b(?:not\s(?:been\s)?(?:adequately\s)?(?:demonstrated|established|studied|investigated|determined|intended)|limitations?\sof\suse|(?:is"
    r"|are)\snot\s(?:indicated|recommended"
    r"|authori[sz]ed|approved|to\sbe\sused)|not\sfor\suse\sin|(?:effectiveness|efficacy|evidence|experience|approval|indication"
    r"|benefit)[^.;]{0,60}\b(?:is|are|was|were)\s(?:\w+\s)?(?:based"
    r"|limited|derived|shown|demonstrated)|limited\s(?:data|experience)|no\scontrolled|(?:has|have)\sbeen\sshown|significantly"
    r"|unable\sto\s|reduces?\sthe\s(?:risk|rate)|excluded\sfrom|there\s(?:is|are)\sno|(?:is|are)\snot\s(?:required|responding|consistent)"
    r"|established\sonly|scan\sindicates)\b",
    re.IGNORECASE,
)
_MUST = lazy(
    r"(?<!which\s)(?<!who\s)\b(?:should|must|will)\s(?:also\s|only\s|not\s)?(?:be|have|receive|take|undergo|consider|failed)\b"
    r"|\bmay\sbe\sused\b",
    re.IGNORECASE,
)
_FOR = lazy(
    rf"\bindicated\b|\b(?:{_PURPOSE}|treatment\b|for\suse\b|used\s(?:for|in|as)\b|monotherapy|in\scombination\swith|therapy\b"
    rf"|immuni[sz]ation|vaccination"
    r"|(?:patients|adults|people|children|women|men)\s(?:\w+\s){0,5}(?:with|who)\b)",
    re.IGNORECASE,
)


_MARKS = " \n\t\xa0•▪●◦·–-*"


_ASIDE = lazy(r"\([^()]*\)")
_OWN = lazy(r"(?<!not\s)\bindicated\b|^(?:\w+\s)?(?:treatment|prevention|prophylaxis)\sof\b", re.IGNORECASE)


class Item(NamedTuple):
    """One stretch of a label, and what it is: heading, lead of a list, remark, or a use."""

    start: int
    end: int
    kind: Kind


def items(reading: Reading) -> Iterator[Item]:
    """The stretches of a label's text, in order."""
    for start, end in reading.document.units:
        cuts = [start, *(m.end() for m in _CUT.finditer(reading.text, start, end) if _parts(reading, start, m)), end]
        pieces = [(a, _trimmed(reading.text, a, b)) for a, b in pairwise(sorted(dict.fromkeys(cuts)))]
        spans = [(a, b) for a, b in pieces if b - a > 3]
        for (a, b), (_, after) in zip(spans, [*spans[1:], (0, 0)], strict=False):
            titled = after and _TITLE.fullmatch(reading.text[a:b].strip()) and "indicated" in reading.text[b:after]
            kind = "heading" if titled else _kind(reading.text, a, b)
            yield from _coordinated(reading, a, b) if kind == "use" else [Item(a, b, kind)]


def _trimmed(text: str, start: int, end: int) -> int:
    """End of a stretch without the bullet and the "or" of the next."""
    words = text[start:end].rstrip(_MARKS)
    return start + len(re.sub(r"[,;]?\s(?:or|and)$", "", words))


def _coordinated(reading: Reading, start: int, end: int) -> Iterator[Item]:
    """A use, and those that go on from it: "... who have had one therapy, or as first-line treatment of ..."."""
    told = _FOR.search(reading.text, start, end)
    joints = [m.end() for m in _ALSO.finditer(reading.text, told.end() if told else end, end) if not reading.depth(m.start())]
    for a, b in pairwise([start, *joints, end]):
        yield Item(a, b, "use" if a == start else "also")


def _parts(reading: Reading, start: int, match: re.Match[str]) -> bool:
    """Whether a possible place of a lost bullet is one: no sentence runs over it, no bracket is open."""
    if match.end() <= start or reading.depth(match.start()):
        return False
    before = reading.text[max(start, match.start() - 40) : match.start()]
    if _STOPPED.search(before + match[0].strip()):
        return True
    return not (_JOINED if reading.text[match.end() : match.end() + 1].isupper() else _ONGOING).search(before)


def _kind(text: str, start: int, end: int) -> Kind:
    words = text[start:end].strip(_MARKS)
    told = _FOR.search(words)
    plain = _ASIDE.sub(" ", words)
    if any(not (m.start() and _OWN.search(plain, 0, m.start())) for m in (_NOTE.search(plain), _MUST.search(plain)) if m):
        return "note"
    if words.endswith(":"):
        return "lead"
    if words.endswith((" in", " with", " for", " of", "indicated")):
        return "lead"
    return "use" if told or words[0].islower() or words.endswith((".", ";")) or len(words) > 120 else "heading"
