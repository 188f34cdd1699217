"""Asks a secrets manager for settings: AWS Secrets Manager, Azure Key Vault, Google Secret Manager.

pydantic-settings does the asking, with the makers' own clients; who we are there is those clients' affair: a role, a
managed identity or variables of their own. Names are those of variables. In a vault that others use too, only names
that begin with ours are looked at, so that nobody else's secret is fetched.
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
"""For all of it: finding out who we are, a token, a list, every value, and all that the clients try again."""

_PREFIX = "standup_"
_LONGEST_REASON = 300


@dataclass(frozen=True)
class _Manager:
    form: str
    extra: str
    needs: str
    ask: Callable[[str], Mapping[str, Any]]
    shared: bool = True
    dashes: bool = False


@cache
def held(place: str) -> Mapping[str, str]:
    """What the manager holds for us, by the variable's name in small letters; asked once per process.

    ``place`` is what `VARIABLE` says. Empty values count as not set. SettingsError names place and way out, no value.
    """
    manager = _manager_of(place)
    found: dict[str, str] = {}
    for name, value in _asked(place, manager).items():
        setting = _setting(name, manager)
        if setting in found:
            raise SettingsError(f"{place} has {setting} twice.", way_out="Remove one of the two.")
        found[setting] = _text(value, f"{name} in {place}", manager)
    return {name: value for name, value in found.items() if value}


def _manager_of(place: str) -> _Manager:
    kind, _, rest = place.partition(":")
    manager = _MANAGERS.get(kind)
    if manager is None or not _complete(kind, rest):
        forms = ", ".join(each.form for each in _MANAGERS.values())
        raise SettingsError(f"{VARIABLE} names no secrets manager.", way_out=f"Expected one of {forms}.")
    return manager


def _complete(kind: str, rest: str) -> bool:
    if kind == "azure":
        return rest.startswith("https://")
    return all(rest.split(":", 1)) and (":" in rest) == (kind == "aws")


def _asked(place: str, manager: _Manager) -> dict[str, Any]:
    try:
        return _within(LIMIT_SECONDS, lambda: dict(_ours(place.partition(":")[2], manager)))
    except ImportError:
        way_out = f"Install the extra: pip install 'standup-briefings[{manager.extra}]'."
        raise SettingsError(f"{VARIABLE}: the package that asks {place} is missing.", way_out=way_out) from None
    except TimeoutError:
        raise _refused(place, manager, f"no answer in {LIMIT_SECONDS:.0f} s") from None
    except Exception as error:  # every maker has errors of its own
        raise _refused(place, manager, f"{type(error).__name__}: {_first_line(error)}") from None


def _refused(place: str, manager: _Manager, why: str) -> SettingsError:
    return SettingsError(f"{VARIABLE}: {place} gives no secrets ({why}).", way_out=manager.needs)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0][:_LONGEST_REASON].rstrip(". ")


def _within(seconds: float, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer, or TimeoutError. The thread is left alone then: the process, which cannot start, ends without it."""
    answer: Future[dict[str, Any]] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer.result(timeout=seconds)


def _ours(rest: str, manager: _Manager) -> Iterator[tuple[str, Any]]:
    entries = manager.ask(rest)
    for name in entries:
        if _setting(name, manager).startswith(_PREFIX) or not manager.shared:
            yield name, entries[name]


def _setting(name: str, manager: _Manager) -> str:
    return (name.replace("-", "_") if manager.dashes else name).lower()


def _text(value: object, where: str, manager: _Manager) -> str:
    if value is None:
        raise SettingsError(f"{where} cannot be read.", way_out=manager.needs)
    if not isinstance(value, str):
        raise SettingsError(f"{where} is no text.", way_out="Put the value between quotation marks.")
    return value.strip()


def _ask_aws(rest: str) -> Mapping[str, Any]:
    region, _, secret = rest.partition(":")
    try:
        return AWSSecretsManagerSettingsSource(BaseSettings, secret, region_name=region).env_vars
    except (JSONDecodeError, KeyError, AttributeError, TypeError):  # no JSON, no text at all, no object
        raise ValueError("the secret is no JSON object") from None


def _ask_azure(url: str) -> Mapping[str, Any]:
    from azure.identity import DefaultAzureCredential

    return AzureKeyVaultSettingsSource(BaseSettings, url, DefaultAzureCredential(), case_sensitive=True).env_vars


def _ask_google(project: str) -> Mapping[str, Any]:
    from google.cloud.secretmanager import SecretManagerServiceClient

    client = SecretManagerServiceClient(transport="rest")  # gRPC goes past the proxy that HTTPS_PROXY names
    source = GoogleSecretManagerSettingsSource(BaseSettings, secret_client=client, project_id=project)
    source()  # it looks only when it is called
    return source.env_vars


_MANAGERS = {
    "aws": _Manager(
        form="aws:REGION:SECRET",
        extra="aws-secrets",
        needs="The secret has to be there, a JSON object, and secretsmanager:GetSecretValue on it allowed to this"
        " process by a role, a profile or AWS_… variables (docs/configuration.md).",
        ask=_ask_aws,
        shared=False,
    ),
    "azure": _Manager(
        form="azure:https://NAME.vault.azure.net",
        extra="azure-secrets",
        needs="The vault has to be there, and this process, by a managed identity or AZURE_… variables, needs the role"
        " Key Vault Secrets User on it (docs/configuration.md).",
        ask=_ask_azure,
        dashes=True,
    ),
    "google": _Manager(
        form="google:PROJECT",
        extra="google-secrets",
        needs="The secrets have to be enabled, and this process's service account needs the roles Secret Manager"
        " Viewer and Secret Manager Secret Accessor (docs/configuration.md).",
        ask=_ask_google,
    ),
}
