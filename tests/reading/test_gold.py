"""The gold texts of our own are sound: every gold fact can be found in its text. No reader runs here."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GOLD = Path(__file__).parent / "gold"
COUNTS = {
    "abstracts": 14,
    "approvals": 10,
    "bulletins": 6,
    "dispatches": 10,
    "features": 6,
    "columns": 5,
    "consensus": 9,
    "gazette": 6,
    "guidelines": 8,
    "journals": 12,
    "meetings": 12,
    "news": 16,
    "notices": 10,
    "papers": 12,
    "press": 8,
    "wires": 12,
}
KINDS = {"decisions", "agents", "trials", "results", "adverse_events", "recommendations", "dosing"}
STATUSES = set(
    "approved accelerated-approval conditional-approval emergency-authorization positive-opinion negative-opinion submitted under-review "
    "priority-review complete-response rejected withdrawn label-expansion designation advisory-vote recommended not-recommended "
    "label-update label-restriction safety-communication".split()
)
STATISTICS = set(
    "median rate hazard-ratio odds-ratio risk-ratio difference median-difference mean-change risk-reduction count p-value maturity "
    "outcome".split()
)
COMPARISONS = {"hazard-ratio", "odds-ratio", "risk-ratio", "difference", "median-difference", "risk-reduction", "p-value", "outcome"}
UNITS = {"months", "years", "weeks", "days", "%", "ratio", "patients", "points"}
SALIENCE = {"headline", "background", "pending"}
LONG_NAMES = {
    "FDA": r"Food and Drug Administration",
    "CDE": r"Center for Drug Evaluation",
    "EC": r"European Commission|Brussels",
    "EMA": r"European Medicines Agency",
    "CHMP": r"Committee for Medicinal Products for Human Use",
    "MHLW": r"Ministry of Health, Labour and Welfare|[Hh]ealth ministry",
    "MHRA": r"Medicines and Healthcare products Regulatory Agency",
    "NMPA": r"National Medical Products Administration",
    "PMDA": r"Pharmaceuticals and Medical Devices Agency",
    "SMC": r"Scottish Medicines Consortium",
    "TGA": r"Therapeutic Goods Administration",
}
NUMBER_WORDS = {
    "0": "no|none|zero|neither|never",
    "411": "four hundred eleven",
    **{
        str(n): w
        for n, w in enumerate(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen twenty".split(),
            1,
        )
    },
}
ENDPOINTS = {  # an endpoint of the gold, and what the text may say instead
    "OS": r"overall survival|survival|\bOS\b|alive|dea(th|d)|died|lived",
    "deaths": r"dea(th|d)|died",
    "PFS": r"progression[- ]free|PFS|progress|tumou?rs? grew",
    "ORR": r"respon[ds]|ORR|shr[aiu]nk",
    "DOR": r"respon[ds]|DO[Rr]|effect lasted|lasting",
    "CR": r"complete|\bCR",
    "PR": r"partial|\bPR",
    "DFS": r"disease[- ]free|DFS",
    "EFS": r"event[- ]free|EFS",
    "DCR": r"disease control|DCR",
}


def texts() -> list[str]:
    return sorted(str(p.relative_to(GOLD).with_suffix("")) for p in GOLD.glob("*/*.txt"))


def plain(text: str) -> str:
    """One form for a text and what is looked for in it: case, hyphens, decimal points, thousands and blanks."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("·", ".")
    text = re.sub(r"[-\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"(?<=\d)[,\u2009 ](?=\d{3}\b)", "", text)
    return re.sub(r"\s+", " ", text)


def in_text(phrase: str, text: str) -> bool:
    """Every telling word of the phrase is a word of the text, singular or plural."""
    words = re.findall(r"[a-z0-9αβγδκ]+", plain(phrase).replace("-", " "))
    return all(re.search(rf"(?<![a-z0-9]){re.escape(re.sub('(es|s)$', '', w))}", text.replace("-", " ")) for w in words)


def digits(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from digits(part)
    elif isinstance(value, int | float):
        yield f"{abs(value):g}"
    elif isinstance(value, str):
        yield from re.findall(r"\d*\.?\d+", value.replace("·", ".").replace(",", ""))


def printed(number: str, text: str) -> bool:
    """The figure stands in the text, in digits (trailing zeros apart) or as a small number word."""
    whole, _, part = number.partition(".")
    figure = rf"{whole.lstrip('0') or '0?'}\.{part.rstrip('0')}0*" if part.rstrip("0") else rf"{whole}(\.0+)?"
    if re.search(rf"(?<![\d.]){figure}(?![\d]|\.\d)", text):
        return True
    return number in NUMBER_WORDS and re.search(rf"\b({NUMBER_WORDS[number]})\b", text) is not None


@pytest.fixture(params=texts())
def document(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str, str]:
    text = (GOLD / f"{request.param}.txt").read_text("utf-8")
    return json.loads((GOLD / f"{request.param}.json").read_text("utf-8")), text, plain(text)


def test_every_text_has_its_gold_and_every_folder_its_number() -> None:
    golds = sorted(str(p.relative_to(GOLD).with_suffix("")) for p in GOLD.glob("*/*.json"))
    assert texts() == golds
    assert {folder.name: len(list(folder.glob("*.txt"))) for folder in GOLD.iterdir() if folder.is_dir()} == COUNTS


def test_index_names_every_text() -> None:
    index = (GOLD / "README.md").read_text("utf-8")
    assert re.findall(r"^\| ([a-z]+/\d\d) \|", index, re.M) == texts()


def test_texts_have_the_length_of_their_genre() -> None:
    lengths = {name: len((GOLD / f"{name}.txt").read_text("utf-8").split()) for name in texts()}
    longest = {name: 800 if name.startswith("features/") else 450 for name in lengths}
    assert {name: n for name, n in lengths.items() if not 80 <= n <= longest[name]} == {}


def test_lists_are_those_of_the_contract(document: tuple[dict[str, Any], str, str]) -> None:
    gold = document[0]
    assert set(gold) == KINDS
    assert any(gold.values())
    assert {d["status"] for d in gold["decisions"]} <= STATUSES
    assert {d["salience"] for d in gold["decisions"]} <= SALIENCE
    assert all(d["status"] != "designation" or d.get("designation") for d in gold["decisions"])
    assert {r["statistic"] for r in gold["results"]} <= STATISTICS
    assert {r.get("unit") for r in gold["results"]} <= UNITS | {None}


def test_dates_are_dates(document: tuple[dict[str, Any], str, str]) -> None:
    for decision in document[0]["decisions"]:
        for slot in ("date", "announced", "action_date"):
            date = decision.get(slot)
            if date is not None:
                assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date)
                year, *rest = date.split("-")
                assert year in document[1]
                assert not rest[1:] or date in document[1] or printed(str(int(rest[1])), document[2])


def test_figures_are_printed(document: tuple[dict[str, Any], str, str]) -> None:
    gold, _, text = document
    facts = [
        *gold["results"],
        *gold["adverse_events"],
        *gold["trials"],
        *gold["decisions"],
        *(arm for trial in gold["trials"] for arm in trial.get("arms", [])),
    ]
    for fact in facts:
        for slot in ("value", "ci", "p", "n", "percent", "count", "enrollment", "median_follow_up_months", "prior_lines_min", "range"):
            missing = [number for number in digits(fact.get(slot)) if not printed(number, text)]
            assert not missing, (slot, missing, fact)


def test_names_stand_in_the_text(document: tuple[dict[str, Any], str, str]) -> None:
    gold, _, text = document
    for agent in gold["agents"]:
        company = agent.get("company", [])
        names = [agent["name"], agent.get("full_name"), *agent.get("brands", []), *agent.get("synonyms", [])]
        names += [agent.get("agent_type"), *agent.get("targets", []), *(company if isinstance(company, list) else [company])]
        for name in filter(None, names):
            assert in_text(name, text), name
    for trial in gold["trials"]:
        assert trial["name"].startswith("unnamed: ") or plain(trial["name"]) in text, trial["name"]
        for slot in ("registry_ids", "design"):
            for name in trial.get(slot, []):
                assert in_text(re.sub(r"^randomi[sz]ed (?=\d)", "random ", name), text), name
    for kind in ("decisions", "recommendations"):
        for fact in gold[kind]:
            for slot in ("condition", "prior_therapies", "biomarkers"):
                value = fact.get(slot) or []
                for phrase in value if isinstance(value, list) else [value]:
                    assert in_text(phrase, text), phrase


def test_regimens_are_of_agents_or_classes_of_the_text(document: tuple[dict[str, Any], str, str]) -> None:
    gold, _, text = document
    facts = [*gold["decisions"], *gold["recommendations"], *(arm for trial in gold["trials"] for arm in trial.get("arms", []))]
    agents = {agent["name"] for agent in gold["agents"]}
    for fact in facts:
        for partner in fact["regimen"]:
            for part in partner.split(" and "):
                assert part in agents or in_text(part, text), partner
    for fact in gold["dosing"]:
        assert all(part in agents or in_text(part, text) for part in fact["agent"].split(" and ")), fact
        for number in digits(fact.get("dose")):
            assert printed(number, text), fact


def test_regulators_and_bodies_stand_in_the_text(document: tuple[dict[str, Any], str, str]) -> None:
    gold, text, flat = document
    for decision in gold["decisions"]:
        regulator = decision["regulator"]
        if regulator is None:
            assert decision["jurisdiction"]
        else:
            assert regulator in text or regulator.upper() in text or re.search(LONG_NAMES[regulator], text), regulator
    for fact in gold["recommendations"]:
        assert in_text(fact["body"].replace("-", " "), flat) or in_text(fact["body_name"], flat)


def test_references_between_facts_hold(document: tuple[dict[str, Any], str, str]) -> None:
    gold = document[0]
    arms = {trial["name"]: [arm["id"] for arm in trial.get("arms", [])] for trial in gold["trials"]}
    assert all(len(set(ids)) == len(ids) for ids in arms.values())
    for fact in [*gold["results"], *gold["adverse_events"], *(d for d in gold["dosing"] if d.get("trial"))]:
        named = [fact.get("arm"), *fact.get("comparison", [])]
        for arm in filter(None, named):
            assert set(arm.split("+")) <= set(arms[fact["trial"]]), fact
    for decision in gold["decisions"]:
        assert set(decision.get("supported_by", [])) <= set(arms), decision


def test_results_are_well_formed(document: tuple[dict[str, Any], str, str]) -> None:
    gold, _, text = document
    seen = set()
    for fact in gold["results"]:
        assert (fact["statistic"] in COMPARISONS) == (len(fact.get("comparison", [])) == 2), fact
        assert (fact["arm"] is None) == bool(fact.get("comparison")), fact
        assert ("value" in fact) == (fact["statistic"] not in {"p-value", "outcome"}), fact
        assert fact["statistic"] != "p-value" or fact["p"], fact
        assert "ci" not in fact or len(fact["ci"]) == 2, fact
        assert "ci" not in fact or not all(isinstance(end, int | float) for end in fact["ci"]) or fact["ci"][0] < fact["ci"][1], fact
        endpoint = fact["endpoint"]
        assert re.search(ENDPOINTS[endpoint], text, re.I) if endpoint in ENDPOINTS else in_text(endpoint, text), endpoint
        key = json.dumps(fact, sort_keys=True)
        assert key not in seen, fact
        seen.add(key)


def test_adverse_events_are_of_the_text(document: tuple[dict[str, Any], str, str]) -> None:
    gold, _, text = document
    for fact in gold["adverse_events"]:
        assert "percent" in fact or "count" in fact, fact
        assert fact["grade"] in {"any", "1-2", "2", ">=2", "3", "3-4", "4", ">=3", "3-5", ">=4", "5", "serious", "severe", "fatal"}, fact
        assert in_text(fact["event"], text), fact["event"]
