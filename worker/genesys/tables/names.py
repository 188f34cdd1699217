"""Names of queues and agents as files write them, and how they match the names of an order. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from worker.domain.wording import visible_text
from worker.genesys.api.shapes import NAME_CHARACTERS

_FORMULA_GUARD = re.compile(r"'(?=[=+\-@\t\r])")
"""The apostrophe that exports put before a name that a spreadsheet would take for a formula (OWASP, CSV injection)."""

_QUOTED_TEXT = re.compile(r'="(.*)"')
"""A text that an export writes as a formula, so that a spreadsheet keeps it as it is."""

TELLING_LETTERS = 4
"""Names with fewer letters and digits than this are not compared by them."""


def clean_name(text: str) -> str:
    """Return a name in Unicode's composed form, without invisible characters and with single spaces, cut if long."""
    return visible_text(text)[:NAME_CHARACTERS]


def letters_of(name: str) -> str:
    """Return the letters and digits of a name, whatever an export does to its punctuation, spaces and capitals."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def without_case(name: str) -> str:
    """Return a name without differences of capitals, width (``Ａ`` is ``A``) and spaces."""
    return unicodedata.normalize("NFKC", clean_name(name).casefold())


class NameIndex:
    """Finds the id that belongs to a name in a file. An exact match comes first, then the cleaned name."""

    def __init__(self, ids_by_name: Mapping[str, str]) -> None:
        self._exact = dict(ids_by_name)
        self._clean: dict[str, str | None] = {}
        for name, queue_id in ids_by_name.items():
            key = clean_name(name)
            # two names that differ only in spaces match exactly or not at all
            self._clean[key] = queue_id if self._clean.get(key, queue_id) == queue_id else None

    def find(self, text: str) -> str | None:
        """Return the id for the text of a cell, or None."""
        for spelling in _spellings(text):
            found_id = self._exact.get(spelling) or self._clean.get(clean_name(spelling))
            if found_id:
                return found_id
        return None


def _spellings(text: str) -> Iterable[str]:
    yield text
    guarded = _FORMULA_GUARD.sub("", text.strip(), count=1)
    if guarded != text.strip():
        yield guarded
    quoted = _QUOTED_TEXT.fullmatch(text.strip())
    if quoted:
        yield quoted[1].replace('""', '"')
