"""Names that mix scripts never link by a rule, whatever stands beside them."""

from __future__ import annotations

import random

import pytest

from kg_build.lexicon import load
from kg_build.linking.agents import treatment
from kg_build.linking.conditions import diagnosis
from kg_build.linking.names import organization

LEXICON = load()
LOOK_ALIKES = {"a": "\u0430", "e": "\u0435", "o": "\u043e", "p": "\u0440", "c": "\u0441", "x": "\u0445", "i": "\u0456", "v": "\u03bd"}
FORMS = ("{}", "{} 10 mg/kg IV", "{} hydrochloride", "Drug: {}", "{} injection (oral)", "{} (SAR650984)", "{}-irfc")


def spoofs(names: list[str], count: int) -> list[str]:
    """Names with one letter from another alphabet, drawn with a fixed seed."""
    draw = random.Random(20261125)
    found = []
    while len(found) < count:
        name = draw.choice(names)
        places = [place for place, letter in enumerate(name.lower()) if letter in LOOK_ALIKES and len(name.split()[0]) > 4]
        if places:
            place = draw.choice(places)
            found.append(name[:place] + LOOK_ALIKES[name[place].lower()] + name[place + 1 :])
    return found


def test_two_hundred_look_alikes_of_agents_link_to_none() -> None:
    draw = random.Random(7)
    names = spoofs(sorted(row.label for row in LEXICON.agents.by_key.values() if row.label.isalpha()), 200)
    merged = [name for name in names if not treatment(draw.choice(FORMS).format(name), LEXICON).unknown]
    assert merged == []


@pytest.mark.parametrize("table", ["conditions", "organizations"])
def test_look_alikes_of_other_things_link_to_none(table: str) -> None:
    rows = getattr(LEXICON, table).by_key.values()
    names = spoofs(sorted(row.label for row in rows if row.label.isalpha()), 200)
    known = [
        diagnosis(name, LEXICON).known if table == "conditions" else not organization(name, LEXICON).startswith("x-") for name in names
    ]
    assert not any(known)


def test_a_look_alike_beside_its_partner_stays_apart() -> None:
    assert treatment("is\u0430tuximab + dexamethasone", LEXICON).members == ("dexamethasone", "x-is\u0430tuximab")
