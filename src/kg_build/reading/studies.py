"""Stage 2c: studies, told by their registry ids and by the shape of their names beside the word "trial" or "study"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg_build.reading.mentions import Mention
from kg_build.reading.tables import occurrences

REGISTRY = re.compile(
    r"\b(?:NCT\s?\d{8}|ChiCTR[A-Z0-9-]{6,16}|ISRCTN\d{8}|JapicCTI-?\d{6}|jRCTs?\d{8,10}|UMIN\d{9}|CTR20\d{6}"
    r"|ACTRN\d{14}|CTRI/\d{4}/\d\d/\d{6}"
    r"|KCT\d{7}|DRKS\d{8}|(?:EudraCT|EU ?CT)[\s:]{0,2}(?:number\s)?\d{4}-\d{6}-\d\d(?:-\d\d)?|20\d\d-\d{6}-\d\d(?:-\d\d)?)"
)

# a token with a capital after its first character, or a capital and a digit; optionally a blank and a number
_NAME = (
    r"(?<![\w./@-])(?!\w{2,20}-based\b)(?P<name>(?:[A-Z](?=[A-Za-z0-9-]{0,24}[A-Z0-9])"
    r"|[a-z](?=[a-z]{0,12}[A-Z]))(?:[A-Za-z0-9]{1,24}|(?=-[A-Z]{3}))(?:[-‐‑/–][A-Za-z0-9]{1,20}){0,4}"
    r"(?:\s(?:[A-Z]{3,12}-\d{1,4}|\d{1,4}[A-Z]{0,2}(?![\d.,]*\s?(?:%|patients|months|years|mg))))?)(?![\w-]|\s?%)"
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
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME}(?:\s?\([^()]{{1,40}}\))?(?:[\s,]{{1,2}}{_ADJECTIVE}){{0,7}}\s{_STUDY}",
        rf"{_NAME}(?:\s(?:trial|study))?,?\s?[\[(;]\s?(?:[^()\[\]]{{0,60}}[;,:]?\s?)?(?:NCT\s?\d{{8}}|ChiCTR|jRCT|ISRCTN|EudraCT|CTR20\d)",
        rf"{_STUDY}(?:,|:|\s\(|\s[\[“\"]|\s(?:named|called|known\sas|dubbed))?\s?(?:the\s)?{_NAME}(?=[\s,.;:)\]”\"]|$)",
        rf"{_NAME}(?:\s\([^()]{{1,40}}\))?,\s(?:an?|the)\s(?:[\w/:-]{{1,24}}[\s,]{{1,2}}){{0,12}}?{_STUDY}",
        rf"\bIn\s(?:the\s)?{_NAME}\s\([Nn]\s?=\s?\d",  # "In SOLARIS 1 (N = 341), ..."
        rf"{_NAME}\s(?:was|is)\san?\s(?:[\w/-]{{1,24}}[\s,]{{1,2}}){{0,12}}?{_STUDY}",
    )
)
_LISTED = re.compile(
    rf"{_NAME.replace('<name>', '<first>')}(?:,\s(?:{_NAME.replace('?P<name>', '?:')},?\s)?)?\s?and\s(?:the\s)?{_NAME}"
    rf"(?:\s?\([^()]{{1,40}}\))?\s(?:trials|studies)\b"
)
_GLUED = re.compile(
    r"(?<![\w-])(?P<name>(?:[A-Z](?=[A-Za-z0-9-]{0,24}[A-Z0-9])|[a-z](?=[a-z]{0,12}[A-Z]))"
    r"[A-Za-z0-9]{0,24}?(?:-[A-Za-z0-9]{1,20}?){0,4})(?:trial|study)\b"
)
_NUMBERED = re.compile(r"\b(?P<name>(?:Study|Trial)\s(?:[A-Z]{1,4}-?)?\d{1,6}[A-Z]?)\b")
_NOT_NAMES = re.compile(
    r"(?:[A-Z][a-z]+-(?:label|arm|world|blind|line)|FDA\S*|NCT\d+|PD-?L?1\S*|HER2\S*|EGFR\S*|BRCA\S*|[A-Z]{1,3}"
    r"|I{1,3}V?|US\S*|EU\S*|UK\S*|NSCLC|mRNA|DNA"
    r"|[a-z]{1,2}[A-Z]{1,2}|[a-z]{1,2}[A-Z][a-z0-9]{0,3}|\S*-(?:positive|negative|mutant|mutated|based|directed|treated|controlled|approved"
    r"|sponsored)|PhD|MD|CAR-?T|OncLive|PR)"
)


def _named(text: str) -> Iterator[Mention]:
    yield from _glued(text)
    for pattern in (*_PATTERNS, _NUMBERED, _LISTED):
        for match in pattern.finditer(text):
            for group in ("name", "first"):
                if group in match.re.groupindex and not _NOT_NAMES.fullmatch(match[group]):
                    yield Mention(match.start(group), match.end(group), "trial", match[group])


def _glued(text: str) -> Iterator[Mention]:
    """A name that lost its blank before the word trial, as links in pages do."""
    for match in _GLUED.finditer(text):
        yield Mention(match.start("name"), match.end("name"), "trial", match["name"])


def registry_ids(text: str) -> Iterator[Mention]:
    """Registry ids of any register."""
    for match in REGISTRY.finditer(text):
        yield Mention(match.start(), match.end(), "registry", re.sub(r"^(NCT)\s", r"\1", match[0]))


def trial_names(text: str, taken: set[str]) -> Iterator[Mention]:
    """Every mention of a study's name; `taken` are printed forms that name something else (regulators, targets, abbreviations)."""
    names = {m.name for m in _named(text) if m.name not in taken and not re.search(r"[A-Z0-9](?:trial|study)$", m.name)}
    glued = {m.name for m in _glued(text)} & names
    for start, end in occurrences(text, names):
        if start == 0 or text[start - 1] != "-":
            yield Mention(start, end, "trial", text[start:end])
    yield from (m for m in _glued(text) if m.name in glued)
