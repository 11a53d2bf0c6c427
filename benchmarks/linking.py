"""How many names in real oncology studies link to the lexicon: `python benchmarks/linking.py [FOLDER OF REAL FILES] [--unlinked]`.

Studies of ../shared/data/ctgov with an oncology condition; drugs and biologicals, conditions, adverse events and primary outcomes,
counted by mention. A treatment counts as linked when none of its parts is provisional.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
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
        if treated["type"] in {"DRUG", "BIOLOGICAL"}:
            yield "treatments", treated["name"]
    yield from (("conditions", name) for name in protocol.get("conditionsModule", {}).get("conditions", []))
    yield from (("primary outcomes", outcome["measure"]) for outcome in protocol.get("outcomesModule", {}).get("primaryOutcomes", []))
    yield "sponsors", protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
    events = study.get("resultsSection", {}).get("adverseEventsModule", {})
    yield from (("adverse events", event["term"]) for kind in ("seriousEvents", "otherEvents") for event in events.get(kind, []))


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
            yes, no = found.setdefault(kind, (Counter(), Counter()))
            (yes if linked(kind, name, lexicon) else no)[name] += 1
    return found


if __name__ == "__main__":
    folders = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    real = Path(folders[0]) if folders else Path(__file__).resolve().parents[2] / "shared"
    for kind, (yes, no) in measure(real / "data/ctgov/studies.jsonl.gz", load()).items():
        total = yes.total() + no.total()
        print(
            f"{kind}: {yes.total()} of {total} mentions linked ({100 * yes.total() / total:.1f}%), {len(yes)} of {len(yes) + len(no)} names"
        )
        if "--unlinked" in sys.argv:
            print("   ", "; ".join(f"{name} [{count}]" for name, count in no.most_common(400)))
