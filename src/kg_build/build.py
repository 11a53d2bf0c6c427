"""The flow, in one screen: read records, decide which version of each counts, link and write them, let them meet, publish.

Stage 1 turns each input file into records; stage 2 turns records into sorted quads and key lines. Both are pure per record and run
in a process pool; between them stands the small index that needs all records: versions and study names. The same input gives the
same bytes, whatever the number of workers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import msgspec

from kg_build import __version__, release, shards, sources, terms
from kg_build.derived import derive
from kg_build.errors import ReleaseError, SourceError
from kg_build.facts import Rejected
from kg_build.lexicon import load
from kg_build.linking import Link, StudyIndex
from kg_build.meetings import meet
from kg_build.release import Count
from kg_build.shards import Fate, Fates, Header, Read, Version, Written

LEAST = 0.7  # of the records of the last release, below which a source is not believed

Progress = Callable[[str], None]
Unlinked = tuple[str, str, int]  # kind, name, mentions


class Report(msgspec.Struct, kw_only=True):
    """What a build did, for the caller to print."""

    folder: Path
    counts: dict[str, Count]
    quads: int
    groups: dict[str, int]
    skipped: list[tuple[str, str]]  # file, reason
    smaller: list[str]  # sources with fewer records than in the last release, told in words
    quarantined: list[Rejected]
    unlinked: list[Unlinked]


def build(
    paths: Sequence[Path],
    out: Path,
    *,
    workers: int = 1,
    source: str | None = None,
    known_at: str | None = None,
    accept: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Read, link and publish a graph in `out`; `known_at` dates records that nothing else dates.

    Errors: SourceError when there is nothing to read, or a source shrank below `LEAST` of the last release and nobody said `accept`.
    """
    found = list(sources.discover(paths, source))
    readable = [f for f in found if f.source]
    with release.workspace(out) as building, _pool(workers) as run:
        (building / "parts").mkdir()
        progress(f"reading {len(readable)} files")
        reads = list(run(shards.read_shard, [(f.path, f.source, building / "parts" / str(i), known_at) for i, f in enumerate(readable)]))
        headers = [header for read in reads for header in read.headers]
        rejected = [one for read in reads for one in read.rejected]
        if not headers:
            raise SourceError(_nothing(paths, found, rejected))
        fates = decide(headers)
        studies = StudyIndex([study for header in headers for study in header.studies])
        progress(f"linking {len(headers):,} records")
        owned = list(_owned(reads, fates))
        written = list(run(shards.write_shard, [(read.folder, _to_write(own), studies) for read, own in zip(reads, owned, strict=True)]))
        counts = _counts(reads, owned, written)
        smaller = shrunk(out, counts, accept)
        progress("meeting")
        target = building / "release"
        unlinked = _unlinked(written)
        _tables(target, fates, reads, written, rejected, unlinked)
        quads = _graph(target, written, progress)
        groups = dict(sorted(sum((w.groups for w in written), Counter[str]()).items()))
        release.seal(target, __version__, load().version, counts, quads, groups)
        folder = release.publish(target, out)
    skipped = [(str(f.path), f.reason or "") for f in found if not f.source]
    return Report(
        folder=folder, counts=counts, quads=quads, groups=groups, skipped=skipped, smaller=smaller, quarantined=rejected, unlinked=unlinked
    )


def shrunk(out: Path, counts: dict[str, Count], accept: bool) -> list[str]:
    """Sources with fewer records than in the last release in `out`, one line each; SourceError where they are too few to be believed."""
    try:
        last = release.manifest(release.open_release(out)).sources
    except ReleaseError:  # none, or none that can be compared with
        return []
    pairs = [(name, before.current, counts.get(name, Count()).current) for name, before in sorted(last.items())]
    lost = [
        (f"{name}: {now:,} records, {before:,} in the last release", now < LEAST * before) for name, before, now in pairs if now < before
    ]
    if not accept and (far := [line for line, too_few in lost if too_few]):
        raise SourceError(f"{'; '.join(far)}: below {LEAST:.0%}, nothing is published; --accept publishes all the same")
    return [line for line, _ in lost]


def decide(headers: Sequence[Header]) -> Fates:
    """Which version of each record counts: the newest known one is current, the others are superseded."""
    versions: dict[tuple[str, str], dict[str, Header]] = {}
    for header in sorted(headers, key=_since):
        versions.setdefault((header.source, header.id), {}).setdefault(header.sha256, header)
    fates: Fates = {}
    for same in versions.values():
        ranked = sorted(same.values(), key=lambda h: (h.known_at or "", h.size, h.sha256), reverse=True)
        fates[ranked[0].name] = Fate("current", ranked[0].known_at)
        fates.update((older.name, Fate("superseded", older.known_at, newer.known_at)) for newer, older in pairwise(ranked))
    return fates | dict.fromkeys(_unmentioned(headers), shards.UNMENTIONED)


def _since(header: Header) -> str:
    """Order of those that are one version: what was known first, before what has no date."""
    return header.known_at or "9999"


def _unmentioned(headers: Sequence[Header]) -> Iterator[Version]:
    """Entries of vocabularies that no other record needs; where there are only vocabularies, they are what is asked for.

    An entry that is needed needs what it points to: the conditions above it.
    """
    entries = [header for header in headers if header.vocabulary]
    if len(entries) == len(headers):
        return iter(())
    pointing: dict[str, list[Header]] = {}
    for entry in entries:
        for key in entry.describes if entry.mentions else ():
            pointing.setdefault(key, []).append(entry)
    needed = {key for header in headers if not header.vocabulary for key in header.mentions}
    open_keys = list(needed)
    while open_keys:
        new = {key for entry in pointing.pop(open_keys.pop(), ()) for key in entry.mentions} - needed
        needed |= new
        open_keys += new
    return (entry.name for entry in entries if needed.isdisjoint(entry.describes))


def _to_write(owned: Fates) -> Fates:
    return {name: fate for name, fate in owned.items() if fate != shards.UNMENTIONED}


def _owned(reads: list[Read], fates: Fates) -> Iterator[Fates]:
    """For each file, the versions that it writes: one that stands in several files is written by the first that knew it earliest."""
    stands = sorted(((_since(header), number, header.name) for number, read in enumerate(reads) for header in read.headers), reverse=True)
    owner = {name: number for _, number, name in stands}
    for number, read in enumerate(reads):
        names = dict.fromkeys(header.name for header in read.headers if owner[header.name] == number)
        yield {name: fates[name] for name in names}


def _graph(target: Path, written: list[Written], progress: Progress) -> int:
    """The graph of a release, as quads and as a store, with what follows from several records; the number of quads."""
    keys, older = [path for w in written for path in w.keys], [path for w in written for path in w.older]
    release.write_lines(target / release.KEYS, release.merged([*keys, *older]))
    met = shards.spill(target.parent / "met", (quad + "\n" for quad in meet(shards.decoded(release.merged(keys)))))
    chunks = [*(path for w in written for path in w.quads), *met]
    progress("loading")
    release.load_store(target / release.STORE, release.merged(chunks))
    progress("deriving")
    derived = shards.spill(target.parent / "derived", derive(target / release.STORE))
    progress("packing")
    return release.write_lines(target / release.QUADS, release.merged([*chunks, *derived]))


def _tables(
    target: Path, fates: Fates, reads: list[Read], written: list[Written], rejected: list[Rejected], unlinked: list[Unlinked]
) -> None:
    """What a release holds beside its graph."""
    (target / "texts").mkdir(parents=True)
    release.write_versions(target, (_version(name, fate) for name, fate in fates.items() if fate != shards.UNMENTIONED))
    (target / "quarantine.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in rejected))
    (target / release.LINKS).write_text(_table("kind\tname\tkey\trule\tmentions", _links(written)), "utf-8")
    (target / release.UNLINKED).write_text(_table("kind\tname\tmentions", unlinked), "utf-8")
    for read in reads:
        for sha256, text in read.texts.items():
            (target / "texts" / f"{sha256}.txt").write_bytes(text.encode("utf-8", "surrogatepass"))


def _version(name: Version, fate: Fate) -> release.Version:
    source, key, sha256 = name
    older = terms.version(fate.known_at, sha256) if fate.state == "superseded" else ""
    return release.Version(terms.record(source, key + older), fate.known_at or "", fate.until or "", fate.state)


def _table(header: str, rows: Iterable[tuple[str | int, ...]]) -> str:
    return f"{header}\n" + "".join("\t".join(map(str, row)) + "\n" for row in rows)


def _links(written: list[Written]) -> list[tuple[str, str, str, str, int]]:
    total = sum((w.links for w in written), Counter[Link]())
    rows = ((link.kind, " ".join(link.name.split()), link.key, link.rule, n) for link, n in total.items())
    return sorted(rows, key=lambda row: (-row[-1], *row[:-1]))


def _unlinked(written: list[Written]) -> list[Unlinked]:
    total = sum((w.unlinked for w in written), Counter[tuple[str, str]]())
    return sorted(((kind, " ".join(name.split()), n) for (kind, name), n in total.items()), key=lambda row: (-row[2], row[0], row[1]))


def _counts(reads: list[Read], owned: list[Fates], written: list[Written]) -> dict[str, Count]:
    """The equation of `Count`, asserted per source: published is what stage 2 wrote, merged what another file owns."""
    counts: dict[str, Count] = {}
    for read, own, done in zip(reads, owned, written, strict=True):
        count = counts.setdefault(read.source, Count())
        count.read += len(read.rejected) + len(read.headers)
        count.quarantined += len(read.rejected)
        count.published += done.records
        count.merged += len(read.headers) - len(own)
        count.superseded += sum(fate.state == "superseded" for fate in own.values())
        count.unmentioned += sum(fate == shards.UNMENTIONED for fate in own.values())
        count.undated += len({header.name for header in read.headers if header.known_at is None} & _to_write(own).keys())
    for source, count in counts.items():
        if count.read != count.published + count.merged + count.quarantined + count.unmentioned:  # pragma: no cover  (an invariant)
            raise AssertionError(f"{source}: {count}")
    return counts


def _nothing(paths: Sequence[Path], found: list[sources.Found], rejected: list[Rejected]) -> str:
    """Why nothing could be read, naming the first file."""
    if rejected:
        return f"{rejected[0].where}: {rejected[0].reason}"
    reasons = [f"{f.path}: {f.reason}" for f in found if not f.source]
    more = f" (and {len(reasons) - 1} more files)" if len(reasons) > 1 else ""
    return (reasons[0] + more) if reasons else f"{paths[0]}: nothing to read in it"


@contextmanager
def _pool(workers: int) -> Iterator[Callable[..., Iterator]]:  # type: ignore[type-arg]
    """Run a function over argument tuples, in order: here, or in a pool of processes."""
    if workers <= 1:
        yield lambda function, jobs: (function(*job) for job in jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn" if sys.platform != "linux" else "forkserver")) as pool:
        yield lambda function, jobs: pool.map(function, *zip(*jobs, strict=True)) if jobs else iter(())
