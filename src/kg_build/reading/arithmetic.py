"""Stage 6a: what the figures of one endpoint say of one another: they confirm, repair an order or cast a doubt, else nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable

import msgspec

from kg_build.facts import Estimate
from kg_build.reading.frames.segments import TIMED

DOUBTED = 0.6
_QUANTILES = {80.0: 1.2816, 90.0: 1.6449, 95.0: 1.96, 97.5: 2.2414, 98.0: 2.3263, 99.0: 2.5758, 99.5: 2.807}
_SKEWED = 0.35
_FAR = 2.0
_SOON = ("TTR", "time to response", "time to first response")
"""Endpoints where sooner is better."""

Group = tuple[str | None, str, str | None]


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def plausible(fact: Estimate) -> bool:
    """Whether a result agrees with itself: an interval holds its value, a ratio's is log-symmetric, its p fits, shares stay within 100."""
    value = _number(fact.value)
    if value is None:
        return True
    if fact.unit == "%" and fact.statistic == "rate" and not 0 <= value <= 100:
        return False
    low, high = (_number(bound) for bound in fact.ci or (None, None))
    if (low is not None and value < low) or (high is not None and value > high):
        return False
    if fact.unit != "ratio" or low is None or high is None or not 0 < low < high or value <= 0:
        return True
    width = math.log(high) - math.log(low)
    centred = abs(math.log(value) - (math.log(low) + math.log(high)) / 2) < _SKEWED * width + 0.05
    return centred and _p_fits(fact, value, width)


def _p_fits(fact: Estimate, value: float, width: float) -> bool:
    """Whether a printed p is of the size that the interval makes of it, within two powers of ten."""
    try:
        printed = float(fact.p.replace("·", ".")) if fact.p else None
    except ValueError:
        return True
    quantile = _QUANTILES.get(fact.ci_level or 0)
    if not printed or quantile is None or printed > 1:
        return True
    expected = math.erfc(abs(math.log(value)) / (width / (2 * quantile)) / math.sqrt(2)) / ((fact.p_sided == 1 and 2) or 1)
    return abs(math.log10(max(expected, 1e-12)) - math.log10(printed)) < _FAR or expected < 1e-6


# ---- what figures of one endpoint say of one another -------------------------------------------------------------------------------


def agreed(results: Iterable[Estimate], settled: Container[str | None]) -> list[Estimate]:
    """The results with the order of arms put right where a ratio and the figures of its arms contradict each other.

    `settled` are the studies of which it is certain which arm is the control.
    """
    told = list(results)
    found = list(told)
    groups: dict[Group, list[int]] = defaultdict(list)
    for i, fact in enumerate(found):
        groups[fact.trial, fact.endpoint, fact.population].append(i)
    for members in groups.values():
        for i in members:
            if found[i].statistic in ("hazard-ratio", "odds-ratio") and found[i].comparison:
                _put_right(found, i, members, found[i].trial in settled)
            elif found[i].statistic == "risk-reduction" and _contradicted(found, i, members):
                found[i] = msgspec.structs.replace(found[i], confidence=round(found[i].confidence * DOUBTED, 2))
    return _as_turned(told, found)


def _as_turned(told: list[Estimate], found: list[Estimate]) -> list[Estimate]:
    """P values and differences turned round like the ratio of their trial that showed which arm is the control."""
    turned = {(new.trial, old.comparison) for old, new in zip(told, found, strict=True) if old.comparison != new.comparison}
    return [
        msgspec.structs.replace(f, comparison=f.comparison[::-1])
        if f.comparison and f.statistic in ("p-value", "difference", "median-difference") and (f.trial, f.comparison) in turned
        else f
        for f in found
    ]


def _contradicted(found: list[Estimate], i: int, members: list[int]) -> bool:
    """Whether a reduced risk is not what the only hazard ratio of its endpoint makes it."""
    ratios = [
        _number(found[k].value) for k in members if found[k].statistic == "hazard-ratio" and found[k].comparison == found[i].comparison
    ]
    reduction = _number(found[i].value)
    return len(ratios) == 1 and ratios[0] is not None and reduction is not None and abs(100 * (1 - ratios[0]) - reduction) > 1.6


def _put_right(found: list[Estimate], ratio: int, members: list[int], settled: bool) -> None:
    """Turns the comparison round where no arm is certainly the control, else the arms of figures that only their place assigned."""
    pair = found[ratio].comparison or ()
    figures = [_figure_of(found, members, arm, found[ratio].statistic) for arm in pair]
    if len(pair) != 2 or figures[0] is None or figures[1] is None or not _against(found[ratio], found[figures[0]], found[figures[1]]):
        return
    if not settled:
        found[ratio] = msgspec.structs.replace(found[ratio], comparison=pair[::-1])
        return
    benefit = (_number(found[ratio].value) or 0) < 1 and found[ratio].statistic == "hazard-ratio"
    for k, arm in zip(figures, pair[::-1], strict=True):
        if k is not None and benefit and not any(_told(found[j]) for j in figures if j is not None):
            found[k] = msgspec.structs.replace(found[k], arm=arm)


def _told(fact: Estimate) -> bool:
    return any(e.slot == "arm" for e in fact.evidence)


def _figure_of(found: list[Estimate], members: list[int], arm: str, statistic: str) -> int | None:
    """The median (else the rate) of one arm, where there is exactly one."""
    for kind in ("median", "rate") if statistic == "hazard-ratio" else ("rate",):
        own = [k for k in members if found[k].statistic == kind and found[k].arm == arm]
        if own:
            return own[0] if len(own) == 1 else None
    return None


def _against(ratio: Estimate, first: Estimate, second: Estimate) -> bool:
    """Whether a ratio favours the arm whose figure is the worse one."""
    value, left, right = _number(ratio.value), _size(first), _size(second)
    if value is None or value <= 0 or left is None or right is None or first.statistic != second.statistic or first.unit != second.unit:
        return False
    if ratio.endpoint in _SOON or (ratio.statistic == "hazard-ratio" and not TIMED.search(ratio.endpoint)):
        return False
    better = left - right if math.isfinite(left) or math.isfinite(right) else 0.0
    favours = -math.log(value) if ratio.statistic == "hazard-ratio" else math.log(value)
    return abs(favours) > 0.02 and better * favours < 0


def _size(fact: Estimate) -> float | None:
    return math.inf if fact.value == "NR" else _number(fact.value)
