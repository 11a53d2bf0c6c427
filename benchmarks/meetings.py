"""Whether statements of one act of a regulator meet in one event, and those of two acts do not, on pairs judged by reading.

    python benchmarks/meetings.py [--data ../shared/data] [--texts ../shared/evaluation/dev] [--work DIR] [--wrong]

`meetings.tsv` holds 184 pairs of decisions of real files, drawn with a fixed seed (ranked by sha256 of "139/FIRST|SECOND") from the pairs
of one jurisdiction that share an agent and are near in time or undated, so many of each pair of sources: FDA's notices and table of them,
Drugs@FDA, openFDA, orphan designations, Purple Book, EMA, PMDA, Health Canada, articles. Each was judged by reading both; `unsure` are
those that the sources do not settle, and count nowhere. Rules were tuned on the half `tune`; `report` was only counted.
Builds the graph of the files (`--work` keeps it and is used again) and prints precision and recall of both halves; exit 1 below 0.97 or
0.90 in either.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import SHARED

from kg_build import terms
from kg_build.build import build
from kg_build.release import open_release, quads

PAIRS = Path(__file__).with_suffix(".tsv")
FILES = (
    "fda", "openfda", "health_canada", "pmda/pmda_approvals_2004-2024.csv", "ema/medicines_output_medicines_en_2024-08-22.xlsx",
)  # fmt: skip
TEXTS = ("news", "fda_notices", "articles")
WANTED = (0.97, 0.90)
DECISIONS = terms.BASE + "id/decision/"


def events(folder: Path) -> dict[str, set[str]]:
    """Decision -> the events that it reports."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in quads(open_release(folder)):
        if "#reports> <" in quad:
            decision, _, event = quad.split(" ")[:3]
            found[decision.strip("<>").removeprefix(DECISIONS)].add(event)
    return found


def paths(data: Path, texts: Path) -> list[Path]:
    """What the graph is built from, of what there is."""
    return [path for path in (*(data / name for name in FILES), *(texts / name for name in TEXTS)) if path.exists()]


def tally(pairs: Iterable[dict[str, str]], met: dict[str, set[str]], wrong: bool) -> dict[str, list[int]]:
    """Half -> met and same, met and not the same, the same and not met, not found."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for pair in pairs:
        first, second, same = pair["first"], pair["second"], pair["same"]
        if same == "unsure":
            continue
        if first not in met or second not in met:
            counts[pair["half"]][3] += 1
            continue
        together = bool(met[first] & met[second])
        if together or same == "yes":
            counts[pair["half"]][0 if together and same == "yes" else 1 if together else 2] += 1
        if wrong and together != (same == "yes"):
            print(f"{pair['half']}: {'met' if together else 'apart'}: {pair['what']}\n    {first}\n    {second}")
    return counts


def main() -> int:
    """Exit 1 where too many meet that should not, or too few of those that should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED.parent / "data")
    parser.add_argument("--texts", type=Path, default=SHARED / "dev")
    parser.add_argument("--work", type=Path, help="folder of a graph built from these files; built there if it is not")
    parser.add_argument("--wrong", action="store_true", help="print the pairs that differ from the judgement")
    args = parser.parse_args()
    with PAIRS.open(encoding="utf-8", newline="") as rows, tempfile.TemporaryDirectory() as scratch:
        folder = args.work or Path(scratch) / "graph"
        if not folder.exists():
            build(paths(args.data, args.texts), folder, workers=2, progress=lambda text: print(text, file=sys.stderr))
        counts = tally(csv.DictReader(rows, delimiter="\t"), events(folder), args.wrong)
    good = True
    for half, (right, extra, missed, gone) in sorted(counts.items()):
        precision, recall = right / max(1, right + extra), right / max(1, right + missed)
        print(f"{half}: precision {precision:.3f}, recall {recall:.3f} ({right} met, {extra} wrongly, {missed} missed, {gone} not found)")
        good = good and (precision, recall) >= WANTED and recall >= WANTED[1]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
