"""Columns: every class of the graph has a place, names are readable in both themes, orders cross few lines."""

from __future__ import annotations

import pytest

from kg_build import network
from kg_build.views.columns import COLUMNS, arrange, crossings, kind_of, kinds

PAPER, NIGHT = "#ffffff", "#1f242c"  # the cards' own background, see explorer.css


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_class_that_becomes_a_card_has_a_column() -> None:
    assert set(network.CARDS) <= set(kinds())
    assert {kind.column for kind in kinds().values()} <= set(COLUMNS)


@pytest.mark.parametrize("name", kinds())
def test_names_of_classes_are_readable_in_both_themes(name: str) -> None:
    assert contrast(kind_of(name).light, PAPER) >= 4.5
    assert contrast(kind_of(name).dark, NIGHT) >= 4.5


def test_an_unknown_class_keeps_its_name_in_the_last_column() -> None:
    assert kind_of("Patent")[:2] == ("Patent", "other")
    assert arrange({"x": "Patent"}, []) == {"x": ("other", 0)}


def test_neighbours_stand_side_by_side_and_no_line_crosses() -> None:
    agents, targets = [f"a{i}" for i in range(6)], [f"t{i}" for i in range(6)]
    links = [(agent, targets[-1 - i]) for i, agent in enumerate(agents)]
    place = arrange({**dict.fromkeys(agents, "Agent"), **dict.fromkeys(targets, "Target")}, links)
    columns = {
        column: sorted((node for node in place if place[node][0] == column), key=lambda node: place[node][1])
        for column in ("mechanism", "agents")
    }
    assert crossings({"mechanism": targets, "agents": agents}, links) == 15
    assert crossings(columns, links) == 0


def test_every_node_has_its_own_place() -> None:
    classes = {f"n{i}": ["Agent", "Regimen", "ClinicalTrial", "Decision"][i % 4] for i in range(40)}
    place = arrange(classes, [(f"n{i}", f"n{(i * 7) % 40}") for i in range(40)])
    assert len(set(place.values())) == len(place) == 40
