"""Which disease an indication is for: its name, and the words of stage and marker that stand before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg_build.reading.document import Span
from kg_build.reading.indications.markers import marker_at
from kg_build.reading.indications.people import PEOPLE
from kg_build.reading.indications.stages import IN_NAME, STAGE
from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

REACH = 300
_ANCHOR = lazy(
    r"\b(?:with|of|for|in|against|have|has|had|having|from|treat|treats|treating|prevent(?:s|ing)?)\s(?:(?:an?|the|all|any|both"
    r"|either)\s)?|:\s|^\s?(?:and|or)\s",
    re.IGNORECASE,
)
_PREVENTED = lazy(
    r"\b(?:(?:prevention|prophylaxis)\s(?:of|against)|prevent(?:s|ing)?|(?:reduc|lower|decreas)(?:es?|ing)\s(?:the\s)?(?:risk|incidence|severity"
    r"|frequency|occurrence)\sof)\s(?P<name>(?!the\s)[a-z][\w\s-]{4,80}?)(?=\s(?:in|among|for)\s(?:[\w≥-]+\s){0,6}?(?:patients|adults|people"
    r"|children|individuals|women|men|infants|adolescents)\b)"
)
_OUTCOME = lazy(
    r"\b(?:death|dying|mortality|hospitali\w+|recurrence|relapse|progression|events?|complications|failure|stroke|infarction|need)\b"
)
_TO_DRUG = lazy(r"[-\s]?(?:unresponsive|refractory|resistant|sensitive|intolerant|na[iï]ve|exposed|ineligible|experienced)\b")
_FIRST_WORDS = lazy(r"^[\s•-]*(?=[a-z])")
_ELSEWHOSE = lazy(r"\s?(?:in|associated\swith|due\sto|secondary\sto|caused\sby)\s")
_NO_ILL = lazy(
    r"\b(?:relapses?|recurrences?|progression|disease|metastas[ie]s|patients?|combination|remission|treatment|therapy|indicated)\b",
    re.IGNORECASE,
)
_TREAT = lazy(
    r"\bprevention\sof\s(?:infectious\s)?diseases?\scaused\sby\s|\b(?:relief|alleviation|diagnosis)\sof\s"
    r"|\b(?:treat(?:ment|s|ing)?|therapy|management|prevention|prophylaxis)\s(?:of\s|in\s|for\s)?(?:an?\s|the\s|all\s)?"
    r"|\bcontrol\sof\s|\bindicated\sfor\s(?!(?:the|an?|use|treat\w*|adults?|patients|women|men|children|in|all|those)\b"
    r"|(?:[\w-]+\s){0,3}(?:treatment|therapy|prevention|prophylaxis|use|immuni[sz]ation|vaccination)\b)|\b(?:immuni[sz]ation|vaccination|protection)\s(?:(?!and\b)\w+\s){0,8}?against\s(?:an?\s|the\s)?",
    re.IGNORECASE,
)
_BROKEN = lazy(
    r"\b(?:who|whose|that|which|based|after|received|combination|plus|supported|by|trials?|study|was|were|is|are|approved|including"
    r"|arising|transformed|not|regardless|irrespective)\b|[.;:]\s"
)
_ELSEWHERE = lazy(
    r"\b(?:trials?|study|studies|evaluated|enrolled|based\son|supported\sby|arising\sfrom|compared|versus|history\sof|investigat\w+)\b"
)
_GLUE = lazy(r"(?:[\s,/]|(?:and/or|and|or|either|an?|the|with)\s){1,6}")
_JOINED = lazy(
    r"(?:\s?,?\s?(?:and/or|or|and|as\swell\sas|/)\s(?:(?!(?:in|for|with|who|of|to|as|by|adult|adults|patients"
    r"|previously)\s)[\w/-]{1,24}\s){0,4}|,\s(?:(?!(?:in|for|with|who|of|to|as|by|based|a|an|the|including|adult|adults|patients"
    r"|previously)\s)[\w/-]{1,20}\s){0,3}|\s|/)"
)
_KIND_OF = lazy(
    r"(?:[a-z]+\s){0,2}(?:manifestations?|forms?|types?|symptoms?|cases?|signs?|episodes?"
    r"|relapses?|recurrences?|exacerbations?)\sof\s(?:an?\s|the\s)?"
)
_OF_MOLECULE = lazy(
    r"[\s-](?:kinase|receptor|antigen|genes?|mutation(?:al|s)?|infiltrating|cells?\b(?!\s(?:lung|ca|lymph|leuk|mel|tum))|burden|tissue"
    r"|chemotherap\w+|drugs?|agents?|medicin\w+|Cent(?:er|re)|Institute|Society|Research|Network|Foundation|Fund)\b"
)
_PARTED = lazy(r"[.;:–—]\s|\b(?:on|about|regarding|is|are|was|were|has|have|includes?|recommends?|updates?)\s")
_MOLECULE = lazy(r"\b(?:kinase|genomic|mutational|antigen)\b|\breceptor\s")
_IDLE = lazy(
    r"(?:(?:histologically|cytologically|pathologically|radiologically|biopsy|centrally)[-\s/](?:(?:or|and|and/or)\s)?){1,3}"
    r"(?:confirmed|proven|documented|verified)\s|(?:identifying|detecting|imaging|treating|visuali[sz]ing|diagnosing"
    r"|staging|preventing)\s(?:malignant\s)?",
    re.IGNORECASE,
)
_SHORT = lazy(r"(?<![\w-])[A-Za-z]{0,3}[A-Z][A-Za-z]{0,2}[A-Z]{1,4}s?(?![\w-])")
_WORD = lazy(r"\S+\s?")
_WITH = lazy(
    r"\s(?:living\s|diagnosed\s)?with\s(?:an?\s)?|\s(?:who\shave|suffering\sfrom)\s(?!not\b|been\b|had\b|received\b|previously\sb"
    r"|progress|no\b|already\b|at\sleast)(?:an?\s)?"
)
_MORE = lazy(r"(?:\s(?:cancers?|carcinomas?|lymphomas?|leuka?emias?|tumou?rs?|adenocarcinomas?|syndromes?|disease|neoplasms?)\b)+")
_ORGAN = (
    r"(?:head\sand\sneck|skin|extremities|lung|breast|ovary|ovaries|stomach|colon|rectum|o?esophagus|pancreas|kidney|liver|thyroid|uterus|endometrium|testis"
    r"|prostate|bladder|penis|vulva|oral\scavity|(?:[\w-]{3,14}\s)?(?:tract|canal|bone|junction|duct|cervix))(?![\w-])"
)
_SUFFIX = lazy(
    r"(?:,?\snot\sotherwise\sspecified|,?\sNOS\b|\s(?:arising|transformed)\sfrom\s(?:(?!(?:who|after|and|or|with"
    r"|that)\b)[\w-]{1,20}\s?){1,5}"
    rf"|\sof\s(?:the\s)?{_ORGAN}(?:(?:,|\sand|\sor)\s(?:the\s)?{_ORGAN}){{0,2}}"
    r"|\swith\sring\ssideroblasts(?:\sand\sthrombocytosis)?|\sgrade\s[1-3][AB]?\b|\sin\ssitu\b){1,3}",
    re.IGNORECASE,
)
_STOP = lazy(
    r"\b(?:who|whose|that|which|after|following|in|based|regardless|harbou?ring|expressing|carrying|as|not|for|at|receiving|considered"
    r"|eligible|ineligible|progress\w+|with|without|when|including|treated|is|are|has|was|were|on|by|under|until|have|caused|due"
    r"|had|may|will|would|could|secondary\sto|plus|and\s(?:who|no|with|has|have|is|are|in|for)|previously\streated\swith|associated)\b"
    r"|[.;:(\[,]"
)
_NO_DISEASE = lazy(
    r"(?:to\s|be\s|after\s|following\s|prior\s|the\s|same\s|remaining\s|normal\s|no\s|such\s|certain\s|other\s|disease\b|indications?\b"
    r"|its\s|our\s|this\s|all\s|any\s|use\b"
    r"|it\b|review|approval|treatment|therapy|patients|adults|people|people\b|marketing|\$"
    r"|\d|combination|up\sto|each|a\s"
    r"|both|first\b|second\b|more\b|one\b|two\b|three\b|several|these|those|an?\s|January|February|March|April|May|June|July|August|September"
    r"|October|November|December)",
    re.IGNORECASE,
)


@dataclass
class Disease:
    """The disease of an indication, with what stands before it."""

    name: str
    span: Span
    anchor: int
    stages: list[Span] = field(default_factory=list)
    markers: list[Span] = field(default_factory=list)
    end: int = 0


def find_disease(view: View, by_place: bool = False) -> Disease | None:
    """The first disease that something is for or somebody has; `by_place`: that at the place of one, before those that tables know."""
    if prevented := _prevented(view):
        return prevented
    if by_place and (placed := _placed(view)):
        return placed
    for start, end, _ in view.mentions(0, len(view.text), "condition"):
        if _ELSEWHERE.search(view.text, max(0, start - REACH), start):
            return None
        anchor = _anchor(view, start)
        if anchor is None or part_of_molecule(view, start, end):
            continue
        return _disease(view, anchor, start, _joined_end(view, start, end))
    return _by_place(view)


def _prevented(view: View) -> Disease | None:
    """What is prevented where others have what leads to it: "to reduce the risk of ototoxicity associated with cisplatin in children"."""
    match = _PREVENTED.search(view.text, 0, REACH)
    if match is None or _OUTCOME.search(match["name"]) or view.mentions(*match.span("name"), "condition"):
        return None
    return Disease(match["name"], match.span("name"), match.start("name"), end=match.end("name"))


def named_disease(view: View) -> Disease | None:
    """The disease named first, whatever it is for: what headings print."""
    named = [m for m in view.mentions(0, len(view.text), "condition") if not part_of_molecule(view, *m[:2])]
    if not named:
        return None
    start, end, _ = named[0]
    parted = [m.end() for m in _PARTED.finditer(view.text, max(0, start - 120), start)]
    return _disease(view, _anchor(view, start) or (parted[-1] if parted else max(0, start - 120)), start, end)


def stands_at(view: View, at: int, named: tuple[int, int, object]) -> bool:
    """Whether a disease phrase begins at a position: nothing but words of stage and marker stand before its name."""
    while at < named[0]:
        found = _GLUE.match(view.text, at, named[0]) or STAGE.match(view.text, at, named[1]) or marker_at(view, at, named[0])
        if found is None:
            return False
        at = found.end()
    return True


def _anchor(view: View, start: int) -> int | None:
    """Where the phrase of a disease begins: behind the last "with", "of" or "for" before it, if nothing parts the two."""
    at = None
    for match in _ANCHOR.finditer(view.text, max(0, start - REACH), start):
        at = match.end()
    if at is None or _BROKEN.search(view.text, at, start):
        return None
    given = [end for _, end, _ in view.mentions(at, start, "agent")]
    return at if all(_TO_DRUG.match(view.text, end) for end in given) else None


def part_of_molecule(view: View, start: int, end: int) -> bool:
    """Whether, as in "anaplastic lymphoma kinase", the words belong to a molecule."""
    known = view.reading.mentions.covering(view.span(start, end)[0], "target")
    if _MOLECULE.search(view.text, start, end):
        return True
    return bool(_OF_MOLECULE.match(view.text, end)) or (known is not None and known.end > view.span(start, end)[1])


def _joined_end(view: View, start: int, end: int) -> int:
    """End of the disease phrase: of the diseases joined here, with what makes each more exact."""
    end = _suffixed(view, end)
    first = _written_out(view, view.text[start:end])
    for low, high, _ in view.mentions(end, min(len(view.text), start + 240), "condition"):
        if low < end:
            continue
        if not _JOINED.fullmatch(view.text, end, low) or PEOPLE.search(view.text, end, low):
            break
        if _written_out(view, view.text[low:high]) == first:
            break
        end = _suffixed(view, high)
    return end


def _suffixed(view: View, end: int) -> int:
    for pattern in (_MORE, _SUFFIX):
        if match := pattern.match(view.text, end):
            end = match.end()
    return end


def _disease(view: View, anchor: int, start: int, end: int) -> Disease | None:
    stages, markers, head = _peel(view, anchor, start, end)
    name = _written_out(view, view.told(head, end))
    if len(name) < 2:
        return None
    return Disease(name, (head, head + len(view.text[head:end].rstrip(" ,;:."))), anchor, stages, markers, end)


def _written_out(view: View, name: str) -> str:
    """A disease under its long name, where the text defines the short one."""
    if not any(character.isupper() for character in name[1:]):
        return name
    return _SHORT.sub(lambda m: " ".join(view.reading.names.abbreviations.get(m[0], m[0]).split()), name)


def _peel(view: View, anchor: int, start: int, end: int) -> tuple[list[Span], list[Span], int]:
    """Words of stage and of marker before a disease, and where its own name begins."""
    stages: list[Span] = []
    markers: list[Span] = []
    at = head = anchor
    while at < start:
        if glue := _GLUE.match(view.text, at, start):
            at = glue.end()
            head = at if head == glue.start() else head
            continue
        stage = STAGE.match(view.text, at, end)
        marker = None if stage else marker_at(view, at, max(start, end - 3))
        if found := stage or marker:
            (stages if stage else markers).append(found.span())
            at = head = found.end()
        else:
            word = _WORD.match(view.text, at, start)
            at = word.end() if word else start
    if gerund := _IDLE.match(view.text, head, end):
        head = gerund.end()
    while head >= start and (match := IN_NAME.match(view.text, head, end) or marker_at(view, head, end)) and end - match.end() > 3:
        (stages if IN_NAME.match(match[0] + " ") else markers).append((match.start(), match.start() + len(match[0].rstrip())))
        head = match.end() + (not match[0].endswith(" "))
    return stages, markers, head


def _by_place(view: View) -> Disease | None:
    """The words at the place of a disease that no table knows: "patients with ...", "treatment of ..."."""
    treated = _TREAT.search(view.text)
    for match in PEOPLE.finditer(view.text):
        if treated and treated.end() < match.start() and not PEOPLE.match(view.text, treated.end()):
            break
        behind = _WITH.match(view.text, match.end())
        if behind and not _ELSEWHERE.search(view.text, max(0, match.start() - REACH), match.start()):
            return _unknown(view, behind.end())
    return _unknown(view, treated.end()) if treated else None


def _placed(view: View) -> Disease | None:
    """The words behind "treatment of", where they name a disease of their own and a known one comes later only."""
    treated = _TREAT.search(view.text) or _FIRST_WORDS.match(view.text)
    named = next(iter(view.mentions(0, len(view.text), "condition")), None)
    if treated is None or named is None or PEOPLE.match(view.text, treated.end()) or named[0] <= treated.end():
        return None
    found = _unknown(view, treated.end())
    if found is None or found.end > named[0] or PEOPLE.search(found.name) or _NO_ILL.search(found.name):
        return None
    return found if _ELSEWHOSE.match(view.text, found.end) else None


def _staged(view: View, at: int) -> int:
    """Behind the words of stage that begin at a place."""
    while match := STAGE.match(view.text, at) or _GLUE.match(view.text, at):
        at = match.end()
    return at


def _unknown(view: View, at: int) -> Disease | None:
    if kind := _KIND_OF.match(view.text, at):
        at = kind.end()
    stop = _STOP.search(view.text, _staged(view, at) + 1)
    end = stop.start() if stop else len(view.text)
    stages, markers, head = _peel(view, at, end, end)
    name = _written_out(view, view.told(head, end))
    if len(name) < 3 or len(name) > 90 or _NO_DISEASE.match(name) or view.mentions(at, end, "agent"):
        return None
    return Disease(name, (head, head + len(view.text[head:end].rstrip(" ,;:."))), at, stages, markers, end)
