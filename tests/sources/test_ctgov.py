"""One hand-made study, read as a whole; every expected value was written from the JSON by hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg_build.facts import AdverseEventRate, Estimate, Record, Rejected, Trial
from kg_build.sources import ctgov

SAMPLES = Path(__file__).parents[1] / "samples" / "ctgov"
A, B, TOTAL, HEALTHY = "examplimab-controlin", "placebo-controlin", "total", "healthy-volunteers"
RESULTS = "/resultsSection/outcomeMeasuresModule/outcomeMeasures"


@pytest.fixture(scope="module")
def record() -> Record:
    (found,) = ctgov.read(SAMPLES / "NCT99990001.json")
    assert isinstance(found, Record)
    return found


@pytest.fixture(scope="module")
def trial(record: Record) -> Trial:
    return record.trials[0]


def filled(fact: msgspec.Struct, *leave: str) -> dict[str, Any]:
    """Slots of a fact that say something, without those named."""
    return {
        k: v for k, v in msgspec.structs.asdict(fact).items() if v not in (None, (), {}) and k not in {"confidence", "assertion", *leave}
    }


def estimate(record: Record, path: str) -> Estimate:
    """The one estimate whose evidence points below a place."""
    (found,) = [e for e in record.results if any((spot.path or "").startswith(f"{RESULTS}/{path}/") for spot in e.evidence)]
    return found


def test_the_document_names_its_source_and_dates(record: Record) -> None:
    tree = json.loads((SAMPLES / "NCT99990001.json").read_text("utf-8"))
    canonical = json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert (record.source, record.id, record.known_at) == ("ctgov", "NCT99990001", "2024-05-06")
    assert filled(record.document) == {
        "title": "Examplimab in Example Disease",
        "published": "2020-01-15",
        "publisher": "ClinicalTrials.gov",
        "sha256": hashlib.sha256(canonical).hexdigest(),
        "url": "https://clinicaltrials.gov/study/NCT99990001",
        "license": "US government work, attribute ClinicalTrials.gov",
        "note": "hand-made",
        "version": "2024-05-06",
    }


PARTS = ("arms", "groups", "outcome_measures", "analyses", "registered_interventions", "publications", "baseline", "flow")


def test_the_protocol_fills_the_trial(trial: Trial) -> None:
    assert filled(trial, "evidence", *PARTS) == {
        "name": "EXEMPLAR",
        "registry_ids": ("NCT99990001", "2020-000001-11", "U-77", "NCT99990009", "EX-001"),  # the grant numbers no study
        "former_ids": ("NCT99990009",),
        "acronym": "EXEMPLAR",
        "title": "A Randomized Study of Examplimab With Controlin in Example Disease",
        "study_type": "interventional",
        "phase": "1/2",
        "design": (*("randomized", "parallel", "double-blind", "primary purpose: treatment", "masked: participant, outcomes assessor"),),
        "condition": "Example Disease",
        "conditions": ("Example Disease",),
        "population": "18 Years to 75 Years, all sexes",
        "prior_lines_min": 2,
        "enrollment": 199,
        "country": "France",
        "status": "active, not recruiting",
        "start_date": "2020-02",
        "primary_completion_date": "2022-03-31",
        "completion_date": "2027-12",
        "sponsor": "Example Pharma",
        "collaborators": ("Example Group",),
        "interventions": ("Examplimab", "Controlin", "Placebo"),
        "primary_endpoints": ("PFS",),
        "secondary_endpoints": ("ORR", "Quality of Life"),
        "inclusion": ("Age >= 18 years", "At least two prior lines of therapy in any setting"),
        "exclusion": ("Pregnancy",),
        "summary": "Whether examplimab helps.",
        "keywords": ("example",),
        "condition_terms": ("Exemplary Disease",),
        "condition_ids": ("mesh:D000001",),
        "intervention_terms": ("examplimab",),
        "intervention_ids": ("mesh:C000001",),
        "countries": ("France",),
        "removed_countries": ("Spain",),
        "sex": "all",
        "minimum_age": "18 Years",
        "maximum_age": "75 Years",
        "age_groups": ("adult",),
        "healthy_volunteers": False,
        "enrollment_type": "actual",
        "start_date_type": "actual",
        "primary_completion_date_type": "actual",
        "completion_date_type": "estimated",
        "first_submitted": "2020-01-10",
        "first_posted": "2020-01-15",
        "results_submitted": "2023-01-20",
        "results_posted": "2023-02-14",
        "last_updated": "2024-05-06",
        "verified": "2024-05",
        "last_known_status": "recruiting",
        "why_stopped": "Slow accrual [see publication]",
        "expanded_access": "available (NCT99990003)",
        "sponsor_class": "industry",
        "oversight": ("data monitoring committee", "FDA-regulated drug"),
        "adverse_event_time_frame": "Up to 2 years",
        "adverse_event_threshold": "5",
        "adverse_event_note": "Asked at each visit. | All deaths",
        "limitations": "Few participants.",
        "printed": {"enrollment": "199"},
    }


def test_interventions_of_all_kinds_keep_their_other_names(trial: Trial) -> None:
    assert [(one.id, one.kind, one.other_names, one.description) for one in trial.registered_interventions] == [
        ("examplimab", "drug", ("EX-77",), "10 mg^2"),
        ("controlin", "drug", (), None),
        ("placebo", "other", (), None),
        ("counselling", "behavioral", (), None),
    ]


def test_publications_say_what_they_are_and_whether_they_were_retracted(trial: Trial) -> None:
    assert [(one.id, one.kind, one.pmid, one.citation, one.retracted_by) for one in trial.publications] == [
        ("99000001", "result", "99000001", "Example A. Examplimab. Ex J 2023.", ("99000002",)),
        ("example-b-before", "background", None, "Example B. Before.", ()),
    ]


def test_baseline_values_have_group_category_and_dispersion(trial: Trial) -> None:
    assert [(v.title, v.category, v.group, v.statistic, v.value, v.unit, v.range, v.dispersion, v.n) for v in trial.baseline] == [
        ("Age, Continuous", None, A, "mean", 61.5, "years", (9.1, None), "standard deviation", 98),
        ("Age, Continuous", None, TOTAL, "mean", None, "years", ("NA", None), "standard deviation", 199),
        ("Sex: Female, Male", "Adults, Female", A, "count", 40.0, "participants", None, None, 100),
        ("Weight", None, A, "median", 70.0, "kg", (45.0, 120.0), "full range", 100),
    ]
    assert trial.baseline[0].printed == {"value": "61.50", "range.low": "9.1", "n": "98"}
    assert [v.population for v in trial.baseline[:3]] == ["All randomized", "All randomized | Not pooled", "Those who said"]


def test_the_flow_counts_who_started_completed_and_left(trial: Trial) -> None:
    assert [(c.period, c.milestone, c.reason, c.group, c.count, c.printed, c.comment) for c in trial.flow] == [
        ("Overall", "started", None, A, 100, {"count": "100"}, None),
        ("Overall", "started", None, B, 99, {"count": "99"}, None),
        ("Overall", "completed", None, A, 90, {"count": "90"}, None),
        ("Overall", "completed", None, B, 80, {"count": "80"}, None),
        ("Overall", "Safety Set", None, A, 1098, {"count": "1,098"}, "Took one dose | Or more"),
        ("Overall", "not completed", "Adverse Event", A, 10, {"count": "10"}, None),
        ("Overall", "not completed", "Adverse Event", B, 0, {"count": "0"}, None),
    ]


def test_arms_have_regimens_without_types_and_sizes_from_the_flow(trial: Trial) -> None:
    assert [(arm.id, arm.role, arm.regimen, arm.n, arm.printed) for arm in trial.arms] == [
        (A, "experimental", ("Examplimab", "Controlin"), 100, {"n": "100"}),
        (B, "placebo comparator", ("Controlin", "Placebo"), 99, {"n": "99"}),
    ]


def test_groups_meet_across_sections(trial: Trial) -> None:
    assert [(g.id, g.match, g.arms, g.n) for g in trial.groups] == [
        (A, "matched", (A,), 100),
        (B, "matched", (B,), 99),
        (TOTAL, "pooled", (A, B), 199),
        (HEALTHY, "unmatched", (), 5),
    ]


def test_planned_outcomes_join_the_reported_ones(trial: Trial) -> None:
    assert [(m.id, m.role, m.endpoint, m.assessment, m.time_frame) for m in trial.outcome_measures] == [
        ("progression-free-survival-pfs", "primary", "PFS", "BICR", "Up to 4 years"),
        ("objective-response-rate", "secondary", "ORR", None, "Up to 4 years"),
        ("serum-level", "other", None, None, "Day 1"),
        ("survival-later", "secondary", None, None, "10 years"),
        ("quality-of-life", "secondary", None, None, "Week 12"),
    ]
    assert [(m.unit, m.results_expected) for m in trial.outcome_measures[:4]] == [
        ("Months", None),
        ("percentage of participants", None),
        ("ng/mL", None),
        (None, "2027-06"),
    ]


def test_a_value_row_keeps_the_printed_strings(record: Record) -> None:
    row = estimate(record, "0/classes/0/categories/0/measurements/1")
    assert filled(row, "evidence") == {
        "trial": "EXEMPLAR",
        "endpoint": "PFS",
        "statistic": "median",
        "arm": B,
        "value": 11.1,
        "unit": "months",
        "ci_level": 95.0,
        "ci": (9.0, 13.4),
        "n": 99,
        "assessment": "BICR",
        "outcome_measure": "progression-free-survival-pfs",
        "printed": {"unit": "Months", "value": "11.1", "ci.low": "9.0", "ci.high": "13.4", "ci_level": "95", "n": "99"},
    }
    assert {(spot.slot, spot.path) for spot in row.evidence} == {
        ("value", f"{RESULTS}/0/classes/0/categories/0/measurements/1/value"),
        ("ci", f"{RESULTS}/0/classes/0/categories/0/measurements/1/lowerLimit"),
        ("ci", f"{RESULTS}/0/classes/0/categories/0/measurements/1/upperLimit"),
        ("n", f"{RESULTS}/0/denoms/0/counts/1/value"),
    }


def test_a_median_not_reached_is_a_mark_not_a_number(record: Record) -> None:
    row = estimate(record, "0/classes/0/categories/0/measurements/0")
    assert (row.value, row.ci, row.n, row.outcome) == ("NR", (20.1, "NA"), 1000, "Median not reached")
    assert row.printed["value"] == "NA"
    assert row.printed["n"] == "1,000"


def test_an_analysis_compares_groups_in_printed_order(record: Record, trial: Trial) -> None:
    ratio = estimate(record, "0/analyses/0")
    assert filled(ratio, "evidence", "analysis") == {
        "trial": "EXEMPLAR",
        "endpoint": "PFS",
        "statistic": "hazard-ratio",
        "comparison": (A, B),
        "value": 0.53,
        "unit": "ratio",
        "ci_level": 90.0,
        "ci": (0.38, 0.74),
        "ci_sided": 2,
        "p": "< 0.001",
        "p_sided": 1,
        "p_test": "Log Rank",
        "assessment": "BICR",
        "outcome_measure": "progression-free-survival-pfs",
        "printed": {"ci.low": "0.38", "ci.high": "0.74", "value": "0.530", "ci_level": "90", "p": "<0.001"},
    }
    (analysis,) = [a for a in trial.analyses if a.id == ratio.analysis]
    assert (analysis.method, analysis.analysis_population) == ("Log Rank", "All randomized participants")
    assert (analysis.hypothesis, analysis.description) == ("superiority", "Stratified by [age] | One-sided | Rounded | Margin 1.2")


def test_an_analysis_with_only_a_p_value_says_so(record: Record) -> None:
    test = estimate(record, "0/analyses/1")
    assert (test.statistic, test.value, test.p, test.p_sided, test.comparison) == ("p-value", None, "0.012", 2, (A, B))


def test_rates_have_class_and_category_and_their_own_denominator(record: Record) -> None:
    row = estimate(record, "1/classes/0/categories/0/measurements/0")
    assert (row.statistic, row.value, row.unit, row.category, row.n, row.arm) == (
        "rate",
        12.5,
        "%",
        "Month 6, Complete response",
        150,
        TOTAL,
    )
    assert row.printed["unit"] == "percentage of participants"
    other = estimate(record, "1/classes/0/categories/0/measurements/1")
    assert (other.value, other.n, other.arm) == (0.0, 5, HEALTHY)


def test_an_analysis_without_a_figure_says_so_in_words(record: Record, trial: Trial) -> None:
    (words,) = [fact for fact in record.results if fact.statistic == "outcome"]
    assert (words.outcome, words.comparison, words.value, words.p) == ("The model did not converge.", (TOTAL, HEALTHY), None, None)
    assert [a.hypothesis for a in trial.analyses if a.id == words.analysis] == ["other"]


def test_an_analysis_of_one_group_is_an_estimate_of_it(record: Record) -> None:
    slope = estimate(record, "1/analyses/0")
    assert (slope.statistic, slope.arm, slope.comparison, slope.outcome) == ("other", TOTAL, None, "Slope")
    assert (slope.range, slope.dispersion, slope.printed["statistic"]) == ((0.2, None), "standard deviation", "Slope")


def test_a_spread_is_named_for_what_it_is(record: Record) -> None:
    row = estimate(record, "2/classes/0/categories/0/measurements/0")
    assert (row.statistic, row.value, row.unit, row.range, row.dispersion) == ("mean", -0.7, "ng/mL", (0.1, None), "Standard Deviation")
    assert row.printed == {"value": "-.70", "range.low": "0.10", "n": "50"}


def test_adverse_events_keep_zero_and_derive_no_percent(record: Record) -> None:
    def key(fact: AdverseEventRate) -> tuple[Any, ...]:
        return fact.event, fact.grade, fact.arm, fact.count, fact.n, fact.percent

    assert [key(fact) for fact in record.adverse_events] == [
        ("All-cause mortality", None, A, 7, 98, None),
        ("Any serious adverse event", "serious", A, 20, 98, None),
        ("Any other adverse event (not including serious)", "other", A, 90, 98, None),
        ("Any serious adverse event", "serious", B, 10, 97, None),
        ("Any other adverse event (not including serious)", "other", B, 60, 97, None),
        ("Pneumonia", "serious", A, 3, 98, None),
        ("Pneumonia", "serious", B, 0, 97, None),
        ("Fatigue", "other", A, 40, 98, None),
    ]
    pneumonia = record.adverse_events[5]
    assert (pneumonia.organ_system, pneumonia.printed) == ("Infections and infestations", {"count": "3", "n": "98", "events": "4"})
    assert [fact.events for fact in record.adverse_events[5:7]] == [4, None]
    assert [spot.path for spot in pneumonia.evidence] == ["/resultsSection/adverseEventsModule/seriousEvents/0/stats/0"]


def test_unknown_fields_are_counted_and_ignored_ones_are_not(record: Record) -> None:
    assert record.ignored == {
        "derivedSection.miscInfoModule.modelPredictions": 1,
        "protocolSection.contactsLocationsModule.locations_nested": 1,
        "somethingNew": 1,
    }


def test_a_study_with_few_fields_is_a_record_of_few_facts() -> None:
    (record,) = ctgov.read(SAMPLES / "NCT99990002.json")
    assert isinstance(record, Record)
    assert filled(record.trials[0], "evidence") == {
        "name": "NCT99990002",
        "registry_ids": ("NCT99990002",),
        "title": "A Study With Few Fields",
    }
    assert (record.results, record.adverse_events, record.known_at) == ((), (), None)


def test_every_pointer_finds_what_is_printed(record: Record) -> None:
    tree = json.loads((SAMPLES / "NCT99990001.json").read_text("utf-8"))
    found = [(spot.slot, resolve(tree, spot.path or ""), fact.printed) for fact in record.results for spot in fact.evidence]
    assert sum(slot != "outcome" for slot, _, _ in found) == 23
    for slot, value, printed in found:
        if slot == "outcome":  # told in words, by the whole analysis
            continue
        assert value in {string for key, string in printed.items() if key.partition(".")[0] == slot}
    parts = [
        record.trials[0],
        *record.trials[0].arms,
        *record.trials[0].groups,
        *record.trials[0].outcome_measures,
        *record.trials[0].analyses,
        *record.trials[0].registered_interventions,
        *record.trials[0].publications,
        *record.trials[0].baseline,
        *record.trials[0].flow,
    ]
    assert all(resolve(tree, spot.path or "") is not None for part in parts for spot in part.evidence)
    assert all(part.evidence for part in parts)


def resolve(tree: Any, pointer: str) -> Any:
    """What a JSON Pointer points to; raises where it points nowhere."""
    for key in pointer.split("/")[1:]:
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    return tree


# ---- real studies: figures read from the files by eye -------------------------------------------------------------------------------


def real(shared: Path, nct_id: str) -> Record:
    (record,) = ctgov.read(shared / "data" / "ctgov" / "samples" / f"{nct_id}.json")
    assert isinstance(record, Record)
    return record


def test_pallas(shared: Path) -> None:
    record = real(shared, "NCT02513394")
    assert [(arm.id, arm.regimen, arm.n) for arm in record.trials[0].arms] == [
        ("arm-a", ("Palbociclib", "Standard Adjuvant Endocrine Therapy"), 2896),
        ("arm-b", ("Standard Adjuvant Endocrine Therapy",), 2900),
    ]
    assert {g.label: g.arms for g in record.trials[0].groups} == {
        "Palbociclib Plus Endocrine Therapy (Arm A)": ("arm-a",),
        "Endocrine Therapy Alone (Arm B)": ("arm-b",),
        "Total": ("arm-a", "arm-b"),
    }
    ratio = estimate(record, "0/analyses/0")
    assert (ratio.statistic, ratio.value, ratio.ci, ratio.ci_level, ratio.p, ratio.p_sided, ratio.p_test) == (
        "hazard-ratio", 0.96, (0.81, 1.14), 95.0, "0.65", 2, "Log Rank",
    )  # fmt: skip
    rows = [e for e in record.results if e.arm and e.endpoint == "IDFS"]
    assert [(e.statistic, e.value, e.unit, e.n) for e in rows] == [("rate", 84.2, "%", 2884), ("rate", 84.5, "%", 2877)]
    assert ("All-cause mortality", 99, 2841) in {(e.event, e.count, e.n) for e in record.adverse_events}


def test_vandetanib_maintenance(shared: Path) -> None:
    record = real(shared, "NCT00777179")
    found = [
        (e.endpoint, e.arm, e.value, e.ci, e.unit, e.n) for e in record.results if e.statistic == "median" and e.endpoint in {"PFS", "OS"}
    ]
    assert found == [
        ("PFS", "vandetanib", 2.7, (1.9, 4.4), "months", 75),
        ("PFS", "placebo", 1.7, (0.9, 2.6), "months", 42),
        ("OS", "vandetanib", 15.6, (9.6, "NA"), "months", 75),
        ("OS", "placebo", 20.8, (15.2, "NA"), "months", 42),
    ]
    assert ("Diarrhoea", "other", "vandetanib", 45, 75) in {(e.event, e.grade, e.arm, e.count, e.n) for e in record.adverse_events}


def test_skyscraper_02(shared: Path) -> None:
    record = real(shared, "NCT04256421")
    assert record.trials[0].registry_ids == ("NCT04256421", "2019-003301-97", "GO41767")
    ratio = estimate(record, "0/analyses/0")
    assert (ratio.endpoint, ratio.population, ratio.assessment) == ("PFS", "Primary Analysis Set (PAS)", "investigator")
    assert (ratio.statistic, ratio.value, ratio.ci, ratio.p) == ("hazard-ratio", 1.11, (0.89, 1.38), "0.3504")
    assert ratio.comparison == (
        "tiragolumab-atezolizumab",
        "placebo-atezolizumab",
    )  # listed the other way round; the experimental arm is never the reference
    difference = estimate(record, "4/analyses/0")
    assert (difference.endpoint, difference.statistic, difference.value, difference.ci) == ("ORR", "difference", 6.8, (-2.57, 15.99))
    assert difference.printed["value"] == "6.80"


def test_all_real_studies_are_read(shared: Path) -> None:
    folder = shared / "data" / "ctgov"
    files = [folder / "studies.jsonl.gz", *sorted((folder / "samples").iterdir()), *sorted((folder / "recorded_api").iterdir())]
    found = [one for path in files for one in ctgov.read(path)]
    assert [one for one in found if isinstance(one, Rejected)] == []
    records = [one for one in found if isinstance(one, Record)]
    assert len(records) == 1361 + 10 + 25
    assert len([r for r in records if r.results]) >= 150
    ignored = {key for record in records for key in record.ignored}
    assert ignored == {
        "derivedSection.miscInfoModule.modelPredictions",
        "protocolSection.armsInterventionsModule.interventions.interventionMappedName",
        "protocolSection.contactsLocationsModule.locations_nested",
        "rows without a figure",
    }
    for record in records:
        assert_sound(record)


def assert_sound(record: Record) -> None:
    """Ids are unique, and every fact points to parts that are there."""
    (trial,) = record.trials
    parts = [[part.id for part in kind] for kind in (trial.arms, trial.groups, trial.outcome_measures, trial.analyses)]
    assert all(len(ids) == len(set(ids)) for ids in parts)
    arms, groups, measures, analyses = (set(ids) for ids in parts)
    assert all(set(group.arms) <= arms for group in trial.groups)
    for fact in record.results:
        assert {fact.arm, *(fact.comparison or ())} - {None} <= groups
        assert fact.outcome_measure in measures
        assert fact.analysis in analyses | {None}
        assert (fact.arm is None) != (fact.comparison is None)
    assert {fact.arm for fact in record.adverse_events} <= groups
