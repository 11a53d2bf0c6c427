"""ClinicalTrials.gov, API v2: study records -> one Record each, with arms, groups, outcome measures, results and adverse events.

Read from files as the API answers them: a study, an array, a search page, or one study a line (see `files`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from kg_build.facts import AdverseEventRate, Analysis, Arm, Document, Estimate, Group, OutcomeMeasure, Record, Rejected, Trial
from kg_build.parts import BaselineValue, FlowCount
from kg_build.sources.ctgov import layout
from kg_build.sources.ctgov.audit import IGNORED, count_unmapped
from kg_build.sources.ctgov.events import adverse_events
from kg_build.sources.ctgov.files import NAME, Cut, cuts_of_bytes, cuts_of_file, looks_like, reject
from kg_build.sources.ctgov.groups import Groups
from kg_build.sources.ctgov.listed import interventions, publications
from kg_build.sources.ctgov.participants import baseline_values, flow_counts
from kg_build.sources.ctgov.protocol import planned_arms, trial_slots
from kg_build.sources.ctgov.results import Outcome, analyses, outcome_measures, row_estimates
from kg_build.sources.ctgov.values import Ids, day

__all__ = ["IGNORED", "NAME", "looks_like", "read", "read_bytes"]

PUBLISHER = "ClinicalTrials.gov"
LICENSE = "US government work, attribute ClinicalTrials.gov"
PAGE = "https://clinicaltrials.gov/study/"

_STUDY = msgspec.json.Decoder(layout.Study)
_CANONICAL = msgspec.json.Encoder(order="sorted")
_NCT = re.compile(r"NCT\d{8}")


def read(path: Path) -> Iterator[Record | Rejected]:
    """Records of a file; what cannot be read is a Rejected and never costs another record."""
    return map(_judge, cuts_of_file(path))


def read_bytes(data: bytes, where: str) -> Iterator[Record | Rejected]:
    """Records of a file at hand; `where` names it in what is rejected."""
    return map(_judge, cuts_of_bytes(data, where))


def _judge(cut: Cut | Rejected) -> Record | Rejected:
    if isinstance(cut, Rejected):
        return cut
    try:
        study = _STUDY.decode(cut.data)
        tree = json.loads(cut.data, object_pairs_hook=_once, parse_constant=_refuse)
        canonical = _CANONICAL.encode(tree)
    except RecursionError:
        return reject(cut.data, cut.where, "nested too deeply")
    except ValueError as error:  # also msgspec's errors, duplicate keys, bad Unicode
        return reject(cut.data, cut.where, str(error))
    nct_id = study.protocol_section.identification_module.nct_id
    if not _NCT.fullmatch(nct_id or ""):
        return reject(cut.data, cut.where, f"no NCT id: {nct_id!r}" if nct_id else "no NCT id; ask the API for NCTId too")
    return _record(study, str(nct_id), tree, hashlib.sha256(canonical).hexdigest())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, or an error where a key stands twice: which one counts would be a guess."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"key stands twice: {next(key for key in keys if keys.count(key) > 1)}")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


# ---- one study --------------------------------------------------------------------------------------------------------------------


def _record(study: layout.Study, nct_id: str, tree: dict[str, Any], sha256: str) -> Record:
    protocol = study.protocol_section
    slots = trial_slots(study)
    arms = planned_arms(protocol.arms_interventions_module)
    measures = outcome_measures(protocol.outcomes_module, study.results_section)
    results = _Results(slots["name"], study, arms, measures)
    updated = day(protocol.status_module.last_update_post_date_struct.date)
    return Record(
        source=NAME,
        id=nct_id,
        document=Document(
            title=protocol.identification_module.brief_title or protocol.identification_module.official_title,
            published=day(protocol.status_module.study_first_post_date_struct.date) or updated,
            publisher=PUBLISHER,
            sha256=sha256,
            url=PAGE + nct_id,
            license=LICENSE,
            note="hand-made" if study.hand_made else None,
            version=study.derived_section.misc_info_module.version_holder,
        ),
        known_at=updated,
        trials=(
            Trial(
                **slots,
                arms=results.arms,
                groups=results.groups,
                outcome_measures=measures,
                analyses=results.analyses,
                registered_interventions=interventions(protocol.arms_interventions_module),
                publications=publications(protocol.references_module),
                baseline=results.baseline,
                flow=results.flow,
            ),
        ),
        results=results.estimates,
        adverse_events=results.events,
        ignored={**count_unmapped(tree), **({"rows without a figure": results.silent} if results.silent else {})},
    )


class _Results:
    """What the results section gives; nothing for a study without one."""

    def __init__(self, trial: str, study: layout.Study, arms: tuple[Arm, ...], measures: tuple[OutcomeMeasure, ...]) -> None:
        section, planned = study.results_section, study.protocol_section.arms_interventions_module
        self.arms, self.groups = arms, tuple[Group, ...]()
        self.analyses, self.estimates, self.events = tuple[Analysis, ...](), tuple[Estimate, ...](), tuple[AdverseEventRate, ...]()
        self.baseline, self.flow = tuple[BaselineValue, ...](), tuple[FlowCount, ...]()
        self.silent = 0  # rows that state neither a figure nor why there is none
        if section is None:
            return
        groups = Groups(section, planned, arms)
        self.groups = groups.all
        self.arms = tuple(sized(arm, groups.all) for arm in arms)
        reported = section.outcome_measures_module.outcome_measures
        outcomes = [Outcome(number, outcome, measures[number]) for number, outcome in enumerate(reported)]
        self._figures(trial, outcomes, groups)
        self.baseline = tuple(baseline_values(section.baseline_characteristics_module, groups))
        self.flow = tuple(flow_counts(section.participant_flow_module, groups))
        events = tuple(adverse_events(trial, section.adverse_events_module, groups))
        self.events = tuple(rate for rate in events if rate.count is not None)
        self.silent += len(events) - len(self.events)

    def _figures(self, trial: str, outcomes: list[Outcome], groups: Groups) -> None:
        ids = Ids()
        found: list[Analysis] = []
        estimates: list[Estimate] = []
        for outcome in outcomes:
            estimates += row_estimates(trial, outcome, groups)
            for analysis, estimate in analyses(trial, outcome, groups, ids):
                found.append(analysis)
                estimates.append(estimate)
        self.analyses = tuple(found)
        self.estimates = tuple(e for e in estimates if "value" in e.printed or (e.value, e.ci, e.p, e.outcome) != (None, None, None, None))
        self.silent += len(estimates) - len(self.estimates)


def sized(arm: Arm, groups: tuple[Group, ...]) -> Arm:
    """An arm with the number of its participants, where the groups that are this arm and were counted at the start agree."""
    started = [
        g for g in groups if g.arms == (arm.id,) and any("/participantFlowModule/" in (e.path or "") for e in g.evidence if e.slot == "n")
    ]
    if len(started) != 1:
        return arm
    (group,) = started
    spots = tuple(e for e in group.evidence if e.slot == "n")
    return msgspec.structs.replace(arm, n=group.n, printed=group.printed, evidence=arm.evidence + spots)
