"""Addresses of Redis: the forms that a setting may have, and what is refused."""

from __future__ import annotations

import pytest

from worker.domain.redis_address import parse

SENTINELS = "sentinel://user:p%40ss@one:26379,two/3?master=standup"


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:6379/0",
        "rediss://:secret@redis.example.com:6380/4?ssl_ca_certs=/etc/ca.pem",
        "redis://[::1]:6379/0",
        "sentinel://user:p%40ss@one:26379,two:26380/3?master=standup",
        "unix:///run/redis.sock?db=2",
    ],
)
def test_a_complete_url_stays_as_it_is(url: str) -> None:
    assert parse(url).url() == url


def test_ports_and_database_have_defaults() -> None:
    assert parse("redis://example.com").hosts == (("example.com", 6379),)
    address = parse(SENTINELS)
    assert address.hosts == (("one", 26379), ("two", 26379))
    assert (address.database, address.password, address.master) == (3, "p@ss", "standup")
    assert parse("unix:///run/redis.sock").database == 0


def test_kombus_form_of_a_unix_socket_is_understood() -> None:
    address = parse("redis+socket://:secret@/run/redis.sock?virtual_host=5")
    assert (address.socket_path, address.database, address.password) == ("/run/redis.sock", 5, "secret")


@pytest.mark.parametrize("url", ["redis://localhost:6379/0", SENTINELS, "unix:///run/redis.sock?db=0"])
def test_another_database_is_on_the_same_server(url: str) -> None:
    address = parse(url)
    other_database = parse(address.with_database(9).url())
    assert (other_database.database, other_database.server, other_database.password) == (
        9,
        address.server,
        address.password,
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com", "expected redis://"),
        ("redis://localhost:6379/first", "expected redis://"),
        ("redis://localhost:0/0", "expected redis://"),
        ("redis://localhost:99999/0", "expected redis://HOST:PORT/DATABASE"),
        ("sentinel://one:26379/0", "master=NAME"),
        ("sentinel://one:26379/0?master=a&mastr=b", "unknown option mastr"),
        ("unix://?db=0", "expected unix://"),
        ("unix://host/run/redis.sock", "expected unix://"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(url)


def test_a_place_names_no_password() -> None:
    assert parse(SENTINELS).place == "standup of the Sentinels one:26379,two:26379, database 3"
    assert parse("redis://:secret@localhost:6379/1").place == "localhost:6379/1"
