"""Everything that can go wrong, as names a caller can catch.

    KgError                     one clear line: what, where, and the way out
    ├── UsageError              the call was wrong (exit 2): unknown command word, missing file, unknown parameter
    │   └── AmbiguousError      a name fits several things; the candidates are listed
    ├── SourceError             a file cannot be read as any source, or not as the one named (exit 1)
    ├── FetchError              a registry or page cannot be fetched; nothing was published (exit 1)
    │   └── ContradictionError  its answers cannot all be true (a total that changes, a page twice); what was kept of them is dropped
    ├── ReleaseError            a folder is not a graph of ours, or is damaged (exit 1)
    ├── ModelError              a language model cannot be asked (in `llm.endpoint`); the facts of the rules stay
    └── QueryError              a query was refused, failed, or was cut off (exit 1)

A bad record among good ones is not an error but a value: `facts.Rejected`.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors that end a command with one line."""

    exit_code = 1


class UsageError(KgError):
    """The call was wrong."""

    exit_code = 2


class AmbiguousError(UsageError):
    """A name fits several things."""


class SourceError(KgError):
    """Input that cannot be read."""


class FetchError(KgError):
    """A registry or page that cannot be fetched."""


class ContradictionError(FetchError):
    """Answers of one fetch that cannot all be true."""


class ReleaseError(KgError):
    """A folder that is not a graph, or a damaged one."""


class QueryError(KgError):
    """A query that was refused, failed or ran out of time."""
