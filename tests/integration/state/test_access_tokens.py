"""The shared access token on a real server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr
from redis import Redis

from worker.state.access_tokens import RedisTokenStore
from worker.wiring.process import clock


@dataclass(frozen=True)
class Token:
    value: SecretStr
    obtained_at: datetime
    expires_at: datetime


NOW = datetime.now(UTC)
TOKEN = Token(SecretStr("abc"), NOW, NOW + timedelta(days=1))


def test_a_token_that_one_worker_stores_is_read_by_another(redis: Redis) -> None:
    RedisTokenStore(redis, Token, clock).put("client", TOKEN)
    assert RedisTokenStore(redis, Token, clock).get("client") == TOKEN
    assert RedisTokenStore(redis, Token, clock).get("other") is None


def test_redis_forgets_the_token_when_it_ends(redis: Redis) -> None:
    now = datetime.now(UTC)
    RedisTokenStore(redis, Token, clock).put("client", Token(SecretStr("abc"), now, now + timedelta(hours=1)))
    assert 3500 < redis.ttl("standup:access-token:client") <= 3600


def test_only_one_worker_renews_the_token_at_a_time(redis: Redis) -> None:
    first_store, second_store = RedisTokenStore(redis, Token, clock), RedisTokenStore(redis, Token, clock)
    with first_store.renewing("client") as first_may_renew, second_store.renewing("client") as second_may_renew:
        assert (first_may_renew, second_may_renew) == (True, False)
    with second_store.renewing("client") as second_may_renew:
        assert second_may_renew


def test_a_renewal_that_lost_its_lock_does_not_release_another_workers_lock(redis: Redis) -> None:
    with RedisTokenStore(redis, Token, clock).renewing("client"):
        redis.set("standup:access-token:client:renewing", "another's")
    assert redis.get("standup:access-token:client:renewing") == "another's"
