"""Stage 2c: studies, told by their registry ids and by the shape of their names beside the word "trial" or "study"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.series import NAMED, NUMBERED, OPENING
from kg_build.reading.tables import occurrences

REGISTRY = lazy(
    r"\b(?:NCT\s?\d{8}|ChiCTR[A-Z0-9-]{6,16}|ISRCTN\s?\d{8}|JapicCTI-?\d{6}|jRCTs?\d{8,10}|UMIN(?:-CTR)?\s?(?:C?0\d{8})|CTR20\d{6}"
    r"|ACTRN\d{14}|CTRI/\d{4}/\d\d/\d{6}"
    r"|KCT\d{7}|DRKS\d{8}"
    r"|NTR\d{3,4}\b|(?<=identifier:\s)0\d{7}\b|(?<=identifier\s)0\d{7}\b"
    r"|(?:EudraCT|EU ?CT)[\s:]{0,2}(?:number\s)?\d{4}-\d{6}-\d\d(?:-\d\d)?|20\d\d-\d{6}-\d\d(?:-\d\d)?)"
)

# a token with a capital after its first character, or a capital and a digit; optionally a blank and a number
_NAME = (
    r"(?<![\w./@-])(?!\w{2,20}-based\b|I{1,3}V?[ab]?(?:/I{1,3}V?[ab]?)?\s)(?P<name>(?:[A-Z](?=[A-Za-z0-9-]{0,24}[A-Z0-9])"
    r"|[a-z](?=[a-z]{0,12}[A-Z]))(?:[A-Za-z0-9]{1,24}|(?=-[A-Z]{3}))(?:[-‐‑/–][A-Za-z0-9]{1,20}){0,4}"
    r"(?:[^\S\n](?:(?!PD-|HER-|IL-|CTLA-)[A-Z]{1,12}(?:\d\d)?-\d{1,4}|\d\d-\d\d|\d{1,4}[A-Z]{0,2}(?![\d.,]*\s?(?:%|patients|months|years|mg))))?)(?![\w-]|\s?%)"
)
_ADJECTIVE = (
    r"(?:[Pp]hase|[1-4][ab]?(?:/[1-4][ab]?)?|I{1,3}V?[ab]?(?:/I{1,3}[ab]?)?|IV|clinical|randomi[sz]ed|double-blind"
    r"|open-label|pivotal|registrational"
    r"|confirmatory|real-world|bridging|single-arm|multicent(?:er|re)|multicohort|global|international|multinational"
    r"|extension|observational|basket"
    r"|platform|umbrella|prospective|retrospective|controlled|placebo-controlled|ongoing|landmark|registration"
    r"|supporting|supportive|master|protocol|,)"
)
_STUDY = r"(?:trials?|stud(?:y|ies)|Trial|Study)\b"
_NAMES_OTHER = r"[A-Z]{4,}|[A-Z][a-z]+[A-Z]{2}"
_PATTERNS = tuple(
    lazy(pattern)
    for pattern in (
        rf"{_NAME}(?:\s?\([^()]{{1,40}}\))?(?:[\s,]{{1,2}}{_ADJECTIVE}){{0,7}}\s{_STUDY}",
        rf"{_NAME}(?:\s(?:trial|study))?,?\s?[\[(;]\s?(?:[^()\[\]]{{0,60}}[;,:]?\s?)?(?:NCT\s?\d{{8}}|ChiCTR|jRCT|ISRCTN|EudraCT|CTR20\d)",
        r"[;(.]\s?(?:[Ff]unded\sby\s[^.;()]{2,120}[;.,]\s)?(?P<name>[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*(?:[-‐‑–][A-Za-z0-9]{1,16}){0,3}"
        r"(?:\s[A-Z0-9][A-Z0-9-]{0,12}){0,2})\s(?:ClinicalTrials\.gov|EudraCT|ISRCTN|UMIN|jRCT|ANZCTR|Netherlands\sTrial|EU\sClinical\sTrials)\b",
        rf"{_STUDY}(?:,?\s(?:named|called|known\sas|dubbed)(?:\s[“\"])?|,|:|\s\(|\s[\[“\"])?\s?(?:the\s)?{_NAME}(?=[\s,.;:)\]”\"]|$)",
        rf"{_NAME}(?:\s\([^()]{{1,40}}\))?,\s(?:an?|the)\s(?:[\w/:-]{{1,24}}[\s,]{{1,2}}){{0,12}}?{_STUDY}",
        rf"\bIn\s(?:the\s)?{_NAME}\s\([Nn]\s?=\s?\d",  # "In SOLARIS 1 (N = 341), ..."
        rf"{_NAME}\s(?:was|is)\san?\s(?:[\w/-]{{1,24}}[\s,]{{1,2}}){{0,12}}?{_STUDY}",
        # "ORBIT-7: a randomised phase 3 study", "... lung cancer (ORBIT): an open-label, phase 3 trial"
        rf"{_NAME}[)\]]?\s?:\s(?:(?!{_NAMES_OTHER})[\w/:–-]{{1,24}}[\s,]{{1,2}}){{0,12}}?{_STUDY}",
        rf"\b[Pp]hase\s(?:[1-4][ab]?|I{{1,3}}[ab]?)(?:/[1-3I]+)?,?\s(?=[A-Za-z]{{2,16}}[-\s]?[A-Za-z]{{0,12}}\d){_NAME}",
        rf"{_NAME}\s[\[(](?:[^()\[\]]{{0,40}}\s)?[Pp]hase\s(?:\d|I)",
        rf"{_STUDY}[^.;()]{{0,60}}\s[\[(](?:the\s)?(?=[A-Z]{{4,16}}[-\s]?\d{{0,3}}[\])]|[A-Za-z]{{3,16}}[-\s]?\d{{1,3}}[\])]){_NAME}[\])]",
        rf"(?=[A-Z][A-Za-z-]{{2,16}}[-\s]?\d){_NAME}\s(?:tests?|tested|randomly|enrolled|randomi[sz]ed|compared?s?|evaluated|missed\sits|met\s(?:its|the)|recruited"
        rf"|failed\sto|did\snot\smeet|hit\sits|pitted|assessed|investigated|is\s(?:testing|comparing|evaluating|enrolling))\b",
        r"(?<![\w./@-])(?P<name>[A-Z]{5,16})\s(?:compared|randomi[sz]ed|enrolled|pitted|recruited|assigned|met\sits|(?:evaluated|tested|assessed|investigated|included)\s(?=\d|[a-z]))",
        rf"\[[\w-]{{3,20}}\s{_NAME}\]",
        rf"\b(?:[Rr]esults?|[Dd]ata|[Ff]indings|[Aa]nalys[ei]s|[Uu]pdates?|[Rr]eadout|[Ff]ollow-up|[Oo]utcomes)\s(?:from|of|in)\s(?:the\s)?"
        rf"(?=[A-Za-z]{{2,16}}[-\s]?[A-Za-z]{{0,12}}\d|[A-Z]{{3,16}}-[A-Z]{{3}}){_NAME}",
        r"(?<![\w./@-])(?P<name>[A-Z]{5,16}-[A-Z]?\d{1,3}[A-Z]?|(?<=\()[A-Z]{4}-\d{1,3}(?=\)))(?![\w-])",
        r"(?<![\w./@-])(?=[A-Za-z]{6})(?P<name>[A-Z][A-Za-z]{1,12}[A-Z][A-Za-z]{0,8}-\d{1,3}[A-Z]?)(?![\w-]|[.,]\d)",
        rf"(?<![\w./@-])(?P<name>(?:{OPENING})\s[A-Z][A-Za-z]{{1,8}}(?:-\d{{1,2}})?)(?![\w-])",
        rf"\b(?:from|on|called|named|dubbed)\s(?=[A-Z]{{4,16}}-[A-Z]{{1,12}}\b){_NAME}(?=[,:;.]\s)",
        rf"\b[IF](?:n|rom)\s(?:the\s)?(?=[A-Za-z]{{2,16}}[-\s]?[A-Za-z]{{0,12}}\d|[A-Z]{{3,16}}-[A-Z]{{1,16}}[\d,\s]|[A-Z]{{6,16}},){_NAME},\s"
        r"(?=\d|the\s|a\s|median|mean|patients|participants|adults|treatment|adding|\w+(?:mab|nib|lib|tide|limus|stat|parib|ciclib|degrant|lutamide|leucel|rafenib|xaban|gliptin|flozin|tecan|vedotin|strant|rasib|lisib|toclax|tamide|terone|platin|taxel|fusp|mafodotin|sertib|sidenib)\b|people|adults|women|men\b)",
        rf"(?=[A-Za-z]{{2,16}}[-\s]?[A-Za-z]{{0,12}}\d|[A-Z]{{3,16}}-[A-Z]){_NAME},?\s(?:in\swhich|where\s|which\s(?:enrolled|randomi|compared|tested|evaluated|pitted))",
    )
)
_NAME_START = lazy(r"(?<![\w./@-])(?:[A-Z](?=[A-Za-z0-9-]{0,24}[A-Z0-9])|[a-z](?=[a-z]{0,12}[A-Z]))")
_NAME_FIRST = frozenset(pattern for pattern in _PATTERNS if pattern.pattern.startswith((_NAME, "(?=[A-Z")))
_PLAIN_NAME = _NAME.replace("?P<name>", "?:")
_LISTED = lazy(
    rf"{_PLAIN_NAME}(?:\s?\([^()]{{1,40}}\))?(?:(?:,\s(?:and\s)?|\sand\s|\s?[&/]\s?|\sor\s)(?:the\s)?{_PLAIN_NAME}(?:\s?\([^()]{{1,40}}\))?){{1,8}}"
    rf"(?:(?:[\s,]{{1,2}}{_ADJECTIVE}){{0,4}}|,?\s(?:were|are)\s(?:[\w():-]{{1,24}}[\s,]{{1,2}}){{1,12}}?)\s?(?:trials|studies)\b"
)
_LISTED_BEHIND = lazy(
    rf"\b(?:trials|studies)\b[^.;()]{{0,60}}?[,(:]\s?(?:the\s)?(?=[A-Z]{{3}}){_PLAIN_NAME}(?:(?:,\s(?:and\s)?|\sand\s)(?:the\s)?(?=[A-Z]{{3}}){_PLAIN_NAME}){{1,5}}"
)
"""Studies named behind the word: "in two phase 3 trials, ORBIT 1 and ORBIT 2"."""
_ONE_NAME = lazy(_NAME)
_NUMBER = lazy(r"[-\s]?\d{1,4}[A-Z]?$")
_TITLE = lazy(
    rf"\A[^\n]{{0,320}}\b(?:[Tt]rial|[Ss]tudy|[Rr]andomi[sz]ed)\b[^\n]{{0,240}}\((?=[A-Z]{{4,16}}(?:[-\s]?\d{{1,3}}|-[A-Z]{{2,8}})?\)|[A-Z]{{2,10}}[-\s](?:[A-Z]{{1,4}}-?)?\d{{2,4}}(?:-\d{{1,3}})?\)){_NAME}\)[.:]?(?:$|\s?:)",
    re.MULTILINE,
)
"""The study's name in the bracket at the end of a title."""
_GLUED = lazy(
    r"(?<![\w-])(?P<name>(?:[A-Z](?=[A-Za-z0-9-]{0,24}[A-Z0-9])|[a-z](?=[a-z]{0,12}[A-Z]))"
    r"[A-Za-z0-9]{0,24}?(?:-[A-Za-z0-9]{1,20}?){0,4})(?:trial|study)\b"
)
_NUMBERED = lazy(
    r"(?P<name>\b(?:Study|Trial)\s(?:[A-Z]{1,4}-?)?\d{1,6}[A-Z]?\b(?!-[A-Z]?\d)|\b(?:Study|Trial)\s\d{1,6}(?:-[A-Z]?\d{1,5}[A-Z]?){1,3}"
    r"|(?:(?<=\bStudy\s)|(?<=\bTrial\s))[A-Z]{1,4}-?\d{1,6}(?:-[A-Z]?\d{1,5}[A-Z]?){1,3})\b"
)
"""A study called by its number, or by the code of a sponsor, which is its name without the word study."""
_NOT_NAMES = lazy(
    r"(?:[A-Z][a-z]+-(?:label|arm|world|blind|line)|FDA\S*|NCT\d+|PD-?L?1\S*|HER2\S*|EGFR\S*|BRCA\S*|[A-Z]{1,3}"
    r"|I{1,3}V?|US\S*|EU\S*|UK\S*|NSCLC|mRNA|DNA"
    r"|I{1,3}V?[ab]?/I{1,3}V?[ab]?|[a-z]{1,2}[A-Z]{1,2}|[a-z]{1,2}[A-Z][a-z0-9]{0,3}|\S*-(?:positive|negative|mutant|mutated|based|directed|treated|controlled|approved"
    r"|sponsored)|(?:CTLA|TROP|NECTIN|CLAUDIN|CLDN|FOLR|CEACAM|SARS|COVID|VEGFR?|FGFR|GLUT|MAGE|CYFRA|SSTR|GPRC|CASPASE|INTERLEUKIN|ADAM|SLAMF)-?\d[-\w.]*|(?:[A-Z][a-z]+-)+(?:to-)?[A-Z][a-z]+|CDK4/6|LBA\d+|(?:P|GS|PS|PD|OT|RF|TPS|CT|LB|OA|MA|PL|SS)\d{0,4}-\d{1,3}(?:-\d{1,3})?|PhD|MD|CAR-?T|OncLive|ClinicalTrials|EudraCT|PR|BACKGROUND|INTRODUCTION|RATIONALE|PURPOSE|OBJECTIVES?|AIMS?|IMPORTANCE|HYPOTHESIS|DESIGN|SETTING"
    r"|PATIENTS|PARTICIPANTS|METHODS?|MATERIALS|INTERVENTIONS?|EXPOSURES?|MEASURES|OUTCOMES?|ENDPOINTS?|RESULTS?|FINDINGS|SAFETY|EFFICACY"
    r"|CONCLUSIONS?|DISCUSSION|INTERPRETATION|FUNDING|REGISTRATION|TRIAL|STUDY|SUMMARY|ABSTRACT|NEWS|UPDATE|NOTE|TITLE|NEWSWIRE|WIRE|NEW|KEY|RELEASE)"
)


_HEAD = lazy(
    r"^(?:[•*▪-]\s)?(?P<name>[A-Z]{4,16}(?:-[A-Z0-9]{1,8}){0,2}(?:\s\d{1,3})?)(?:[.:]|\s[–—-])\s(?=[A-Z][a-z]|The\s|In\s)", re.MULTILINE
)
"""A study's name at the head of a paragraph in a survey of several."""


def _heads(text: str) -> Iterator[re.Match[str]]:
    """Names at the heads of paragraphs, where more than one paragraph has one and its figures behind it."""
    found = [m for m in _HEAD.finditer(text) if _FIGURED.search(text, m.end(), m.end() + 400) and not _NOT_NAMES.fullmatch(m["name"])]
    yield from found if len(found) > 1 else ()


_FIGURED = lazy(r"\d\s?%|\bHR\b|hazard\sratio|\bpercent\b")
_APPOSED = lazy(
    rf"(?<![\w-])(?P<name>[A-Z]{{2,6}}-\d{{2,4}})(?:\s\([^()]{{1,40}}\))?,\s(?:an?|the)\s(?:[\w/:-]{{1,24}}[\s,]{{1,2}}){{0,8}}?{_STUDY}"
)
"""A code that is said to be a study, whatever a table holds it for."""


def _named(text: str) -> Iterator[Mention]:
    yield from _glued(text)
    for match in _matches(text):
        if not _NOT_NAMES.fullmatch(match["name"]):
            yield Mention(match.start("name"), match.end("name"), "trial", match["name"])
    for listed in (*_LISTED.finditer(text), *_LISTED_BEHIND.finditer(text)):
        for match in _ONE_NAME.finditer(text, *listed.span()):
            if not _NOT_NAMES.fullmatch(match["name"]) and text[match.start() - 1 : match.start()] != "(":
                yield Mention(match.start("name"), match.end("name"), "trial", match["name"])


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The matches of all patterns; those that begin with a name are tried only where one may begin."""
    names = [name for match in _NAME_START.finditer(text) if (name := _ONE_NAME.match(text, match.start()))]
    for pattern in _PATTERNS:
        if pattern in _NAME_FIRST:
            yield from filter(None, (pattern.match(text, name.start()) for name in names))
        else:
            yield from pattern.finditer(text)
    yield from _NUMBERED.finditer(text)
    yield from _heads(text)
    yield from (name for name in names if _well_known(name["name"]))
    if title := _TITLE.search(text):
        yield title


def _well_known(name: str) -> bool:
    """Whether a name is that of a study, or of one of a series, that the field knows."""
    stem = _NUMBER.sub("", name)
    return name in NAMED or (stem != name and sum(c.isupper() for c in stem) > 1 and stem.casefold() in NUMBERED)


def _glued(text: str) -> Iterator[Mention]:
    """A name that lost its blank before the word trial, as links in pages do."""
    for match in _GLUED.finditer(text):
        yield Mention(match.start("name"), match.end("name"), "trial", match["name"])


def registry_ids(text: str) -> Iterator[Mention]:
    """Registry ids of any register."""
    for match in REGISTRY.finditer(text):
        yield Mention(
            match.start(),
            match.end(),
            "registry",
            re.sub(r"^(?:EudraCT|EU ?CT)[\s:]{0,2}(?:number\s)?|^UMIN\s(?=C)|(?<=^NCT)\s", "", match[0]),
        )


_SERIAL = lazy(r"([A-Z][A-Za-z-]{3,20}?[\s-]?)\d{1,2}")


def _series(text: str, names: set[str]) -> set[str]:
    """The other studies of a series ("ORBIT 1" where the text names ORBIT 2)."""
    stems = {match[1] for name in names if (match := _SERIAL.fullmatch(name))}
    stems -= {"Study ", "Trial ", "Cohort ", "Part "}
    if not stems:
        return set()
    return set(re.findall(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(stems)))})[1-9]\d?(?![\w%-]|[.,]\d|\s(?:mg|months|%))", text))


def trial_names(text: str, taken: set[str]) -> Iterator[Mention]:
    """Every mention of a study's name; `taken` are printed forms that name something else (regulators, targets, abbreviations)."""
    sure = {match["name"] for match in _APPOSED.finditer(text)}
    names = sure | {m.name for m in _named(text) if m.name not in taken and not re.search(r"[A-Z0-9](?:trial|study)$", m.name)}
    names |= _series(text, names)
    glued = {m.name for m in _glued(text)} & names
    for start, end in occurrences(text, names):
        if start == 0 or text[start - 1] != "-":
            yield Mention(start, end, "trial", text[start:end])
    yield from (m for m in _glued(text) if m.name in glued)
