"""Find words in docstrings, comments and docs that a colleague would not use, and count semicolons."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_INLINE_CODE = re.compile(r"``[^`]*``|`[^`]*`|https?://\S+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")

_MESSAGE_WORDS = 3

Passage = tuple[str, int]
"""A piece of prose and the line where it starts."""


def passages(path: Path) -> Iterator[Passage]:
    """Yield a file's prose: docstrings, comments, messages of Python, comments of Lua, Markdown outside of blocks."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield from _docstrings(ast.parse(text))
        yield from _comments(text)
        yield from _messages(ast.parse(text))
    elif path.suffix == ".lua":
        for number, line in enumerate(text.splitlines(), start=1):
            _, is_comment, comment = line.partition("--")
            if is_comment:
                yield comment, number
    else:
        without_blocks = _CODE_BLOCK.sub(lambda block: "\n" * block.group().count("\n"), text)
        for number, line in enumerate(without_blocks.splitlines(), start=1):
            yield line, number


def unusual_words(path: Path, unusual: re.Pattern[str]) -> Iterator[Passage]:
    """Yield each unusual word of a file and its line."""
    for passage, first_line in passages(path):
        for match in unusual.finditer(_INLINE_CODE.sub("", passage)):
            yield match.group(), first_line + passage.count("\n", 0, match.start())


def word_count(path: Path) -> int:
    """Return the number of words of prose in a file."""
    return sum(len(_WORD.findall(_INLINE_CODE.sub("", passage))) for passage, _ in passages(path))


def semicolon_count(path: Path) -> int:
    """Return the number of semicolons in the prose of a file."""
    return sum(_INLINE_CODE.sub("", passage).count(";") for passage, _ in passages(path))


def _docstrings(tree: ast.Module) -> Iterator[Passage]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value, node.lineno


def _messages(tree: ast.Module) -> Iterator[Passage]:
    """Strings of several words that are no docstring: error messages, help texts, log events."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docstrings:
            continue
        if len(_WORD.findall(node.value)) >= _MESSAGE_WORDS:
            yield node.value, node.lineno


def _comments(text: str) -> Iterator[Passage]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and "noqa" not in token.string and "type:" not in token.string:
            yield token.string.lstrip("# "), token.start[0]
