"""A whole record linked: every mention has its key, indications meet when they should, and nothing falls silently."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg_build.facts import (
    AdverseEventRate,
    Agent,
    Application,
    Arm,
    Decision,
    Document,
    Estimate,
    OutcomeMeasure,
    Product,
    Recommendation,
    Record,
    Trial,
)
from kg_build.lexicon import FOLDER, load
from kg_build.linking import Indication, StudyIndex, Unlinked, link_record

LEXICON = load()
NO_STUDIES = StudyIndex()
MYELOMA = Decision(
    status="approved",
    regulator="FDA",
    jurisdiction="United States",
    applicant="Sanofi",
    regimen=("isatuximab", "carfilzomib", "dexamethasone"),
    condition="multiple myeloma",
    setting="relapsed or refractory",
    population="adults",
    prior_lines_min=1,
    prior_therapies=("lenalidomide", "proteasome inhibitor"),
    supported_by=("IKEMA",),
)


def record(name: str = "a1", **facts: object) -> Record:
    return msgspec.structs.replace(Record(source="article", id=name, document=Document(sha256="0")), **facts)


def indication(decision: Decision, name: str = "a1") -> Indication:
    found = link_record(record(name, decisions=(decision,)), LEXICON, NO_STUDIES).decision_indications[0]
    assert found is not None
    return found


def changed(**slots: object) -> Decision:
    return msgspec.structs.replace(MYELOMA, **slots)


def test_an_indication_is_coded_by_its_slots() -> None:
    found = indication(MYELOMA)
    assert found == Indication(
        key=found.key,
        condition="multiple-myeloma",
        min_prior_lines=1,
        settings=("relapsed-or-refractory",),
        populations=("adult",),
        prior_therapies=("class:proteasome-inhibitor", "lenalidomide"),
    )
    assert found.key.startswith("multiple-myeloma/")


def test_order_wording_and_record_do_not_change_a_coded_indication() -> None:
    same = changed(condition="relapsed/refractory multiple myeloma", setting=None, prior_therapies=MYELOMA.prior_therapies[::-1])
    assert indication(same, "another").key == indication(MYELOMA).key


def test_each_slot_tells_indications_apart() -> None:
    others = [
        changed(prior_lines_min=2), changed(setting="newly diagnosed"), changed(population=None),
        changed(prior_therapies=("lenalidomide",)),
        changed(biomarkers=("t(11;14)",)), changed(condition="AL amyloidosis"), MYELOMA,
    ]  # fmt: skip
    assert len({indication(decision).key for decision in others}) == len(others)


def test_text_that_could_not_be_coded_meets_only_itself() -> None:
    vague = changed(setting="relapsed or refractory; in the opinion of the panel")
    assert not indication(vague).coded and indication(MYELOMA).coded
    assert indication(vague).key == indication(vague).key != indication(vague, "another").key
    assert indication(changed(prior_therapies=("an unheard-of cure",)), "x").key != indication(changed(prior_therapies=()), "x").key


def test_a_decision_without_condition_has_no_indication_and_the_others_stay_aligned() -> None:
    links = link_record(record(decisions=(changed(condition=None), MYELOMA)), LEXICON, NO_STUDIES)
    assert links.decision_indications[0] is None and links.decision_indications[1] is not None


def full() -> Record:
    return record(
        decisions=(MYELOMA, changed(regulator="Ministry of Nowhere", jurisdiction="Nowhere", condition="examplopathy")),
        agents=(
            Agent(name="isatuximab", targets=("CD38", "CDX"), mechanisms=("apoptosis", "exampling"), company="Sanofi-Aventis"),
            Agent(name="examplimab", company="Example Bio"),
        ),
        trials=(
            Trial(
                name="IKEMA",
                acronym="IKEMA",
                condition="multiple myeloma",
                sponsor="Sanofi",
                interventions=("Drug: Isatuximab SAR650984", "Placebo"),
                arms=(Arm(id="A1", regimen=("isatuximab", "carfilzomib")), Arm(id="A2", regimen=("carfilzomib",))),
                outcome_measures=(OutcomeMeasure(id="O1", title="Progression-free Survival"),),
                primary_endpoints=("PFS", "happiness"),
            ),
        ),
        results=(Estimate(trial="IKEMA", endpoint="PFS", statistic="median"), Estimate(trial="OTHER", endpoint="OS", statistic="median")),
        adverse_events=(AdverseEventRate(trial="IKEMA", event="neutropenia"), AdverseEventRate(event="itching of the ears")),
        recommendations=(
            Recommendation(body="NCCN", regimen=("isatuximab",), condition="multiple myeloma"),
            Recommendation(body="Example Society"),
        ),
        products=(Product(id="1", ingredients=("TIPIRACIL HYDROCHLORIDE", "TRIFLURIDINE"), jurisdiction="EU"),),
        applications=(Application(id="761113", authority="FDA", applicant="SANOFI-AVENTIS U.S. LLC"),),
    )


def test_every_mention_of_a_record_is_answered() -> None:
    links = link_record(full(), LEXICON, NO_STUDIES)
    assert links.regulators == {"FDA": "fda"} and links.jurisdictions == {"United States": "us", "EU": "eu"}
    assert links.bodies == {"NCCN": "nccn", "Example Society": "x-example-society"}
    assert links.targets == {"CD38": "cd38", "CDX": "x-cdx"}
    assert links.mechanisms == {"apoptosis": "apoptosis", "exampling": "x-exampling"}
    assert links.organizations["SANOFI-AVENTIS U.S. LLC"] == links.organizations["Sanofi"] == "sanofi"
    assert links.conditions == {"multiple myeloma": "multiple-myeloma", "examplopathy": "x-examplopathy"}
    assert links.endpoints["PFS"] == links.endpoints["Progression-free Survival"] == "progression-free-survival"
    assert links.endpoints["happiness"] == "x-happiness"
    assert links.events == {"neutropenia": "neutropenia", "itching of the ears": "x-itching-of-the-ears"}
    assert links.agents["Drug: Isatuximab SAR650984"] == "isatuximab" and links.agents["examplimab"] == "x-examplimab"
    assert links.members["Placebo"] == () and "Placebo" not in links.agents
    assert links.members["TIPIRACIL HYDROCHLORIDE"] == ("tipiracil",)
    assert links.printed_agent("x-examplimab") == "examplimab"
    assert links.studies["IKEMA"] == "x-ikema+isatuximab" and links.studies["OTHER"].startswith("x-other")
    assert links.study_labels["x-ikema+isatuximab"] == "IKEMA"
    assert links.regimen_keys(("Drug: Isatuximab SAR650984", "Placebo", "carfilzomib")) == ("carfilzomib", "isatuximab")


def test_what_is_unknown_is_reported_and_nothing_else() -> None:
    assert link_record(full(), LEXICON, NO_STUDIES).unlinked == tuple(
        Unlinked(kind, name)
        for kind, name in [
            ("agent", "examplimab"), ("body", "Example Society"), ("condition", "examplopathy"), ("endpoint", "happiness"),
            ("event", "itching of the ears"), ("jurisdiction", "Nowhere"), ("mechanism", "exampling"), ("organization", "Example Bio"),
            ("regulator", "Ministry of Nowhere"), ("study", "IKEMA"), ("study", "OTHER"), ("target", "CDX"),
        ]
    )  # fmt: skip


def test_linking_twice_gives_the_same_and_an_empty_record_links_nothing() -> None:
    assert link_record(full(), LEXICON, NO_STUDIES) == link_record(full(), LEXICON, NO_STUDIES)
    links = link_record(record(), LEXICON, NO_STUDIES)
    assert links.agents == {} and links.unlinked == () and links.studies == {}


def test_a_new_row_changes_only_the_look_up_it_answers(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.tsv"):
        shutil.copy(path, tmp_path)
    with (tmp_path / "agents.tsv").open("a", encoding="utf-8") as table:
        table.write("examplimab\texamplimab" + "\t" * 12 + "curated\n")
    before, after = link_record(full(), LEXICON, NO_STUDIES), link_record(full(), load(tmp_path), NO_STUDIES)
    assert after.agents == before.agents | {"examplimab": "examplimab"}
    assert (after.decision_indications, after.studies, after.conditions) == (before.decision_indications, before.studies, before.conditions)


@given(st.lists(st.sampled_from(["metastatic", "first-line", "unresectable", "relapsed", "adjuvant"]), unique=True, min_size=1).flatmap(
    lambda codes: st.tuples(st.permutations(codes), st.permutations(codes))
))  # fmt: skip
def test_the_order_of_what_a_setting_lists_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    one, two = (indication(changed(setting="; ".join(order))) for order in orders)
    assert one == two and one.coded


@pytest.mark.parametrize(
    "text", ["metastatic " * 45, "a (b " * 90, "number of " * 49, "a or " * 99, "1" * 499, "stage iv" * 60, "x" * 100_000, "(" * 499]
)
def test_hostile_names_are_linked_to_nothing_in_no_time(text: str) -> None:
    hostile = record(
        decisions=(changed(condition=text, setting=text, population=text, regimen=(text,), prior_therapies=(text,), biomarkers=(text,)),),
        trials=(Trial(name=text, sponsor=text, primary_endpoints=(text,)),),
        adverse_events=(AdverseEventRate(event=text),),
    )
    start = time.perf_counter()
    links = link_record(hostile, LEXICON, NO_STUDIES)
    assert time.perf_counter() - start < 2
    assert links.conditions[text].startswith("x-") and len(links.conditions[text]) < 100
