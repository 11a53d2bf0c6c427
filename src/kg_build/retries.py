"""Asking a server again: after which answers, how long to wait, and when to give up. One policy for registries, pages and models."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tenacity

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""HTTP statuses that may be another in a moment."""
LONGEST = 300.0
"""Seconds that a server may ask to wait; one that asks for more is asked another time."""


class BusyError(Exception):
    """An answer after which it is worth asking again; `wait`: the seconds that the server asked for."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def retrying(
    tries: int, again: tuple[type[Exception], ...], backoff: float = 1.0, sleep: Callable[[float], None] = time.sleep
) -> tenacity.Retrying:
    """Calls a function up to `tries` times; between them exponential backoff (first up to `backoff` s) with full jitter, or what is asked.

    The last error is raised as it is.
    """
    import tenacity

    jitter = tenacity.wait_random_exponential(multiplier=backoff, max=60 * backoff)

    def enough(state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= tries or _asked(state) > LONGEST

    return tenacity.Retrying(
        stop=enough,
        wait=lambda state: max(_asked(state), jitter(state)),
        retry=tenacity.retry_if_exception_type(again),
        sleep=sleep,
        reraise=True,
    )


def _asked(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return getattr(error, "wait", None) or 0.0


def asked_wait(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a Retry-After header, which states seconds or a date; None where it states neither.

    >>> asked_wait("120"), asked_wait("Wed, 01 Jan 2025 00:00:30 GMT", datetime(2025, 1, 1, tzinfo=UTC)), asked_wait("soon")
    (120.0, 30.0, None)
    """
    text = (header or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        day = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (day.replace(tzinfo=day.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds())
