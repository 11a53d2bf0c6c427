"""How many names in real oncology studies link to the lexicon: `python benchmarks/linking.py [FOLDER OF REAL FILES]`.

Studies of ../shared/data/ctgov with an oncology condition; drugs and biologicals without placebo and vehicle, conditions, adverse
events and primary outcomes, counted by mention. A treatment counts as linked when none of its parts is provisional; those that
hold a class ("anti-PD-1 antibody") are counted apart. `--unlinked` prints the names that stay unlinked, most frequent first;
`--sample SEED [--size 300]` prints links drawn with that seed, for judging by reading, and `--judged FILE` the precision of such a
table, after drawing its sample again. `links_judged.tsv` beside this script is one such sample (seed 20261125).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg_build.lexicon import Lexicon, load
from kg_build.linking import names
from kg_build.linking.agents import treatment
from kg_build.linking.conditions import diagnosis

ONCOLOGY = re.compile(
    r"(?i)cancer|carcinom|neoplas|tumou?r|leuk|lymphom|myelom|melanom|sarcom|gliom|blastom|malignan|metasta|mesothel|myelodys"
)


AGENTS = {"DRUG", "BIOLOGICAL"}


def studies(path: Path) -> Iterator[dict[str, Any]]:
    """Studies with at least one oncology condition."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            study = json.loads(line)
            if any(ONCOLOGY.search(name) for name in study["protocolSection"].get("conditionsModule", {}).get("conditions", [])):
                yield study


def mentions(study: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and name of what one study mentions."""
    protocol = study["protocolSection"]
    for treated in protocol.get("armsInterventionsModule", {}).get("interventions", []):
        if treated["type"] in AGENTS:
            yield "treatments", treated["name"]
    yield from (("conditions", name) for name in protocol.get("conditionsModule", {}).get("conditions", []))
    yield from (("primary outcomes", outcome["measure"]) for outcome in protocol.get("outcomesModule", {}).get("primaryOutcomes", []))
    yield "sponsors", protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    events = study.get("resultsSection", {}).get("adverseEventsModule", {})
    yield from (("adverse events", event["term"]) for kind in ("seriousEvents", "otherEvents") for event in events.get(kind, []))


_PLACEBO = re.compile(r"(?i)placebo|vehicle|sham|dummy")


def is_placebo(name: str, lexicon: Lexicon) -> bool:
    """A placebo or vehicle and no agent beside it."""
    return bool(_PLACEBO.search(name)) and not treatment(name, lexicon).members


def linked(kind: str, name: str, lexicon: Lexicon) -> bool:
    """Whether a name leads to rows alone."""
    if kind == "treatments":
        return not treatment(name, lexicon).unknown
    if kind == "conditions":
        return diagnosis(name, lexicon).known
    look_up = {"primary outcomes": names.endpoint, "sponsors": names.organization, "adverse events": names.event}[kind]
    return not look_up(name, lexicon).startswith("x-")


def measure(path: Path, lexicon: Lexicon) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """Kind -> names that link and names that do not, with their mentions."""
    found: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for study in studies(path):
        for kind, name in mentions(study):
            if kind == "treatments" and is_placebo(name, lexicon):
                continue
            yes, no = found.setdefault(kind, (Counter(), Counter()))
            (yes if linked(kind, name, lexicon) else no)[name] += 1
    return found


# ---- precision of links to agents, judged by reading -----------------------------------------------------------------------------


def links(path: Path, lexicon: Lexicon) -> list[tuple[str, str, str, str]]:
    """Study, name, keys and rule of every mention of a treatment that links, in the order of the file."""
    found = []
    for study in studies(path):
        number = study["protocolSection"]["identificationModule"]["nctId"]
        for kind, name in mentions(study):
            meant = treatment(name, lexicon)
            if kind == "treatments" and meant.members and not meant.unknown:
                found.append((number, name, "+".join(meant.members), meant.rule))
    return found


def sample(path: Path, lexicon: Lexicon, seed: int, size: int) -> list[tuple[str, str, str, str]]:
    """Links drawn by mention, without repeats of a place in the file."""
    return random.Random(seed).sample(links(path, lexicon), size)


def judged(path: Path, table: Path, lexicon: Lexicon) -> str:
    """Precision of a judged sample, and how much of it a new drawing still gives."""
    lines = table.read_text("utf-8").splitlines()
    seed, size = map(int, re.findall(r"\d+", lines[0])[:2])
    rows = list(csv.DictReader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE))
    told = {(row["study"], row["name"], row["keys"]) for row in rows}
    same = sum((number, name, keys) in told for number, name, keys, _ in sample(path, lexicon, seed, size))
    right = sum(row["judgement"] == "right" for row in rows)
    return f"{right} of {len(rows)} links right ({100 * right / len(rows):.1f}%); {same} of {size} are those that the seed draws today"


def report(path: Path, lexicon: Lexicon, unlinked: bool) -> None:
    """Prints the share of linked mentions, kind by kind."""
    for kind, (yes, no) in measure(path, lexicon).items():
        total = yes.total() + no.total()
        names_ = f"{len(yes)} of {len(yes) + len(no)} names"
        print(f"{kind}: {yes.total()} of {total} mentions linked ({100 * yes.total() / total:.1f}%), {names_}")
        if kind == "treatments":
            classes = Counter({name: n for name, n in yes.items() if any("class:" in key for key in treatment(name, lexicon).members)})
            left = yes.total() - classes.total()
            print(f"    {classes.total()} of them hold a class; to agents alone {left} of {total} ({100 * left / total:.1f}%)")
        if unlinked:
            print("   ", "; ".join(f"{name} [{count}]" for name, count in no.most_common(400)))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("real", nargs="?", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--unlinked", action="store_true")
    parser.add_argument("--sample", type=int, metavar="SEED")
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--judged", type=Path, metavar="FILE")
    given = parser.parse_args()
    path, lexicon = given.real / "data/ctgov/studies.jsonl.gz", load()
    if given.judged:
        print(judged(path, given.judged, lexicon))
    elif given.sample is not None:
        print(f"# seed {given.sample}, {given.size} links by mention\nstudy\tname\tkeys\trule\tjudgement\tnote")
        for row in sample(path, lexicon, given.sample, given.size):
            print("\t".join(row), "\t\t", sep="")
    else:
        report(path, lexicon, given.unlinked)


if __name__ == "__main__":
    main()
