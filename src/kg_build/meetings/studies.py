"""Arms: which registered arm of its study an arm of a text is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from kg_build.meetings.quads import Quad, quad
from kg_build.rdf.keys import ArmKey


def same_arms(keys: list[ArmKey]) -> dict[str, str]:
    """Arm of a text -> the one registered arm of its study that it is; two that fit are none.

    By regimen; else by more or fewer agents told; else as the control; else as the last left of as many arms.
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
    for fits in (_equal, _included, _controls):
        free = [arm for arm in registered if arm.statement not in found.values()] if fits is not _equal else registered
        open_ = [arm for arm in told if arm.statement not in found]
        found |= _one_to_one(open_, free, fits)
    left = [arm for arm in told if arm.statement not in found]
    free = [arm for arm in registered if arm.statement not in found.values()]
    if (
        len(left) == len(free) == 1
        and len(told) == len(registered) > 1
        and not (left[0].agents and free[0].agents and _strange(left[0], free[0]))
    ):
        found[left[0].statement] = free[0].statement
    return found


def _one_to_one(told: list[ArmKey], registered: list[ArmKey], fits: Callable[[ArmKey, ArmKey], bool]) -> dict[str, str]:
    """Pairs in which each fits the other alone; several texts' arms of one regimen may be one registered arm."""
    pairs = [(arm, [other for other in registered if fits(arm, other)]) for arm in told]
    single = [(arm, others[0]) for arm, others in pairs if len(others) == 1]
    taken = [other.statement for _, other in single]
    return {arm.statement: other.statement for arm, other in single if fits is _equal or taken.count(other.statement) == 1}


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
