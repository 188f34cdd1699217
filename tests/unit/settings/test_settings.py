"""The environment, read and refused."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker import settings
from worker.broker import connection_settings
from worker.errors import SettingsError

MAIN = {
    "STANDUP_ORGANISATIONS__MAIN__REGION": "mypurecloud.de",
    "STANDUP_ORGANISATIONS__MAIN__CLIENT_ID": "id",
    "STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET": "planted-s3cret",
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("STANDUP_"):
            monkeypatch.delenv(name)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> settings.Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load()


def test_without_any_setting_there_are_defaults_and_no_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = read(monkeypatch)
    assert loaded.broker == "redis://127.0.0.1:6379/1"
    assert loaded.organisations == {}
    with pytest.raises(SettingsError, match="STANDUP_GROUPS"):
        _ = loaded.groups_path


def test_the_broker_has_its_own_database_and_keeps_the_options_of_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = read(monkeypatch, STANDUP_REDIS_URL="rediss://:pw@redis.example.com:6380/4?ssl_cert_reqs=required")
    assert loaded.broker == "rediss://:pw@redis.example.com:6380/5?ssl_cert_reqs=required"


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("rediss://redis.example.com/0", "rediss://redis.example.com:6379/1?ssl_cert_reqs=required"),
        ("rediss://h/0?ssl_ca_certs=/ca.pem", "rediss://h:6379/1?ssl_ca_certs=/ca.pem&ssl_cert_reqs=required"),
        ("rediss://h/0?ssl_cert_reqs=none", "rediss://h:6379/1?ssl_cert_reqs=none"),
        ("redis://h/0", "redis://h:6379/1"),
    ],
)
def test_the_brokers_tls_is_verified_unless_the_url_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, url: str, broker: str
) -> None:
    derived = read(monkeypatch, STANDUP_REDIS_URL=url)
    assert connection_settings(derived.broker, None)["broker_url"] == broker
    own_broker = read(monkeypatch, STANDUP_REDIS_URL="redis://h/0", STANDUP_BROKER_URL=url.replace("/0", "/1"))
    assert connection_settings(own_broker.broker, None)["broker_url"] == broker


@pytest.mark.parametrize(
    "url", ["nonsense", "http://x", "redis://localhost:99999/0", "redis://localhost:0", "redis://localhost:6379/abc"]
)
def test_an_invalid_redis_url_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_REDIS_URL"):
        read(monkeypatch, STANDUP_REDIS_URL=url)


def test_the_name_of_an_organisation_is_written_as_in_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = '{"client_id": "a", "client_secret": "b", "region": "mypurecloud.de"}'
    loaded = read(monkeypatch, STANDUP_ORGANISATIONS=f'{{"North-EU": {organisation}}}')
    assert list(loaded.organisations) == ["north_eu"]


@pytest.mark.parametrize("text", ["10.0.0.0/8, ::1", '["10.0.0.0/8", "::1"]'])
def test_a_list_of_a_section_has_commas_or_is_json(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    loaded = read(monkeypatch, STANDUP_BOARD__USER_HEADER="X-User", STANDUP_BOARD__PROXIES=text)
    assert loaded.board is not None
    assert loaded.board.proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize("text", ["one.example, two.example", '["one.example", "two.example"]'])
def test_a_list_has_commas_or_is_json(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert read(monkeypatch, STANDUP_ALLOWED_DOMAINS=text).allowed_domains == ("one.example", "two.example")


def test_a_binary_file_beside_the_secrets_is_no_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keystore").write_bytes(b"\xff\xfe")
    (tmp_path / "STANDUP_DOCUMENT_PASSWORD").write_text("planted\n")
    assert read(monkeypatch, STANDUP_SECRETS_DIR=str(tmp_path)).password_for("any") == "planted"


def test_organisations_are_read_by_name_and_their_secret_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = read(monkeypatch, **MAIN)
    assert loaded.organisations["main"].client_secret.get_secret_value() == "planted-s3cret"
    assert "planted-s3cret" not in repr(loaded)


def test_a_secret_may_be_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "standup_organisations__main__client_secret").write_text("from-a-file\n")
    environment = {name: value for name, value in MAIN.items() if not name.endswith("SECRET")}
    loaded = read(monkeypatch, STANDUP_SECRETS_DIR=str(tmp_path), **environment)
    assert loaded.organisations["main"].client_secret.get_secret_value() == "from-a-file"


def test_an_empty_folder_of_secrets_in_the_environment_leaves_that_of_the_file_env(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "standup_document_password").write_text("from-a-file")
    (tmp_path / ".env").write_text(f"STANDUP_SECRETS_DIR={tmp_path}\n")
    monkeypatch.chdir(tmp_path)
    assert read(monkeypatch, STANDUP_SECRETS_DIR="").password_for("any") == "from-a-file"


def test_a_misspelt_secret_file_is_refused_and_files_of_others_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tls.key").write_text("of another program")
    assert read(monkeypatch, STANDUP_SECRETS_DIR=str(tmp_path)).broker_secret is None
    (tmp_path / "standup_broker_secrte").write_text("s" * 32)
    with pytest.raises(SettingsError, match=r"STANDUP_BROKER_SECRTE in /.* Did you mean STANDUP_BROKER_SECRET\?"):
        read(monkeypatch)


def test_a_secrets_directory_that_may_not_be_read_is_not_taken_for_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0)
        refusal = f"STANDUP_SECRETS_DIR {folder} cannot be read: Permission denied"
        with as_another_user_than_root(), pytest.raises(SettingsError, match=refusal):
            read(monkeypatch, STANDUP_SECRETS_DIR=str(folder))
    finally:
        folder.rmdir()


def test_a_secret_may_not_be_a_link_that_leaves_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("planted")
    (tmp_path / "secrets" / "..data").mkdir(parents=True)
    (tmp_path / "secrets" / "..data" / "password").write_text("planted")
    link = tmp_path / "secrets" / "standup_document_password"
    link.symlink_to("..data/password")  # as Kubernetes does
    loaded = read(monkeypatch, STANDUP_SECRETS_DIR=str(tmp_path / "secrets"))
    assert loaded.password_for("any") == "planted"
    link.unlink()
    link.symlink_to("../elsewhere")
    with pytest.raises(SettingsError, match=r"standup_document_password is a link to a file outside of /"):
        read(monkeypatch)


@contextlib.contextmanager
def as_another_user_than_root() -> Iterator[None]:
    """Give up the rights of root, who may read everything, if this process has them."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_misspelt_setting_is_refused_with_the_right_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"STANDUP_GRUOPS is not a setting\. Did you mean STANDUP_GROUPS\?"):
        read(monkeypatch, STANDUP_GRUOPS="groups.toml")


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"STANDUP_SMTP__HOSTT": "mail"}, "STANDUP_SMTP__HOSTT"),
        ({"STANDUP_SMTP__HOST": "mail"}, "STANDUP_SMTP__SENDER"),
        ({"STANDUP_LOG_LEVEL": "LOUD"}, "STANDUP_LOG_LEVEL"),
        ({"STANDUP_ORGANISATIONS__MAIN__CLIENT_SECRET": "planted-s3cret"}, "STANDUP_ORGANISATIONS__MAIN__CLIENT_ID"),
    ],
)
def test_a_mistake_names_the_variable_and_never_its_value(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], complaint: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read(monkeypatch, **environment)
    assert complaint in str(raised.value)
    assert "planted-s3cret" not in str(raised.value)


def test_an_organisation_needs_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        SettingsError, match=r"STANDUP_ORGANISATIONS__MAIN: expected its __REGION, such as mypurecloud\.de"
    ):
        read(monkeypatch, **{**MAIN, "STANDUP_ORGANISATIONS__MAIN__REGION": ""})


def test_fonts_are_a_list_of_files_whose_case_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = read(monkeypatch, STANDUP_FONTS="/fonts/Noto.ttc#2, /fonts/My Font.otf,")
    assert loaded.fonts == ("/fonts/Noto.ttc#2", "/fonts/My Font.otf")


def env_file(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (folder / ".env").write_text(text, "utf-8")
    monkeypatch.chdir(folder)


def test_the_file_env_is_read_and_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [*(f"{name}={value}" for name, value in MAIN.items()), "STANDUP_LOG_LEVEL=ERROR", "FLOWER_BASIC_AUTH=a:b"]
    env_file(tmp_path, monkeypatch, "\n".join(["# settings", "", *lines, "STANDUP_GROUPS='g.toml'  # here"]))
    loaded = read(monkeypatch, STANDUP_LOG_LEVEL="DEBUG", STANDUP_ORGANISATIONS__MAIN__REGION="mypurecloud.com")
    assert loaded.log_level == "DEBUG"
    assert loaded.groups == Path("g.toml")
    assert loaded.organisations["main"].client_secret.get_secret_value() == "planted-s3cret"
    assert loaded.organisations["main"].region == "mypurecloud.com"


def test_the_file_env_may_name_the_secrets_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "standup_document_password").write_text("planted")
    env_file(tmp_path, monkeypatch, "STANDUP_SECRETS_DIR=secrets\n")
    assert read(monkeypatch).password_for("any") == "planted"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "STANDUP_LOG_LEVLE=INFO\n",
            r"STANDUP_LOG_LEVLE in .env, line 1, is not a setting. Did you mean STANDUP_LOG_LEVEL",
        ),
        ("STANDUP_LOG_LEVEL=INFO\n'broken\n", r".env, line 2: expected NAME=value"),
        ("STANDUP_LOG_LEVEL=LOUD\n", r"STANDUP_LOG_LEVEL .*Read: the environment, .*\.env"),
    ],
)
def test_a_mistake_in_the_file_env_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, sentence: str
) -> None:
    env_file(tmp_path, monkeypatch, text)
    with pytest.raises(SettingsError, match=sentence):
        read(monkeypatch)
