"""Stage 7: how sure a fact is: the chance that all that identifies it is right, as measured on development texts.

A fact shows signs: what kind of rule found it, how clearly its arm was told, whether its interval agrees, whether the other arm's figure
stands beside it. Each sign has a weight in confidence.tsv, fitted by benchmarks/calibrate.py; the weights of a fact's signs, summed,
give its confidence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from kg_build.facts import AdverseEventRate, Agent, Decision, DoseSchedule, Estimate, Fact, Recommendation, Trial

TABLE = Path(__file__).with_name("confidence.tsv")
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Company:
    """What the facts of a text tell of each other."""

    trials: dict[str, Trial] = field(default_factory=dict)
    rows: Counter[tuple[object, ...]] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: dict[str, tuple[Fact, ...]]) -> Company:
        """The company that the facts of one text keep."""
        trials = {trial.name: trial for trial in lists.get("trials", ()) if isinstance(trial, Trial)}
        rows = Counter(_row(fact) for facts in lists.values() for fact in facts)
        return cls(trials, rows, {kind: len(facts) for kind, facts in lists.items()})


def _row(fact: Fact) -> tuple[object, ...]:
    """What the figures of several arms share."""
    if isinstance(fact, Estimate):
        return "results", fact.trial, fact.endpoint, fact.statistic, fact.timepoint, fact.population
    if isinstance(fact, AdverseEventRate):
        return "adverse_events", fact.trial, fact.event, fact.grade
    return (type(fact).__name__,)


# ---- signs -----------------------------------------------------------------------------------------------------------------------


def _few(count: int) -> str:
    return str(count) if count < 4 else "4+"


def _has(fact: Fact, *slots: str) -> Iterator[str]:
    """Which slots are filled, and which not."""
    yield from (f"{slot}={'yes' if getattr(fact, slot) not in (None, ()) else 'no'}" for slot in slots)


def _of_study(fact: Any, company: Company) -> Iterator[str]:
    trial = company.trials.get(fact.trial or "")
    yield f"trials={_few(len(company.trials))}"
    yield f"unnamed={'yes' if (fact.trial or 'unnamed').startswith('unnamed') else 'no'}"
    arms = trial.arms if trial else ()
    yield f"arms={_few(len(arms))}"
    yield f"arms told={'no' if not arms or any(not arm.regimen for arm in arms) else 'yes'}"
    yield f"arms sized={'yes' if arms and all(arm.n for arm in arms) else 'no'}"
    yield f"arm phrase={'yes' if any(e.slot in ('arm', 'comparison') for e in fact.evidence) else 'no'}"
    yield f"beside={_few(company.rows[_row(fact)])}"


def _result(fact: Estimate, company: Company) -> Iterator[str]:
    yield f"statistic={fact.statistic}"
    yield f"endpoint={'short' if fact.endpoint.isupper() else 'words'}"
    yield from _has(fact, "arm", "comparison", "ci", "p", "timepoint", "population")
    yield from _of_study(fact, company)


def _event(fact: AdverseEventRate, company: Company) -> Iterator[str]:
    yield from _has(fact, "arm", "grade", "count", "n")
    yield f"words={_few(fact.event.count(' ') + 1)}"
    yield from _of_study(fact, company)


def _decision(fact: Decision, company: Company) -> Iterator[str]:
    yield f"status={fact.status}"
    yield f"salience={fact.salience}"
    yield f"agents={_few(len(fact.regimen))}"
    yield f"decisions={_few(company.counts.get('decisions', 0))}"
    yield from _has(fact, "regulator", "jurisdiction", "date", "condition", "setting", "supported_by")


def _recommendation(fact: Recommendation, company: Company) -> Iterator[str]:
    yield f"agents={_few(len(fact.regimen))}"
    yield f"recommendations={_few(company.counts.get('recommendations', 0))}"
    yield from _has(fact, "category", "condition", "setting", "preferred")


def _agent(fact: Agent, company: Company) -> Iterator[str]:
    yield from _has(fact, "full_name", "brands", "company", "agent_type")


def _trial(fact: Trial, company: Company) -> Iterator[str]:
    yield f"unnamed={'yes' if fact.name.startswith('unnamed') else 'no'}"
    yield f"trials={_few(len(company.trials))}"
    yield from _has(fact, "registry_ids", "phase", "enrollment", "arms")


def _dosing(fact: DoseSchedule, company: Company) -> Iterator[str]:
    yield from _has(fact, "trial", "arm", "dose", "route", "schedule")


_SIGNS: dict[type[Fact], tuple[str, Callable[[Any, Company], Iterator[str]]]] = {
    Estimate: ("results", _result),
    AdverseEventRate: ("adverse_events", _event),
    Decision: ("decisions", _decision),
    Recommendation: ("recommendations", _recommendation),
    Agent: ("agents", _agent),
    Trial: ("trials", _trial),
    DoseSchedule: ("dosing", _dosing),
}


def signs(fact: Fact, company: Company) -> tuple[str, ...]:
    """What speaks for and against a fact, the rule's own word first."""
    kind, own = _SIGNS[type(fact)]
    return (f"{kind}/all", f"{kind}/rule={fact.confidence:.1f}", *(f"{kind}/{sign}" for sign in own(fact, company)))


# ---- weights ---------------------------------------------------------------------------------------------------------------------


@cache
def weights(path: Path = TABLE) -> dict[str, float]:
    """Sign -> weight."""
    if not path.exists():
        return {}
    _, *rows = path.read_text("utf-8").splitlines()
    return {sign: float(weight) for sign, weight, *_ in (row.split("\t") for row in rows)}


def chance(found: Iterable[str], table: dict[str, float]) -> float:
    """The chance that signs with these weights give, two digits.

    >>> chance(("a", "b"), {"a": 2.0, "b": -2.0}), chance(("c",), {})
    (0.5, 0.5)
    """
    return round(1 / (1 + math.exp(-sum(table.get(sign, 0.0) for sign in found))), 2)


def with_confidence(lists: dict[str, tuple[Fact, ...]]) -> dict[str, tuple[Fact, ...]]:
    """The facts of one text with the confidence their signs give; without a table, the rules' own word stays."""
    table = weights()
    if not table:
        return lists
    company = Company.of(lists)
    return {kind: tuple(_sure(fact, chance(signs(fact, company), table)) for fact in facts) for kind, facts in lists.items()}


def _sure(fact: F, confidence: float) -> F:
    return msgspec.structs.replace(fact, confidence=confidence)
