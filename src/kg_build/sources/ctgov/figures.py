"""Rows of figures: what the registry prints in one row of a table, with where each figure stands."""

from __future__ import annotations

import re

from kg_build import terms
from kg_build.parts import Evidence, Statistic
from kg_build.sources.ctgov.values import limit

ROWS: dict[str, Statistic] = {
    "MEDIAN": "median",
    "MEAN": "mean",
    "GEOMETRIC_MEAN": "geometric-mean",
    "LEAST_SQUARES_MEAN": "least-squares-mean",
    "COUNT_OF_PARTICIPANTS": "count",
    "COUNT_OF_UNITS": "count",
    "NUMBER": "number",
}
"""paramType of an outcome measure -> statistic; others (LOG_MEAN) are "other", their name kept as printed."""
Pair = tuple[float | str | None, float | str | None]
"""Both ends of an interval; a mark ("NA") where one was printed in place of a number."""
NUMBERS: dict[str, Statistic] = {"%": "rate", "participants": "count"}
"""What a NUMBER is, by its unit."""

UNITS = {
    "months": "months",
    "month": "months",
    "years": "years",
    "weeks": "weeks",
    "days": "days",
    "participants": "participants",
    "ratio": "ratio",
}
_PERCENT = re.compile(
    r"%|percent(?:age)?|(?:%|percent(?:age)?)(?: \(%\))? of (?:all |the )?(?:\w+ )?(?:participants|patients|subjects|responders|people)"
)
_PERCENT_CI = re.compile(r"(\d+(?:\.\d+)?) ?% confidence interval")


class Printed:
    """Collects the figures of one fact as printed, and where each stands."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.strings: dict[str, str] = {}
        self.spots: list[Evidence] = []

    def take(self, slot: str, string: str | None, place: str) -> str | None:
        """Note a figure of a slot; `place` is a key below the fact's own path, or a whole pointer."""
        if string is not None:
            self.strings[slot] = string
            self.spots.append(Evidence(slot=slot.partition(".")[0], path=place if place.startswith("/") else f"{self.path}/{place}"))
        return string

    def pair(self, slot: str, low: str | None, high: str | None, low_key: str, high_key: str) -> Pair | None:
        """Note both ends of an interval."""
        ends = limit(self.take(f"{slot}.low", low, low_key)), limit(self.take(f"{slot}.high", high, high_key))
        return None if ends == (None, None) else ends

    def evidence(self, otherwise: str = "value") -> tuple[Evidence, ...]:
        """Where the figures stand; without any, the fact's own place for the slot that says why."""
        return tuple(self.spots) or (Evidence(slot=otherwise, path=self.path),)


def row_statistic(param_type: str | None, unit: str | None, printed: Printed) -> Statistic:
    """Statistic of a table by its paramType; what a NUMBER is, its unit (in the house's words) says."""
    found = ROWS.get(param_type or "")
    if found is None and param_type:
        printed.strings["statistic"] = param_type
    return NUMBERS.get(unit or "", "number") if found == "number" else found or "other"


def row_unit(name: str | None, printed: Printed) -> str | None:
    """The unit in the house's words where it has one; the registry's own stands in `printed` then."""
    if not name:
        return None
    folded = terms.fold(name)
    unit = "%" if _PERCENT.fullmatch(folded) else UNITS.get(folded, name)
    if unit != name:
        printed.strings["unit"] = name
    return unit


def interval_level(dispersion: str | None) -> float | None:
    """Level of a confidence interval that a dispersion type names."""
    match = _PERCENT_CI.match(terms.fold(dispersion or ""))
    return float(match[1]) if match else None
