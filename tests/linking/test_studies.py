"""Trial names and numbers."""

from __future__ import annotations

import gzip
import itertools
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from kg_build.facts import Arm, Decision, Document, Record, Trial
from kg_build.lexicon import load
from kg_build.linking import StudyHeader, StudyIndex, link_record, study_headers
from kg_build.linking.studies import acronym_key, canonical_id

LEXICON = load()
IKEMA = StudyHeader(
    key="NCT03275285", registry_ids=("NCT03275285", "2017-001940-37"), acronym="IKEMA", agents=("isatuximab", "carfilzomib")
)


def article(*trials: Trial, decisions: tuple[Decision, ...] = ()) -> Record:
    return Record(source="article", id="a1", document=Document(sha256="0"), trials=trials, decisions=decisions)


def arms(*regimens: str) -> tuple[Arm, ...]:
    return tuple(Arm(id=f"A{place}", regimen=tuple(names.split("+"))) for place, names in enumerate(regimens, start=1))


def key(record: Record, name: str, *headers: StudyHeader) -> str:
    return link_record(record, LEXICON, StudyIndex(headers)).studies[name]


def unlinked(record: Record, *headers: StudyHeader) -> list[str]:
    return [doubt.name for doubt in link_record(record, LEXICON, StudyIndex(headers)).unlinked if doubt.kind == "study"]


def test_a_number_links_and_the_nct_number_names_the_study() -> None:
    record = article(Trial(name="a trial", registry_ids=("EudraCT 2017-001940-37",)))
    assert key(record, "a trial", IKEMA) == "NCT03275285"
    assert key(record, "a trial") == "2017-001940-37"
    assert unlinked(record, IKEMA) == []


def test_an_acronym_links_with_a_shared_agent_alone() -> None:
    with_agent = article(Trial(name="IKEMA", arms=arms("Sarclisa+carfilzomib+dexamethasone", "carfilzomib+dexamethasone")))
    other_agent = article(Trial(name="IKEMA", arms=arms("nivolumab+dexamethasone")))
    assert key(with_agent, "IKEMA", IKEMA) == "NCT03275285"
    assert key(other_agent, "IKEMA", IKEMA) == "x-ikema+nivolumab"
    assert unlinked(other_agent, IKEMA) == ["IKEMA"]


def test_an_acronym_alone_never_links_and_never_meets_another_record() -> None:
    record = article(Trial(name="IKEMA"))
    assert key(record, "IKEMA", IKEMA).startswith("x-ikema-") and unlinked(record, IKEMA) == ["IKEMA"]
    other = Record(source="article", id="a2", document=Document(sha256="0"), trials=record.trials)
    assert key(record, "IKEMA") != key(other, "IKEMA")


def test_two_candidates_are_doubt() -> None:
    twin = StudyHeader(key="NCT00000001", registry_ids=("NCT00000001",), acronym="IKEMA", agents=("isatuximab",))
    record = article(Trial(name="IKEMA", arms=arms("isatuximab")))
    assert key(record, "IKEMA", IKEMA, twin).startswith("x-ikema-") and unlinked(record, IKEMA, twin) == ["IKEMA"]


def test_a_steroid_is_not_a_shared_agent() -> None:
    header = StudyHeader(key="NCT00000002", registry_ids=("NCT00000002",), acronym="IKEMA", agents=("dexamethasone",))
    assert key(article(Trial(name="IKEMA", arms=arms("dexamethasone"))), "IKEMA", header).startswith("x-ikema")


def test_the_lead_agent_of_an_unregistered_study_is_the_one_not_all_arms_have() -> None:
    record = article(Trial(name="the EXAMPLE-1 trial", arms=arms("carfilzomib+dexamethasone", "carfilzomib+dexamethasone+isatuximab")))
    assert key(record, "the EXAMPLE-1 trial") == "x-example-1+isatuximab"


def test_the_agents_of_the_decision_it_supports_stand_in_for_missing_arms() -> None:
    decision = Decision(status="approved", regimen=("isatuximab", "dexamethasone"), supported_by=("IKEMA",))
    record = article(Trial(name="IKEMA"), decisions=(decision,))
    assert key(record, "IKEMA", IKEMA) == "NCT03275285"
    assert key(article(decisions=(decision,)), "IKEMA", IKEMA) == "NCT03275285"


def test_unnamed_studies_of_two_records_stay_apart() -> None:
    trial = Trial(name="unnamed: phase 3 study", arms=arms("isatuximab"))
    other = Record(source="article", id="a2", document=Document(sha256="0"), trials=(trial,))
    assert key(article(trial), trial.name) != key(other, trial.name)


def test_the_order_of_headers_does_not_matter() -> None:
    alias = StudyHeader(key="2017-001940-37", registry_ids=("2017-001940-37",), acronym="IKEMA", agents=("isatuximab",))
    extension = StudyHeader(key="NCT00000003", registry_ids=("NCT00000003", "2017-001940-38"), acronym="IKEMA 2", agents=("isatuximab",))
    record = article(Trial(name="T", registry_ids=("2017-001940-37",)))
    for headers in itertools.permutations((IKEMA, alias, extension)):
        index = StudyIndex(headers)
        assert link_record(record, LEXICON, index).studies["T"] == "NCT03275285"
        assert index.labels == {"NCT03275285": "IKEMA", "2017-001940-37": "IKEMA", "NCT00000003": "IKEMA 2"}


def test_a_number_that_two_registered_studies_carry_links_to_neither() -> None:
    second = StudyHeader(key="NCT00000004", registry_ids=("NCT00000004", "2017-001940-37"), agents=())
    record = article(Trial(name="T", registry_ids=("2017-001940-37",)))
    assert key(record, "T", IKEMA, second) == "2017-001940-37"


def test_a_registry_record_makes_its_header() -> None:
    trial = Trial(
        name="NCT03275285", registry_ids=("EFC15246", "2017-001940-37", "NCT03275285"), acronym="IKEMA", interventions=("Isatuximab",)
    )
    assert list(study_headers(article(trial), LEXICON)) == [
        StudyHeader(key="NCT03275285", registry_ids=("NCT03275285", "2017-001940-37", "efc15246"), acronym="IKEMA", agents=("isatuximab",))
    ]


def test_a_text_that_names_acronym_and_number_teaches_the_index() -> None:
    teacher = article(Trial(name="IKEMA", registry_ids=("NCT03275285",), arms=arms("isatuximab")))
    pupil = Record(source="article", id="a2", document=Document(sha256="0"), trials=(Trial(name="Ikema", arms=arms("isatuximab")),))
    assert key(pupil, "Ikema", *study_headers(teacher, LEXICON)) == "NCT03275285"
    by_title = article(Trial(name="A long title of a study", registry_ids=("NCT03275285",)))
    assert [header.acronym for header in study_headers(by_title, LEXICON)] == [None]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("nct02990338", "NCT02990338"),
        ("EU CT 2022-501234-12-00", "2022-501234-12"),
        ("ISRCTN 12345678", "ISRCTN12345678"),
        ("ChiCTR2000012345", "ChiCTR2000012345"),
        ("jRCT2031200001", "jRCT2031200001"),
        ("ICARIA-MM", None),
        ("NCT123", None),
    ],
)
def test_registry_numbers_are_written_one_way(text: str, number: str | None) -> None:
    assert canonical_id(text) == number


def test_acronyms_of_the_real_registry_do_not_name_studies_by_themselves(shared: Path) -> None:
    headers, names = [], Counter[str]()
    with gzip.open(shared / "data/ctgov/studies.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            who = json.loads(line)["protocolSection"]["identificationModule"]
            if "acronym" in who:
                names[acronym_key(who["acronym"])] += 1
                header = StudyHeader(key=who["nctId"], registry_ids=(who["nctId"],), acronym=who["acronym"], agents=("isatuximab",))
                headers.append(header)
    index = StudyIndex(headers)
    found = defaultdict(set)
    for header in headers:
        found[acronym_key(header.acronym or "")].update(index.by_acronym(header.acronym or "", ["isatuximab"]))
    twice = {name for name, count in names.items() if count > 1}
    assert len(twice) == 3 and all(len(found[name]) == names[name] for name in names)
    assert not any(index.by_acronym(header.acronym or "", []) for header in headers)
