"""Dosing: doses, routes and schedules, on sentences of our own."""

from __future__ import annotations

import pytest

from tests.reading.conftest import Read


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "They received gemcitabine 1,000 mg/m² on days 1 and 8 every 3 weeks.",
            [("gemcitabine", "1,000 mg/m²", None, "days 1 and 8 every 3 weeks")],
        ),
        (
            "They received 50 mg/m2 epirubicin and 60 mg/m2 cisplatin on day 1 and 1250 mg/m2 oral capecitabine on days 1–21.",
            [
                ("epirubicin", "50 mg/m2", None, "day 1"),
                ("cisplatin", "60 mg/m2", None, "day 1"),
                ("capecitabine", "1250 mg/m2", "oral", "days 1–21"),
            ],
        ),
        (
            "They received oxaliplatin 130 mg/m 2 IV on day 1 and capecitabine 1000 mg/m 2 per day orally on days 1–14.",
            [("oxaliplatin", "130 mg/m 2", "IV", "day 1"), ("capecitabine", "1000 mg/m 2 per day", "oral", "days 1–14")],
        ),
        (
            "They received carboplatin AUC 5 and pemetrexed 500 mg/m2 every 3 weeks for up to 4 cycles.",
            [
                ("carboplatin", "AUC 5", None, "every 3 weeks for up to 4 cycles"),
                ("pemetrexed", "500 mg/m2", None, "every 3 weeks for up to 4 cycles"),
            ],
        ),
        (
            "They received lenvatinib 20 mg/day orally plus pembrolizumab 200 mg intravenously Q3W.",
            [("lenvatinib", "20 mg/day", "oral", None), ("pembrolizumab", "200 mg", "IV", "Q3W")],
        ),
        (
            "Trastuzumab was given as a loading dose of 8 mg/kg followed by 6 mg/kg every 3 weeks.",
            [("trastuzumab", "8 mg/kg", None, None), ("trastuzumab", "6 mg/kg", None, "every 3 weeks")],
        ),
        ("Norasib was given in step-up doses of 2.5 mg and 10 mg in cycle 1.", [("norasib", "2.5 mg and 10 mg", None, "in cycle 1")]),
        (
            "Patients were given lutetium Lu 177 dotatate (7.4 GBq [200 mCi] every 8 weeks).",
            [("lutetium Lu 177 dotatate", "7.4 GBq [200 mCi]", None, "every 8 weeks")],
        ),
        (
            "They received radiotherapy (45 Gy in 30 twice-daily fractions of 1.5 Gy over 19 days).",
            [("radiotherapy", "45 Gy", None, "30 twice-daily fractions of 1.5 Gy over 19 days")],
        ),
        ("They received norasib 160 mg (four 40-mg tablets) once daily.", [("norasib", "160 mg", None, "once daily")]),
        (
            "They received cisplatin plus etoposide every 3 weeks.",
            [("cisplatin", None, None, "every 3 weeks"), ("etoposide", None, None, "every 3 weeks")],
        ),
        ("They received norasib. It was given at 5 mg twice daily.", [("norasib", "5 mg", None, "twice daily")]),
    ],
)
def test_doses_and_their_schedules(read: Read, sentence: str, expected: list[tuple[str, str | None, str | None, str | None]]) -> None:
    text = "KITE-4 was a single-arm, phase 2 trial that enrolled 98 patients. " + sentence
    assert [(d.agent, d.dose, d.route, d.schedule) for d in read(text).dosing] == expected


def test_a_recommended_dose_is_of_no_study(read: Read) -> None:
    text = (
        "In the KITE-4 trial, patients received norasib. The recommended dose of norasib is 200 mg every 3 weeks or 400 mg every 6 weeks."
    )
    assert [(d.trial, d.arm, d.dose, d.schedule) for d in read(text).dosing] == [
        (None, None, "200 mg", "every 3 weeks"),
        (None, None, "400 mg", "every 6 weeks"),
    ]


def test_a_backbone_given_to_each_arm(read: Read) -> None:
    text = (
        "In the phase 3 LUMENA-3 trial, 418 patients were randomized (1:1) to zelotamab 360 mg every 3 weeks or placebo, each in "
        "combination with carboplatin AUC 5."
    )
    assert [(d.agent, d.arm, d.dose) for d in read(text).dosing] == [
        ("zelotamab", "A1", "360 mg"),
        ("carboplatin", "A1", "AUC 5"),
        ("carboplatin", "A2", "AUC 5"),
    ]


@pytest.mark.parametrize(
    ("sentence", "doses"),
    [
        ("Norasib was given in step-up doses of 0.01 and 0.06 mg/kg.", ["0.01 and 0.06 mg/kg"]),
        ("Norasib was given at 50, 100, 200 or 300 mg twice daily.", ["50, 100, 200 or 300 mg"]),
        ("Patients received norasib on days 1, 8 and 15, and on day 1 and 1250 mg/m2 capecitabine.", ["1250 mg/m2"]),
        ("The recommended dose of norasib and hyaluronidase is 1600 mg/20,000 units every 3 weeks.", ["1600 mg/20,000 units"]),
        (
            "The recommended dose of norasib is 120 mg once daily for patients weighing less than 90 kg and 180 mg once daily for those"
            " weighing 90 kg or more.",
            ["120 mg", "180 mg"],
        ),
    ],
)
def test_doses_in_series_and_by_weight(read: Read, sentence: str, doses: list[str]) -> None:
    assert [d.dose for d in read(sentence).dosing if d.dose] == doses


@pytest.mark.parametrize(
    "sentence",
    [
        "Dose reductions of norasib to 400 mg were allowed.",
        "Prednisone at doses of 10 mg or less was permitted.",
        "Creatinine clearance of 30 mL/min was required for cisplatin.",
        "Norasib is supplied as tablets of 40 mg.",
    ],
)
def test_amounts_that_are_no_doses(read: Read, sentence: str) -> None:
    assert read("KITE-4 was a single-arm, phase 2 trial. " + sentence).dosing == ()
