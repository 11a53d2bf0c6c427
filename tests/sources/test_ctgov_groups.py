"""Reported groups and planned arms: what is matched, pooled, or left apart; names in the cases are invented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kg_build.facts import Group, Record, Trial
from kg_build.sources import ctgov

Arms = dict[str, list[str]]

TWO: Arms = {"Examplimab + Controlin": ["Drug: Examplimab", "Drug: Controlin"], "Placebo + Controlin": ["Drug: Placebo", "Drug: Controlin"]}
NUMBERED: Arms = {"1": ["Drug: Examplimab"], "2": ["Drug: Examplimab"], "3": ["Drug: Placebo"]}
DOSES: Arms = {"Low": ["Drug: Examplimab"], "High": ["Drug: Examplimab"], "Control": ["Drug: Placebo"]}
LETTERS: Arms = {"Arm A": ["Drug: Examplimab", "Drug: Controlin"], "Arm B": ["Drug: Controlin"]}
COHORTS: Arms = {"Cohort F: Rare Tumors (Uveal, Sarcoma)": ["Drug: Examplimab"], "Cohort G: Other": ["Drug: Examplimab"]}
SEQUENCE: Arms = {"Examplimab": ["Drug: Examplimab"], "Placebo": ["Drug: Placebo"]}
DELAYED: Arms = {"Examplimab 120 mg": ["Drug: Examplimab"], "Placebo 8 weeks and Examplimab 120 mg": ["Drug: Placebo", "Drug: Examplimab"]}
SPELLED: Arms = {"Very Long Immunotherapy (VLIT)": ["Drug: VL extract"], "Placebo": ["Drug: Placebo"]}
PARTS: Arms = {"Part 1: Examplimab": ["Drug: Examplimab"], "Part 2: Examplimab + Controlin": ["Drug: Examplimab", "Drug: Controlin"]}
BOTH: Arms = {"Group X": ["Drug: Examplimab", "Drug: Controlin"], "Group Y": ["Drug: Examplimab", "Drug: Controlin"]}
ESCALATION: Arms = {
    "Phase 1: Escalation: 5 mg": ["Drug: Examplimab"],
    "Phase 1: Escalation: 50 mg": ["Drug: Examplimab"],
    "Phase 2: Expansion": ["Drug: Controlin"],
}
SINGLE: Arms = {"Open label": ["Drug: Examplimab"]}

CASES: list[tuple[Arms, str, str, set[str]]] = [
    (TWO, "Examplimab + Controlin", "matched", {"Examplimab + Controlin"}),
    (TWO, "EXAMPLIMAB plus controlin", "matched", {"Examplimab + Controlin"}),
    (TWO, "Examplimab", "matched", {"Examplimab + Controlin"}),
    (TWO, "Placebo", "matched", {"Placebo + Controlin"}),
    (TWO, "Placebo + Controlin: Week 12", "matched", {"Placebo + Controlin"}),
    (TWO, "Total", "pooled", set(TWO)),
    (TWO, "All Participants", "pooled", set(TWO)),
    (TWO, "All Randomized Subjects", "pooled", set(TWO)),
    (TWO, "Intent-to-Treat Population", "pooled", set(TWO)),
    (TWO, "Examplimab + Controlin and Placebo + Controlin", "pooled", set(TWO)),
    (TWO, "Controlin", "pooled", set(TWO)),  # all that it names is given in every arm
    (COHORTS, "Examplimab", "pooled", set(COHORTS)),
    (BOTH, "Examplimab", "pooled", set(BOTH)),  # one of two that are given in every arm
    (TWO, "Healthy Volunteers", "unmatched", set()),
    (TWO, "All Responders", "unmatched", set()),
    (NUMBERED, "Placebo: Stage 1", "matched", {"3"}),  # the 1 of a stage is not arm 1
    (NUMBERED, "Examplimab", "pooled", {"1", "2"}),
    (NUMBERED, "Examplimab 5 mg", "unmatched", set()),
    (LETTERS, "Examplimab Plus Controlin (Arm A)", "matched", {"Arm A"}),
    (LETTERS, "Controlin Alone", "matched", {"Arm B"}),
    (LETTERS, "Arm C", "unmatched", set()),
    (COHORTS, "Cohort F: Rare Tumors (Sarcoma)", "matched", {"Cohort F: Rare Tumors (Uveal, Sarcoma)"}),
    (COHORTS, "Cohort F and Other Cohorts", "unmatched", set()),
    (SEQUENCE, "Placebo Then Examplimab", "unmatched", set()),
    (SEQUENCE, "Placebo to Examplimab", "unmatched", set()),
    (SEQUENCE, "Non-Examplimab", "unmatched", set()),
    (SEQUENCE, "No Examplimab", "unmatched", set()),
    (DELAYED, "Placebo 16 Weeks and Examplimab 120 mg", "unmatched", set()),  # another arm than either
    (DELAYED, "Placebo 8 Weeks, Examplimab 120mg", "matched", {"Placebo 8 weeks and Examplimab 120 mg"}),
    (SPELLED, "VLIT", "matched", {"Very Long Immunotherapy (VLIT)"}),
    (SPELLED, "Very Long Immunotherapy", "matched", {"Very Long Immunotherapy (VLIT)"}),
    (PARTS, "Part 1: Examplimab + Controlin", "unmatched", set()),  # part 1 is no arm of part 2
    (ESCALATION, "Phase 1: Escalation: All Participants", "pooled", {"Phase 1: Escalation: 5 mg", "Phase 1: Escalation: 50 mg"}),
    (ESCALATION, "Phase 2: All Participants", "unmatched", set()),  # one arm begins so: perhaps one of several parts of it
    (PARTS, "Part 2: Examplimab + Controlin", "matched", {"Part 2: Examplimab + Controlin"}),
    (SINGLE, "Examplimab 5 mg", "matched", {"Open label"}),
    (SINGLE, "Responders", "unmatched", set()),
    ({}, "Total", "unmatched", set()),
]


def study(arms: Arms, groups: list[tuple[str, str]], descriptions: dict[str, str] | None = None) -> Trial:
    """A trial with these arms and one outcome measure of these groups (title, description), two so that no group is alone."""
    names = dict.fromkeys(name for given in arms.values() for name in given)
    tree: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": label, "interventionNames": given, "description": (descriptions or {}).get(label)}
                    for label, given in arms.items()
                ],
                "interventions": [{"type": "DRUG", "name": name.partition(": ")[2]} for name in names],
            },
        },
        "resultsSection": {
            "outcomeMeasuresModule": {
                "outcomeMeasures": [
                    {"title": "x", "groups": [{"id": f"OG{n}", "title": t, "description": d} for n, (t, d) in enumerate(groups)]}
                ]
            }
        },
    }
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record), record
    return record.trials[0]


def said(trial: Trial, group: Group) -> tuple[str, set[str]]:
    labels = {arm.id: arm.label or "" for arm in trial.arms}
    return group.match, {labels[arm] for arm in group.arms}


@pytest.mark.parametrize(("arms", "title", "match", "expected"), CASES, ids=[f"{case[1]} of {', '.join(case[0])}"[:80] for case in CASES])
def test_a_title_tells_its_arms(arms: Arms, title: str, match: str, expected: set[str]) -> None:
    trial = study(arms, [(title, ""), ("Something Else", "")])
    assert said(trial, trial.groups[0]) == (match, expected)


def test_doses_tell_arms_of_one_drug_apart() -> None:
    described = {"Low": "Examplimab 5 mg q4w", "High": "Examplimab 50 mg q2w", "Control": "Placebo"}
    trial = study(DOSES, [("Examplimab 50 mg", ""), ("Examplimab 5 mg Q4W", ""), ("Examplimab 7 mg", "")], described)
    assert [said(trial, group) for group in trial.groups] == [("matched", {"High"}), ("matched", {"Low"}), ("unmatched", set())]


def test_a_description_tells_where_a_title_does_not() -> None:
    described = {"1": "Examplimab once daily for two weeks", "3": "Sugar pill once daily for two weeks"}
    trial = study(
        NUMBERED, [("Active", "Examplimab once daily for two weeks"), ("Comparator", "Placebo: one pill a day"), ("Active", "")], described
    )
    assert [said(trial, group) for group in trial.groups] == [("matched", {"1"}), ("matched", {"3"}), ("matched", {"1"})]


def test_groups_are_one_when_title_and_description_are_alike() -> None:
    trial = study(TWO, [("Placebo", "A pill"), ("PLACEBO ", "a  pill"), ("Placebo", "Another pill")])
    assert [group.id for group in trial.groups] == ["placebo", "placebo-2"]


def test_the_only_group_of_a_single_arm_study_is_that_arm() -> None:
    tree = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {"armGroups": [{"label": "Open label"}]},
        },
        "resultsSection": {
            "participantFlowModule": {
                "groups": [{"id": "FG000", "title": "Everyone Treated Here"}],
                "periods": [{"milestones": [{"type": "STARTED", "achievements": [{"groupId": "FG000", "numSubjects": "1,234"}]}]}],
            },
            "adverseEventsModule": {"eventGroups": [{"id": "EG000", "title": "Young"}, {"id": "EG001", "title": "Old"}]},
        },
    }
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record)
    assert [(g.label, g.match, g.n) for g in record.trials[0].groups] == [
        ("Everyone Treated Here", "matched", 1234),
        ("Young", "unmatched", None),
        ("Old", "unmatched", None),
    ]
    assert (record.trials[0].arms[0].n, record.trials[0].arms[0].printed) == (1234, {"n": "1,234"})


def test_figures_of_parts_of_one_arm_say_which_part() -> None:
    measurements = [{"groupId": f"OG00{n}", "value": str(n)} for n in range(3)]
    groups = [
        {"id": "OG000", "title": "Examplimab - Responders"},
        {"id": "OG001", "title": "Examplimab - Others"},
        {"id": "OG002", "title": "Placebo"},
    ]
    tree = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {"armGroups": [{"label": "Examplimab"}, {"label": "Placebo"}]},
        },
        "resultsSection": {
            "outcomeMeasuresModule": {
                "outcomeMeasures": [{"title": "x", "groups": groups, "classes": [{"categories": [{"measurements": measurements}]}]}]
            }
        },
    }
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record)
    assert [(fact.arm, fact.population) for fact in record.results] == [
        ("examplimab-responders", "Examplimab - Responders"),
        ("examplimab-others", "Examplimab - Others"),
        ("placebo", None),
    ]


def test_arms_with_one_label_stay_two() -> None:
    tree = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {"armGroups": [{"label": "Arm"}, {"label": "arm"}, {}]},
        }
    }
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record)
    assert [arm.id for arm in record.trials[0].arms] == ["arm", "arm-2", "x"]


def test_real_groups_are_mostly_told(shared: Any) -> None:
    counts = {"matched": 0, "pooled": 0, "unmatched": 0}
    for record in ctgov.read(shared / "data" / "ctgov" / "studies.jsonl.gz"):
        assert isinstance(record, Record)
        for group in record.trials[0].groups:
            counts[group.match] += 1
            assert len(group.arms) == {"matched": 1, "unmatched": 0}.get(group.match, len(group.arms))
    share = counts["unmatched"] / sum(counts.values())
    assert sum(counts.values()) > 700
    assert 0.05 < share < 0.25, "fewer would be guessing, more would be a broken rule"
