"""Short standard names of endpoints, and who assessed them, where a title or description plainly says so."""

from __future__ import annotations

import re
from functools import lru_cache

from kg_build import terms

SHORT = {
    "progression-free survival": "PFS",
    "progression free survival": "PFS",
    "overall survival": "OS",
    "objective response rate": "ORR",
    "overall response rate": "ORR",
    "objective response": "ORR",
    "disease-free survival": "DFS",
    "disease free survival": "DFS",
    "invasive disease-free survival": "IDFS",
    "event-free survival": "EFS",
    "event free survival": "EFS",
    "relapse-free survival": "RFS",
    "recurrence-free survival": "RFS",
    "distant metastasis-free survival": "DMFS",
    "metastasis-free survival": "MFS",
    "duration of response": "DOR",
    "disease control rate": "DCR",
    "clinical benefit rate": "CBR",
    "time to progression": "TTP",
    "time to response": "TTR",
    "pathologic complete response": "pCR",
    "pathological complete response": "pCR",
}
"""Folded name -> short form; a title counts only when nothing but an abbreviation or an assessor follows."""

_TAIL = re.compile(
    r"(?: rate)?(?: ?\([a-z0-9/ -]{1,12}\))*"
    r"(?:,? (?:as )?(?:(?:assessed|determined|evaluated|measured|defined|based|according|in accordance)"
    r" (?:by|on|per|to|with|using)|per|by|using) .*)?"
)
_SUBGROUP = re.compile(
    r"\b(?:in|among|for) (?:the )?(?:participants|patients|subjects|subgroup|population)|\bat (?:week|month|year|\d)|subgroup|expression"
)

_ASSESSORS = (
    ("BICR", r"blinded independent central (?:radiolog\w+ )?review|\bBICR\b"),
    (
        "independent review",
        r"\bIR[CF]\b|\bIRRC\b|\bICR\b|independent (?:central |radiolog\w+ |data |endpoint )*review|independent(?:ly)? radiologist|"
        r"independent adjudication",
    ),
    (
        "investigator",
        r"(?:\bby|\bper|according to|based on) (?:the |local |site )*investigator|"
        r"investigator(?:'s|’s|s')?[ -]assess|investigator(?:'s|’s) review",
    ),
)
"""Who assessed -> how titles and descriptions say it."""
_ASSESSED = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _ASSESSORS)


@lru_cache(maxsize=4096)
def short(title: str) -> str | None:
    """The short standard name of an endpoint whose title is plainly that endpoint, else None.

    >>> short("Progression-Free Survival (PFS) as Assessed by the Investigator")
    'PFS'
    >>> short("Progression-Free Survival in Participants With High Expression") is None
    True
    """
    text = terms.fold(title)
    for name in sorted(SHORT, key=len, reverse=True):
        if text.startswith(name):
            tail = text[len(name) :]
            return SHORT[name] if _TAIL.fullmatch(tail) and not _SUBGROUP.search(tail) else None
    return None


def assessor(title: str | None, description: str | None) -> str | None:
    """Who assessed an endpoint: the one that the title names, else the one that the description names; several are None."""
    for text in (title, description):
        found = [name for name, pattern in _ASSESSED if text and pattern.search(text)]
        if "BICR" in found:
            found = [name for name in found if name != "independent review"]
        if found:
            return found[0] if len(found) == 1 else None
    return None
