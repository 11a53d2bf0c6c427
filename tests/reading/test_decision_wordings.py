"""Decisions in the many ways that news, releases and bulletins word them, and texts that only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

NEGATIVES = sorted((Path(__file__).parent / "negatives").glob("*.txt"))
Told = tuple[str | None, str, str]  # authority or country, status, regimen


def told(facts) -> set[Told]:
    return {(d.regulator or d.jurisdiction, d.status, " + ".join(d.regimen)) for d in facts.decisions}


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        ("approved", "approved"),
        ("has cleared", "approved"),
        ("gave the nod to", "approved"),
        ("has given the green light to", "approved"),
        ("waved through", "approved"),
        ("signed off on", "approved"),
        ("said yes to", "approved"),
        ("granted full approval to", "approved"),
        ("granted accelerated approval to", "accelerated-approval"),
        ("conditionally approved", "conditional-approval"),
        ("issued an emergency use authorization for", "emergency-authorization"),
        ("rejected", "rejected"),
        ("turned down", "rejected"),
        ("declined to approve", "rejected"),
        ("refused to approve", "rejected"),
        ("said no to", "rejected"),
        ("issued a complete response letter for", "complete-response"),
        ("granted priority review to", "priority-review"),
        ("is reviewing", "under-review"),
        ("has accepted the application for", "under-review"),
        ("expanded the indication of", "label-expansion"),
        ("restricted the use of", "label-restriction"),
        ("granted fast track designation to", "designation"),
        ("withdrew the approval of", "withdrawn"),
    ],
)
def test_what_an_authority_does(read, verb: str, status: str) -> None:
    assert told(read(f"The FDA {verb} zelotamab for adults with melanoma.")) == {("FDA", status, "zelotamab")}


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Zelotamab has won FDA approval for melanoma.", "approved"),
        ("Norwin wins FDA nod for zelotamab in melanoma", "approved"),
        ("Norwin's zelotamab gets the go-ahead from the FDA for melanoma.", "approved"),
        ("Zelotamab, which the FDA cleared in May 2021 for melanoma, sells well.", "approved"),
        ("Approval of zelotamab by the FDA for adults with melanoma came on 2 May 2024.", "approved"),
        ("The marketing application for zelotamab in melanoma is under review at the FDA.", "under-review"),
        ("Norwin has filed for approval of zelotamab with the FDA for melanoma.", "submitted"),
        ("Norwin has filed its antibody zelotamab with the FDA for melanoma.", "submitted"),
        ("The FDA has until 14 August 2025 to decide on zelotamab for melanoma.", "under-review"),
        ("Norwin has voluntarily withdrawn the FDA indication of zelotamab for melanoma.", "withdrawn"),
        ("By 8 votes to 5 the Oncologic Drugs Advisory Committee backed zelotamab for melanoma.", "advisory-vote"),
        ("The FDA's advisers voted 10 to 2 in favor of zelotamab for melanoma.", "advisory-vote"),
    ],
)
def test_what_happens_to_a_regimen(read, words: str, status: str) -> None:
    assert told(read(words)) == {("FDA", status, "zelotamab")}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("NICE has recommended zelotamab for adults with melanoma.", ("NICE", "recommended")),
        ("NICE does not recommend zelotamab for adults with melanoma.", ("NICE", "not-recommended")),
        ("The Scottish Medicines Consortium accepted zelotamab for use in melanoma.", ("SMC", "recommended")),
        ("Germany's G-BA found a considerable added benefit of zelotamab for melanoma.", ("G-BA", "recommended")),
        ("The CHMP has recommended approval of zelotamab for melanoma.", ("CHMP", "positive-opinion")),
        ("The CHMP recommended refusing the marketing authorisation of zelotamab for melanoma.", ("CHMP", "negative-opinion")),
        ("The PRAC recommended that zelotamab should only be used in melanoma if nothing else helps.", ("PRAC", "label-restriction")),
        ("The SMC accepts zelotamab for melanoma.", ("SMC", "recommended")),
        ("The Center for Drug Evaluation (CDE) of China's NMPA gave zelotamab priority review for melanoma.", ("CDE", "priority-review")),
        ("Zelotamab got the nod from Brussels for melanoma.", ("European Commission", "approved")),
        ("Brazil's Anvisa has granted registration of zelotamab for melanoma.", ("ANVISA", "approved")),
        ("South Korea's Ministry of Food and Drug Safety approved zelotamab for melanoma.", ("MFDS", "approved")),
        ("Swissmedic has granted a temporary authorisation for zelotamab for melanoma.", ("Swissmedic", "conditional-approval")),
        ("Zelotamab has been approved in China for melanoma.", ("China", "approved")),
        ("Japanese regulators approved zelotamab for melanoma.", ("Japan", "approved")),
    ],
)
def test_whose_word_means_what(read, words: str, expected: tuple[str, str]) -> None:
    assert told(read(words)) == {(*expected, "zelotamab")}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Zelotamab is approved in the United States, the European Union and Japan for melanoma.",
            {("United States", "approved"), ("European Union", "approved"), ("Japan", "approved")},
        ),
        (
            "Following approvals in the US (April 2023) and the EU (October 2023), zelotamab was approved by Health Canada for melanoma.",
            {("United States", "approved"), ("European Union", "approved"), ("Health Canada", "approved")},
        ),
        (
            "The FDA refused to approve zelotamab for melanoma, and the CHMP adopted a negative opinion in July 2024.",
            {("FDA", "rejected"), ("CHMP", "negative-opinion")},
        ),
        (
            "The FDA approved zelotamab for melanoma in May 2023, while Health Canada issued a notice of compliance with conditions.",
            {("FDA", "approved"), ("Health Canada", "conditional-approval")},
        ),
        (
            "The FDA approved zelotamab for melanoma, and the MHRA and Health Canada followed suit in early 2025.",
            {("FDA", "approved"), ("MHRA", "approved"), ("Health Canada", "approved")},
        ),
        (
            "The FDA granted accelerated approval to zelotamab for melanoma. The EMA has accepted the application for the drug.",
            {("FDA", "accelerated-approval"), ("EMA", "under-review")},
        ),
    ],
)
def test_each_authority_decides_for_itself(read, words: str, expected: set[tuple[str, str]]) -> None:
    assert {(who, status) for who, status, _ in told(read(words))} == expected


def test_each_authority_has_its_date(read) -> None:
    words = "Following approvals in the US (April 2023) and the EU (October 2023), zelotamab was approved by Health Canada for melanoma."
    dates = {d.jurisdiction: d.date for d in read(words).decisions}
    assert dates == {"United States": "2023-04", "European Union": "2023-10", "Canada": None}


def test_a_country_means_the_authority_named_elsewhere(read) -> None:
    text = "Zelotamab wins US nod for melanoma\n\nThe FDA approved zelotamab for melanoma. Its US approval came on 3 May 2024."
    assert told(read(text)) == {("FDA", "approved", "zelotamab")}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("The drug was approved in the EU in May 2023.", "zelotamab + carboplatin"),
        ("In May 2023 the European Commission approved the combination.", "zelotamab + carboplatin"),
        ("The European Commission approved it with bevacizumab for the same disease.", "zelotamab + bevacizumab"),
    ],
)
def test_what_it_is(read, after: str, expected: str) -> None:
    found = told(read(f"The FDA approved zelotamab plus carboplatin for adults with ovarian cancer. {after}"))
    assert expected in {regimen for who, _, regimen in found if who != "FDA"}


def test_the_disease_told_before_holds_for_what_follows(read) -> None:
    text = "The FDA approved zelotamab for melanoma in May 2023. Health Canada has also approved the drug."
    assert [d.condition for d in read(text).decisions] == ["melanoma", "melanoma"]


def test_two_rounds_of_one_application(read) -> None:
    text = (
        "The FDA has issued another complete response letter for zelotamab in melanoma. "
        "The first round, in March 2023, had ended with a complete response letter from the FDA, too."
    )
    assert [(d.status, d.date) for d in read(text).decisions] == [("complete-response", None), ("complete-response", "2023-03")]


def test_a_conversion_and_the_approval_before_it(read) -> None:
    text = (
        "The FDA has converted the accelerated approval of zelotamab to full approval for adults with cervical cancer. "
        "The agency first granted accelerated approval in September 2021."
    )
    assert [(d.status, d.change_type, d.date) for d in read(text).decisions] == [
        ("approved", "conversion", None),
        ("accelerated-approval", None, "2021-09"),
    ]


def test_several_designations_share_their_noun(read) -> None:
    found = read("The FDA granted zelotamab breakthrough therapy, fast track and orphan drug designations for melanoma.").decisions
    assert {d.designation for d in found} == {"breakthrough therapy", "fast track", "orphan drug"}


@pytest.mark.parametrize(
    "words",
    [
        "Norwin seeks FDA approval of zelotamab for melanoma.",
        "FDA approval of zelotamab for melanoma could come in May.",
        "The FDA has not yet approved zelotamab for melanoma.",
        "Zelotamab would be the first drug approved by the FDA for the disease, if approved.",
        "The FDA lifted the clinical hold on zelotamab for melanoma.",
        "The FDA cleared the investigational new drug application for zelotamab.",
        "The FDA tentatively approved copies of osimertinib for lung cancer.",
        "Was zelotamab approved by the FDA for melanoma?",
        "Zelotamab is approved in more than 60 countries for melanoma.",
        "NCCN recommends zelotamab for melanoma.",
        "A post claims that the FDA approved zelotamab for melanoma.",
        "Norwin holds the licence for the United States to sell zelotamab for melanoma.",
        "Zelotamab will be the first drug approved in the European Union for melanoma.",
    ],
)
def test_what_has_not_happened(read, words: str) -> None:
    assert read(words).decisions == ()


@pytest.mark.parametrize("path", NEGATIVES, ids=lambda path: path.stem)
def test_texts_that_only_look_like_it(read, path: Path) -> None:
    facts = read(path.read_text(encoding="utf-8"))
    assert (facts.decisions, facts.results) == ((), ())


def test_the_negatives_are_all_there() -> None:
    assert len(NEGATIVES) == 53
