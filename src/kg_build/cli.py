"""The command `kg`: data on stdout, progress and log lines on stderr, one clear line for whatever is wrong.

Exit: 0 done, 1 found something wrong (violations, damaged release, nothing read), 2 the call was wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kg_build import __version__
from kg_build.errors import KgError, UsageError
from kg_build.fetching import command as fetching

if TYPE_CHECKING:
    from kg_build.build import Progress, Report
    from kg_build.graph import Graph

CALL_ERROR: type[Any] = next(base for base in typer.BadParameter.mro() if base.__name__ == "ClickException")
"""What a wrong call raises: from the click that typer brings, or from the one it takes."""

DAY = 86_400.0
CHECK_SECONDS = 600.0  # a check walks the whole graph

app = typer.Typer(
    name="kg",
    help="Drugs, trials and approvals as one knowledge graph, each answer with the sentence or registry field it came from.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(fetching.app, name="fetch")

Kg = Annotated[Path | None, typer.Option("--kg", envvar="KG_DIR", help="Folder of the graph (default ./kg, else the shipped sample).")]
Format = Annotated[str, typer.Option("--format", help="table, json, csv, tsv or md.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.")]
Llm = Annotated[
    str | None,
    typer.Option("--llm", help="Address of a language model that reads along (OpenAI-compatible or Anthropic); texts are sent there."),
]
LlmModel = Annotated[str | None, typer.Option("--model", help="Name of that model; its key stands in KG_LLM_KEY.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Answer from what was known on that day (YYYY-MM-DD, or a month or year).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]


def _version(wanted: bool) -> None:
    if wanted:
        _out(f"kg-build {__version__}\n")
        raise typer.Exit


@app.callback()
def _main(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False) -> None:
    pass


# ---- building and reading --------------------------------------------------------------------------------------------------------


@app.command()
def build(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, folders, archives; none: the shipped sample.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder of the graph.")] = Path("kg"),
    workers: Annotated[int, typer.Option("--workers", min=0, help="Processes; 0 = one a core.")] = 0,
    source: Annotated[str | None, typer.Option("--source", help="Read everything as this source instead of recognising it.")] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", help="Since when records are known that nothing dates.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Publish although a source has far fewer records than before.")] = False,
    llm: Llm = None,
    model: LlmModel = None,
    quiet: Quiet = False,
) -> None:
    """Read files and publish a graph.  Example: kg build news/ studies.jsonl.gz --out kg"""
    from kg_build import terms
    from kg_build.build import build as run
    from kg_build.past import a_date

    known_at = a_date(known_at) if known_at else None
    _reads_along(llm, model)
    given = paths or [terms.resource("sample")]
    for path in given:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    with _progress(quiet) as say:
        report = run(given, out, workers=workers or os.cpu_count() or 1, source=source, known_at=known_at, accept=accept, progress=say)
    _report(report, out)


@app.command()
def extract(
    paths: Annotated[list[str], typer.Argument(help="Texts (.txt, .md, .html, .pdf, .docx), folders, or - for stdin.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for one facts file a text.")] = None,
    form: Annotated[str, typer.Option("--format", help="json or table.")] = "json",
    llm: Llm = None,
    model: LlmModel = None,
) -> None:
    """Read the facts of texts (also PDF and Word), without a graph.  Example: kg extract article.txt --out facts/"""
    from kg_build import extraction
    from kg_build.facts import Rejected

    if form not in {"json", "table"}:
        raise UsageError(f"no format named '{form}'; known: json, table")
    _reads_along(llm, model)
    count = refused = 0
    for name, record in extraction.extract(paths, sys.stdin.buffer):
        if isinstance(record, Rejected):
            refused += 1
            _log(f"{record.where}: {record.reason}")
            continue
        count += 1
        if out is not None:
            extraction.save(out, name, record)
        else:
            _out(extraction.as_json(record) if form == "json" else extraction.as_table(record))
    if out is not None and count:
        _log(f"wrote {count:,} facts file{'' if count == 1 else 's'} in {out}")
    if refused:
        raise typer.Exit(1)


def _reads_along(address: str | None, model: str | None) -> None:
    """Names the model for this process and its workers, and refuses an incomplete name before anything is read."""
    from kg_build.llm import endpoint

    given = {endpoint.URL: address, endpoint.NAME: model}
    os.environ.update({name: value for name, value in given.items() if value})
    endpoint.named_model()


# ---- asking ----------------------------------------------------------------------------------------------------------------------


@app.command()
def questions(form: Format = "table") -> None:
    """List the question library.  Example: kg questions"""
    from kg_build.answers import format_answer
    from kg_build.questions import library
    from kg_build.rdf.writer import text
    from kg_build.store import Answer

    rows = [
        [text(q.topic), text(q.name), text(q.title), text(" ".join(f"{k}={v}" for k, v in q.examples["sample"].items()))]
        for q in sorted(library().values(), key=lambda q: (q.topic, q.name))
    ]
    _out(format_answer(Answer(("topic", "question", "title", "example"), [list(row) for row in rows]), form, _width()))


@app.command()
def ask(
    name: Annotated[str, typer.Argument(help="A question; `kg questions` lists them.")],
    parameters: Annotated[list[str] | None, typer.Argument(help="key=value; values are labels, synonyms, ids or IRIs.")] = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="Add the sentence or registry field behind each row.")] = False,
    form: Format = "table",
    as_of: AsOf = None,
    kg: Kg = None,
) -> None:
    """Answer a question of the library.  Example: kg ask approvals agent=isatuximab --evidence"""
    from kg_build import questions as library
    from kg_build.answers import format_answer

    library.question(name)
    bindings = library.parse_bindings(parameters or [])
    with _graph(kg, as_of) as graph:
        _out(format_answer(library.ask(graph.store, name, bindings, evidence), form, _width()))


@app.command()
def sparql(
    query: Annotated[str | None, typer.Argument(help="The query; - for stdin.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="File with the query.")] = None,
    form: Format = "table",
    as_of: AsOf = None,
    kg: Kg = None,
) -> None:
    """Answer any read-only SPARQL query.  Example: kg sparql 'SELECT ?a { ?a a kg:Agent }'"""
    from kg_build.answers import format_answer
    from kg_build.questions import with_prefixes
    from kg_build.store import Answer

    text = _query(query, file)
    with _graph(kg, as_of) as graph:
        result = graph.store.run(with_prefixes(text))
    if isinstance(result, Answer):
        _out(format_answer(result, form, _width()))
    elif isinstance(result, bool):
        _out(f"{str(result).lower()}\n")
    else:
        _out("".join(f"{line}\n" for line in result))


def _query(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise UsageError("give a query or --file, one of the two")
    if file is not None:
        try:
            return file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: cannot be read as a query ({error})") from None
    return sys.stdin.read() if query == "-" else query or ""


@app.command()
def show(entity: Annotated[str, typer.Argument(help="Label, synonym, id or IRI.")], as_of: AsOf = None, kg: Kg = None) -> None:
    """Tell what is known of a thing, with sentences.  Example: kg show isatuximab"""
    from kg_build.views.card import draw_card

    with _graph(kg, as_of) as graph:
        _out(draw_card(graph.store, graph.find(entity)))


@app.command()
def view(
    entities: Annotated[list[str] | None, typer.Argument(help="What to show; none: the whole graph, as far as it fits.")] = None,
    hops: Annotated[int, typer.Option("--hops", min=1, max=4, help="Steps away from what is shown.")] = 2,
    limit: Annotated[int, typer.Option("--limit", min=10, max=2000, help="Cards at most.")] = 150,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")] = Path("graph.html"),
    as_of: AsOf = None,
    kg: Kg = None,
) -> None:
    """Write the interactive graph, one self-contained HTML file.  Example: kg view isatuximab -o isatuximab.html"""
    from kg_build.graph import neighbourhood
    from kg_build.views.explorer import draw_explorer

    with _graph(kg, as_of) as graph:
        iris = [graph.find(name) for name in entities or []]
        page = draw_explorer(neighbourhood(graph.store, iris, hops, limit), ", ".join(entities or []) or "The whole graph")
    _write(output, page)


@app.command()
def links(
    kind: Annotated[str | None, typer.Option("--kind", help="agent, condition, study, organization, endpoint, event...")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="exact, folded, suffix, salt, code, brand, combination, judgement...")] = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Names without a link that are near to a known one, nearest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows at most.")] = 50,
    form: Format = "table",
    kg: Kg = None,
) -> None:
    """List what names were linked to and by which rule, or the doubtful ones.  Example: kg links --unsure --kind agent"""
    from kg_build import links as listed
    from kg_build.answers import format_answer
    from kg_build.lexicon import load

    with _graph(kg) as graph:
        _out(format_answer(listed.table(graph.release, load(), kind, rule, unsure, limit), form, _width()))


# ---- the release -----------------------------------------------------------------------------------------------------------------


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", help="nquads (sorted).")] = "nquads", output: Output = None, kg: Kg = None
) -> None:
    """Write the whole graph.  Example: kg export -o graph.nq"""
    from kg_build import release

    if form != "nquads":
        raise UsageError(f"no format named '{form}'; known: nquads")
    with _graph(kg) as graph:
        lines = release.quads(graph.release)
        if output is None:
            for line in lines:
                _out(line)
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            with output.open("w", encoding="utf-8", newline="\n") as stream:
                stream.writelines(lines)
            _log(f"wrote {output}")


@app.command()
def check(rows: Annotated[int, typer.Option("--rows", min=0, help="Violations to print a check.")] = 5, kg: Kg = None) -> None:
    """Run the violation queries; exit 1 when an error is found, 0 with warnings only.  Example: kg check"""
    from kg_build.questions import check as run
    from kg_build.questions import text_of

    found = {"error": 0, "warning": 0}
    with _graph(kg) as graph:
        graph.store.seconds = max(graph.store.seconds, CHECK_SECONDS)
        for one in run(graph.store):
            found[one.level] += len(one.found.rows)
            _out(f"{len(one.found.rows):8,}  {one.name}{' (warning)' if one.level == 'warning' else ''}\n")
            for row in one.found.rows[:rows]:
                _out(f"            {'  '.join(text_of(cell) for cell in row)}\n")
    _out(f"{found['error']:,} errors, {found['warning']:,} warnings\n")
    if found["error"]:
        raise typer.Exit(1)


@app.command()
def verify(kg: Kg = None) -> None:
    """Compare every file of the graph with its checksum; exit 1 naming the damaged ones.  Example: kg verify"""
    from kg_build import release

    with _graph(kg) as graph:
        problems = release.verify(graph.release)
        for problem in problems:
            _out(f"{problem}\n")
        if problems:
            raise typer.Exit(1)
        known = release.manifest(graph.release)
    _out(f"{len(known.sha256):,} files sound, {known.quads:,} quads\n")


# ---- helpers ---------------------------------------------------------------------------------------------------------------------


@contextmanager
def _graph(kg: Path | None, as_of: str | None = None) -> Iterator[Graph]:
    from kg_build import graph

    if kg is None and not Path("kg").exists():
        _log("no graph in ./kg: answering from the shipped sample")
        opened = graph.open("kg", _seconds(), as_of)
    else:
        opened = graph.Graph(kg or Path("kg"), _seconds(), as_of)
    if then := opened.then:
        _log(f"as of {as_of}: {then.known:,} records; left out: {then.later:,} known later, {then.undated:,} without a date")
    with opened:
        yield opened


def _seconds() -> float:
    text = os.environ.get("KG_SECONDS", "60")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= DAY:
        raise UsageError(f"KG_SECONDS={text}: not a number of seconds between 0 and a day")
    return seconds


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """A spinner with the current step, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)


def _report(report: Report, out: Path) -> None:
    """Counts per source and what was left out, in the order a reader asks for them."""
    for name, c in sorted(report.counts.items()):
        older = f" ({c.superseded:,} of them older versions)" if c.superseded else ""
        idle = f" + {c.unmentioned:,} unmentioned" if c.unmentioned else ""
        undated = f"; {c.undated:,} undated" if c.undated else ""
        parts = f"{c.published:,} published{older} + {c.merged:,} merged + {c.quarantined:,} quarantined{idle}"
        _out(f"{name}: read {c.read:,} = {parts}{undated}\n")
    if report.groups:
        _out("reported groups: " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.groups.items())) + "\n")
    for line in report.smaller:
        _log(f"fewer than before: {line}")
    for path, reason in report.skipped:
        _log(f"not read: {path}: {reason}")
    for one in report.quarantined[:5]:
        _log(f"quarantined: {one.where}: {one.reason}")
    names = sum(count for _, _, count in report.unlinked)
    if names:
        _log(f"unlinked: {len(report.unlinked):,} names, {names:,} mentions; see {report.folder / 'unlinked.tsv'}")
    _out(f"{report.quads:,} quads in {out}\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    _log(f"wrote {path}")


def _width() -> int | None:
    from shutil import get_terminal_size

    return get_terminal_size().columns if sys.stdout.isatty() else None


def _out(text: str) -> None:
    sys.stdout.write(text)


def _log(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; every failure is one line on stderr and an exit code."""
    code: object = 0
    try:
        code = app(list(arguments) if arguments is not None else None, standalone_mode=False)
        sys.stdout.flush()
    except KgError as error:
        _log(f"kg: {' '.join(str(error).split())}")
        code = error.exit_code
    except CALL_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            _log(error.format_message())
            raise SystemExit(2) from None
        _log(f"kg: {' '.join(error.format_message().split())}")
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _log(f"kg: {error.filename or 'file system'}: {error.strerror or error}")
        code = 1
    except typer.Abort:
        _log("kg: ended")
        code = 1
    except KeyboardInterrupt:
        _log("kg: interrupted")
        code = 130
    raise SystemExit(code if isinstance(code, int) else 0)
