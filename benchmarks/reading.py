"""How well texts are read: the starting article, its variants, and every folder of development texts.

    python benchmarks/reading.py [--evaluation ../shared/evaluation] [--split NAME] [--record] [--only seed,variants]

The starting article must reach strict F1 0.95 and be wholly grounded, its variants a mean of 0.95.
Development folders have no threshold here.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.util
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import msgspec
from variants import SHARED, make_variants

import kg_build
from kg_build.facts import KINDS
from kg_build.lexicon import load
from kg_build.reading import extract_facts

LEDGER = Path(__file__).with_name("ledger.tsv")
COLUMNS = ("date", "version", "split", "kind", "strict_f1", "slot_f1", "grounded")
FOLDERS = ("articles", "abstracts", "news", "guidelines", "negatives", "fda_notices")
STRICT = 0.95


def scorer(evaluation: Path) -> ModuleType:
    """The scoring script, imported by path."""
    spec = importlib.util.spec_from_file_location("score", evaluation / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extracted(text: str) -> dict[str, Any]:
    """The facts of a text as the facts JSON has them."""
    facts = extract_facts(text, load())
    kinds = [kind for kind in KINDS if hasattr(facts, kind)]
    return json.loads(msgspec.json.encode({kind: getattr(facts, kind) for kind in kinds}))


Pair = tuple[str, str, dict[str, Any]]  # name, text, gold


def pairs(folder: Path) -> Iterator[Pair]:
    """Texts of a folder with their gold."""
    for gold in sorted(folder.glob("*.json")):
        text = gold.with_suffix(".txt")
        if text.exists():
            yield gold.stem, text.read_text("utf-8"), json.loads(gold.read_text("utf-8"))


def scored(score: ModuleType, texts: Iterable[Pair], kinds: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
    """One row a kind (and ALL): strict and slot F1 over the texts, and how much is grounded."""
    totals: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    good = facts = 0
    for _, text, gold in texts:
        found = extracted(text)
        ok, count = score.grounded(found, text)
        good, facts = good + ok, facts + count
        for kind, counts in score.score_document(found, gold).items():
            if kinds is None or kind in kinds:
                for field, n in counts.items():
                    totals[kind][field] += n
                    totals["ALL"][field] += n
    return [
        _row(score, kind, c, good / facts if facts else 1.0)
        for kind, c in totals.items()
        if c["fact_gold"] or c["fact_pred"] or kind == "ALL"
    ]


def _row(score: ModuleType, kind: str, c: dict[str, int], grounded: float) -> dict[str, Any]:
    slot, strict = score.f1(c["slot_hit"], c["slot_pred"], c["slot_gold"]), score.f1(c["fact_hit"], c["fact_pred"], c["fact_gold"])
    return {
        "kind": kind,
        "gold": c["fact_gold"],
        "pred": c["fact_pred"],
        "strict_p": strict[0],
        "strict_r": strict[1],
        "strict_f1": strict[2],
        "slot_f1": slot[2],
        "grounded": grounded,
    }


def _whole(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row["kind"] == "ALL")


def show(split: str, rows: list[dict[str, Any]]) -> None:
    """One table a folder."""
    print(f"\n{split:24}{'gold':>6}{'pred':>6}{'P':>8}{'R':>8}{'strict':>8}{'slot':>8}{'grounded':>10}")
    for row in sorted(rows, key=lambda r: r["kind"] == "ALL"):
        rates = "".join(f"{row[name]:8.3f}" for name in ("strict_p", "strict_r", "strict_f1", "slot_f1"))
        print(f"  {row['kind']:22}{row['gold']:6}{row['pred']:6}{rates}{row['grounded']:10.3f}")


def record(split: str, rows: list[dict[str, Any]]) -> None:
    """Appends the rows to the ledger."""
    new = not LEDGER.exists()
    with LEDGER.open("a", encoding="utf-8") as out:
        if new:
            out.write("\t".join(COLUMNS) + "\n")
        for row in rows:
            cells = (datetime.date.today().isoformat(), kg_build.__version__, split, row["kind"], *(f"{row[c]:.3f}" for c in COLUMNS[4:]))
            out.write("\t".join(cells) + "\n")


def seed_and_variants(score: ModuleType, evaluation: Path, count: int, keep: bool) -> bool:
    """The starting article and its variants; whether both reach what they must."""
    seed = scored(score, pairs(evaluation / "seed"))
    show("seed", seed)
    variants = [(v.name, v.text, v.gold) for v in make_variants(evaluation / "seed", count)]
    rows = scored(score, variants)
    show(f"{count} variants", rows)
    singles = {name: _whole(scored(score, [(name, text, gold)]))["strict_f1"] for name, text, gold in variants}
    worst = min(singles, key=lambda name: singles[name])
    mean = statistics.fmean(singles.values())
    print(f"variants: mean {mean:.3f}, minimum {singles[worst]:.3f} ({worst}), below {STRICT}: {sum(v < STRICT for v in singles.values())}")
    if keep:
        record("seed", seed)
        record("variants", rows)
    whole = _whole(seed)
    return whole["strict_f1"] >= STRICT and whole["grounded"] == 1.0 and mean >= STRICT


def main() -> int:
    """Runs what is asked for; exit 1 where the starting article or its variants fall short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, default=SHARED)
    parser.add_argument("--split", default="dev", help="prefix of the recorded names of development folders")
    parser.add_argument("--only", default="", help="comma-separated: seed, " + ", ".join(FOLDERS))
    parser.add_argument("--variants", type=int, default=50)
    parser.add_argument("--record", action="store_true", help="append the figures to ledger.tsv")
    args = parser.parse_args()
    if not (args.evaluation / "score.py").exists():
        print(f"reading: no score.py in {args.evaluation}; pass --evaluation FOLDER")
        return 2
    score, only = scorer(args.evaluation), set(filter(None, args.only.split(",")))
    fine = True
    if not only or "seed" in only:
        fine = seed_and_variants(score, args.evaluation, args.variants, args.record)
    for name in FOLDERS:
        folder = args.evaluation / "dev" / name
        if folder.is_dir() and (not only or name in only):
            rows = scored(score, pairs(folder), ("decisions", "results") if name == "negatives" else None)
            show(f"dev/{name}", rows)
            if args.record:
                record(f"{args.split}/{name}", rows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
