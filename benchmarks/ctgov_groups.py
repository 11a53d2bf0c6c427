"""How many reported groups of real studies meet their planned arms, and how fast studies are read; one line.

python benchmarks/ctgov_groups.py [FILE...]      default: all of ../shared/data/ctgov (or KG_SHARED)
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path

from kg_build.facts import Record
from kg_build.sources import ctgov

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def main(arguments: list[str]) -> None:
    """Read all files, each study once, and print the counts."""
    folder = SHARED / "data" / "ctgov"
    files = [Path(name) for name in arguments] or [folder / "studies.jsonl.gz", *sorted((folder / "samples").iterdir())]
    started = time.process_time()
    found = [one for path in files for one in ctgov.read(path)]
    seconds = time.process_time() - started
    studies = {one.id: one for one in found if isinstance(one, Record)}
    groups = Counter(group.match for one in studies.values() for group in one.trials[0].groups)
    owners = {(one.id, group.id): group.match for one in studies.values() for group in one.trials[0].groups}
    figures = Counter(
        owners[one.id, arm]
        for one in studies.values()
        for fact in (*one.results, *one.adverse_events)
        for arm in (fact.arm, *(getattr(fact, "comparison", None) or ()))
        if arm
    )
    rejected = sum(not isinstance(one, Record) for one in found)
    reported = sum(bool(one.results) for one in studies.values())
    print(
        f"studies {len(studies)} (with results {reported}), rejected {rejected}; "
        f"groups: {told(groups)}; figures of groups: {told(figures)}; {len(found) / seconds:.0f} studies/s of CPU"
    )


def told(counts: Counter[str]) -> str:
    """Counts with their shares."""
    whole = sum(counts.values()) or 1
    return ", ".join(f"{kind} {counts[kind]} ({100 * counts[kind] / whole:.1f}%)" for kind in ("matched", "pooled", "unmatched"))


if __name__ == "__main__":
    main(sys.argv[1:])
