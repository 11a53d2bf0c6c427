"""Who took part: baseline characteristics, and how many started, completed and left -> parts of facts.Trial."""

from __future__ import annotations

from collections.abc import Iterator

from kg_build.parts import BaselineValue, Evidence, FlowCount
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.figures import Printed, row_statistic, row_unit
from kg_build.sources.ctgov.groups import BASELINE, FLOW, Groups, Size, participants
from kg_build.sources.ctgov.values import Ids, count, limit, number, plain, words


def baseline_values(module: layout.Baseline, groups: Groups) -> Iterator[BaselineValue]:
    """Each figure of the baseline table; rows whose value is no number ("NA") keep it in `printed` alone."""
    ids = Ids()
    whole = participants(module.denoms, BASELINE)
    for m, measure in enumerate(module.measures):
        path = f"{BASELINE}/measures/{m}"
        sizes = {**whole, **participants(measure.denoms, path)}
        for c, block in enumerate(measure.classes):
            block_path = f"{path}/classes/{c}"
            counted = {**sizes, **participants(block.denoms, block_path)}
            for k, category in enumerate(block.categories):
                label = ", ".join(title for title in (block.title, category.title) if title) or None
                for r, row in enumerate(category.measurements):
                    spot = Printed(f"{block_path}/categories/{k}/measurements/{r}")
                    yield _value(module, measure, groups, label, row, spot, counted.get(row.group_id), ids)


def _value(
    module: layout.Baseline,
    measure: layout.BaselineMeasure,
    groups: Groups,
    label: str | None,
    row: layout.Measurement,
    printed: Printed,
    size: Size | None,
    ids: Ids,
) -> BaselineValue:
    unit = row_unit(measure.unit_of_measure, printed)
    statistic = row_statistic(measure.param_type, unit, printed)
    value = number(printed.take("value", row.value, "value"))
    ends = printed.pair("range", row.lower_limit, row.upper_limit, "lowerLimit", "upperLimit")
    if row.spread and not ends:
        ends = (limit(printed.take("range.low", row.spread, "spread")), None)
    if size:
        printed.take("n", size.printed, size.path)
    notes = map(plain, (measure.population_description or module.population_description, measure.description, row.comment))
    return BaselineValue(
        id=ids.new(f"{measure.title} {label or ''} {row.group_id}"),
        title=measure.title or "x",
        group=groups.find("baseline", row.group_id),
        category=label,
        statistic=statistic,
        value=value,
        unit=unit,
        range=ends,
        dispersion=words(measure.dispersion_type) if ends else None,
        n=count(size.printed) if size else None,
        population=" | ".join(filter(None, notes)) or None,
        evidence=printed.evidence(),
        printed=printed.strings,
    )


# ---- participant flow ---------------------------------------------------------------------------------------------------------------


def flow_counts(flow: layout.Flow, groups: Groups) -> Iterator[FlowCount]:
    """Participants of each group at each milestone of each period, then why they left; rows without a number are left out."""
    ids = Ids()
    for p, period in enumerate(flow.periods):
        title = period.title or "x"
        for m, stone in enumerate(period.milestones):
            path = f"{FLOW}/periods/{p}/milestones/{m}/achievements"
            yield from _counts(title, _milestone(stone.type), None, stone.comment, stone.achievements, path, groups, ids)
        for d, left in enumerate(period.drop_withdraws):
            path = f"{FLOW}/periods/{p}/dropWithdraws/{d}/reasons"
            yield from _counts(title, "not completed", left.type, left.comment, left.reasons, path, groups, ids)


def _milestone(name: str | None) -> str:
    """The registry's own milestones in words; a study's own as it names them."""
    return name.casefold() if name in {"STARTED", "COMPLETED", "NOT COMPLETED"} else name or "x"


def _counts(
    period: str,
    milestone: str,
    reason: str | None,
    remark: str | None,
    rows: tuple[layout.Achievement, ...],
    path: str,
    groups: Groups,
    ids: Ids,
) -> Iterator[FlowCount]:
    for place, row in enumerate(rows):
        participants_ = count(row.num_subjects)
        if participants_ is not None and row.num_subjects:
            yield FlowCount(
                id=ids.new(f"{period} {milestone} {reason or ''} {row.group_id}"),
                period=period,
                milestone=milestone,
                reason=reason,
                group=groups.find("flow", row.group_id),
                count=participants_,
                comment=" | ".join(filter(None, map(plain, (remark, row.comment)))) or None,
                evidence=(Evidence(slot="count", path=f"{path}/{place}/numSubjects"),),
                printed={"count": row.num_subjects},
            )
