"""How a model is asked: one protocol, two dialects."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kg_build.errors import KgError, UsageError
from kg_build.retries import AGAIN, BusyError, asked_wait, retrying

Model = Callable[[str, str], str]
"""Instructions and text -> the model's answer. Errors: ModelError."""

URL, NAME, KEY, SECONDS = "KG_LLM_URL", "KG_LLM_MODEL", "KG_LLM_KEY", "KG_LLM_SECONDS"
TRIES = 3
MAX_TOKENS = 16_000
NEEDS = "a language model as reader needs the extra: pip install 'kg-build[llm]'"


class ModelError(KgError):
    """A model that cannot be asked, or answers with nothing usable."""


def named_model(environment: Mapping[str, str] = os.environ) -> Model | None:
    """The model the user named, None where none was."""
    url = environment.get(URL)
    if not url:
        return None
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{URL}={url}: an address begins with http:// or https://")
    if not environment.get(NAME):
        raise UsageError(f"{URL} names an address but {NAME} no model; give --model NAME")
    return Endpoint(url.rstrip("/"), environment[NAME], environment.get(KEY), float(environment.get(SECONDS, "120")))


@dataclass(frozen=True)
class Endpoint:
    """A model behind an address: `.../v1` of an OpenAI-compatible server, or an Anthropic address (`.../v1/messages`)."""

    url: str
    name: str
    key: str | None = None
    seconds: float = 120.0

    def __call__(self, instructions: str, text: str) -> str:
        """The model's answer as it stands; busy, broken and slow servers are asked TRIES times."""
        try:
            import httpx

            attempts = retrying(TRIES, (BusyError, httpx.TransportError), backoff=0.2)
        except ImportError:
            raise ModelError(NEEDS) from None
        try:
            return str(attempts(self._once, instructions, text))
        except BusyError as error:
            raise ModelError(f"{self.url}: {error}") from None
        except httpx.TimeoutException:
            raise ModelError(f"{self.url}: no answer within {self.seconds:g} s; raise {SECONDS}") from None
        except httpx.TransportError as error:
            raise ModelError(f"{self.url}: cannot be reached ({error})") from None

    def _once(self, instructions: str, text: str) -> str:
        import httpx

        address, headers, body = self._request(instructions, text)
        answer = httpx.post(address, headers=headers, json=body, timeout=self.seconds)
        if answer.status_code in AGAIN:
            raise BusyError(f"answered HTTP {answer.status_code}", asked_wait(answer.headers.get("retry-after")))
        if answer.status_code != httpx.codes.OK:
            raise ModelError(f"{self.url}: answered HTTP {answer.status_code}: {answer.text[:200]}")
        try:
            return _said(answer.json())
        except (ValueError, KeyError, IndexError, TypeError):
            raise ModelError(f"{self.url}: the answer is not one of a chat endpoint; check the address") from None

    def _request(self, instructions: str, text: str) -> tuple[str, dict[str, str], dict[str, Any]]:
        if self.url.endswith("/messages"):
            headers = {"anthropic-version": "2023-06-01"} | ({"x-api-key": self.key} if self.key else {})
            said = [{"role": "user", "content": text}]
            return self.url, headers, {"model": self.name, "max_tokens": MAX_TOKENS, "system": instructions, "messages": said}
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        said = [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
        return f"{self.url}/chat/completions", headers, {"model": self.name, "temperature": 0, "messages": said}


def _said(answer: Any) -> str:
    """The words of either dialect's answer."""
    if "choices" in answer:
        return str(answer["choices"][0]["message"]["content"])
    return "".join(str(part["text"]) for part in answer["content"] if part["type"] == "text")
