"""Update the catalogues from the texts in the code: ``python -m renderers.words.catalogues``.

New texts are added untranslated, changed ones are marked fuzzy, and unused ones are removed. A test lists the texts
that lack a translation.
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
    ("worker/domain/briefing/**.py", "python"),
    ("worker/domain/gap_texts.py", "python"),
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
"""The functions whose texts are translated, and which argument is the text."""


def texts_in_code() -> Catalog:
    """Return every text in the code."""
    template = Catalog(charset="utf-8")
    for name, _, text, comments, context in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS):
        template.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return template


def catalogue_of(language: str) -> Catalog:
    """Read the catalogue of a language."""
    return read_po(BytesIO((HERE / f"{language}.po").read_bytes()), locale=language)


def update(language: str) -> None:
    """Update a language's catalogue."""
    catalogue = catalogue_of(language)
    catalogue.update(texts_in_code())
    file = BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True)
    head = HEADER.format(language=language, plural=catalogue.plural_forms)
    (HERE / f"{language}.po").write_bytes(head.encode() + file.getvalue())


if __name__ == "__main__":
    for file in sorted(HERE.glob("*.po")):
        update(file.stem)
        sys.stdout.write(f"{file.name}: {len(catalogue_of(file.stem))} texts\n")
