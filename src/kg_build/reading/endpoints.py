"""Stage 2d: endpoints: those of the table, those told by form ("time to ...", "...-free survival") and the text's own abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg_build.reading.mentions import Mention
from kg_build.reading.tables import occurrences

_FORMS = re.compile(
    r"\b(?:(?:(?:[a-z]+\s)?(?:invasive|distant)\s)?[A-Za-z]+[-‐‑\s]free\ssurvival(?:\s2)?"
    r"|risk\sof\s(?:(?:disease\s)?progression\sor\s)?death(?!\sfrom\s[b-z])|overall\ssurvival"
    r"|(?<!free\s)(?<!-)survival(?=\srate|\swas|\sof\s\d)"
    r"|time\s(?:from\s[a-z]+\s)?to\s(?:(?:next|first|second|symptom|definitive|treatment|disease|tumou?r|clinical"
    r"|therapy|subsequent|objective|confirmed|the|or)[\s-]){0,3}"
    r"(?:progression|response|treatment|therapy|deterioration|death|failure|discontinuation|improvement|metastasis|event|relapse|onset)"
    r"|duration\sof\s(?:overall\s|objective\s|complete\s|clinical\s)?(?:response|remission|treatment|exposure|benefit"
    r"|therapy|disease\scontrol)"
    r"|(?:treatment|response)\sduration|duration\sof\sresponses?"
    r"|(?:confirmed\s|best\s)?(?:overall|objective|complete|partial|stringent\scomplete|very\sgood\spartial"
    r"|pathologic(?:al)?\scomplete|major\spathologic(?:al)?|intracranial(?:\sobjective)?"
    r"|hematologic(?:al)?|molecular|major\smolecular|cytogenetic|metabolic|clinical)\s(?:tumou?r\s)?(?:response|remission)s?(?:\srates?)?"
    r"|(?:disease[\s-]control|clinical[\s-]benefit|minimal\sresidual\sdisease(?:[\s-]negativ\w+)?"
    r"|MRD[\s-]negativ\w+)(?:\srates?)?|response\srates?|stable\sdisease"
    r"|(?<!\w)(?:PFS2?|rPFS|iPFS|OS|ORR|cORR|DOR|DoR|EFS|DFS|iDFS|IDFS|RFS|MFS|DMFS|DRFS|LRFS|TTP|TTNT|TNNT|TTR|TTD"
    r"|TTF|DCR|CBR|pCR|mPR|MPR|VGPR|sCR|CRR|MMR|BOR|BCR)(?=s?(?!\w)))"
    r"|(?<![\w-])(?:CR|PR|SD|MRD)(?=\srates?\b|\s(?:was|of|in)\b|,?\s\d)",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?:[A-Za-z]?[A-Z]{1,5}o?[A-Z]\d?|[a-z]?[A-Z]{2,4})")
_TELLING = re.compile(r"surviv|respon|time to|duration|remission|progression|relapse|rate|control|benefit", re.IGNORECASE)
_SHORT = {
    "progression-free survival": "PFS",
    "overall survival": "OS",
    "overall response rate": "ORR",
    "objective response rate": "ORR",
    "overall response": "ORR",
    "objective response": "ORR",
    "duration of response": "DOR",
    "event-free survival": "EFS",
    "disease-free survival": "DFS",
    "relapse-free survival": "RFS",
    "invasive disease-free survival": "IDFS",
    "complete response": "CR",
    "partial response": "PR",
    "pathologic complete response": "pCR",
    "pathological complete response": "pCR",
    "response": "ORR",
    "disease control": "DCR",
    "clinical benefit": "CBR",
    "survival": "OS",
    "time to response": "TTR",
    "radiographic progression-free survival": "rPFS",
    "risk of disease progression or death": "PFS",
    "risk of progression or death": "PFS",
    "risk of death": "OS",
    "time to progression": "TTP",
    "complete remission": "CR",
}
"""Printed endpoint -> its usual abbreviation."""


def canonical(printed: str) -> str:
    """The name a printed endpoint goes by: its usual abbreviation, else its words.

    >>> canonical("Overall response rate"), canonical("time to next treatment"), canonical("progression‐free survival")
    ('ORR', 'time to next treatment', 'PFS')
    """
    words = re.sub(r"[‐‑–]", "-", " ".join(printed.split()))
    if _CAPITALS.fullmatch(words):
        return "DOR" if words == "DoR" else words
    folded = re.sub(r"\sfree\s", "-free ", re.sub(r"^(?:confirmed|best)\s", "", words.lower()))
    folded = re.sub(r"s$", "", folded) if folded.endswith(("responses", "rates")) else folded
    return _SHORT.get(folded) or _SHORT.get(re.sub(r"\srates?$", "", folded)) or folded


def _by_form(text: str) -> Iterator[Mention]:
    for match in _FORMS.finditer(text):
        printed = match[0]
        if len(printed) > 5 or _CAPITALS.fullmatch(printed):
            yield Mention(match.start(), match.end(), "endpoint", canonical(printed))


def _widened(text: str, mention: Mention) -> Mention:
    """The mention with the word rate and the abbreviation that follow it."""
    match = re.compile(r"(?:\srates?\b)?(?:\s?[\[(](?P<short>[A-Za-z]{2,6}\d?)s?[\])])?").match(text, mention.end)
    end = match.end() if match else mention.end
    short = match["short"] if match else None
    return Mention(mention.start, end, "endpoint", canonical(short) if short and _CAPITALS.fullmatch(short) else mention.name, mention.key)


def find_endpoints(text: str, known: Iterable[Mention], abbreviations: dict[str, str]) -> Iterator[Mention]:
    """Every endpoint mention of a text; overlaps are left in. `known` are those of the table."""
    own = [short for short, long in abbreviations.items() if _TELLING.search(long) and len(short) > 1]
    known = [m for m in known if text[m.start : m.end].lower() not in ("death", "deaths", "safety", "adverse events", "mortality")]
    defined = (Mention(a, b, "endpoint", canonical(text[a:b])) for a, b in occurrences(text, own))
    found = [*known, *_by_form(text), *defined]
    yield from (_widened(text, m) for m in found)
