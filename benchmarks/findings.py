"""Whether the figures of articles meet those of their registry record: in one Finding, in conflict only where they contradict.

    python benchmarks/findings.py [--studies FILE] [--count 200] [--seed 0] [--keep DIR] [--wrong]

Registry studies of two known regimens (those of ../shared/data/ctgov, again under other numbers until there are enough) are given results
in the registry's layout, and an article each by `articles.py`. Of all articles, 20 contradict one figure and 200 figures differ in what
explains it or are only printed otherwise: another precision, another cut-off (a follow-up told), another assessor; the rest agree. Built as
`kg build` builds them; wanted: 98% of the figures that tell of the registry's in one Finding with it, every contradiction a kg:Conflict,
no agreement one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from articles import ENDPOINTS, STUDIES, Study, Writer, studies

from kg_build.build import build
from kg_build.lexicon import load
from kg_build.linking import names
from kg_build.meetings import equal_as_printed
from kg_build.release import open_release, quads

TITLES = {
    "PFS": "Progression-Free Survival (PFS)",
    "OS": "Overall Survival (OS)",
    "DFS": "Disease-Free Survival (DFS)",
    "ORR": "Objective Response Rate (ORR)",
}
KINDS = ("precision", "cut-off", "assessor")
DISAGREEMENTS, WANTED = 20, 0.98


@dataclass
class Case:
    """One study as the registry has it, and what its article is to say otherwise."""

    study: Study
    ratios: dict[str, tuple[str, str, str]]  # endpoint -> hazard ratio and interval
    plant: str | None = None  # one of KINDS, or "value"
    planted: set[str] = field(default_factory=set)  # endpoints whose figures the article tells so
    told: Counter[str] = field(default_factory=Counter)  # endpoint -> figures that the article tells of it


class Teller(Writer):
    """An article that tells the figures of its registry record, but for what is planted."""

    def __init__(self, case: Case, number: int, seed: int) -> None:
        super().__init__(case.study, number, seed)
        self.case = case

    def _planted(self, endpoint: str, kind: str) -> bool:
        return self.case.plant == kind and endpoint in self.case.planted

    def _outcome(self, endpoint: str) -> str:
        told = super()._outcome(endpoint)
        if self._planted(endpoint, "cut-off"):
            return f"At a median follow-up of {self.pick.randint(41, 72)}.{self.pick.randint(1, 9)} months, {told[0].lower()}{told[1:]}"
        if self._planted(endpoint, "assessor"):
            name = next(name for name in sorted(ENDPOINTS[endpoint], key=len, reverse=True) if name in told)
            return told.replace(name, f"investigator-assessed {name}", 1)
        return told

    def _pair(self, endpoint: str) -> tuple[str, str]:
        first, second = (f"{value:.2f}" if endpoint != "ORR" else f"{value:.1f}" for value in self.study.figures[endpoint])
        if self._planted(endpoint, "precision"):
            places = 0 if endpoint == "ORR" else 1
            return f"{float(first):.{places}f}", f"{float(second):.{places}f}"
        if self._planted(endpoint, "value"):
            return f"{float(first) * 1.31 + 1:.{len(first.partition('.')[2])}f}", second
        if self._planted(endpoint, "cut-off") or self._planted(endpoint, "assessor"):
            return f"{float(first) * 1.07 + 0.3:.1f}", f"{float(second) * 1.05 + 0.2:.1f}"
        return first, second

    def _ratio(self, endpoint: str) -> str:
        value, low, high = self.case.ratios[endpoint]
        if self._planted(endpoint, "cut-off") or self._planted(endpoint, "assessor"):
            value = f"{float(value) - 0.03:.2f}"
        return self.pick.choice((f" (hazard ratio, {value}; 95% CI, {low}-{high})", f"; HR = {value} (95% CI: {low}, {high})"))


# ---- what is built -----------------------------------------------------------------------------------------------------------------


def cases(path: Path, count: int, seed: int) -> Iterator[tuple[Case, dict[str, Any]]]:
    """So many studies with drawn figures, and their registry records."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        raw = {study["protocolSection"]["identificationModule"]["nctId"]: study for study in map(json.loads, lines)}
    for number, study in enumerate(islice(cycle(list(studies(path))), count)):
        pick = random.Random(f"{seed}/{number}")
        chosen = pick.sample(sorted(TITLES), 3)
        figures = {endpoint: (round(pick.uniform(5, 60), 2), round(pick.uniform(5, 60), 2)) for endpoint in chosen}
        if "ORR" in figures:
            figures["ORR"] = (round(figures["ORR"][0], 1), round(figures["ORR"][1], 1))
        ratios = {e: (f"{v:.2f}", f"{v * 0.8:.2f}", f"{v / 0.8:.2f}") for e in chosen if (v := round(pick.uniform(0.4, 1.2), 2))}
        nct = f"NCT9{number:07}"
        case = Case(replace(study, nct=nct, name=nct if study.name == study.nct else study.name, figures=figures), ratios)
        _plant(case, number)
        yield case, _record(raw[study.nct], case)


def _plant(case: Case, number: int) -> None:
    """Every tenth study contradicts one figure; of the others, all but some differ in what explains it."""
    if number % 10 == 0:
        case.plant, case.planted = "value", {next(iter(case.study.figures))}
    elif number % 10 < 8:
        case.plant = KINDS[number % 3]
        case.planted = set(case.study.figures) - ({"OS", "ORR", "DFS"} if case.plant == "assessor" else set())


def _record(raw: dict[str, Any], case: Case) -> dict[str, Any]:
    """The registry's study under its new number, with results in the registry's layout."""
    study = json.loads(json.dumps(raw))
    study["protocolSection"]["identificationModule"] |= {"nctId": case.study.nct}
    study["protocolSection"]["identificationModule"].pop("nctIdAliases", None)
    labels = _labels(study, case)
    groups = [{"id": f"OG00{i}", "title": label, "description": label} for i, label in enumerate(labels)]
    measures = [_measure(endpoint, case, groups) for endpoint in case.study.figures]
    return study | {"hasResults": True, "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": measures}}}


def _labels(study: dict[str, Any], case: Case) -> list[str]:
    """Labels of the two arms, the one that the article tells first in front."""
    from articles import _regimen

    from kg_build.facts import Record
    from kg_build.sources import ctgov

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.json"
        path.write_text(json.dumps({k: v for k, v in study.items() if k != "resultsSection"}), "utf-8")
        record = next(record for record in ctgov.read(path) if isinstance(record, Record))
    by_regimen = {_regimen(arm): arm.label or arm.id for arm in record.trials[0].arms}
    return [by_regimen[regimen] for regimen in case.study.arms]


def _measure(endpoint: str, case: Case, groups: list[dict[str, str]]) -> dict[str, Any]:
    title = TITLES[endpoint]
    if case.plant == "assessor" and endpoint in case.planted:
        title += " as Assessed by Blinded Independent Central Review"
    value, low, high = case.ratios[endpoint]
    analysis = {
        "groupIds": [group["id"] for group in groups], "paramType": "Hazard Ratio (HR)", "paramValue": value,
        "ciPctValue": "95", "ciNumSides": "TWO_SIDED", "ciLowerLimit": low, "ciUpperLimit": high,
    }  # fmt: skip
    response = endpoint == "ORR"
    rows = [
        {"groupId": group["id"], "value": f"{figure:.1f}" if response else f"{figure:.2f}"}
        for group, figure in zip(groups, case.study.figures[endpoint], strict=True)
    ]
    return {
        "type": "PRIMARY", "title": title, "paramType": "NUMBER" if response else "MEDIAN", "groups": groups,
        "unitOfMeasure": "percentage of participants" if response else "months", "timeFrame": "Up to 5 years",
        "denoms": [{"units": "Participants", "counts": [{"groupId": g["id"], "value": "100"} for g in groups]}],
        "classes": [{"categories": [{"measurements": rows}]}], **({} if response else {"analyses": [analysis]}),
    }  # fmt: skip


# ---- what came of it ---------------------------------------------------------------------------------------------------------------


_VALUE = re.compile(r"(?:median|rate|ratio) ([\d.]+)")


@dataclass
class Graph:
    """What a graph says of figures: each estimate's Finding, conflict, study and label."""

    finding: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    conflicts: set[str] = field(default_factory=set)
    slots: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def meets_its_own(self, estimate: str, kind: str | None) -> bool:
        """Whether a figure of an article stands in a Finding with the figure of the registry that it was made from."""
        registered = [other for other in self.members[self.finding.get(estimate, "")] if "/estimate/ctgov." in other]
        return any(self._made_from(self._value(estimate), self._value(other), kind) for other in registered)

    def _value(self, estimate: str) -> str:
        printed = _VALUE.search(self.slots[estimate].get("label", ""))
        return printed[1] if printed else ""

    @staticmethod
    def _made_from(told: str, registered: str, kind: str | None) -> bool:
        if not told or not registered:
            return False
        if kind == "cut-off":
            value = float(registered)
            return told in {registered, f"{value * 1.07 + 0.3:.1f}", f"{value * 1.05 + 0.2:.1f}", f"{value - 0.03:.2f}"}
        return equal_as_printed(told, registered)


def read(folder: Path) -> Graph:
    """The findings of a graph."""
    graph = Graph()
    for line in quads(open_release(folder)):
        subject, predicate, rest = line.split(" ", 2)
        name = predicate.rpartition("#")[2].rstrip(">")
        if name == "reports" and "/id/finding/" in rest:
            finding = rest.split(" ")[0]
            graph.finding[subject] = finding
            graph.members[finding].add(subject)
        elif name == "between" and "/id/estimate/" in rest:
            graph.conflicts.add(rest.split(" ")[0])
        elif "/id/estimate/" in subject and "/evidence/" not in subject and name in {"estimateOf", "endpoint", "statistic", "label"}:
            graph.slots[subject][name] = rest.rsplit(" <", 1)[0].strip()
    return graph


def main() -> int:
    """Exit 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=Path, default=STUDIES)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder to leave articles, studies and graph in")
    parser.add_argument("--wrong", action="store_true", help="print the figures that went wrong")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        made = write(folder / "in", args.studies, args.count, args.seed)
        build([folder / "in"], folder / "graph", workers=2)
        return report(made, read(folder / "graph"), args.wrong)


def write(folder: Path, path: Path, count: int, seed: int) -> list[Case]:
    """Articles and registry records as files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with gzip.open(folder / "studies.jsonl.gz", "wt", encoding="utf-8") as out:
        for number, (case, record) in enumerate(cases(path, count, seed)):
            teller = Teller(case, number, seed)
            article = teller.article(f"article-{number:04}")
            case.told = Counter(result["endpoint"] for result in teller.results)
            (folder / f"{article.name}.txt").write_text(article.text, "utf-8")
            out.write(json.dumps(record) + "\n")
            made.append(case)
    return made


def report(made: list[Case], graph: Graph, wrong: bool) -> int:
    """Prints the figures; 1 where one falls short."""
    plants = {case.study.nct: case for case in made}
    met, total, planted, contradicted, agreed, false = 0, 0, 0, 0, Counter[str](), 0
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for estimate, slots in graph.slots.items():
        if "/estimate/article." in estimate:
            study, measured = (slots.get(name, "").rpartition("/")[2].rstrip(">") for name in ("estimateOf", "endpoint"))
            told[study, measured].append(estimate)
    keys = {endpoint: names.endpoint(endpoint, load()) for endpoint in TITLES}
    for nct, case in plants.items():
        for endpoint in case.study.figures:
            found = told.get((nct, keys[endpoint]), [])
            kind = case.plant if endpoint in case.planted else None
            if kind == "value":
                planted += 1
                good = any(estimate in graph.conflicts for estimate in found)
                contradicted += good
                if wrong and not good:
                    print(f"no conflict: {nct} {endpoint}: {[graph.slots[e].get('label') for e in found]}")
                continue
            agreed[kind or "equal"] += len(found)
            in_conflict = [estimate for estimate in found if estimate in graph.conflicts]
            false += len(in_conflict)
            if wrong and in_conflict:
                print(f"{kind}: in conflict: {nct} {endpoint}: {[graph.slots[e].get('label') for e in in_conflict]}")
            if kind == "assessor":  # another assessor's figure is another finding
                continue
            total += case.told[endpoint]
            right = [e for e in found if graph.meets_its_own(e, kind)]
            met += min(case.told[endpoint], len(right))
            if wrong and len(right) < case.told[endpoint]:
                print(f"{kind}: alone: {nct} {endpoint}: read {[graph.slots[e].get('label') for e in found if e not in right]}")
    share = met / max(1, total)
    print(f"{len(made)} studies: {met} of {total} figures in one Finding with the registry's: {share:.3f} (wanted {WANTED})")
    print(f"contradictions planted {planted}, in conflict {contradicted}")
    print(f"agreements {sum(agreed.values())} ({', '.join(f'{kind} {n}' for kind, n in sorted(agreed.items()))}), in conflict {false}")
    return 0 if share >= WANTED and contradicted == planted and not false else 1


if __name__ == "__main__":
    sys.exit(main())
