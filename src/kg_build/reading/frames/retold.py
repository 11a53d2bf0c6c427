"""One act told twice: whether two decisions are the same, and what both tellings say together."""

from __future__ import annotations

import re
from collections.abc import Sized

import msgspec

from kg_build.facts import Decision

_REFINES = {
    ("approved", "accelerated-approval"),
    ("approved", "conditional-approval"),
    ("approved", "label-expansion"),
    ("under-review", "priority-review"),
    ("submitted", "priority-review"),
    ("submitted", "under-review"),
}
"""A status and the more exact one that the same act may be told with."""
_MANY = 80


def same_act(a: Decision, b: Decision) -> bool:
    """Whether two decisions are one act told twice."""
    if (a.regulator or a.jurisdiction) != (b.regulator or b.jurisdiction) and a.jurisdiction != b.jurisdiction:
        return False
    if a.status != b.status and (a.status, b.status) not in _REFINES and (b.status, a.status) not in _REFINES:
        return False
    if _told_once(a, b) or (a.status != b.status and a.assertion != b.assertion):
        return False
    if a.designation != b.designation or (a.date and b.date and not a.date.startswith(b.date) and not b.date.startswith(a.date)):
        return False
    left, right = set(a.regimen), set(b.regimen)
    return (
        (left <= right or right <= left)
        and _alike(a.condition, b.condition)
        and not (a.assertion != b.assertion and "pending" in (a.assertion, b.assertion) and a.status == b.status)
    )


def _told_once(a: Decision, b: Decision) -> bool:
    """Whether two decisions come from one act on several indications."""
    places = [{e.start for e in d.evidence if e.slot == "status"} for d in (a, b)]
    return bool(places[0] & places[1])


def _alike(a: str | None, b: str | None) -> bool:
    """Whether two conditions may be the same disease: one's words hold the other's."""
    if not a or not b:
        return True
    left, right = (set(re.findall(r"[a-z0-9]+", re.sub(r"\b(?:cancers?|carcinoma)\b", "", c.lower()))) for c in (a, b))
    return left <= right or right <= left


def joined(a: Decision, b: Decision) -> Decision:
    """Two tellings of one act: every slot from the first that has it, the longer regimen, the more exact status and date."""
    values = {}
    for name in a.__struct_fields__:
        left, right = getattr(a, name), getattr(b, name)
        values[name] = left if left not in (None, (), {}) else right
    values["status"] = b.status if (a.status, b.status) in _REFINES else a.status
    values["evidence"] = tuple(dict.fromkeys([*a.evidence, *b.evidence])) if len(a.evidence) < _MANY else a.evidence
    values["confidence"], values["printed"] = max(a.confidence, b.confidence), a.printed | b.printed
    for name in ("regimen", "prior_therapies", "condition", "setting", "date"):
        values[name] = _longer(getattr(a, name), getattr(b, name))
    return msgspec.structs.replace(a, **values)


def _longer(a: Sized | None, b: Sized | None) -> Sized | None:
    """The longer of two values, the first where they are equally long."""
    return b if b is not None and (a is None or len(b) > len(a)) else a
