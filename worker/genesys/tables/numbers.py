"""Numbers, percentages and durations as exports write them, and the manner in which a column writes them. Pure.

Where ``1,234`` could be more than a thousand or little more than one, a single cell does not tell. So the manner is
decided for a column as a whole: it has to read every cell of the order's rows.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.genesys.tables.columns import Kind
from worker.genesys.tables.xlsx.number_formats import ExactNumber

FLOAT_TOLERANCE = 1e-9
"""Far below what a file writes, far above what floating point loses."""

_NO_FIGURE = frozenset(
    [
        *("na", "nan", "null", "none", "inf", "infinity", "∞", "undefined", "unknown", "blank", "error"),
        *("nodata", "novalue", "notavailable", "notapplicable", "gettingdata"),
        *("ka", "nv", "keineangabe", "keinedaten", "keinwert", "nichtverfügbar", "nichtzutreffend", "entfällt"),
        *("unbekannt", "leer", "fehler"),
        *("nd", "so", "nc", "sansobjet", "nondisponible", "indisponible", "aucunedonnée", "inconnu", "erreur"),
        *("sd", "nodisponible", "noaplica", "sindatos", "desconocido", "nãodisponível", "semdados"),
        *("nondisponibile", "nessundato", "nb", "nvt", "nietbeschikbaar", "nietvantoepassing", "geengegevens"),
        *("bd", "brakdanych", "niedostępne", "нд", "нетданных", "недоступно", "немаєданих"),
        *("無", "无", "無し", "なし", "不適用", "不适用", "該当なし", "データなし"),
        *("无数据", "暂无", "데이터없음", "해당없음"),
    ]
)
"""Words for no value, in small letters, without spaces and signs: ``n/a``, ``k. A.``, ``Not available``."""

_SIGNS = re.compile(r"[\s.…:/\\_*?#·•()\[\]<>‐‑‒–—―−-]")
"""What a cell has instead of a figure, or between the letters of such a word: ``--:--``, ``...``, ``?``."""

_SPREADSHEET_ERROR = re.compile(r"#¡?[^\W\d_][\w/¡ ]{0,23}[!?]|#[^\W\d_]{1,9}(?:/[^\W\d_]{1,3})?|err:\d{3}")
"""An error value in any language: ``#DIV/0!``, ``#N/A``, ``#NV``, ``#ДЕЛ/0!``, and LibreOffice's ``Err:502``."""

_SPACE = r"[\s\u00a0\u202f\u2009'’]"
_SPACES = re.compile(_SPACE)
_SPACED_GROUPS = re.compile(rf"'?[+-]?{_SPACE}?\d{{1,3}}(?:{_SPACE}\d{{2,3}})*{_SPACE}\d{{3}}(?:[.,]\d*)?")
"""A number whose thousands are set apart by spaces or apostrophes. ``1 2 3`` is none."""

_SIGNED = re.compile(rf"'?[+-]?{_SPACE}?[^\s'’]+")
"""A number without spaces inside, perhaps behind an apostrophe that makes it a text in a spreadsheet."""

_PERCENT_SIGNS = "%％﹪٪"
_CLOCK = re.compile(
    r"(?:(?P<days>\d{1,3})\.(?=\d\d:))?(?P<hours>\d{1,6}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:[.,]\d+)?)"
)
_ISO_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,3})D)?T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?"
)
"""ISO 8601: ``PT3M20S``."""

_LETTERED = re.compile(
    r"(?=\d)(?:(?P<days>\d{1,3}) ?d ?)?(?:(?P<hours>\d{1,6}) ?h ?)?(?:(?P<minutes>\d+) ?m(?:in)? ?)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?) ?s(?:ec)?)?",
    re.IGNORECASE,
)
"""The platform's duration format ``Hms``: ``1h 02m 03s``."""

_UNIT = re.compile(r"[(\[] *(?P<unit>[a-z]+)\.? *[)\]]|[\W_](?P<suffix>ms|msecs?|milliseconds?)$", re.IGNORECASE)
"""The unit that a header states in brackets, or milliseconds at its end. A bare ``min`` may be a minimum."""

_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunden"), 1.0),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds", "millisekunden"), 0.001),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunden"), 3600.0),
}

_NAMED_SECONDS = re.compile(r".*[a-z]Seconds")
"""A header such as ``averageHandleSeconds``."""

_LARGEST_PERCENT = 100_000.0
MOST_CONTACTS = 100_000_000.0
"""More than any queue has in a day. A number beyond it is an identifier, a telephone number or a mistake."""

_LONGEST_DURATION = 1e11
"""Three years in milliseconds, in the unit of its column. Averages and agents have closer bounds of their own."""

_LONGEST_NUMBER = 64
_CACHED = 16_384
"""A day's counts repeat, so most cells have been read before."""


class Manner(enum.Enum):
    """How numbers are written: the decimal sign, and the sign between thousands."""

    POINT = (".", ",")
    COMMA = (",", ".")

    @property
    def pattern(self) -> re.Pattern[str]:
        """Numbers in this manner. Groups have three digits, or two as in India. A number with an exponent has none."""
        return _PATTERNS[self]


def _pattern(decimal: str, group: str) -> re.Pattern[str]:
    d, g = re.escape(decimal), re.escape(group)
    whole = rf"(?:\d+|[1-9]\d{{0,2}}(?:{g}\d{{2,3}})*{g}\d{{3}})"
    return re.compile(rf"[+-]?(?:{whole}(?:{d}\d*)?|{d}\d+|(?:\d+(?:{d}\d*)?|{d}\d+)[eE][+-]?\d+)")


_PATTERNS = {manner: _pattern(*manner.value) for manner in Manner}


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why a column's manner is not decided: two cells that contradict each other, or one that has two meanings."""

    cells: tuple[str, ...]
    is_ambiguous: bool


@lru_cache(maxsize=_CACHED)
def is_blank(text: str) -> bool:
    """Return whether a cell is empty."""
    return not text.replace("\ufeff", "").replace("\u200b", "").strip()


@lru_cache(maxsize=_CACHED)
def is_no_figure(text: str) -> bool:
    """Return whether a figure's cell says that there is no figure."""
    word = text.strip().strip(_PERCENT_SIGNS).strip().casefold()
    letters = _SIGNS.sub("", word)
    return bool(word) and (not letters or letters in _NO_FIGURE or is_error_value(text))


@lru_cache(maxsize=_CACHED)
def is_error_value(text: str) -> bool:
    """Return whether a cell has an error value of a spreadsheet program."""
    return bool(_SPREADSHEET_ERROR.fullmatch(text.strip().casefold()))


def has_percent_sign(text: str) -> bool:
    """Return whether a percentage states its own scale."""
    stripped = text.strip()
    return stripped.endswith(tuple(_PERCENT_SIGNS)) or stripped.startswith(tuple(_PERCENT_SIGNS))


@lru_cache(maxsize=_CACHED, typed=True)
def parse(text: str, kind: Kind, manner: Manner) -> float | None:
    """Return the number of a cell, or None if it cannot be read in this manner.

    A percentage is returned as written (``87.5`` for ``87.5 %``), a duration in the unit of its column.
    """
    value = _value(text, kind, manner)
    return None if value is not None and value > _LARGEST.get(kind, math.inf) else value


_LARGEST: Mapping[Kind, float] = {
    "count": MOST_CONTACTS,
    "percent": _LARGEST_PERCENT,
    "seconds": _LONGEST_DURATION,
    "milliseconds": _LONGEST_DURATION,
}


def _value(text: str, kind: Kind, manner: Manner) -> float | None:
    if kind in ("seconds", "milliseconds") and (seconds := clock_seconds(text)) is not None:
        return seconds * 1000 if kind == "milliseconds" else seconds
    if isinstance(text, ExactNumber):
        manner = Manner.POINT
    value = _number(text.strip().strip(_PERCENT_SIGNS) if kind == "percent" else text, manner)
    if value is None or value < 0:
        return None
    return None if kind == "count" and value != round(value) else value


def seconds_in_unit(header: str) -> float | None:
    """Return how many seconds a column's unit has, None if its header states none."""
    if _NAMED_SECONDS.fullmatch(header.strip()):
        return 1.0
    units = (match["unit"] or match["suffix"] for match in _UNIT.finditer(header.strip()))
    return next((_UNITS[unit.casefold()] for unit in units if unit.casefold() in _UNITS), None)


def clock_seconds(text: str) -> float | None:
    """Return the seconds of a duration that states its units, else None.

    Such as ``0:03:20``, ``1.02:03:04`` (with days), ``3m 20s`` or ``PT3M20S``.
    """
    matches = (pattern.fullmatch(text.strip()) for pattern in (_CLOCK, _ISO_DURATION, _LETTERED))
    match = next(filter(None, matches), None)
    if not match:
        return None
    parts = {unit: float((amount or "0").replace(",", ".")) for unit, amount in match.groupdict().items()}
    hours = parts["days"] * 24 + parts["hours"]
    return hours * 3600 + parts["minutes"] * 60 + parts["seconds"]


def decimals(text: str) -> int:
    """Return how many digits a cell has after its decimal sign."""
    match = re.search(r"[.,](\d+)$", text.strip().strip(_PERCENT_SIGNS).strip())
    return len(match[1]) if match else 0


def rounding(text: str) -> float:
    """Return how far the true number may be from the one that a cell writes."""
    return 10.0 ** -decimals(text) / 2


def choose_manner(cells: Sequence[str], kind: Kind, largest: float = math.inf) -> Manner | Undecided | None:
    """Return the only manner that reads all cells, or None if they have the same meaning in both.

    A manner in which a cell is more than ``largest`` does not read it, if the other one does.
    """
    meanings = {manner: [parse(cell, kind, manner) for cell in cells] for manner in Manner}
    plausible = {manner: values for manner, values in meanings.items() if _largest_of(values) <= largest}
    meanings = plausible or meanings
    viable = [manner for manner, values in meanings.items() if None not in values]
    if len(viable) == 1:
        return viable[0]
    if not viable:
        return Undecided(tuple(_culprits(cells, kind)), is_ambiguous=False)
    point, comma = meanings[Manner.POINT], meanings[Manner.COMMA]
    differing = [cell for cell, first, second in zip(cells, point, comma, strict=True) if first != second]
    return Undecided((differing[0],), is_ambiguous=True) if differing else None


def _largest_of(values: Iterable[float | None]) -> float:
    return max((value for value in values if value is not None), default=0.0)


def manner_of_grouping(cell: str) -> Manner:
    """Return the manner in which the only sign of a number separates thousands."""
    return Manner.POINT if "," in cell else Manner.COMMA


def manner_of_delimiter(delimiter: str, cell: str) -> Manner | None:
    """Return the usual manner of a file with this delimiter, or None if the cell speaks against it.

    A semicolon between cells goes with decimal commas, because the comma is then no delimiter.
    """
    if delimiter == ",":
        return Manner.POINT
    return Manner.COMMA if delimiter == ";" and "," in cell else None


def _culprits(cells: Iterable[str], kind: Kind) -> Iterable[str]:
    """Return a cell that no manner reads, or one cell for each manner that it forces."""
    forced: dict[Manner, str] = {}
    for cell in cells:
        readable = [manner for manner in Manner if parse(cell, kind, manner) is not None]
        if not readable:
            return (cell,)
        if len(readable) == 1:
            forced.setdefault(readable[0], cell)
    return forced.values()


def _number(text: str, manner: Manner) -> float | None:
    if len(text) > _LONGEST_NUMBER:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    stripped = text.strip()
    if not (_SIGNED.fullmatch(stripped) or _SPACED_GROUPS.fullmatch(stripped)):
        return None
    packed = _SPACES.sub("", stripped)
    if not manner.pattern.fullmatch(packed):
        return None
    decimal, group = manner.value
    value = float(packed.replace(group, "").replace(decimal, "."))
    return value if math.isfinite(value) else None
