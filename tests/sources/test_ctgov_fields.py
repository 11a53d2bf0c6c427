"""Accounting for the data model of the registry: every node is mapped or ignored by name, and what is mapped is really read."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg_build.facts import Record, Trial
from kg_build.sources import ctgov
from kg_build.sources.ctgov.audit import IGNORED, count_unmapped, mapped

PACKAGE = Path(ctgov.__file__).parent


def nodes(tree: list[dict[str, Any]], above: str = "") -> Iterator[str]:
    """Dotted paths of a data model."""
    for node in tree:
        yield above + node["name"]
        yield from nodes(node.get("children", []), f"{above}{node['name']}.")


def ignored(place: str) -> bool:
    steps = place.split(".")
    return any(".".join(steps[:n]) in IGNORED for n in range(1, len(steps) + 1))


def test_every_node_of_the_data_model_is_mapped_or_ignored_by_name(shared: Path) -> None:
    model = list(nodes(json.loads((shared / "data" / "ctgov" / "api" / "metadata.json").read_text("utf-8"))))
    assert len(model) == len(set(model)) == 454
    fields = mapped()
    assert [place for place in model if (place in fields) == ignored(place)] == [], "neither mapped nor ignored, or both"
    assert set(fields) - set(model) == {"handMade"}, "our own mark alone is no field of the registry"
    assert set(IGNORED) - set(model) == set()


def test_ignored_names_are_the_highest_of_their_branch() -> None:
    assert [place for place in IGNORED if "." in place and ignored(place.rpartition(".")[0])] == []


def test_every_mapped_field_is_read_somewhere() -> None:
    readers = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "layout" and path.name != "audit.py"]
    trees = [ast.parse(path.read_text("utf-8")) for path in readers]
    named = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {str(node.value) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}  # getattr by a table
    totals = {f"{kind}_num_{of}" for kind in ("deaths", "serious", "other") for of in ("affected", "at_risk")}  # composed in events.py
    assert sorted(set(mapped().values()) - named - totals) == []


def test_every_slot_of_a_trial_is_filled_by_some_study(shared: Path) -> None:
    """A slot that no real study fills is a slot that is not read; texts alone fill a few."""
    never = {field.name for field in msgspec.structs.fields(Trial)} - {"confidence", "assertion"}
    for record in ctgov.read(shared / "data" / "ctgov" / "studies.jsonl.gz"):
        assert isinstance(record, Record)
        never -= {name for name in never if getattr(record.trials[0], name) not in (None, (), {})}
    assert never == {"role", "primary_endpoint_assessment", "exploratory_endpoints", "median_follow_up_months"}


@pytest.mark.parametrize(
    ("tree", "counts"),
    [
        ({"x": 1}, {"x": 1}),
        ({"protocolSection": {"designModule": {"new": {"deep": 1}}}}, {"protocolSection.designModule.new": 1}),
        ({"resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [{"new": 1}, {"new": 2}, {}]}}},
         {"resultsSection.outcomeMeasuresModule.outcomeMeasures.new": 2}),
        ({"annotationSection": {"anything": 1}, "protocolSection": None}, {}),
    ],
)  # fmt: skip
def test_unknown_keys_are_counted_by_place(tree: dict[str, Any], counts: dict[str, int]) -> None:
    assert count_unmapped(tree) == counts
