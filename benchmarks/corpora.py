"""The texts with gold facts that reading is measured on, and how they are parted.

Development texts are parted by document, with a fixed seed, into three parts. Rules are written on `tune`; `second` is opened only after
its first run was recorded, and joins the tuning then; `third` is run last. What stands in the ledger of a part is its first run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "evaluation"
OWN = ROOT / "tests" / "reading" / "gold"
FOLDERS = ("news", "articles", "abstracts", "guidelines", "fda_notices", "negatives")
PARTS = ("tune", "second", "third")
SEED = 139

Pair = tuple[str, str, dict[str, Any]]  # name, text, gold


def pairs(folder: Path) -> Iterator[Pair]:
    """Texts of a folder with their gold."""
    for gold in sorted(folder.glob("*.json")):
        text = gold.with_suffix(".txt")
        if text.exists():
            yield f"{folder.name}/{gold.stem}", text.read_text("utf-8"), json.loads(gold.read_text("utf-8"))


def parts(wanted: str) -> list[str]:
    """The parts that a word names: "tune", "tune+second", "all".

    Errors: ValueError for a part that there is not.
    """
    named = list(PARTS) if wanted == "all" else wanted.split("+")
    if unknown := [name for name in named if name not in PARTS]:
        raise ValueError(f"no part named {unknown[0]!r}; known: {', '.join(PARTS)}, all, or several joined by +")
    return named


def _falls_to(names: list[str], wanted: str) -> set[str]:
    """The names of a folder ("news/01") that fall to the wanted parts: half of them to the first, a quarter to each of the others."""
    ranked = sorted(names, key=lambda name: hashlib.sha256(f"{SEED}/{name}".encode()).hexdigest())
    half, rest = len(ranked) // 2, len(ranked) - len(ranked) // 2
    cuts = {"tune": ranked[:half], "second": ranked[half : half + rest // 2], "third": ranked[half + rest // 2 :]}
    return {name for one in parts(wanted) for name in cuts[one]}


def _part(folder: Path, wanted: str) -> list[Pair]:
    found = list(pairs(folder))
    names = _falls_to([name for name, _, _ in found], wanted)
    return [pair for pair in found if pair[0] in names]


def development(evaluation: Path, folder: str, wanted: str) -> list[Pair]:
    """The development texts of one folder that fall to a part."""
    return _part(evaluation / "dev" / folder, wanted)


def own(wanted: str) -> dict[str, list[Pair]]:
    """Our own gold texts by folder, parted like the others."""
    return {path.name: _part(path, wanted) for path in sorted(OWN.glob("*")) if path.is_dir()}
