"""Facts of texts without a graph: what `kg extract` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from kg_build import facts, sources
from kg_build.errors import SourceError, UsageError
from kg_build.facts import Fact, Record, Rejected
from kg_build.sources import article


def extract(paths: Sequence[str], stdin: BinaryIO) -> Iterator[tuple[str, Record | Rejected]]:
    """Name and record of each text, or why it cannot be read; SourceError when a folder holds none."""
    files = [Path(path) for path in paths if path != "-"]
    if "-" in paths:
        yield "stdin", article.read_bytes(stdin.read(), "stdin")
    if not files:
        return
    for path in files:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    texts = _texts(files)
    stems: dict[str, Path] = {}
    for one in texts:
        taken = stems.setdefault(one.path.stem, one.path)
        if taken != one.path:
            raise UsageError(f"{one.path}: its facts would overwrite those of {taken}; give them one at a time, each with its --out")
    for one in texts:
        for record in sources.read(one.path, article.NAME):
            yield one.path.stem, record


def _texts(files: list[Path]) -> list[sources.Found]:
    found = list(sources.discover(files))
    texts = [one for one in found if one.source == article.NAME]
    if not texts:
        other = next(one for one in found if one.source)
        raise SourceError(f"{other.path}: a {other.source} file, not a text; give it to `kg build`")
    return texts


def save(out: Path, name: str, record: Record) -> None:
    """Write the facts file, and beside it the main text when that is not the file's own (spans point into it)."""
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_text(as_json(record), "utf-8")
    if record.document.note in article.EXTRACTED:
        (out / f"{name}.txt").write_text(record.text or "", "utf-8", newline="")


def as_json(record: Record) -> str:
    """The facts file of a record."""
    return facts.to_json(record).decode() + "\n"


def as_table(record: Record) -> str:
    """One line a fact: kind, confidence, and its slots."""
    lines = [f"{record.document.title or record.id}\n"]
    for kind in facts.KINDS:
        for fact in getattr(record, kind):
            lines.append(f"  {kind:16} {fact.confidence:.2f}  {_slots(fact)}\n")
    return "".join(lines)


def _slots(fact: Fact) -> str:
    skipped = {"evidence", "confidence", "printed", "arms"}
    values = ((name, getattr(fact, name)) for name in fact.__struct_fields__ if name not in skipped)
    return "; ".join(f"{name}={_value(value)}" for name, value in values if value not in (None, (), "asserted"))


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
