"""Fits the weights of src/kg_build/reading/confidence.tsv: how often facts with certain signs are right, on texts rules were written on.

    python benchmarks/calibrate.py [--part tune] [--write]

A logistic regression with a penalty on large weights, by plain gradient descent; prints the reliability by leaving texts out in turn.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import FOLDERS, PARTS, SHARED, Pair, development, own, pairs
from scoring import judge, scorer, told

from kg_build.facts import KINDS
from kg_build.lexicon import load
from kg_build.reading import confidence, read_lists

Row = tuple[str, tuple[str, ...], bool]  # text, signs, right

PENALTY, STEPS, RATE = 1.0, 400, 0.5
FOLDS = 10
TARGET = 0.97


def texts(part: str) -> list[Pair]:
    """The texts to learn from."""
    found = [pair for folder in FOLDERS if folder != "negatives" for pair in development(SHARED, folder, part)]
    return found + [pair for group in own(part).values() for pair in group] + list(pairs(SHARED / "seed"))


def rows(found: Sequence[Pair]) -> list[Row]:
    """Every predicted fact with its signs, and whether it was right."""
    score, made = scorer(SHARED), []
    for name, text, gold in found:
        lists = {kind: facts for kind, facts in read_lists(text, load()).items() if kind in KINDS}
        company = confidence.Company.of(lists)
        predicted = {kind: [told(fact) | {"signs": confidence.signs(fact, company)} for fact in facts] for kind, facts in lists.items()}
        made += [(name, j.found["signs"], j.right) for j in judge(score, name, predicted, gold) if j.found is not None]
    return made


def fit(found: Sequence[Row]) -> dict[str, float]:
    """Weights of the signs."""
    table: dict[str, float] = defaultdict(float)
    seen = Counter(sign for _, signs, _ in found for sign in signs)
    for _ in range(STEPS):
        slope: dict[str, float] = defaultdict(float)
        for _, signs, right in found:
            miss = right - 1 / (1 + math.exp(-sum(table[sign] for sign in signs)))
            for sign in signs:
                slope[sign] += miss
        for sign, count in seen.items():
            table[sign] += RATE * (slope[sign] - (0 if sign.endswith("/all") else PENALTY * table[sign])) / (count / 4 + PENALTY) / 4
    return dict(table)


def reliability(found: Sequence[Row]) -> list[tuple[float, bool]]:
    """(confidence, right) of every fact, by weights that were fitted without its text."""
    names = sorted({name for name, _, _ in found})
    checked = []
    for fold in range(FOLDS):
        out = set(names[fold::FOLDS])
        table = fit([row for row in found if row[0] not in out])
        checked += [(confidence.chance(signs, table), right) for name, signs, right in found if name in out]
    return checked


def main() -> None:
    """Prints the reliability table; writes the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="tune", help="one of " + ", ".join(PARTS) + ", or several joined by +")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    found = rows(texts(args.part))
    checked = sorted(reliability(found), reverse=True)
    print(f"{len(found)} facts, {sum(right for _, right in checked)} right; by leaving texts out:")
    for low in range(9, -1, -1):
        group = [(at, right) for at, right in checked if min(9, int(at * 10)) == low]
        if group:
            said, right = (sum(column) / len(group) for column in zip(*group, strict=True))
            print(f"  {low / 10:.1f}  {len(group):5} facts  said {said:.2f}  right {right:.2f}")
    good = [n for n in range(1, len(checked) + 1) if sum(r for _, r in checked[:n]) >= TARGET * n]
    if good:
        print(f"precision {TARGET} down to {checked[good[-1] - 1][0]}: {good[-1]} facts")
    if args.write:
        lines = [f"{sign}\t{weight:.3f}" for sign, weight in sorted(fit(found).items()) if abs(weight) >= 0.0005]
        confidence.TABLE.write_text("sign\tweight\n" + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
