"""Stage 2e: what a text measures by its change ("change from baseline in X"), named by its own words, and every further place of it."""

from __future__ import annotations

from collections.abc import Iterator

from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.tables import occurrences

COMPOSITE = "composite"
"""The key of a composite that a sentence names by its role alone: the next one does not go on with it."""
CHANGE = "change"
"""The key of an endpoint that is measured by its change, and not as a share of patients."""
_CHANGE_IN = lazy(
    r"\b[Cc]hanges?\s(?:from\sbaseline\s(?:to\s[\w\s]{1,20}\s)?)?in\s(?:the\s|mean\s|median\s|total\s|daily\s){0,2}"
    r"(?P<what>[A-Za-z][\w-]*(?:[\s–-][A-Za-z][\w-]*){0,5}?)(?:\s\((?P<short>[A-Z][\w-]{1,11})\))?"
    r"(?=\s(?:from|at|to|was|were|by|over|after|between|with|for|in|among|of|during|on|and|as)\b|[,.;:(]|$)"
)
_NO_MEASURE = lazy(
    r"(?i:(?:treatment|therap|dos|practice|management|care|label|polic|safety|status|plan|use|guid|indication|regimen|design|leader|price|this|that|any"
    r"|medication|personnel|control|accounting|strateg|survival)\w*\b)"
)


_COMPOSITE = lazy(
    r"\bprimary\s(?:efficacy\s)?(?:outcome|end\s?point)(?:\smeasure)?(?:\sevent)?\s(?:was|is)\s(?:an?|the)\s(?:hierarchical\s)?composite\s(?:outcome\s)?of\s"
    r"(?:the\s|time\sto\s|first\s|total\s|\([^()]{1,40}\)\s){0,4}(?P<what>(?:[^.;:()]|\([^()]{1,120}\)(?=,|\s(?:or|and)\s)){8,240}?)(?=\s?[.;:]|\s?\((?![^()]{1,120}\)(?:,|\s(?:or|and)\s))|,?\sassessed|,?\sanaly[sz]ed)"
)
_PRIMARY = lazy(
    r"\b(?:primary\s(?:composite\s)?(?:efficacy\s)?(?:outcome|end\s?point)(?:\sevents?)?|primary(?:[-\s](?:outcome|end[-\s]?point))?\sevents?)"
    r"(?=\s(?:occurred|had\soccurred|was\sobserved|were\sobserved|in\s\d))"
)


def primary_composites(text: str) -> Iterator[Mention]:
    """The places where the primary outcome occurs, under what it is defined to be a composite of."""
    told = _COMPOSITE.search(text) if "omposite" in text else None
    for match in _PRIMARY.finditer(text, told.end()) if told else ():
        yield Mention(match.start(), match.end(), "endpoint", told["what"], COMPOSITE)  # type: ignore[index]


def changed_measures(text: str) -> Iterator[Mention]:
    """Every place of what the text says a change was measured of."""
    if "hange" not in text:
        return
    told: dict[str, str] = {}
    for match in _CHANGE_IN.finditer(text):
        if not _NO_MEASURE.match(match["what"]) and len(match["what"]) > 2:
            told[match["what"]] = match["what"]
            if match["short"]:
                told[match["short"]] = match["what"]
    for start, end in occurrences(text, told, ignore_case=True):
        yield Mention(start, end, "endpoint", told.get(text[start:end], text[start:end]), CHANGE)
