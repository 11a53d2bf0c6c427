"""One act told twice: whether two decisions are the same, and what both tellings say together."""

from __future__ import annotations

from collections.abc import Sized

import msgspec

from kg_build.facts import Decision
from kg_build.reading.context import Reading
from kg_build.reading.frames.alike import Diseases

_REFINES = {
    ("approved", "accelerated-approval"),
    ("approved", "conditional-approval"),
    ("label-expansion", "approved"),
    ("approved", "emergency-authorization"),
    ("label-expansion", "accelerated-approval"),
    ("label-expansion", "conditional-approval"),
    ("rejected", "complete-response"),
    ("rejected", "negative-opinion"),
    ("label-update", "label-restriction"),
    ("under-review", "priority-review"),
    ("submitted", "priority-review"),
    ("submitted", "under-review"),
}
"""A status and the more exact one that the same act may be told with."""
_AGENCY_OF = {"CHMP": "EMA", "PRAC": "EMA", "COMP": "EMA", "CDE": "NMPA", "European Commission": "EC"}
_REPEATED = ("complete-response", "rejected", "submitted")
"""What happens to one use again and again."""
_MANY = 80
_LOOK_BACK = 60
"""A retold act is sought among so many decisions on an agent."""


class Tellings:
    """The decisions of a text while its sentences tell them again and again."""

    def __init__(self, reading: Reading) -> None:
        self.diseases = Diseases(reading)
        self.merged: list[Decision] = []
        self._headline: list[bool] = []
        self._of_agent: dict[str, list[int]] = {}

    def tell(self, decision: Decision, headline: bool) -> None:
        """Adds a telling: to the decision it tells again, or as a new one."""
        candidates = sorted({i for name in decision.regimen for i in self._of_agent.get(name, [])[:_LOOK_BACK]})
        at = next((i for i in candidates if self.same_act(self.merged[i], decision)), None)
        if at is None:
            at = len(self.merged)
            told = [self.merged[i] for i in candidates if _told_once(self.merged[i], decision)]
            refined = next((b.status for b in told if (decision.status, b.status) in _REFINES), decision.status)
            self.merged.append(msgspec.structs.replace(decision, status=refined))
            self._headline.append(headline)
        else:
            first = self.merged[at]
            self.merged[at] = self._together(decision, first) if self._headline[at] and not headline else self._together(first, decision)
            self._headline[at] = self._headline[at] and headline
        for name in self.merged[at].regimen:
            if at not in self._of_agent.setdefault(name, [])[:_LOOK_BACK]:
                self._of_agent[name].append(at)

    def decisions(self) -> list[Decision]:
        """What was told; a headline that the text below spells out in other words is no decision of its own."""
        told = [d for d, headline in zip(self.merged, self._headline, strict=True) if not headline]
        return [
            d
            for d, headline in zip(self.merged, self._headline, strict=True)
            if not headline
            or not any(_same_place(d, b) and _same_status(d, b) and set(d.regimen) & set(b.regimen) for b in told[:_LOOK_BACK])
        ]

    def same_act(self, a: Decision, b: Decision) -> bool:
        """Whether two decisions are one act told twice."""
        if not (_same_place(a, b) and _same_status(a, b)) or a.designation != b.designation:
            return False
        if _told_once(a, b) or (a.status != b.status and a.assertion != b.assertion and "pending" in (a.assertion, b.assertion)):
            return False
        if a.status != b.status and (
            "conversion" in (a.change_type, b.change_type)
            or (a.status not in _REPEATED and b.status not in _REPEATED and (a.assertion == "background") != (b.assertion == "background"))
        ):
            return False
        if a.status == b.status and a.status in _REPEATED and (a.assertion == "background") != (b.assertion == "background"):
            return False
        if a.date and b.date and not a.date.startswith(b.date) and not b.date.startswith(a.date):
            return False
        left, right = set(a.regimen), set(b.regimen)
        if left != right and (a.change_type != b.change_type or (a.assertion == "background") != (b.assertion == "background")):
            return False
        return (left <= right or right <= left) and self.diseases.alike(a.condition, b.condition)

    def _together(self, a: Decision, b: Decision) -> Decision:
        """Two tellings as one, with the disease that is told more exactly."""
        both = joined(a, b)
        if a.condition and b.condition and self.diseases.more_telling(b.condition, a.condition):
            return msgspec.structs.replace(both, condition=b.condition)
        return both


def _same_place(a: Decision, b: Decision) -> bool:
    left, right = _agency(a), _agency(b)
    if left and right and left != right:
        return False
    return a.jurisdiction == b.jurisdiction or (left is not None and left == right)


def _agency(decision: Decision) -> str | None:
    """Whose decision it is, however the text spells the name."""
    name = decision.regulator
    return name and _AGENCY_OF.get(name, name).casefold()


def _same_status(a: Decision, b: Decision) -> bool:
    return a.status == b.status or (a.status, b.status) in _REFINES or (b.status, a.status) in _REFINES


def _told_once(a: Decision, b: Decision) -> bool:
    """Whether two decisions come from one act on several indications."""
    places = [{e.start for e in d.evidence if e.slot == "status"} for d in (a, b)]
    return bool(places[0] & places[1])


def joined(a: Decision, b: Decision) -> Decision:
    """Two tellings of one act: every slot from the first that has it, the longer regimen, the more exact status and date."""
    values = {}
    for name in a.__struct_fields__:
        left, right = getattr(a, name), getattr(b, name)
        values[name] = left if left not in (None, (), {}) else right
    values["status"] = b.status if (a.status, b.status) in _REFINES else a.status
    values["evidence"] = tuple(dict.fromkeys([*a.evidence, *b.evidence])) if len(a.evidence) < _MANY else a.evidence
    values["confidence"], values["printed"] = max(a.confidence, b.confidence), a.printed | b.printed
    if "headline" in (a.salience, b.salience):
        values["salience"], values["assertion"] = "headline", "asserted"
    for name in ("regimen", "prior_therapies", "setting", "date"):
        values[name] = _longer(getattr(a, name), getattr(b, name))
    return msgspec.structs.replace(a, **values)


def _longer(a: Sized | None, b: Sized | None) -> Sized | None:
    """The longer of two values, the first where they are equally long."""
    return b if b is not None and (a is None or len(b) > len(a)) else a
