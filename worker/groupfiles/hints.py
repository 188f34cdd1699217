"""Say what a line that is not valid TOML probably meant, for the mistakes that authors make most."""

from __future__ import annotations

import json
import re
import unicodedata

from worker.domain.groups import KEY_FORM, KEY_PATTERN

_BARE_TIME = re.compile(r"=\s*(\d{2}:\d{2})\s*(#|$)")
_HEADER = re.compile(r"\[groups\.(?P<key>[^\]\[\"'.]+)(?P<rest>[^\]]*)\]?\s*$")
_BARE_TEXT = re.compile(r"(?P<key>[\w.-]+)\s*=\s*(?P<text>[^\W\d_][^\"'\[\]{}#=]*?)\s*(#.*)?$")
_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a]")
_LITERALS = ("true", "false")


def header_form(line: str) -> str:
    """Return what a group's header is expected to be, "" for any other line, and for a key that is in order."""
    header = _HEADER.match(line)
    return (
        "" if not header or re.fullmatch(KEY_PATTERN, header["key"]) else f"[groups.<key>], where <key> is {KEY_FORM}"
    )


def suggestion(line: str) -> str:
    """Return the value or the line that was probably meant, "" if nothing is likely."""
    if header := _HEADER.match(line):
        return f"[groups.{_plain_key(header['key'])}{header['rest']}]"
    if bare_time := _BARE_TIME.search(line):
        return json.dumps(bare_time[1])
    if _CURLY.search(line):
        return _CURLY.sub('"', line)
    if bare_text := _BARE_TEXT.match(line):
        text = bare_text["text"]
        value = text.lower() if text.lower() in _LITERALS else json.dumps(text, ensure_ascii=False)
        return f"{bare_text['key']} = {value}"
    return ""


def _plain_key(text: str) -> str:
    """Return the text as a key: ``Support Süd`` is ``support-sud``."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", ascii_text).strip("-") or "support"
