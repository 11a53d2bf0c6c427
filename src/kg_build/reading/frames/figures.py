"""Which quantities of a unit report something, and which arm each of them belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from kg_build.reading.arms import ArmRef
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
_COMPARING = lazy(
    r"\b(?:vs\.?|v\.?|versus|compared\s(?:with|to)|and|against|than|relative\sto|or|from|to|while|whereas|respectively)(?:\b|(?<=\.))|[,/]"
)
_AFTER = lazy(
    r"[\s,)\]]*(?:of\s(?:the\s)?(?:\d+\s)?(?:patients|pts|people|participants|those|adults|individuals|women|men|subjects|children)\s?|achieved\s|and\s)?"
    r"(?:(?:in|for|with|among|on|from|receiving|who|were|had|treated|given|assigned|allocated|randomi[sz]ed|received|to|of|the|taking"
    r"|those|people|adults|women|men|patients|pts|participants|subjects|who\shad|got|getting|took|switched|moved|stayed|remained|continued|using|used|only|alone|by|an?|after|through|under|years?|months?|rates?|\d{1,4}"
    r"|treatment|arm|group|standard|adding|all|recipients|single-agent|single|agent|either|responders)\b[\s(]*){1,9}$"
)
_AFTER_QUALIFIED = lazy(
    r"[\s,)\]]*(?:(?:of\s(?:the\s)?)?(?:patients|those)\s)?(?:with|in|for|on|among|receiving|under|after)\s(?:the\s)?(?:[a-z][a-z-]{2,24}\s){1,3}$"
)
_UNIT = lazy(r"(?:\s?%|\s(?:percent|months?|years?|weeks?|days?)\b)?")
_BRACKET = lazy(r"\s?(?:%|[a-z]+)?(?:\s?[(\[][^()\[\]]{0,90}(?:[(\[][^()\[\]]{0,40}[)\]][^()\[\]]{0,60})?[)\]])?")
_LISTED = lazy(
    r"(?:\s(?:arms?|groups?|cohorts?|alone))?(?:\s?\([^()]{0,40}\))?,?\s?(?:and|vs\.?|versus|or|,|compared\s(?:with|to))\s(?:the\s|with\s|for\s|in\s){0,3}"
)
_LESSER = lazy(
    r"(?:vs\.?|versus|compared\s(?:with|to)|than(?:\s(?:with|in|for|on))?|over|against|relative\sto|superior\sto|to)\s(?:the\s)?$"
)
_AGAINST = lazy(r"\b(?:and|or|vs|versus|than|over|compared|against|relative|superior)\b|,\s$")
_FROM_TO = lazy(r"\bfrom\s(?:an?\s)?(?:median\s(?:of\s)?)?$")
_TO = lazy(r"[^.;]{0,60}\bto\s(?:an?\s)?(?:median\s(?:of\s)?)?$")
_BOTH = lazy(
    r"[\s)\]]*(?:of\spatients\s|\([^()]{0,60}\)\s)?(?:in|for|from|across|of|with)\s(?:both|each|either|all)\s(?:of\sthe\s)?(?:the\s)?(?:two\s"
    r"|three\s|four\s)?(?:treatment\s|study\s|randomi[sz]ed\s)?(?:arms?|groups?|cohorts?|regimens?|treatments?)\b|[\s)\]]*in\sboth(?=\s?[.,;)])"
)
_WHOLE = lazy(
    r"[\s)\]]*(?:in|for|across|among)\s(?:all\s(?:randomi[sz]ed\s|enrolled\s|treated\s)?patients|the\s(?:entire|whole|overall)\s(?:\w+\s)?"
    r"(?:population|cohort|group))\b"
)
_SUBGROUP = lazy(
    r"[\s)\]]*(?:in|for|among)\s(?:the\s)?(?:(?:patients|those|participants|women|men)\s(?:with|whose|without|who\shad|aged)|\w+\sdisease"
    r"|[\w-]+\ssub(?:group|set))\b"
)
CHANGED = lazy(
    r"weight|HbA1c|A1C|score|cholesterol|LDL|triglycerid|pressure|scale|FEV|BMI|glucose|seizure|density|distance|proteinuria|migraine|eGFR",
    re.IGNORECASE,
)
"""What changes are measured of, and not shares of patients."""


def is_changed(endpoint: Mention) -> bool:
    """Whether an endpoint is measured by its change: by its name, or as the text says."""
    return endpoint.key == CHANGE or CHANGED.search(endpoint.name) is not None


_HOLDS = lazy(r"(?:\s(?:alone|arm|group))?\s?[\[(](?:\d{1,4}\s?/\s?\d{1,4}[,;]?\s)?")
"""What stands between an arm and its figure in the bracket behind it: "superior with X (66%) to Y (50%)"."""
_ROW_REACH = 200
_OPENED = lazy(r"\s?[(\[](?:(?:in|with|for)\s)?(?:the\s)?")


# ---- what reports ----------------------------------------------------------------------------------------------------------------


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
        if left.kind == right.kind == "percent" and _FROM_TO.search(lead) and _TO.fullmatch(reading.text, left.stop, right.opens):
            levels += [left, right]
    told = [q for q in found if q not in levels and q.kind in ("points", "percent", "difference")]
    return [q for q in found if q not in levels] if told else found


def _gained(reading: Reading, quantity: Quantity, start: int) -> Quantity:
    """A time that was gained as the difference it is: "an improvement of 4.6 months in median OS"."""
    if quantity.kind not in ("time", "points") or not _GAIN.search(reading.text, max(start, quantity.span[0] - 90), quantity.span[0]):
        return quantity
    return replace(quantity, kind="difference", label="median-difference" if quantity.kind == "time" else "difference")


# ---- arms ------------------------------------------------------------------------------------------------------------------------

Assigned = tuple[Quantity, ArmRef | None, str | None]


def _between(refs: Sequence[ArmRef], start: int, end: int) -> list[ArmRef]:
    return [r for r in refs if r.span[0] >= start and r.span[1] <= end]


def _distinct(refs: Sequence[ArmRef]) -> list[ArmRef]:
    return list({r.arm: r for r in refs}.values())


def _ref_after(reading: Reading, refs: Sequence[ArmRef], quantity: Quantity, limit: int) -> ArmRef | None:
    """The arm told right behind a figure, or between it and its interval: "63% ... in the control arm (95% CI, ...)"."""
    within, unit = _between(refs, quantity.span[1], quantity.stop), _UNIT.match(reading.text, quantity.span[1])
    if len(within) == 1 and unit and _AFTER.fullmatch(reading.text, unit.end(), within[0].span[0]):
        return within[0]
    for ref in _between(refs, quantity.stop, limit):
        gap = reading.text[quantity.stop : ref.span[0]]
        if len(gap) > 170:
            return None
        if _OPENED.fullmatch(gap) and reading.text[ref.span[1] : ref.span[1] + 1] in (")", "]"):
            return ref
        bracket = _BRACKET.match(gap)
        rest = gap[bracket.end() :] if bracket and len(gap) > bracket.end() else gap
        if _AFTER.fullmatch(rest) or _AFTER.fullmatch(gap) or (_AFTER_QUALIFIED.fullmatch(rest) and not _COMPARING.search(rest)):
            return ref
    return None


def past_arm(reading: Reading, refs: Sequence[ArmRef], quantity: Quantity, limit: int) -> int:
    """Where a figure ends with the arm told behind it: what is told next starts there."""
    ref = _ref_after(reading, refs, quantity, limit)
    return max(ref.span[1], quantity.stop) if ref else quantity.stop


_LAST = lazy(r"\brespectively,?\s(?:in|for|with|of|among|on|after)\s(?:the\s|those\s\w+\s)?")


def told_last(reading: Reading, refs: Sequence[ArmRef], start: int, end: int) -> list[str]:
    """The arms listed behind the word respectively at the end of a sentence."""
    match = _LAST.search(reading.text, start, end)
    row: list[ArmRef] = []
    for ref in _between(refs, match.end(), end) if match else ():
        joined = _LISTED.fullmatch(reading.text, row[-1].span[1], ref.span[0]) if row else ref.span[0] - match.end() < 4  # type: ignore[union-attr]
        if not joined:
            break
        row.append(ref)
    return list(dict.fromkeys(ref.arm for ref in row))


@dataclass
class _Row:
    """Figures that are compared with one another, and the arms told around them."""

    reading: Reading
    figures: list[Quantity]
    refs: Sequence[ArmRef]
    order: list[str]
    start: int
    end: int

    def assigned(self) -> Iterator[Assigned]:
        """Each figure with its arm: by a list of arms, by what stands behind or before it, else by its place."""
        if self._risen():
            yield from self._second_first()
            return
        found = self._listed() or self._turned() or self._one_by_one()
        arms = self._filled([r.arm if r else None for r in found])
        yield from ((q, ref, arm) for q, ref, arm in zip(self.figures, found, arms, strict=True))

    def _limit(self, i: int) -> int:
        return self.figures[i + 1].opens if i + 1 < len(self.figures) else self.end

    def _listed(self) -> list[ArmRef | None]:
        """As many arms as figures, all told before them or all behind: "in the X and Y arms 11 and 6 months, respectively"."""
        count = len(self.figures)
        inner = _between(self.refs, self.figures[0].stop, self.figures[-1].opens)
        if count < 2 or inner:
            return []
        behind = _listed_behind(self.reading, self.refs, self.figures[-1], self.end)
        if len(behind) == count:
            return [*behind]
        if _ref_after(self.reading, self.refs, self.figures[-1], self.end) and not self._respectively():
            return []
        lead = _distinct(_between(self.refs, self.start, self.figures[0].opens)[-6:])
        lead = lead[-count:] if len(lead) > count and not self._respectively() else lead
        if len(lead) != count or not (self._respectively() or self._contrasted(lead)):
            return []
        return [*self._in_favour(lead)]

    def _contrasted(self, lead: list[ArmRef]) -> bool:
        """Whether the arms told before are set against one another: "X improved PFS over Y", "X and Y"."""
        gaps = [self.reading.text[a.span[1] : b.span[0]] for a, b in pairwise(sorted(lead, key=lambda r: r.span))]
        first = self.reading.text[max(self.start, lead[0].span[0] - 24) : lead[0].span[0]]
        return all(_AGAINST.search(gap) for gap in gaps) or _LESSER.search(first) is not None

    def _respectively(self) -> bool:
        return "respectively" in self.reading.text[self.figures[0].opens : min(self.end, self.figures[-1].stop + 120)]

    def _in_favour(self, lead: list[ArmRef]) -> list[ArmRef]:
        """Of two arms told before, the one that the other is compared with comes second: "compared with Y, X improved"."""
        lesser = [bool(_LESSER.search(self.reading.text[max(self.start, r.span[0] - 24) : r.span[0]])) for r in lead]
        return lead[::-1] if len(lead) == 2 and lesser == [True, False] and not self._respectively() else lead

    def _one_by_one(self) -> list[ArmRef | None]:
        found: list[ArmRef | None] = []
        last = self.start
        for i, quantity in enumerate(self.figures):
            before = _between(self.refs, last, quantity.opens)
            held = before and _HOLDS.fullmatch(self.reading.text, before[-1].span[1], quantity.opens)
            after = None if held else _ref_after(self.reading, self.refs, quantity, self._limit(i))
            found.append(after or (before[-1] if before and (i or held or not self._second(before)) else None))
            last = max(after.span[1], quantity.stop) if after else quantity.stop
        return found

    def _turned(self) -> list[ArmRef | None]:
        """The only arm told, of two figures from the control to it: "with X, median PFS rose from 6 to 11 months"."""
        if len(self.figures) != 2 or not self._from_to():
            return []
        lead = _distinct(_between(self.refs, self.start, self.figures[0].opens))
        told = _between(self.refs, self.figures[0].stop, min(self.end, self.figures[1].stop + 60))
        return [None, lead[0]] if len(lead) == 1 and not told else []

    def _second(self, before: list[ArmRef]) -> bool:
        """Whether the only arm told before two figures is what the first is compared with: "longer than with Y (11 vs 6)"."""
        lead = self.reading.text[max(self.start, before[-1].span[0] - 24) : before[-1].span[0]]
        return len(self.figures) == 2 and len(_distinct(before)) == 1 and _LESSER.search(lead) is not None

    def _filled(self, arms: list[str | None]) -> list[str | None]:
        """Arms where none is told: those that are left, in the order of the last comparison."""
        order = self.order
        if len(order) == 1:
            return [arm or order[0] for arm in arms]
        left = iter([arm for arm in order if arm not in arms])
        return [arm or next(left, None) for arm in arms]

    def _risen(self) -> bool:
        """Whether two figures are told as "from Y to X" and no arm behind them: the gain of the arm that the sentence speaks of."""
        if len(self.figures) != 2 or len(self.order) != 2 or not self._from_to():
            return False
        return not _between(self.refs, self.figures[0].opens, self.end)

    def _second_first(self) -> Iterator[Assigned]:
        """The other arm's figure, then that of the arm spoken of."""
        told = _distinct(_between(self.refs, self.start, self.figures[0].opens))
        better = told[0].arm if len(told) == 1 and told[0].arm in self.order else min(self.order)
        other = next(arm for arm in self.order if arm != better)
        yield from zip(self.figures, (None, None), (other, better), strict=True)

    def _from_to(self) -> bool:
        first, second = self.figures
        text = self.reading.text
        return bool(
            _FROM_TO.search(text[max(self.start, first.opens - 24) : first.opens]) and _TO.fullmatch(text, first.stop, second.opens)
        )


def _rows(reading: Reading, figures: list[Quantity], refs: Sequence[ArmRef], size: int) -> Iterator[list[Quantity]]:
    """Figures in groups that are compared with one another, at most as many as there are arms."""
    row: list[Quantity] = []
    for quantity in figures:
        if row and (len(row) >= size or _complete(reading, row, quantity, refs) or not _compared(reading, row[-1], quantity, refs)):
            yield row
            row = []
        row.append(quantity)
    if row:
        yield row


def _complete(reading: Reading, row: list[Quantity], follower: Quantity, refs: Sequence[ArmRef]) -> bool:
    """Whether the arms of a row are told behind it: "85%, 89% and 91% with X, Y and Z, respectively, and 35% with placebo"."""
    if len(row) < 2 or _between(refs, row[0].stop, row[-1].opens):
        return False
    lead = _distinct(_between(refs, max(0, row[0].opens - _ROW_REACH), row[0].opens))
    listed = len(lead) == len(row) and re.match(r"[^.;\d]{0,16}\brespectively\b", reading.text[row[-1].stop : follower.opens])
    return bool(listed) or len(_listed_behind(reading, refs, row[-1], follower.opens)) == len(row)


def _listed_behind(reading: Reading, refs: Sequence[ArmRef], last: Quantity, end: int) -> list[ArmRef]:
    """The arms listed behind a figure."""
    found: list[ArmRef] = []
    for ref in _between(refs, last.stop, min(end, last.stop + 240)):
        if not found and _ref_after(reading, [ref], last, end) is None:
            return []
        if found and (ref.arm == found[-1].arm or not _LISTED.fullmatch(reading.text, found[-1].span[1], ref.span[0])):
            break
        found.append(ref)
    return found


def _compared(reading: Reading, left: Quantity, right: Quantity, refs: Sequence[ArmRef]) -> bool:
    """Whether two neighbouring figures are set side by side; that of a subgroup stands alone."""
    gap = reading.text[left.stop : right.opens]
    turns = ";" in gap and not _between(refs, left.stop, right.opens)
    alike = (left.kind in ("time", "missing")) == (right.kind in ("time", "missing"))
    subgroup = _SUBGROUP.match(reading.text, right.stop) and not _SUBGROUP.match(reading.text, left.stop)
    own = _ref_after(reading, refs, left, right.opens)
    anew = len(_distinct(_between(refs, own.span[1] if own else left.stop, right.opens))) > 1
    if not alike or turns or anew or len(gap) > _ROW_REACH or (subgroup and not _ref_after(reading, refs, right, right.stop + 170)):
        return False
    return _COMPARING.search(gap) is not None


def assign_arms(
    reading: Reading, figures: list[Quantity], refs: Sequence[ArmRef], order: list[str], start: int, end: int
) -> Iterator[Assigned]:
    """Each measure of one endpoint with the arm it belongs to; `order` is that of figures whose arms are not told."""
    last, arm = start, None
    rows = list(_rows(reading, figures, refs, max(2, len(order))))
    for i, row in enumerate(rows):
        limit = rows[i + 1][0].opens if i + 1 < len(rows) else end
        if len(row) == 1 and len(order) > 1 and _BOTH.match(reading.text, row[0].stop):
            yield from ((row[0], None, each) for each in (order[:2] if "both" in reading.text[row[0].stop : row[0].stop + 60] else order))
        elif len(row) == 1 and len(order) > 1 and _pooled(reading, row[0], _between(refs, last, limit)):
            yield row[0], None, "+".join(order)
        elif i and len(row) == 1 and _SUBGROUP.match(reading.text, row[0].stop) and not _between(refs, row[0].stop, limit):
            yield row[0], None, arm
        else:
            for quantity, ref, arm in _Row(reading, row, refs, order, last, limit).assigned():
                yield quantity, ref, arm
        last = past_arm(reading, refs, row[-1], limit)


def _pooled(reading: Reading, quantity: Quantity, refs: list[ArmRef]) -> bool:
    """Whether one figure is that of all arms together."""
    return not refs and _WHOLE.match(reading.text, quantity.stop) is not None
