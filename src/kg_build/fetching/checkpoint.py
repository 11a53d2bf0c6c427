"""What is kept of an unfinished fetch, and how a whole one appears.

OUT/<source>/<request>/<time>/       a whole fetch: answers as they came, and fetched.jsonl; earlier fetches stay, they are the history
OUT/<source>/<request>/.partial/     an unfinished one: the same, up to where it got; `kg build` passes over it

A whole fetch appears by one rename; one whose answers are those of the last appears not at all.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import msgspec

from kg_build.errors import FetchError
from kg_build.fetching.asking import Ask
from kg_build.sources.fetched import SIDECAR, Fetched, digest, entries, lines

PARTIAL = ".partial"
KEPT = timedelta(hours=24)
"""How long the pages of an unfinished fetch are gone on from; older ones are of another state of the registry."""
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z(?:-\d+)?")


def latest(folder: Path) -> Path | None:
    """The newest whole fetch of a request."""
    found = [path for path in folder.glob("*") if _TIME.fullmatch(path.name) and entries(path)]
    return max(found, default=None)


class Checkpoint:
    """The unfinished fetch of one request, held by one process at a time."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now = folder, now
        self.partial = folder / PARTIAL
        self.entries: list[Fetched] = []

    def __enter__(self) -> Checkpoint:
        self._existed = next(parent for parent in (self.folder, *self.folder.parents) if parent.exists())
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder, os.O_RDONLY)
        self._hold()
        self._begin(self._sound())
        return self

    def _begin(self, found: list[Fetched]) -> None:
        self.entries = found
        self.partial.mkdir(exist_ok=True)
        self._sweep()
        self._journal = (self.partial / SIDECAR).open("wb")
        for entry in self.entries:
            self._note(entry)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._journal.close()
        if not self.entries:
            self.drop()
        os.close(self._lock)
        self._tidy()

    def _hold(self) -> None:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(self._lock)
                raise FetchError(f"{self.folder}: another kg fetch is at work here") from None

    def _tidy(self) -> None:
        """Remove what a fetch that left nothing would leave empty: its own folders, and those that were made for it."""
        own, there = {self.folder, self.folder.parent}, {self._existed, *self._existed.parents}
        for folder in (self.folder, *self.folder.parents):
            if (folder in there and folder not in own) or any(folder.iterdir()):
                return
            folder.rmdir()

    def _sound(self) -> list[Fetched]:
        """Entries that an earlier run left, up to the first whose file is not as it was, unless they are of another day."""
        path = self.partial / SIDECAR
        found: list[Fetched] = []
        for entry in lines(path.read_bytes()) if path.exists() else ():
            file = self.partial / entry.file
            if not file.is_file() or digest(file) != entry.sha256 or self.now - datetime.fromisoformat(entry.retrieved) > KEPT:
                break
            found.append(entry)
        return found

    def _sweep(self) -> None:
        """Remove files that belong to no entry."""
        known = {entry.file for entry in self.entries}
        for path in self.partial.iterdir():
            if path.name not in known:
                path.unlink()

    def taken(self, number: int, ask: Ask) -> Fetched | None:
        """The kept answer to the question of this number; what does not belong to it, and all after it, is forgotten."""
        if number < len(self.entries) and asked(self.entries[number]) == ask.url:
            return self.entries[number]
        del self.entries[number:]
        return None

    def add(self, entry: Fetched) -> None:
        """Keep an answer, whose file lies in the partial folder."""
        self.entries.append(entry)
        self._note(entry)

    def _note(self, entry: Fetched) -> None:
        self._journal.write(msgspec.json.encode(entry) + b"\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())

    def drop(self) -> None:
        """Forget the unfinished fetch."""
        self.entries = []
        shutil.rmtree(self.partial, ignore_errors=True)

    def renew(self) -> None:
        """Forget what was kept, and begin anew."""
        self._journal.close()
        self.drop()
        self._begin([])

    def publish(self) -> tuple[Path, bool]:
        """The folder of the whole fetch, and whether it is new: where the last one says the same, that one stands."""
        self.entries = [entry for entry in self.entries if not entry.file.startswith(".")]  # the others served the counting
        last = latest(self.folder)
        if last is not None and _said(entries(last).values()) == _said(self.entries) and _whole(last):
            self.drop()
            return last, False
        self._sweep()
        target = self._free(self.now.strftime("%Y-%m-%dT%H%M%SZ"))
        (self.partial / SIDECAR).write_bytes(b"".join(msgspec.json.encode(entry) + b"\n" for entry in self.entries))
        self.partial.rename(target)
        return target, True

    def _free(self, name: str) -> Path:
        taken = sum(path.name.startswith(name) for path in self.folder.iterdir())
        return self.folder / (f"{name}-{taken + 1}" if taken else name)


def asked(entry: Fetched) -> str:
    """The address that was asked."""
    return entry.asked or entry.url


def _whole(folder: Path) -> bool:
    """Whether all files of a fetch are as they were fetched."""
    return all((folder / entry.file).is_file() and digest(folder / entry.file) == entry.sha256 for entry in entries(folder).values())


def _said(found: Iterable[Fetched]) -> list[tuple[str, str]]:
    return [(entry.file, entry.sha256) for entry in found]
