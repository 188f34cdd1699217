"""Check Redis: version, persistence, eviction, clock and databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, InvalidResponse, NoPermissionError, RedisError
from redis.retry import Retry

from worker.doctor.finding import Finding, Level, ok, warning, wrong
from worker.domain.clock import Clock
from worker.domain.redis_address import parse
from worker.state.connection import CLUSTER_WAY_OUT, connect, sentinel_clients

AREA = "redis"
MIN_VERSION = (7, 0)
SHORT_SECONDS = 5.0
_SHORT = {"socket_timeout": SHORT_SECONDS, "socket_connect_timeout": SHORT_SECONDS}

CLOCK_SECONDS = 2.0
"""The difference between a worker's clock and Redis' clock that the run ledger tolerates."""

CLOCK_IS_WRONG_SECONDS = 60.0


def check(redis_url: str, broker_url: str, clock: Clock) -> Iterator[Finding]:
    """Check our database and the broker's. What a server that both share refuses is said once."""
    ledger_findings = list(_server_findings("STANDUP_REDIS_URL", redis_url, clock))
    yield from ledger_findings
    if parse(broker_url).server != parse(redis_url).server:
        yield from _server_findings("STANDUP_BROKER_URL", broker_url, clock)
    elif reachable(ledger_findings):
        yield _broker_database(redis_url, broker_url)


def reachable(findings: list[Finding]) -> bool:
    """Return whether the checks that need Redis can run."""
    return not any(finding.level == Level.WRONG and finding.fact.endswith(_UNUSABLE) for finding in findings)


_SILENT = "does not answer"
_REFUSES_LOGIN = "refuses the user name or password"
_NO_TLS_TRUST = "shows a certificate that this machine does not trust"
_NO_TLS = "does not speak TLS"
_NO_DATABASE = "does not have this database"
_IS_A_CLUSTER = "is a Redis Cluster"
_NO_PRIMARY = "knows no primary of this name"
_IS_NO_REDIS = "answers, but not as Redis does"
_UNUSABLE = (_IS_NO_REDIS, _IS_A_CLUSTER, _SILENT, _REFUSES_LOGIN, _NO_TLS_TRUST, _NO_TLS, _NO_DATABASE, _NO_PRIMARY)


def _server_findings(name: str, url: str, clock: Clock) -> Iterator[Finding]:
    sentinel_findings = list(_sentinels(name, url))
    yield from sentinel_findings
    if any(finding.level == Level.WRONG for finding in sentinel_findings):
        return
    place = f"Redis at {parse(url).place}"
    client = _client(url)
    try:
        client.ping()
        info = client.info()
        seconds, micros = client.time()
    except NoPermissionError as error:
        yield _missing_permission(place, error)
        return
    except (RedisError, OSError) as error:
        yield unusable(name, url, error)
        return
    finally:
        client.close()
    if info.get("cluster_enabled"):
        yield wrong(AREA, f"{place} {_IS_A_CLUSTER}", f"{CLUSTER_WAY_OUT} Then correct {name}.")
        return
    yield _version(place, info)
    yield _eviction(place, info)
    yield _append_only(place, info)
    yield clock_finding(AREA, place, clock().timestamp() - (seconds + micros / 1e6))


def _sentinels(name: str, url: str) -> Iterator[Finding]:
    """Ask each Sentinel for the primary. One that cannot be asked is a warning while another one answers."""
    address = parse(url)
    if not address.master:
        return
    findings = [_sentinel(name, url, place, client) for place, client in sentinel_clients(address, **_SHORT).items()]
    is_known = any(finding.level == Level.OK for finding in findings)
    for finding in findings:
        yield replace(finding, level=Level.WARNING) if is_known and finding.level == Level.WRONG else finding


def _sentinel(name: str, url: str, place: str, client: Redis) -> Finding:
    master = parse(url).master
    try:
        with client:
            primary = cast("tuple[str, int] | None", client.sentinel_get_master_addr_by_name(master))
    except (RedisError, OSError) as error:
        return unusable(name, url, error, f"the Sentinel at {place}")
    if not primary:
        return wrong(AREA, f"the Sentinel at {place} {_NO_PRIMARY}", f"Correct ?master={master} in {name}.")
    host, port = primary
    return ok(AREA, f"the Sentinel at {place} names the primary {host}:{port}")


def unusable(name: str, url: str, error: Exception, server: str = "") -> Finding:
    """Say why a server cannot be used: login, certificate, TLS, database, or no answer.

    ``name`` is the setting, ``server`` the server if it is not the one of the URL.
    """
    text = _without_password(error, url)
    place = server or f"Redis at {parse(url).place}"
    quoted = f"({type(error).__name__}: {text})"
    if isinstance(error, AuthenticationError):
        return wrong(AREA, f"{place} {_REFUSES_LOGIN}", f"Correct them in {name} {quoted}.")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        way_out = f"Add ?ssl_ca_certs=/path/to/ca.pem to {name}, or correct the host name or the certificate {quoted}."
        return wrong(AREA, f"{place} {_NO_TLS_TRUST}", way_out)
    if "SSL" in text:
        return wrong(AREA, f"{place} {_NO_TLS}", f"Use redis:// in {name}, or the port of TLS {quoted}.")
    if "cluster mode" in text:
        return wrong(AREA, f"{place} {_IS_A_CLUSTER}", f"{CLUSTER_WAY_OUT} Then correct {name}.")
    if "DB index" in text:
        return wrong(AREA, f"{place} {_NO_DATABASE}", f"Raise `databases` in its configuration, or correct {name}.")
    if isinstance(error, InvalidResponse):
        return wrong(AREA, f"{place} {_IS_NO_REDIS}", f"Correct {name}: another server listens there {quoted}.")
    without_tls = ", use redis:// if it does not speak TLS" if url.startswith("rediss:") else ""
    return wrong(AREA, f"{place} {_SILENT}", f"Start it{without_tls}, or correct {name} {quoted}.")


def _missing_permission(place: str, error: NoPermissionError) -> Finding:
    way_out = f"Allow them: ACL SETUSER … +info +time. Version, memory and persistence are not checked ({error})."
    return warning(AREA, f"{place} does not let this user run INFO and TIME", way_out)


def _client(url: str) -> Redis:
    return connect(url, decode_responses=True, retry=Retry(NoBackoff(), 0), **_SHORT)


def _version(place: str, info: dict[str, Any]) -> Finding:
    if info.get("server_name") == "valkey" or "valkey_version" in info:
        return ok(AREA, f"{place} answers: Valkey {info.get('valkey_version', '')}")
    version = str(info.get("redis_version", "0"))
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < MIN_VERSION:
        return wrong(AREA, f"{place} is Redis {version}", "Install Redis 7.0 or later, or Valkey.")
    return ok(AREA, f"{place} answers: Redis {version}")


def _eviction(place: str, info: dict[str, Any]) -> Finding:
    policy = info.get("maxmemory_policy")
    if policy != "noeviction":
        way_out = "Set maxmemory-policy noeviction: a full Redis must refuse writes and not forget deliveries."
        return wrong(AREA, f"{place} has maxmemory-policy {policy}", way_out)
    used_bytes, limit = int(info.get("used_memory") or 0), int(info.get("maxmemory") or 0)
    if limit and used_bytes >= limit:
        return wrong(AREA, f"{place} is full and takes no writes", "Give it more memory (maxmemory).")
    if limit and used_bytes > 0.9 * limit:
        return warning(AREA, f"{place} uses {used_bytes / limit:.0%} of its memory", "Raise maxmemory.")
    return ok(AREA, f"{place} evicts nothing")


def _append_only(place: str, info: dict[str, Any]) -> Finding:
    if not int(info.get("aof_enabled") or 0):
        way_out = (
            "Set it with `redis-cli CONFIG SET appendonly yes`, and `appendonly yes` in redis.conf: "
            "without it a restart loses runs, proofs of delivery and queued messages."
        )
        return wrong(AREA, f"{place} keeps no append-only file", way_out)
    if info.get("aof_last_write_status", "ok") != "ok":
        return wrong(AREA, f"{place} cannot write its append-only file", "Check its disk and its log.")
    return ok(AREA, f"{place} keeps an append-only file")


def _broker_database(redis_url: str, broker_url: str) -> Finding:
    if parse(broker_url).database == parse(redis_url).database:
        way_out = "Give STANDUP_BROKER_URL another database, or leave it unset: then it is the database after ours."
        return wrong(AREA, f"the broker shares database {parse(broker_url).database} with the ledger", way_out)
    try:
        with _client(broker_url) as client:
            client.ping()
    except (RedisError, OSError) as error:
        return unusable("STANDUP_BROKER_URL", broker_url, error)
    return ok(AREA, f"the broker has its own database, {parse(broker_url).database}")


def clock_finding(area: str, place: str, ahead_seconds: float, tolerance: float = CLOCK_SECONDS) -> Finding:
    """Report how far this machine's clock is ahead of another one. Negative means behind."""
    difference = abs(ahead_seconds)
    if difference <= tolerance:
        return ok(area, f"{place} has the same time as this machine ({difference:.1f} s apart)")
    fact = f"this machine's clock is {difference:.0f} s {'ahead of' if ahead_seconds > 0 else 'behind'} {place}"
    way_out = "Synchronise both clocks by NTP."
    return wrong(area, fact, way_out) if difference > CLOCK_IS_WRONG_SECONDS else warning(area, fact, way_out)


def _without_password(error: Exception, url: str) -> str:
    """The error's words without the passwords, should a library quote them."""
    address = parse(url)
    text = str(error)
    for password in filter(None, (address.password, address.options.get("sentinel_password"))):
        text = text.replace(password, "•••")
    return text
