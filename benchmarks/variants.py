"""Variants of a gold text: every name and figure replaced, consistently in the text and in its gold facts.

A rule written around one text fails on its variants. Names come from the lexicon and, half of the time, from nowhere (INN-like,
acronym-like); figures keep their order, so an interval still holds its value. The random choices follow from the number of the variant.

    python benchmarks/variants.py OUT [--gold ../shared/evaluation/seed] [--count 50]
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg_build.lexicon import Lexicon, load

# (country, adjective, short name, full name): real authorities and invented ones
AUTHORITIES = [
    ("Japan", "Japanese", "PMDA", "Pharmaceuticals and Medical Devices Agency"),
    ("Australia", "Australian", "TGA", "Therapeutic Goods Administration"),
    ("Brazil", "Brazilian", "ANVISA", "Health Regulatory Agency"),
    ("Mexico", "Mexican", "COFEPRIS", "Federal Commission for the Protection against Sanitary Risk"),
    ("Singapore", "Singaporean", "HSA", "Health Sciences Authority"),
    ("Canada", "Canadian", "CNDA", "National Drug Authority"),
    ("Kenya", "Kenyan", "NMCA", "National Medicines Control Agency"),
    ("Norway", "Norwegian", "NDSA", "National Drug Safety Administration"),
    ("UK", "UK", "MHRA", "Medicines and Healthcare products Regulatory Agency"),
    ("India", "Indian", "CDSCO", "Central Drugs Standard Control Organization"),
]
CONDITIONS = [
    "follicular lymphoma", "gastric cancer", "ovarian cancer", "hepatocellular carcinoma", "urothelial carcinoma", "mantle cell lymphoma",
    "chronic lymphocytic leukemia", "breast cancer", "non-small cell lung cancer", "colorectal cancer", "acute myeloid leukemia",
    "esophageal squamous cell carcinoma", "prostate cancer", "Hodgkin lymphoma", "small cell lung cancer", "renal cell carcinoma",
]  # fmt: skip
TARGETS = ["CD20", "CD19", "BCMA", "HER2", "TROP2", "CD123", "GPRC5D", "CD33", "EGFR", "CLDN18", "CD70", "FRA", "CD79B", "ZFR3", "KLM7"]
PEOPLE = ["Maria Lindqvist", "Tomas Berger", "Aiko Tanabe", "Ruth Okafor", "Ian McAllen", "Lucia Ferrante", "Pavel Dvorak", "Nadia Haddad"]
SOCIETIES = [
    "Society of Medical Oncology",
    "Society of Hematology",
    "Cancer Association",
    "College of Oncology Physicians",
    "Anti-Tumor Association",
    "Latin Cancer Society",
]
SYLLABLES = (
    "ba be bo da de do fa fe fi ga ge ka ki la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si ta te ti to va ve vi zo".split()
)
STEMS = {
    "monoclonal antibody": ["tuximab", "limab", "zumab", "tamab", "tumab"],
    "": ["tinib", "ciclib", "parib", "zomib", "lisib", "domide", "platin", "taxel", "rubicin"],
}
FIGURE_SLOTS = ("value", "ci", "range", "percent", "n", "median_follow_up_months", "enrollment")


@dataclass(frozen=True)
class Variant:
    """A text and its gold facts."""

    name: str
    text: str
    gold: dict[str, Any]


# ---- names -------------------------------------------------------------------------------------------------------------------------


def _word(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(count))


def _agent(rng: random.Random, lexicon: Lexicon, kind: str, taken: set[str]) -> str:
    """An agent of the table, or one that nobody has."""
    if rng.random() < 0.5:
        real = [
            e.label
            for e in lexicon.agents.by_key.values()
            if re.fullmatch(r"[a-z]{7,16}", e.label) and (not kind or e.agent_type == kind) and not e.is_aid
        ]
        if choices := sorted(set(real) - taken):
            return rng.choice(choices)
    return _word(rng, 2) + rng.choice(STEMS.get(kind) or STEMS[""])


def _brand(rng: random.Random) -> str:
    return _word(rng, 3).capitalize() + rng.choice(["", "", "x", "ra", "q"])


def _trial(rng: random.Random) -> str:
    head = "".join(rng.choice("ABCDEFGILMNOPRSTUVX") + rng.choice("AEIOU") for _ in range(rng.randint(2, 4)))
    return rng.choice(
        [
            f"{head}-{rng.randint(1, 9)}",
            f"{head}-{rng.choice('ABEGLMPRST')}{rng.choice('BCLMNS')}",
            f"{head}-{rng.randint(100, 999)}",
            f"{head}{rng.randint(2, 9)}",
            f"{rng.choice('CDEKS')}-{head}",
            f"{_word(rng, 1)}{head[:3]}{rng.randint(2, 9)}",
            f"{_word(rng, 2)}{head[:4]}-{rng.randint(10, 99):03}",
            f"{head}-{_word(rng, 2).capitalize()}{rng.randint(1, 9):02}",
            f"{head}-{head[:3]}-{rng.randint(1, 9):02}",
        ]
    )


def _mixed_trial(rng: random.Random) -> str:
    """A name like LumiTRaC."""
    return _word(rng, 2).capitalize() + rng.choice(["TRaC", "FoRT", "GuaRD", "ReaL", "PaTH"])


def _registry_id(rng: random.Random) -> str:
    return f"NCT0{rng.randint(1_000_000, 6_999_999)}"


def _names(rng: random.Random, lexicon: Lexicon, gold: dict[str, Any]) -> dict[str, str]:
    """Printed name -> its replacement, for everything the gold names."""
    names: dict[str, str] = {}
    for agent in gold.get("agents", []):
        new = _agent(rng, lexicon, agent.get("agent_type") or "", set(names.values()))
        names[agent["name"]] = new
        if agent.get("full_name"):
            names[agent["full_name"]] = new + "-" + "".join(rng.choice("abcdefgiklmnopqrstvwxz") for _ in range(4))
        names |= {brand: _brand(rng) for brand in agent.get("brands", [])}
        if agent.get("company"):
            companies = [
                e.label for e in lexicon.organizations.by_key.values() if re.fullmatch(r"[A-Z][a-z]{4,12}( [A-Z][a-z]+)?", e.label)
            ]
            names[agent["company"]] = rng.choice([*sorted(companies), *(_word(rng, 2).capitalize() + " Therapeutics" for _ in range(4))])
        names |= {target: rng.choice(TARGETS) for target in agent.get("targets", [])}
    for trial in gold.get("trials", []):
        names[trial["name"]] = (_mixed_trial if re.search(r"[a-z]", trial["name"]) else _trial)(rng)
        names |= {old: _registry_id(rng) for old in trial.get("registry_ids", [])}
    names |= {d["condition"]: "" for d in gold.get("decisions", [])}
    condition = rng.choice(CONDITIONS)
    names |= {old: condition for old, new in names.items() if not new}
    people = [o["name"] for o in gold.get("other", []) if o.get("type") == "person"]
    return names | dict(zip(people, rng.sample(PEOPLE, len(people)), strict=True))


def _places(rng: random.Random, lexicon: Lexicon, gold: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Authority, country, adjective and guideline bodies: (replacements, country -> new country)."""
    country, adjective, short, full = rng.choice(AUTHORITIES)
    names: dict[str, str] = {}
    for decision in gold.get("decisions", []):
        entry = lexicon.regulators.find(decision.get("regulator") or "")
        if entry:
            names |= {entry.label: full, entry.abbreviation or entry.label: short}
        if decision.get("jurisdiction"):
            names[decision["jurisdiction"]] = country
    bodies = rng.sample(SOCIETIES, len(SOCIETIES))
    for recommendation in gold.get("recommendations", []):
        if recommendation.get("body_name") and recommendation["body_name"] not in names:
            names[recommendation["body_name"]] = f"{adjective} {bodies.pop()}"
    return names | {"Chinese": adjective, "Japanese": adjective, "European": adjective}, {"country": country}


# ---- figures -----------------------------------------------------------------------------------------------------------------------

_DECIMAL = re.compile(r"(?<![\w.)”’\"])(?:\d{1,3})?\.\d{1,4}(?![\d.])")
_PERCENT = re.compile(r"(?<![\w.])\d{1,3}(?=%(?!\s?(?:CI|confidence)))")
_SIZE = re.compile(r"(?<=n = )\d+|(?<=n=)\d+")
_DOSE = re.compile(r"(?<![\w.-])\d{1,4}(?= mg)")


def _scaled(printed: str, factor: float, top: float | None = None) -> str:
    """The printed figure times a factor, with as many decimals; a factor keeps the order of figures."""
    decimals = len(printed.partition(".")[2])
    value = max(float(printed) * factor, 10**-decimals)
    text = f"{min(value, top) if top else value:.{decimals}f}"
    return text.removeprefix("0") if printed.startswith(".") else text


def _figures(rng: random.Random, text: str) -> tuple[str, dict[str, dict[str, str]]]:
    """The text with its figures replaced, and the replacements by kind."""
    maps: dict[str, dict[str, str]] = {"decimal": {}, "percent": {}, "size": {}, "dose": {}}
    factors = {
        "decimal": rng.uniform(0.55, 1.6),
        "percent": rng.uniform(0.7, 1.25),
        "size": rng.uniform(0.5, 3.5),
        "dose": rng.choice([0.5, 1.5, 2, 3, 5]),
    }

    def replace(kind: str) -> Callable[[re.Match[str]], str]:
        def one(match: re.Match[str]) -> str:
            return maps[kind].setdefault(match[0], _scaled(match[0], factors[kind], 98.9 if kind == "percent" else None))

        return one

    for kind, pattern in (("decimal", _DECIMAL), ("percent", _PERCENT), ("size", _SIZE), ("dose", _DOSE)):
        text = pattern.sub(replace(kind), text)
    return text, maps


def _as_number(table: dict[str, str], value: float) -> float:
    return next((float(new) for old, new in table.items() if float(old) == float(value)), value)


def _gold_figure(maps: dict[str, dict[str, str]], slot: str, fact: dict[str, Any], value: Any) -> Any:
    """One figure of the gold as the text now prints it."""
    if isinstance(value, list):
        return [_gold_figure(maps, slot, fact, v) for v in value]
    if not isinstance(value, (int, float)):
        return value
    if slot in ("n", "enrollment"):
        return int(_as_number(maps["size"], value))
    whole = slot == "percent" or fact.get("unit") == "%"
    first, second = (maps["percent"], maps["decimal"]) if whole else (maps["decimal"], maps["percent"])
    changed = _as_number(first, value)
    return changed if changed != value or not whole else _as_number(second, value)


def _refigured(fact: Any, maps: dict[str, dict[str, str]]) -> Any:
    """A gold fact with its figures replaced."""
    if isinstance(fact, list):
        return [_refigured(item, maps) for item in fact]
    if not isinstance(fact, dict):
        return fact
    new = {slot: _gold_figure(maps, slot, fact, value) if slot in FIGURE_SLOTS else _refigured(value, maps) for slot, value in fact.items()}
    if isinstance(new.get("p"), str):
        new["p"] = re.sub(r"\.\d+", lambda m: maps["decimal"].get(m[0], m[0]), new["p"])
    if isinstance(new.get("dose"), str):
        new["dose"] = _DOSE.sub(lambda m: maps["dose"].get(m[0], m[0]), new["dose"])
    return new


# ---- variants ----------------------------------------------------------------------------------------------------------------------


def _renamed(text: str, names: dict[str, str]) -> str:
    """Every name replaced in one pass, longest first; a name at the head of a sentence keeps its capital."""
    lookup = {old.casefold(): new for old, new in names.items()}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(old)}" for old in sorted(names, key=len, reverse=True)), re.IGNORECASE)

    def one(match: re.Match[str]) -> str:
        new = lookup[match[0].casefold()]
        return new[0].upper() + new[1:] if match[0][0].isupper() and new[0].islower() else new

    return pattern.sub(one, text)


def _gold_renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _renamed(value, names)
    if isinstance(value, list):
        return [_gold_renamed(item, names) for item in value]
    return {key: _gold_renamed(item, names) for key, item in value.items()} if isinstance(value, dict) else value


def make_variant(text: str, gold: dict[str, Any], number: int, lexicon: Lexicon) -> Variant:
    """The variant of a number: the same number gives the same variant."""
    rng = random.Random(number)
    gold = copy.deepcopy(gold)
    for recommendation in gold.get("recommendations", []):
        if recommendation.get("body_name") and recommendation["body"] not in text:
            recommendation["body"] = recommendation["body_name"]
    names = _names(rng, lexicon, gold)
    places, _ = _places(rng, lexicon, gold)
    text, maps = _figures(rng, text)
    gold = _gold_renamed(_refigured(gold, maps), places | names)
    for recommendation in gold.get("recommendations", []):
        if known := lexicon.bodies.find(recommendation["body"]):
            recommendation["body_alt"] = known.abbreviation
    return Variant(f"variant-{number:03}", _renamed(text, places | names), gold)


def make_variants(folder: Path, count: int, lexicon: Lexicon | None = None) -> list[Variant]:
    """Variants of the one gold text of a folder."""
    [source] = folder.glob("*.txt")
    text, gold = source.read_text("utf-8"), json.loads(source.with_suffix(".json").read_text("utf-8"))
    return [make_variant(text, gold, number, lexicon or load()) for number in range(count)]


def write_variants(variants: list[Variant], out: Path) -> None:
    """NAME.txt and NAME.json for each."""
    out.mkdir(parents=True, exist_ok=True)
    for variant in variants:
        (out / f"{variant.name}.txt").write_text(variant.text, "utf-8")
        (out / f"{variant.name}.json").write_text(json.dumps(variant.gold, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write variants of a gold text.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--gold", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "evaluation" / "seed")
    parser.add_argument("--count", type=int, default=50)
    arguments = parser.parse_args()
    write_variants(make_variants(arguments.gold, arguments.count), arguments.out)
