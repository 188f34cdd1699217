"""Find names that say nothing about the thing they are bound to: pronouns, prepositions and bare participles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_IGNORED = frozenset({"self", "cls", "_"})

_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar

Binding = tuple[str, int]
"""A bound name and the line that binds it."""


def bindings(tree: ast.Module) -> Iterator[Binding]:
    """Yield every name that the module binds: functions, classes, parameters, variables, attributes, import aliases."""
    for node in ast.walk(tree):
        name = _bound_name(node)
        if name and name not in _IGNORED and not _is_magic(name):
            yield name, getattr(node, "lineno", 0)


def vague_bindings(path: Path, vague: frozenset[str]) -> Iterator[Binding]:
    """Yield the bindings of a Python file whose name, without underscores around it, is in ``vague``."""
    for name, line in bindings(ast.parse(path.read_text("utf-8"))):
        if name.strip("_") in vague:
            yield name, line


def _bound_name(node: ast.AST) -> str | None:
    if isinstance(node, _NAMED):
        return node.name
    if isinstance(node, ast.MatchMapping):
        return node.rest
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.alias):
        return node.asname
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr
    return None


def _is_magic(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
