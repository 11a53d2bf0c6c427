"""Short standard names of endpoints, and who assessed them, where a title or description plainly says so."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg_build import terms

SHORT = {
    "progression-free survival": "PFS",
    "overall survival": "OS",
    "objective response rate": "ORR",
    "overall response rate": "ORR",
    "objective response": "ORR",
    "percentage of participants with objective response": "ORR",
    "percentage of participants with an objective response": "ORR",
    "disease-free survival": "DFS",
    "invasive disease-free survival": "IDFS",
    "event-free survival": "EFS",
    "relapse-free survival": "RFS",
    "recurrence-free survival": "RFS",
    "distant recurrence-free survival": "DRFS",
    "distant metastasis-free survival": "DMFS",
    "metastasis-free survival": "MFS",
    "duration of response": "DOR",
    "disease control rate": "DCR",
    "clinical benefit rate": "CBR",
    "time to progression": "TTP",
    "time to response": "TTR",
    "pathologic complete response": "pCR",
    "pathological complete response": "pCR",
    **{short: short for short in ("PFS", "OS", "ORR", "DFS", "IDFS", "EFS", "DOR", "DCR", "CBR")},
}
"""Name -> short form; a title counts only when it is the name, with at most what `_TITLE` allows around it."""

_NAMES = {terms.fold(name).replace("-", " "): short for name, short in SHORT.items()}
_SET = (
    r"(?:itt|mitt|fas|pas|intent(?:ion)?[ -]to[ -]treat|(?:primary|full|safety|efficacy) analysis|per[ -]protocol)"
    r"(?: (?:set|population))?(?: \((?:itt|mitt|fas|pas|pp)\))?"
)
_TITLE = re.compile(
    r"(?:(?:median|kaplan[ -]meier estimates? of|(?:investigator|bicr|irc|irf|independently)[ -]assessed|confirmed) )*"
    rf"(?P<name>{'|'.join(sorted(map(re.escape, _NAMES), key=len, reverse=True))})"
    r"(?: rate)?(?: ?\([a-z0-9/ -]{1,12}\))*(?: rate)?"
    r"(?: at (?P<at>(?:week|month|year) \d+|\d+[ -](?:week|month|year)s?))?"
    rf"(?: in (?:the )?(?P<set>{_SET}))?"
    r"(?:,? (?:as )?(?:(?:assessed|determined|evaluated|measured|defined|based|according|in accordance)"
    r" (?:by|on|per|to|with|using)|per|by|using) (?P<how>[^;]*))?"
)
_PART = re.compile(
    r"\b(?:in|among|for|by) (?:the )?(?:participants|patients|subjects|\w+ subgroup|pd.?l1|biomarker)|subgroup|expression|"
    r"\bat (?:week|month|year|\d)"
)


class Title(NamedTuple):
    """What a title plainly says: the endpoint's short name, the analysis set, the landmark."""

    endpoint: str | None = None
    population: str | None = None
    timepoint: str | None = None


@lru_cache(maxsize=4096)
def read_title(title: str) -> Title:
    """The endpoint, analysis set and landmark of a title that is plainly one endpoint, else nothing.

    >>> read_title("Progression-Free Survival (PFS) as Assessed by the Investigator").endpoint
    'PFS'
    >>> read_title("Overall Survival (OS) Rate at 12 Months in the ITT Population")
    Title(endpoint='OS', population='ITT Population', timepoint='12 Months')
    >>> read_title("Progression-Free Survival in Participants With High Expression")
    Title(endpoint=None, population=None, timepoint=None)
    """
    spaced = re.sub(r"(?<=\w)-(?=\w)", " ", title.strip().rstrip("."))
    match = _TITLE.fullmatch(spaced.lower())
    if not match or len(spaced.lower()) != len(spaced) or _PART.search(match["how"] or ""):
        return Title()
    at, population = (spaced[slice(*match.span(part))] or None for part in ("at", "set"))
    return Title(_NAMES[match["name"]], population, at)


def short(title: str) -> str | None:
    """The short standard name of an endpoint whose title is plainly that endpoint, else None."""
    return read_title(title).endpoint


_ASSESSORS = (
    ("BICR", r"blinded independent central (?:radiolog\w+ )?review|\bBICR\b"),
    (
        "independent review",
        r"\bIR[CF]\b|\bIRRC\b|\bICR\b|independent (?:central |radiolog\w+ |data |endpoint )*review|independent(?:ly)? radiologist|"
        r"independent adjudication",
    ),
    (
        "investigator",
        r"(?:\bby|\bper|\band|\bor|according to|based on) (?:the |local |site )*investigator|"
        r"investigator(?:'s|’s|s')?[ -]assess|investigator(?:'s|’s) review",
    ),
)
"""Who assessed -> how titles and descriptions say it."""
_HINT = re.compile(
    r"[Rr]eview|REVIEW|nvestigator|INVESTIGATOR|[Ii]ndependent|BICR|IR[CFR]|ICR"
)  # what every pattern needs, quick to look for
_ASSESSED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _ASSESSORS)


def assessor(title: str | None, description: str | None) -> str | None:
    """Who assessed an endpoint: the one that the title names, else the one that the description names; several are None."""
    for text in (title, description):
        if not text or not _HINT.search(text):
            continue
        found = [name for name, pattern in _ASSESSED if pattern.search(text)]
        if "BICR" in found:
            found = [name for name in found if name != "independent review"]
        if found:
            return found[0] if len(found) == 1 else None
    return None
