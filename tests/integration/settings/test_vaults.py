"""Settings out of Azure Key Vault and Google Secret Manager: the makers' own clients, behind a scripted proxy."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.integration.settings.conftest import SECRET, Internet
from tests.receivers import Reply
from worker import settings
from worker.errors import SettingsError

VAULT = "https://standup.vault.azure.net"
AZURE = f"azure:{VAULT}"
GOOGLE = "google:example-project"
LOGIN = "https://login.microsoftonline.com/tenant"
CHALLENGE = {"WWW-Authenticate": f'Bearer authorization="{LOGIN}", resource="https://vault.azure.net"'}
REGION = "STANDUP_ORGANISATIONS__MAIN__REGION"
SCOPED = "/v1/projects/example-project/secrets"


def as_json(content: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(content), {"Content-Type": "application/json"})


class Vault:
    """A Key Vault and the login before it."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet
        endpoints = {"authorization_endpoint": f"{LOGIN}/authorize", "token_endpoint": f"{LOGIN}/token"}
        issuer = {"issuer": f"{LOGIN}/v2.0", **endpoints}
        internet.script("/tenant/v2.0/.well-known/openid-configuration", as_json(issuer))
        token = {"token_type": "Bearer", "expires_in": 3600, "access_token": "planted-token"}
        internet.script("/tenant/token", as_json(token))

    def holds(self, **values: str) -> None:
        names = [name.replace("_", "-") for name in values]
        listing = {"value": [{"id": f"{VAULT}/secrets/{name}", "attributes": {"enabled": True}} for name in names]}
        self._internet.script("/secrets", Reply(401, "", CHALLENGE), as_json(listing))
        for name, value in zip(names, values.values(), strict=True):
            self.answers(name, as_json({"id": f"{VAULT}/secrets/{name}/1", "value": value}))

    def answers(self, name: str, reply: Reply) -> None:
        self._internet.script(f"/secrets/{name}/", reply)


class Project:
    """A Google project's Secret Manager."""

    def __init__(self, internet: Internet) -> None:
        self._internet = internet

    def holds(self, **values: str) -> None:
        listing = {"secrets": [{"name": f"projects/17/secrets/{name}"} for name in values]}
        self._internet.script(SCOPED, as_json(listing))
        for name, value in values.items():
            self.answers(name, as_json({"payload": {"data": b64encode(value.encode()).decode()}}))

    def answers(self, name: str, reply: Reply) -> None:
        self._internet.script(f"{SCOPED}/{name}/versions/latest:access", reply)


@pytest.fixture
def vault(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> Vault:
    credentials = {"AZURE_TENANT_ID": "tenant", "AZURE_CLIENT_ID": "standup", "AZURE_CLIENT_SECRET": "key"}
    for name, value in {"STANDUP_SECRETS_MANAGER": AZURE, **credentials}.items():
        monkeypatch.setenv(name, value)
    return Vault(internet)


@pytest.fixture(scope="module")
def key() -> str:
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private_key.private_bytes(*form).decode()


@pytest.fixture
def project(internet: Internet, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str) -> Project:
    account = {"type": "service_account", "client_email": "standup@example.com", "private_key": key}
    token = {"token_uri": "https://oauth2.googleapis.com/token", "project_id": "example-project"}
    (tmp_path / "account.json").write_text(json.dumps(account | token))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "account.json"))
    monkeypatch.setenv("STANDUP_SECRETS_MANAGER", GOOGLE)
    return Project(internet)


def mistake() -> str:
    with pytest.raises(SettingsError) as raised:
        settings.load()
    assert SECRET not in str(raised.value)
    return str(raised.value)


def test_names_in_a_vault_have_dashes_for_underscores(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REGION, "mypurecloud.de")
    vault.holds(
        **{
            "standup-organisations--main--client-id": "id",
            "Standup-Organisations--Main--Client-Secret": SECRET,
            "standup-document-passwords--support-emea": "password",
        }
    )
    loaded = settings.load()
    assert loaded.organisations["main"].client_secret.get_secret_value() == SECRET
    assert loaded.password_for("support-emea") == "password"
    assert SECRET in loaded.secret_values


def test_names_in_a_google_project_are_those_of_variables(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REGION, "mypurecloud.de")
    project.holds(
        STANDUP_ORGANISATIONS__MAIN__CLIENT_ID="id",
        standup_organisations__main__client_secret=f"{SECRET}\n",
        **{"standup_document_passwords__support-emea": "password"},
    )
    loaded = settings.load()
    assert loaded.organisations["main"].client_secret.get_secret_value() == SECRET
    assert loaded.password_for("support-emea") == "password"
    assert SECRET in loaded.secret_values


def test_only_our_own_secrets_are_fetched_from_a_vault(vault: Vault, internet: Internet) -> None:
    vault.holds(**{"payroll": "theirs", "standup-document-password": "ours"})
    settings.load()
    assert [request.path.partition("?")[0] for request in internet.arrived if "/secrets/" in request.path] == [
        "/secrets/standup-document-password/"
    ]


def test_only_our_own_secrets_are_fetched_from_a_project(project: Project, internet: Internet) -> None:
    project.holds(payroll="theirs", standup_document_password="ours")
    settings.load()
    assert not internet.requests_to(f"{SCOPED}/payroll/versions/latest:access")
    assert internet.requests_to(f"{SCOPED}/standup_document_password/versions/latest:access")


def test_a_misspelt_name_in_a_vault_is_refused(vault: Vault) -> None:
    vault.holds(**{"standup-document-pasword": SECRET})
    assert mistake() == (
        f"STANDUP_DOCUMENT_PASWORD in {AZURE} is not a setting. Did you mean STANDUP_DOCUMENT_PASSWORD?"
    )


def test_a_name_in_upper_and_lower_case_in_one_project_is_refused(project: Project) -> None:
    project.holds(STANDUP_DOCUMENT_PASSWORD=SECRET, standup_document_password="other")
    assert mistake() == f"{GOOGLE} has standup_document_password twice. Remove one of the two."


def test_a_denial_of_a_vault_names_the_missing_role(vault: Vault) -> None:
    vault.holds(**{"standup-document-password": SECRET})
    refusal = {"error": {"code": "Forbidden", "message": "Caller is not authorized."}}
    vault.answers("standup-document-password", as_json(refusal, 403))
    message = mistake()
    assert (
        f"STANDUP_SECRETS_MANAGER: the secrets in {AZURE} cannot be read (HttpResponseError: (Forbidden) Caller is not"
        in message
    )
    assert "Key Vault Secrets User" in message


def test_a_denial_of_a_project_names_the_secret_and_the_role(project: Project) -> None:
    project.holds(standup_document_password=SECRET)
    refusal = {"error": {"code": 403, "message": "Permission denied.", "status": "PERMISSION_DENIED"}}
    project.answers("standup_document_password", as_json(refusal, 403))
    message = mistake()
    assert f"standup_document_password in {GOOGLE} cannot be read." in message
    assert "Secret Manager Secret Accessor" in message


def test_a_project_that_may_not_be_listed_names_the_missing_role(project: Project, internet: Internet) -> None:
    refusal = {"error": {"code": 403, "message": "Permission denied.", "status": "PERMISSION_DENIED"}}
    internet.script(SCOPED, as_json(refusal, 403))
    assert f"STANDUP_SECRETS_MANAGER: the secrets in {GOOGLE} cannot be read (Forbidden: 403 GET" in mistake()


def test_a_refused_login_is_reported(vault: Vault, internet: Internet) -> None:
    vault.holds()
    refusal = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
    internet.script("/tenant/token", as_json(refusal, 401))
    assert f"STANDUP_SECRETS_MANAGER: the secrets in {AZURE} cannot be read (ClientAuthenticationError:" in mistake()


@pytest.mark.parametrize(
    ("place", "package", "extra"),
    [(AZURE, "azure.identity", "azure-secrets"), (GOOGLE, "google.cloud.secretmanager", "google-secrets")],
)
def test_a_missing_package_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, place: str, package: str, extra: str
) -> None:
    monkeypatch.setenv("STANDUP_SECRETS_MANAGER", place)
    monkeypatch.setitem(sys.modules, package, None)
    assert mistake() == (
        f"STANDUP_SECRETS_MANAGER: the package that reads {place} is not installed. "
        f"Install the extra: pip install 'standup-briefings[{extra}]'."
    )
