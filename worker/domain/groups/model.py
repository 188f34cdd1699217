"""The base of all tables of a group file: it refuses unknown keys, and its errors say what is expected."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

NOT_BLANK: Final = r"[^\s\p{Cc}\p{Cf}\x{115F}\x{1160}\x{2800}\x{3164}\x{FFA0}]"
"""A pattern for texts that have to say something: one character with a shape. It is in the syntax of Rust.

The characters that are named by their numbers are letters and symbols without a shape, such as the Hangul filler.
"""


class Model(BaseModel):
    """A table of a group file. It is immutable and has no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def mistake(expected: str, **context: Any) -> PydanticCustomError:
    """Return the error of a validator. ``key`` and ``found`` name another key or value than the field's own."""
    return PydanticCustomError("mistake", "expected {expected}", {"expected": expected, **context})


def plain(name: str) -> str:
    """Return a name from the settings as a variable of the environment gives it: ``Ops-EMEA`` is ``ops_emea``."""
    return name.lower().replace("-", "_")
