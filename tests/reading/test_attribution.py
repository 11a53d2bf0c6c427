"""Who did what to which agent, where a sentence names another agent than the text is about."""

from __future__ import annotations

import pytest

from kg_build.lexicon import load
from kg_build.reading import extract_facts

TOPIC = "On March 3, 2021, the FDA approved lorlatinib (Lorbrena) for adults with metastatic non-small cell lung cancer.\n"


@pytest.mark.parametrize(
    "aside",
    [
        "Zelvatec approved by FDA for bladder cancer in 2016.",
        "EMA rejects drug X. Atezolizumab approved by FDA for bladder cancer in 2016.",
        "Roche's Tecentriq approved by FDA for bladder cancer in 2016.",
    ],
)
def test_another_agents_approval_is_not_given_to_the_agent_of_the_text(aside: str) -> None:
    found = extract_facts(TOPIC + aside, load()).decisions
    assert [d.condition for d in found if d.regimen == ("lorlatinib",)] == ["non-small cell lung cancer"]
    assert all(d.regulator == "FDA" for d in found if d.status == "approved")


def test_rows_of_a_table_are_no_sentences() -> None:
    table = "| Median OS | 12.8 months | 11.5 months |\n"
    text = TOPIC + "| | lorlatinib | crizotinib |\n|---|---|---|\n" + table
    assert extract_facts(text, load()).results == ()


def test_a_study_named_by_its_size_alone_keeps_its_figures() -> None:
    text = (
        "The FDA approved zelotamab (Zelvia) for adults with gastric cancer.\n"
        "In MERIDIAN 2 (N = 341), median PFS was 11.0 months with zelotamab and 5.7 months with placebo (HR, 0.65; 95% CI, 0.50-0.85)."
    )
    facts = extract_facts(text, load())
    assert [t.name for t in facts.trials] == ["MERIDIAN 2"]
    assert {(r.statistic, r.value) for r in facts.results} == {("median", 11.0), ("median", 5.7), ("hazard-ratio", 0.65)}


def test_the_size_of_an_arm_does_not_part_a_figure_from_its_interval() -> None:
    text = (
        "In the phase 3 MERIDIAN-3 trial, median PFS was 22.7 months in the zelotamab arm (n = 344; 95% CI, 19.4-25.1) against 13.8 months "
        "in the placebo arm (n = 344; 95% CI, 11.1-15.0)."
    )
    found = {r.value: r.ci for r in extract_facts(text, load()).results}
    assert found == {22.7: (19.4, 25.1), 13.8: (11.1, 15.0)}
