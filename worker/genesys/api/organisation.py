"""Where an organisation's API and login live, and which OAuth client asks."""

from __future__ import annotations

import hashlib
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from worker.domain import hosts
from worker.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Organisation:
    """One Genesys Cloud organisation, or a gateway that speaks for one.

    ``api_url`` and ``login_url`` are base addresses without query, e.g. ``https://api.mypurecloud.ie``.
    ``download_hosts`` are further hosts from which finished files may be fetched: ``files.example.com``,
    ``*.example.com`` for all below, or ``files.example.com:8443`` for another port. Plain HTTP is for loopback.
    ``allow_plain_http`` permits it for the two addresses here, inside a private network such as that of Docker Compose.
    ``ca_file`` (PEM) names authorities to trust besides the public ones. ``proxy`` is the HTTP proxy for all requests,
    e.g. ``http://user:password@proxy.example.com:3128``.
    ``SettingsError`` names the setting that is wrong.
    """

    name: str
    api_url: str
    login_url: str
    client_id: str
    client_secret: SecretStr = field(repr=False)
    download_hosts: tuple[str, ...] = ()
    allow_plain_http: bool = False
    ca_file: Path | None = None
    proxy: SecretStr | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _check_url(self, "API_URL", self.api_url)
        _check_url(self, "LOGIN_URL", self.login_url)
        _check_proxy(self)
        if not self.client_id or ":" in self.client_id:
            raise SettingsError(
                f"The client id of organisation {self.name!r} is empty or holds a colon.",
                way_out=f"Set {self.setting('CLIENT_ID')}.",
            )
        if not self.client_secret.get_secret_value():
            raise SettingsError(
                f"The client secret of organisation {self.name!r} is empty.",
                way_out=f"Set {self.setting('CLIENT_SECRET')}.",
            )

    @classmethod
    def for_region(
        cls,
        domain: str,
        *,
        name: str,
        client_id: str,
        client_secret: SecretStr,
        download_hosts: tuple[str, ...] = (),
        ca_file: Path | None = None,
        proxy: SecretStr | None = None,
    ) -> Self:
        """The organisation in a region, by the region's domain, e.g. ``mypurecloud.ie``. New domains are accepted."""
        return cls(
            name=name,
            api_url=f"https://api.{domain}",
            login_url=f"https://login.{domain}",
            client_id=client_id,
            client_secret=client_secret,
            download_hosts=(f"*.{domain}", *download_hosts),
            ca_file=ca_file,
            proxy=proxy,
        )

    @property
    def client_key(self) -> str:
        """A key of this OAuth client that reveals nothing. Its access token and quota are shared under it."""
        return hashlib.sha256(f"{self.login_url}\n{self.client_id}".encode()).hexdigest()[:20]

    @property
    def own_hosts(self) -> frozenset[str]:
        """The host names of the two addresses, in lower case."""
        return frozenset(urlsplit(url).hostname or "" for url in (self.api_url, self.login_url))

    def own_ports(self, host: str) -> frozenset[int]:
        """The ports at which the two addresses have this host."""
        addresses = (urlsplit(url) for url in (self.api_url, self.login_url))
        return frozenset(address.port for address in addresses if address.port and address.hostname == host)

    def setting(self, name: str) -> str:
        """The environment variable of a setting of this organisation."""
        return f"STANDUP_ORGANISATIONS__{self.name.upper()}__{name}"

    def tls_context(self) -> ssl.SSLContext | None:
        """Return a context that trusts ``ca_file`` too, or None without one. An unreadable file is a SettingsError."""
        if self.ca_file is None:
            return None
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(self.ca_file)
        except OSError as error:
            raise SettingsError(
                f"Organisation {self.name!r}: {self.ca_file} cannot be read as a list of certificates ({error}).",
                way_out=f"Set {self.setting('CA_FILE')} to a PEM file of certificate authorities.",
            ) from None
        return context

    def may_go_plain(self, host: str) -> bool:
        """Whether ``host`` may be asked without TLS."""
        return hosts.is_loopback(host) or (self.allow_plain_http and host in self.own_hosts)


def _check_url(organisation: Organisation, setting: str, url: str) -> None:
    problem = _url_problem(organisation, url)
    if problem:
        raise SettingsError(
            f"Organisation {organisation.name!r}: {problem}.",
            way_out=f"Set {organisation.setting(setting)} to an address such as https://api.mypurecloud.ie.",
        )


def _check_proxy(organisation: Organisation) -> None:
    """Refuse an address that no proxy can have. The error does not show it, because it may contain a password."""
    if organisation.proxy is None:
        return
    parts = _split(organisation.proxy.get_secret_value())
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(
            f"Organisation {organisation.name!r}: the proxy's address is none.",
            way_out=f"Set {organisation.setting('PROXY')} to an address such as http://proxy.example.com:3128.",
        )


def _url_problem(organisation: Organisation, url: str) -> str:
    parts = _split(url)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        return f"{_quoted(url)} is no https address"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "an address holds a user, a password, a query or a fragment"
    if parts.scheme == "http" and not (organisation.allow_plain_http or hosts.is_loopback(parts.hostname)):
        return f"{_quoted(url)} is plain HTTP to another machine, so the client secret would be sent unencrypted"
    return ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return None
    return parts


def _quoted(url: str) -> str:
    """Quote an address without what could be a password."""
    return repr(url.rpartition("@")[2])
