"""Where one sentence tells several indications: "X after Y and Z in adults who ...", "adults with X and children with Z"."""

from __future__ import annotations

import re
from itertools import pairwise

from kg_build.reading.document import Span
from kg_build.reading.indications.clauses import CUE, Clause
from kg_build.reading.indications.disease import Disease, part_of_molecule, stands_at
from kg_build.reading.indications.people import PEOPLE
from kg_build.reading.indications.view import View
from kg_build.reading.patterns import lazy

_JOINT = lazy(r"[,;]?\s(?=(?:and|or)\s)")
_TO_PEOPLE = lazy(rf"(?:and|or)\s(?:for\s|in\s)?{PEOPLE.pattern}\s(?:living\s|diagnosed\s)?(?:with|who\shave)\s", re.IGNORECASE)
_LISTS = ("including", "such as")
_ALTERNATIVE = lazy(r"[,;]?\sor\s(?:[•▪◦*·–-]\s?|(?=(?:are|have|has|is)\b))")


def parted(view: View, disease: Disease) -> list[Span]:
    """The stretches of a view, one an indication."""
    cuts = [m.start() for m in _JOINT.finditer(view.text, disease.end) if _opens_another(view, disease, m.end())]
    edges = [0, *cuts, len(view.text)]
    return [(a, b) for a, b in pairwise(edges) if b > a]


def _opens_another(view: View, disease: Disease, at: int) -> bool:
    """Whether the words behind "and" or "or" begin another disease, or other people with one."""
    between = view.mentions(disease.end, at, "condition")
    people = _TO_PEOPLE.match(view.text, at)
    named = view.mentions(people.end() if people else at, min(len(view.text), at + 160), "condition")
    if not named or part_of_molecule(view, *named[0][:2]):
        return False
    if people:
        return not PEOPLE.search(view.text, people.end(), named[0][0])
    cues = [m["cue"].strip().lower() for m in CUE.finditer(view.text, disease.end, at)]
    return bool(cues) and cues[-1] not in _LISTS and not between and stands_at(view, view.text.index(" ", at) + 1, named[0])


def alternatives(view: View, tail: list[Clause]) -> list[list[Clause]]:
    """The clauses of each alternative, where "or" opened an item of a list: behind a mark, or glued to its verb as lost line breaks do."""
    cut = next((m.end() for m in _ALTERNATIVE.finditer(view.text) if m[0].rstrip()[-1] != "r" or m.end() in view.glued), None)
    groups = [[c for c in tail if cut is None or c.start < cut], [c for c in tail if cut is not None and c.start >= cut]]
    return [group for group in groups if group] or [[]]
