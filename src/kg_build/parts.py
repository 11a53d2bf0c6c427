"""What the facts of a study are made of: evidence, and the parts of a study that are local to its record.

Arms, groups, outcome measures and analyses are pointed to by their `id`; interventions, publications, baseline values and counts of
participants at a milestone are told by registries alone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Statistic = Literal[
    "median", "rate", "hazard-ratio", "odds-ratio", "risk-ratio", "difference", "median-difference", "mean", "mean-change",
    "mean-difference", "geometric-mean", "least-squares-mean", "number", "risk-reduction", "count", "p-value", "maturity", "outcome",
    "other",
]  # fmt: skip


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the model: immutable, empty slots left out of the JSON."""


class Evidence(Struct, frozen=True, kw_only=True):
    """Where one slot of a fact stands in its source.

    Texts: `start`/`end` in code points of the record's main text, `text[start:end] == quote`; `page` of a paged document, from 1.
    Registries: `path`, a JSON Pointer (`/resultsSection/...`) or table place (`Submissions.txt#L123`); free-text cells carry both.
    """

    slot: str
    quote: str | None = None
    start: int | None = None
    end: int | None = None
    page: int | None = None
    path: str | None = None


class Arm(Struct, frozen=True, kw_only=True):
    """A planned arm of a study; in texts `id` is A1, A2...; in registries the slug of its label."""

    id: str
    label: str | None = None
    role: str | None = None  # experimental, active comparator, placebo comparator, no intervention...
    regimen: tuple[str, ...] = ()
    n: int | None = None
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()
    printed: dict[str, str] = {}


class Group(Struct, frozen=True, kw_only=True):
    """A reported group of participants: one arm, several (pooled) or none that we could tell (unmatched, kept explicit)."""

    id: str
    label: str
    arms: tuple[str, ...] = ()
    match: Literal["matched", "pooled", "unmatched"] = "unmatched"
    n: int | None = None
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()
    printed: dict[str, str] = {}


class OutcomeMeasure(Struct, frozen=True, kw_only=True):
    """A study's own definition of an endpoint."""

    id: str
    title: str
    role: Literal["primary", "secondary", "exploratory", "other", "post-hoc"] | None = None
    endpoint: str | None = None
    assessment: str | None = None
    time_frame: str | None = None
    unit: str | None = None
    population: str | None = None  # who is counted
    results_expected: str | None = None  # when results that are not posted yet are expected
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Analysis(Struct, frozen=True, kw_only=True):
    """One look at a study's data."""

    id: str
    stage: str | None = None  # interim, primary, final, updated
    data_cut_off: str | None = None
    analysis_population: str | None = None
    median_follow_up_months: float | None = None
    method: str | None = None
    hypothesis: str | None = None  # superiority, non inferiority, equivalence...
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()
    printed: dict[str, str] = {}


class Intervention(Struct, frozen=True, kw_only=True):
    """What is given or done in a study, as its registry lists it: drugs, but also procedures, devices and tests."""

    id: str
    name: str
    kind: str | None = None  # drug, biological, procedure, behavioral...
    other_names: tuple[str, ...] = ()
    description: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Publication(Struct, frozen=True, kw_only=True):
    """An article that the registry lists with a study."""

    id: str
    citation: str
    kind: str | None = None  # result, background, derived (found by the registry)
    pmid: str | None = None
    retracted_by: tuple[str, ...] = ()  # PubMed ids of retractions
    evidence: tuple[Evidence, ...] = ()


class BaselineValue(Struct, frozen=True, kw_only=True):
    """One figure of a group's participants at the start: age, sex, stage..."""

    id: str
    title: str
    group: str | None = None  # Group.id
    category: str | None = None
    statistic: Statistic
    value: float | None = None
    unit: str | None = None
    range: tuple[float | str | None, float | str | None] | None = None
    dispersion: str | None = None
    n: int | None = None
    population: str | None = None
    evidence: tuple[Evidence, ...] = ()
    printed: dict[str, str] = {}


class FlowCount(Struct, frozen=True, kw_only=True):
    """How many participants of a group started, completed or left a period of a study, and why."""

    id: str
    period: str
    milestone: str  # started, completed, not completed, or the study's own
    reason: str | None = None  # why they left: "Adverse Event"
    group: str | None = None  # Group.id
    count: int
    comment: str | None = None
    evidence: tuple[Evidence, ...] = ()
    printed: dict[str, str] = {}
