"""Text -> facts, in stages, each its own module.

document    text -> paragraphs, sentences, units
mentions    what is named where: tables, forms (agents no table knows), studies, endpoints, the text's own definitions
quantities  printed statistics -> figures with their intervals, ranges and p values
discourse   which study a unit speaks of, which arm a phrase means
frames      one module a kind of fact
verify      spans quote, figures stand in them, arithmetic agrees
confidence  how sure each fact is, by its signs
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kg_build.facts import AdverseEventRate, Agent, Decision, DoseSchedule, Estimate, Fact, Recommendation, Trial
from kg_build.lexicon import Lexicon
from kg_build.reading.arithmetic import agreed
from kg_build.reading.confidence import with_confidence
from kg_build.reading.context import Reading
from kg_build.reading.discourse import Discourse
from kg_build.reading.frames.agents import read_agents
from kg_build.reading.frames.decisions import read_decisions
from kg_build.reading.frames.dosing import read_dosing
from kg_build.reading.frames.guidelines import read_recommendations
from kg_build.reading.frames.results import read_results
from kg_build.reading.frames.safety import read_safety
from kg_build.reading.frames.support import with_support
from kg_build.reading.frames.trials import read_trials
from kg_build.reading.patterns import lazy
from kg_build.reading.verify import verified

__all__ = ["Facts", "extract_facts", "read_lists"]

Lists = dict[str, tuple[Fact, ...]]

_HEADER = lazy(r"^(?P<key>Title|Published|Date|Publisher|Source):\s*(?P<value>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Facts:
    """All facts of one text, and what it prints of itself."""

    decisions: tuple[Decision, ...] = ()
    agents: tuple[Agent, ...] = ()
    trials: tuple[Trial, ...] = ()
    results: tuple[Estimate, ...] = ()
    adverse_events: tuple[AdverseEventRate, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    dosing: tuple[DoseSchedule, ...] = ()
    title: str | None = None
    published: str | None = None
    publisher: str | None = None


def extract_facts(text: str, lexicon: Lexicon) -> Facts:
    """The facts that a plain text states; every span is in code points of the text as given."""
    reading = Reading(text, lexicon)
    title, published, publisher = _self_told(reading)
    return Facts(**with_confidence(_lists(reading)), title=title, published=published, publisher=publisher)  # type: ignore[arg-type]


def read_lists(text: str, lexicon: Lexicon) -> Lists:
    """The facts by kind, each with its rule's own word for its confidence."""
    return _lists(Reading(text, lexicon))


def _lists(reading: Reading) -> Lists:
    text, discourse = reading.text, Discourse(reading)
    decisions = with_support(reading, discourse, read_decisions(reading))
    results, safety = agreed(read_results(reading, discourse), discourse.settled()), list(read_safety(reading, discourse))
    dosing, recommendations = list(read_dosing(reading, discourse)), list(read_recommendations(reading))
    trials = list(read_trials(reading, discourse))
    told = {fact.trial for fact in results} | {fact.trial for fact in safety}
    trials = [t for t in trials if not t.name.startswith("unnamed") or t.enrollment or t.name in told]
    by_name = {t.name: t for t in reversed(trials)}
    results = [_assessed(fact, by_name.get(fact.trial or "")) for fact in results]
    named = {t.name for t in trials}
    dosing = [f if f.trial in named else _without_trial(f) for f in dosing]
    agents = read_agents(reading, _used(decisions, trials, recommendations, dosing) | {generic for generic, _ in reading.names.brands})
    found: dict[str, Iterable[Fact]] = {
        "decisions": decisions, "agents": agents, "trials": trials, "results": results, "adverse_events": safety,
        "recommendations": recommendations, "dosing": dosing,
    }  # fmt: skip
    return {kind: verified(text, facts) for kind, facts in found.items()}


def _assessed(fact: Estimate, trial: Trial | None) -> Estimate:
    """A figure of the primary endpoint takes the assessment of its definition where its own sentence is silent."""
    if (
        trial is None
        or fact.assessment
        or fact.endpoint == "OS"
        or not trial.primary_endpoint_assessment
        or fact.endpoint not in trial.primary_endpoints
    ):
        return fact
    return msgspec.structs.replace(fact, assessment=trial.primary_endpoint_assessment)


def _without_trial(fact: DoseSchedule) -> DoseSchedule:
    return msgspec.structs.replace(fact, trial=None, arm=None)


def _used(decisions: list[Decision], trials: list[Trial], recommendations: list[Recommendation], dosing: list[DoseSchedule]) -> set[str]:
    """The agents that some regimen or prior therapy names."""
    used = {name for d in decisions for name in (*d.regimen, *d.prior_therapies, *d.optional_agents)}
    used |= {name for t in trials for arm in t.arms for name in arm.regimen}
    return used | {name for r in recommendations for name in r.regimen} | {d.agent for d in dosing}


def _self_told(reading: Reading) -> tuple[str | None, str | None, str | None]:
    """Title, day of publication and publisher, where the text prints them."""
    header = {m["key"]: m["value"].strip() for m in _HEADER.finditer(reading.text, 0, 600)}
    title = header.get("Title") or _title(reading)
    return title, reading.said.iso if reading.said else None, header.get("Publisher")


def _title(reading: Reading) -> str | None:
    """The first line, where it is a headline: some words, no full stop, and something named in it."""
    if not reading.document.paragraphs:
        return None
    start, end = reading.document.paragraphs[0]
    line = reading.text[start:end]
    telling = reading.mentions.between(start, end, "agent", "regulator", "condition", "trial")
    return line if telling and len(line) < 250 and line.count(" ") >= 3 and not line.endswith((".", ":")) else None
