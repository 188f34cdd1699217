"""A bill of materials of the packages in requirements.lock, as CycloneDX: versions, hashes, licences, dependencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tests.audit import licences

_ENTRY = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)(?:[^\n]*\\)?\n((?:[ #][^\n]*\n)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NEEDED_BY = re.compile(r"^    # +(?:via )?([a-z0-9][a-z0-9.-]*)(?: \(setup.cfg\))?$", re.MULTILINE)
_SYSTEM = "standup-briefings"
_AMBIGUOUS = {"BSD", "LGPL"}
"""Names of licences that are no SPDX names, because the metadata does not state which version is meant."""


class LockedPackage(NamedTuple):
    """A package of the lock file. ``needed_by`` are the packages for which it is there."""

    version: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def locked_packages(text: str) -> Mapping[str, LockedPackage]:
    """Return the packages of a lock file's text by name."""
    packages = {}
    for name, version, details in _ENTRY.findall(text):
        needed_by = tuple(dependent for dependent in _NEEDED_BY.findall(details) if dependent != "via")
        packages[name] = LockedPackage(version, tuple(_HASH.findall(details)), needed_by)
    return packages


def bill_of_materials(packages: Mapping[str, LockedPackage]) -> Bom:
    """Return the bill of materials of these packages."""
    bom = Bom()
    system = Component(name=_SYSTEM, type=ComponentType.APPLICATION, bom_ref=_SYSTEM)
    bom.metadata.component = system
    components = {_SYSTEM: system} | {name: _component(name, package) for name, package in packages.items()}
    for name, package in packages.items():
        bom.components.add(components[name])
        for dependent in package.needed_by:
            bom.register_dependency(components[dependent], [components[name]])
    return bom


def _component(name: str, package: LockedPackage) -> Component:
    licence = licences.licence(name)
    return Component(
        name=name,
        version=package.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{package.version}",
        purl=PackageURL("pypi", None, name, package.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
        licenses=[DisjunctiveLicense(name=licence) if licence in _AMBIGUOUS else LicenseExpression(licence)],
    )


def write(path: Path) -> None:
    """Write the bill of materials of requirements.lock."""
    packages = locked_packages((licences.ROOT / "requirements.lock").read_text("utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(JsonV1Dot6(bill_of_materials(packages)).output_as_string(indent=2) + "\n", encoding="utf-8")
