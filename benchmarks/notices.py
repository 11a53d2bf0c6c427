"""Whether the day of a decision is read from official approval notices: the headline decision's date against the table's.

    python benchmarks/notices.py [--table FILE] [--every]

Of the decisions whose notice prints the table's day, at least 97% must be read with it. Set apart are notices that print another day than
the table has (it holds the day of posting) and those that decide on no medicine (tests, databases). Prints the figures and each notice
that differs; `--every` also prints what was read of the others.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import SHARED

from kg_build.facts import Decision
from kg_build.lexicon import load
from kg_build.reading import extract_facts

TABLE = SHARED.parent / "data/fda/oncology_approval_notices_2020-2023H1.tsv"
WANTED = 0.97
_PRINTED = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s\d{1,2},\s?20\d\d")

_NO_MEDICINE = re.compile(r"\b(?:CDx|companion\sdiagnostic|Database|Knowledge\sBase|MR-HIFU)\b")


@dataclass(frozen=True)
class Notice:
    """A row of the table."""

    title: str
    paragraph: str
    day: str

    @property
    def printed(self) -> list[str]:
        """The full dates that the paragraph prints."""
        return [str(datetime.strptime(re.sub(r",\s?", ", ", m[0]), "%B %d, %Y").date()) for m in _PRINTED.finditer(self.paragraph)]

    @property
    def medicine(self) -> bool:
        """Whether the notice may decide on a medicine."""
        return _NO_MEDICINE.search(self.paragraph[:200]) is None


def notices(table: Path) -> Iterator[Notice]:
    """The rows of the table, their days as YYYY-MM-DD."""
    with table.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            month, day, year = row["date"].split("/")
            yield Notice(row["title"].strip(), row["first_paragraph"].strip(), f"{year}-{int(month):02}-{int(day):02}")


def read(notice: Notice) -> Decision | None:
    """The first decision of a notice."""
    decisions = extract_facts(f"{notice.title}\n\n{notice.paragraph}\n", load()).decisions
    return next(iter(decisions), None)


def told(decision: Decision | None) -> str:
    """A decision in a line."""
    if decision is None:
        return "no decision"
    return f"{decision.date} {decision.status} {' + '.join(decision.regimen)} | {decision.condition} | {decision.setting}"


def main() -> int:
    """Exit 1 where too few dates are the table's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, default=TABLE)
    parser.add_argument("--every", action="store_true", help="print what was read of every notice")
    args = parser.parse_args()
    if not args.table.exists():
        print(f"notices: no table {args.table}; pass --table FILE")
        return 2
    rows = [(notice, read(notice)) for notice in notices(args.table)]
    dated = [row for row in rows if row[0].printed]
    fair = [row for row in dated if row[0].day in row[0].printed and row[0].medicine]
    right = [row for row in dated if row[1] is not None and row[1].date == row[0].day]
    for notice, decision in rows:
        if (notice, decision) in dated and (notice, decision) not in right:
            why = "no medicine" if not notice.medicine else "READ WRONG" if (notice, decision) in fair else "the table has another day"
            print(f"{why}: {notice.day}, read {told(decision)}\n    {notice.paragraph[:140]}")
        elif args.every:
            print(f"{notice.day}: {told(decision)}")
    share = len(right) / len(fair) if fair else 0.0
    print(
        f"{len(rows)} notices, {len(dated)} print a date, {len(right)} of them read with the table's: {len(right) / max(1, len(dated)):.3f}"
    )
    print(f"decisions on a medicine whose notice prints the table's day: {len(fair)}, read {len(right)}: {share:.3f} (wanted {WANTED})")
    return 0 if share >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
