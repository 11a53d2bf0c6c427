"""Derives what public files say into the lexicon's tables: `python benchmarks/make_lexicon.py [FOLDER OF REAL FILES]`.

Curated cells stay; names, brands, code names and identifiers are added, and the `source` column says from where. Running it twice
changes nothing. Only files that let facts be redistributed are read: UNII (public domain), DrugBank vocabulary (CC0), CancerDrugs_DB
(CC BY 4.0; its target column is never read), DrugCentral 2016 (CC BY 4.0; identifiers only), Drugs@FDA and Purple Book (public domain),
EMA (acknowledged), OncoTree (CC BY 4.0), Disease Ontology (CC0).

Combinations lend nothing: a product or file entry of several ingredients is skipped.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kg_build.lexicon import FOLDER, SALTS, TABLES, AgentEntry, ConditionEntry, Entry
from kg_build.lexicon.substances import FILE
from kg_build.lexicon.table import read_rows
from kg_build.terms import fold, slug

UNII = "UNII 2024 public domain"
DRUGBANK = "DrugBank vocabulary CC0"
CANCERDRUGS = "CancerDrugs_DB CC BY 4.0"
DRUGCENTRAL = "DrugCentral 2016 CC BY 4.0"
FDA = "Drugs@FDA and Purple Book public domain"
EMA = "EMA medicines 2026-08"
TRIALS = "ClinicalTrials.gov public domain"  # rows written by hand, from what the studies named behind it say of an agent
ONCOTREE = "OncoTree 2025-10 CC BY 4.0"
DOID = "Disease Ontology 2026-07 CC0"

_PAYLOADS = (
    "vedotin|deruxtecan|ozogamicin|emtansine|mafodotin|tesirine|govitecan|soravtansine|ravtansine|duocarmazine"
    "|rezetecan|tirumotecan|brengitecan"
    "|pelidotin|ecteribulin|botidotin|sesutecan|samrotecan|zanitecan|adizutecan|rilsodotin|tocentecan"
)
_SMALL = (
    "parib|rasib|clax|zomib|degib|lutamide|degrast|estrant|citabine|taxel|platin|rubicin|tecan|bulin|trexed|domide|inostat|metostat|sidenib"
    + "|menib"
)
STEMS = {
    r"mab": "monoclonal antibody",
    r"mig|tug|bart|ment": "antibody",
    rf"(?:mab|mig|tug|bart) (?:{_PAYLOADS})": "antibody-drug conjugate",
    r"fusp(?: alfa| beta)?": "fusion protein",
    r"tinib|ciclib|rafenib|lisib|sertib|metinib": "kinase inhibitor",
    _SMALL: "small molecule",
    r"leucel|temcel": "cell therapy",
    r"leukin(?: alfa)?": "cytokine",
    r"repvec": "oncolytic virus",
}
"""Ends of INNs that name the kinds of agents oncology uses -> agent type, for rows made of UNII alone."""

_CODE = re.compile(r"[A-Z][A-Za-z]{0,6}[- ]?\d{2,}[A-Za-z0-9]*(?:-[A-Z0-9]+)?")
_NO_CODE = re.compile(
    r"(?i)nsc|ec[- ]|chebi|component|cas|gtpl|zinc|hsdb|ccris|chembl|brn|caswell|epa|ucii|ins-?\d|e-?\d{3}$|db-?\d{5}$|[a-z]\d{1,2}$"
)
_TAG = re.compile(r"^(.*) \[(?:INN|USAN|JAN|BAN|MI|WHO-DD|VANDF|PURPLE BOOK CDER|ORANGE BOOK|EMA EPAR)\]$")
_NAME = re.compile(r"[A-Za-z][A-Za-z' -]{3,38}")


class Substances:
    """UNII's names, by substance."""

    def __init__(self, path: Path) -> None:
        self.names: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.display: dict[str, str] = {}
        self.official: dict[str, str] = {}
        self.common: dict[str, set[str]] = defaultdict(set)
        with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as lines:
            for line in lines:
                name, kind, unii, display = line.rstrip("\r\n").split("\t")
                if kind == "sys" or "COMPONENT" in name or unii == "UNII":
                    continue
                self.names[unii][kind].append(name)
                self.display[unii] = display
                if kind == "of":
                    self.official[fold(name)] = unii
                elif kind != "cd":
                    self.common[fold(name)].add(unii)

    def find(self, names: list[str]) -> str | None:
        """UNII of the first name that is an official name, else a common name of one substance alone."""
        for name in names:
            if unii := self.official.get(fold(name)):
                return unii
        for name in names:
            if len(found := self.common.get(fold(name), set())) == 1:
                return next(iter(found))
        return None

    def salts(self, label: str) -> Iterator[str]:
        """UNIIs of the salts of a substance; their brands and codes are those of the agent."""
        for salt in SALTS:
            if unii := self.official.get(fold(f"{label} {salt}")):
                yield unii


def titled(name: str) -> str:
    """A brand as it is usually written."""
    return name if not name.isupper() or len(name) <= 3 else " ".join(word.capitalize() for word in name.split())


def drugbank(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """DrugBank ids by UNII and by name."""
    by_unii, by_name = {}, {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["UNII"]:
                by_unii[row["UNII"]] = row["DrugBank ID"]
            by_name[fold(row["Common name"])] = row["DrugBank ID"]
    return by_unii, by_name


def chembl(folder: Path) -> dict[str, tuple[str, str]]:
    """ChEMBL id and source by name, of single drugs; empty where a file has several ids for a name."""
    several: dict[str, set[str]] = defaultdict(set)
    with gzip.open(folder / "drugcentral_2016/identifiers.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["ID_TYPE"] == "ChEMBL_ID":
                several[fold(row["DRUG_NAME"])].add(row["IDENTIFIER"])
    found = {name: (next(iter(ids)) if len(ids) == 1 else "", DRUGCENTRAL) for name, ids in several.items()}
    for edition in ("2022-02", "2024-07"):
        text = (folder / f"cancerdrugsdb/cancerdrugsdb_{edition}.tsv").read_text("utf-8")
        for name, ids in re.findall(r"^([^\t\n]+)\t(?:[^\t]*\t){7,10}?[^\t]*compound_report_card/(CHEMBL\d+)", text, re.M):
            if "," not in name and "/" not in name:
                found[fold(name)] = (ids, CANCERDRUGS)
    return found


def brands(data: Path) -> dict[str, dict[str, set[str]]]:
    """Brands by folded ingredient and source, of products with one ingredient."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    left_out = words_left_out()

    def add(ingredient: str, brand: str, source: str) -> None:
        brand = re.sub(r"\s*\(previously.*", "", brand.strip(" ®™*"))
        if re.search(r"(?i)liposom|lyophil|preservative|in plastic|sodium chloride|\bkit\b", brand):
            return
        if brand and fold(brand) not in left_out and fold(brand) != fold(ingredient) and not fold(brand).startswith(fold(ingredient)[:8]):
            found[fold(ingredient)][source].add(titled(brand))

    for row in json.loads((data / "ema/medicines_authorised_human_2026-08-22.json").read_text("utf-8"))["medicines"]:
        add(row["inn"], row["name"], EMA)
    with zipfile.ZipFile(data / "fda/drugsatfda_2019-07-02.zip") as archive:
        lines = io.StringIO(archive.read("Products.txt").decode("cp1252"))
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["ActiveIngredient"] and ";" not in row["ActiveIngredient"]:
                add(row["ActiveIngredient"], row["DrugName"] or "", FDA)
    for cells in csv.reader((data / "fda/purplebook_2025-04.csv").read_text("utf-8-sig").splitlines()):
        if len(cells) > 5 and cells[2].isdigit() and " and " not in cells[4].casefold() and cells[5].startswith("351(a)"):
            add(re.sub(r"-[a-z]{4}$", "", cells[4].strip().casefold()), cells[3], FDA)
    return found


def made_of(row: dict[str, Any], substances: Substances, unii: str | None) -> None:
    """Names, brands and codes of one substance and its salts into a row."""
    known = {fold(name) for name in (row["label"], *row["names"], *row["brands"], *row["codes"])} | words_left_out()

    def add(field: str, name: str) -> None:
        if fold(name) not in known:
            known.add(fold(name))
            row[field].append(name)

    for place in [*([unii] if unii else []), *substances.salts(row["label"])]:
        for name in substances.names[place]["bn"]:
            if not fold(name).startswith(fold(row["label"])) and _NAME.fullmatch(name):
                add("brands", titled(name))
        for name in substances.names[place]["cd"]:
            if len(name) > 4 and _CODE.fullmatch(name) and not _NO_CODE.match(name):
                add("codes", name)
        if place == unii:
            tagged = [match[1] for name in substances.names[place]["cn"] if (match := _TAG.match(name))]
            for name in [*tagged, *substances.names[place]["of"]]:
                if _NAME.fullmatch(name) and not re.search(r" [A-Z]{4}$|-[A-Z]{4}$", name):
                    add("names", name.lower())


def identified(row: dict[str, Any], files: dict[str, Any]) -> list[str]:
    """DrugBank and ChEMBL ids of a row by its UNII and names; where they come from."""
    sources = []
    by_unii, by_name = files["drugbank"]
    if number := by_unii.get(row["unii"] or "") or by_name.get(fold(row["label"])):
        row["drugbank"] = number
        sources.append(DRUGBANK)
    for name in (row["label"], *row["names"]):
        if fold(name) in files["chembl"]:
            row["chembl"], source = files["chembl"][fold(name)]
            return [*sources, *([source] if row["chembl"] else [])]
    return sources


def enriched(row: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    """A row with what the files say of its agent."""
    substances: Substances = files["unii"]
    sources = [part for part in row["source"].split("; ") if not part.startswith(tuple(files["sources"]))]
    unii = row["unii"] or substances.find([row["label"], *row["names"]])
    before = [len(row[field]) for field in ("names", "brands", "codes")]
    made_of(row, substances, unii)
    row["unii"] = unii
    if unii or before != [len(row[field]) for field in ("names", "brands", "codes")]:
        sources.append(UNII)
    sources += identified(row, files)
    for name in (row["label"], *row["names"], *(f"{row['label']} {salt}" for salt in SALTS)):
        for source, found in files["brands"].get(fold(name), {}).items():
            sources.append(source)
            row["brands"] += sorted(brand for brand in found if fold(brand) not in {fold(known) for known in row["brands"]})
    row["source"] = "; ".join(dict.fromkeys(sources))
    return row


def by_stem(substances: Substances, taken: set[str]) -> Iterator[dict[str, Any]]:
    """Rows for the official names of UNII that end as oncology's agents do and are not taken yet."""
    for name, unii in sorted(substances.official.items()):
        if fold(substances.display[unii]) != name or name in taken or not re.fullmatch(r"[a-z]{6,}(?: [a-z]{4,}){0,2}", name):
            continue
        if name.split()[-1] in SALTS:
            continue
        kind = next((kind for stem, kind in reversed(STEMS.items()) if re.search(rf"(?:{stem})$", name)), None)
        if kind:
            row = {field: [] for field in ("names", "targets", "mechanisms", "brands", "codes", "classes", "companies")}
            yield {"key": slug(name), "label": name, "agent_type": kind, "unii": unii, "source": "", **row}


def by_inn(folder: Path, taken: set[str]) -> Iterator[dict[str, Any]]:
    """Rows for the other medicines of DrugCentral that have an INN; substances that laboratories measure are left out."""
    drugs: dict[str, dict[str, str]] = defaultdict(dict)
    with gzip.open(folder / "drugcentral_2016/identifiers.tsv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            drugs[fold(row["DRUG_NAME"])][row["ID_TYPE"]] = row["IDENTIFIER"]
    for name, ids in sorted(drugs.items()):
        if "INN_ID" not in ids or name in MEASURED or name in taken or ids.get("UNII", name) in taken:
            continue
        if re.fullmatch(r"[a-z]{7,}(?: [a-z]{5,})?", name):
            row = {field: [] for field in ("names", "targets", "mechanisms", "brands", "codes", "classes", "companies")}
            yield {"key": slug(name), "label": name, "agent_type": None, "unii": ids.get("UNII"), "source": DRUGCENTRAL, **row}


def by_ema(data: Path, files: dict[str, Any], taken: set[str]) -> Iterator[dict[str, Any]]:
    """Rows for active substances of EMA's medicines that no row has yet."""
    substances: Substances = files["unii"]
    for row in json.loads((data / "ema/medicines_authorised_human_2026-08-22.json").read_text("utf-8"))["medicines"]:
        name = _SALTED.sub("", fold(row["inn"]))
        unii = substances.find([name])
        if (
            name in taken
            or name in MEASURED | {"nitric oxide"}
            or unii is None
            or unii in taken
            or not re.fullmatch(r"[a-z]{6,}(?: [a-z]{4,}){0,2}", name)
        ):
            continue
        taken |= {name, unii}
        new = {field: [] for field in ("names", "targets", "mechanisms", "brands", "codes", "classes", "companies")}
        yield {"key": slug(name), "label": name, "agent_type": None, "unii": unii, "source": f"{EMA}; {UNII}", **new}


_SALTED = re.compile(rf"(?: (?:{'|'.join(SALTS)}))+$")
MEASURED = frozenset(
    (
        "albumin alcohol arginine bilirubin caffeine calcitonin camphor cholesterol cortisone creatine creatinine "
        "cysteine dextrose dopamine epinephrine estradiol ethanol ferritin fibrinogen fructose glucagon glucose "
        "glutamine glycerol glycine histamine hydrogen lactose lysine melatonin menthol methionine nitrogen "
        "norepinephrine octopamine oxytocin progesterone prolactin secretin serotonin sucrose testosterone thrombin "
        "thyroglobulin thyroxine tyrosine vitamin"
    ).split()
)
"""Names that mean an analyte, a nutrient or a food as often as a medicine."""


def apart(rows: list[dict[str, Any]], substances: Substances) -> None:
    """Two rows of one substance: the ids are those of the row that bears its name."""
    owners: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        owners[row["unii"] or row["key"]].append(row)
    for unii, claims in owners.items():
        for row in claims:
            if len(claims) > 1 and fold(row["label"]) != fold(substances.display[unii]):
                row["unii"] = row["drugbank"] = row["chembl"] = None


def unambiguous(rows: list[dict[str, Any]]) -> None:
    """Derived names that two rows would claim are given to neither; curated names stay."""
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in (row["label"], *row["names"], *row["brands"], *row["codes"]):
            owners[re.sub(r"[\s-]", "", fold(name))].add(row["key"])
    for row in rows:
        for field in ("names", "brands", "codes"):
            row[field] = [
                name for name in row[field] if len(owners[re.sub(r"[\s-]", "", fold(name))]) == 1 or (row["key"], name) in CURATED
            ]


CURATED: set[tuple[str, str]] = set()
FORMULATIONS = {"nab-paclitaxel", "pegylated-liposomal-doxorubicin", "irinotecan-liposome", "liposomal-daunorubicin"}
"""Rows that are another row's substance in another form: its identifiers and salts are not theirs."""


def write(path: Path, kind: type[Entry], rows: list[dict[str, Any]]) -> None:
    """A table, one row a line, sorted by key."""
    with path.open("w", encoding="utf-8", newline="") as out:
        fields = ["key", "label", "names", *[field for field in kind.__struct_fields__ if field not in Entry.__struct_fields__], "source"]
        out.write("\t".join(fields) + "\n")
        for row in sorted(rows, key=lambda row: row["key"]):
            cells = [row.get(field) for field in fields]
            out.write("\t".join("|".join(dict.fromkeys(cell)) if isinstance(cell, list) else str(cell or "") for cell in cells) + "\n")


def as_dict(row: Entry) -> dict[str, Any]:
    """A row with lists that may grow."""
    return {field: list(value) if isinstance(value := getattr(row, field), tuple) else value for field in row.__struct_fields__}


def agents(data: Path) -> list[dict[str, Any]]:
    """All rows of agents.tsv: curated ones enriched, then those of UNII's name stems."""
    path = FOLDER / "agents.tsv"
    rows = [as_dict(row) for row in read_rows(path, AgentEntry) if row.source.startswith(("curated", TRIALS))]
    CURATED.update((row["key"], name) for row in rows for field in ("names", "brands", "codes") for name in row[field])
    files = {
        "unii": Substances(data / "vocab/UNII_Names.txt.gz"),
        "drugbank": drugbank(data / "vocab/drugbank_vocabulary_cc0.csv"),
        "chembl": chembl(data / "vocab"),
        "brands": brands(data),
        "sources": [UNII, DRUGBANK, CANCERDRUGS, DRUGCENTRAL, FDA, EMA],
    }
    rows = [row if row["key"] in FORMULATIONS else enriched(row, files) for row in rows]
    apart(rows, files["unii"])
    taken = {fold(name) for row in rows for name in (row["label"], *row["names"])} | {row["unii"] for row in rows}
    stems = [row for row in by_stem(files["unii"], taken) if row["unii"] not in taken]
    rows += [enriched(row, files) for row in stems]
    taken = {fold(name) for row in rows for name in (row["label"], *row["names"])} | {row["unii"] for row in rows}
    taken |= {value for row in rows for value in (row["label"], row["unii"])}
    others = list(by_inn(data / "vocab", taken))
    taken |= {value for row in others for value in (row["label"], row["unii"])}
    for row in [*others, *by_ema(data, files, taken)]:  # not oncology's: known by INN alone, as brands are often words ("Muse", "Amen")
        row["source"] = "; ".join(dict.fromkeys([row["source"], *identified(row, files)]))
        rows.append(row)
    unambiguous(rows)
    return rows


# ---- substances that no row of agents.tsv is ----------------------------------------------------------------------------------------

_MEDICINE = {"INN", "USAN", "JAN", "BAN", "ORANGE BOOK", "EMA EPAR", "PURPLE BOOK CDER", "PURPLE BOOK"}
_NO_MEDICINE = {
    "FHFI", "ISO", "FCC", "II", "LANGUAL", "INCI", "DSC", "HPUS", "HOC", "EMA HERBAL SUBSTANCE", "WHO-IP LATIN", "GREEN BOOK", "IARC",
    "EP IMPURITY", "USP IMPURITY",
}  # fmt: skip
"""Lists of UNII's names: of medicines; of foods, pesticides, cosmetics, homoeopathy, herbs, animals' medicines and impurities."""

_LISTED = re.compile(r"^(.*) \[([^\]]+)\]$")
_MATTER = re.compile(
    r"(?i)\b(?:whole|root|seed|leaf|fruit|flower(?:ing)?|bark|oil|pollen|extract|resin|stem|top|rhizome|tuber|bulb|juice|wood|shoot|herb|dander"
    r"|venom|hair|feather|bone|liver|muscle|gland|bovine|porcine|egg|milk|human|mold|antigen|virus|wax|starch|flour|protein|cellulose"
    r"|paraffin|polymer|copolymer|peg|dye|color|pigment|cation|anion|ion|water|air|gas|unspecified|polysorbate|polyethylene|dimethicone"
    r"|carbomer|nonoxynol|\w*filcon|\w*focon|poloxamer|laureth|ceteareth|steareth)\b"
)
_MEDICINE_NAME = re.compile(r"[A-Z][A-Z'-]{5,30}(?: (?:[A-Z][A-Z'-]{2,24}|[A-Z]{1,3}-?\d{1,3}[A-Z]?)){0,3}(?:-\d[A-Z]?)?")
_MORE_SALTS = (
    "sesquihydrate hemisulfate monosodium monohydrochloride dipotassium magnesium zinc tromethamine lysine arginine erbumine edisylate "
    "laurate palmitate valerate propionate benzoate butyrate caproate decanoate enanthate undecanoate hippurate oxalate sulfonate "
    "chloride iodide hexahydrate pentahydrate tetrahydrate trihydrochloride trisodium tetrasodium"
).split()
_ANY_SALT = re.compile(rf"(?P<base>.+?)(?: (?:{'|'.join((*SALTS, *_MORE_SALTS))}))+")
_OTHER_CODE = re.compile(
    r"(?i)(?:nsc|ec|ai3|aids|chebi|component|cas|gtpl|zinc|hsdb|ccris|chembl|brn|caswell|epa|ucii|ins|e|db|fema|ci|fda|unii|rcra|dtxsid|mls|smr"
    r"|ncgc|sr|mfcd|bdbm|akos|cid|sid|un|hmdb|lm|stk|bio|spectrum|pubchem|usepa|pfc|hfc|cfc|hcfc|jwh|am|pcb|bde)[- ]?\d"
)
_CELL_LINES = re.compile(r"(?:HT|MCF|HL|PC|SK|U|HEK|CHO|BT|MDA|DU|LS|SW|KG|NB|NCI|COS|THP|CD|IL|CA|TNF|PD|HER|SF|EC|ICD|HPV)-?\d{1,4}")


@cache
def words_left_out() -> frozenset[str]:
    """Names that mean something else as often as a medicine, from the table of judgements beside this script."""
    with (Path(__file__).parent / "left_out.tsv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["name"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def company_codes(names: list[str]) -> list[str]:
    """Those of UNII's codes that companies give, compact and once each."""
    good = (n for n in names if _CODE.fullmatch(n) and not _OTHER_CODE.match(n) and not _CELL_LINES.fullmatch(n))
    return sorted({re.sub(r"[\s-]", "", name) for name in good if len(re.sub(r"\W", "", name)) > 4})


def brand_names(names: list[str]) -> list[str]:
    """Those of UNII's brands that are one word: longer ones are descriptions."""
    return [name for name in names if re.fullmatch(r"[A-Z][A-Z-]{4,18}", name)]


def substances(files: Substances, agents: list[dict[str, Any]], taken: set[str]) -> Iterator[dict[str, Any]]:
    """Medicines and investigational substances of UNII that no row of agents.tsv is, with those of their names that mean nothing else."""
    left_out = words_left_out() | MEASURED
    curated = {row["unii"] for row in agents}
    salts: dict[str, list[str]] = defaultdict(list)
    for unii, display in files.display.items():
        if match := _ANY_SALT.fullmatch(fold(display)):
            salts[match["base"]].append(unii)
    for unii, display in sorted(files.display.items(), key=lambda item: item[1]):
        if unii in curated or not (row := substance(files, unii, display)):
            continue
        for salt in salts.get(fold(display), []):
            row["brands"] += brand_names(files.names[salt]["bn"])
            row["codes"] += company_codes(files.names[salt]["cd"])
        for field in ("names", "brands", "codes"):
            names = {fold(name): name for name in row[field] if fold(name) not in left_out}
            row[field] = sorted(name for folded, name in names.items() if re.sub(r"[\s-]", "", folded) not in taken)
        if fold(display) not in left_out and re.sub(r"[\s-]", "", fold(display)) not in taken:
            yield row


def substance(files: Substances, unii: str, display: str) -> dict[str, Any] | None:
    """A row for a substance that is a medicine or has a company's code for its name."""
    names = files.names[unii]
    listed = [match.groups() for name in names["cn"] if (match := _LISTED.match(name))]
    lists = {where for _, where in listed}
    codes = company_codes(names["cd"])
    is_code = bool(company_codes([display]))
    known = lists & _MEDICINE or ((codes or "WHO-DD" in lists) and not lists & _NO_MEDICINE)
    if not known or _MATTER.search(display) or _ANY_SALT.fullmatch(fold(display)):
        return None
    if not is_code and not (_MEDICINE_NAME.fullmatch(display) and (lists & _MEDICINE or " " not in display)):
        return None
    spoken = [name for name in (*names["of"], *(name for name, _ in listed)) if _MEDICINE_NAME.fullmatch(name)]
    label = display if is_code else display.lower()
    lists_of_names = {"names": [name.lower() for name in spoken], "brands": brand_names(names["bn"]), "codes": codes}
    return {"key": f"unii-{unii.lower()}", "label": label, **lists_of_names}


def write_substances(rows: list[dict[str, Any]]) -> int:
    """The compressed table; a name that two rows would claim is given to the row it labels, else to neither."""
    labels = {fold(row["label"]) for row in rows}
    owners: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for name in {fold(name) for field in ("names", "brands", "codes") for name in row[field]}:
            owners[name].add(row["key"])
    lines = [f"# {UNII}: Unique Ingredient Identifiers, U.S. Food and Drug Administration; key, label, names, brands, codes (compact)"]
    count = 0
    for row in rows:
        cells = []
        for field in ("names", "brands", "codes"):
            names = {fold(name): titled(name) if field == "brands" else name for name in row[field]}
            kept = [name for folded, name in sorted(names.items()) if len(owners[folded]) == 1 and folded not in labels]
            count += len(kept)
            cells.append("|".join(kept))
        lines.append("\t".join([row["key"], row["label"], *cells]))
    (FOLDER / FILE).write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), 9, mtime=0))
    return count + len(rows)


# ---- conditions ----------------------------------------------------------------------------------------------------------------


def terms_of(path: Path) -> Iterator[dict[str, list[str]]]:
    """Terms of an OBO file: tag -> values."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for block in lines.read().split("\n\n[Term]\n")[1:]:
            term: dict[str, list[str]] = defaultdict(list)
            for line in block.splitlines():
                tag, _, value = line.partition(": ")
                term[tag].append(value)
            yield term


def diseases(folder: Path) -> dict[str, tuple[str, str | None]]:
    """Folded label -> DOID and NCIt code."""
    found: dict[str, tuple[str, str | None]] = {}
    exact: dict[str, tuple[str, str | None]] = {}
    for name in ("NCIthesaurus.obo.gz", "DO_cancer_slim.obo.gz"):
        for term in terms_of(folder / name):
            codes = [ref[4:] for ref in term["xref"] if ref.startswith("NCI:")]
            ids = (term["id"][0], codes[0] if codes else None)
            found[fold(term["name"][0])] = ids
            for synonym in term["synonym"]:
                match = re.match(r'"(.*)" EXACT', synonym)
                if match and len(match[1]) > 5:
                    exact.setdefault(fold(match[1]), ids)
    return {**exact, **found}


def tree(node: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Name, code and NCIt code of every tumour type of OncoTree."""
    for child in node["children"].values():
        codes = child["externalReferences"].get("NCI") or [None]
        yield child["name"], child["code"], codes[0]
        yield from tree(child)


def conditions(data: Path) -> list[dict[str, Any]]:
    """All rows of conditions.tsv, with the ids that labels and names have in Disease Ontology and OncoTree."""
    disease = diseases(data / "vocab/doid")
    document = json.loads((data / "vocab/oncotree/oncotree_2025_10_03.json").read_text("utf-8"))
    tumours = {fold(name): (code, ncit) for name, code, ncit in tree(document["TISSUE"])}
    rows = [as_dict(row) for row in read_rows(FOLDER / "conditions.tsv", ConditionEntry)]
    for row in rows:
        sources = [part for part in row["source"].split("; ") if part not in {ONCOTREE, DOID}]
        names = [fold(name) for name in (row["label"], *row["names"])]
        row["doid"], row["ncit"] = next((disease[name] for name in names if name in disease), (None, None))
        row["oncotree"], ncit = next((tumours[name] for name in names if name in tumours), (None, None))
        row["ncit"] = row["ncit"] or ncit
        sources += [source for source, field in ((DOID, "doid"), (ONCOTREE, "oncotree")) if row[field]]
        row["source"] = "; ".join(sources)
    return once_each(rows)


def once_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An id that several rows would carry is given to none of them: a name of one is too wide."""
    for field in ("doid", "oncotree", "ncit"):
        values = [row[field] for row in rows]
        for row in rows:
            if row[field] and values.count(row[field]) > 1:
                print(f"{field} {row[field]} would stand on several rows, among them {row['key']}: left out")
                row[field] = None
    return rows


def main(data: Path) -> None:
    """Writes the tables."""
    rows = agents(data)
    write(FOLDER / "agents.tsv", AgentEntry, rows)
    print(f"agents: {len(rows)} rows")
    diseases = conditions(data)
    write(FOLDER / "conditions.tsv", ConditionEntry, diseases)
    print(f"conditions: {len(diseases)} rows")
    taken = {re.sub(r"[\s-]", "", fold(name)) for table, kind in TABLES.items()
             for row in read_rows(FOLDER / f"{table}.tsv", kind) for name in row.spoken()}  # fmt: skip
    others = list(substances(Substances(data / "vocab/UNII_Names.txt.gz"), rows, taken))
    print(f"substances: {len(others)} rows, {write_substances(others)} names")


if __name__ == "__main__":
    main((Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared") / "data")
