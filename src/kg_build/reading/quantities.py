"""Stage 3: printed statistics -> quantities, each with what belongs to it (interval, range, p, n).

The atoms are those of the notation; intervals, ranges, p values and n are attached to the figure whose chain of brackets and
small words they stand in, and a figure without a unit takes that of the figure it is compared with.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg_build.reading.notation import Atom, Count, Interval, PValue, Quantity, atoms, number
from kg_build.reading.patterns import lazy

__all__ = ["Count", "Interval", "PValue", "Quantity", "lex_quantities", "number"]

_CHAIN = lazy(
    r"(?:[\s,;:()\[\]/+–-]|\b(?:with|and|a|an|the|at|by|from|its|corresponding|exact|stratified|unstratified|nominal"
    r"|test|log-rank|months?|mos?|years?|patients|of|all|responders|was|is|which|statistically|significant"
    r"|weeks?|days?|percentage|points?|respectively|adjusted|for|two|one|sided|interquartile|full|significance|level|boundary)\b)*"
)
_ARM_BETWEEN = lazy(
    r"(?:\sof\s(?:the\s)?(?:patients|participants|those|people|women|men))?\s(?:with|in|for|among|on|to)\s(?:the\s)?"
    r"[A-Za-z][A-Za-z0-9+/ -]{1,60}(?:\([A-Za-z0-9+ -]{1,20}\)\s?)?[\[(,;]\s?(?:respectively,?\s?[\[(]\s?)?"
)
_NUMBER_OF_ARM = lazy(r"\b(?:cohort|arm|group|part|level)\s$", re.IGNORECASE)
"""What stands before a number that is the name of an arm."""
_COUNT_BEHIND = lazy(r"(?:\s(?:in|with|for|on)\s(?:the\s)?[A-Za-z][\w+/-]{0,14}(?:\s[A-Za-z][\w+-]{0,7})?)?\s?[\[(;,]\s?")
_GAP = 80
_UNDER = r"(?:\s(?:with|in|for|on|among|under|by|after)\s[^.;:()\[\]\d%]{2,60}?)?"
_COMPARED = lazy(
    rf"[\s)\]]*{_UNDER}(?:\s?\([^()\d%]{{1,40}}\))?,?\s?"
    r"(?P<word>vs\.?|v\.?|versus|against|(?:as\s)?compared\s(?:with|to)|relative\sto|than|and|(?:up\s|down\s)?from|to|,(?:\sand)?|/)"
    r"\s?(?:only\s|just\s|a\smedian\sof\s|an?\s|about\s|up\sto\s)?"
)
_UNIT_BEHIND = lazy(r"[\s)\]]{0,3}(?P<unit>%|percent\b|months?\b|years?\b|weeks?\b|days?\b)")
_UNIT_NAMES = {"p": "%", "%": "%", "m": "months", "y": "years", "w": "weeks", "d": "days"}
_COUNTED = lazy(
    r"[\s-]{1,2}(?:of|patients?|participants|deaths?|events?|people|men|women|adults|children|sites?|cent(?:er|re)s|countries|lines?"
    r"|cycles?|doses?|prior|mg|kg|mL|Gy|trials?|studies|responders?|responses|subjects|cases|individuals|grade|or\smore|additional"
    r"|complete|partial|objective|hours?|times|fold|percentage)\b|[-‐‑]\w|\s?[x×]\s?10|:\d"
)
_NUMBERED = lazy(
    r"\b(?:weeks?|months?|days?|grades?|cycles?|stages?|phases?|cohorts?|arms?|groups?|level|version|part|between|aged?|ECOG|status"
    r"|in|since|by|January|February|March|April|May|June|July|August|September|October|November|December)\s$",
    re.IGNORECASE,
)
_FROM = lazy(r"\bfrom\s(?:an?\s|the\s)?(?:[a-z]+\s(?:of\s)?)?$")
_RESPECTIVELY = lazy(r"[^.;]{0,90}?\brespectively\b")
_GOES_ON = lazy(r"[\s)\],]*(?:(?:for|with|in|at)\s[^.;()\[\]]{2,40}?)?(?:,?\sand\s|and\s|[;,]\s)(?:of\s|\d+\smg,\s)?")
_BETWEEN_PARTS = lazy(r"\s?(?:patients|participants|subjects|responders)?\s?[\[(]\s?")


def _chained(text: str, start: int, end: int) -> bool:
    """Whether only brackets and small words stand between two atoms."""
    return 0 <= end - start <= _GAP and _CHAIN.fullmatch(text, start, end) is not None


def _across_arm(text: str, start: int, end: int) -> bool:
    """Whether only the name of an arm stands between: "not reached with isatuximab (95% CI"."""
    return 0 <= end - start <= _GAP and _ARM_BETWEEN.fullmatch(text, start, end) is not None


def _attach(head: Quantity, atom: Atom, kind: str, stop: int) -> Quantity | None:
    """The head with the atom attached, or None where it does not belong to it."""
    if isinstance(atom, Interval):
        interval = kind in ("ci", "pair")
        known = head.ci if interval else head.range
        if known is not None or head.kind in ("n", "p"):
            return None
        return replace(head, stop=stop, ci=atom) if interval else replace(head, stop=stop, range=atom)
    if atom.kind == "p" and head.kind in ("ratio", "difference") and head.p is None:
        return replace(head, stop=stop, p=atom.p)
    if atom.kind == "n" and head.n is None and head.kind in ("percent", "time", "missing"):
        return replace(head, stop=stop, n=atom.n, total=atom.total)
    return None


def _of_level(found: list[Quantity], pair: Atom, level: Interval | None) -> Interval | None:
    """A bare pair as an interval like the last one: "25.5 months (95% CI 18.3-30.1) ... 12.9 months (7.9-18.5)"."""
    if not isinstance(pair, Interval) or not found or not isinstance(found[-1].value, float):
        return None
    head = found[-1]
    if not pair.holds(head.value if isinstance(head.value, float) else 0) or (level is None and not _sure_without_level(head)):
        return None
    return replace(pair, level=level.level, level_printed=level.level_printed) if level else pair


def _sure_without_level(head: Quantity) -> bool:
    """Whether a bare pair behind a figure can only be its interval: behind a ratio, a share or a median printed with decimals."""
    return head.kind in ("ratio", "percent") or (head.kind == "time" and re.search(r"[.·]\d", head.printed or "") is not None)


def _belongs(text: str, start: int, end: int, atom: Atom) -> bool:
    """Whether an atom stands in the chain of the figure before it."""
    return _chained(text, start, end) or ((isinstance(atom, Interval) or atom.kind == "n") and _across_arm(text, start, end))


def _chains(text: str, start: int, end: int) -> list[Quantity]:
    """The figures of a stretch, each with the atoms of its chain."""
    found: list[Quantity] = []
    level: Interval | None = None
    for told, kind, span in atoms(text, start, end):
        if isinstance(told, Interval) and kind in ("ci", "announced"):
            level = told if told.level is not None else level
        if kind == "announced":
            continue
        if kind == "second" and isinstance(told, Interval):
            found[-2:] = _one_each(found[-2:], told)
            continue
        if isinstance(told, Quantity) and told.kind == "bare" and _NUMBER_OF_ARM.search(text, max(start, span[0] - 12), span[0]):
            continue
        atom = _of_level(found, told, level) if kind == "pair" else told
        attached = _attach(found[-1], atom, kind, span[1]) if atom and found and _belongs(text, found[-1].stop, span[0], atom) else None
        if attached is not None:
            found[-1] = attached
        elif isinstance(atom, Quantity):
            found.append(atom)
        elif isinstance(told, Interval) and kind == "pair":
            found += _side_by_side(text, told)
    return found


def _one_each(figures: list[Quantity], second: Interval) -> list[Quantity]:
    """Two figures with the two intervals told behind them: "4.0 and 2.5 months (95% CI, 2.5 to 5.3 and 1.9 to 3.8)"."""
    if len(figures) < 2 or figures[0].ci or figures[1].ci is None or figures[0].opens >= figures[1].ci.span[0]:
        return figures
    first, last = figures
    return [replace(first, ci=last.ci), replace(last, ci=second)]


def _side_by_side(text: str, pair: Interval) -> list[Quantity]:
    """A pair of shares that is no interval of anything: "hypertension (23%; 14%)"."""
    (low, high), (start, end) = pair.printed, pair.span
    if not re.match(r"\s?%\s?[,;]", text[start + len(low) : end]):
        return []
    spans = (start, start + len(low)), (end - len(high), end)
    return [Quantity("percent", span, span[1], number(text[span[0] : span[1]]), text[span[0] : span[1]], "%") for span in spans]


# ---- what neighbours share -------------------------------------------------------------------------------------------------------


def _whole(quantity: Quantity) -> Count | None:
    """A figure as a count of patients, where it is a whole number."""
    if not isinstance(quantity.value, float) or not quantity.value.is_integer():
        return None
    return Count(int(quantity.value), quantity.printed or "", quantity.span)


def _with_counts(text: str, found: list[Quantity]) -> list[Quantity]:
    """Shares with the counts printed beside them: "16/25 (64%)", "48 [17%] of 276", "64% (16 of 25)"."""
    result: list[Quantity] = []
    for quantity in found:
        last = result[-1] if result else None
        gap = text[last.stop : quantity.span[0]] if last and quantity.span[0] - last.stop < 24 else "-"
        if last and quantity.kind == "percent" and quantity.n is None and last.kind in ("fraction", "bare") and last.ci is None:
            if _BETWEEN_PARTS.fullmatch(gap) and (count := _whole(last)):
                result[-1] = replace(quantity, n=count, total=last.total, start=last.span[0])
                continue
        if last and last.kind == "percent" and last.n is None and quantity.kind == "fraction" and _COUNT_BEHIND.fullmatch(gap):
            result[-1] = replace(last, n=_whole(quantity), total=quantity.total, stop=quantity.stop, ci=last.ci or quantity.ci)
            continue
        result.append(quantity)
    return result


def _with_p_before(text: str, found: list[Quantity]) -> list[Quantity]:
    """Ratios with the p value printed in front of them: "(P = .003; HR, 0.60)"."""
    result: list[Quantity] = []
    for quantity in found:
        last = result[-1] if result else None
        if last and last.kind == "p" and quantity.kind == "ratio" and quantity.p is None:
            if re.fullmatch(r"[\s,;]{1,3}(?:with\s)?(?:an?\s)?(?:and\s)?", text[last.stop : quantity.opens]):
                result[-1] = replace(quantity, p=last.p)
                continue
        result.append(quantity)
    return result


def _with_p_behind(text: str, found: list[Quantity]) -> list[Quantity]:
    """Ratios with the p value behind them that no unit of theirs told to be one: "the HR was 0.49 (...) and 0.58 (...; P = .03)"."""
    result: list[Quantity] = []
    for quantity in found:
        last = result[-1] if result else None
        if (
            last
            and last.kind == "ratio"
            and last.p is None
            and quantity.kind == "p"
            and re.fullmatch(r"[\s,;]{1,3}", text[last.stop : quantity.opens])
        ):
            result[-1] = replace(last, p=quantity.p, stop=quantity.stop)
            continue
        result.append(quantity)
    return result


def _with_own_unit(text: str, found: list[Quantity]) -> list[Quantity]:
    """Figures whose unit stands behind their interval: "11.1 (95% CI 9.1-12.0) months"."""
    result = []
    for quantity in found:
        unit = _UNIT_BEHIND.match(text, quantity.stop) if quantity.kind == "bare" and (quantity.ci or quantity.range) else None
        if unit:
            name = _UNIT_NAMES[unit["unit"][0]]
            quantity = replace(quantity, kind="percent" if name == "%" else "time", unit=name, stop=unit.end())
        result.append(quantity)
    return result


def _shared(text: str, left: Quantity, right: Quantity, backwards: bool) -> bool:
    """Whether two neighbours are compared, so that the one without a unit has that of the other."""
    gap = _COMPARED.fullmatch(text, left.stop, right.opens) if 0 < right.opens - left.stop <= 90 else None
    if gap is None:
        return False
    before = text[max(0, left.span[0] - 24) : left.span[0]]
    bare, word = (left if backwards else right), gap["word"]
    if _NUMBERED.search(before) or (word == "to" and not _FROM.search(before)):
        return False
    if backwards:
        pointed = re.search(r"[.·]", bare.printed or "") is not None
        return pointed or (word[0] not in ",/" and isinstance(bare.value, float) and bare.value < 101)
    if word[0] in ",/" or (word == "and" and not _RESPECTIVELY.match(text, right.stop)):
        return False
    return _COUNTED.match(text, bare.stop) is None


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Figures with the unit of what they are compared with: "11.1 vs 5.9 months", "40.5% v 38.9"."""
    result = list(found)
    measures = ("time", "percent", "points")
    for i in range(len(result) - 2, -1, -1):
        left, right = result[i], result[i + 1]
        if left.kind == "bare" and right.kind in measures and _shared(text, left, right, True):
            result[i] = replace(left, kind=right.kind, unit=right.unit)
    for i in range(1, len(result)):
        left, right = result[i - 1], result[i]
        if right.kind == "bare" and left.kind in measures and _shared(text, left, right, False):
            result[i] = replace(right, kind=left.kind, unit=left.unit)
        elif right.kind == "bare" and left.kind == "ratio" and _another_ratio(text, left, right):
            result[i] = replace(right, kind="ratio", unit="ratio", label=left.label)
    return result


def _with_further_differences(text: str, found: list[Quantity]) -> list[Quantity]:
    """Differences that go on behind the first: "difference from sham 2.5 [0.1 to 4.9], and 1.6 [-0.8 to 4.0]"."""
    result: list[Quantity] = []
    last: Quantity | None = None
    for quantity in found:
        measure = quantity.ci and quantity.kind in ("time", "percent", "points", "bare")
        if last and measure and _GOES_ON.fullmatch(text, last.stop, quantity.opens):
            quantity = replace(quantity, kind="difference", label=last.label, unit=quantity.unit or last.unit)
        last = quantity if quantity.kind == "difference" and quantity.ci else (last if quantity.kind == "bare" else None)
        result.append(quantity)
    return result


def _another_ratio(text: str, left: Quantity, right: Quantity) -> bool:
    """Whether a figure goes on with a list of ratios: "hazard ratios of 0.60 and 0.72"."""
    if not re.search(r"[.·]", right.printed or ""):
        return False
    plural = re.match(r"[\w\s-]{1,24}s\b", text[left.opens : left.span[0]]) is not None
    gap = text[left.stop : right.span[0]]
    again = right.ci or re.match(r"\s(?:for|in|with)\s(?:the\s)?[A-Za-z]", text[right.stop : right.stop + 12])
    too = again and re.fullmatch(r"\)?\s(?:for|in|with|among|on)\s[^.;%()]{2,60}\sand\s|[^.;\d%]{0,60}\sand\s", gap)
    return bool(too) or (plural and re.fullmatch(r"[\s)\]]*(?:,|,?\sand)\s", gap) is not None)


def lex_quantities(text: str, start: int = 0, end: int | None = None) -> tuple[Quantity, ...]:
    """The quantities of a stretch of text, in order.

    >>> [q] = lex_quantities("HR, 0.57; 95% CI, 0.44-0.73; 1-sided P < .0001")
    >>> q.label, q.value, q.ci.low, q.ci.high, q.p.text, q.p.sided
    ('hazard-ratio', 0.57, 0.44, 0.73, '< .0001', 1)
    """
    found = _chains(text, start, len(text) if end is None else end)
    for neighbours in (_with_counts, _with_p_before, _with_own_unit, _with_further_differences, _with_shared_units, _with_p_behind):
        found = neighbours(text, found) if len(found) > 0 else found
    return tuple(found)
