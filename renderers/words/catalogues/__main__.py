"""Brings the catalogues up to date with the texts in the code: ``python -m renderers.words.catalogues``.

New texts come in untranslated, changed ones marked fuzzy, and those that are no longer said go. A test tells which of
them still lack their translation.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
METHODS = [
    ("renderers/**.py", "python"),
    ("worker/domain/compose.py", "python"),
    ("worker/domain/briefing/lines.py", "python"),
    ("renderers/**.html", "jinja2.ext:babel_extract"),
]
HEADER = """\
# The code holds the English texts; docs/languages.md says how this file is kept.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural}\\n"

"""
KEYWORDS = {"say": None, "say_as": ((1, "c"), 2), "many": (1, 2), "sentence": None, "Column": (1,)}
"""The functions whose text stands in a catalogue, and which of their arguments that is."""


def said() -> Catalog:
    """Every text in the code."""
    template = Catalog(charset="utf-8")
    for name, _, text, comments, context in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS):
        template.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return template


def kept(language: str) -> Catalog:
    """The catalogue of a language as it is."""
    return read_po(BytesIO((HERE / f"{language}.po").read_bytes()), locale=language)


def update(language: str) -> None:
    """Bring a language's catalogue up to date."""
    catalogue = kept(language)
    catalogue.update(said())
    written = BytesIO()
    write_po(
        written, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True
    )
    head = HEADER.format(language=language, plural=catalogue.plural_forms)
    (HERE / f"{language}.po").write_bytes(head.encode() + written.getvalue())


if __name__ == "__main__":
    for file in sorted(HERE.glob("*.po")):
        update(file.stem)
        sys.stdout.write(f"{file.name}: {len(kept(file.stem))} texts\n")
