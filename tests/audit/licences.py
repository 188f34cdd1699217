"""The licences of the packages in requirements.lock, as their metadata states them, for docs/licences.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "licences.md"
_BEGIN, _END = "<!-- packages -->", "<!-- end of packages -->"

_LOCKED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==", re.MULTILINE)

NOT_INSTALLED = {"async-timeout": "Apache-2.0", "colorama": "BSD-3-Clause", "pywin32": "PSF-2.0"}
"""Packages that other systems or older Python versions need."""

_NAMES = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "New BSD": "BSD-3-Clause",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "MIT License": "MIT",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
}


def locked_packages() -> list[str]:
    """Return the names of all packages that the system needs."""
    return sorted(_LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8")))


def licence(package: str) -> str:
    """Return the licence that a package's metadata states, as an SPDX name where it is clear which one is meant."""
    try:
        package_metadata = metadata(package)
    except PackageNotFoundError:
        return NOT_INSTALLED[package]
    return _licence_of(package_metadata)


def _licence_of(package_metadata: PackageMetadata) -> str:
    classifiers = (name for name in package_metadata.get_all("Classifier", []) if name.startswith("License"))
    fields = (package_metadata.get("License-Expression"), package_metadata.get("License"))
    text = next(text for text in (*fields, *(name.rpartition(" :: ")[2] for name in classifiers)) if text)
    return _NAMES.get(text, "BSD" if text.startswith("BSD license") else text)


def rows() -> Iterator[str]:
    """Yield the rows of the table."""
    yield from (f"| {package} | {licence(package)} |" for package in locked_packages())


def documented_rows() -> list[str]:
    """Return the rows that the document has."""
    _, _, rest = DOCUMENT.read_text("utf-8").partition(_BEGIN)
    return [line for line in rest.partition(_END)[0].splitlines() if line.startswith("| ")][2:]


def write() -> None:
    """Write the table into the document."""
    introduction, _, rest = DOCUMENT.read_text("utf-8").partition(_BEGIN)
    table = "\n".join(["| package | licence |", "| --- | --- |", *rows()])
    DOCUMENT.write_text(f"{introduction}{_BEGIN}\n{table}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")
