"""docs/settings.md is the page that the code writes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, SecretStr

from worker.settings import reference

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


class Server(BaseModel):
    """A section."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    password: SecretStr | None = Field(default=None, min_length=8)
    security: Literal["tls", "none"] = "tls"
    verbose: bool = False


class Everything(BaseModel):
    """Settings of all forms."""

    servers: dict[str, Server] = {}
    document_passwords: dict[str, SecretStr] = {}
    hosts: tuple[str, ...] = ()


def test_the_page_is_what_the_code_writes() -> None:
    assert PAGE.read_text("utf-8") == reference.page(), "python -m worker.settings.reference docs/settings.md"


@pytest.mark.parametrize(
    "line",
    [
        "| `X_SERVERS__<NAME>__HOST` | text | required |",
        "| `X_SERVERS__<NAME>__PORT` | whole number, at least 1, at most 65,535 | `587` |",
        "| `X_SERVERS__<NAME>__PASSWORD` | **secret**, 8 or more characters | |",
        "| `X_SERVERS__<NAME>__SECURITY` | `tls`, `none` | `tls` |",
        "| `X_SERVERS__<NAME>__VERBOSE` | `true` or `false` | `false` |",
        "| `X_DOCUMENT_PASSWORDS__<GROUP>` | **secret** | |",
        "| `X_HOSTS` | texts with commas between | |",
    ],
)
def test_a_setting_is_described_by_name_form_and_default(line: str) -> None:
    assert line in [str(setting) for setting in reference.settings_of(Everything, "X_")]
