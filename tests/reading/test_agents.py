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


@pytest.mark.parametrize(
    ("sentence", "kind", "targets"),
    [
        (
            "Zelvatinib (Zelvara, Norwin Pharma), a HER2-targeted tyrosine kinase inhibitor, was approved.",
            "tyrosine kinase inhibitor",
            ("HER2",),
        ),
        ("Zelvatinib is an oral, potent MET inhibitor. It was approved by the FDA.", "MET inhibitor", ("MET",)),
        ("The FDA approved the KRAS G12C inhibitor zelvatinib for lung cancer.", "KRAS G12C inhibitor", ("KRAS G12C",)),
        ("The FDA approved an EGFR tyrosine kinase inhibitor (zelvatinib) for lung cancer.", "EGFR tyrosine kinase inhibitor", ("EGFR",)),
        ("Zelotamab (NWP-22), an antibody-drug conjugate directed against TROP2, was active.", "antibody-drug conjugate", ("TROP2",)),
        ("Zelotamab, a bispecific T-cell engager targeting DLL3 and CD3, was approved.", "bispecific T-cell engager", ("DLL3", "CD3")),
        ("Zelvatinib, a dual inhibitor of mutant IDH1 and IDH2, was approved.", "inhibitor of mutant IDH1 and IDH2", ("IDH1", "IDH2")),
        ("The FDA approved Zelvara (zelotamab), Norwin's anti-PD-1 therapy, for melanoma.", "anti-PD-1 therapy", ("PD-1",)),
        (
            "Zelostrant, a nonsteroidal estrogen receptor antagonist, was approved.",
            "nonsteroidal estrogen receptor antagonist",
            ("estrogen receptor",),
        ),
        ("Zelvatinib was approved. The once-daily tablet, a CDK2/4/6 inhibitor, is new.", "CDK2/4/6 inhibitor", ("CDK2/4/6",)),
        ("Patients received zelvatinib, an aromatase inhibitor and placebo.", None, ()),
        ("The panel recommends zelvatinib as preferred agent in second line, endocrine therapy later.", None, ()),
    ],
)
def test_what_an_agent_is_and_hits(read: Read, sentence: str, kind: str | None, targets: tuple[str, ...]) -> None:
    lead = read(sentence).agents[0]
    assert (lead.agent_type, lead.targets) == (kind, targets)


@pytest.mark.parametrize(
    ("sentence", "company"),
    [
        ("The FDA approved zelvatinib (Zelvara, Norwin Pharma US, Inc.) for melanoma.", "Norwin Pharma US, Inc."),
        ("The FDA approved zelvatinib (Zelvara®; Norwin & Sons AG) for melanoma.", "Norwin & Sons AG"),
        ("The FDA approved Amgen's new drug Zelvara (zelvatinib) for melanoma.", "Amgen"),
        ("The FDA approved AstraZeneca and Daiichi Sankyo's Zelvara (zelotamab) for melanoma.", "AstraZeneca and Daiichi Sankyo"),
        ("OSLO -- Norwin Pharma, Inc. (NASDAQ: NRWN) today announced that the FDA approved Zelvara (zelvatinib).", "Norwin Pharma, Inc."),
        ("The FDA approved zelvatinib (Zelvara). The FDA granted approval of Zelvara to Norwin Pharma.", "Norwin Pharma"),
        (
            "The applicant for this medicinal product is Norwin Europe Limited. The CHMP recommended Zelvara (zelvatinib).",
            "Norwin Europe Limited",
        ),
        ("The FDA approved zelvatinib (Zelvara), developed by Norwin Pharma, for melanoma.", "Norwin Pharma"),
        ('"We are glad", said Jane Doe, MD, of Norwin. Zelvatinib (Zelvara) was approved.', None),
        ("The FDA approved Zelvara (zelvatinib, NWP-221) for melanoma.", None),
    ],
)
def test_whose_agent_it_is(read: Read, sentence: str, company: str | None) -> None:
    [agent] = read(sentence).agents
    assert agent.company == company


def test_the_brand_a_biosimilar_refers_to_is_not_its_own(read: Read) -> None:
    [agent] = read("The FDA approved trastuzumab-abcd (Zelvara), a biosimilar to Herceptin, for breast cancer.").agents
    assert (agent.full_name, agent.brands) == ("trastuzumab-abcd", ("Zelvara",))


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Patients received NWX22 plus trastuzumab in the first arm.", {"NWX22", "trastuzumab"}),
        ("Patients were treated with NWX-2201 at 360 mg twice daily plus letrozole.", {"NWX-2201", "letrozole"}),
        ("Tumors with CD38 or MUC16 expression were treated with letrozole and CHOP21.", {"letrozole"}),
        ("T-DXd was superior to trastuzumab emtansine.", {"T-DXd", "trastuzumab emtansine"}),
    ],
)
def test_codes_and_abbreviations(read: Read, sentence: str, names: set[str]) -> None:
    assert set(agents(read, sentence)) == names


@pytest.mark.parametrize(
    ("sentence", "company"),
    [
        ("Norvane's zelvatinib (Zelvara) was approved for melanoma.", "Norvane"),
        ("The FDA approved Zelvara (zelotamab), from Norvane, for melanoma.", "Norvane"),
        ("The FDA sent Norvane Pharma a complete response letter for Zelvara (zelotamab).", "Norvane Pharma"),
        ("Regulators approved Norvane Pharma's oral drug for melanoma. Zelvatinib, to be sold as Zelvara, works.", "Norvane Pharma"),
        ("Norvane Pharma has voluntarily withdrawn Zelvara (zelotamab) for melanoma.", "Norvane Pharma"),
        ("China's Zelvara (zelotamab) approval is for melanoma.", None),
    ],
)
def test_companies_that_no_table_knows(read: Read, sentence: str, company: str | None) -> None:
    [agent] = read(sentence).agents
    assert (agent.brands, agent.company) == (("Zelvara",), company)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Torvenast, an oral CELMoD, was added to dexamethasone.", {"torvenast", "dexamethasone"}),
        ("Zhenrutinib Tablets (trade name: Rui Zhen) were approved for lymphoma.", {"zhenrutinib"}),
        ("The approval rests on LX-2201, an open-label phase 2 trial of zelotamab.", {"zelotamab"}),
        ("The arms had 172 (ZC 172; C 84) patients who were given zelotamab together with regulators.", {"zelotamab"}),
        ("Increased alanine aminotransferase was seen with zelotamab; symptoms may worsen and immunoglobulin fall.", {"zelotamab"}),
        ("Sutorlimab Tirumotecan for Injection was approved.", {"sutorlimab tirumotecan"}),
    ],
)
def test_unknown_agents_and_their_false_friends(read: Read, sentence: str, names: set[str]) -> None:
    assert set(agents(read, sentence)) == names


STEMS = "orexant onetant oglipron oparvovec oerenone ocetrapib ocaftor olukast osartan utifan erimib"


@pytest.mark.parametrize("name", [*(f"zelv{stem}" for stem in STEMS.split()), "mRNA-2217"])
def test_stems_of_all_fields_of_medicine(read: Read, name: str) -> None:
    assert set(
        agents(read, f"Adults were given {name} or placebo; cholesterol and carbamate fell, and the complaisant were obeisant.")
    ) == {name}


def test_brands_in_the_act_of_an_authority(read: Read) -> None:
    found = agents(read, "The CHMP recommended extensions of indication for Zelvara, Norvexa and Tolbrio.")
    assert {name.lower() for name in found} == {"zelvara", "norvexa", "tolbrio"}
