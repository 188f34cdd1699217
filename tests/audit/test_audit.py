"""The audit says what it could not ask, and the list of licences is complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audit import licences, sbom, vulnerabilities
from tests.audit.vulnerabilities import CLEAN, UNANSWERED, VULNERABLE, report_of

SAFE = {"name": "six", "version": "1.17.0", "vulns": []}
UNSAFE = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}]}
UNKNOWN = {"name": "rich", "skip_reason": "Dependency not found on PyPI and could not be audited: rich (14.0.0)"}


def answer(*packages: dict[str, object]) -> tuple[str, str]:
    return json.dumps({"dependencies": packages, "fixes": []}), ""


def test_an_audit_without_findings_passes() -> None:
    report = report_of({"a.lock": answer(SAFE), "b.lock": answer(SAFE)})
    assert report.exit_status(allow_offline=False) == CLEAN
    assert list(report.lines()) == ["1 packages checked, 0 known vulnerabilities"]


def test_a_vulnerability_is_named_with_the_version_that_fixes_it() -> None:
    report = report_of({"a.lock": answer(SAFE, UNSAFE)})
    assert report.exit_status(allow_offline=True) == VULNERABLE
    assert "vulnerable: jinja2 3.1.0: PYSEC-1, fixed in 3.1.6" in report.lines()


@pytest.mark.parametrize("unanswered", [answer(UNKNOWN), ("", "Traceback …\nConnectionError: no route"), ("[]", "")])
def test_an_audit_that_could_not_ask_passes_only_when_told(unanswered: tuple[str, str]) -> None:
    report = report_of({"a.lock": answer(SAFE), "b.lock": unanswered})
    assert report.exit_status(allow_offline=False) == UNANSWERED
    assert report.exit_status(allow_offline=True) == CLEAN
    assert next(report.lines()).startswith("could not ask for 1, the first: ")


def test_a_vulnerability_counts_more_than_a_missing_answer() -> None:
    report = report_of({"a.lock": answer(UNSAFE, UNKNOWN)})
    assert report.exit_status(allow_offline=True) == VULNERABLE


def test_without_a_way_to_the_registry_nothing_counts_as_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    lock = tmp_path / "small.lock"
    lock.write_text(f"six==1.17.0 --hash=sha256:{'0' * 64}\n")
    report = report_of({lock.name: vulnerabilities.ask(lock)})
    assert (report.checked, report.exit_status(allow_offline=False)) == (0, UNANSWERED)


def test_every_lock_file_is_audited() -> None:
    assert sorted(vulnerabilities.LOCKS) == sorted(path.name for path in vulnerabilities.ROOT.glob("*.lock"))


def test_the_document_lists_the_licence_of_every_package() -> None:
    assert licences.documented_rows() == list(licences.rows())


def test_the_bill_of_materials_has_every_package_with_hashes_and_licence(tmp_path: Path) -> None:
    sbom.write(tmp_path / "sbom.json")
    document = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    components = {component["name"]: component for component in document["components"]}
    assert sorted(components) == licences.locked_packages()
    assert all(component["hashes"] and component["licenses"] for component in components.values())
    celery = components["celery"]
    assert celery["purl"] == f"pkg:pypi/celery@{celery['version']}"
    needs = {entry["ref"].partition("@")[0]: entry.get("dependsOn", []) for entry in document["dependencies"]}
    assert celery["bom-ref"] in needs["standup-briefings"]
    assert components["kombu"]["bom-ref"] in needs["celery"]
