"""Fetch settings from a secrets manager: AWS Secrets Manager, Azure Key Vault or Google Secret Manager.

pydantic-settings fetches them with the vendors' own clients. Those clients find their credentials themselves, from a
role, a managed identity or their own variables. Entries have the names of variables. In a vault that others use too,
only entries with our prefix are read, so that no other team's secret is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from json import JSONDecodeError
from threading import Thread
from typing import Any

from pydantic_settings import (
    AWSSecretsManagerSettingsSource,
    AzureKeyVaultSettingsSource,
    BaseSettings,
    GoogleSecretManagerSettingsSource,
)

from worker.errors import SettingsError

VARIABLE = "STANDUP_SECRETS_MANAGER"
LIMIT_SECONDS = 30.0
"""The limit for everything: credentials, access token, list, every value, and all retries of the client."""

_PREFIX = "standup_"
_LONGEST_REASON = 300


@dataclass(frozen=True)
class _Manager:
    form: str
    extra: str
    requirements: str
    fetch: Callable[[str], Mapping[str, Any]]
    shared: bool = True
    dashes: bool = False


@cache
def entries(place: str) -> Mapping[str, str]:
    """Return our entries by the variable's name in small letters. They are fetched once per process.

    ``place`` is the value of `VARIABLE`. Empty values count as not set. Errors are `SettingsError` and name no value.
    """
    manager = _manager_of(place)
    values: dict[str, str] = {}
    for name, value in _fetch(place, manager).items():
        setting = _setting(name, manager)
        if setting in values:
            raise SettingsError(f"{place} has {setting} twice.", way_out="Remove one of the two.")
        values[setting] = _text(value, f"{name} in {place}", manager)
    return {name: value for name, value in values.items() if value}


def _manager_of(place: str) -> _Manager:
    kind, _, rest = place.partition(":")
    manager = _MANAGERS.get(kind)
    if manager is None or not _is_complete(kind, rest):
        forms = ", ".join(manager.form for manager in _MANAGERS.values())
        raise SettingsError(f"{VARIABLE} does not name a secrets manager.", way_out=f"Expected one of {forms}.")
    return manager


def _is_complete(kind: str, rest: str) -> bool:
    if kind == "azure":
        return rest.startswith("https://")
    return all(rest.split(":", 1)) and (":" in rest) == (kind == "aws")


def _fetch(place: str, manager: _Manager) -> dict[str, Any]:
    try:
        return _with_time_limit(LIMIT_SECONDS, lambda: dict(_our_entries(place.partition(":")[2], manager)))
    except ImportError:
        way_out = f"Install the extra: pip install 'standup-briefings[{manager.extra}]'."
        raise SettingsError(f"{VARIABLE}: the package that reads {place} is not installed.", way_out=way_out) from None
    except TimeoutError:
        raise _refused(place, manager, f"no answer in {LIMIT_SECONDS:.0f} s") from None
    except Exception as error:  # every vendor's client has its own errors
        raise _refused(place, manager, f"{type(error).__name__}: {_first_line(error)}") from None


def _refused(place: str, manager: _Manager, reason: str) -> SettingsError:
    return SettingsError(f"{VARIABLE}: the secrets in {place} cannot be read ({reason}).", way_out=manager.requirements)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:_LONGEST_REASON].rstrip(". ")


def _with_time_limit(seconds: float, fetch: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer or raise TimeoutError. The daemon thread then ends with the process, which cannot start."""
    answer: Future[dict[str, Any]] = Future()

    def run() -> None:
        try:
            answer.set_result(fetch())
        except Exception as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer.result(timeout=seconds)


def _our_entries(rest: str, manager: _Manager) -> Iterator[tuple[str, Any]]:
    all_entries = manager.fetch(rest)
    for name in all_entries:
        if _setting(name, manager).startswith(_PREFIX) or not manager.shared:
            yield name, all_entries[name]


def _setting(name: str, manager: _Manager) -> str:
    return (name.replace("-", "_") if manager.dashes else name).lower()


def _text(value: object, name: str, manager: _Manager) -> str:
    if value is None:
        raise SettingsError(f"{name} cannot be read.", way_out=manager.requirements)
    if not isinstance(value, str):
        raise SettingsError(f"{name} is not text.", way_out="Put the value between quotation marks.")
    return value.strip()


def _fetch_aws(rest: str) -> Mapping[str, Any]:
    region, _, secret = rest.partition(":")
    try:
        return AWSSecretsManagerSettingsSource(BaseSettings, secret, region_name=region).env_vars
    except (JSONDecodeError, KeyError, AttributeError, TypeError):  # not JSON, not text, or not an object
        raise ValueError("the secret is not a JSON object") from None


def _fetch_azure(url: str) -> Mapping[str, Any]:
    from azure.identity import DefaultAzureCredential

    return AzureKeyVaultSettingsSource(BaseSettings, url, DefaultAzureCredential(), case_sensitive=True).env_vars


def _fetch_google(project: str) -> Mapping[str, Any]:
    from google.cloud.secretmanager import SecretManagerServiceClient

    client = SecretManagerServiceClient(transport="rest")  # gRPC ignores the proxy in HTTPS_PROXY
    source = GoogleSecretManagerSettingsSource(BaseSettings, secret_client=client, project_id=project)
    source()  # it fetches only when it is called
    return source.env_vars


_MANAGERS = {
    "aws": _Manager(
        form="aws:REGION:SECRET",
        extra="aws-secrets",
        requirements="The secret must exist and be a JSON object, and this process needs"
        " secretsmanager:GetSecretValue on it, by a role, a profile or AWS_… variables (docs/configuration.md).",
        fetch=_fetch_aws,
        shared=False,
    ),
    "azure": _Manager(
        form="azure:https://NAME.vault.azure.net",
        extra="azure-secrets",
        requirements="The vault must exist, and this process needs the role Key Vault Secrets User on it, by a managed"
        " identity or AZURE_… variables (docs/configuration.md).",
        fetch=_fetch_azure,
        dashes=True,
    ),
    "google": _Manager(
        form="google:PROJECT",
        extra="google-secrets",
        requirements="The secrets must be enabled, and this process's service account needs the roles Secret Manager"
        " Viewer and Secret Manager Secret Accessor (docs/configuration.md).",
        fetch=_fetch_google,
    ),
}
