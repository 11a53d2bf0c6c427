"""The optional reader by language model: off until the user names an endpoint, and never believed without proof.

endpoint    asks a model at an OpenAI-compatible or Anthropic address; the protocol is one function
prompt      what the model is asked for
proof       a slot counts only when its quote stands in the text and reading the quote again gives the same value

What the rules read stays; the model may add to it. Nothing is sent anywhere unless KG_LLM_URL (or `--llm`) names an address.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

from kg_build.lexicon import Lexicon
from kg_build.llm.endpoint import URL, Model, ModelError, named_model
from kg_build.llm.prompt import ask_for
from kg_build.llm.proof import proven
from kg_build.reading import Facts
from kg_build.reading.verify import verified

__all__ = ["URL", "Model", "ModelError", "extended", "named_model"]

_LOG = logging.getLogger("kg_build.llm")


def extended(text: str, facts: Facts, lexicon: Lexicon, model: Model) -> Facts:
    """The facts of the rules and what a model adds that holds; where the model fails, those of the rules, and a warning."""
    try:
        added, refused = proven(model(*ask_for(text)), text, facts, lexicon)
    except ModelError as error:
        _LOG.warning("%s; the facts are those of the rules alone", error)
        return facts
    if refused:
        _LOG.info("%d slots of the model were refused: their quotes do not prove them", refused)
    lists: dict[str, Any] = {kind: (*getattr(facts, kind), *verified(text, new)) for kind, new in added.items()}
    return dataclasses.replace(facts, **lists)
