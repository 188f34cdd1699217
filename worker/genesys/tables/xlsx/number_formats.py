"""What the number format of a workbook's cell means for its value. Pure."""

from __future__ import annotations

import math
import re
from datetime import datetime, time, timedelta
from decimal import Decimal

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]')
"""Parts of a format that are shown as they are: quoted or escaped text, padding, colours (ECMA-376 18.8.31)."""

_SECONDS_OF_DAY = 86_400
_MOST_DIGITS = 17
"""What a float holds."""


class ExactNumber(str):
    """The text of a cell that the workbook stores as a number, with a decimal point and without grouping."""

    __slots__ = ()


class ExactNumberOf1904(ExactNumber):
    """A number in a workbook that counts its days from 1904."""

    __slots__ = ()


def is_percent(number_format: str) -> bool:
    """Return whether a format multiplies by 100. A literal percent sign, as in ``0.0"%"``, does not."""
    return "%" in _LITERAL.sub("", number_format.partition(";")[0])


def text_of_number(value: str, number_format: str, *, is_1904: bool = False) -> str:
    """Return a stored number as text: a percentage with its sign, an instant in ISO 8601, a duration as h:mm:ss."""
    number = float(value)
    if not math.isfinite(number):
        return value
    if is_percent(number_format):
        return ExactNumber(f"{_plain(Decimal(value) * 100)}%")
    if is_timedelta_format(number_format):
        return _clock(number * _SECONDS_OF_DAY)
    if is_date_format(number_format):
        return _moment(number, is_1904=is_1904) or ExactNumber(_plain(Decimal(value)))
    return (ExactNumberOf1904 if is_1904 else ExactNumber)(_plain(Decimal(value)))


def _plain(number: Decimal) -> str:
    """Write a number without an exponent or trailing zeros, rounded to what a float holds."""
    if number and abs(number.adjusted()) > _MOST_DIGITS:
        return repr(float(number))
    text = format(number.normalize(), "f")
    return text if len(text) <= _MOST_DIGITS else repr(float(number))


def _moment(number: float, *, is_1904: bool) -> str:
    try:
        moment = from_excel(number, CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900)
    except (ValueError, OverflowError):
        return ""
    if isinstance(moment, time):
        return _clock(number * _SECONDS_OF_DAY)
    return _to_the_second(moment).isoformat() if isinstance(moment, datetime) else ""


def _to_the_second(moment: datetime) -> datetime:
    """Round, because a day number with 15 digits is off by up to a millisecond: 09:29:59.997 is half past nine."""
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def instant_of_serial(text: str) -> datetime | None:
    """Return the local date-time of an Excel day number, for a workbook whose styles cannot be read."""
    epoch = CALENDAR_MAC_1904 if isinstance(text, ExactNumberOf1904) else CALENDAR_WINDOWS_1900
    try:
        moment = from_excel(float(text), epoch)
    except (ValueError, OverflowError):
        return None
    return _to_the_second(moment) if isinstance(moment, datetime) and 2000 <= moment.year < 2100 else None


def _clock(seconds: float) -> str:
    whole = round(seconds, 3)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{int(hours)}:{int(minutes):02d}:{rest:06.3f}" if whole >= 0 else f"-{whole}"
