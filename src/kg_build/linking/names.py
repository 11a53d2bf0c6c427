"""Names of endpoints, events, organisations and the like -> keys, where a table look-up alone is not enough."""

from __future__ import annotations

import re
from functools import lru_cache

from kg_build.lexicon import Lexicon
from kg_build.terms import digest, fold, slug

_LONGEST = 80
LONGEST_NAME = 500
"""Characters beyond which a mention is no name: it is kept as provisional, not taken apart."""


def provisional(name: str) -> str:
    """Key of a thing no table knows: says so by its "x-", readable, and short enough for an IRI.

    >>> provisional("Itch score")
    'x-itch-score'
    """
    key = slug(name)
    return f"x-{key}" if len(key) <= _LONGEST else f"x-{key[:_LONGEST].rstrip('-')}-{digest([name], 8)}"


_LEAD = re.compile(
    r"^(?:median|mean|kaplan-meier estimates? of|estimated|confirmed|best|the|investigator[- ]assessed|independent|blinded"
    r"|(?:bicr|irc|irrc)[- ](?:assessed|determined)|(?:to )?(?:evaluate|determine|assess|evaluation of|assessment of)(?: the)?"
    r"|(?:percentage|number|proportion|rate|incidence|frequency|occurrence) of|(?:participants|patients|subjects)"
    r"|with(?: an?| any)?|who (?:achieved?|achieving|experienced?|had)(?: an?| one or more)?|achieving(?: an?)?|experiencing(?: an?)?"
    r"|(?:one|two|three|four|five|\d+)[- ](?:year|month)|phase \d?[iv]*[ab]?\s*:|part \w+\s*:|cohort \w+\s*:)\s+"
)
_TAIL = re.compile(
    r"\s*(?:\s-\s|,|:|;|\b(?:as )?(?:assessed|determined|measured|evaluated|defined|per)\b|\baccording to\b|\bbased on\b|\busing\b"
    r"|\bby\b|\bat\b|\bin\b|\bamong\b|\bfor\b|\bfrom\b|\bup to\b|\bwith\b|\bof (?=[a-z]+\d|[a-z]+(?:mab|nib)\b)).*$"
)
_RATE = re.compile(r"\s+(?:rates?|probability|analysis|events?)$")


@lru_cache(maxsize=100_000)
def endpoint(title: str, lexicon: Lexicon) -> str:
    """Key of an endpoint by its name or by a registry's title of an outcome measure, provisional where the title names another thing.

    Only what stands around the name in titles is taken off (who assessed, when, in whom): "PFS on the next line" is not PFS.
    """
    folded = fold(title)
    if len(folded) > LONGEST_NAME:
        return provisional(title)
    for form in _endpoint_forms(folded):
        if row := lexicon.endpoints.find(form):
            return row.key
    return provisional(title)


def _endpoint_forms(folded: str) -> list[str]:
    forms = [folded]
    bare = " ".join(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", folded).split()).rstrip(" .")
    for _ in range(5):
        forms += [bare, _RATE.sub("", bare)]
        bare = _LEAD.sub("", bare)
    short = _TAIL.sub("", bare)
    return [*forms, bare, short, _RATE.sub("", short)]


_EVENT_LEAD = re.compile(
    r"^(?:(?:any[- ])?grade\s+(?:[1-5]|>=\s*[1-5]|[1-5]\s*(?:-|to|or)\s*[1-5])(?:\s+or (?:higher|worse))?|severe|serious|increased?)\s+"
)


@lru_cache(maxsize=100_000)
def event(name: str, lexicon: Lexicon) -> str:
    """Key of an adverse event; grade and severity are slots of the statement, not part of the event."""
    if len(name) > LONGEST_NAME:
        return provisional(name)
    plain = _EVENT_LEAD.sub("", fold(name))
    row = lexicon.events.find(name) or lexicon.events.find(plain) or lexicon.events.find(plain.removesuffix("s"))
    return row.key if row else provisional(name)


_LEGAL = re.compile(
    r"(?:,?\s+|,)(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|companies|gmbh|ag|s\.?a|s\.?p\.?a|plc|lp|l\.p|n\.?v|b\.?v"
    r"|kk|k\.k|a/s|ab|oy|pty|kgaa|se|srl|s\.r\.l|s\.a\.s|sas|usa|us|u\.s|and|&|group|holdings?|international|deutschland|europe|uk|japan"
    r"|canada|china)\.?$"
)


@lru_cache(maxsize=50_000)
def organization(name: str, lexicon: Lexicon) -> str:
    """Key of a company or other organisation, with or without its legal form."""
    folded = fold(name)
    while len(folded) <= LONGEST_NAME:
        if row := lexicon.organizations.find(folded):
            return row.key
        shorter = _LEGAL.sub("", folded)
        if shorter == folded:
            break
        folded = shorter
    return provisional(name)
