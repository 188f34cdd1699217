"""The sandbox is a distribution of its own, of the same version and with the requirements of the extra."""

from __future__ import annotations

import configparser
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def product() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def sandbox() -> dict[str, Any]:
    return tomllib.loads((ROOT / "sandbox" / "pyproject.toml").read_text("utf-8"))


def test_the_product_has_no_package_of_the_sandbox(product: configparser.ConfigParser) -> None:
    assert product["options.packages.find"]["include"].split() == ["worker*", "tasks*", "renderers*"]


def test_both_distributions_have_the_same_version(product: configparser.ConfigParser, sandbox: dict[str, Any]) -> None:
    assert sandbox["project"]["version"] == product["metadata"]["version"]


def test_the_extra_has_what_the_sandbox_requires(product: configparser.ConfigParser, sandbox: dict[str, Any]) -> None:
    extra = product["options.extras_require"]["sandbox"].strip().splitlines()
    assert sorted(sandbox["project"]["dependencies"]) == sorted(extra)


def test_every_package_of_the_sandbox_is_listed(sandbox: dict[str, Any]) -> None:
    folders = [path.parent.relative_to(ROOT) for path in (ROOT / "sandbox").rglob("__init__.py")]
    assert sandbox["tool"]["setuptools"]["packages"] == sorted(".".join(folder.parts) for folder in folders)
