"""Entries of vocabularies: identifier first, then the whole name; doubt stays apart; broader conditions lead to their own entries."""

from __future__ import annotations

import re

import pytest

from kg_build.facts import Agent, Concept, Condition, Decision, Document, Record
from kg_build.lexicon import load
from kg_build.linking import StudyIndex, link_record, spoken_of, vocabularies
from kg_build.rdf import to_quads

LEXICON = load()


def entry(*, agent: Agent | None = None, condition: Condition | None = None) -> Record:
    return Record(
        source="example",
        id="1",
        document=Document(sha256="0" * 64),
        agents=(agent,) if agent else (),
        conditions=(condition,) if condition else (),
        vocabulary=True,
    )


def quads(record: Record) -> list[str]:
    return to_quads(record, link_record(record, LEXICON, StudyIndex([])), LEXICON)[0]


@pytest.mark.parametrize(
    ("name", "identifiers", "key"),
    [
        ("hu38SB19, humanised", ("unii:r30772kcu0",), "isatuximab"),  # by identifier, whatever the name
        ("Isatuximab", ("example:1",), "isatuximab"),  # by name
        ("Isatuximab", ("drugbank:DB14811", "unii:R30772KCU0"), "isatuximab"),
        ("Chronic thing", (), "x-chronic-thing"),
        ("Isatuximab", ("drugbank:DB14811", "chembl:CHEMBL1"), "isatuximab"),  # two agreements outweigh one other form
    ],
)
def test_an_agent_links_by_identifier_then_by_its_whole_name(name, identifiers, key):
    assert vocabularies.agent(name, identifiers, LEXICON).members == (key,)


@pytest.mark.parametrize(
    ("name", "identifiers", "rivals"),
    [
        ("isatuximab", ("unii:AAAAAAAAAA",), ("isatuximab",)),  # a name that an identifier contradicts
        ("daratumumab", ("unii:R30772KCU0",), ("daratumumab", "isatuximab")),  # name and identifier of two agents
        ("Vincristine Liposome", ("drugbank:DB00541", "chembl:CHEMBL501867"), ("vincristine",)),
    ],
)
def test_what_name_and_identifiers_tell_apart_is_a_doubt_and_stays_apart(name, identifiers, rivals):
    found = vocabularies.agent(name, identifiers, LEXICON)
    assert (found.known, found.rivals) == (False, rivals)
    assert found.members[0].startswith("x-")
    record = entry(agent=Agent(name=name, identifiers=identifiers))
    links = link_record(record, LEXICON, StudyIndex([]))
    assert [(one.kind, one.name) for one in links.unlinked] == [("agent", name)]
    # where one of its rivals is spoken of, the doubt is published
    assert {f"agent:{rival}" for rival in rivals} < set(spoken_of(record, LEXICON)[1])


def test_a_salt_lends_the_substance_neither_name_nor_identifier():
    assert LEXICON.agents.find("palbociclib isethionate").key == "palbociclib"  # as a mention it is the agent
    found = vocabularies.agent("palbociclib isethionate", ("unii:W1NYL2IRDR",), LEXICON)
    assert found.members[0].startswith("x-palbociclib-isethionate")


def test_a_staged_name_is_a_concept_of_its_own_and_lends_no_code():
    condition = Condition(name="stage III lung cancer", identifiers=("doid:9999002", "ncit:C99003"))
    links = link_record(entry(condition=condition), LEXICON, StudyIndex([]))
    assert links.conditions == {"stage III lung cancer": "x-stage-iii-lung-cancer"}
    written = [quad for quad in quads(entry(condition=condition)) if "C99003" in quad]
    assert written
    assert all("condition/x-stage-iii-lung-cancer>" in quad.split(" ")[0] for quad in written)


def test_a_combination_lends_its_identifiers_to_no_member():
    agent = Agent(name="Trifluridine, Tipiracil", identifiers=("drugbank:DB00432", "chembl:CHEMBL2103815", "atc:L01BC59"))
    record = entry(agent=agent)
    own = [quad for quad in quads(record) if f"record/{record.source}/{record.id}> ." in quad]
    identified = [quad for quad in own if re.search("DB00432|CHEMBL2103815|L01BC59", quad)]
    assert identified
    assert all("id/regimen/tipiracil+trifluridine>" in quad.split(" ")[0] for quad in identified)
    assert not any("exactMatch" in quad or "drugbankId" in quad for quad in own)
    assert spoken_of(record, LEXICON) == ((), ("regimen:tipiracil+trifluridine",))


def test_another_form_of_a_linked_agent_is_no_exact_match_of_it():
    written = quads(entry(agent=Agent(name="Isatuximab", identifiers=("unii:R30772KCU0", "chembl:CHEMBL1"))))
    assert not [quad for quad in written if "exactMatch" in quad and "CHEMBL1>" in quad]
    assert [quad for quad in written if "ontology#identifier" in quad and '"chembl:CHEMBL1"' in quad]


def test_broader_leads_to_the_key_that_the_parents_own_entry_has():
    parent = Condition(name="Plasma Cell Myeloma by Another Name", identifiers=("doid:9538",))
    child = Condition(name="exemplary myeloma", broader=(Concept(name=parent.name, identifiers=parent.identifiers),))
    keys = link_record(entry(condition=child), LEXICON, StudyIndex([])).conditions
    assert keys == {"exemplary myeloma": "x-exemplary-myeloma", parent.name: "multiple-myeloma"}
    assert link_record(entry(condition=parent), LEXICON, StudyIndex([])).conditions[parent.name] == keys[parent.name]
    assert spoken_of(entry(condition=child), LEXICON) == (("condition:multiple-myeloma",), ("condition:x-exemplary-myeloma",))


def test_a_vocabulary_that_orders_conditions_the_other_way_puts_none_above_itself():
    below = LEXICON.conditions.by_key["acute-leukemia"]
    assert below.broader == ("leukemia",)
    upside_down = entry(condition=Condition(name="leukemia", broader=(Concept(name=below.label), Concept(name="exemplary disease"))))
    written = [quad.split(" ")[2] for quad in quads(upside_down) if "core#broader" in quad and "condition/leukemia>" in quad.split(" ")[0]]
    assert any("x-exemplary-disease" in above for above in written)
    assert not any(below.key in above for above in written)


def test_a_record_speaks_of_agents_regimens_and_conditions_with_those_above():
    decision = Decision(status="approved", regimen=("isatuximab", "trifluridine and tipiracil"), condition="stage III lung adenocarcinoma")
    record = Record(source="article", id="1", document=Document(sha256="0"), decisions=(decision,))
    mentioned, described = spoken_of(record, LEXICON)
    assert {"agent:isatuximab", "agent:tipiracil", "regimen:tipiracil+trifluridine"} <= set(mentioned)
    assert {"condition:lung-adenocarcinoma", "condition:non-small-cell-lung-cancer", "condition:lung-cancer"} <= set(mentioned)
    assert described == ()
