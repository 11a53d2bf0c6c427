"""Agents: which are listed, under which name, and what a text says of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg_build.facts import Agent
from kg_build.reading import Facts

Read = Callable[[str], Facts]


def agents(read: Read, text: str) -> dict[str, Agent]:
    return {agent.name: agent for agent in read(text).agents}


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Patients who progressed on osimertinib received carboplatin plus pemetrexed.", {"osimertinib", "carboplatin", "pemetrexed"}),
        ("ESMO recommends induction with bortezomib, thalidomide and dexamethasone.", {"bortezomib", "thalidomide", "dexamethasone"}),
        ("All patients in the cohort had received docetaxel before.", {"docetaxel"}),
        ("Adults with a prior trastuzumab-based regimen were given zanvelotinib.", {"zanvelotinib"}),
        ("Premedication with diphenhydramine was given before cetuximab.", {"cetuximab"}),
        ("Avoid CYP3A inducers such as rifampin during treatment with lorlatinib.", {"lorlatinib"}),
        ("Lutetium Lu 177 dotatate, a somatostatin analog, was given every 8 weeks.", {"lutetium Lu 177 dotatate"}),
        ("Results were shown at ASCO 2024 and in the JCOG0802 study of nivolumab.", {"nivolumab"}),
        ("Surgery was followed by treatment with peri-operative chemotherapy and bevacizumab.", {"bevacizumab"}),
    ],
)
def test_which_agents_are_listed(read: Read, sentence: str, names: set[str]) -> None:
    assert {name.lower() for name in agents(read, sentence)} == {name.lower() for name in names}


@pytest.mark.parametrize(
    ("sentence", "name", "brands", "codes"),
    [
        ("The FDA approved zelvatinib (Zelvara, Norwin Pharma) for melanoma.", "zelvatinib", ("Zelvara",), ()),
        ("The FDA approved Norwin's Zelvara (zelvatinib) for melanoma.", "zelvatinib", ("Zelvara",), ()),
        ("The FDA approved ZELVARA® (zelvatinib tablets) for melanoma.", "zelvatinib", ("ZELVARA",), ()),
        ("The FDA approved ZELVARA™ 80 mg tablets (zelvatinib) for melanoma.", "zelvatinib", ("ZELVARA",), ()),
        ("The FDA approved zelvatinib(ZELVARA, Norwin Pharma) for melanoma.", "zelvatinib", ("ZELVARA",), ()),
        ("Swissmedic authorised Zelvara film-coated tablets (active substance: zelvatinib) for melanoma.", "zelvatinib", ("Zelvara",), ()),
        ("The FDA approved zelvatinib, marketed as Zelvara, for melanoma.", "zelvatinib", ("Zelvara",), ()),
        ("The FDA approved zelvatinib (sold under the brand name Zelvara) for melanoma.", "zelvatinib", ("Zelvara",), ()),
        ("The FDA approved zelvatinib (NWP-2201; Zelvara) for melanoma.", "zelvatinib", ("Zelvara",), ("NWP-2201",)),
        ("The FDA approved zelvatinib, formerly known as NWP-2201, for melanoma.", "zelvatinib", (), ("NWP-2201",)),
        ("The FDA approved NWP-2201 (zelvatinib) for melanoma.", "zelvatinib", (), ("NWP-2201",)),
        ("The FDA approved zelvatinib (formerly NWP-2201) for melanoma.", "zelvatinib", (), ("NWP-2201",)),
        ("Keytruda is approved. Patients were given pembrolizumab for melanoma.", "pembrolizumab", ("Keytruda",), ()),
        ("MK-3475 was active. Patients were given pembrolizumab for melanoma.", "pembrolizumab", (), ("MK-3475",)),
        ("Patients were given temozolomide or TMZ alone for glioblastoma.", "temozolomide", (), ()),
    ],
)
def test_names_of_one_agent_meet(read: Read, sentence: str, name: str, brands: tuple[str, ...], codes: tuple[str, ...]) -> None:
    found = agents(read, sentence)
    assert list(found) == [name]
    assert (found[name].brands, found[name].synonyms) == (brands, codes)


def test_prefixes_and_suffixes_of_the_fda_are_no_part_of_the_name(read: Read) -> None:
    [agent] = read("The FDA approved fam-trastuzumab deruxtecan-nxki (Enhertu, Daiichi Sankyo) for gastric cancer.").agents
    assert (agent.name, agent.full_name, agent.brands) == ("trastuzumab deruxtecan", "fam-trastuzumab deruxtecan-nxki", ("Enhertu",))


def test_an_abbreviation_the_text_gives_is_the_agent_wherever_it_stands(read: Read) -> None:
    text = "Zanvelotamab (ZANV) was compared with placebo. Patients assigned to ZANV had longer survival."
    assert list(agents(read, text)) == ["zanvelotamab"]
