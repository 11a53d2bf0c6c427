"""What all structs of the layout share."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base: immutable, camelCase keys, unknown keys tolerated (and counted by `audit`)."""


class Posted(Part, frozen=True, kw_only=True):
    """The day on which the registry showed something."""

    date: str | None = None


class Date(Part, frozen=True, kw_only=True):
    """A date, YYYY-MM-DD or YYYY-MM, and whether it is actual or estimated."""

    date: str | None = None
    type: str | None = None
