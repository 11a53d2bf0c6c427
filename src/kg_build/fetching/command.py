"""The command `kg fetch`: one sub-command a source."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg_build.errors import FetchError, UsageError

if TYPE_CHECKING:
    from kg_build.fetching.asking import Request
    from kg_build.fetching.client import Policy
    from kg_build.fetching.flow import Progress, Result

NEEDS = "fetching needs the extra: pip install 'kg-build[fetch]'"
app = typer.Typer(
    help="Download from a registry or a page into a folder that kg build reads.  Example: kg fetch ctgov --query isatuximab",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Out = Annotated[Path, typer.Option("--out", help="Folder to fetch into; earlier fetches in it stay.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be asked, and ask nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
Url = Annotated[str | None, typer.Option("--url", help="Another address of the same: a mirror, or where the source has moved.")]
DATA = Path("data")


@app.command()
def ctgov(
    query: Annotated[str | None, typer.Option("--query", help="Words or an expression in the registry's own syntax.")] = None,
    condition: Annotated[str | None, typer.Option("--condition", help="Condition or disease.")] = None,
    intervention: Annotated[str | None, typer.Option("--intervention", help="Intervention or treatment.")] = None,
    ids: Annotated[list[str] | None, typer.Option("--ids", help="NCT numbers, with commas between, or @FILE with one a line.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only studies updated since this day, YYYY-MM-DD.")] = None,
    out: Out = DATA,
    url: Url = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Studies of ClinicalTrials.gov.  Example: kg fetch ctgov --query isatuximab --since 2024-01-01 --out data"""
    with _extra():
        from kg_build.fetching import ctgov as source
    numbers = _numbers(ids or [])
    request = source.request(query=query, condition=condition, intervention=intervention, ids=numbers, since=since, api=url or source.API)
    _run([request], source.POLICY, out, dry_run, quiet)


@app.command()
def openfda(
    endpoint: Annotated[str, typer.Argument(help="drugsfda or label.")] = "drugsfda",
    query: Annotated[str | None, typer.Option("--query", help="A search in openFDA's syntax; your API key in KG_OPENFDA_KEY.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="The whole endpoint, as its bulk files.")] = False,
    out: Out = DATA,
    url: Url = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Applications or labels of openFDA.  Example: kg fetch openfda label --query 'openfda.brand_name:sarclisa'"""
    with _extra():
        from kg_build.fetching import openfda as source
    request = source.request(endpoint, query, whole=whole, api=url or source.API)
    _run([request], source.POLICY, out, dry_run, quiet, os.environ.get(source.KEY))


@app.command()
def drugsfda(out: Out = DATA, url: Url = None, dry_run: DryRun = False, quiet: Quiet = False) -> None:
    """The zip of Drugs@FDA, when it has changed.  Example: kg fetch drugsfda --out data"""
    with _extra():
        from kg_build.fetching import drugsfda as source
    _run([source.request(url or source.URL)], source.POLICY, out, dry_run, quiet)


@app.command()
def ema(out: Out = DATA, url: Url = None, dry_run: DryRun = False, quiet: Quiet = False) -> None:
    """EMA's table of medicines, when it has changed.  Example: kg fetch ema --out data"""
    with _extra():
        from kg_build.fetching import ema as source
    _run([source.request(url or source.URL)], source.POLICY, out, dry_run, quiet)


@app.command()
def article(
    urls: Annotated[list[str], typer.Argument(help="Addresses of pages, texts, PDF or Word files.")],
    out: Out = DATA,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Articles by their addresses, each for itself.  Example: kg fetch article https://www.example.org/news/approval --out data"""
    with _extra():
        from kg_build.fetching import article as source
    _run([source.request(url) for url in dict.fromkeys(urls)], source.POLICY, out, dry_run, quiet)


# ---- what all do -----------------------------------------------------------------------------------------------------------------


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kg_build"):
            raise
        raise UsageError(NEEDS) from None


def _numbers(given: Sequence[str]) -> list[str]:
    """NCT numbers as they were given: with commas or spaces between, or in a file."""
    texts = []
    for text in given:
        try:
            texts.append(Path(text[1:]).read_text("utf-8") if text.startswith("@") else text)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{text[1:]}: cannot be read as a list of numbers ({error})") from None
    return [number for text in texts for number in text.replace(",", " ").split()]


def _run(requests: Sequence[Request], policy: Policy, out: Path, dry_run: bool, quiet: bool, key: str | None = None) -> None:
    from kg_build.fetching.client import Client
    from kg_build.fetching.flow import fetch

    if dry_run:
        _plan(requests, policy, out)
        return
    failed: list[FetchError] = []
    with Client(policy, _keys(requests, key)) as client:
        for request in requests:
            try:
                with _progress(request, quiet) as progress:
                    result = fetch(request, out, client, progress)
                _tell(request, result)
            except FetchError as error:
                failed.append(error)
    for earlier in failed[:-1]:
        sys.stderr.write(f"kg: {earlier}\n")
    if failed:
        raise failed[-1]


def _keys(requests: Sequence[Request], key: str | None) -> dict[str, str]:
    from kg_build.fetching.addresses import checked

    return {checked(url).host: key for request in requests for url in request.firsts} if key else {}


def _plan(requests: Sequence[Request], policy: Policy, out: Path) -> None:
    """What would be asked: the first addresses, the pace, and where the answers would go."""
    from kg_build.fetching.checkpoint import PARTIAL, latest
    from kg_build.fetching.flow import folder_of
    from kg_build.sources.fetched import entries

    for request in requests:
        folder = folder_of(request, out)
        for url in request.firsts:
            sys.stdout.write(f"GET {url}\n")
        sys.stdout.write(f"    at most {policy.per_minute:g} questions a minute, {policy.tries} tries each; into {folder}\n")
        if kept := entries(folder / PARTIAL):
            sys.stdout.write(f"    {len(kept):,} answers of an unfinished run are there and would not be asked again\n")
        if last := latest(folder):
            sys.stdout.write(f"    fetched before, on {last.name}: what has not changed since would not be sent again\n")


def _tell(request: Request, result: Result) -> None:
    count = _some(result.whole.records, request.record)
    if result.whole.missing:
        sys.stderr.write(f"{request.source}: not there: {', '.join(result.whole.missing)}\n")
    if result.new:
        sys.stdout.write(f"{request.source}: {count} in {_some(result.files, 'file')}, {result.folder}\n")
    else:
        sys.stdout.write(f"{request.source}: {count}, unchanged since {result.folder}\n")


def _some(count: int, noun: str) -> str:
    """A number of things.

    >>> _some(1, "study"), _some(2000, "study"), _some(2, "file")
    ('1 study', '2,000 studies', '2 files')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


@contextmanager
def _progress(request: Request, quiet: bool) -> Iterator[Progress]:
    """A bar, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(request.source, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
