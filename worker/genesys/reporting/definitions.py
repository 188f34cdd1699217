"""Report definitions of the guide's kind, refused where they would give wrong figures. Nothing is sent.

A definition is a JSON object with ``reportId`` (ours: which saved report to export) and the guide's own keys. Its dates
are ``{{window.start}}`` and ``{{window.end}}``; they become the instants of the run's window, with their offset.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from worker.domain.rows import Window
from worker.errors import DefinitionRefused, SettingsError
from worker.genesys.reporting.columns import COLUMNS, CUSTOMER_CONTACTS, QUEUE_ONLY
from worker.genesys.tables.columns import BlankMeaning, DurationUnit, Scale, Statements

WINDOW_START = "{{window.start}}"
WINDOW_END = "{{window.end}}"

_Text = Annotated[str, Field(min_length=1)]
_LAST_MINUTE = re.compile(r"23:59")
_USE_WINDOW = f'Use "dateFrom": "{WINDOW_START}" and "dateTo": "{WINDOW_END}".'


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        validate_by_name=False,
        validate_by_alias=True,
    )


class Column(_Model):
    """One column: its id (see `columns.COLUMNS`), and the header under which the file may show it."""

    id: _Text
    label: str | None = None


class Filter(_Model):
    """Which rows the report holds."""

    metric: _Text
    type: _Text
    value: str | int | float | bool | list[str]


class Definition(_Model):
    """A report definition that can be sent. ``time_zone`` is the group's, always; it is set when the body is made."""

    report_id: _Text
    name: _Text
    date_from: _Text
    date_to: _Text
    reporting_type: Literal["summary"]
    report_type: Literal["contactCenter"] | None = None
    format: Literal["CSV", "XLSX", "PDF"] | None = None
    columns: Annotated[list[Column], Field(min_length=1)]
    filters: list[Filter] = []
    scale: Scale | None = None
    blank: BlankMeaning | None = None
    durations: DurationUnit | None = None

    @property
    def statements(self) -> Statements:
        """What it states about its file. The gateway is not sent that."""
        return Statements(self.scale, self.blank, self.durations)

    @property
    def column_ids(self) -> frozenset[str]:
        """The ids of its columns."""
        return frozenset(column.id for column in self.columns)

    @property
    def by_agent(self) -> bool:
        """Whether its rows are agents; else they are queues."""
        return "agentName" in self.column_ids

    @property
    def is_pdf(self) -> bool:
        """Whether its file is kept as the source's own document, and not read."""
        return self.format == "PDF"

    @property
    def queue_names(self) -> tuple[str, ...]:
        """The queues that its filters name."""
        values = (queue_filter.value for queue_filter in self.filters if queue_filter.metric == "queueName")
        return tuple(name for value in values for name in _texts(value))

    def body(self, window: Window, zone: str) -> dict[str, object]:
        """What is sent: the guide's keys, with the window's instants and the group's zone spelled out."""
        body: dict[str, object] = self.model_dump(
            by_alias=True, exclude={"report_id", "scale", "blank", "durations"}, exclude_none=True
        )
        instants = {"dateFrom": window.start.isoformat(), "dateTo": window.end.isoformat()}
        return {**body, **instants, "timeZone": zone}


def definition_text(path: str) -> str:
    """Return the text of a definition's file. Raise `SettingsError` if it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")  # editors of Windows begin a file with a byte order mark
    except UnicodeDecodeError:
        raise SettingsError(
            f"The report definition {path} is not UTF-8 text.", way_out="Save it in the encoding UTF-8."
        ) from None
    except OSError as error:
        raise SettingsError(
            f"The report definition {path} cannot be read: {error.strerror}.",
            way_out="Correct report in the group file.",
        ) from None


def read_definitions(text: str, path: str, *, allow_pdf_alone: bool = False) -> tuple[Definition, ...]:
    """Return one definition, or a JSON list of them. `DefinitionRefused` names file, key and expectation.

    PDFs alone are refused unless allowed: they give no figures, only a document.
    """
    value = _parsed(text, path)
    values = value if isinstance(value, list) else [value]
    if not values:
        _refuse(path, "the whole", "the list is empty")
    prefixes = [f"[{n}]." if isinstance(value, list) else "" for n in range(len(values))]
    try:
        definitions = tuple(_definition(item, path, prefix) for item, prefix in zip(values, prefixes, strict=True))
    except RecursionError:
        _refuse_nesting(path)
    if all(definition.is_pdf for definition in definitions) and not allow_pdf_alone:
        _refuse(
            path,
            "format",
            "a PDF gives no figures, only a document to put behind the pages",
            "Add a second definition of the same report in CSV or XLSX: a list of both. To send the PDF alone, give "
            'the group behind = ["source"].',
        )
    return definitions


def _parsed(text: str, path: str) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_reject_duplicate_keys, parse_constant=_reject_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        _refuse(path, f"line {error.lineno}, column {error.colno}", f"{error.msg}: this is no JSON")
    except _DuplicateKey as error:
        _refuse(path, str(error), "the key occurs twice in one object")
    except _NoNumber as error:
        _refuse(path, "the whole", f"{error} is no number in JSON")
    except RecursionError:
        _refuse_nesting(path)
    except ValueError:  # more digits than sys.get_int_max_str_digits allows
        _refuse(path, "the whole", "it has a number with too many digits")


def _definition(value: object, path: str, prefix: str) -> Definition:
    if isinstance(value, dict):
        _check_dates(value, path, prefix)
        _check_expressions(value, path, prefix)
        _check_reporting_type(value, path, prefix)
    try:
        definition = Definition.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        _refuse(path, prefix + _key(first["loc"]), _expectation(first["type"], str(first["msg"]), first["loc"]))
    _check_columns(definition, path, prefix)
    return definition


def _check_dates(value: Mapping[str, object], path: str, prefix: str) -> None:
    for key, expected in (("dateFrom", WINDOW_START), ("dateTo", WINDOW_END)):
        date_text = value.get(key)
        if not isinstance(date_text, str) or "".join(date_text.split()) == expected:
            continue
        if _LAST_MINUTE.search(date_text):
            reason = f"{date_text!r} ends at 23:59 and loses the last minute of the day"
        elif "{{" in date_text:
            reason = f"{date_text!r} moves with the moment at which the report runs"
        else:
            reason = f"{date_text!r} is the same day for ever"
        _refuse(path, prefix + key, reason, _USE_WINDOW)


def _check_expressions(value: object, path: str, key: str) -> None:
    """The dates apart, nothing may be left for the other side to work out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("dateFrom", "dateTo"):
                _check_expressions(inner, path, f"{key}{name}.")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _check_expressions(inner, path, f"{key.removesuffix('.')}[{n}].")
    elif isinstance(value, str) and "{{" in value:
        _refuse(path, key.removesuffix("."), f"{value!r} is an expression, which only the dates may be", _USE_WINDOW)


def _check_reporting_type(value: Mapping[str, object], path: str, prefix: str) -> None:
    if value.get("reportingType") == "detail":
        reason = '"detail" asks for a row per interaction: millions, on which the export fails'
        _refuse(path, f"{prefix}reportingType", reason, 'Use "summary".')


def _check_columns(definition: Definition, path: str, prefix: str) -> None:
    column_ids: set[str] = set()
    for n, column in enumerate(definition.columns):
        key = f"{prefix}columns[{n}].id"
        if column.id.lower() in CUSTOMER_CONTACTS:
            reason = f"{column.id!r} is a customer's contact, which no briefing needs and no reader may see"
            _refuse(path, key, reason, "Leave the column out (docs/privacy.md).")
        if column.id not in COLUMNS:
            near = difflib.get_close_matches(column.id, COLUMNS, n=3) or list(COLUMNS)
            _refuse(path, key, f"{column.id!r} is no known column", f"Expected one of {', '.join(near)}.")
        if column.id in column_ids:
            _refuse(path, key, f"the column {column.id!r} occurs twice")
        column_ids.add(column.id)
    queue_columns = sorted(column_ids & QUEUE_ONLY) if definition.by_agent else []
    if queue_columns:
        _refuse(
            path,
            f"{prefix}columns",
            f"a report by agent cannot hold {', '.join(queue_columns)}",
            "Put a second definition, by queue, into the file: a list of both.",
        )
    if not definition.by_agent and "queueName" not in column_ids:
        _refuse(path, f"{prefix}columns", "neither queueName nor agentName is there, so no row could be told apart")


class _DuplicateKey(ValueError):
    pass


class _NoNumber(ValueError):
    pass


def _reject_constant(name: str) -> NoReturn:
    raise _NoNumber(name)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _reject_constant(text)


def _reject_duplicate_keys(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    unique: dict[str, object] = {}
    for key, value in pairs:
        if key in unique:
            raise _DuplicateKey(key)
        unique[key] = value
    return unique


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _key(location: Iterable[int | str]) -> str:
    """``columns[2].id`` as one would write it; the members of a union are no part of it."""
    key = ""
    for part in location:
        if isinstance(part, int):
            key += f"[{part}]"
        elif part not in ("str", "int", "float", "bool", "list[str]"):
            key += f".{part}" if key else part
    return key or "the whole"


def _expectation(kind: str, message: str, location: tuple[int | str, ...]) -> str:
    if kind == "missing":
        return "the key is missing"
    if kind == "extra_forbidden":
        known_keys = [to_camel(name) for name in Definition.model_fields] if len(location) == 1 else ["id, label"]
        near = difflib.get_close_matches(str(location[-1]), known_keys, n=1)
        return "the key is not known" + (f"; did you mean {near[0]!r}?" if near else "")
    return message


def _refuse_nesting(path: str) -> NoReturn:
    _refuse(path, "the whole", "this is nested too deeply")


def _refuse(path: str, key: str, reason: str, way_out: str = "") -> NoReturn:
    raise DefinitionRefused(f"Report definition {path}, {key}: {reason}.", way_out=way_out)
