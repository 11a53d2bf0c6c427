"""Outcome measures and their figures: value rows and analyses -> facts.Estimate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from kg_build import terms
from kg_build.facts import Analysis, Estimate, Evidence, OutcomeMeasure, Statistic
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.endpoints import assessor, read_title, short
from kg_build.sources.ctgov.figures import Pair, Printed, interval_level, row_statistic, row_unit
from kg_build.sources.ctgov.groups import OUTCOMES, Groups, Size, participants
from kg_build.sources.ctgov.values import Ids, count, date, limit, number, p_value, plain, words

_MEAN = r"(?:ls|lsm|means?|lsmeans?|least squares?)"
_PARAMETERS: tuple[tuple[str, Statistic], ...] = (
    (r"\bhazards? ratio|^hr$|^cox\b", "hazard-ratio"),
    (r"\bodds ratio|^or$", "odds-ratio"),
    (r"\brisk ratio|\brelative risk\b(?! reduction)|^rr$", "risk-ratio"),
    (r"\bratio of (?:\w+ )*(?:rates?|proportions?|risks?)$", "risk-ratio"),
    (r"\brisk reduction", "risk-reduction"),
    (r"\bmedian diff|\bdiff\w* (?:in|of|between) (?:the )?medians?\b|\bhodges", "median-difference"),
    (rf"\b{_MEAN}\b.*\bdiff|\bdiff\w* (?:in|of|between) .*\b{_MEAN}\b", "mean-difference"),
    (r"\bdiff", "difference"),
    (r"^(?:least squares? mean|ls mean)s?$", "least-squares-mean"),
    (r"^geometric mean$", "geometric-mean"),
    (r"^mean$", "mean"),
    (r"^median$", "median"),
)
PARAMETERS = tuple((re.compile(pattern), statistic) for pattern, statistic in _PARAMETERS)
"""Folded free text of an analysis' paramType -> statistic, first match; what fits none is "other"."""

_NOT_REACHED = re.compile(r"\bmedian\b[^.;]*\bnot (?:yet )?(?:been )?(?:reached|met)|^(?:na ?= ?)?not (?:yet )?reached", re.IGNORECASE)
_NOT_ESTIMABLE = re.compile(
    r"^(?:na ?[=:-]? ?)?(?:the )?(?:(?:median|mean|geometric mean|data|value)\b[^.;]{0,60}?)?"
    r"(?:not (?:be )?(?:estimable|evaluable|calculable)|could not be (?:estimated|calculated|determined))",
    re.IGNORECASE,
)
_SIDES = re.compile(r"\b(one|two|1|2)[ -](?:sided|tailed)", re.IGNORECASE)
_P_SIDES = re.compile(_SIDES.pattern + r"[ -](?:stratified |unstratified |nominal )?p\b", re.IGNORECASE)
DIFFERENCES = {"difference", "mean-difference", "median-difference"}
NEAR, NEARER = 0.1, 0.01
"""A difference is that of two printed figures when it is so near in proportion: models adjust it, rounding moves it. Of several rows
(visits) one may be near by chance."""
VISITS = 20
CI_SIDES = {"ONE_SIDED": 1, "TWO_SIDED": 2}
ROLES = {"PRIMARY": "primary", "SECONDARY": "secondary", "OTHER_PRE_SPECIFIED": "other", "POST_HOC": "post-hoc"}


class Outcome(NamedTuple):
    """A reported outcome measure at hand: its place, its JSON, its definition and short names."""

    number: int
    reported: layout.Outcome
    measure: OutcomeMeasure

    @property
    def path(self) -> str:
        """JSON Pointer of the outcome measure."""
        return f"{OUTCOMES}/{self.number}"

    @property
    def endpoint(self) -> str:
        """Short standard name, else the title."""
        return self.measure.endpoint or self.measure.title

    def shared(self, trial: str) -> dict[str, Any]:
        """Slots that all estimates of this outcome measure share."""
        said = read_title(self.measure.title)
        return {
            "trial": trial,
            "endpoint": self.endpoint,
            "population": said.population,
            "timepoint": said.timepoint,
            "assessment": self.measure.assessment,
            "outcome_measure": self.measure.id,
        }


# ---- value rows -------------------------------------------------------------------------------------------------------------------


def row_estimates(trial: str, outcome: Outcome, groups: Groups) -> Iterator[Estimate]:
    """One estimate for each value that an outcome measure reports."""
    whole = participants(outcome.reported.denoms, outcome.path)
    for c, block in enumerate(outcome.reported.classes):
        block_path = f"{outcome.path}/classes/{c}"
        sizes = {**whole, **participants(block.denoms, block_path)}
        for k, category in enumerate(block.categories):
            label = ", ".join(title for title in (block.title, category.title) if title) or None
            for m, row in enumerate(category.measurements):
                path = f"{block_path}/categories/{k}/measurements/{m}"
                slots = {**outcome.shared(trial), **_whose(outcome, groups, row.group_id), "category": label}
                yield _row(outcome, slots, row, path, sizes.get(row.group_id))


def _whose(outcome: Outcome, groups: Groups, local_id: str | None) -> dict[str, str | None]:
    """The group of a row, and which part of an arm it is, where the outcome measure reports several parts of one arm."""
    section = f"outcome/{outcome.number}"
    known = (read_title(outcome.measure.title).population, groups.part(section, local_id))
    return {"arm": groups.find(section, local_id), "population": "; ".join(filter(None, known)) or None}


def _row(outcome: Outcome, slots: dict[str, Any], row: layout.Measurement, path: str, size: Size | None) -> Estimate:
    reported, printed = outcome.reported, Printed(path)
    unit = row_unit(reported.unit_of_measure, printed)
    statistic = row_statistic(reported.param_type, unit, printed)
    comment = plain(row.comment)
    value = number(printed.take("value", row.value, "value"))
    level = interval_level(reported.dispersion_type)
    ends = printed.pair("ci" if level else "range", row.lower_limit, row.upper_limit, "lowerLimit", "upperLimit")
    if level and ends:
        printed.strings["ci_level"] = f"{level:g}"
    if row.spread and not ends:
        ends = (limit(printed.take("range.low", row.spread, "spread")), None)
    if size:
        printed.take("n", size.printed, size.path)
    return Estimate(
        **slots,
        statistic=statistic,
        value=value if value is not None else _mark(row.value, comment, statistic),
        unit=unit,
        ci_level=level if ends else None,
        ci=ends if level else None,
        range=None if level else ends,
        dispersion=None if level or not ends else reported.dispersion_type,
        n=count(size.printed) if size else None,
        outcome=comment,
        evidence=printed.evidence(),
        printed=printed.strings,
    )


def _mark(value: str | None, comment: str | None, statistic: Statistic) -> Literal["NR", "NE"] | None:
    """NR or NE for a value "NA" whose comment says so of the value itself; else nothing."""
    if value != "NA" or not comment:
        return None
    if statistic == "median" and _NOT_REACHED.search(comment):
        return "NR"
    return "NE" if _NOT_ESTIMABLE.search(comment) else None


# ---- analyses ---------------------------------------------------------------------------------------------------------------------


def analyses(trial: str, outcome: Outcome, groups: Groups, ids: Ids) -> Iterator[tuple[Analysis, Estimate]]:
    """Each statistical analysis of an outcome measure, with its figure; groups as arm, reference where their roles tell."""
    table = _table(outcome.reported) if outcome.reported.analyses else []
    for number_, reported in enumerate(outcome.reported.analyses):
        path = f"{outcome.path}/analyses/{number_}"
        analysis = _analysis(outcome, reported, path, ids)
        yield analysis, _estimate(trial, outcome, groups, reported, analysis, path, table)


def _analysis(outcome: Outcome, reported: layout.Analysis, path: str, ids: Ids) -> Analysis:
    remarks = (
        reported.group_description,
        reported.statistical_comment,
        reported.p_value_comment,
        reported.estimate_comment,
        reported.ci_lower_limit_comment,
        reported.ci_upper_limit_comment,
        reported.other_analysis_description,
        reported.non_inferiority_comment,
    )
    return Analysis(
        id=ids.new(f"{outcome.measure.title[:60]} {reported.param_type or reported.statistical_method or 'analysis'}"),
        analysis_population=plain(outcome.reported.population_description),
        method=reported.statistical_method,
        hypothesis=words(reported.non_inferiority_type),
        description=" | ".join(filter(None, map(plain, remarks))) or None,
        evidence=(Evidence(slot="analysis", path=path),),
    )


def _estimate(
    trial: str, outcome: Outcome, groups: Groups, reported: layout.Analysis, analysis: Analysis, path: str, table: Table
) -> Estimate:
    printed = Printed(path)
    ends = printed.pair("ci", reported.ci_lower_limit, reported.ci_upper_limit, "ciLowerLimit", "ciUpperLimit")
    statistic = _analysed(reported, ends)
    told = subtracted(table, reported) if statistic in DIFFERENCES else None
    sides = tuple(g for local in told or reported.group_ids if (g := groups.find(f"outcome/{outcome.number}", local)))
    sides = sides if told else groups.oriented(sides)
    spread = limit(printed.take("range.low", reported.dispersion_value, "dispersionValue"))
    if statistic == "other" and reported.param_type:
        printed.strings["statistic"] = reported.param_type
    return Estimate(
        **outcome.shared(trial),
        statistic=statistic,
        arm=sides[0] if len(sides) == 1 else None,
        comparison=sides if len(sides) > 1 else None,
        value=number(printed.take("value", reported.param_value, "paramValue")),
        unit="ratio" if statistic in {"hazard-ratio", "odds-ratio", "risk-ratio"} else None,
        ci_level=number(printed.take("ci_level", reported.ci_pct_value, "ciPctValue")) if ends else None,
        ci=ends,
        ci_sided=CI_SIDES.get(reported.ci_num_sides or "") if ends else None,
        p=p_value(printed.take("p", reported.p_value, "pValue")),
        p_sided=_p_sides(reported),
        p_test=reported.statistical_method,
        range=(spread, None) if spread is not None else None,
        dispersion=words(reported.dispersion_type) if spread is not None else None,
        outcome={"other": reported.param_type, "outcome": analysis.description}.get(statistic),
        analysis=analysis.id,
        evidence=printed.evidence("outcome"),
        printed=printed.strings,
    )


Table = list[dict[str | None, float | None]]
"""The figures of an outcome measure: row by row, group -> number."""


def subtracted(table: Table, analysis: layout.Analysis) -> tuple[str, str] | None:
    """Ids of the two groups of a difference, minuend first, where their own figures tell: some registrants print control minus active."""
    value = number(analysis.param_value)
    if not value or len(analysis.group_ids) != 2:
        return None
    first, second = analysis.group_ids
    pairs = [(row.get(first), row.get(second)) for row in table]
    apart = [x - y for x, y in pairs if x is not None and y is not None]
    near = abs(value) * (NEAR if len(apart) == 1 else NEARER)
    told = {sides for d in apart for sides, side in (((first, second), d), ((second, first), -d)) if abs(side - value) <= near}
    return told.pop() if len(told) == 1 else None


def _table(outcome: layout.Outcome) -> Table:
    """The figures, unless they are so many that one may be near by chance."""
    categories = [category for block in outcome.classes for category in block.categories]
    if len(categories) > VISITS:
        return []
    return [{row.group_id: number(row.value) for row in category.measurements} for category in categories]


def _analysed(reported: layout.Analysis, ci: Pair | None) -> Statistic:
    """What an analysis gives: a parameter, a p-value alone, or words alone ("the model did not converge")."""
    if reported.param_type or reported.param_value:
        return parameter(reported.param_type)
    if ci or reported.dispersion_value:
        return "other"
    return "p-value" if reported.p_value else "outcome"


def parameter(param_type: str | None) -> Statistic:
    """Statistic of an analysis from its free-text name.

    >>> parameter("Hazard Ratio (HR)"), parameter("Difference in LSM"), parameter("Slope")
    ('hazard-ratio', 'mean-difference', 'other')
    """
    text = terms.fold(param_type or "")
    return next((statistic for pattern, statistic in PARAMETERS if pattern.search(text)), "other")


def _p_sides(reported: layout.Analysis) -> int | None:
    """One- or two-sided, only where the p-value, its comment, its test or a remark on it says so; the interval's sides do not count."""
    own = " ".join(filter(None, (reported.p_value, reported.p_value_comment, reported.statistical_method)))
    remarks = " ".join(filter(None, (reported.statistical_comment, reported.estimate_comment, reported.group_description)))
    found = {match[1].casefold() for match in (*_SIDES.finditer(own), *_P_SIDES.finditer(remarks))}
    sides = {1 if word in {"one", "1"} else 2 for word in found}
    return sides.pop() if len(sides) == 1 else None


# ---- outcome measures ---------------------------------------------------------------------------------------------------------------


def outcome_measures(outcomes: layout.Outcomes, results: layout.Results | None) -> tuple[OutcomeMeasure, ...]:
    """Definitions of all outcome measures: the reported ones in order, then the planned ones that are not among them."""
    ids = Ids()
    reported = results.outcome_measures_module.outcome_measures if results else ()
    measures = [_measure(ids, ROLES.get(o.type or ""), o, f"{OUTCOMES}/{number_}") for number_, o in enumerate(reported)]
    seen = {terms.fold(m.title) for m in measures}
    lists = (("primary", outcomes.primary_outcomes), ("secondary", outcomes.secondary_outcomes), ("other", outcomes.other_outcomes))
    for role, planned in lists:
        for number_, o in enumerate(planned):
            if terms.fold(o.measure or "") not in seen:
                path = f"/protocolSection/outcomesModule/{role}Outcomes/{number_}"
                measures.append(_measure(ids, role, o, path))
    return tuple(measures)


def _measure(ids: Ids, role: str | None, defined: layout.Outcome | layout.PlannedOutcome, path: str) -> OutcomeMeasure:
    reported = defined if isinstance(defined, layout.Outcome) else layout.Outcome(title=defined.measure)
    name = reported.title or "x"
    description = plain(defined.description)
    return OutcomeMeasure(
        id=ids.new(name),
        title=name,
        role=role,  # type: ignore[arg-type]
        endpoint=short(name),
        assessment=assessor(name, description),
        time_frame=defined.time_frame,
        unit=reported.unit_of_measure,
        population=plain(reported.population_description),
        results_expected=date(reported.anticipated_posting_date),
        description=description,
        evidence=(Evidence(slot="title", path=path),),
    )
