"""Trials, arms, results, adverse events, dosing, agents and guidelines on texts of our own."""

from __future__ import annotations

ABSTRACT = """METHODS: In this randomised, open-label, phase 3 trial (STARGATE-5; NCT04400000), patients were randomly assigned (2:1) to \
glofimab plus gemcitabine and oxaliplatin (Glofi-GemOx) or rituximab plus gemcitabine and oxaliplatin (R-GemOx). The primary endpoint was \
overall survival.
FINDINGS: 274 patients were enrolled (183 to Glofi-GemOx and 91 to R-GemOx). At a median follow-up of 20.7 months, median overall survival \
was 25.5 months (95% CI 18.3-not evaluable) in the Glofi-GemOx group and 12.9 months (95% CI 7.9-18.5) in the R-GemOx group (hazard ratio \
0.62 [95% CI 0.43-0.88]; p=0.0060). Complete response rate was 58.5% versus 25.3%. The 12-month progression-free survival rates were 51.7% \
and 25.2%, respectively. Grade 3 or 4 adverse events occurred in 69% of patients in the Glofi-GemOx group and 36% in the R-GemOx group."""


def test_a_trial_and_its_arms(read) -> None:
    [trial] = read(ABSTRACT).trials
    assert (trial.name, trial.registry_ids, trial.phase, trial.enrollment) == ("STARGATE-5", ("NCT04400000",), "3", 274)
    assert "randomized 2:1" in trial.design and trial.primary_endpoints == ("OS",)
    assert trial.median_follow_up_months == 20.7
    assert [(a.id, a.regimen, a.n) for a in trial.arms] == [
        ("A1", ("glofimab", "gemcitabine", "oxaliplatin"), 183),
        ("A2", ("rituximab", "gemcitabine", "oxaliplatin"), 91),
    ]


def test_results_of_an_abstract(read) -> None:
    results = read(ABSTRACT).results
    assert [(r.endpoint, r.statistic, r.arm, r.value, r.timepoint) for r in results] == [
        ("OS", "median", "A1", 25.5, None),
        ("OS", "median", "A2", 12.9, None),
        ("OS", "hazard-ratio", None, 0.62, None),
        ("CR", "rate", "A1", 58.5, None),
        ("CR", "rate", "A2", 25.3, None),
        ("PFS", "rate", "A1", 51.7, "12 months"),
        ("PFS", "rate", "A2", 25.2, "12 months"),
    ]
    ratio = results[2]
    assert (ratio.comparison, ratio.ci, ratio.ci_level, ratio.p) == (("A1", "A2"), (0.43, 0.88), 95, "0.0060")
    assert ratio.printed == {"value": "0.62", "ci.low": "0.43", "ci.high": "0.88", "ci_level": "95"}


def test_adverse_events_by_arm_and_grade(read) -> None:
    events = read(ABSTRACT).adverse_events
    assert [(e.event, e.grade, e.arm, e.percent) for e in events] == [
        ("adverse events", "3-4", "A1", 69),
        ("adverse events", "3-4", "A2", 36),
    ]


PRESS = """In the phase 3 RENOVA-2 study, belzotinib reduced the risk of disease progression or death by 38% compared with everolimus \
(HR=0.62; 95% CI: 0.50-0.77; p<0.001). ORR was 31% with belzotinib compared to 9% with everolimus. Overall survival data were immature. \
The most common grade ≥3 adverse reactions with belzotinib were hypertension (22%), fatigue (9%) and diarrhea (7%)."""


def test_results_told_in_prose(read) -> None:
    results = read(PRESS).results
    assert {(r.endpoint, r.statistic, r.arm, r.value) for r in results} == {
        ("PFS", "risk-reduction", None, 38),
        ("PFS", "hazard-ratio", None, 0.62),
        ("ORR", "rate", "A1", 31),
        ("ORR", "rate", "A2", 9),
    }


def test_an_event_list(read) -> None:
    events = read(PRESS).adverse_events
    assert [(e.event, e.grade, e.arm, e.percent) for e in events] == [
        ("hypertension", ">=3", "A1", 22),
        ("fatigue", ">=3", "A1", 9),
        ("diarrhea", ">=3", "A1", 7),
    ]


def test_a_single_arm_study(read) -> None:
    text = (
        "Efficacy was evaluated in CRYST-1 (NCT03999888), a single-arm, open-label trial. Patients received norasib "
        "600 mg orally twice daily. The trial enrolled 112 patients. The ORR was 43% (95% CI: 34, 53) and the median "
        "duration of response was 8.5 months."
    )
    facts = read(text)
    [trial] = facts.trials
    assert [(a.id, a.regimen, a.n) for a in trial.arms] == [("A1", ("norasib",), 112)]
    assert [(r.endpoint, r.statistic, r.arm, r.value, r.ci) for r in facts.results] == [
        ("ORR", "rate", "A1", 43, (34, 53)),
        ("DOR", "median", "A1", 8.5, None),
    ]
    assert [(d.agent, d.dose, d.route, d.schedule, d.arm) for d in facts.dosing] == [("norasib", "600 mg", "oral", "twice daily", "A1")]


def test_a_named_comparison_of_three_arms(read) -> None:
    text = (
        "In the phase 3 TRIUMPH-2 trial, patients were randomized 1:1:1 to zelotamab plus ipilimumab (n = 201), zelotamab alone (n = 199), "
        "or chemotherapy (n = 200). Median OS was 17.1 months with zelotamab plus ipilimumab, 15.7 months with zelotamab alone, and 13.9 "
        "months with chemotherapy. The HR for OS for zelotamab plus ipilimumab vs chemotherapy was 0.79 (95% CI, 0.65-0.96)."
    )
    facts = read(text)
    assert [a.n for a in facts.trials[0].arms] == [201, 199, 200]
    assert [(r.statistic, r.arm or r.comparison, r.value) for r in facts.results] == [
        ("median", "A1", 17.1),
        ("median", "A2", 15.7),
        ("median", "A3", 13.9),
        ("hazard-ratio", ("A1", "A3"), 0.79),
    ]


def test_a_grade_in_brackets_is_of_its_own_figure(read) -> None:
    text = "In the single-arm CRYST-1 trial of norasib, neutropenia occurred in 74% (Grade ≥3, 25%) of patients."
    assert [(e.event, e.grade, e.arm, e.percent) for e in read(text).adverse_events] == [
        ("neutropenia", "any", "A1", 74),
        ("neutropenia", ">=3", "A1", 25),
    ]


def test_respectively_follows_the_order_of_the_arms(read) -> None:
    text = (
        "In the ORBIT-7 trial, zelotamab plus dexamethasone (n = 120) was compared with dexamethasone (n = 118). "
        "Median PFS in the zelotamab and control arms was 9.1 and 4.2 months, respectively."
    )
    assert [(r.arm, r.value) for r in read(text).results] == [("A1", 9.1), ("A2", 4.2)]


def test_an_arm_behind_a_figure_is_not_the_arm_of_the_next(read) -> None:
    text = (
        "In the ORBIT-7 trial, patients were randomized to zelotamab plus carfilzomib (ZK; n = 120) or carfilzomib (K; n = 118). Anemia "
        "occurred in 82% of the ZK arm and 74% in the K arm; grade 3 or higher neutropenia occurred in 24% and 16%, respectively."
    )
    assert [(e.event, e.grade, e.arm, e.percent) for e in read(text).adverse_events] == [
        ("Anemia", "any", "A1", 82),
        ("Anemia", "any", "A2", 74),
        ("neutropenia", ">=3", "A1", 24),
        ("neutropenia", ">=3", "A2", 16),
    ]


def test_the_same_dose_in_the_control_arm(read) -> None:
    text = (
        "ORBIT-7 was a phase 3 trial. In the investigational arm, patients received zelotamab at a dose of 10 mg/kg "
        "every 2 weeks plus oral lenalidomide at a dose of 25 mg on days 1 to 21. Patients in the control arm received "
        "lenalidomide on the same schedule."
    )
    doses = read(text).dosing
    assert [(d.agent, d.arm, d.dose) for d in doses] == [
        ("zelotamab", "A1", "10 mg/kg"),
        ("lenalidomide", "A1", "25 mg"),
        ("lenalidomide", "A2", "25 mg"),
    ]


def test_what_is_said_of_an_agent(read) -> None:
    text = (
        "The FDA approved zelotamab-abcd (Zelvara; Norwin Pharma) for melanoma. Zelotamab (NW-2201) is a CD38-directed monoclonal antibody."
    )
    [agent] = read(text).agents
    assert (agent.name, agent.full_name, agent.brands, agent.synonyms) == ("zelotamab", "zelotamab-abcd", ("Zelvara",), ("NW-2201",))
    assert (agent.agent_type, agent.targets, agent.company) == ("monoclonal antibody", ("CD38",), "Norwin Pharma")


def test_a_guideline(read) -> None:
    text = (
        "The Freedonian Society of Clinical Oncology guidelines recommend zelotamab plus dexamethasone as a category "
        "1, preferred option for patients with multiple myeloma at first relapse."
    )
    [found] = read(text).recommendations
    assert (found.body, found.regimen, found.condition) == (
        "Freedonian Society of Clinical Oncology",
        ("zelotamab", "dexamethasone"),
        "multiple myeloma",
    )
    assert (found.category, found.preferred, found.setting) == ("1", True, "first relapse")


def test_two_bodies_make_two_recommendations(read) -> None:
    text = (
        "The Freedonian Society of Hematology and Freedonian Anti-Cancer Association guidelines include zelotamab as a "
        "category 2A option for multiple myeloma."
    )
    assert [r.body for r in read(text).recommendations] == ["Freedonian Society of Hematology", "Freedonian Anti-Cancer Association"]


def test_what_a_text_tells_of_itself(read) -> None:
    facts = read("FDA approves zelotamab for melanoma\n\nMarch 4, 2024\n\nThe FDA has approved zelotamab for adults with melanoma.")
    assert (facts.title, facts.published) == ("FDA approves zelotamab for melanoma", "2024-03-04")


def test_the_other_studies_of_a_series(read) -> None:
    text = "The phase 3 NORTH-3 trial met its endpoint. Median PFS was 9.1 months in NORTH-3. Data of NORTH-1 were shown before."
    assert [t.name for t in read(text).trials] == ["NORTH-3", "NORTH-1"]
