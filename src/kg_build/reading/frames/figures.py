"""Which quantities of a unit report something."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from kg_build.reading.context import Reading
from kg_build.reading.measures import CHANGE
from kg_build.reading.mentions import Mention
from kg_build.reading.patterns import lazy
from kg_build.reading.quantities import Quantity

MEASURES = ("time", "percent", "points", "missing")
_REPORTED = (*MEASURES, "ratio", "difference", "p")
_FOLLOW_UP = lazy(
    r"(?:follow(?:ed)?[- ]?up|\bf/u)(?:\s(?:time|duration|period|data|analysis))?(?:\s\([^()]{1,40}\))?(?:\s(?:of|was|for|at|in|all"
    r"|[a-z]+\spatients|a|median)){0,4}[\s,]*(?:approximately\s|about\s|nearly\s)?(?:\d[\d.·]{0,5}(?:\smonths|\syears)?,?\s(?:and\s|vs\.?\s|versus\s)?){0,4}$",
    re.IGNORECASE,
)
_AFTER_MEDIAN = lazy(
    r"\b(?:[Aa]fter|[Oo]ver|[Aa]t|[Ww]ith|[Dd]uring|[Ff]ollowing|followed(?:\sup)?\sfor)\sa\smedian\s(?:\([^()]{1,30}\)\s)?(?:period\s|time\s|duration\s)?(?:of\s)?$"
)
_NOT_MEASURED = lazy(
    r"(?:\b(?:at|at\sthe|every|within|after|through|until|beyond|past|least|more\sthan|less\sthan|up\sto|over|first|next|last"
    r"|aged?|ages|follow-up\sat|minimum\sof|cut-?off\sof|as\slong\sas|during|around|maximum|followed\sfor"
    r"|expression(?:\sof)?|TPS(?:\sof)?|CPS(?:\sof)?|TAP(?:\sof)?|alpha(?:\sof)?|significance\slevel\sof"
    r"|power(?:\sof)?|for|by\sweek|by|previous|prior|past|maximum\sof|intervals?\sof|period\sof|half-life\sof|life\sof)"
    r"|[≥>≤<+]=?)\s?$",
    re.IGNORECASE,
)
_LEVEL = lazy(
    r"(?:\sor\s(?:more|greater|higher|older|above|less|lower)\b|\sof\s(?:age|tumou?r|cells|follow-up|the\s(?:market|dose))"
    r"|\s(?:of\s)?follow-up|-?\s?(?:confidence|CI\b)|\s(?:power|alpha|significance|probability|chance|data\scut)\b)"
)
_THRESHOLD = lazy(
    r"(?:[≥>≤<]=?|\b(?:prespecified|historical|hypothesi[sz]ed|expected|assumed|at\sleast|at\smost|more\sthan|less\sthan|expression(?:\s(?:of|in|on))?|TPS(?:\sof)?|CPS(?:\sof)?|power(?:\sof)?"
    r"|alpha(?:\sof)?|LVEF(?:\sof)?|fraction\s(?:\([A-Z]{2,6}\)\s)?of|level\sof|cut-?off(?:\sof)?|saturation\sof|discount\sof"
    r"|sales\sof|shares?\s(?:rose|fell|up|down|were\sup|were\sdown)))\s?$",
    re.IGNORECASE,
)
_BY_WORDS = lazy(
    r"(?:reduc\w+|decreas\w+|lower\w*|improv\w+|increas\w+|cut(?:s|ting)?|drop\w*|rose|fell|up|down|slash\w+)\b[^.;]{0,80}\sby(?:\s(?:an?\s)?"
    r"(?:approximately|about|estimated|around|nearly|almost|some|mean\sof|median\sof|average\sof))?\s$",
    re.IGNORECASE,
)
_REDUCED = lazy(
    r"\s?(?:lower|reduction|reduced|decrease|improvement|increase|relative|less|higher|greater|risk|fewer|drop|decline"
    r"|improved)\b"
)
_AGE = lazy(r"\bage[ds]?\b[^.;()]{0,24}$", re.IGNORECASE)
_PAST = lazy(
    r"\s(?:of\sage|or\s(?:older|longer|more)|prior|before(?!\s(?:their|the|any)\s(?:disease|cancer|tumou?r))|ago|and\s(?:older|over|younger)|after|later|post|following|into|since|apart"
    r"|earlier|from\s(?:now|diagnosis|randomi[sz]ation|baseline))\b"
)
_GAIN = lazy(
    r"\b(?:benefit|improvement|gain|prolongation|extension|increase|advantage|reduction|decrease)\s(?:in\s[^.;,()\d]{3,60}\s)?of\s"
    r"(?:an?\s)?(?:about\s|approximately\s|nearly\s|almost\s|median\s)?$|\b(?:longer|shorter|prolonged|extended|improved)\sby\s(?:about\s"
    r"|approximately\s|nearly\s|a\smedian\s(?:of\s)?)?$",
    re.IGNORECASE,
)
_PLANNED = lazy(
    r"\b(?:to\sdetect|assum(?:ed|ing|ption)|powered?\s(?:of|to|at|for)|hypothes[ie]\w+|sample\ssize|historical|would\sbe|was\sdesigned"
    r"|considered\s(?:to\sbe\s)?(?:clinically\s)?(?:significant|meaningful|promising|positive|successful)|target(?:ed|ing)?\s(?:a|an|the|of)"
    r"|alpha|type\sI\serror|pre-?specified\s(?:threshold|boundary)|threshold\s(?:was|of|for)|null\shypothesis|non-?inferiority\s\(?margin|\bmargin\sof|\(margin)\b",
    re.IGNORECASE,
)
FROM_TO = lazy(r"\bfrom\s(?:an?\s)?(?:median\s(?:of\s)?)?$")
TO = lazy(r"[^.;]{0,60}\bto\s(?:an?\s)?(?:median\s(?:of\s)?)?$")
CHANGED = lazy(
    r"weight|HbA1c|A1C|score|cholesterol|LDL|triglycerid|pressure|scale|FEV|BMI|glucose|seizure|density|distance|proteinuria|migraine|eGFR",
    re.IGNORECASE,
)
"""What changes are measured of, and not shares of patients."""


def is_changed(endpoint: Mention) -> bool:
    """Whether an endpoint is measured by its change: by its name, or as the text says."""
    return endpoint.key == CHANGE or CHANGED.search(endpoint.name) is not None


_LISTED_TIMES = lazy(
    r"\b(?:at|by|after|through)\s(?:(?:weeks?|months?|years?)\s)?(?:\d{1,3},\s){0,4}\d{1,3}(?:\s(?:months|weeks|years))?,?\s(?:and\s|or\s)?$"
)


def is_landmark(reading: Reading, quantity: Quantity, start: int) -> bool:
    """Whether a quantity sets a time, an age or a threshold and measures nothing."""
    text = reading.text
    before = text[max(start, quantity.span[0] - 64) : quantity.span[0]]
    after = text[quantity.stop : quantity.stop + 24]
    if quantity.kind == "time" and text[quantity.span[1] : quantity.span[1] + 1] in "-‐‑":
        return re.match(r"\s(?:median\b|difference\b)", after) is None
    if quantity.kind == "time" and (_FOLLOW_UP.search(before) or _AFTER_MEDIAN.search(before)):
        return True
    if quantity.ci is not None:
        return False
    if quantity.kind == "time":
        return bool(_NOT_MEASURED.search(before) or _LISTED_TIMES.search(before) or _AGE.search(before) or _PAST.match(after))
    if quantity.kind in ("percent", "points"):
        if re.search(r"\d\s?[-–]\s?$", before):
            return True
        changed = quantity.kind == "points" or CHANGED.search(before)
        found = _THRESHOLD.search(before) or _LEVEL.match(after) or (_BY_WORDS.search(before) and not changed)
        return bool(found or _REDUCED.match(after))
    return False


def measured(reading: Reading, unit: int) -> list[Quantity]:
    """The quantities of a unit that report something; what was only planned or assumed does not."""
    start, end = reading.document.units[unit]
    told = [_gained(reading, q, start) for q in reading.quantities[unit] if q.kind in _REPORTED]
    found = [q for q in told if not is_landmark(reading, q, start)]
    found = _without_levels(reading, found, unit)
    found = _with_rates(reading, _with_changes(reading, found, unit), unit)
    if found and _PLANNED.search(reading.text, start, end):
        found = [q for q in found if q.ci or q.p or (q.kind == "missing" and len(found) > 1)]
    return found


_LEVEL_OF = lazy(r"(?:\b(?:was|were|by|of|and|vs\.?|versus|lost|gained)|,)\s$")


def _with_changes(reading: Reading, found: list[Quantity], unit: int) -> list[Quantity]:
    """The quantities with the figures without a unit that tell the change of a measure: "changed by −7.4, −4.9 and −3.2"."""
    start, end = reading.document.units[unit]
    if not any(is_changed(m) for m in reading.endpoints.between(start, end, "endpoint")):
        return found
    named = next((q.unit for q in found if q.kind == "points"), None)
    bare = [
        replace(q, kind="points", unit=named)
        for q in reading.quantities[unit]
        if q.kind == "bare" and re.search(r"[.·]", q.printed or "") and _LEVEL_OF.search(reading.text, max(start, q.span[0] - 8), q.span[0])
    ]
    return sorted([*found, *bare], key=lambda q: q.span)


_PER_TIME = lazy(r"annuali[sz]ed|\bper\s(?:patient|person)-?\s?(?:years?|months?)|\bincidence\srate|events?\sper\s", re.IGNORECASE)


def _with_rates(reading: Reading, found: list[Quantity], unit: int) -> list[Quantity]:
    """The quantities with the figures without a unit that are events by time: "the annualized relapse rate was 0.13 and 0.12"."""
    start, end = reading.document.units[unit]
    if not _PER_TIME.search(reading.text, start, end):
        return found
    bare = [
        replace(q, kind="percent", unit=None)
        for q in reading.quantities[unit]
        if q.kind == "bare" and re.search(r"[.·]", q.printed or "") and _LEVEL_OF.search(reading.text, max(start, q.span[0] - 8), q.span[0])
    ]
    return sorted([*found, *bare], key=lambda q: q.span)


def _without_levels(reading: Reading, found: list[Quantity], unit: int) -> list[Quantity]:
    """The quantities without the levels between which a measure changed, where its change is told: "from 8.4% to 7.0% (−1.4 points)"."""
    start, end = reading.document.units[unit]
    if not any(is_changed(m) for m in reading.endpoints.between(start, end, "endpoint")):
        return found
    levels: list[Quantity] = []
    for left, right in pairwise(found):
        lead = reading.text[max(start, left.opens - 24) : left.opens]
        if left.kind == right.kind == "percent" and FROM_TO.search(lead) and TO.fullmatch(reading.text, left.stop, right.opens):
            levels += [left, right]
    told = [q for q in found if q not in levels and q.kind in ("points", "percent", "difference")]
    return [q for q in found if q not in levels] if told else found


def _gained(reading: Reading, quantity: Quantity, start: int) -> Quantity:
    """A time that was gained as the difference it is: "an improvement of 4.6 months in median OS"."""
    if quantity.kind not in ("time", "points") or not _GAIN.search(reading.text, max(start, quantity.span[0] - 90), quantity.span[0]):
        return quantity
    return replace(quantity, kind="difference", label="median-difference" if quantity.kind == "time" else "difference")
