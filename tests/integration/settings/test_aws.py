"""Settings out of AWS Secrets Manager, spoken to across a socket."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.integration.settings.conftest import SECRET
from tests.receivers import HANG, HttpReceiver, Reply
from tests.waiting import HANG_SECONDS
from worker import logs, settings
from worker.errors import SettingsError
from worker.settings import managers as settings_managers
from worker.settings import sources as settings_sources

PLACE = "aws:eu-central-1:standup"
CLIENT = {
    "STANDUP_ORGANISATIONS__MAIN__CLIENT_ID": "id",
    "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET": SECRET,
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(
        f"http://{host}:{port}/moto-api/reset", timeout=HANG_SECONDS
    )  # all of moto in one process shares its memory
    reach(monkeypatch, f"http://{host}:{port}")
    yield
    server.stop()


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpReceiver]:
    receiver = HttpReceiver()
    reach(monkeypatch, receiver.url)
    yield receiver
    receiver.stop()


def reach(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    monkeypatch.setenv("STANDUP_SECRETS_MANAGER", PLACE)
    for name, value in {"AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": "1", **keys}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STANDUP_ORGANISATIONS__MAIN__REGION", "mypurecloud.de")


def keep(content: str | bytes, name: str = "standup") -> None:
    client = boto3.client("secretsmanager", region_name="eu-central-1")
    kind = "SecretString" if isinstance(content, str) else "SecretBinary"
    client.create_secret(Name=name, **{kind: content})


def mistake() -> str:
    with pytest.raises(SettingsError) as raised:
        settings.load()
    assert SECRET not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("letters", [str.upper, str.lower])
def test_values_of_the_manager_and_the_environment_are_merged(aws: None, letters: type[str]) -> None:
    keep(json.dumps({letters(name): value for name, value in CLIENT.items()}))
    main = settings.load().organisations["main"]
    assert (main.region, main.client_id, main.client_secret.get_secret_value()) == ("mypurecloud.de", "id", SECRET)


def test_a_secret_may_be_named_by_its_arn(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(json.dumps(CLIENT))
    arn = boto3.client("secretsmanager", region_name="eu-central-1").describe_secret(SecretId="standup")["ARN"]
    monkeypatch.setenv("STANDUP_SECRETS_MANAGER", f"aws:eu-central-1:{arn}")
    assert settings.load().organisations["main"].client_id == "id"


def test_the_environment_goes_before_the_file_and_the_file_before_the_manager(
    aws: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    smtp = {f"STANDUP_SMTP__{name}": "manager" for name in ("HOST", "SENDER", "PASSWORD")}
    keep(json.dumps(CLIENT | smtp))
    for name in ("host", "sender"):
        (tmp_path / f"standup_smtp__{name}").write_text("file")
    monkeypatch.setenv("STANDUP_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("STANDUP_SMTP__HOST", "environment")
    smtp_settings = settings.load().smtp
    assert smtp_settings
    assert smtp_settings.password
    values = (smtp_settings.host, smtp_settings.sender, smtp_settings.password.get_secret_value())
    assert values == ("environment", "file", "manager")


def test_the_manager_is_asked_once_per_process(scripted: HttpReceiver) -> None:
    scripted.script("/", Reply(body=json.dumps({"Name": "standup", "SecretString": json.dumps(CLIENT)})))
    settings.load()
    settings.load()
    assert len(scripted.arrived) == 1


def test_values_of_the_manager_are_masked_in_logs(aws: None) -> None:
    keep(json.dumps(CLIENT))
    capture = io.StringIO()
    logs.configure("INFO", settings.load().secret_values, stream=capture)
    logging.getLogger("theirs").warning("refused %s", SECRET)
    assert "refused •••" in capture.getvalue()


def test_the_origin_of_a_setting_is_shown_without_its_value(aws: None) -> None:
    keep(json.dumps(CLIENT))
    assert settings_sources.descriptions() == ["the environment", f"2 of {PLACE}"]


def test_an_empty_entry_counts_as_not_set(aws: None) -> None:
    keep(json.dumps(CLIENT | {"STANDUP_DOCUMENT_PASSWORD": "", "STANDUP_LOG_LEVEL": " "}))
    assert settings.load().document_password is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("STANDUP_GRUOPS", f"STANDUP_GRUOPS in {PLACE} is not a setting. Did you mean STANDUP_GROUPS?"),
        ("smtp_password", f"SMTP_PASSWORD in {PLACE} is not a setting."),
        ("standup_smtp__hostt", f"STANDUP_SMTP__HOSTT ({PLACE}): is not a setting, did you mean STANDUP_SMTP__HOST?"),
        ("standup_secrets_dir", f"STANDUP_SECRETS_DIR in {PLACE} is not a setting."),
        ("standup_organisations__main__CLIENT_ID", f"{PLACE} has standup_organisations__main__client_id twice."),
    ],
)
def test_an_entry_that_is_no_setting_is_refused_by_its_name(aws: None, entry: str, message: str) -> None:
    keep(json.dumps(CLIENT | {entry: SECRET}))
    assert message in mistake()


def test_a_value_that_is_no_text_is_refused_by_its_name(aws: None) -> None:
    keep(json.dumps(CLIENT | {"STANDUP_SMTP__PORT": 587}))
    assert mistake() == f"STANDUP_SMTP__PORT in {PLACE} is not text. Put the value between quotation marks."


@pytest.mark.parametrize("content", [f"not JSON: {SECRET}", f'["{SECRET}"]', f'"{SECRET}"', SECRET.encode()])
def test_a_secret_that_is_no_json_object_is_refused(aws: None, content: str | bytes) -> None:
    keep(content)
    assert (
        f"STANDUP_SECRETS_MANAGER: the secrets in {PLACE} cannot be read (ValueError: the secret is not a JSON object)."
        in mistake()
    )


def test_a_missing_setting_is_named_with_the_places_that_were_read(aws: None) -> None:
    keep(json.dumps({"STANDUP_ORGANISATIONS__MAIN__CLIENT_ID": "id"}))
    message = mistake()
    assert "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET: required" in message
    assert f"Read: the environment, 1 of {PLACE}." in message


def test_a_missing_secret_is_named_with_its_location(aws: None) -> None:
    keep("{}", name="another")
    message = mistake()
    assert f"STANDUP_SECRETS_MANAGER: the secrets in {PLACE} cannot be read (ResourceNotFoundException:" in message
    assert "secretsmanager:GetSecretValue" in message


def test_a_denial_is_reported_in_the_managers_words(scripted: HttpReceiver) -> None:
    words = {"__type": "AccessDeniedException", "Message": "User: standup is not authorized to GetSecretValue."}
    scripted.script("/", Reply(400, json.dumps(words), {"Content-Type": "application/x-amz-json-1.1"}))
    assert "is not authorized to GetSecretValue). The secret must exist" in mistake()


def test_a_manager_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reach(monkeypatch, "http://127.0.0.1:1")
    assert f"the secrets in {PLACE} cannot be read (EndpointConnectionError: Could not connect" in mistake()


def test_a_manager_that_does_not_answer_does_not_block_the_process(
    scripted: HttpReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_managers, "LIMIT_SECONDS", 0.3)
    scripted.script("/", HANG)
    assert f"the secrets in {PLACE} cannot be read (no answer in 0 s)." in mistake()


def test_without_credentials_the_way_out_names_them(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "NoCredentialsError" in mistake()


def test_a_missing_package_is_named_with_its_extra(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert mistake().endswith("Install the extra: pip install 'standup-briefings[aws-secrets]'.")


@pytest.mark.parametrize(
    "place",
    ["vault:x", "aws", "aws:eu-central-1", "aws::x", "aws:eu-central-1:", "google:", "google:a:b", "azure:http://x"],
)
def test_an_invalid_location_is_refused_with_the_accepted_forms(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("STANDUP_SECRETS_MANAGER", place)
    assert mistake() == (
        "STANDUP_SECRETS_MANAGER does not name a secrets manager. Expected one of "
        "aws:REGION:SECRET, azure:https://NAME.vault.azure.net, google:PROJECT."
    )
