"""Every statistical analysis of real studies against the graph: what the registry prints must stand there; counts, then what differs.

python benchmarks/analyses.py [FILE...]      default: all of ../shared/data/ctgov (or KG_SHARED)

The registry's JSON is walked here with nothing of the reader that is judged; the graph is asked by SPARQL.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg_build import lexicon
from kg_build.facts import Record
from kg_build.linking import StudyIndex, link_record
from kg_build.rdf import to_quads
from kg_build.sources import ctgov

SHARED = Path(os.environ.get("KG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
KG = "https://w3id.org/kg-build/ontology#"
RATIOS = {"hazard": "hazard-ratio", "odds": "odds-ratio", "relative risk": "risk-ratio", "risk ratio": "risk-ratio"}
FIELDS = {"param": "value", "ciPctValue": "ciLevel", "statisticalMethod": "test"}


def main(arguments: list[str]) -> None:
    """Compare all files and print what was found."""
    folder = SHARED / "data" / "ctgov"
    files = [Path(name) for name in arguments] or [folder / "studies.jsonl.gz", *sorted((folder / "samples").iterdir())]
    counts: Counter[str] = Counter()
    for tree, record in pairs(files):
        graph = Graph(record)
        for path, outcome, analysis in printed_analyses(tree):
            kind = wanted_measure(analysis.get("paramType"))
            counts[f"analyses: {kind or 'other'}"] += 1
            if kind == "difference" and (told := direction(outcome, analysis, graph.estimate(path))):
                counts[f"direction {told}"] += 1
                if told.startswith("A"):
                    print(f"{record.id} {path} direction {told}")
            for field, wanted, found in compared(outcome, analysis, graph.estimate(path), kind):
                counts[f"{field}: {'same' if wanted == found else 'DIFFERS'}"] += 1
                if wanted != found:
                    print(f"{record.id} {path} {field}: printed {wanted!r}, graph {found!r}")
    for name in sorted(counts):
        print(f"{counts[name]:6} {name}")


def pairs(files: list[Path]) -> Iterator[tuple[dict[str, Any], Record]]:
    """Each study with results once, as plain JSON and as the record that was read."""
    seen: set[str] = set()
    for path in files:
        text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = text.splitlines() if ".jsonl" in path.name else [text]
        for line in lines:
            tree = json.loads(line)
            name = tree["protocolSection"]["identificationModule"]["nctId"]
            if tree.get("resultsSection") and name not in seen:
                seen.add(name)
                (record,) = ctgov.read_bytes(line, name)
                assert isinstance(record, Record), record
                yield tree, record


def printed_analyses(tree: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Place, outcome measure and analysis."""
    for o, outcome in enumerate(tree["resultsSection"].get("outcomeMeasuresModule", {}).get("outcomeMeasures", [])):
        for a, analysis in enumerate(outcome.get("analyses", [])):
            yield f"/resultsSection/outcomeMeasuresModule/outcomeMeasures/{o}/analyses/{a}", outcome, analysis


class Graph:
    """The quads of one record, asked for the estimate of an analysis."""

    def __init__(self, record: Record) -> None:
        tables = lexicon.load()
        quads, _ = to_quads(record, link_record(record, tables, StudyIndex({})), tables)
        self.store = ox.Store()
        self.store.extend(ox.parse("\n".join(quads), format=ox.RdfFormat.N_QUADS))

    def estimate(self, path: str) -> dict[str, set[str]]:
        """Values of the one estimate that names a place or one below it, and of the analysis and the measure it points to."""
        found: dict[str, set[str]] = {}
        rows = self.store.query(
            f"""PREFIX kg: <{KG}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
            SELECT ?e ?p ?v WHERE {{ GRAPH ?g {{
              ?e a kg:Estimate ; kg:analysis ?a . ?a kg:sourcePath "{path}" .
              {{ ?e ?p ?v }} UNION {{ ?a ?q ?v . BIND(CONCAT("analysis ", STR(?q)) AS ?p) }}
              UNION {{ ?e kg:outcomeMeasure ?m . ?m ?q ?v . BIND(CONCAT("measure ", STR(?q)) AS ?p) }}
              UNION {{ ?e ?q ?o . ?o rdfs:label ?v . FILTER(?q IN (kg:group, kg:referenceGroup)) BIND(CONCAT("label ", STR(?q)) AS ?p) }}
            }} }}"""
        )
        nodes = set()
        for node, name, value in rows:
            nodes.add(node)
            found.setdefault(name.value.replace(KG, ""), set()).add(value.value)
        assert len(nodes) <= 1, f"{path}: {len(nodes)} estimates"
        return found


def wanted_measure(name: str | None) -> str | None:
    """The measure that the free text of a parameter says, of those that must not be missed."""
    text = " ".join((name or "").casefold().split())
    for words, measure in RATIOS.items():
        if words in text:
            return measure
    return "difference" if "diff" in text else None


def compared(
    outcome: dict[str, Any], analysis: dict[str, Any], found: dict[str, set[str]], kind: str | None
) -> Iterator[tuple[str, Any, Any]]:
    """Field, what is printed, what the graph says."""
    if kind == "difference":
        yield "measure", True, one(found, "measure").endswith("difference")
    elif kind:
        yield "measure", kind, one(found, "measure")
    for key, name in (("paramValue", "value"), ("ciLowerLimit", "ciLower"), ("ciUpperLimit", "ciUpper")):
        if key in analysis:
            yield f"{name} as printed", analysis[key], one(found, f"{name}Text")
            yield name, number(analysis[key]), number(one(found, name))
    if "ciPctValue" in analysis and ("ciLowerLimit" in analysis or "ciUpperLimit" in analysis):
        yield "ci level", number(analysis["ciPctValue"]), number(one(found, "ciLevel"))
        yield "ci sides", {"ONE_SIDED": "1", "TWO_SIDED": "2"}.get(analysis.get("ciNumSides", ""), ""), one(found, "ciSides")
    if "pValue" in analysis:
        yield "p as printed", analysis["pValue"], one(found, "pPrinted")
        comparator, value = re.fullmatch(r"\s*p?\s*([<>=≤≥]*)\s*(\S+)\s*", analysis["pValue"]).groups()  # type: ignore[union-attr]
        yield "p comparator", comparator or "=", one(found, "pComparator")
        yield "p", number(value), number(one(found, "pValue"))
    yield "test", analysis.get("statisticalMethod", ""), one(found, "test")
    groups = {group["id"]: group.get("title") for group in outcome.get("groups", [])}
    wanted = {groups[local] for local in analysis.get("groupIds", [])}
    yield "groups", wanted, found.get("label group", set()) | found.get("label referenceGroup", set())
    if "nonInferiorityType" in analysis:
        said = analysis["nonInferiorityType"].replace("_", " ").lower()
        yield "hypothesis", said, one(found, "analysis hypothesis")
    unescaped = re.sub(r"\\([^\w\s])", r"\1", outcome.get("populationDescription", "")).strip()
    yield "population", unescaped, one(found, "analysis analysisPopulation")
    yield "time frame", outcome.get("timeFrame", ""), one(found, "measure timeFrame")


def direction(outcome: dict[str, Any], analysis: dict[str, Any], found: dict[str, set[str]]) -> str | None:
    """Whether a difference of two groups is arm minus reference by the groups' own figures, where each has one figure."""
    rows = [
        m for c in outcome.get("classes", []) for k in c["categories"] for m in k["measurements"] if m["groupId"] in analysis["groupIds"]
    ]
    figures = {row["groupId"]: number(row.get("value", "")) for row in rows}
    value = number(analysis.get("paramValue", ""))
    if len(rows) != 2 or len(figures) != 2 or len(analysis["groupIds"]) != 2 or not value or None in figures.values():
        return None
    (a, x), (b, y) = figures.items()
    titles = {group["id"]: group.get("title") for group in outcome["groups"]}
    away = {titles[a]: abs(x - y - value), titles[b]: abs(y - x - value)}  # type: ignore[operator]
    near, far = sorted(away.values())
    if near > abs(value) / 10 or far < abs(value):
        return None
    return "told by the figures" if away[one(found, "label group")] == near else "AGAINST the figures"


def one(found: dict[str, set[str]], name: str) -> str:
    """The one value of a property, or nothing."""
    return " & ".join(sorted(found.get(name, set())))


def number(printed: str) -> Decimal | None:
    """What a string prints, if it is a number."""
    try:
        return Decimal(printed.replace(",", ""))
    except InvalidOperation:
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
