"""Authorities that share a name: whose FDA it is stands before it."""

from __future__ import annotations

import pytest

from kg_build.lexicon import load
from kg_build.reading import extract_facts


@pytest.mark.parametrize(
    ("subject", "regulator", "jurisdiction"),
    [
        ("The US Food and Drug Administration (FDA)", "FDA", "United States"),
        ("America's FDA", "FDA", "United States"),
        ("On Monday, the FDA", "FDA", "United States"),
        ("The Chinese National Medical Products Administration (NMPA)", "NMPA", "China"),
        ("The UK's MHRA", "MHRA", "United Kingdom"),
        ("The Thai Food and Drug Administration (Thai FDA)", "Thai FDA", None),
        ("The Philippine Food and Drug Administration", "Philippine Food and Drug Administration", None),
        ("Taiwan's FDA", "Taiwan FDA", "Taiwan"),
    ],
)
def test_whose_authority_it_is(subject: str, regulator: str, jurisdiction: str | None) -> None:
    (found,) = extract_facts(f"{subject} has approved zelotamab (Zelvia) for adults with multiple myeloma.", load()).decisions
    assert (found.regulator, found.jurisdiction) == (regulator, jurisdiction)
