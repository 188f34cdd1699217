"""What the examination says of a Redis."""

from __future__ import annotations

import pytest
from redis import Redis

from worker.doctor import redis
from worker.doctor.finding import Finding, Level
from worker.settings import Settings
from worker.wiring.process import clock


def findings(**settings: str) -> list[Finding]:
    loaded = Settings(**settings)
    return list(redis.check(loaded.redis_url, loaded.broker, clock))


def wrongs(checked: list[Finding]) -> str:
    return "\n".join(f"{finding.fact} {finding.way_out}" for finding in checked if finding.level == Level.WRONG)


@pytest.fixture
def durable(redis: Redis, redis_url: str) -> str:
    """A server that is set up as it should be."""
    appendonly_before = redis.config_get("appendonly")
    redis.config_set("appendonly", "yes")
    yield redis_url
    redis.config_set("appendonly", appendonly_before["appendonly"])
    redis.config_set("maxmemory-policy", "noeviction")


def test_a_server_that_is_set_up_well_is_in_order(durable: str) -> None:
    checked = findings(redis_url=durable)
    assert {finding.level for finding in checked} == {Level.OK}
    assert redis.reachable(checked)


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [("maxmemory-policy", "allkeys-lru", "maxmemory-policy noeviction"), ("appendonly", "no", "appendonly yes")],
)
def test_a_redis_that_may_lose_data_is_wrong_and_the_finding_names_the_setting(
    durable: str, redis: Redis, setting: str, value: str, says: str
) -> None:
    redis.config_set(setting, value)
    assert says in wrongs(findings(redis_url=durable))


def test_a_full_redis_is_wrong(durable: str, redis: Redis) -> None:
    redis.config_set("maxmemory", 1)
    try:
        assert "is full and takes no writes Give it more memory" in wrongs(findings(redis_url=durable))
    finally:
        redis.config_set("maxmemory", 0)


def test_a_broker_in_our_own_database_is_wrong(durable: str) -> None:
    assert "STANDUP_BROKER_URL" in wrongs(findings(redis_url=durable, broker_url=durable))


def test_an_unreachable_server_is_named_without_its_password() -> None:
    checked = findings(redis_url="redis://:planted-password@127.0.0.1:1/0")
    assert not redis.reachable(checked)
    assert "127.0.0.1:1/0 does not answer" in wrongs(checked)
    assert "planted-password" not in str(checked)


def test_an_old_version_is_wrong_and_any_valkey_is_not() -> None:
    assert redis._version("Redis", {"redis_version": "6.2.14"}).level == Level.WRONG
    assert redis._version("Redis", {"redis_version": "7.0.15"}).level == Level.OK
    assert redis._version("Redis", {"redis_version": "10.0.0"}).level == Level.OK
    assert redis._version("Redis", {"redis_version": "7.0.0", "valkey_version": "8.0.1"}).level == Level.OK
