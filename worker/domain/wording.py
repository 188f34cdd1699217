"""Mark whole English sentences for the message catalogues (see `renderers.words`), and clean and list names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_INVISIBLE = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def sentence(text: str) -> str:
    """Return the text itself. A renderer looks it up in the catalogue of the group's language."""
    return text


def first_names(names: Sequence[str], limit: int = 5) -> str:
    """List the first of the names, and how many more there are."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")


def visible_text(text: str) -> str:
    """Return a name in Unicode's composed form, without invisible characters and with single spaces."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())
