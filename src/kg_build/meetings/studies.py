"""Studies: which registered arm an arm of a text is, and where accounts of one study contradict each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations

from kg_build.meetings.quads import Quad, conflict, quad
from kg_build.rdf.keys import ArmKey, StudyKey


def same_arms(keys: list[ArmKey]) -> dict[str, str]:
    """Arm of a text -> the one registered arm of its study that it is; two that fit are none.

    As the placebo; by regimen; by more or fewer agents told; as the control; as the last left of as many arms: each where one fits one.
    """
    registered = [key for key in keys if key.registered]
    texts: dict[str, list[ArmKey]] = defaultdict(list)
    for key in keys:
        if not key.registered:
            texts[key.record].append(key)
    found: dict[str, str] = {}
    for told in texts.values():
        found |= _of_text(told, registered)
    return found


def arm_quads(same: dict[str, str]) -> Iterator[Quad]:
    """`kg:sameArm` of each."""
    return (quad(arm, "sameArm", f"<{registered}>") for arm, registered in sorted(same.items()))


def _of_text(told: list[ArmKey], registered: list[ArmKey]) -> dict[str, str]:
    found: dict[str, str] = {}
    for fits in (_placebos, _equal, _included, _controls):
        free = [arm for arm in registered if arm.statement not in found.values()]
        if fits is _included:
            found |= _pieces([arm for arm in told if arm.statement not in found], free)
        found |= _one_to_one([arm for arm in told if arm.statement not in found], free, fits)
    left = [arm for arm in told if arm.statement not in found]
    free = [arm for arm in registered if arm.statement not in found.values()]
    if len(left) == len(free) == 1 and len(told) == len(registered) > 1 and not _strange(left[0], free[0]):
        found[left[0].statement] = free[0].statement
    return found


def _pieces(told: list[ArmKey], registered: list[ArmKey]) -> dict[str, str]:
    """Arms of a text that together are one registered arm: an enumeration of its agents told, or read, as several."""
    found: dict[str, str] = {}
    for arm in registered:
        parts = [other for other in told if other.agents and set(other.agents) < set(arm.agents)]
        agents = sorted(agent for part in parts for agent in part.agents)
        if len(parts) > 1 and agents == sorted(arm.agents):
            found |= {part.statement: arm.statement for part in parts}
    return found


def _one_to_one(told: list[ArmKey], registered: list[ArmKey], fits: Callable[[ArmKey, ArmKey], bool]) -> dict[str, str]:
    """Pairs in which each fits the other alone, or better; several texts' arms of one regimen may be one registered arm."""
    pairs = [(arm, [other for other in registered if fits(arm, other)]) for arm in told]
    wanted: dict[str, list[ArmKey]] = defaultdict(list)
    for arm, others in pairs:
        if len(others) == 1:
            wanted[others[0].statement].append(arm)
    if fits is _equal:
        return {arm.statement: other for other, arms in wanted.items() for arm in arms}
    best = {other: [arm for arm in arms if len(arm.agents) == max(len(a.agents) for a in arms)] for other, arms in wanted.items()}
    return {arms[0].statement: other for other, arms in best.items() if len(arms) == 1}


def _placebos(a: ArmKey, b: ArmKey) -> bool:
    """An arm told as placebo alone is the one with a placebo, whatever both arms are given besides."""
    return a.placebo and b.placebo and not a.agents


def _equal(a: ArmKey, b: ArmKey) -> bool:
    return bool(a.regimen) and a.regimen == b.regimen


def _included(a: ArmKey, b: ArmKey) -> bool:
    """Some of the agents of the other, which a text leaves out or a registry does not list."""
    first, second = set(a.agents), set(b.agents)
    return bool(first and second) and (first < second or second < first)


def _controls(a: ArmKey, b: ArmKey) -> bool:
    """Both the control: by role, or because no active agent is given."""
    return (a.control or not a.agents) and (b.control or not b.agents) and not _strange(a, b)


def _strange(a: ArmKey, b: ArmKey) -> bool:
    """Whether both name agents, and none in common."""
    return bool(a.agents and b.agents) and not set(a.agents) & set(b.agents)


# ---- accounts of a study ---------------------------------------------------------------------------------------------------------

START_DAYS = 45
"""A first patient, a first site and a first visit are days apart, and all are called the start."""


def account_conflicts(keys: list[StudyKey]) -> Iterator[Quad]:
    """Conflicts on one study and slot; several values of one record, as cohorts have them, contradict nothing."""
    values: dict[str, set[str]] = defaultdict(set)
    for key in keys:
        values[key.record].add(key.value)
    for a, b in combinations(keys, 2):
        alone = len(values[a.record]) == len(values[b.record]) == 1
        if alone and a.record != b.record and _CONTRADICT[a.slot](a, b):
            yield from conflict(a.study, a.statement, b.statement, f"{a.label}: {a.value} / {b.value}")


def _phases(a: StudyKey, b: StudyKey) -> bool:
    """Phase 1/2 is both of its phases, 2b is a 2."""
    first, second = (set(re.findall(r"\d", key.value)) for key in (a, b))
    return bool(first and second) and not first & second


def _numbers(a: StudyKey, b: StudyKey) -> bool:
    """Numbers enrolled that no rounding explains; half or less is a part of the study, and what is still open may grow."""
    first, second = sorted((int(a.value), int(b.value)))
    if a.open or b.open or first == second or 2 * first <= second:
        return False
    return all(round(x, -zeros) != y for x, y in ((first, second), (second, first)) for zeros in [_zeros(y)])


def _zeros(number: int) -> int:
    text = str(number)
    return len(text) - len(text.rstrip("0"))


_ENDS = ("complet", "terminat", "withdrawn")


def _statuses(a: StudyKey, b: StudyKey) -> bool:
    """Only ends contradict each other: what one still calls recruiting the other may have seen completed."""
    first, second = (next((end for end in _ENDS if end in key.value.lower()), None) for key in (a, b))
    return first is not None and second is not None and first != second


def _starts(a: StudyKey, b: StudyKey) -> bool:
    length = min(len(a.value), len(b.value))
    if length < 10:
        first, second = (int(key.value[:4]) * 12 + int(key.value[5:7] or 1) for key in (a, b))
        return abs(first - second) > 1 if length == 7 else a.value[:4] != b.value[:4]
    return abs((date.fromisoformat(a.value) - date.fromisoformat(b.value)).days) > START_DAYS


def _ended(a: StudyKey, b: StudyKey) -> bool:
    """Ends that both records look back on; those to come are plans, which change."""
    past = all(key.known and key.value <= key.known and not key.open for key in (a, b))
    return past and _starts(a, b)


def _lines(a: StudyKey, b: StudyKey) -> bool:
    return a.value != b.value


_CONTRADICT: dict[str, Callable[[StudyKey, StudyKey], bool]] = {
    "phase": _phases,
    "enrollment": _numbers,
    "status": _statuses,
    "start_date": _starts,
    "primary_completion_date": _ended,
    "completion_date": _ended,
    "prior_lines_min": _lines,
}
