"""One request from its first question to its published folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from kg_build.errors import ContradictionError, FetchError
from kg_build.fetching.asking import Ask, Pages, Request, Whole
from kg_build.fetching.checkpoint import Checkpoint, asked, latest
from kg_build.fetching.client import Client, UnansweredError
from kg_build.retries import BusyError
from kg_build.sources.fetched import Fetched, digest, entries

Progress = Callable[[int, int | None], None]
"""Records so far, and of how many."""
_ARRIVING = ".arriving"
_GONE = frozenset({400, 404, 410})
"""Statuses of a question that has no answer (any more): a page's token has run out."""


@dataclass(frozen=True)
class Result:
    """What was fetched."""

    folder: Path
    whole: Whole
    files: int
    new: bool  # False: the last fetch said the same


def folder_of(request: Request, out: Path) -> Path:
    """Where the fetches of a request lie."""
    return out / request.source / request.name


def fetch(request: Request, out: Path, client: Client, progress: Progress = lambda done, total: None) -> Result:
    """Fetch all pages and publish them; what an interrupted run left is gone on from.

    Errors: FetchError; nothing is published then, and what is kept for the next run is said.
    """
    with Checkpoint(folder_of(request, out), client.clock()) as kept:
        try:
            whole = _whole(request, kept, client, progress)
        except UnansweredError as error:
            if error.status in _GONE:
                kept.drop()
            left = f"; {len(kept.entries):,} answers are kept, the same command goes on from there" if kept.entries else ""
            raise FetchError(f"{request.source}: {error}{left}") from None
        except FetchError as error:
            kept.drop()
            again = "; nothing was written, run the command again" if isinstance(error, ContradictionError) else ""
            raise type(error)(f"{request.source}: {error}{again}") from None
        folder, new = kept.publish()
        return Result(folder, whole, len(entries(folder)), new)


def _whole(request: Request, kept: Checkpoint, client: Client, progress: Progress) -> Whole:
    """All pages; what an earlier run left and no longer fits is fetched anew."""
    resumed = bool(kept.entries)
    try:
        return _Fetch(kept, client, progress).all(request.pages())
    except FetchError as error:
        gone = isinstance(error, UnansweredError) and error.status in _GONE
        if not resumed or not (gone or isinstance(error, ContradictionError)):
            raise
    kept.renew()
    return _Fetch(kept, client, progress).all(request.pages())


class _Fetch:
    """The questions of one request, each answered from what is kept, from the last fetch where that still holds, or by the server."""

    def __init__(self, kept: Checkpoint, client: Client, progress: Progress) -> None:
        self.kept, self.client, self.progress = kept, client, progress
        self.last = latest(kept.folder)
        self.known = {asked(entry): entry for entry in entries(self.last).values()} if self.last else {}

    def all(self, pages: Pages) -> Whole:
        """Put the questions until the pages are whole."""
        number = 0
        try:
            ask = next(pages)
            while True:
                self.progress(ask.done, ask.total)
                try:
                    answer = self._answer(number, ask)
                except FetchError as error:
                    ask = pages.throw(error)
                else:
                    number += 1
                    ask = pages.send(answer)
        except StopIteration as end:
            whole: Whole = end.value
            return whole

    def _answer(self, number: int, ask: Ask) -> Any:
        entry = self.kept.taken(number, ask)
        if entry is None:
            entry = self._asked(ask)
            self.kept.add(entry)
        try:
            return ask.read(self.kept.partial / entry.file)
        except BusyError as error:  # a kept or known answer of an older program
            raise ContradictionError(str(error)) from None

    def _asked(self, ask: Ask) -> Fetched:
        arriving = self.kept.partial / _ARRIVING
        known = self._still(ask.url)
        entry = self.client.get(ask, arriving, known)
        if entry is None and known is not None and self.last is not None:
            shutil.copyfile(self.last / known.file, self.kept.partial / known.file)
            return known
        if entry is None:
            raise FetchError(f"{ask.url}: answers 'not modified' to a question that did not ask")
        name = ask.name + ask.suffix(arriving)
        os.replace(arriving, self.kept.partial / name)
        return replace(entry, file=name)

    def _still(self, url: str) -> Fetched | None:
        """What the last fetch has of an address, where the file is still as it was."""
        known = self.known.get(url)
        if known is None or self.last is None or not (self.last / known.file).is_file():
            return None
        return known if digest(self.last / known.file) == known.sha256 else None
