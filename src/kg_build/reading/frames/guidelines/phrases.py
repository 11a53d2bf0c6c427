"""What words tell of disease, setting and markers, also where they name no disease: "In the second line", "with ALK fusions"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg_build.reading.context import Reading
from kg_build.reading.document import Span
from kg_build.reading.indications import Indication, read_heading, read_indication
from kg_build.reading.patterns import lazy

_NTH = r"(?:first|second|third|fourth|later|subsequent|initial|further)"
_FEW = r"(?:\w[\w-]*\s?)"
_SETTING = lazy(
    rf"\b(?:{_NTH}(?:(?:[-\s,]|,?\s(?:and|or|to)\s){_NTH}){{0,2}}[-\s](?:line|relapse)(?:\sor\s(?:later|subsequent)|\sand\s(?:beyond|later))?"
    r"|front-?\s?line|[123]L|(?:neo)?adjuvant|perioperative|maintenance|consolidation|induction|conditioning|salvage|bridging"
    r"|(?:primary|subsequent|initial)\s(?:treatment|therapy)|(?:at|early|late)\srelapse|newly\sdiagnosed|previously\s(?:un)?treated"
    r"|treatment-na[iï]ve|untreated|relapsed(?:\s?(?:/|or|and)\s?refractory)?|refractory|metastatic|(?:locally\s)?advanced(?:\sor\smetastatic)?"
    r"|unresectable|resect(?:able|ed)|recurrent|early(?:-stage|(?=\s(?:breast|stage|disease|\w+\scancer)))|locali[sz]ed|(?:very\s)?high[-\s]risk"
    r"|low[-\s]risk|favou?rable[-\s]risk|intermediate(?:[-\s]\s?(?:and|or)\spoor)?[-\s]risk|poor[-\s]risk|(?:limited|extensive)[-\s]stage"
    r"|(?:chronic|accelerated|blast)[-\s]phase|stage\s[IVX]{1,4}[A-C]?(?:\s?(?:-|–|/|to|or|and)\s?[IVX]{1,4}[A-C]?)?|non-?squamous"
    rf"|(?:cisplatin|transplant|platinum)-(?:in)?eligible|platinum-(?:resistant|sensitive|refractory)|(?:not\s|un)?fit\sfor\s{_FEW}{{1,3}}"
    rf"|(?:in)?eligible\sfor\s{_FEW}{{1,4}}|(?:not\s)?candidates?\sfor\s{_FEW}{{1,3}}|cannot\s(?:have|receive|tolerate)\s{_FEW}{{1,3}}"
    rf"|followed\sby\s(?:(?!is\b|are\b|may\b|remains?\b|has\b|stays?\b|should\b|for\b|in\b){_FEW}){{1,4}}|useful\sin\scertain\scircumstances)\b",
    re.IGNORECASE,
)
_AFTER = lazy(
    r"\b[Aa]fter\s(?:at\sleast\s)?(?:(?:\d|one|two|three|four)[^.;:()\[\]]{0,60}?(?:therap\w+|lines?(?:\sof\s\w+)?|relapses?)\b"
    r"|(?:progression|failure|relapse|prior|previous|an?|platinum|resection|surgery|transplant\w*)(?:(?!\sas\san?\s|\sis\s|\sare\s)[^.;:()\[\],]){0,80})"
    r"(?:,\sincluding\s[^.;:()]{5,70}?(?=\s?(?:,\sthe|,\s[A-Z]|[.;(]|$)))?"
)
_GENE = r"(?!(?:For|In|With|And|Or|The|Of)\s)[A-Z][A-Za-z0-9/-]{1,12}"
_CHANGE = (
    r"(?:(?:activating\s|skipping\s|insertion\s)?mutations?|fusions?|rearrangements?|amplifications?|overexpression|expression|deletions?"
    r"|alterations?|translocations?|inactivation)"
)
_STATE = r"(?:mutated|mutant|rearranged|positive|negative|altered|amplified|low|high|deficient|overexpressing)"
_MARKER = lazy(
    rf"\b(?:(?:sensiti[sz]ing|activating|common|uncommon|classical)\s)?(?:{_GENE},\s){{0,3}}(?:{_GENE}\s)(?:(?:V600\S*|[A-Z]\d{{2,4}}[A-Z]{{1,3}}|exon\s\d+|ITD|gene)\s)?(?:(?:or|and|,)\s{_GENE}\s)?"
    rf"{_CHANGE}(?:\sor\s{_GENE}\s{_CHANGE})?\b"
    rf"|(?<![\w/-])[A-Z][A-Za-z0-9/.]{{1,12}}[-\s]{_STATE}\b(?:\s\(IHC\s?3\+\))?|\bhormone\sreceptor-(?:positive|negative)\b"
    r"|\b[A-Z]{2,5}\d?\s(?:T790M|T315I|G12C|V600[A-Z/]*|L858R|C797S)\b|\bFLT3-ITD\b"
    r"|(?:\bPD-L1\s(?:expression\s)?(?:of\s)?(?:CPS|TPS)?|\bCPS(?:\sof)?|\bTPS(?:\sof)?)\s?(?:(?:≥|>=|of\sat\sleast)\s?\d{1,2}\s?%?|\d{1,2}\s?%?\sor\smore)"
    r"|\b(?:MSI-H(?:/dMMR)?|dMMR|TMB-H)(?=[\s,.;)]|$)"
)
_OPENERS = lazy(
    r"\b20\d\d\s|\b(?:[Ff]or|[Ii]n|[Aa]mong|of|on|its|their|the|our|this|(?:revis|updat|issu|publish|releas|add|list|recommend|chang)\w*)\s"
)
_QUALIFIED = lazy(rf"[A-Z][A-Za-z0-9/.+-]{{1,12}}[-\s]{_STATE}(?:,|/|\sand)?\s|hormone\sreceptor-(?:positive|negative),?\s|[’']s\s")
_UNSPECIFIC = lazy(
    r"(?:\S+[-+]\S*\s|[A-Z0-9-]{3,}\s)?(?:[Ss]olid\s|these\s|such\s)?"
    r"(?:[Tt]umou?rs?|[Dd]isease|[Cc]ancers?|neoplasms?|carcinomas?|adenocarcinoma|(?:\w+\s)?metastas[ei]s)"
)
Phrase = tuple[str, Span]


@dataclass
class Told:
    """What one stretch of words says."""

    condition: Phrase | None = None
    settings: list[Phrase] = field(default_factory=list)
    markers: list[Phrase] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.condition or self.settings or self.markers)


def tell(reading: Reading, span: Span) -> Told:
    """Disease, settings and markers within a span."""
    told = Told()
    if span[1] - span[0] < 4:
        return told
    found = _indication(reading, span)
    if found:
        _take(reading, told, found)
    for pattern in (_AFTER, _SETTING):
        for match in pattern.finditer(reading.text, *span):
            _add(told.settings, *_phrase(reading.text, *match.span()))
    for match in _MARKER.finditer(reading.text, *span):
        _add(told.markers, *_phrase(reading.text, *match.span()))
    return told


def _phrase(text: str, start: int, end: int) -> Phrase:
    words = text[start:end].rstrip()
    end = start + len(words)
    return (words[0].lower() + words[1:] if words[1:2].islower() else words), (start, end)


def _add(held: list[Phrase], words: str, span: Span) -> None:
    """Adds a phrase that says something new, which "following options" does not."""
    if re.match(
        r"following\b(?!\s(?:\w+\s){0,3}(?:progression|failure|relapse|surgery|resection|transplant|therapy|treatment|chemo))", words
    ):
        return
    if not any(words.casefold() in other.casefold() or other.casefold() in words.casefold() for other, _ in held):
        held.append((words, span))


def _take(reading: Reading, told: Told, found: Indication) -> None:
    """The slots of an indication as phrases; those of several spans carry the first."""
    if found.condition and found.condition_span:
        told.condition = _condition(reading, found) or _bare(reading, found.condition_span)
    for slot, parts, held in (
        ("setting", (found.setting or "").split("; "), told.settings),
        ("biomarkers", found.biomarkers, told.markers),
    ):
        spans = [span for name, span in found.spans if name == slot]
        for part in filter(None, parts):
            exact = next(
                (span for span in spans if part.casefold() in reading.text[span[0] : span[1]].casefold()), spans[0] if spans else None
            )
            if exact:
                _add(held, part, exact)


def _indication(reading: Reading, span: Span) -> Indication | None:
    if not reading.mentions.between(*span, "condition"):
        return None
    found = read_indication(reading, *span) or read_heading(reading, *span)
    if found and found.condition and len(found.condition) < 90 and (_condition(reading, found) is not None):
        return found
    for phrase in _named(reading, span):
        return Indication(
            condition=phrase[0], condition_span=phrase[1], setting=found.setting if found else None,
            biomarkers=found.biomarkers if found else (), spans=list(found.spans) if found else [],
        )  # fmt: skip
    return None


def _named(reading: Reading, span: Span) -> Iterator[Phrase]:
    """The diseases of a span that are no part of a society's name."""
    for mention in reading.mentions.between(*span, "condition"):
        if (phrase := _bare(reading, mention.span)) and not _UNSPECIFIC.fullmatch(phrase[0]):
            yield phrase


def _condition(reading: Reading, found: Indication) -> Phrase | None:
    """The disease as told, None where it says nothing ("tumors") or belongs to a society's name."""
    span = found.condition_span or (0, 0)
    printed = reading.text[span[0] : span[1]]
    if _UNSPECIFIC.fullmatch(found.condition or ""):
        return None
    if found.condition != " ".join(printed.split()) and not reading.mentions.covering(span[0], "body"):
        return found.condition or "", span
    return _bare(reading, span)


def _bare(reading: Reading, span: Span) -> Phrase | None:
    """A disease without what is told before it: "NCCN myeloma", "revises its breast cancer", "HER2-positive breast cancer"."""
    start, end = span
    for other in (m for kind in ("body", "agent") for m in reading.mentions.between(start, end, kind)):
        start = max(start, other.end)
    if any(reading.mentions.covering(at, "body") for at in (start, end - 1)):
        body = reading.mentions.covering(start, "body")
        start = body.end if body else end
    for opener in _OPENERS.finditer(reading.text, start, end):
        start = opener.end()
    while qualified := _QUALIFIED.match(reading.text, start, end):
        start = qualified.end()
    words = reading.text[start:end].strip(" ,.;:") if start < end else ""
    start = reading.text.find(words, start) if words else end
    return (" ".join(words.split()), (start, start + len(words))) if words else None
