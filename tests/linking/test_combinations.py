"""Combination products are regimens: they lend no identifier, brand or code to their members, and products stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build import sources, terms
from kg_build.facts import Agent, Application, Document, Product, Record
from kg_build.lexicon import load
from kg_build.linking import StudyIndex, link_record, regimen_key
from kg_build.rdf import to_quads

LEXICON = load()
NO_STUDIES = StudyIndex()
SAMPLES = Path(__file__).parents[1] / "samples"


def quads(record: Record) -> list[str]:
    return to_quads(record, link_record(record, LEXICON, NO_STUDIES), LEXICON)[0]


def said(lines: list[str], subject: str, predicate: str) -> set[str]:
    """Objects of one thing and property, as literals' text or IRIs."""
    start = f"<{subject}> <{terms.expand(predicate)}> "
    found = [line for line in lines if line.startswith(start)]
    return {quad.object.value for quad in ox.parse("\n".join(found), format=ox.RdfFormat.N_QUADS)}  # type: ignore[union-attr]


def product(number: str, brand: str, *ingredients: str) -> Product:
    return Product(id=f"{number}-001", brand=brand, ingredients=ingredients, jurisdiction="United States", application=number)


def test_what_is_said_of_a_combination_is_not_said_of_its_members() -> None:
    fact = Agent(name="pertuzumab and trastuzumab", identifiers=("unii:EXAMPLE001", "drugbank:DB99999"), other_names=("Exampleduo",))
    lines = quads(Record(source="drugbank", id="1", document=Document(sha256="0"), agents=(fact,)))
    for member in ("pertuzumab", "trastuzumab"):
        own = said(lines, terms.thing("agent", member), "kg:unii") | said(lines, terms.thing("agent", member), "kg:drugbankId")
        assert not own & {"EXAMPLE001", "DB99999"}


def test_one_application_with_several_brands_and_sets_keeps_them_apart() -> None:
    record = Record(
        source="openfda",
        id="021999",
        document=Document(sha256="0"),
        applications=(Application(id="021999", authority="FDA", application_type="NDA"),),
        products=(
            Product(id="021999-001", brand="Exampla", ingredients=("lamivudine",), application="021999"),
            Product(id="021999-002", brand="Exampla Duo", ingredients=("lamivudine", "zidovudine"), application="021999"),
        ),
    )
    lines = quads(record)
    one, two = (terms.thing("product", f"fda.021999-00{n}") for n in (1, 2))
    assert said(lines, one, "kg:containsRegimen") == {terms.thing("regimen", "lamivudine")}
    assert said(lines, two, "kg:containsRegimen") == {terms.thing("regimen", "lamivudine+zidovudine")}
    assert (said(lines, one, "kg:brandName"), said(lines, two, "kg:brandName")) == ({"Exampla"}, {"Exampla Duo"})
    assert not said(lines, terms.thing("agent", "zidovudine"), "kg:brandName") & {"Exampla", "Exampla Duo"}


def test_a_brand_is_known_where_its_product_is() -> None:
    lines = quads(
        Record(source="purplebook", id="1", document=Document(sha256="0"), products=(product("761113", "Sarclisa", "isatuximab-irfc"),))
    )
    iri = terms.thing("product", "purplebook.761113-001")
    assert said(lines, iri, "kg:jurisdiction") == {terms.thing("jurisdiction", "us")}
    assert said(lines, iri, "kg:containsRegimen") == {terms.thing("regimen", "isatuximab")}


def several(records: Iterator[object]) -> Iterator[Record]:
    """Records with several brands or ingredient sets."""
    for record in records:
        if isinstance(record, Record) and (
            len({p.brand for p in record.products}) > 1 or len({p.ingredients for p in record.products}) > 1
        ):
            yield record


def apart(record: Record) -> bool:
    """Whether each product has its own brand and exactly the regimen of its own ingredients."""
    links = link_record(record, LEXICON, NO_STUDIES)
    lines = to_quads(record, links, LEXICON)[0]
    authority = record.applications[0].authority if record.applications else record.source
    for one in record.products:
        iri = terms.thing("product", f"{terms.slug(authority)}.{one.id}")
        key = regimen_key(one.ingredients, links)
        if said(lines, iri, "kg:containsRegimen") != ({terms.thing("regimen", key)} if key else set()):
            return False
        if said(lines, iri, "kg:brandName") != ({one.brand} if one.brand else set()):
            return False
    return True


@pytest.mark.parametrize("source", ["drugsfda", "ema", "health_canada", "openfda", "pmda", "purplebook"])
def test_products_of_the_samples_keep_brands_and_ingredients_apart(source: str) -> None:
    found = [file for file in sources.discover([SAMPLES / source]) if file.source]
    records = [
        record for file in found for record in sources.read(file.path, file.source) if isinstance(record, Record) and record.products
    ]
    assert records and all(apart(record) for record in records)


def test_a_hundred_applications_of_drugs_at_fda_keep_brands_and_ingredient_sets_apart(shared: Path) -> None:
    records = list(islice(several(sources.read(shared / "data/fda/drugsatfda_2019-07-02.zip", "drugsfda")), 100))
    assert len(records) == 100
    assert [record.id for record in records if not apart(record)] == []
