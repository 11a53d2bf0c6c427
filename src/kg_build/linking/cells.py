"""Cells told by their targets alone ("autologous CD19 CAR-T cells"): no product, but the class of cells against a target."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg_build.lexicon import Lexicon


class Meant(NamedTuple):
    """Keys of a name without unknown parts, and the rule that found them."""

    keys: tuple[str, ...]
    rule: str


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CAR = re.compile(r"(?<![a-z])u?car[\s.-]*t(?![a-z])|(?<![a-z])u?cart(?![a-z])|\bchimeric antigen receptors?\b")
_OF_CELLS = re.compile(
    r"\b(?:autologous|allogene?ic|universal|donor-derived|humani[sz]ed|murine|anti-?|target(?:ed|ing)?|directed|specific|redirected|modified"
    r"|engineered|gene-modified|(?:gd)?t[\s-]?(?:cells?|lymphocytes?)|cells?|lymphocytes?|therapy|infusion|injection|suspension|product)\b"
)
_LISTED = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+")


def directed_cells(folded: str, lexicon: Lexicon) -> Meant | None:
    """CAR-T cells told by their targets alone ("autologous CD19 CAR-T cells") are the class of cells against each of them."""
    text, cars = _CAR.subn(" ", _BRACKETS.sub(" ", folded))
    if not cars:
        return None
    named = [part.strip(" -.") for part in _LISTED.split(_OF_CELLS.sub(" ", text))]
    if not any(named):
        return Meant(("class:car-t-cell-therapy",), "class")
    classes = _cell_classes(lexicon)
    keys = [classes.get(row.key) if (row := lexicon.targets.find(name)) else None for name in named if name]
    return None if None in keys else Meant(tuple(sorted({key for key in keys if key})), "class")


@lru_cache(maxsize=8)
def _cell_classes(lexicon: Lexicon) -> dict[str, str]:
    """Target -> class of the CAR-T cells against it alone."""
    cells = [row for row in lexicon.classes.by_key.values() if "car-t-cell-therapy" in row.broader and len(row.targets) == 1]
    return {row.targets[0]: f"class:{row.key}" for row in cells}
