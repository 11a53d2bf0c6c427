"""DrugCentral: identifiers and mechanism targets of drugs, one record a drug; two layouts.

The dump is a set of tables (identifiers, targets of the mechanism with the action, classes); the table of interactions lists every
measured target, and of those only what it marks as the mechanism (MOA = 1) says how a drug acts.
Source: https://drugcentral.org (dump of 2016: CC BY 4.0; interactions: CC BY-SA 4.0).
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg_build.errors import SourceError
from kg_build.facts import Agent, Evidence, Record, Rejected
from kg_build.sources import archives, vocabulary
from kg_build.sources.archives import Files

NAME = "drugcentral"
PUBLISHER = "DrugCentral"
EXPECT = (1_500, 8_000)
"""Drugs of a dump or of the interactions."""

TABLES: dict[str, tuple[str, ...]] = {
    "identifiers": ("DRUG_ID", "DRUG_NAME", "ID_TYPE", "IDENTIFIER"),
    "drug_target": ("DRUG_ID", "DRUG_NAME", "TARGET_NAME", "GENE", "ACTION_TYPE"),
    "pharm_class": ("DRUG_ID", "DRUG_NAME", "TYPE", "CLASS", "SOURCE"),
}
"""Table -> the columns that facts are made of."""
IGNORED_TABLES = ("drug_indication", "idtype")
"""Uses without who approved them, and the legend of the identifiers."""
FILES = frozenset(f"{table}.tsv{packed}" for table in (*TABLES, *IGNORED_TABLES) for packed in ("", ".gz"))
SCHEMES = {
    "UNII": "unii",
    "DRUGBANK_ID": "drugbank",
    "ChEMBL_ID": "chembl",
    "CHEBI": "chebi",
    "KEGG_DRUG": "kegg.drug",
    "PUBCHEM_CID": "pubchem.compound",
    "IUPHAR_LIGAND_ID": "iuphar.ligand",
    "RXNORM": "rxcui",
    "INN_ID": "inn",
}
"""Type of identifier -> scheme; the others are codes of trade systems, other forms of the substance (secondary CAS numbers) or concepts."""
INTERACTIONS = ("DRUG_NAME", "STRUCT_ID", "TARGET_NAME", "GENE", "MOA", "ACTION_TYPE")
LICENSE, LICENSE_OF_INTERACTIONS = "CC BY 4.0", "CC BY-SA 4.0"
MECHANISM = ("MoA", "FDA")
"""Type and source of the classes that say how a drug acts."""

Row = dict[str, str]  # column -> cell; "#" -> its line


class Tables:
    """The tables of one dump, by drug."""

    def __init__(self, path: Path) -> None:
        with Files(path) as files:
            self.rows = {table: _by_drug(_of_set(files, table), "DRUG_ID", TABLES[table], path) for table in TABLES}

    def drugs(self) -> list[str]:
        """Numbers of all drugs, in order."""
        return sorted({drug for rows in self.rows.values() for drug in rows}, key=lambda drug: (len(drug), drug))


def holds_tables(names: Iterable[str]) -> bool:
    """Whether these are the names of a dump's tables."""
    bare = {name.rsplit("/", 1)[-1].removesuffix(".gz") for name in names}
    return {"identifiers.tsv", "drug_target.tsv"} <= bare


def looks_like(head: bytes, name: str) -> bool:
    """Whether a file's first bytes are the table of interactions."""
    return head.startswith((b'"DRUG_NAME"\t"STRUCT_ID"\t"TARGET_NAME"', b"DRUG_NAME\tSTRUCT_ID\tTARGET_NAME"))


def _of_set(files: Files, table: str) -> Iterator[Row]:
    name = f"{table}.tsv"
    return _rows(files.lines(name), name) if name in files else iter(())


def _rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    reader = csv.reader((line.decode("utf-8", "replace") for line in lines), delimiter="\t")
    header = next(reader, [])
    for cells in reader:
        if any(cells):
            yield {**dict(zip(header, cells, strict=False)), "#": f"{name}#L{reader.line_num}"}


def _by_drug(rows: Iterator[Row], key: str, columns: tuple[str, ...], path: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if missing := [column for column in columns if column not in row]:
            raise SourceError(f"{path}: {row['#']}: no column {missing[0]!r}")
        found.setdefault(row[key], []).append(row)
    return found


def _mechanism(targets: list[Row], classes: list[Row]) -> str | None:
    """What a drug does to its targets, in words; by its class where no target is listed.

    >>> _mechanism([{"TARGET_NAME": "Tyrosine-protein kinase BTK", "ACTION_TYPE": "INHIBITOR"}], [])
    'Tyrosine-protein kinase BTK inhibitor'
    """
    acts = [" ".join(part for part in (row["TARGET_NAME"], row["ACTION_TYPE"].lower()) if part) for row in targets]
    told = acts or [row["CLASS"] for row in classes if (row["TYPE"], row["SOURCE"]) == MECHANISM]
    return "; ".join(dict.fromkeys(told)) or None


def _targets(rows: list[Row]) -> tuple[str, ...]:
    """Genes of the targets, the members of a complex one by one; its name where it has no gene."""
    return tuple(dict.fromkeys(one for row in rows for one in ((row["GENE"] or row["TARGET_NAME"]).split("|")) if one))


def _agent(name: str, drug: str, identifiers: Iterable[str], targets: list[Row], classes: list[Row], place: str) -> Agent:
    shown = [Evidence(slot="name", path=place), *(Evidence(slot="targets", path=row["#"]) for row in targets)]
    return Agent(
        name=name,
        identifiers=(f"drugcentral:{drug}", *dict.fromkeys(identifiers)),
        targets=_targets(targets),
        mechanism_text=_mechanism(targets, classes),
        evidence=tuple(shown),
    )


def _content(rows: Iterable[Row]) -> Iterator[str]:
    return (cell for row in rows for column, cell in row.items() if column != "#")


def _of_dump(path: Path) -> Iterator[Record]:
    tables = Tables(path)
    for drug in tables.drugs():
        ids, targets, classes = (tables.rows[table].get(drug, []) for table in TABLES)
        first = (ids or targets or classes)[0]
        known = [f"{SCHEMES[row['ID_TYPE']]}:{row['IDENTIFIER'].removeprefix('CHEBI:')}" for row in ids if row["ID_TYPE"] in SCHEMES]
        yield _record(
            drug,
            LICENSE,
            (*ids, *targets, *classes),
            _agent(first["DRUG_NAME"], drug, known, targets, classes, first["#"]),
            Counter(
                [f"identifier {row['ID_TYPE']}" for row in ids if row["ID_TYPE"] not in SCHEMES]
                + [f"class {row['SOURCE']} {row['TYPE']}" for row in classes if (row["TYPE"], row["SOURCE"]) != MECHANISM]
            ),
        )


def _of_interactions(path: Path) -> Iterator[Record]:
    with archives.open_bytes(path) as stream:
        by_drug = _by_drug(_rows(stream, "interactions"), "STRUCT_ID", INTERACTIONS, path)
    for drug, rows in by_drug.items():
        acting = [row for row in rows if row["MOA"] == "1"]
        agent = _agent(rows[0]["DRUG_NAME"], drug, (), acting, [], rows[0]["#"])
        unread = {"interaction, not the mechanism": len(rows) - len(acting)}
        yield _record(f"interactions.{drug}", LICENSE_OF_INTERACTIONS, rows, agent, unread)


def _record(key: str, license: str, rows: Iterable[Row], agent: Agent, ignored: Mapping[str, int]) -> Record:
    return vocabulary.record(NAME, key, license=license, publisher=PUBLISHER, content=_content(rows), agent=agent, ignored=ignored)


def read(path: Path) -> Iterator[Record | Rejected]:
    """The drugs of a dump or of the table of interactions; neither names its date."""
    dump = path.is_dir() or archives.is_zip(path)
    for record in _of_dump(path) if dump else _of_interactions(path):
        if record.agents[0].name:
            yield record
        else:
            digest = hashlib.sha256(record.id.encode()).hexdigest()
            yield Rejected(source=NAME, where=record.agents[0].evidence[0].path or path.name, reason="a drug without a name", sha256=digest)
