"""Fits the weights of src/kg_build/reading/confidence.tsv: how often facts with certain signs are right.

    python benchmarks/calibrate.py [--fresh second+third] [--only approvals,papers] [--write]

A logistic regression with a penalty on large weights, by plain gradient descent. Texts that rules were written on flatter the rules, so
the facts of fresh texts, right after their first run, count FRESH times; the reliability that is printed is that of fresh texts, each
judged by weights fitted without it.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import FOLDERS, PARTS, SHARED, Pair, development, own
from scoring import judge, scorer, told

from kg_build.facts import KINDS
from kg_build.lexicon import load
from kg_build.reading import confidence, read_lists

Row = tuple[str, tuple[str, ...], bool]  # text, signs, right

PENALTY, STEPS, RATE = 8.0, 150, 0.5
FOLDS = 5
FRESH = 10
FRESH_FOLDERS = ("approvals", "columns", "consensus", "dispatches", "features", "papers")


def texts() -> list[Pair]:
    """All texts to learn from."""
    found = [pair for folder in FOLDERS if folder != "negatives" for pair in development(SHARED, folder, "all")]
    return found + [pair for group in own("all").values() for pair in group]


def fresh_names(part: str, only: Sequence[str]) -> set[str]:
    """Names of the own texts of these folders that fall to a part."""
    return {name for folder, group in own(part).items() if folder in only for name, _, _ in group}


def rows(found: Sequence[Pair]) -> list[Row]:
    """Every predicted fact with its signs, and whether it was right."""
    score, made = scorer(SHARED), []
    for name, text, gold in found:
        lists = {kind: facts for kind, facts in read_lists(text, load()).items() if kind in KINDS}
        company = confidence.Company.of(lists)
        predicted = {kind: [told(fact) | {"signs": confidence.signs(fact, company)} for fact in facts] for kind, facts in lists.items()}
        made += [(name, j.found["signs"], j.right) for j in judge(score, name, predicted, gold) if j.found is not None]
    return made


def fit(seen: Sequence[Row], fresh: Sequence[Row]) -> dict[str, float]:
    """Weights of the signs; a fresh fact counts FRESH times."""
    table: dict[str, float] = defaultdict(float)
    found = [*((row, 1) for row in seen), *((row, FRESH) for row in fresh)]
    count: dict[str, float] = defaultdict(float)
    for (_, signs, _), times in found:
        for sign in signs:
            count[sign] += times
    for _ in range(STEPS):
        slope: dict[str, float] = defaultdict(float)
        for (_, signs, right), times in found:
            miss = times * (right - 1 / (1 + math.exp(-sum(table[sign] for sign in signs))))
            for sign in signs:
                slope[sign] += miss
        for sign in count:
            pull = 0.0 if sign.endswith("/all") else PENALTY * table[sign]
            table[sign] += RATE * (slope[sign] - pull) / (count[sign] + 4 * PENALTY)
    return dict(table)


def reliability(seen: Sequence[Row], fresh: Sequence[Row]) -> list[tuple[float, bool]]:
    """(confidence, right) of every fact of fresh texts, by weights that were fitted without its text."""
    names = sorted({name for name, _, _ in fresh})
    checked = []
    for fold in range(FOLDS):
        out = set(names[fold::FOLDS])
        table = fit(seen, [row for row in fresh if row[0] not in out])
        checked += [(confidence.chance(signs, table), right) for name, signs, right in fresh if name in out]
    return checked


def main() -> None:
    """Prints the reliability table; writes the weights where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fresh", default="second+third", help="the parts that no rule was written on: " + ", ".join(PARTS))
    parser.add_argument("--only", default=",".join(FRESH_FOLDERS), help="the folders of our own texts in which they are fresh")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    names, found = fresh_names(args.fresh, args.only.split(",")), rows(texts())
    seen, fresh = [row for row in found if row[0] not in names], [row for row in found if row[0] in names]
    checked = sorted(reliability(seen, fresh), reverse=True)
    print(f"{len(checked)} facts of fresh texts, {sum(right for _, right in checked)} right; by leaving texts out:")
    for low in range(9, -1, -1):
        group = [(at, right) for at, right in checked if min(9, int(at * 10)) == low]
        if group:
            said, right = (sum(column) / len(group) for column in zip(*group, strict=True))
            print(f"  {low / 10:.1f}  {len(group):5} facts  said {said:.2f}  right {right:.2f}")
    for at in (0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        accepted = [right for chance, right in checked if chance >= at]
        print(f"accepted from {at}: {len(accepted)} facts, precision {sum(accepted) / max(1, len(accepted)):.3f}")
    if args.write:
        lines = [f"{sign}\t{weight:.3f}" for sign, weight in sorted(fit(seen, fresh).items()) if abs(weight) >= 0.0005]
        confidence.TABLE.write_text("sign\tweight\n" + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
