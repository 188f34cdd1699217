"""The wheel, installed outside of the checkout, has the product and nothing of the sandbox."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tarfile
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
_IGNORED = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "out", "build", "dist")


def run(*command: str | Path, folder: Path, expect: int = 0, **variables: str) -> str:
    """Run a program in a folder, without settings, and return its output."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | variables
    ended = subprocess.run(
        [str(word) for word in command], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == expect, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the wheels and the source distribution, made from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=_IGNORED)
    for place in (".", "./sandbox"):
        build = ("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder, place)
        run(sys.executable, "-m", "pip", *build, folder=source)
    run(
        sys.executable, "-c", f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})",
        folder=source,
    )  # fmt: skip
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def standup(built: Path) -> Path:
    """The command of an environment that has the wheel, and the libraries of this one without its checkout."""
    environment = built / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, folder=built)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    # a path line is not searched for further .pth files, so that the editable checkout is not found
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = ("install", "--no-deps", "--no-index", "--ignore-installed", "--target", packages)
    run(sys.executable, "-m", "pip", *install, next(built.glob("standup_briefings-*.whl")), folder=built)
    command = environment / "bin" / "standup"
    command.write_text(f"#!{environment}/bin/python\nfrom worker.cli import main\nmain()\n")
    command.chmod(0o755)
    return command


def test_the_product_has_no_file_of_the_sandbox_and_the_source_has_all(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("standup_briefings-*.whl"))) as wheel:
        tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if ".dist-info" not in top} == {"worker", "tasks", "renderers", "beat_schedule.py"}
    with zipfile.ZipFile(next(built.glob("standup_sandbox-*.whl"))) as wheel:
        assert "sandbox/wire/__init__.py" in wheel.namelist()
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {"sandbox/pyproject.toml", "tests/conftest.py", "deploy/systemd/standup.target", "LICENSE"} <= names


def test_the_wheel_has_the_licence_and_says_whose_it_is(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("standup_briefings-*.whl"))) as wheel:
        names = {Path(name).name: name for name in wheel.namelist() if ".dist-info" in name}
        metadata = wheel.read(names["METADATA"]).decode()
        assert "Apache License" in wheel.read(names["LICENSE"]).decode()
    assert "License-Expression: Apache-2.0" in metadata or "License: Apache-2.0" in metadata
    assert "Author: The maintainers of standup-briefings" in metadata


def test_the_tests_of_the_source_distribution_run_from_it(built: Path, tmp_path: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        source.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    assert run(sys.executable, "-c", "import worker; print(worker.__file__)", folder=folder).startswith(str(folder))
    output = run(sys.executable, "-m", "pytest", "-n0", "tests/unit/cli", "tests/unit/deploy", folder=folder)
    assert " passed" in output or "[100%]" in output


def test_the_commands_of_the_wheel_run_outside_of_the_checkout(standup: Path, tmp_path: Path) -> None:
    assert run(standup, "--version", folder=tmp_path).startswith("standup ")
    assert "STANDUP_GROUPS is not set" in run(standup, "groups", folder=tmp_path, expect=1)
    assert "Redis [redis://127.0.0.1:6379/0]" in run(standup, "init", folder=tmp_path, expect=1)
    (tmp_path / "groups.toml").write_text(
        '[groups.a]\ntitle = "A"\nzone = "Europe/Berlin"\n'
        'standup_at = "08:30"\ncatch_up_until = "11:00"\nqueues = ["Q"]\n'
        'deliver = { email = ["a@example.com"] }\n'
    )
    (tmp_path / ".env").write_text("STANDUP_GROUPS=groups.toml\nSTANDUP_REDIS_URL=redis://127.0.0.1:1/0\n")
    assert "a@example.com" in run(standup, "groups", folder=tmp_path)
    assert "Europe/Berlin" in run(standup, "plan", "--from", "monday", folder=tmp_path)


def test_the_commands_of_the_readme_install_the_command(built: Path, tmp_path: Path) -> None:
    blocks = (ROOT / "README.md").read_text("utf-8").split("```")[1::2]
    (block,) = [block for block in blocks if "pip install --no-deps ." in block]
    first_line, *lines = textwrap.dedent(block).strip().replace("/opt/standup", str(tmp_path / "standup")).splitlines()
    # the libraries of this environment, found by pip as installed: the test downloads nothing
    purelib = sysconfig.get_path("purelib")
    libraries = f"echo {purelib} > {tmp_path}/standup/lib/python{sysconfig.get_python_version()}/site-packages/own.pth"
    script = "\n".join(["set -e", first_line, libraries, *lines, "command -v standup", "standup --version"])
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_IGNORE_INSTALLED": "0"}
    output = run("bash", "-c", script, folder=built / "source", PATH=path, **offline)
    assert f"{tmp_path}/standup/bin/standup\nstandup " in output


def test_the_demo_says_that_the_sandbox_is_missing_and_how_to_get_it(standup: Path, tmp_path: Path) -> None:
    output = run(standup, "demo", folder=tmp_path, expect=1)
    assert "The demo needs the sandbox" in output
    assert 'Install the distribution "standup-sandbox" of the same version, or run `make demo` in a checkout' in output
