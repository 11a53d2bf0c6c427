r"""How patterns are compiled: with the characters that a match can begin with, so that a search skips all other places.

`re` does so only where the very first item of a pattern is a character or a class; here it is told of `\b(?:was|were)` and
`(?<!-)(?:[Tt]he\s)?trial`, too. Nothing of what is found changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")
_compiler: Any = import_module("re._compiler")
_sre: Any = import_module("_sre")

Item = tuple[Any, Any]
_ALSO = {"i": "ıİ", "k": "\u212a", "s": "ſ"}
"""Characters beyond ASCII that `re.IGNORECASE` takes for a letter."""
_ASCII = 128


class _UntoldError(Exception):
    """A pattern may begin with anything."""


def heads_of(tree: Iterable[Item], flags: int) -> list[Item] | None:
    """Items of a character class that holds every first character of a match; None where there is no telling."""
    try:
        found, empty = _of_sequence(tree, flags)
    except _UntoldError:
        return None
    return None if empty else list(dict.fromkeys(found))


def _of_sequence(items: Iterable[Item], flags: int) -> tuple[list[Item], bool]:
    """Possible first characters, and whether the items can match without one."""
    found: list[Item] = []
    for operation, value in items:
        heads, empty = _of_item(str(operation), value, flags)
        found += heads
        if not empty:
            return found, False
    return found, True


def _of_item(operation: str, value: Any, flags: int) -> tuple[list[Item], bool]:
    if operation == "LITERAL":
        return _cases(value, flags), False
    if operation == "IN":
        return _of_class(value, flags), False
    if operation == "SUBPATTERN":
        _, added, taken, inner = value
        return _of_sequence(inner, (flags | added) & ~taken)
    if operation == "BRANCH":
        branches = [_of_sequence(branch, flags) for branch in value[1]]
        return [item for heads, _ in branches for item in heads], any(empty for _, empty in branches)
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        heads, empty = _of_sequence(value[2], flags)
        return heads, empty or not value[0]
    if operation == "ATOMIC_GROUP":
        return _of_sequence(value, flags)
    if operation == "ASSERT" and value[0] > 0:
        return _of_sequence(value[1], flags)
    if operation in ("AT", "ASSERT", "ASSERT_NOT"):
        return [], True
    raise _UntoldError


def _cases(code: int, flags: int) -> list[Item]:
    """A character, in all its cases where case is ignored."""
    char = chr(code)
    if not flags & re.IGNORECASE or char.lower() == char.upper():
        return [(_parser.LITERAL, code)]
    if code >= _ASCII:
        raise _UntoldError
    return [(_parser.LITERAL, ord(case)) for case in char.lower() + char.upper() + _ALSO.get(char.lower(), "")]


def _of_class(items: list[Item], flags: int) -> list[Item]:
    found: list[Item] = []
    for operation, value in items:
        if str(operation) == "LITERAL":
            found += _cases(value, flags)
        elif str(operation) == "CATEGORY" or (str(operation) == "RANGE" and not flags & re.IGNORECASE):
            found.append((operation, value))
        elif str(operation) == "RANGE" and value[1] < _ASCII:
            found += [item for code in range(value[0], value[1] + 1) for item in _cases(code, flags)]
        else:
            raise _UntoldError
    return found


def compiled(tree: Any, flags: int, often: bool = False) -> re.Pattern[str]:
    """What `re.compile` makes of a parsed pattern, with its first characters told to the search.

    Where it is searched `often`, it is worth the time to tell those of its alternatives, too.
    """
    flags |= tree.state.flags
    names: dict[str, int] = tree.state.groupdict
    by_number: list[str | None] = [None] * tree.state.groups
    for name, number in names.items():
        by_number[number] = name
    made: re.Pattern[str] = _sre.compile(
        None, flags, _code(tree, _guarded(tree, flags) if often else tree, flags), tree.state.groups - 1, names, tuple(by_number)
    )
    return made


def _code(tree: Any, body: Any, flags: int) -> list[int]:
    code: list[int] = []
    plain = not tree.getwidth()[0] or _compiler._get_literal_prefix(tree, flags)[0]
    heads = None if plain else heads_of(tree, flags)
    if heads:
        told = _parser.SubPattern(tree.state, [(_parser.IN, heads)])
        _compiler._compile_info(code, told, flags & ~re.IGNORECASE)
    else:
        _compiler._compile_info(code, tree, flags)
    _compiler._compile(code, body.data, flags)
    code.append(_compiler.SUCCESS)
    return code


def _guarded(items: Any, flags: int) -> Any:
    """The same pattern whose alternatives are each tried only where one of their first characters stands."""
    return _parser.SubPattern(items.state, [_guarded_item(str(operation), operation, value, flags) for operation, value in items])


def _guarded_item(name: str, operation: Any, value: Any, flags: int) -> Item:
    if name == "BRANCH":
        return operation, (value[0], [_guarded_branch(branch, flags) for branch in value[1]])
    if name == "SUBPATTERN":
        number, added, taken, inner = value
        return operation, (number, added, taken, _guarded(inner, (flags | added) & ~taken))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return operation, (value[0], value[1], _guarded(value[2], flags))
    if name == "ATOMIC_GROUP":
        return operation, _guarded(value, flags)
    if name in ("ASSERT", "ASSERT_NOT") and value[0] > 0:
        return operation, (value[0], _guarded(value[1], flags))
    return operation, value


def _guarded_branch(branch: Any, flags: int) -> Any:
    guarded = _guarded(branch, flags)
    if not len(branch) or (str(branch[0][0]) in ("LITERAL", "IN") and not flags & re.IGNORECASE):
        return guarded  # `re` itself looks at the first character
    heads = heads_of(branch, flags)
    if not heads:
        return guarded
    head = (_parser.IN, heads)
    cased = _parser.SubPattern(branch.state, [head])
    if str(branch[0][0]) in ("LITERAL", "IN"):
        return _parser.SubPattern(branch.state, [(_parser.SUBPATTERN, (None, 0, re.IGNORECASE, cased)), *guarded[1:]])
    return _parser.SubPattern(
        branch.state,
        [(_parser.ASSERT, (1, _parser.SubPattern(branch.state, [(_parser.SUBPATTERN, (None, 0, re.IGNORECASE, cased))]))), *guarded],
    )
