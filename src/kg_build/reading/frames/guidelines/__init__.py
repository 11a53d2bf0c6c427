"""Recommendations of guideline bodies.

bodies    whose guideline a sentence speaks of
marks     grades and classes as printed: "category 2A", "[I, A]", "other recommended"
joints    how the names of a sentence are joined
listed    which names of a sentence are one regimen, which are several
grading   which grade belongs to which regimen
cues      recommended, refused or merely mentioned
phrases   what words tell of disease, setting and markers
places    those beside the regimen, in its lead, in the headings above, put together
sections  the walk through a text: headings, lists, who speaks
grids     tables: a row names a regimen, a column a body or a grade
drafts    what the walk leaves, made facts of
"""

from __future__ import annotations

from kg_build.reading.frames.guidelines.sections import read_recommendations

__all__ = ["read_recommendations"]
