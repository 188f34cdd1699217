"""The address of a Redis database: one server, a primary that Sentinels know, or a unix socket.

redis://user:password@host:6379/0                              one server; rediss:// for TLS
sentinel://user:password@host:26379,other:26379/0?master=name  the primary of that name; sentinels:// for TLS
unix://user:password@/run/redis.sock?db=0                      a socket of this machine; also redis+socket://

In user name, password and path a special character is written as ``%`` and two hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

SENTINEL_SCHEMES = ("sentinel", "sentinels")
SOCKET_SCHEMES = ("unix", "redis+socket")

REDIS_PORT, SENTINEL_PORT = 6379, 26379

_TLS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname")
_SENTINEL_OPTIONS = ("master", "sentinel_username", "sentinel_password")

_OPTIONS = {
    "redis": ("db",),
    "rediss": ("db", *_TLS_OPTIONS),
    "sentinel": ("db", *_SENTINEL_OPTIONS),
    "sentinels": ("db", *_SENTINEL_OPTIONS, *_TLS_OPTIONS),
    "unix": ("db",),
    "redis+socket": ("db", "virtual_host"),
}
"""The options of each scheme. redis-py and kombu end with a TypeError at others, and have different ones."""

_VALUES = {"ssl_cert_reqs": ("none", "optional", "required"), "ssl_check_hostname": ("false", "true")}
"""The values that redis-py and kombu both take, and in the same sense."""

_EXPECTED = (
    "expected redis://HOST:PORT/DATABASE, such as redis://127.0.0.1:6379/0, rediss:// for TLS, "
    "sentinel://HOST:PORT,HOST:PORT/DATABASE?master=NAME, or unix:///PATH?db=DATABASE"
)

_FORM_OF_LOGIN = ". In a password write % as %25, @ as %40, / as %2F, # as %23, ? as %3F and : as %3A"


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """A parsed URL. ``hosts`` are Sentinels if ``master`` is set. ``options`` are those of the URL's query."""

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    database: int
    username: str | None
    password: str | None
    socket_path: str
    master: str
    options: Mapping[str, str]

    @property
    def has_tls(self) -> bool:
        """Return whether connections are encrypted."""
        return self.scheme in ("rediss", "sentinels")

    @property
    def tls_options(self) -> dict[str, str | bool]:
        """Return redis-py's arguments for TLS."""
        options: dict[str, str | bool] = {name: self.options[name] for name in _TLS_OPTIONS if name in self.options}
        if "ssl_check_hostname" in options:
            options["ssl_check_hostname"] = options["ssl_check_hostname"] == "true"
        return options

    @property
    def server(self) -> str:
        """Return which server this is, for people and for comparisons, without the database."""
        if self.socket_path:
            return self.socket_path
        hosts = ",".join(f"{host}:{port}" for host, port in self.hosts)
        return f"{self.master} of the Sentinels {hosts}" if self.master else hosts

    @property
    def place(self) -> str:
        """Return the server and the database, for people."""
        return f"{self.server}, database {self.database}" if self.master else f"{self.server}/{self.database}"

    @property
    def credentials(self) -> str:
        """Return user name and password as they stand in a URL, with their ``@``, or an empty string."""
        if self.username is None and self.password is None:
            return ""
        return f"{quote(self.username or '', safe='')}:{quote(self.password or '', safe='')}@"

    def url(self) -> str:
        """Return the URL, in the form that redis-py reads unless Sentinels are asked."""
        if self.socket_path:
            query = urlencode({**self.options, "db": self.database}, safe="/")
            return f"unix://{self.credentials}{quote(self.socket_path)}?{query}"
        hosts = ",".join(f"{_bracketed(host)}:{port}" for host, port in self.hosts)
        query = urlencode(self.options, safe="/")
        return urlunsplit((self.scheme, self.credentials + hosts, f"/{self.database}", query, ""))

    def with_database(self, database: int) -> RedisAddress:
        """Return the address of another database of the same server."""
        return replace(self, database=database)


def parse(url: str) -> RedisAddress:
    """Return the address of a URL. Raises ValueError with what was expected, and never with the URL's password."""
    try:
        return _address(urlsplit(url))
    except ValueError as error:
        if "@" in url:  # an unencoded password divides the URL at another place
            raise ValueError(f"{error}{_FORM_OF_LOGIN}") from None
        raise


def _address(parts: SplitResult) -> RedisAddress:
    if parts.scheme not in _OPTIONS:
        raise ValueError(_EXPECTED)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme in SOCKET_SCHEMES:
        return _of_socket(parts, options)
    has_sentinels = parts.scheme in SENTINEL_SCHEMES
    login, _, host_list = parts.netloc.rpartition("@")
    username, password = _credentials(login)
    hosts = _hosts(host_list, SENTINEL_PORT) if has_sentinels else _hosts(host_list, REDIS_PORT)[:1]
    _check_options(parts, options)
    if has_sentinels and not options.get("master"):
        raise ValueError("expected ?master=NAME, the name under which the Sentinels know the primary")
    return RedisAddress(
        scheme=parts.scheme,
        hosts=hosts,
        database=_database(options.pop("db", "") or parts.path.strip("/")),
        username=username,
        password=password,
        socket_path="",
        master=options.get("master", ""),
        options=options,
    )


def _of_socket(parts: SplitResult, options: dict[str, str]) -> RedisAddress:
    login, _, host = parts.netloc.rpartition("@")
    if host or not parts.path.strip("/"):
        raise ValueError("expected unix:///PATH?db=DATABASE, such as unix:///run/redis/redis.sock?db=0")
    _check_options(parts, options)
    database = _database(options.get("db", "") or options.get("virtual_host", ""))
    username, password = _credentials(login)
    return RedisAddress("unix", (), database, username, password, unquote(parts.path), "", {})


def _check_options(parts: SplitResult, options: dict[str, str]) -> None:
    """Refuse unknown options and values. ``options`` get the values in small letters where the case does not matter."""
    scheme_options = _OPTIONS[parts.scheme]
    if unknown := sorted(options.keys() - set(scheme_options)):
        if "@" in parts.query:  # the name may be a part of a password that has a ?
            raise ValueError(_EXPECTED)
        way_out = ", or rediss:// for TLS" if parts.scheme == "redis" and unknown[0] in _TLS_OPTIONS else ""
        raise ValueError(f"unknown option {', '.join(unknown)}: expected {', '.join(scheme_options)}{way_out}")
    for name in _VALUES.keys() & options:
        options[name] = options[name].lower()
        if options[name] not in _VALUES[name]:
            raise ValueError(f"option {name}: expected {', '.join(_VALUES[name])}")


def _credentials(login: str) -> tuple[str | None, str | None]:
    username, _, password = login.partition(":")
    return unquote(username) or None, unquote(password) or None


def _hosts(text: str, default_port: int) -> tuple[tuple[str, int], ...]:
    return tuple(_host(host, default_port) for host in text.split(","))


def _host(text: str, default_port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        port = default_port if parts.port is None else parts.port
    except ValueError:  # not a number, or too large. The error quotes it, and it may be the beginning of a password
        raise ValueError(_EXPECTED) from None
    if not port or parts.path:
        raise ValueError(_EXPECTED)
    return parts.hostname or "localhost", port


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _database(text: str) -> int:
    if not (text or "0").isdecimal():
        raise ValueError(_EXPECTED)
    return int(text or 0)
