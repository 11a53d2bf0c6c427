"""Neighbourhoods: what is shown, how far, in what order, and what each relation stands on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg_build.network import Ask, neighbourhood
from kg_build.network.outcomes import fold_estimates, fold_rates

ID = "https://w3id.org/kg-build/id/"
KG = "https://w3id.org/kg-build/ontology#"
ISA_PD = "isatuximab + pomalidomide + dexamethasone"
ISATUXIMAB, ICARIA = ID + "agent/isatuximab", ID + "study/NCT02990338"


def asker(store: ox.Store) -> Ask:
    def ask(query: str, bindings: Mapping[str, str]) -> list[dict[str, str]]:
        rows = store.query(query, substitutions={ox.Variable(name): ox.NamedNode(iri) for name, iri in bindings.items()})
        names = [variable.value for variable in rows.variables]
        return [{name: term.value for name, term in zip(names, row, strict=True) if term is not None} for row in rows]

    return ask


@pytest.fixture
def store() -> ox.Store:
    store = ox.Store()
    store.load(path=str(Path(__file__).parent / "views" / "story.ttl"), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture
def ask(store: ox.Store) -> Ask:
    return asker(store)


@pytest.fixture
def add(store: ox.Store) -> Callable[..., None]:
    """Adds a thing: IRI below id/, class, label, links and texts by local name."""

    def adding(key: str, kind: str, label: str, **values: str) -> None:
        store.add(ox.Quad(ox.NamedNode(ID + key), ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(KG + kind)))
        store.add(ox.Quad(ox.NamedNode(ID + key), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.Literal(label)))
        for name, value in values.items():
            target = ox.NamedNode(value) if value.startswith("https://") else ox.Literal(value)
            store.add(ox.Quad(ox.NamedNode(ID + key), ox.NamedNode(KG + name), target))

    return adding


# ---- what is shown ---------------------------------------------------------------------------------------------------------------


def test_the_story_of_an_agent(ask: Ask) -> None:
    graph = neighbourhood(ask, [ISATUXIMAB])
    shown = sorted((data["kind"], data["label"]) for _, data in graph.nodes(data=True))
    assert shown == [
        ("AdverseEventRate", "Neutropenia 46.7% vs 33.6%"),
        ("Agent", "dexamethasone"),
        ("Agent", "isatuximab"),
        ("Agent", "pomalidomide"),
        ("ClinicalTrial", "ICARIA-MM"),
        ("Condition", "multiple myeloma"),
        ("Decision", "NMPA: approved, 2025-01"),
        ("Estimate", "ORR: 60% vs 35%"),
        ("Estimate", "PFS: HR 0.60 (0.44–0.81)"),
        ("GuidelineBody", "Chinese Society of Clinical Oncology"),
        ("Indication", "multiple myeloma (≥1 prior lines)"),
        ("Organization", "Sanofi"),
        ("Recommendation", "CSCO: category 1, preferred"),
        ("Regimen", "dexamethasone + isatuximab + pomalidomide"),
        ("Regulator", "National Medical Products Administration"),
        ("Target", "CD38"),
    ]
    assert graph.graph == {"total": 16, "complete": True, "hops": 2}
    assert [node for node, data in graph.nodes(data=True) if data["focus"]] == [ISATUXIMAB]
    assert all(data["id"] == node for node, data in graph.nodes(data=True))


def test_plumbing_is_never_a_card(ask: Ask) -> None:
    graph = neighbourhood(ask, [ISATUXIMAB], hops=4)
    kinds = {data["kind"] for _, data in graph.nodes(data=True)}
    assert not kinds & {
        "Assertion",
        "Arm",
        "Group",
        "Record",
        "Document",
        "SpecificResource",
        "Concept",
        "Statement",
        "Endpoint",
        "AdverseEvent",
    }
    assert "dexamethasone + pomalidomide" in {data["label"] for _, data in graph.nodes(data=True)}


def test_hops_are_counted_between_things_not_statements(ask: Ask) -> None:
    near = {data["label"] for _, data in neighbourhood(ask, [ISATUXIMAB], hops=1).nodes(data=True)}
    assert near == {"isatuximab", "CD38", "Sanofi", "dexamethasone + isatuximab + pomalidomide"}
    around_study = {data["kind"] for _, data in neighbourhood(ask, [ICARIA], hops=1).nodes(data=True)}
    assert around_study == {
        "ClinicalTrial",
        "Regimen",
        "Condition",
        "Organization",
        "Estimate",
        "AdverseEventRate",
        "Decision",
        "Regulator",
        "Indication",
    }


@pytest.mark.parametrize(
    ("entity", "labels"),
    [
        ("regulator/nmpa", {"NMPA: approved, 2025-01"}),
        ("endpoint/pfs", {"PFS: HR 0.60 (0.44–0.81)", "ICARIA-MM"}),
        ("event/neutropenia", {"Neutropenia 46.7% vs 33.6%"}),
        ("condition/mm", {"multiple myeloma (≥1 prior lines)", "ICARIA-MM"}),
    ],
)
def test_everything_is_a_start(ask: Ask, entity: str, labels: set[str]) -> None:
    graph = neighbourhood(ask, [ID + entity], hops=1)
    assert graph.nodes[ID + entity]["focus"]
    assert {graph.nodes[node]["label"] for node in graph.to_undirected()[ID + entity]} == labels


def test_a_single_figure_is_shown_on_the_card_of_its_study_and_endpoint(ask: Ask) -> None:
    graph = neighbourhood(ask, [ID + "estimate/text.story/median-pd"], hops=1)
    assert [data["label"] for _, data in graph.nodes(data=True) if data["focus"]] == ["PFS: HR 0.60 (0.44–0.81)"]
    assert ICARIA in graph


def test_without_entities_the_look_begins_at_the_agents_with_decisions(ask: Ask) -> None:
    graph = neighbourhood(ask, [])
    assert {"isatuximab", "pomalidomide", "NMPA: approved, 2025-01", "ICARIA-MM"} <= {data["label"] for _, data in graph.nodes(data=True)}
    assert not any(data["focus"] for _, data in graph.nodes(data=True))
    assert graph.graph["complete"]


def test_dossiers_and_jurisdictions_are_cards_where_they_are_asked_for(ask: Ask) -> None:
    graph = neighbourhood(ask, [ID + "jurisdiction/cn"])
    assert {"China", "NMPA: approved, 2025-01", "National Medical Products Administration"} <= {
        data["label"] for _, data in graph.nodes(data=True)
    }


def test_the_strengths_of_a_brand_are_one_card(ask: Ask, add: Callable[..., None]) -> None:
    for strength in ("100 mg", "500 mg"):
        add(
            f"product/fda.{strength[:3]}",
            "Product",
            f"SARCLISA {strength}",
            brandName="SARCLISA",
            strength=strength,
            containsRegimen=ID + "regimen/isa-pd",
        )
    graph = neighbourhood(ask, [ISATUXIMAB])
    assert [data["details"] for _, data in graph.nodes(data=True) if data["label"] == "SARCLISA"] == [{"strength": "100 mg; 500 mg"}]
    assert graph.graph["total"] == 17
    asked = neighbourhood(ask, [ID + "product/fda.500", ID + "product/fda.100"], hops=1)
    assert [data["label"] for _, data in asked.nodes(data=True) if data["focus"]] == ["SARCLISA"]


def test_statements_of_one_regulatory_act_are_one_card_with_all_their_sentences(
    ask: Ask, add: Callable[..., None], store: ox.Store
) -> None:
    act, first = ID + "regulatory-event/1", ID + "decision/text.story/1"
    record = "https://w3id.org/kg-build/record/text/other"
    add(
        "decision/text.other/1",
        "Decision",
        "NMPA",
        regulatorText="NMPA",
        statusText="approved",
        decisionDate="2025-01-10",
        sentence="Also said.",
    )
    for subject, name, target in [
        (first, "reports", act),
        (ID + "decision/text.other/1", "reports", act),
        (ID + "decision/text.other/1", "statedIn", record),
        (ID + "decision/text.other/1", "applicant", ID + "organization/sanofi"),
    ]:
        store.add(ox.Quad(ox.NamedNode(subject), ox.NamedNode(KG + name), ox.NamedNode(target)))
    graph = neighbourhood(ask, [ISATUXIMAB])
    card, data = next((node, data) for node, data in graph.nodes(data=True) if data["kind"] == "Decision")
    assert data["label"] == "NMPA: approved, 2025-01-10"
    assert {source["sentence"][:10] for source in data["sources"]} == {"Also said.", "In January"}
    said = {edge["relation"]: edge["sentence"][:10] for _, _, edge in graph.out_edges(card, data=True)}
    assert said["applicant"] == "Also said."
    assert said["regulator"] == "In January"


def test_doses_of_an_agent_in_a_study_are_one_card(ask: Ask, add: Callable[..., None]) -> None:
    for key, schedule in (("1", "days 1, 8, 15 and 22"), ("2", "weekly")):
        about = {"agent": ISATUXIMAB, "agentText": "isatuximab", "ofStudy": ICARIA, "doseOf": f"{ID}arm/text.story/isa"}
        add(f"dose/text.{key}/1", "DoseSchedule", "", dose="10 mg/kg", route="IV", schedule=schedule, **about)
    graph = neighbourhood(ask, [ISATUXIMAB])
    (card, data), *more = [(node, data) for node, data in graph.nodes(data=True) if data["kind"] == "DoseSchedule"]
    assert (more, data["label"]) == ([], "isatuximab 10 mg/kg")
    assert data["details"] == {ISA_PD: "10 mg/kg, IV, days 1, 8, 15 and 22\n10 mg/kg, IV, weekly"}
    assert set(graph.successors(card)) == {ICARIA, ISATUXIMAB}


def test_an_unknown_thing_stands_alone(ask: Ask) -> None:
    graph = neighbourhood(ask, [ID + "agent/nothing"])
    assert [(node, data["kind"]) for node, data in graph.nodes(data=True)] == [(ID + "agent/nothing", "Thing")]


# ---- how much ----------------------------------------------------------------------------------------------------------------------


def test_a_budget_takes_the_nearest_and_says_how_many_there_are(ask: Ask) -> None:
    whole = neighbourhood(ask, [ISATUXIMAB])
    part = neighbourhood(ask, [ISATUXIMAB], limit=6)
    assert list(part) == list(whole)[:6]
    assert (len(part), part.graph["total"]) == (6, 16)
    assert "Regimen" in {data["kind"] for _, data in part.nodes(data=True)}


def test_a_hub_does_not_push_everything_else_out(ask: Ask, add: Callable[..., None]) -> None:
    for i in range(300):
        add(f"event/e{i}", "AdverseEvent", f"event {i}")
        add(
            f"adverse-event-rate/x/{i}",
            "AdverseEventRate",
            "",
            ofStudy=ICARIA,
            adverseEvent=f"{ID}event/e{i}",
            percent=str(i / 10),
            adverseEventText=f"event {i}",
        )
    graph = neighbourhood(ask, [ISATUXIMAB], limit=40)
    kinds = [data["kind"] for _, data in graph.nodes(data=True)]
    assert (len(graph), graph.graph["total"]) == (40, 316)
    assert {"Decision", "Recommendation", "Estimate", "Indication", "Regulator", "GuidelineBody", "Target"} <= set(kinds)
    assert "Event 299 29.9%" in {data["label"] for _, data in graph.nodes(data=True)}
    assert "Event 1 0.1%" not in {data["label"] for _, data in graph.nodes(data=True)}


def test_the_latest_decisions_come_first(ask: Ask, add: Callable[..., None]) -> None:
    for year in range(1990, 2020):
        add(
            f"decision/x/{year}",
            "Decision",
            "",
            regulatorText="FDA",
            statusText="label-update",
            decisionDate=f"{year}-05-01",
            forRegimen=ID + "regimen/isa-pd",
        )
    labels = [data["label"] for _, data in neighbourhood(ask, [ISATUXIMAB], limit=30).nodes(data=True) if data["kind"] == "Decision"]
    assert labels[:2] == ["NMPA: approved, 2025-01", "FDA: label update, 2019-05-01"]
    assert labels == sorted(labels, key=lambda label: label[-10:].rpartition(" ")[2], reverse=True)


def test_the_same_question_gives_the_same_graph(ask: Ask) -> None:
    def flat(graph: object) -> str:
        return repr((list(graph.nodes(data=True)), list(graph.edges(data=True))))  # type: ignore[attr-defined]

    def shuffled(query: str, bindings: Mapping[str, str]) -> list[dict[str, str]]:
        return list(ask(query, dict(bindings)))[::-1]  # type: ignore[arg-type]

    assert flat(neighbourhood(ask, [ISATUXIMAB])) == flat(neighbourhood(shuffled, [ISATUXIMAB]))


# ---- what relations stand on -----------------------------------------------------------------------------------------------------


def edges(ask: Ask) -> dict[tuple[str, str, str], dict[str, str]]:
    graph = neighbourhood(ask, [ISATUXIMAB])
    return {(graph.nodes[a]["label"], data["relation"], graph.nodes[b]["label"]): data for a, b, data in graph.edges(data=True)}


def test_a_direct_relation_stands_on_the_assertion_of_the_text(ask: Ask) -> None:
    data = edges(ask)["isatuximab", "hasTarget", "CD38"]
    assert (data["sentence"], data["record"], data["url"], data["label"]) == (
        "Isatuximab binds CD38.",
        "The triplet in China",
        "https://example.org/story",
        "has target",
    )


def test_a_relation_that_no_text_states_does_not_borrow_a_sentence(ask: Ask) -> None:
    assert edges(ask)["isatuximab", "developedBy", "Sanofi"] == {
        "relation": "developedBy",
        "label": "developed by",
        "record": "curated table of names",
    }
    assert "sentence" not in edges(ask)["dexamethasone + isatuximab + pomalidomide", "hasAgent", "isatuximab"]


def test_relations_of_a_statement_stand_on_its_sentence(ask: Ask) -> None:
    found = edges(ask)
    decision = {key[1]: data["sentence"] for key, data in found.items() if key[0] == "NMPA: approved, 2025-01"}
    assert set(decision) == {"forRegimen", "indication", "regulator", "pivotalStudy"}
    assert set(decision.values()) == {"In January 2025 the NMPA approved the triplet on the evidence of ICARIA-MM."}


def test_registry_relations_stand_on_their_field_and_record(ask: Ask) -> None:
    found = edges(ask)
    rate = found["Neutropenia 46.7% vs 33.6%", "ofStudy", "ICARIA-MM"]
    assert (rate["path"], rate["record"]) == ("/resultsSection/adverseEventsModule/1", "ICARIA-MM entry")
    assert found["ICARIA-MM", "sponsor", "Sanofi"]["record"] == "ICARIA-MM entry"


def test_an_arm_becomes_the_relation_of_study_and_regimen(ask: Ask) -> None:
    data = edges(ask)["ICARIA-MM", "usesRegimen", "dexamethasone + isatuximab + pomalidomide"]
    assert (data["label"], data["sentence"]) == ("experimental arm", "The trial compared the triplet with the doublet.")


def test_what_two_other_relations_say_is_not_drawn_again(ask: Ask, store: ox.Store) -> None:
    for agent in ("isatuximab", "carfilzomib"):
        store.add(ox.Quad(ox.NamedNode(ICARIA), ox.NamedNode(KG + "intervention"), ox.NamedNode(f"{ID}agent/{agent}")))
    store.add(
        ox.Quad(
            ox.NamedNode(ID + "agent/carfilzomib"),
            ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            ox.NamedNode(KG + "Agent"),
        )
    )
    tests = {data["relation"]: b for _, b, data in neighbourhood(ask, [ICARIA]).out_edges(ICARIA, data=True)}
    assert tests["intervention"] == ID + "agent/carfilzomib"


def test_relations_between_two_cards_at_the_rim_are_there_too(ask: Ask) -> None:
    assert ("ICARIA-MM", "studiesCondition", "multiple myeloma") in edges(ask)


# ---- folding ---------------------------------------------------------------------------------------------------------------------


def test_an_outcome_card_holds_all_its_figures(ask: Ask) -> None:
    graph = neighbourhood(ask, [ICARIA])
    card = next(data for _, data in graph.nodes(data=True) if data["label"].startswith("PFS"))
    assert card["details"] == {
        "endpoint": "progression-free survival",
        f"hazard ratio, {ISA_PD} vs pomalidomide + dexamethasone": "HR 0.60 (0.44–0.81); P < .001; one-sided",
        f"median, {ISA_PD}": "11.5 months",
        "median, pomalidomide + dexamethasone": "6.5 months",
    }
    assert [source["sentence"][:10] for source in card["sources"]] == ["Median PFS"]


def estimate(key: str, **values: str) -> dict[str, str]:
    return {"s": key, "study": "T", "endpointText": "OS", "measure": "median", **values}


def test_two_arms_without_a_ratio_stand_side_by_side() -> None:
    rows = [
        estimate("b", arm="1", armRole="Active Comparator", value="17.7", unit="months"),
        estimate("a", arm="2", armRole="Experimental", value="24.6", unit="months"),
    ]
    assert [card.label for card in fold_estimates(rows)] == ["OS: 24.6 vs 17.7 months"]


def rate(key: str, percent: str, **values: str) -> dict[str, str]:
    return {"s": key, "study": "T", "endpointText": "Neutropenia", "grade": "any", "percent": percent, **values}


def test_the_arm_that_others_are_compared_with_stands_second() -> None:
    rows = [rate("a", "36", arm="doublet", armLabel="a doublet"), rate("b", "52", arm="triplet", armLabel="the triplet")]
    assert fold_rates(rows, frozenset({"doublet"}))[0].label == "Neutropenia 52% vs 36%"


def test_arms_of_different_records_are_never_set_side_by_side() -> None:
    one, other = "https://x/record/article/1", "https://x/record/article/2"
    rows = [rate("a", "1", arm="1a", record=one), rate("b", "37.5", arm="1b", record=one), rate("c", "39", arm="2b", record=other)]
    card = fold_rates(rows)[0]
    assert card.label == "Neutropenia 1% vs 37.5%"
    assert card.details == {"any grade": "1% (article/1)\n37.5% (article/1)\n39% (article/2)"}


def test_a_figure_that_several_records_give_stands_once() -> None:
    told = {"measure": "hazard-ratio", "arm": "1"}
    rows = [
        estimate(f"e{i}", value=value, record=f"https://x/record/article/{i}", title=f"Article {i}", **told)
        for i, value in enumerate(("0.6", "0.6", "0.57"))
    ]
    assert fold_estimates(rows)[0].details == {"hazard ratio": "HR 0.6 (2 records)\nHR 0.57 (Article 2)"}


def test_a_p_value_is_worded_as_printed_with_its_sides() -> None:
    figures = [fold_estimates([estimate("a", value="5", p=p, sides="1")])[0].details["median"] for p in (".0319", "< .001", "P=.2")]
    assert figures == ["5; P = .0319; one-sided", "5; P < .001; one-sided", "5; P=.2; one-sided"]


def test_a_subgroup_never_makes_the_headline_of_the_whole() -> None:
    rows = [estimate("a", measure="hazard-ratio", value="0.3", subgroup="age < 65"), estimate("b", measure="hazard-ratio", value="0.78")]
    assert fold_estimates(rows)[0].label == "OS: HR 0.78"


def test_not_reached_and_words_are_figures_too() -> None:
    rows = [estimate("a", arm="1", mark="NR", unit="months"), estimate("b", arm="2", value="17.7", unit="months")]
    assert fold_estimates(rows)[0].label == "OS: not reached vs 17.7 months"
    assert fold_estimates([estimate("a", mark="NR", unit="months")])[0].label == "OS: not reached"
    assert fold_estimates([estimate("a", measure="outcome", outcomeText="not improved")])[0].label == "OS: not improved"


def test_figures_that_share_a_name_are_both_kept_and_many_are_counted() -> None:
    card = fold_estimates([estimate("a", value="1"), estimate("b", value="2")])[0]
    assert card.details == {"median": "1\n2"}
    many = fold_estimates([estimate(f"e{i:02}", value=str(i), timepoint=f"week {i}") for i in range(25)])[0]
    assert many.details["further figures"] == "5"
    assert len(many.members) == 25


def test_rates_take_the_widest_grade_for_the_headline() -> None:
    rows = [
        {"s": "a", "study": "T", "endpointText": "rash", "grade": ">=3", "percent": "5", "arm": "1"},
        {"s": "b", "study": "T", "endpointText": "rash", "grade": "any", "percent": "40.0", "valueText": "40.0%", "arm": "1"},
        {"s": "c", "study": "T", "endpointText": "rash", "grade": "any", "count": "3", "n": "20", "arm": "2"},
    ]
    card = fold_rates(rows)[0]
    assert card.label == "Rash 40.0% vs 3/20"
    assert set(card.members) == {"a", "b", "c"}
    assert fold_rates(rows[:1])[0].label == "Rash, grade ≥3: 5%"
