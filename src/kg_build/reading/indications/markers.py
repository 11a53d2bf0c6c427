"""Biomarkers: the words for them before and behind a disease, each written out on its own."""

from __future__ import annotations

import re

from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

_STATE = (
    r"(?:positive|negative|mutated|mutant|amplified|expressing|overexpressing|over-expressing|high|low|ultra-?low|deficient|rearranged"
    r"|overexpressed|altered|driven|null"
    r"|wild[- ]type|proficient|stable|unmethylated|methylated|fusion|deleted|translocated|associated)"
)
_ADDED = r"(?:mutations?|expression|fusions?|gene\sfusions?|alterations?|rearrangements?|amplifications?)"
BEFORE = lazy(
    r"(?!(?:castration?e?|hormone|germ|triple|node|lymph\snode)[-\s](?:resistant|sensitive|cell|negative|positive))"
    rf"(?:(?:[\w+./*:‐-]{{1,24}}\s){{0,9}}?[A-Za-z0-9αβ+./*:-]{{1,24}}[-\s‐‑–]{_STATE}(?:[-/\s]{_STATE})?"
    r"(?:\sgene[- ](?:positive|negative))?(?=[\s,/]))"
    r"|(?:MSI-H|dMMR|TMB-H|pMMR|MSS|HRD|gBRCAm?|BRCAm|EGFRm|Ph\+|FLT3-ITD\+?"
    r"|[A-Z][A-Za-z0-9]{1,7}(?:\+|[−–-](?!\s(?:and|or)\b|,\s\w+-))(?=[/\s,]))(?:/[A-Z][A-Za-z0-9-]{1,7}[+−–-]?)?(?=[\s,/])"
    rf"|[A-Z][A-Z0-9-]{{1,8}}\s(?:[A-Z]\d{{2,4}}[A-Z]?(?:/[A-Z])?|exons?\s\d+(?:\s(?:skipping|insertions?|deletions?))?"
    rf"|{_ADDED})(?:[\s-]{_ADDED})?(?=\s)"
)
_NOT_MARKER = lazy(
    r"(?:^|\s)(?:with|in|into|on|its|for|of|by|from|to|as|who|has|have|is|are|was|after|during|patients|adults|treatment|at|risk"
    r"|previously|untreated"
    r"|unresectable|metastatic|advanced|recurrent|relapsed|refractory|stage|guidelines?|recommend\w*)[\s,]",
    re.IGNORECASE,
)
_WORD = (
    r"(?:mutations?|expression|(?:co-?)?amplifications?|fusions?|rearrangements?|deletions?|alterations?|insertions?|wild[- ]type"
    r"|over-?expression|aberrations?|substitutions?|variants?"
    r"|skipping|translocations?|instability(?:[- ]high)?|(?:repair[- ])?(?:deficien(?:t|cy))|instability|methylation|inactivation|loss"
    r"|polymorphism)"
)
TELLS = lazy(
    rf"\b(?:{_WORD}|(?:positive|negative|mutated|mutant|amplified|rearranged)|MSI-H|dMMR|TMB-H|pMMR|HRD|Ph\+|express(?:es|ing)?"
    rf"|over-?express(?:es|ing)?"
    r"|(?:TPS|CPS|TMB|Ki-67|H-score|IHC|IPSS)\b)",
)
_LEAD = lazy(
    r"^(?:[\s,]|(?:and|or|but|also|for|in|who|whose|that|which|with|without(?=\sany|\sknown|\san?\s)|tumou?rs?|diseases?|cancers?"
    r"|malignanc(?:y"
    r"|ies)|leuka?emia|have|has|had|having|are|is|was|were|be|carr(?:y|ies|ying)|harbou?r(?:s|ed|ing)?"
    r"|test(?:s|ed)?|show(?:s|n|ing)?|positive\sfor(?:\san?)?|found\sto|confirmed\sto|known\sto|associated|exhibit(?:s|ing)?|contain(?:s"
    r"|ing)?|bear(?:s|ing)?|demonstrat(?:e|es|ed|ing)|presence\sof|an?|the|any|either|documented|confirmed|presenting|express(?:es"
    r"|ing)?(?=\s(?:high|low|[A-Z])))\b)*",
    re.IGNORECASE,
)
_TRAIL = lazy(
    r"(?:[\s,]|\b(?:and|or|in\stheir\stumou?rs?|status|as|by|in\sadults|in\spatients|disease|tumou?rs?|,))+$|,?\s(?:as\s)?(?:detected"
    r"|determined|identified|confirmed|assessed|defined)\b.*$"
)
_NEGATED = lazy(r"^(?:no(?:\sknown)?|not|without|absence\sof|lack(?:s|ing)?)\s(?:have\s|an?\s|any\s|known\s)?", re.IGNORECASE)
_OF_PHRASE = lazy(r"^mutations?\s(?:leading|that\s(?:leads?|results?)|resulting)\s(?:to|in)\s(?:an?\s)?")
_GENE = r"(?:[A-Z][A-Za-z0-9]{0,3}[A-Z0-9][A-Za-z0-9]{0,5}(?:-[A-Z0-9]{1,3})?(?:\s(?:[A-Z]\d{2,4}[A-Z]?|exon\s\d+))?)"
_LIST = lazy(
    rf"^(?P<lead>(?:[a-z][\w-]{{2,20}}\s){{0,3}})(?P<items>{_GENE}(?:,\s{_GENE}){{0,5}},?\s(?:or|and"
    rf"|and/or)\s{_GENE})\s(?P<head>(?:[\w-]{{2,20}}\s){{0,3}}{_WORD}|(?:positive|negative|mutated|mutant))$"
)
_HALVES = lazy(r",?\s(?:and/or|and|or)\s(?:either\s)?|,\s|(?<=[a-z+-])/(?=[A-Z])")
_WHOLE = lazy(rf"(?:{_WORD}|[-\s]{_STATE}|MSI-H|dMMR|TMB-H|pMMR|[A-Z][A-Za-z0-9]{{1,7}}[+−–-]|(?:≥|>|<)\s?\d+\s?%?\)?)$")
_SCORE = lazy(r"[≥>≤<%]|\b(?:CPS|TPS|IHC|ISH|TC|IC|score)\b")
_SYMBOL = lazy(r"(?!MSI|dMMR|pMMR|MSS|TMB|HRD)[A-Za-z][A-Za-z0-9α-ω-]{1,8}")
_ENDS_IN_SYMBOL = lazy(r"\s[A-Z][A-Z]+\d*$")
_SPELT_OUT = lazy(r"\breceptor$")
_JOINT = lazy(r"\b(?:or|and)\s|,\s")
_QUALIFIERS = lazy(
    r"(?:[\s,]|\b(?:no|not|or|and|an?|the|any|either|known|high|low|activating|sensiti[sz]ing|susceptible|deleterious|suspected|germline"
    r"|somatic|pathogenic|actionable|oncogenic|specific|common|uncommon|tumou?r)\b)*",
    re.IGNORECASE,
)
_VARIANT = lazy(r"[A-Z]\d{2,4}[A-Z]{1,3}(?:/[A-Z]\d*[A-Z]?)?")


def marker_at(view: View, at: int, end: int) -> re.Match[str] | None:
    """The marker that begins at a position before a disease."""
    match = BEFORE.match(view.text, at, end)
    return match if match and not _NOT_MARKER.search(match[0]) else None


def in_clause(view: View, start: int, end: int) -> tuple[list[str], int, int] | None:
    """Markers told in a clause such as "whose tumors express PD-L1": (their names, start, end)."""
    told = list(TELLS.finditer(view.text, start, end))
    if not told:
        return None
    lead = _LEAD.match(view.text[start:end])
    low = start + (lead.end() if lead else 0)
    high = _end(view, told[-1], end)
    names = written_out(view, low, high) if high > low else []
    return (names, low, high) if names else None


def _end(view: View, tells: re.Match[str], end: int) -> int:
    """End of the marker's words: behind the last telling word, or behind what is expressed or scored."""
    if re.match(r"express|over-?express|positive$|negative$", tells[0]) or tells[0].isupper():
        rest = re.compile(
            r"(?:\s(?:for|of|score|status|receptor|protein|on|at|in|tumou?r|cells|least|high|levels?|[A-Z][\w./-]{1,14}|or|and"
            r"|[≥>]?\s?\d+\s?%?)(?=[\s,;.]|$)){0,8}"
        ).match(view.text, tells.end(), end)
        return rest.end() if rest else tells.end()
    rest = re.compile(
        r"(?:\s(?:on|of|in|at)\s(?:at\sleast\s)?(?:≥\s?|>\s?)?\d+\s?%(?:\s(?:or\smore|or\sgreater))?(?:\sof\s(?:tumou?r\s)?cells)?"
        r"|\s?(?:≥|>)\s?\d+\s?%?|\sscore\s[≥>]?\s?\d+\s?%?)"
    ).match(view.text, tells.end(), end)
    return rest.end() if rest else tells.end()


def written_out(view: View, start: int, end: int) -> list[str]:
    """The markers told within [start, end), one by one: "no EGFR or ALK aberrations" are two."""
    words = _TRAIL.sub("", _printed(view, start, end)).strip(" ,;")
    words = re.sub(r"^(?:either|an?|the|any|have|has)\s", "", words)
    if not words or len(words) > 160:
        return []
    words = re.sub(r"^neither\s(.+?)\snor\s", r"no \1 or ", words)
    negated = _NEGATED.match(words)
    words = _OF_PHRASE.sub("", words[negated.end() :] if negated else words)
    names = _items(words)
    return [f"no {name}" if negated and not name.startswith("no ") else name for name in names]


def _items(words: str) -> list[str]:
    listed = _LIST.match(words)
    if listed:
        genes = re.split(r",?\s(?:and/or|and|or)\s|,\s", listed["items"])
        return [f"{listed['lead']}{gene} {listed['head']}" for gene in genes]
    halves = [half.strip() for half in _HALVES.split(words)]
    state = re.search(rf"-{_STATE}$", words)
    halves = [half[:-1] + state[0] if state and half.endswith("-") else half for half in halves]
    if len(halves) < 2 or not all(_WHOLE.search(half) for half in halves) or any(re.match(r"other\b", half) for half in halves):
        return [words]
    gene = re.match(r"(?:[a-z]+\s)?(?P<gene>[A-Z][A-Za-z0-9]{1,7})\s", halves[0])
    return [f"{gene['gene']} {half}" if gene and re.match(r"exon\s\d", half) else _NEGATED.sub("", half) for half in halves]


def _printed(view: View, start: int, end: int) -> str:
    """The words with those asides that say more: scores and variants; long names give way to the short form printed behind them."""
    told, last = "", start
    for at in sorted(a for a in view.asides if start < a <= end):
        aside, part = view.asides[at], view.text[last:at]
        last = at
        if _SCORE.search(aside):
            told += f"{part} {aside}" if re.match(r"[≥>≤<]", aside) else f"{part} ({aside})"
        elif _VARIANT.fullmatch(aside):
            told += f"{part} {aside}"
        else:
            told += _shortened(view, part, aside) if at < end and _SYMBOL.fullmatch(aside) else part
    return " ".join((told + view.text[last:end]).split())


def _shortened(view: View, part: str, aside: str) -> str:
    """A molecule's long name as its short form: "no anaplastic lymphoma kinase" (ALK) -> "no ALK"."""
    if not (_ENDS_IN_SYMBOL.search(part) or view.reading.lexicon.targets.find(aside) or any(c.isdigit() for c in aside)):
        return part if _SPELT_OUT.search(part) else _named_short(part, aside)
    return _named_short(part, part.split()[-1] if _ENDS_IN_SYMBOL.search(part) else aside)


def _named_short(part: str, symbol: str) -> str:
    """The words with the last name in them, whatever qualifies it left in place, told by a symbol."""
    joints = [m.end() for m in _JOINT.finditer(part)]
    head, name = part[: joints[-1]] if joints else "", part[joints[-1] :] if joints else part
    lead = _QUALIFIERS.match(name)
    return head + (lead[0] if lead else "") + symbol
