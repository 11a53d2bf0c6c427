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
