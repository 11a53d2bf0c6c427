"""ClinicalTrials.gov, API v2: searches page by page; the number of studies must be the total that the first page tells."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from kg_build.errors import ContradictionError, FetchError, UsageError
from kg_build.fetching.asking import Ask, Pages, Request, Whole, address, decoded, name_of
from kg_build.fetching.client import Policy

NAME = "ctgov"
API = "https://clinicaltrials.gov/api/v2"
POLICY = Policy(per_minute=50)
PAGE = 500
"""Studies a page: some 10 MB; the API gives at most 1,000."""
BATCH = 100
"""Numbers in one question: more would not fit an address."""
EMPTY = 100
"""Pages without a study, one after the other, before it is said that this leads nowhere."""
_NCT = re.compile(r"NCT\d{8}")


def request(
    *,
    query: str | None = None,
    condition: str | None = None,
    intervention: str | None = None,
    ids: Sequence[str] = (),
    since: str | None = None,
    api: str = API,
) -> Request:
    """A search by words, by NCT numbers, or for what was changed since a day (YYYY-MM-DD); several narrow each other.

    Errors: UsageError for a search for nothing, a number that is none, or a day that is none.
    """
    numbers = list(dict.fromkeys(one.upper() for one in ids))
    wrong = next((one for one in numbers if not _NCT.fullmatch(one)), None)
    if wrong is not None:
        raise UsageError(f"'{wrong}' is no NCT number: NCT and eight digits")
    words = {"query.cond": condition, "query.term": _term(query, since), "query.intr": intervention}
    search = {key: value for key, value in words.items() if value}
    if not search and not numbers:
        raise UsageError("search for something: --query, --condition, --intervention, --ids or --since (all studies: --since 1990-01-01)")
    batches = [numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH)] or [[]]
    firsts = tuple(_first(api.rstrip("/"), search, batch) for batch in batches)
    label = " ".join(filter(None, (query, condition, intervention, f"since {since}" if since else "", "-".join(numbers[:3]))))
    wanted = () if search else tuple(numbers)  # a search narrows them
    return Request(NAME, name_of(label, *firsts), firsts, partial(pages, firsts, wanted), "study")


def _term(query: str | None, since: str | None) -> str | None:
    """Words and day in one: beside a query of NCT numbers alone the API would ignore a filter."""
    if since is None:
        return query
    try:
        date.fromisoformat(since)
    except ValueError:
        raise UsageError(f"--since {since}: no day; write YYYY-MM-DD") from None
    changed = f"AREA[LastUpdatePostDate]RANGE[{since},MAX]"
    return f"({query}) AND {changed}" if query else changed


def _first(api: str, search: dict[str, str], batch: Sequence[str]) -> str:
    numbers = {"filter.ids": "|".join(batch)} if batch else {}
    return address(f"{api}/studies", format="json", **search, **numbers, pageSize=str(PAGE), countTotal="true")


# ---- answers ---------------------------------------------------------------------------------------------------------------------


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str
    nct_id_aliases: list[str] = []


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol


class _Page(msgspec.Struct, rename="camel"):
    studies: list[_Study]
    total_count: int | None = None
    next_page_token: str | None = None


_DECODER = msgspec.json.Decoder(_Page)


def _read(path: Path) -> _Page:
    page: _Page = decoded(path, _DECODER)
    return page


def pages(firsts: Sequence[str], wanted: Sequence[str] = ()) -> Pages:
    """All pages of the searches; `wanted` are the numbers that should be among them.

    Errors: ContradictionError when the pages do not make up the total, FetchError when nothing matches.
    """
    records, found = 0, _Found()
    names = (f"{number:05}.json" for number in count(1))
    for first in firsts:
        found.total = yield from _search(first, names, found)
        records += found.total
    if not records:
        raise FetchError("no study matches; nothing was written")
    return Whole(records, tuple(number for number in wanted if number not in found.names))


class _Found:
    """The studies of a search so far."""

    def __init__(self) -> None:
        self.names: set[str] = set()  # of all searches, with aliases
        self.seen: set[str] = set()
        self.total = 0

    def begin(self, total: int | None) -> None:
        """A search of so many studies."""
        if total is None:
            raise ContradictionError("the first page does not tell the total")
        self.seen, self.total = set(), total

    def add(self, page: _Page) -> None:
        """The studies of a page, none of which came before."""
        for study in page.studies:
            told = study.protocol_section.identification_module
            if told.nct_id in self.seen:
                raise ContradictionError(f"{told.nct_id} came twice")
            self.seen.add(told.nct_id)
            self.names |= {told.nct_id, *told.nct_id_aliases}
        self.agree(page.total_count)
        if len(self.seen) > self.total:
            raise ContradictionError(f"more studies came than the {self.total:,} that were told")

    def agree(self, total: int | None) -> None:
        """Compare a total that is told again."""
        if total not in {None, self.total}:
            raise ContradictionError(f"the total changed from {self.total:,} to {total:,} studies on the way")


def _search(first: str, names: Iterator[str], found: _Found) -> Generator[Ask, Any, int]:
    page: _Page = yield Ask(first, next(names), _read)
    found.begin(page.total_count)
    found.add(page)
    tokens, empty = set[str](), 0
    while token := page.next_page_token:
        if token in tokens:
            raise ContradictionError(f"page {len(tokens) + 2} was given twice (token {token[:40]})")
        tokens.add(token)
        page = yield Ask(f"{first}&pageToken={quote(token, safe='')}", next(names), _read, done=len(found.seen), total=found.total)
        found.add(page)
        empty = 0 if page.studies else empty + 1
        if empty > EMPTY:
            raise ContradictionError(f"{EMPTY} pages without a study, and no end")
    if len(found.seen) != found.total:
        raise ContradictionError(f"{len(found.seen):,} studies came of the {found.total:,} that were told")
    if tokens:  # later pages tell no total: whether it has changed on the way is asked at the end
        again: _Page = yield Ask(f"{first}&fields=NCTId", f".{next(names)}", _read, done=found.total, total=found.total)
        found.agree(again.total_count)
    return found.total
