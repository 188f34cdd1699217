"""What all tables of a group file have in common: no unknown key, and a mistake that says what was expected."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Model(BaseModel):
    """A table as it is written; it is never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def mistake(expected: str, **where: Any) -> PydanticCustomError:
    """What is expected instead; ``key`` and ``found`` say where and what, when that is not the field itself."""
    return PydanticCustomError("mistake", "expected {expected}", {"expected": expected, **where})
