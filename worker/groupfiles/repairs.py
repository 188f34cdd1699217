"""Repair a statement that is not valid TOML: a change counts only if the parser accepts what it leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from worker.groupfiles.statements import InvalidToml, load
from worker.groupfiles.values import SWITCHES

_MAX_LENGTH = 2_000
"""Characters of a statement that is worth a repair. Authors write shorter ones, and each attempt parses it."""

_NEXT_KEY = re.compile(r"\s*[\w.-]+\s*=")
_TEXT = r"""(?:"[^"\n]*"|'[^'\n]*')"""
_KEY = r"""^(?P<key>\s*[\w."'-]+)"""

_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]")
_COMMENT = re.compile(r"^\s*(?://|;|--|%)\s*")
_OTHER_SIGN = re.compile(_KEY + r"(?:\s*:\s*|\s+(?=[\"'\[\d]))(?P<value>.+)", re.DOTALL)
_TIME = re.compile(r"=\s*(?P<hours>\d{1,2})[:.]?(?P<minutes>\d{2})(?P<rest>\s*(?:#.*)?)$")
_TIME_KEY = re.compile(r"(?:_at|_until)\s*=")
_LEADING_ZEROS = re.compile(r"=\s*0+(?=\d)")
_PERCENT = re.compile(r"=\s*(?P<digits>\d+(?:[.,]\d+)?)\s*%")
_DECIMAL_COMMA = re.compile(r"(=\s*\d+),(?=\d+\s*(?:#.*)?$)")
_WORD = re.compile(_KEY + r"\s*=\s*(?P<text>[^\W\d_][^\"'\[\]{}#=]*?)[ \t]*(?P<rest>#.*)?$")
_LIST = re.compile(r"\[(?P<items>[^\[\]#]*)\]")
_ITEM = re.compile(rf"{_TEXT}|[^,;\s\"']+(?:[ \t]+[^,;\s\"']+)*")
_NO_COMMA = re.compile(rf"({_TEXT})(?=\s*[\"'])")
_SEMICOLON = re.compile(rf"({_TEXT})\s*;")
_NO_OPENING = re.compile(_KEY + r"(?P<sign>\s*=\s*)(?P<items>[^\[\]]*\])")
_NO_CLOSING_MARK = re.compile(r"""(?P<text>"[^"\]\n,]*)(?P<end>\s*[\],]?\s*)$""")
_TOO_MUCH = re.compile(r"\s*[;,.]\s*$")
_BACKSLASHES = re.compile(r'"([A-Za-z]:\\[^"\'\n]*)"')


@dataclass(frozen=True, slots=True)
class Repair:
    """The first line that changes, counted from 0 in the statement, and what it was probably meant to be."""

    offset: int
    line: str


def repair(statement: str) -> Repair | None:
    """Return the repair of a statement, None if none of the usual mistakes explains it."""
    text = _without_next_keys(statement)
    if len(text) > _MAX_LENGTH:
        return None
    return next((_first_change(text, repaired) for repaired in _candidates(text) if _is_valid(repaired)), None)


def _candidates(text: str) -> Iterator[str]:
    """Yield the text after each usual mistake, also of one with another sign in place of ``=``."""
    with_sign = _OTHER_SIGN.sub(r"\g<key> = \g<value>", text)
    for start in dict.fromkeys((text, with_sign)):
        yield start
        for change in _CHANGES:
            if (repaired := change(start)) != start:
                yield repaired


def _without_next_keys(statement: str) -> str:
    """Return the statement up to the next key: an open bracket or text takes in the lines below it."""
    lines = statement.rstrip().split("\n")
    end = next((number for number, line in enumerate(lines) if number and _NEXT_KEY.match(line)), len(lines))
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "\n".join(lines[:end])


def _is_valid(text: str) -> bool:
    try:
        load(text)
    except InvalidToml:
        return False
    return True


def _first_change(text: str, repaired: str) -> Repair | None:
    pairs = zip(text.split("\n"), [*repaired.split("\n"), ""], strict=False)
    return next((Repair(offset, line.strip()) for offset, (old, line) in enumerate(pairs) if old != line), None)


def _time(text: str) -> str:
    """``standup_at = 8:30``, also ``0830`` for a key that is a time."""
    time = _TIME.search(text)
    if not time or (not _TIME_KEY.search(text) and ":" not in time[0]):
        return text
    return f'{text[: time.start()]}= "{time["hours"].zfill(2)}:{time["minutes"]}"{time["rest"]}'


def _fraction(text: str) -> str:
    """``80%``."""
    return _PERCENT.sub(lambda percent: f"= {float(percent['digits'].replace(',', '.')) / 100:g}", text)


def _word(text: str) -> str:
    """``title = Support``, ``enabled = yes``."""
    word = _WORD.match(text)
    if not word:
        return text
    value = SWITCHES.get(word["text"].lower()) or json.dumps(word["text"], ensure_ascii=False)
    return f"{word['key']} = {value}{'  ' if word['rest'] else ''}{word['rest'] or ''}"


def _words_in_list(text: str) -> str:
    """``queues = [Billing, Sales]``."""
    return _LIST.sub(lambda brackets: _ITEM.sub(_quoted, brackets["items"].replace(";", ",")).join("[]"), text)


def _quoted(item: re.Match[str]) -> str:
    return item[0] if item[0][0] in "\"'" else json.dumps(item[0], ensure_ascii=False)


def _closing_mark(text: str) -> str:
    return _NO_CLOSING_MARK.sub(r'\g<text>"\g<end>', text) if text.count('"') % 2 else text


_CHANGES: tuple[Callable[[str], str], ...] = (
    lambda text: _COMMENT.sub("# ", text),
    lambda text: _CURLY.sub('"', text),
    _time,
    lambda text: _LEADING_ZEROS.sub("= ", text),
    _fraction,
    lambda text: _DECIMAL_COMMA.sub(r"\1.", text),
    _word,
    lambda text: _NO_COMMA.sub(r"\1,", text),
    lambda text: _SEMICOLON.sub(r"\1,", text),
    lambda text: _TOO_MUCH.sub("", text),
    lambda text: _NO_OPENING.sub(r"\g<key>\g<sign>[\g<items>", text),
    lambda text: text if text.endswith("[") else f"{text}]",
    _closing_mark,
    _words_in_list,
    lambda text: _BACKSLASHES.sub(r"'\1'", text),
)
"""What authors get wrong, the likeliest reading first."""
