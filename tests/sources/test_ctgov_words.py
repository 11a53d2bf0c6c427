"""What free-text fields of the registry say: criteria, titles, parameters, numbers, p-values."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from typing import Any

import pytest

from kg_build.facts import Estimate, Record, Trial
from kg_build.sources import ctgov


def read(protocol: dict[str, Any], outcome: dict[str, Any] | None = None) -> Record:
    """The record of a study with these modules and one outcome measure of one group or two."""
    tree: dict[str, Any] = {"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}, **protocol}}
    if outcome:
        groups = [{"id": "OG000", "title": "One"}, {"id": "OG001", "title": "Two"}]
        tree["resultsSection"] = {"outcomeMeasuresModule": {"outcomeMeasures": [{"title": "x", "groups": groups, **outcome}]}}
    (record,) = ctgov.read_bytes(json.dumps(tree).encode(), "x")
    assert isinstance(record, Record), record
    return record


def trial(**modules: Any) -> Trial:
    return read(modules).trials[0]


def row(measurement: dict[str, str], **outcome: str) -> Estimate:
    (estimate,) = read({}, {"classes": [{"categories": [{"measurements": [{"groupId": "OG000", **measurement}]}]}], **outcome}).results
    return estimate


def analysis(**fields: Any) -> Estimate:
    (estimate,) = read({}, {"analyses": [{"groupIds": ["OG000", "OG001"], **fields}]}).results
    return estimate


def test_examples_in_the_docstrings_hold() -> None:
    tried = 0
    for module in pkgutil.iter_modules(ctgov.__path__, "kg_build.sources.ctgov."):
        outcome = doctest.testmod(importlib.import_module(module.name))
        assert outcome.failed == 0, module.name
        tried += outcome.attempted
    assert tried >= 10


CRITERIA: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("Inclusion Criteria:\n\n* A\n* B\n\nExclusion Criteria:\n\n* C", ("A", "B"), ("C",)),
    ("Inclusion Criteria:\n\n1. A\n   goes on\n2. B", ("A goes on", "B"), ()),
    ("Key Inclusion Criteria\n\nA\n\nB\n\nKey Exclusion Criteria\n\nC", ("A", "B"), ("C",)),
    ("Inclusion Criteria: A; B. Exclusion Criteria: C", ("A; B.",), ("C",)),
    ("Non-inclusion criteria:\n\n* C", (), ("C",)),
    ("Inclusion Criteria for Part 1:\n\n* A\n\nInclusion Criteria for Part 2:\n\n* B", ("A", "B"), ()),
    ("Note on the study\n\nInclusion Criteria:\n\n* A", ("A",), ()),
    ("* A\n* B", ("A", "B"), ()),  # conditions to meet, without a heading
    ("* A\n\nExclusion Criteria:\n\n* C", ("A",), ("C",)),
    ("Inclusion/Exclusion Criteria:\n\n* A", (), ()),  # which is which is not said
    (
        "Inclusion Criteria:\n\n* A\n* Not meeting exclusion criteria of the parent study\n\n\\-",
        ("A", "Not meeting exclusion criteria of the parent study"),
        (),
    ),
    ("Inclusion Criteria:\n\n* Age \\>= 18 \\[years\\]", ("Age >= 18 [years]",), ()),
    (
        "Inclusion Criteria:\n\nA\n\nExclusion Criteria:\n\nNot meeting inclusion criteria\n\nC",
        ("A",),
        ("Not meeting inclusion criteria", "C"),
    ),
    ("* Key Inclusion Criteria:\n\n  * A\n\n* Key Exclusion Criteria:\n\n  * C", ("A",), ("C",)),
    ("", (), ()),
]


@pytest.mark.parametrize(("text", "inclusion", "exclusion"), CRITERIA)
def test_criteria_are_split(text: str, inclusion: tuple[str, ...], exclusion: tuple[str, ...]) -> None:
    found = trial(eligibilityModule={"eligibilityCriteria": text})
    assert (found.inclusion, found.exclusion) == (inclusion, exclusion)


@pytest.mark.parametrize(
    ("line", "least"),
    [
        ("At least one prior line of therapy", 1),
        ("Received ≥ 3 prior lines of systemic therapy", 3),
        ("At least 2 previous regimens", 2),
        ("At least 28 days since prior therapy", None),
        ("No prior therapy", None),
        ("Cohort B: at least two prior lines of therapy", None),
        ("If HER2 positive, at least two prior lines of therapy", None),
        ("Up to 2 prior lines of therapy", None),
    ],
)
def test_least_prior_lines_only_where_plainly_printed(line: str, least: int | None) -> None:
    assert trial(eligibilityModule={"eligibilityCriteria": f"Inclusion Criteria:\n\n* {line}"}).prior_lines_min == least


@pytest.mark.parametrize(
    ("phases", "phase"),
    [(["PHASE3"], "3"), (["PHASE1", "PHASE2"], "1/2"), (["NA"], None), ([], None), (["EARLY_PHASE1"], "early 1")],
)
def test_phases(phases: list[str], phase: str | None) -> None:
    assert trial(designModule={"phases": phases}).phase == phase


def test_dates_of_any_precision_and_no_others() -> None:
    found = trial(statusModule={"startDateStruct": {"date": "2020-05"}, "completionDateStruct": {"date": "soon"}})
    assert (found.start_date, found.completion_date) == ("2020-05", None)
    assert read({"statusModule": {"lastUpdatePostDateStruct": {"date": "2020-05"}}}).known_at is None


@pytest.mark.parametrize(
    ("title", "endpoint", "population", "timepoint"),
    [
        ("Overall Survival", "OS", None, None),
        ("Progression Free Survival (PFS)", "PFS", None, None),
        ("Objective Response Rate (ORR) per RECIST 1.1", "ORR", None, None),
        ("Progression-free Survival (PFS) Rate at 12 Months", "PFS", None, "12 Months"),
        ("OS in the Full Analysis Set (FAS)", "OS", "Full Analysis Set (FAS)", None),
        ("Progression-Free Survival in Participants With High Expression", None, None, None),
        ("Correlation of Marker and Overall Survival", None, None, None),
        ("Overall Survival and Progression-Free Survival", None, None, None),
        ("Drug Survival", None, None, None),
    ],
)
def test_only_a_plain_title_is_a_standard_endpoint(title: str, endpoint: str | None, population: str | None, timepoint: str | None) -> None:
    outcome = {"title": title, "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": "1"}]}]}]}
    record = read({}, outcome)
    assert record.trials[0].outcome_measures[0].endpoint == endpoint
    assert record.trials[0].outcome_measures[0].title == title
    (estimate,) = record.results
    assert (estimate.endpoint, estimate.population, estimate.timepoint) == (endpoint or title, population, timepoint)


@pytest.mark.parametrize(
    ("title", "description", "assessment"),
    [
        ("PFS by Blinded Independent Central Review (BICR)", "", "BICR"),
        ("PFS per Independent Review Committee", "", "independent review"),
        ("PFS", "Assessed by the investigator", "investigator"),
        ("PFS per Investigator", "Also read by BICR", "investigator"),  # the title decides
        ("PFS as Assessed by BICR and Investigator", "", None),  # both: not told
        ("PFS", "", None),
    ],
)
def test_who_assessed(title: str, description: str, assessment: str | None) -> None:
    assert read({}, {"title": title, "description": description}).trials[0].outcome_measures[0].assessment == assessment


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("Hazard Ratio (HR)", "hazard-ratio"),
        ("Cox Proportional Hazard", "hazard-ratio"),
        ("Odds Ratio (OR)", "odds-ratio"),
        ("Risk Ratio (RR)", "risk-ratio"),
        ("Relative risk", "risk-ratio"),
        ("Ratio of Response Rate", "risk-ratio"),
        ("Ratio of Means", "other"),
        ("Risk Difference (RD)", "difference"),
        ("Treatment Difference", "difference"),
        ("Difference in Response Rates (%)", "difference"),
        ("Mean Difference (Final Values)", "mean-difference"),
        ("LS Mean difference", "mean-difference"),
        ("Difference in LSM", "mean-difference"),
        ("Difference of Least Squares (LS) Mean", "mean-difference"),
        ("Least Square Means Difference", "mean-difference"),
        ("Median Difference (Final Values)", "median-difference"),
        ("Hodges-Lehmann Estimate", "median-difference"),
        ("Slope", "other"),
        ("Geometric Mean Ratio", "other"),
        ("Rate ratio", "other"),
    ],
)
def test_parameters_of_analyses(name: str, statistic: str) -> None:
    found = analysis(paramType=name, paramValue="1.5")
    assert (found.statistic, found.value) == (statistic, 1.5)
    assert found.printed.get("statistic") == (name if statistic == "other" else None)


@pytest.mark.parametrize(
    ("printed", "p"),
    [("<0.001", "< 0.001"), ("=0.012", "0.012"), (".03", ".03"), ("0.03", "0.03"), ("p<.05", "< .05"), (">= 0.5", ">= 0.5"), ("NS", "NS")],
)
def test_p_values(printed: str, p: str) -> None:
    found = analysis(pValue=printed)
    assert (found.p, found.printed["p"], found.statistic) == (p, printed, "p-value")


@pytest.mark.parametrize(
    ("fields", "sides"),
    [
        ({"ciNumSides": "TWO_SIDED"}, None),  # the interval's sides are not the test's
        ({"pValueComment": "Two-sided"}, 2),
        ({"statisticalMethod": "t-test, 1 sided"}, 1),
        ({"estimateComment": "The one-sided p-value is stratified"}, 1),
        ({"estimateComment": "A two-sided interval"}, None),
        ({"pValueComment": "Two-sided", "statisticalMethod": "t-test, 1 sided"}, None),
    ],
)
def test_sides_only_where_the_p_value_says_so(fields: dict[str, str], sides: int | None) -> None:
    assert analysis(pValue="0.05", **fields).p_sided == sides


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("11.1", 11.1),
        ("1,234", 1234.0),
        ("-.7", -0.7),
        ("0", 0.0),
        ("NA", None),
        ("<0.1", None),
        ("12,34", None),
        ("1e999", None),
        ("nan", None),
    ],
)
def test_numbers(printed: str, value: float | None) -> None:
    found = row({"value": printed}, paramType="MEAN")
    assert (found.value, found.printed["value"]) == (value, printed)


@pytest.mark.parametrize(
    ("comment", "mark"),
    [
        ("Median was not reached", "NR"),
        ("Median overall survival was not yet reached.", "NR"),
        ("Not reached", "NR"),
        ("NA = not estimable due to few events", "NE"),
        ("Median and 95% CI could not be calculated", "NE"),
        ("The upper limit of the interval was not reached", None),
        ("The upper bound could not be estimated", None),
        ("no observation made", None),
        (None, None),
    ],
)
def test_marks_of_medians(comment: str | None, mark: str | None) -> None:
    found = row({"value": "NA", **({"comment": comment} if comment else {})}, paramType="MEDIAN")
    assert (found.value, found.outcome, found.printed["value"]) == (mark, comment, "NA")


@pytest.mark.parametrize(
    ("kind", "unit", "statistic", "stands"),
    [
        ("NUMBER", "percentage of participants", "rate", "%"),
        ("NUMBER", "Percent", "rate", "%"),
        ("NUMBER", "percentage change", "number", "percentage change"),
        ("NUMBER", "Participants", "count", "participants"),
        ("NUMBER", "mg", "number", "mg"),
        ("COUNT_OF_PARTICIPANTS", "Participants", "count", "participants"),
        ("MEDIAN", "Months", "median", "months"),
        ("GEOMETRIC_MEAN", "ng/mL", "geometric-mean", "ng/mL"),
        ("LEAST_SQUARES_MEAN", "score", "least-squares-mean", "score"),
        ("LOG_MEAN", "score", "other", "score"),
    ],
)
def test_statistics_and_units_of_rows(kind: str, unit: str, statistic: str, stands: str) -> None:
    found = row({"value": "1"}, paramType=kind, unitOfMeasure=unit)
    assert (found.statistic, found.unit) == (statistic, stands)


@pytest.mark.parametrize(
    ("dispersion", "level", "interval", "spread"),
    [
        ("95% Confidence Interval", 95.0, (1.0, 3.0), None),
        ("80% Confidence Interval", 80.0, (1.0, 3.0), None),
        ("Inter-Quartile Range", None, None, (1.0, 3.0)),
        ("Full Range", None, None, (1.0, 3.0)),
    ],
)
def test_limits_are_an_interval_or_a_range(dispersion: str, level: float | None, interval: object, spread: object) -> None:
    found = row({"value": "2", "lowerLimit": "1", "upperLimit": "3"}, paramType="MEDIAN", dispersionType=dispersion)
    assert (found.ci_level, found.ci, found.range) == (level, interval, spread)
    assert found.dispersion == (None if interval else dispersion)


def test_devices_and_behaviours_are_no_agents() -> None:
    interventions = [
        ("DRUG", "A"),
        ("DEVICE", "B"),
        ("BEHAVIORAL", "C"),
        ("OTHER", "Placebo pill"),
        ("OTHER", "D"),
        ("RADIATION", "E"),
        (None, "F"),
    ]
    listed = [{"name": name, "armGroupLabels": ["One"], **({"type": kind} if kind else {})} for kind, name in interventions]
    found = trial(armsInterventionsModule={"armGroups": [{"label": "One"}], "interventions": listed})
    assert found.interventions == ("A", "Placebo pill", "E", "F")
    assert found.arms[0].regimen == ("A", "Placebo pill", "E", "F")


def test_several_countries_name_none() -> None:
    assert trial(contactsLocationsModule={"locations": [{"country": "France"}, {"country": "Japan"}]}).country is None
