"""Write the page of all settings: ``.venv/bin/python -m worker.settings.reference docs/settings.md``.

It is made from `Settings`, so it has every name, form and default. docs/configuration.md explains them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from worker.settings import PREFIX, Settings

_HEAD = """# All settings

This page is made from the code by `.venv/bin/python -m worker.settings.reference docs/settings.md`, and a test checks
that it is current. [configuration.md](configuration.md) explains each setting, and where values can come from. `<NAME>`
and `<GROUP>` are names that you choose. A secret is best in a file or a secrets manager
([configuration.md](configuration.md#how-settings-are-read)).

| variable | form | default |
| --- | --- | --- |
"""
_FORMS = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Path: "path"}
_LIMITS = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "min_length": "{} or more characters",
}
_PLACEHOLDERS = {"document_passwords": "<GROUP>"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table. ``default`` is None for a setting that its section requires."""

    variable: str
    form: str
    default: str | None

    def __str__(self) -> str:
        return f"| `{self.variable}` | {self.form} | {'required' if self.default is None else self.default} |".replace(
            "  |", " |"
        )


def settings_of(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[Setting]:
    """Yield the settings of a section, those of nested sections after its own."""
    nested_sections: list[tuple[type[BaseModel], str]] = []
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        annotation = _without_none(field.annotation)
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            variable = f"{variable}__{_PLACEHOLDERS.get(name, '<NAME>')}"
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            nested_sections.append((annotation, f"{variable}__"))
        else:
            yield Setting(variable, _form(annotation, field), _default(field))
    for section, section_prefix in nested_sections:
        yield from settings_of(section, section_prefix)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        return next(option for option in get_args(annotation) if option is not type(None))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _form(annotation: Any, field: FieldInfo) -> str:
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if annotation is SecretStr:
        form = "**secret**"
    elif get_origin(annotation) is tuple:
        form = "texts with commas between"
    else:
        form = _FORMS[annotation]
    return ", ".join([form, *_limits(field)])


def _limits(field: FieldInfo) -> Iterator[str]:
    for limit in field.metadata:
        for name, words in _LIMITS.items():
            if (value := getattr(limit, name, None)) is not None:
                yield words.format(f"{value:,}")


def _default(field: FieldInfo) -> str | None:
    if field.default is PydanticUndefined:
        return None
    if field.default in (None, (), {}):
        return ""
    if isinstance(field.default, tuple):
        return f"`{', '.join(field.default)}`"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def page() -> str:
    """Return the page."""
    return _HEAD + "\n".join(map(str, settings_of(Settings))) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
