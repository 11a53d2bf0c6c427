"""The card of a thing: products by authority with their numbers and decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg_build.build import build
from kg_build.graph import Graph
from kg_build.terms import resource
from kg_build.views.card import draw_card

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    out = tmp_path_factory.mktemp("card") / "kg"
    paths = [SAMPLES / name for name in ("ema", "purplebook", "health_canada", "pmda", "openfda")]
    build([*paths, resource("sample") / "drugsfda"] if (resource("sample") / "drugsfda").exists() else [*paths, resource("sample")], out)
    with Graph(out) as opened:
        yield opened


def test_products_stand_by_authority_with_number_brand_and_decisions(graph: Graph) -> None:
    card = draw_card(graph.store, graph.find("isatuximab"))
    places = [line.partition(" (")[0] for line in card.splitlines() if line.startswith("Products, ")]
    assert places == sorted(places) and "Products, FDA" in places
    dossier = card[card.index("Products, FDA") :].splitlines()
    assert dossier[1].startswith("  BLA 761113  ") and "sarclisa" in dossier[1].casefold()
    assert "2020-03-02 approved" in dossier[2]


def test_a_product_that_bears_its_agents_name_does_not_hide_the_agent(graph: Graph) -> None:
    assert graph.find("Sarclisa") == graph.find("isatuximab")
