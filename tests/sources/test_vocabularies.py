"""Sources of names: each entry one record, with its identifiers, and the traps of each file."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from kg_build import sources
from kg_build.facts import Record, Rejected
from kg_build.sources import cancerdrugs, doid, drugbank_vocabulary, drugcentral, oncotree, unii

SAMPLES = Path(__file__).parents[1] / "samples"


def found(place: str, source: str) -> tuple[dict[str, Record], list[Rejected]]:
    """Records by id, and what was rejected."""
    path = SAMPLES / place
    assert sources.recognise(path) == source
    read = list(sources.read(path, source))
    records = {one.id: one for one in read if isinstance(one, Record)}
    assert all(record.vocabulary for record in records.values())
    return records, [one for one in read if isinstance(one, Rejected)]


def test_unii_names_go_by_their_kind_and_systematic_ones_are_counted():
    records, _ = found("unii/names.txt", "unii")
    agent = records["EX4MPLE001"].agents[0]
    assert (agent.name, agent.full_name, agent.brands, agent.synonyms) == ("examplumab", "examplumab-tstx", ("EXEMPLA",), ("TX-1001",))
    assert agent.other_names == ("examplumab-tstx",)  # the lists that have a name are not part of it
    assert agent.identifiers == ("unii:EX4MPLE001",)
    assert agent.evidence[0].path == "unii#L2"
    assert records["EX4MPLE001"].ignored == {"kind sys": 1}


def test_unii_rejects_what_is_no_name_of_a_substance_with_its_line():
    _, rejected = found("unii/names.txt", "unii")
    assert [(one.where, one.reason) for one in rejected] == [
        ("names.txt#L14", "'short' is no UNII"),
        ("names.txt#L15", "2 cells instead of 4"),
        ("names.txt#L16", "EX4MPLE001 again: the table is not grouped by substance"),
    ]


def test_drugbank_names_with_commas_and_identifiers():
    records, rejected = found("drugbank_vocabulary/vocabulary.csv", "drugbank_vocabulary")
    agent = records["DB99001"].agents[0]
    assert agent.name == "Example acid, recombinant"
    assert agent.other_names == ("Acidum exempli", "Example acid, human")
    assert agent.identifiers == ("drugbank:DB99001", "cas:99-99-9", "inchikey:AAAAAAAAAAAAAA-BBBBBBBBBB-N")
    assert [one.where for one in rejected] == ["vocabulary.csv#row=4"]


def test_cancerdrugs_puts_a_broken_record_together_and_never_takes_its_associations_for_targets():
    records, rejected = found("cancerdrugs/cancerdrugs.tsv", "cancerdrugs")
    agent = records["Isatuximab"].agents[0]
    assert agent.identifiers == ("drugbank:DB14811", "chembl:CHEMBL3545131", "atc:L01XC38", "atc:L01FC02")
    assert (agent.targets, agent.mechanism_text) == ((), None)
    assert agent.evidence[0].path == "cancerdrugs#L2/Product"
    assert [record.known_at for record in records.values()] == ["2024-07-24", "2022-02-01", "2020-09-17"]
    assert records["Nab-Exemplol"].agents[0].identifiers == ()  # "Not found in DrugBank" is no identifier
    assert [(one.where, one.reason) for one in rejected] == [("cancerdrugs.tsv#L7", "the record breaks off before its last update")]


def test_oncotree_organs_lend_no_anatomy_and_names_of_several_codes_are_told_apart():
    records, _ = found("oncotree/oncotree.json", "oncotree")
    conditions = {key: record.conditions[0] for key, record in records.items() if record.conditions}
    assert len(records) == 7
    assert "TISSUE" not in conditions
    assert conditions["LUNG"].identifiers == ("oncotree:LUNG",)
    assert conditions["NSCLC"].identifiers == ("oncotree:NSCLC", "ncit:C2926")
    assert conditions["EXLC"].identifiers == ("oncotree:EXLC",)  # two codes of one scheme are nobody's own
    assert records["EXLC"].ignored == {"several NCI": 1}
    assert [(one.name, one.identifiers) for one in conditions["EXLC"].broader] == [
        ("Non-Small Cell Lung Cancer", ("oncotree:NSCLC", "ncit:C2926"))
    ]
    assert [(conditions[key].name, conditions[key].other_names) for key in ("LUEX", "EYEX")] == [
        ("Exemploma (Lung)", ("Exemploma",)),
        ("Exemploma (Eye)", ("Exemploma",)),
    ]
    assert conditions["NSCLC"].evidence[0].path == "/TISSUE/children/LUNG/children/NSCLC/name"


def test_doid_terms_have_exact_synonyms_single_cross_references_and_parents_with_their_own_identifiers():
    records, rejected = found("doid/doid.obo", "doid")
    myeloma = records["EX_slim.DOID_9538"]
    condition = myeloma.conditions[0]
    assert (condition.other_names, condition.identifiers) == (("myeloma",), ("doid:9538", "mesh:D009101", "ncit:C3242"))
    assert myeloma.known_at == "2026-07-31"
    assert myeloma.ignored == {"xref UMLS_CUI": 1, "synonym, not exact": 1}
    below = records["EX_slim.DOID_9999001"]
    assert below.conditions[0].identifiers == ("doid:9999001",)
    assert [(one.name, one.identifiers) for one in below.conditions[0].broader] == [("multiple myeloma", condition.identifiers)]
    assert below.ignored == {"xref NCI": 2, "is_a, not in the file": 1}
    obsolete = records["EX_slim.DOID_9999003"]
    assert (obsolete.conditions, obsolete.document.note) == ((), "obsolete, replaced by DOID:9538")
    assert [one.where for one in rejected] == ["doid.obo#L45"]


def test_drugcentral_tables_give_the_mechanism_with_the_action():
    records, rejected = found("drugcentral", "drugcentral")
    agents = {key: record.agents[0] for key, record in records.items()}
    assert agents["4810"].identifiers == ("drugcentral:4810", "unii:1X70OSD4VX", "chebi:76612")
    assert (agents["4810"].targets, agents["4810"].mechanism_text) == (("BTK",), "Tyrosine-protein kinase BTK inhibitor")
    assert [(e.slot, e.path) for e in agents["4810"].evidence] == [("name", "identifiers.tsv#L2"), ("targets", "drug_target.tsv#L2")]
    assert agents["9001"].mechanism_text == "Example Kinase Inhibitors"
    assert agents["9003"].targets == ("EXA", "EXB")
    assert records["4810"].ignored == {"identifier NDDF": 1}
    assert [one.reason for one in rejected] == ["a drug without a name"]


def test_drugcentral_interactions_say_how_a_drug_acts_only_where_marked_as_the_mechanism():
    records, _ = found("drugcentral_interactions/interactions.tsv", "drugcentral")
    assert [(key, record.agents[0].targets) for key, record in records.items()] == [
        ("interactions.4810", ("BTK",)),
        ("interactions.9003", ()),
    ]
    assert records["interactions.4810"].ignored == {"interaction, not the mechanism": 1}
    assert records["interactions.4810"].document.license == "CC BY-SA 4.0"


def test_kgx_nodes_take_mechanisms_and_kinds_from_their_edges_and_nothing_else():
    records, rejected = found("kgx", "kgx")
    agent = records["UNII:R30772KCU0"].agents[0]
    assert agent.identifiers == ("unii:R30772KCU0", "drugbank:DB14811", "chembl:CHEMBL3545131")
    assert agent.other_names == ("SAR650984",)
    assert (agent.targets, agent.mechanism_text) == (("CD38",), "CD38 antibody inhibition")
    assert [(e.slot, e.path) for e in agent.evidence] == [("name", "nodes#L2"), ("targets", "edges#L2")]
    assert records["UNII:R30772KCU0"].ignored == {"edge biolink:interacts_with": 1, "edge biolink:treats": 1, "column colour": 1}
    condition = records["EX:1"].conditions[0]
    assert condition.identifiers == ("ex:1", "doid:9999001")  # of several codes of one scheme none is its own
    assert [(one.name, one.identifiers) for one in condition.broader] == [("multiple myeloma", ("doid:9538",))]
    assert records["HGNC:1667"].document.note == "no agent and no disease: Gene"
    assert [one.reason for one in rejected] == [
        "a node without an id of its own",
        "2 cells instead of 8",
        "an edge that leaves no node",
    ]


def test_kgx_json_lines_say_the_same_and_edges_alone_say_what_is_missing(tmp_path):
    for name in ("nodes", "edges"):
        header, *lines = [line.split("\t") for line in (SAMPLES / "kgx" / f"example_{name}.tsv").read_text().splitlines()]
        lists = {"category", "xref", "synonym", "provided_by"}
        rows = [{k: v.split("|") if k in lists else v for k, v in zip(header, line, strict=True) if v} for line in lines if len(line) > 2]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    plain, packed = ([one for one in sources.read(folder, "kgx") if isinstance(one, Record)] for folder in (SAMPLES / "kgx", tmp_path))
    assert [record.conditions and record.conditions[0].broader for record in plain] == [
        record.conditions and record.conditions[0].broader for record in packed
    ]
    assert [one.agents[0].targets for one in packed if one.agents] == [("CD38",)]
    alone = list(sources.read(tmp_path / "edges.jsonl", "kgx"))
    assert [one.reason for one in alone] == ["edges without their nodes; give the folder or zip that holds both"]


def test_packed_tables_of_a_set_are_read_like_plain_ones(tmp_path):
    for file in (SAMPLES / "drugcentral").iterdir():
        (tmp_path / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert [(f.source, f.path) for f in sources.discover([tmp_path])] == [("drugcentral", tmp_path)]
    assert list(sources.read(tmp_path, "drugcentral")) == list(sources.read(SAMPLES / "drugcentral", "drugcentral"))


REAL = [
    (drugbank_vocabulary, "drugbank_vocabulary_cc0.csv", 19_842),
    (cancerdrugs, "cancerdrugsdb/cancerdrugsdb_2022-02.tsv", 297),
    (cancerdrugs, "cancerdrugsdb/cancerdrugsdb_2024-07.tsv", 316),
    (drugcentral, "drugcentral_2016", 4_449),
    (doid, "doid/DO_cancer_slim.obo.gz", 730),
    (doid, "doid/NCIthesaurus.obo.gz", 4_757),
    (oncotree, "oncotree/oncotree_2025_10_03.json", 898),
]


@pytest.mark.parametrize(("source", "place", "count"), REAL, ids=[place for _, place, _ in REAL])
def test_real_files_are_read_whole(shared, source, place, count):
    path = shared / "data" / "vocab" / place
    if not path.exists():
        pytest.skip("the shared vocabularies are not here")
    read = list(sources.read(path, source.NAME))
    assert len(read) == len({one.id for one in read if isinstance(one, Record)}) == count
    assert source.EXPECT[0] <= count <= source.EXPECT[1]
    assert not any(key.startswith("column") for one in read if isinstance(one, Record) for key in one.ignored)


def test_the_real_interactions_are_all_accounted_for(shared):
    path = shared / "data" / "vocab" / "drugcentral_drug.target.interaction.tsv.gz"
    if not path.exists():
        pytest.skip("the shared vocabularies are not here")
    records = [one for one in sources.read(path, "drugcentral") if isinstance(one, Record)]
    acting = sum(len(record.agents[0].evidence) - 1 for record in records)
    assert acting + sum(record.ignored.get("interaction, not the mechanism", 0) for record in records) == 16_702
    assert acting == 2_530


def test_the_real_table_of_names_is_grouped_by_substance_and_counted(shared):
    path = shared / "data" / "vocab" / "UNII_Names.txt.gz"
    if not path.exists():
        pytest.skip("the shared vocabularies are not here")
    assert unii.looks_like(gzip.open(path).read(100), path.name)
    names, substances, last, kinds = 0, 0, b"", Counter()
    with gzip.open(path) as lines:
        next(lines)
        for line in lines:
            _, kind, substance, _ = line.split(b"\t")
            names, kinds[kind.decode()] = names + 1, kinds[kind.decode()] + 1
            substances, last = substances + (substance != last), substance
    assert (names, substances) == (995_390, 161_712)
    assert set(kinds) == set(unii.KINDS) | unii.IGNORED
