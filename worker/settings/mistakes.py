"""Say in our words what is wrong with settings: the variable and what is expected, never the value.

A value may be a secret.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from worker.settings import sources
from worker.settings.env_lines import PREFIX

_A_SECTION = "is a section, whose settings are named {variable}__…"

_EXPECTED = {
    "missing": "required, because other settings of its section are set",
    "int_parsing": "expected a whole number",
    "float_parsing": "expected a number",
    "bool_parsing": "expected true or false",
    "greater_than": "expected more than {gt:g}",
    "greater_than_equal": "expected {ge:g} or more",
    "less_than_equal": "expected {le:g} or less",
    "literal_error": "expected {expected}",
    "too_short": "expected {min_length} or more characters",
    "string_pattern_mismatch": "expected one word of ASCII characters",
    "value_error": "{error}",
    "string_type": "expected a text",
    "tuple_type": "expected a list",
    "dict_type": _A_SECTION,
    "model_type": _A_SECTION,
    "model_attributes_type": _A_SECTION,
}
"""What to say of the kinds of mistakes that pydantic finds. Others keep its sentence."""


def clauses(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Yield one clause per mistake in the settings of ``model``."""
    for details in error.errors(include_input=False, include_url=False):
        variable = PREFIX + "__".join(str(part) for part in details["loc"]).upper()
        place = _place_of(variable)
        yield f"{variable}{f' ({place})' if place else ''}: {_sentence(details, variable, model)}"


def _place_of(variable: str) -> str:
    """Return where a setting comes from. A section may be one variable, in JSON."""
    while not (place := sources.place_of(variable)) and "__" in variable:
        variable = variable.rpartition("__")[0]
    return place


def _sentence(details: ErrorDetails, variable: str, model: type[BaseModel]) -> str:
    if details["type"] == "extra_forbidden":
        near = nearest_variable(variable, model)
        return "is not a setting" + (f", did you mean {near}?" if near else "")
    context: dict[str, Any] = details.get("ctx", {})
    form = _EXPECTED.get(details["type"])
    return form.format(variable=variable, **context) if form else details["msg"]


def nearest_variable(variable: str, model: type[BaseModel]) -> str:
    """Return the setting that a misspelt variable probably means, "" if none is similar."""
    from worker.settings import reference  # a program too, which must not be imported before it runs

    parts = variable.split("__")
    names = {_with_the_names_of(parts, setting.variable.split("__")) for setting in reference.settings_of(model)}
    return next(iter(difflib.get_close_matches(variable, names, n=1, cutoff=0.8)), "")


def _with_the_names_of(parts: Sequence[str], pattern: Sequence[str]) -> str:
    """Return a setting's variable with the words that ``parts`` has in place of ``<NAME>`` and ``<GROUP>``."""
    words = [*parts, *pattern[len(parts) :]]
    return "__".join(word if form.startswith("<") else form for word, form in zip(words, pattern, strict=False))
