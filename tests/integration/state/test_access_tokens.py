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
TOKEN = Token(SecretStr("abc"), NOW, NOW + timedelta(hours=1))


def test_what_one_worker_keeps_another_gets(redis: Redis) -> None:
    RedisTokenStore(redis, Token, clock).put("client", TOKEN)
    assert RedisTokenStore(redis, Token, clock).get("client") == TOKEN
    assert RedisTokenStore(redis, Token, clock).get("other") is None


def test_redis_forgets_the_token_when_it_ends(redis: Redis) -> None:
    now = datetime.now(UTC)
    RedisTokenStore(redis, Token, clock).put("client", Token(SecretStr("abc"), now, now + timedelta(hours=1)))
    assert 3500 < redis.ttl("standup:access-token:client") <= 3600


def test_one_worker_renews_while_the_others_are_told_not_to(redis: Redis) -> None:
    one, two = RedisTokenStore(redis, Token, clock), RedisTokenStore(redis, Token, clock)
    with one.renewing("client") as mine, two.renewing("client") as theirs:
        assert (mine, theirs) == (True, False)
    with two.renewing("client") as theirs:
        assert theirs


def test_a_renewal_that_lost_its_lock_does_not_free_somebody_elses(redis: Redis) -> None:
    with RedisTokenStore(redis, Token, clock).renewing("client"):
        redis.set("standup:access-token:client:renewing", "another's")
    assert redis.get("standup:access-token:client:renewing") == "another's"
