"""How well texts are read: the starting article, its variants, development texts and our own gold texts.

    python benchmarks/reading.py [--part tune] [--only news,own/abstracts] [--errors [KIND]] [--record NAME]

Development texts are read only where `--part` names theirs (see corpora.py). The starting article must reach strict F1 0.95 and be
wholly grounded, its variants a mean of 0.95; nothing else has a threshold here.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from articles import STUDIES, make_articles
from corpora import FOLDERS, PARTS, SHARED, Pair, development, own, pairs, parts
from scoring import Judged, Scored, coverage, interval, read_and_score, reliability, scorer, summed
from variants import make_variants

import kg_build
from kg_build.facts import ACCEPTED

LEDGER = Path(__file__).with_name("ledger.tsv")
COLUMNS = ("date", "version", "split", "kind", "strict_f1", "slot_f1", "grounded")
STRICT = 0.95
GENERATED = 60
"""Articles made from registry studies, others for every part."""
QUIET = ("evidence", "printed", "confidence", "assertion")


def show(title: str, score: ModuleType, texts: Sequence[Scored]) -> list[dict[str, Any]]:
    """One table a group of texts."""
    rows = summed(score, texts)
    print(f"\n{title:24}{'gold':>6}{'pred':>6}{'P':>8}{'R':>8}{'strict':>8}{'slot':>8}{'value':>8}{'grounded':>10}")
    for row in rows:
        rates = "".join(f"{row[name]:8.3f}" for name in ("strict_p", "strict_r", "strict_f1", "slot_f1"))
        value = f"{row['value_f1']:8.3f}" if row["value_f1"] is not None else " " * 8
        print(f"  {row['kind']:22}{row['gold']:6}{row['pred']:6}{rates}{value}{row['grounded']:10.3f}")
    return rows


def show_worth(score: ModuleType, texts: Sequence[Scored]) -> None:
    """What the figures are worth: bootstrap interval, precision at coverage, reliability of confidences."""
    judged = [j for one in texts for j in one.judged]
    low, high = interval(score, texts)
    print(f"\nstrict F1, 95% bootstrap interval over {len(texts)} texts: {low:.3f} to {high:.3f}")
    print("precision at coverage: ", end="")
    print(
        ", ".join("{:.3f} at {:.3f} (>= {:.2f})".format(*coverage(judged, at), at) for at in sorted({0.5, 0.7, 0.8, 0.9, 0.95, ACCEPTED}))
    )
    print("confidence: facts, right: " + "; ".join(f"{at:.2f}: {n}, {right:.2f}" for at, n, right in reliability(judged)))


def record(split: str, rows: list[dict[str, Any]]) -> None:
    """Appends the rows to the ledger."""
    with LEDGER.open("a", encoding="utf-8") as out:
        for row in rows:
            cells = (datetime.date.today().isoformat(), kg_build.__version__, split, row["kind"], *(f"{row[c]:.3f}" for c in COLUMNS[4:]))
            out.write("\t".join(cells) + "\n")


def errors(judged: Sequence[Judged], kind: str) -> Iterator[str]:
    """What is wrong, fact by fact: where only slots differ, those slots."""
    for j in judged:
        if j.right or (kind != "all" and j.kind != kind):
            continue
        if j.found and j.gold:
            yield f"{j.document} {j.kind} WRONG {', '.join(j.wrong)}\n    found {_told(j.found)}\n    gold  {_told(j.gold)}"
        else:
            yield f"{j.document} {j.kind} {'MADE UP' if j.found else 'MISSING'} {_told(j.found or j.gold or {})}"


def _told(fact: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in fact.items() if k not in QUIET and v not in (None, [], "")}, ensure_ascii=False)


def seed_and_variants(score: ModuleType, evaluation: Path, count: int, keep: bool) -> bool:
    """The starting article and its variants; whether both reach what they must."""
    seed = read_and_score(score, pairs(evaluation / "seed"))
    rows = show("seed", score, seed)
    variants = read_and_score(score, [(v.name, v.text, v.gold) for v in make_variants(evaluation / "seed", count)])
    varied = show(f"{count} variants", score, variants)
    singles = {one.name: summed(score, [one])[-1]["strict_f1"] for one in variants}
    worst = min(singles, key=lambda name: singles[name])
    mean = statistics.fmean(singles.values())
    print(f"variants: mean {mean:.3f}, minimum {singles[worst]:.3f} ({worst}), below {STRICT}: {sum(v < STRICT for v in singles.values())}")
    if keep:
        record("seed", rows)
        record("variants", varied)
    return rows[-1]["strict_f1"] >= STRICT and rows[-1]["grounded"] == 1.0 and mean >= STRICT


def groups(evaluation: Path, wanted: str) -> Iterator[tuple[str, list[Pair]]]:
    """Name and texts of every group of a part."""
    for folder in FOLDERS:
        yield folder, development(evaluation, folder, wanted)
    for folder, texts in own(wanted).items():
        yield f"own/{folder}", texts
    if STUDIES.exists():
        yield (
            "registry",
            [(one.name, one.text, one.gold) for one in make_articles(STUDIES, GENERATED, PARTS.index(parts(wanted)[-1]))],
        )


def main() -> int:
    """Runs what is asked for; exit 1 where the starting article or its variants fall short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluation", type=Path, default=SHARED)
    parser.add_argument("--part", help="read development and own texts of this part: " + ", ".join(PARTS) + ", all, or several joined by +")
    parser.add_argument("--only", default="", help="comma-separated: seed, " + ", ".join(FOLDERS) + ", own/FOLDER, registry")
    parser.add_argument("--variants", type=int, default=50)
    parser.add_argument("--errors", nargs="?", const="all", metavar="KIND", help="print what is wrong, of one kind or all")
    parser.add_argument("--record", metavar="NAME", help="append the figures to ledger.tsv under this name")
    args = parser.parse_args()
    if not (args.evaluation / "score.py").exists():
        print(f"reading: no score.py in {args.evaluation}; pass --evaluation FOLDER")
        return 2
    score, only = scorer(args.evaluation), set(filter(None, args.only.split(",")))
    fine = not (not only or "seed" in only) or seed_and_variants(score, args.evaluation, args.variants, bool(args.record))
    everything: list[Scored] = []
    for name, texts in groups(args.evaluation, args.part) if args.part else ():
        if not texts or (only and name not in only) or (name == "registry" and "registry" not in only):
            continue
        scored = read_and_score(score, texts, ("decisions", "results") if name.endswith("negatives") else None)
        rows = show(f"{args.part}/{name}", score, scored)
        everything += scored
        if args.record:
            record(f"{args.record}/{name}", rows)
        for line in errors([j for one in scored for j in one.judged], args.errors) if args.errors else ():
            print(line)
    if everything:
        rows = show(f"{args.part}, all texts", score, everything)
        show_worth(score, everything)
        if args.record:
            record(f"{args.record}/all", rows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
