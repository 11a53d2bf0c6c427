"""Stage 4g: a study told by another one's design: "GLOW did the same with CAPOX"."""

from __future__ import annotations

from kg_build.reading.arms import Arms
from kg_build.reading.context import Reading
from kg_build.reading.patterns import lazy
from kg_build.reading.regimens import regimens

_SAME = lazy(
    r"\b(?:did|does|do|tested|tests|tried|tries|evaluated|studied|compared|compares|assessed|repeated|repeats)\s(?:exactly\s|much\s|just\s)?the\ssame\b"
    r"(?:\s(?:antibody|drug|agent|medicine|molecule|comparison|question|approach|thing|treatment|design|experiment))?[^.;]{0,24}?"
    r"\s(?:with|plus|on\stop\sof|alongside)\s(?:the\s)?"
)


def same_design(reading: Reading, units: list[int], model: Arms) -> Arms | None:
    """The arms of another study with the partners that this one puts in the place of those that all its arms share."""
    shared = model.common
    for start, end in (reading.document.units[unit] for unit in units) if shared else ():
        match = _SAME.search(reading.text, start, end)
        found = regimens(reading, match.end(), end, either=False) if match else []
        if match and found and found[0].span[0] - match.end() < 4:
            twin = model.without_sizes()
            for view in twin.views:
                view.regimen = (*(n for n in view.regimen if n not in shared), *found[0].names)
                view.evidence.append(reading.evidence("regimen", found[0].span))
            return twin
    return None
