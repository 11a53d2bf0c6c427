"""The graph of real registries: build it, check it, ask it.

Prints the counts of the build, every check that finds something with its time, and the rows and seconds of each question's
example. Exits 1 when a check finds an error or an example has no row.

    python benchmarks/real.py [--shared ../shared] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from kg_build import questions
from kg_build.build import build
from kg_build.graph import Graph

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    data = args.shared / "data"
    inputs = [args.shared / "evaluation" / "seed" / "seed.txt", data / "ctgov", data / "fda" / "drugsatfda_2019-07-02.zip"]
    with tempfile.TemporaryDirectory() as scratch:
        out = args.out or Path(scratch) / "kg"
        started = time.perf_counter()
        report = build(inputs, out, workers=args.workers)
        seconds = time.perf_counter() - started
        for name, count in sorted(report.counts.items()):
            print(f"{name:10} {count}")
        print(f"groups     {report.groups}")
        print(f"build      {report.quads:,} quads in {seconds:.0f} s, {_peak():,.0f} MB at most in one process")
        with Graph(out, seconds=600) as graph:
            return int(_checks(graph) + _questions(graph) > 0)


def _peak() -> float:
    usage = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return usage / 1024


def _checks(graph: Graph) -> int:
    errors = 0
    started = time.perf_counter()
    for one in questions.check(graph.store):
        errors += len(one.found.rows) if one.level == "error" else 0
        if one.found.rows:
            print(f"check      {one.name} ({one.level}): {len(one.found.rows):,}")
    print(f"checks     all in {time.perf_counter() - started:.0f} s, {errors} errors")
    return errors


def _questions(graph: Graph) -> int:
    silent = 0
    for name, question in sorted(questions.library().items()):
        example = question.examples.get("registries")
        if example is None:
            print(f"question   {name:32} only texts can answer it")
            continue
        started = time.perf_counter()
        rows = len(questions.ask(graph.store, name, example).rows)
        silent += not rows
        print(f"question   {name:32} {rows:6,} rows {time.perf_counter() - started:6.2f} s  {example}")
    return silent


if __name__ == "__main__":
    sys.exit(main())
