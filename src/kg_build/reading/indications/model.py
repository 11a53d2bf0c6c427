"""What an indication says."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg_build.reading.document import Span


@dataclass
class Indication:
    """Who has what disease, at which stage, after what, with which markers; with the spans it says it in.

    `history` holds the clauses on earlier treatment word for word; what they name also stands in `prior_therapies` and `prior_lines_min`.
    """

    condition: str | None = None
    condition_span: Span | None = None
    setting: str | None = None
    population: str | None = None
    prior_lines_min: int | None = None
    prior_lines_printed: str | None = None
    prior_therapies: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    spans: list[tuple[str, Span]] = field(default_factory=list)
