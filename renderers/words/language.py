"""Translate texts into one language, and write its numbers. English is the source and has no catalogue.

Catalogues are gettext ``.po`` files, read without compiling. `docs/languages.md` says how to update them.
"""

from __future__ import annotations

import gettext
import io
from importlib.resources import files

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from renderers.words.rounding import half_up
from worker.domain.groups import Language

SOURCE: Language = "en"


class Translator:
    """The texts and numbers of one language. `renderers.words.speak` makes one per language and process."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        symbols = self.locale.number_symbols["latn"]
        self._decimal, self._group = str(symbols["decimal"]), str(symbols["group"])
        self._percent = str(self.locale.percent_formats[None].pattern).rpartition("0")[2]
        self._messages = _catalogue(language)

    def say(self, text: str, **values: object) -> str:
        """Translate the text, fill its ``{names}`` with ``values``. Without a translation the text stays as it is."""
        translation = self._messages.gettext(text) if text else ""
        return translation.format(**values) if values else translation

    def say_as(self, context: str, text: str, **values: object) -> str:
        """Translate as `say` does, for a text with several translations that ``context`` tells apart."""
        translation: str = self._messages.pgettext(context, text)
        return translation.format(**values) if values else translation

    def many(self, singular: str, plural: str, number: int, **values: object) -> str:
        """Translate as `say` does, in the singular or plural form for ``number``, which fills ``{n}``."""
        translation: str = self._messages.ngettext(singular, plural, number)
        return translation.format(n=self.decimal(number), **values)

    def decimal(self, number: float, places: int = 0) -> str:
        """Write a number, rounded half up: 1,017 or 1.017, 77.5 or 77,5."""
        whole, point, fraction = f"{half_up(number, places):,f}".partition(".")
        grouped: str = whole.replace(",", self._group)
        return grouped + (self._decimal + fraction if point else "")

    def with_percent_sign(self, number: str) -> str:
        """Add the percent sign: 80% or 80 %, with a space that does not break."""
        return number + self._percent


def _catalogue(language: Language) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    text = (files("renderers.words") / "catalogues" / f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
