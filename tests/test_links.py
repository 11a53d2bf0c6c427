"""`kg links`: what was linked by which rule, and what is in doubt, best first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg_build import links
from kg_build.build import build
from kg_build.errors import ReleaseError, UsageError
from kg_build.lexicon import load
from kg_build.release import LINKS, UNLINKED

LEXICON = load()


def study(number: int, *names: str) -> str:
    """A registry record with these drugs, hand-made."""
    protocol = {
        "identificationModule": {"nctId": f"NCT9900000{number}", "briefTitle": "Hand-made", "acronym": f"EXAMPLE-{number}"},
        "statusModule": {"overallStatus": "COMPLETED"},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Institute", "class": "OTHER"}},
        "conditionsModule": {"conditions": ["Multiple Myeloma"]},
        "designModule": {"studyType": "INTERVENTIONAL"},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": name} for name in names]},
    }
    return json.dumps({"protocolSection": protocol, "hasResults": False})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("links")
    lines = [
        study(1, "SAR650984", "isatuximab-abcd", "Pomalidomyde"),
        study(2, "Sarclisa", "Pomalidomyde", "Dexamethason", "Wholly unheard"),
    ]
    (place / "studies.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return build([place / "studies.jsonl"], place / "kg").folder


def test_every_link_says_by_which_rule(folder: Path) -> None:
    found = {(link.name, link.key): link.rule for link, _ in links.links(folder, "agent")}
    assert found == {("SAR650984", "isatuximab"): "code", ("isatuximab-abcd", "isatuximab"): "suffix", ("Sarclisa", "isatuximab"): "brand"}
    assert [link.name for link, _ in links.links(folder, rule="suffix")] == ["isatuximab-abcd"]
    assert {link.rule for link, _ in links.links(folder, "study")} == {"identifier"}


def test_unsure_names_come_nearest_first_and_are_not_linked(folder: Path) -> None:
    doubts = links.doubts(folder, LEXICON, "agent")
    assert [(doubt.name, doubt.key, doubt.mentions) for doubt in doubts] == [
        ("Dexamethason", "dexamethasone", 1),
        ("Pomalidomyde", "pomalidomide", 2),
    ]
    assert "Pomalidomyde" in (folder / UNLINKED).read_text("utf-8")
    assert "Pomalidomyde" not in (folder / LINKS).read_text("utf-8")


def test_a_wrong_call_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no kind named 'drug'"):
        links.table(folder, LEXICON, "drug", None, False, 10)
    with pytest.raises(UsageError, match="--rule"):
        links.table(folder, LEXICON, None, "code", True, 10)
    with pytest.raises(ReleaseError, match="build it again"):
        list(links.links(tmp_path))
