"""Read texts scored against their gold: fact by fact, kind by kind, with what the figures are worth."""

from __future__ import annotations

import importlib.util
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from corpora import Pair

from kg_build.facts import KINDS, Fact, parted
from kg_build.lexicon import load
from kg_build.reading import extract_facts

Json = dict[str, Any]
FIGURES = {"results": ("statistic", "value", "ci", "p"), "adverse_events": ("percent",), "dosing": ("dose",)}
"""What value-only F1 compares, wherever the figure was put."""


def scorer(evaluation: Path) -> ModuleType:
    """The scoring script, imported by path."""
    spec = importlib.util.spec_from_file_location("score", evaluation / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(fact: Fact) -> Json:
    """A fact as the facts JSON has it."""
    return json.loads(msgspec.json.encode(fact))  # type: ignore[no-any-return]


def extracted(text: str) -> Json:
    """The facts of a text as the facts JSON has them."""
    facts = extract_facts(text, load())
    lists, _ = parted({kind: getattr(facts, kind) for kind in KINDS if hasattr(facts, kind)})
    return {kind: [told(fact) for fact in found] for kind, found in lists.items()}


@dataclass(frozen=True)
class Judged:
    """A predicted fact, a gold fact or a pair of them, and the identifying slots in which the pair differs."""

    document: str
    kind: str
    found: Json | None
    gold: Json | None
    wrong: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the fact counts for strict F1."""
        return self.found is not None and self.gold is not None and not self.wrong


@dataclass
class Scored:
    """One text, scored."""

    name: str
    counts: dict[str, dict[str, int]]
    grounded: tuple[int, int]
    judged: list[Judged]
    figures: dict[str, tuple[int, int, int]]  # kind -> right, found, gold by value alone


def judge(score: ModuleType, name: str, found: Json, gold: Json) -> list[Judged]:
    """Which fact was paired with which, as the scorer pairs them."""
    names, rows = score.Names(found, gold), []
    for kind, slots in score.KINDS.items():
        hows = {slot: how.rstrip("*") for slot, how in slots.items()}
        identifying = [slot for slot, how in slots.items() if how.endswith("*")]

        def hits(p: Json, g: Json, slot: str, hows: dict[str, str] = hows) -> int:
            return max(score.agree(p.get(slot), value, hows[slot], names, p.get("trial")) for value in score.accepted(g, slot))

        def gain(p: Json, g: Json, slots: Json = slots, identifying: list[str] = identifying) -> float:
            key = sum(hits(p, g, slot) for slot in identifying)
            return key + 0.1 * sum(hits(p, g, slot) for slot in slots if slot not in identifying) if key else 0

        preds, golds = found.get(kind) or [], gold.get(kind) or []
        matched = score.pair(preds, golds, gain)
        for p, g in matched:
            wrong = tuple(
                slot
                for slot in identifying
                if hits(p, g, slot) != len(score.atoms(p.get(slot), hows[slot]))
                or (hits(p, g, slot) != len(score.atoms(g.get(slot), hows[slot])) and len(score.accepted(g, slot)) == 1)
            )
            rows.append(Judged(name, kind, p, g, wrong))
        rows += [Judged(name, kind, p, None) for p in preds if not any(p is q for q, _ in matched)]
        rows += [Judged(name, kind, None, g) for g in golds if not any(g is h for _, h in matched)]
    return rows


def figures(found: Json, gold: Json) -> dict[str, tuple[int, int, int]]:
    """How many figures were read at all, wherever they were put."""

    def bag(facts: Json, kind: str) -> Counter[str]:
        return Counter(
            json.dumps([str(fact.get(slot)).replace(" ", "").removesuffix(".0") for slot in FIGURES[kind]])
            for fact in facts.get(kind) or []
        )

    sides = {kind: (bag(found, kind), bag(gold, kind)) for kind in FIGURES}
    return {kind: ((left & right).total(), left.total(), right.total()) for kind, (left, right) in sides.items()}


def read_and_score(score: ModuleType, texts: Iterable[Pair], kinds: Sequence[str] | None = None) -> list[Scored]:
    """Every text read and scored; `kinds` limits what counts."""
    rows = []
    for name, text, gold in texts:
        found = extracted(text)
        if kinds is not None:
            found, gold = ({kind: facts[kind] for kind in kinds if kind in facts} for facts in (found, gold))
        rows.append(
            Scored(
                name, score.score_document(found, gold), score.grounded(found, text), judge(score, name, found, gold), figures(found, gold)
            )
        )
    return rows


def summed(score: ModuleType, texts: Sequence[Scored]) -> list[Json]:
    """One row a kind, and ALL: strict, slot and value-only F1, and how much is grounded."""
    totals: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    values: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in texts:
        for kind, counts in one.counts.items():
            for field, n in counts.items():
                totals[kind][field] += n
                totals["ALL"][field] += n
        for kind, numbers in one.figures.items():
            values[kind] = [a + b for a, b in zip(values[kind], numbers, strict=True)]
            values["ALL"] = [a + b for a, b in zip(values["ALL"], numbers, strict=True)]
    good, facts = (sum(one.grounded[i] for one in texts) for i in (0, 1))
    rows = []
    for kind, c in totals.items():
        if c["fact_gold"] or c["fact_pred"] or kind == "ALL":
            strict, slot = score.f1(c["fact_hit"], c["fact_pred"], c["fact_gold"]), score.f1(c["slot_hit"], c["slot_pred"], c["slot_gold"])
            rows.append(
                {
                    "kind": kind,
                    "gold": c["fact_gold"],
                    "pred": c["fact_pred"],
                    "strict_p": strict[0],
                    "strict_r": strict[1],
                    "strict_f1": strict[2],
                    "slot_f1": slot[2],
                    "value_f1": score.f1(*values[kind])[2] if kind in values else None,
                    "grounded": good / facts if facts else 1.0,
                }
            )
    return sorted(rows, key=lambda row: row["kind"] == "ALL")


def interval(score: ModuleType, texts: Sequence[Scored], times: int = 1000) -> tuple[float, float]:
    """95% bootstrap interval of micro strict F1, documents drawn anew."""
    sums = [tuple(sum(c[f"fact_{side}"] for c in one.counts.values()) for side in ("hit", "pred", "gold")) for one in texts]
    draw = random.Random(0)
    values = sorted(
        score.f1(*(sum(column) for column in zip(*draw.choices(sums, k=len(sums)), strict=True)))[2] for _ in range(times if sums else 0)
    )
    return (values[int(0.025 * times)], values[int(0.975 * times) - 1]) if values else (0.0, 0.0)


def coverage(judged: Sequence[Judged], threshold: float) -> tuple[float, float]:
    """Precision of the facts that are accepted, and how much of the gold they cover."""
    accepted = [j for j in judged if j.found is not None and _accepted(j.found, threshold)]
    right, gold = sum(j.right for j in accepted), sum(j.gold is not None for j in judged)
    return (right / len(accepted) if accepted else 1.0), (right / gold if gold else 1.0)


def _accepted(fact: Json, threshold: float) -> bool:
    return fact.get("confidence", 1.0) >= threshold and fact.get("assertion") not in ("negated", "hypothetical")


def reliability(judged: Sequence[Judged]) -> list[tuple[float, int, float]]:
    """(confidence, facts, share right): what a confidence is worth."""
    groups: dict[float, list[bool]] = defaultdict(list)
    for j in judged:
        if j.found is not None:
            groups[round(j.found.get("confidence", 1.0), 2)].append(j.right)
    return [(confidence, len(group), sum(group) / len(group)) for confidence, group in sorted(groups.items())]
