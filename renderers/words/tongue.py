"""A language: its catalogue of texts, and how it writes numbers. English is the source, so it has no catalogue.

Catalogues are gettext ``.po`` files beside this package, read as they are. `docs/languages.md` says how they are kept.
"""

from __future__ import annotations

import gettext
import io
from importlib.resources import files

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from worker.domain.groups import Language

SOURCE: Language = "en"


class Tongue:
    """What all words of one language have in common; made once per language and process by `renderers.words.speak`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        symbols = self.locale.number_symbols["latn"]
        self._decimal, self._group = str(symbols["decimal"]), str(symbols["group"])
        self._percent = str(self.locale.percent_formats[None].pattern).rpartition("0")[2]
        self._messages = _catalogue(language)

    def say(self, text: str, **values: object) -> str:
        """The text in this language; ``values`` fill its ``{names}``. One that is in no catalogue stays as it is."""
        said = self._messages.gettext(text) if text else ""
        return said.format(**values) if values else said

    def say_as(self, context: str, text: str, **values: object) -> str:
        """As `say`, for a text that is two in another language, told apart by ``context``."""
        said: str = self._messages.pgettext(context, text)
        return said.format(**values) if values else said

    def many(self, one: str, more: str, number: int, **values: object) -> str:
        """As `say`, in the form that goes with ``number``, which fills ``{n}``."""
        said: str = self._messages.ngettext(one, more, number)
        return said.format(n=self.decimal(number), **values)

    def decimal(self, number: float, places: int = 0) -> str:
        """1,017 or 1.017; 77.5 or 77,5."""
        whole, point, fraction = f"{number:,.{places}f}".partition(".")
        grouped: str = whole.replace(",", self._group)
        return grouped + (self._decimal + fraction if point else "")

    def with_percent_sign(self, number: str) -> str:
        """80% or 80 %, never torn apart at a line's end."""
        return number + self._percent


def _catalogue(language: Language) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    text = (files("renderers.words") / "catalogues" / f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
