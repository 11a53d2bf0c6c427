"""Article prose made from registry studies, with its facts known and some figures made to disagree with the registry.

A study gives names, arms, sizes, condition and, where it has results, figures; where it has none they are drawn at random. Order,
wording, notation and names of arms vary with the number of the article, so that pairs of article and registry record never run out.

    python benchmarks/articles.py OUT [--studies ../shared/data/ctgov/studies.jsonl.gz] [--count 100] [--seed 0]

OUT holds NAME.txt, NAME.json (gold facts) and disagreements.tsv (article, study, slot, what the registry has, what the article says).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from corpora import SHARED

from kg_build.facts import Arm, Estimate, Record, Trial
from kg_build.lexicon import load
from kg_build.sources import ctgov

STUDIES = SHARED.parent / "data" / "ctgov" / "studies.jsonl.gz"
ENDPOINTS = {
    "PFS": ("progression-free survival (PFS)", "PFS", "progression-free survival"),
    "OS": ("overall survival (OS)", "OS", "overall survival"),
    "ORR": ("objective response rate (ORR)", "ORR", "objective response rate"),
    "DFS": ("disease-free survival (DFS)", "DFS", "disease-free survival"),
}
EVENTS = ("nausea", "fatigue", "neutropenia", "diarrhea", "anemia", "headache", "vomiting", "rash", "constipation", "pyrexia")
JOINS = (" plus ", " and ", " in combination with ", " + ")
DISAGREE = 0.3
"""Share of articles in which one figure differs from the registry's."""


@dataclass(frozen=True)
class Study:
    """What an article is made from: two arms, the investigational one first."""

    nct: str
    name: str
    phase: str | None
    condition: str
    enrollment: int
    arms: tuple[tuple[str, ...], tuple[str, ...]]
    sizes: tuple[int, int]
    figures: dict[str, tuple[float, float]]  # endpoint -> of each arm, as the registry has them


@dataclass
class Article:
    """A text, its gold facts, and where it departs from the registry."""

    name: str
    text: str
    gold: dict[str, Any]
    disagreements: list[tuple[str, str, str, str]] = field(default_factory=list)


# ---- studies ---------------------------------------------------------------------------------------------------------------------


def studies(path: Path) -> Iterator[Study]:
    """The studies of a registry file that compare two regimens of known agents."""
    for record in ctgov.read(path):
        if isinstance(record, Record) and (study := _study(record)):
            yield study


def _study(record: Record) -> Study | None:
    trial = record.trials[0]
    arms = [(_regimen(arm), arm) for arm in trial.arms]
    if len(arms) != 2 or not all(regimen for regimen, _ in arms) or not trial.condition or not trial.enrollment:
        return None
    if set(arms[0][0]) == set(arms[1][0]):
        return None
    arms.sort(key=lambda pair: ("placebo" in pair[0], "comparator" in (pair[1].role or ""), -len(pair[0])))
    half = trial.enrollment // 2
    sizes = (arms[0][1].n or trial.enrollment - half, arms[1][1].n or half)
    figures = {endpoint: pair for endpoint in ENDPOINTS if (pair := _figures(record, trial, arms[0][1], arms[1][1], endpoint))}
    condition = trial.condition.lower() if trial.condition[1:].islower() or " " in trial.condition else trial.condition
    nct = trial.registry_ids[0]
    return Study(nct, trial.acronym or nct, trial.phase, condition, trial.enrollment, (arms[0][0], arms[1][0]), sizes, figures)


def _regimen(arm: Arm) -> tuple[str, ...]:
    """Generic names of an arm's agents, placebo kept; empty where one is not known."""
    lexicon = load()
    names = []
    for printed in arm.regimen:
        entry = lexicon.agents.find(printed)
        if entry is None and "placebo" not in printed.lower():
            return ()
        name = entry.label if entry else "placebo"
        if name not in names:
            names.append(name)
    return tuple(names)


def _figures(record: Record, trial: Trial, first: Arm, second: Arm, endpoint: str) -> tuple[float, float] | None:
    """A median or rate of both arms, where the registry reports one and only one of each."""
    found: list[float] = []
    for arm in (first, second):
        groups = {group.id for group in trial.groups if group.arms == (arm.id,)}
        told = [e for e in record.results if e.arm in groups and e.endpoint == endpoint and _plain(e, endpoint)]
        found += [float(str(e.value)) for e in told[:1]]
    return (found[0], found[1]) if len(found) == 2 else None


def _plain(estimate: Estimate, endpoint: str) -> bool:
    fits = (estimate.statistic, estimate.unit) == (("rate", "%") if endpoint == "ORR" else ("median", "months"))
    return fits and isinstance(estimate.value, (int, float)) and estimate.population is None and estimate.value > 0


# ---- articles --------------------------------------------------------------------------------------------------------------------


class Writer:
    """One article in one of many styles."""

    def __init__(self, study: Study, number: int, seed: int) -> None:
        self.study, self.pick = study, random.Random(f"{seed}/{number}/{study.nct}")
        self.labels = self._labels()
        self.results: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.disagreements: list[tuple[str, str, str, str]] = []

    def _labels(self) -> tuple[str, str]:
        join = self.pick.choice(JOINS)
        first, second = (
            (join if len(arm) == 2 else ", ").join(arm) if len(arm) < 3 else ", ".join(arm[:-1]) + ", and " + arm[-1]
            for arm in self.study.arms
        )
        return first, second

    def article(self, name: str) -> Article:
        """The text and its gold."""
        parts = [self._opening(), self._assignment(), *self._outcomes(), self._safety()]
        sep = self.pick.choice((" ", "\n"))
        return Article(name, self._headline() + "\n\n" + sep.join(part for part in parts if part) + "\n", self._gold(), self.disagreements)

    def _headline(self) -> str:
        first, second = self.labels
        return self.pick.choice(
            (f"{first[:1].upper()}{first[1:]} compared with {second} in {self.study.condition}", f"Results of {self.study.name} reported")
        )

    def _opening(self) -> str:
        study, (first, second) = self.study, self.labels
        phase = f"phase {study.phase} " if study.phase and study.phase[0].isdigit() else ""
        known = f"{study.name} ({study.nct})" if study.name != study.nct else study.nct
        return self.pick.choice(
            (
                f"The {phase}{known} trial compared {first} with {second} in patients with {study.condition}.",
                f"In the randomized {phase}{known} study, patients with {study.condition} received {first} or {second}.",
                f"{known}, a {phase}randomized trial, evaluated {first} versus {second} in adults with {study.condition}.",
            )
        )

    def _assignment(self) -> str:
        (first, second), (m, n), total = self.labels, self.study.sizes, self.study.enrollment
        return self.pick.choice(
            (
                f"A total of {total} patients were randomly assigned to receive {first} (n = {m}) or {second} (n = {n}).",
                f"Overall, {total} patients were randomized: {m} to {first} and {n} to {second}.",
                f"Of {total} patients enrolled, {m} were assigned to {first} and {n} to {second}.",
            )
        )

    def _outcomes(self) -> list[str]:
        known = [e for e in ENDPOINTS if e in self.study.figures] or self.pick.sample(sorted(ENDPOINTS), self.pick.randint(1, 2))
        return [self._outcome(endpoint) for endpoint in known[:3]]

    def _outcome(self, endpoint: str) -> str:
        told = self.pick.choice(ENDPOINTS[endpoint])
        first, second = self._pair(endpoint)
        a, b = self.labels
        if endpoint == "ORR":
            self._result(endpoint, "rate", first, "%", "A1"), self._result(endpoint, "rate", second, "%", "A2")
            return self.pick.choice(
                (
                    f"The {told} was {first}% with {a} and {second}% with {b}.",
                    f"The {told} was {first}% in the {a} group versus {second}% in the {b} group.",
                    f"The {told} with {a} and {b} was {first}% and {second}%, respectively.",
                )
            )
        self._result(endpoint, "median", first, "months", "A1"), self._result(endpoint, "median", second, "months", "A2")
        ratio = self._ratio(endpoint) if self.pick.random() < 0.7 else ""
        return self.pick.choice(
            (
                f"Median {told} was {first} months with {a} versus {second} months with {b}{ratio}.",
                f"The median {told} was {first} months in the {a} arm and {second} months in the {b} arm{ratio}.",
                f"Median {told} was {second} months with {b} compared with {first} months with {a}{ratio}.",
                f"The median {told} was {first} vs {second} months{ratio} for {a} and {b}, respectively." if not ratio else
                f"Median {told} for {a} and {b} was {first} and {second} months, respectively{ratio}.",
            )
        )  # fmt: skip

    def _pair(self, endpoint: str) -> tuple[str, str]:
        """The two figures as the article prints them; now and then not the registry's."""
        known = self.study.figures.get(endpoint)
        values = known or (round(self.pick.uniform(5, 60), 1), round(self.pick.uniform(5, 60), 1))
        first, second = f"{values[0]:g}", f"{values[1]:g}"
        if known and self.pick.random() < DISAGREE:
            changed = f"{values[0] + self.pick.choice((0.3, 1.1, -0.4)):.1f}"
            self.disagreements.append((self.study.nct, f"{endpoint} A1", first, changed))
            first = changed
        return first, second

    def _ratio(self, endpoint: str) -> str:
        value = round(self.pick.uniform(0.4, 1.2), 2)
        low, high = f"{value * 0.8:.2f}", f"{value / 0.8:.2f}"
        self._result(endpoint, "hazard-ratio", f"{value:.2f}", "ratio", None, ci=[float(low), float(high)])
        return self.pick.choice(
            (
                f" (hazard ratio, {value:.2f}; 95% CI, {low}-{high})",
                f" (HR {value:.2f} [95% CI {low}–{high}])",
                f"; HR = {value:.2f} (95% CI: {low}, {high})",
            )
        )

    def _result(self, endpoint: str, statistic: str, value: str, unit: str, arm: str | None, ci: list[float] | None = None) -> None:
        fact: dict[str, Any] = {"trial": self.study.name, "endpoint": endpoint, "statistic": statistic, "value": float(value), "unit": unit}
        fact |= {"arm": arm} if arm else {"comparison": ["A1", "A2"]}
        self.results.append(fact | ({"ci": ci, "ci_level": 95} if ci else {}))

    def _safety(self) -> str:
        told = self.pick.sample(EVENTS, self.pick.randint(0, 3))
        rates = [(event, self.pick.randint(5, 60), self.pick.randint(5, 60)) for event in told]
        for event, m, n in rates:
            self.events += [
                {"trial": self.study.name, "event": event, "arm": arm, "percent": share} for arm, share in (("A1", m), ("A2", n))
            ]
        listed = ", ".join(f"{event} ({m}% vs {n}%)" for event, m, n in rates)
        return f"Adverse events with {self.labels[0]} versus {self.labels[1]} included {listed}." if rates else ""

    def _gold(self) -> dict[str, Any]:
        study = self.study
        arms = [{"id": f"A{i}", "regimen": list(a), "n": n} for i, (a, n) in enumerate(zip(study.arms, study.sizes, strict=True), start=1)]
        trial = {"name": study.name, "registry_ids": [study.nct], "phase": study.phase, "enrollment": study.enrollment, "arms": arms}
        agents = list(dict.fromkeys(name for arm in study.arms for name in arm if name != "placebo"))
        return {
            "decisions": [], "agents": [{"name": name} for name in agents], "trials": [trial], "results": self.results,
            "adverse_events": self.events, "recommendations": [], "dosing": [],
        }  # fmt: skip


def make_articles(path: Path, count: int, seed: int = 0) -> Iterator[Article]:
    """So many articles, study after study, and again in other words when there are no more."""
    found = list(studies(path))
    for number, study in enumerate(islice(cycle(found), count)):
        yield Writer(study, number, seed).article(f"article-{number:04}")


def main() -> None:
    """Writes articles, gold and disagreements to a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--studies", type=Path, default=STUDIES)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = ["article\tstudy\tslot\tregistry\tarticle"]
    for one in make_articles(args.studies, args.count, args.seed):
        (args.out / f"{one.name}.txt").write_text(one.text, "utf-8")
        (args.out / f"{one.name}.json").write_text(json.dumps(one.gold, indent=1), "utf-8")
        rows += ["\t".join((one.name, *row)) for row in one.disagreements]
    (args.out / "disagreements.tsv").write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
