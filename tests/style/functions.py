"""Find tests that bind one of their parameters again, and tests whose name is too long for a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

LONGEST_NAME = 79

Finding = tuple[str, int]
"""What is wrong and its line."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def findings(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the tests of a Python file.

    A test that binds a parameter again no longer has the value that it was given, such as the one it expects.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, _FUNCTIONS) or not node.name.startswith("test_"):
            continue
        if len(node.name) > LONGEST_NAME:
            yield f'the name "{node.name}" has {len(node.name)} characters, {LONGEST_NAME} are allowed', node.lineno
        parameters = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        for name, line in _bound(node.body):
            if name in parameters:
                yield f'the test binds its parameter "{name}" again', line


def _bound(nodes: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """Yield the names that statements bind, without those that a function or a comprehension has for itself."""
    pending: list[ast.AST] = list(nodes)
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        if not isinstance(node, _SCOPES):
            pending.extend(ast.iter_child_nodes(node))
