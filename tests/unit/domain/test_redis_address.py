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


@pytest.mark.parametrize("url", ["redis://h:6379?db=1", "redis://h:6379/0?db=1", "redis://h:6379/1"])
def test_the_database_may_be_an_option(url: str) -> None:
    assert parse(url).url() == "redis://h:6379/1"


def test_a_password_with_a_question_mark_is_no_unknown_option() -> None:
    with pytest.raises(ValueError, match="expected redis://") as raised:
        parse("redis://:12?planted=1@h:6379/0")
    assert "planted" not in str(raised.value)


@pytest.mark.parametrize(("value", "is_checked"), [("False", False), ("true", True)])
def test_whether_host_names_are_checked_is_true_or_false(value: str, is_checked: bool) -> None:
    for url in ("rediss://h/0?", "sentinels://h/0?master=a&"):
        assert parse(f"{url}ssl_check_hostname={value}").tls_options == {"ssl_check_hostname": is_checked}


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
        ("sentinel://one:26379/0?master=a&ssl_ca_certs=/ca.pem", "unknown option ssl_ca_certs: expected db, master"),
        ("redis://h/0?timeout=5", "^unknown option timeout: expected db$"),
        ("redis://h/0?ssl_ca_certs=/ca.pem", "unknown option ssl_ca_certs: expected db, or rediss:// for TLS"),
        ("rediss://h/0?socket_timeout=5", "unknown option socket_timeout: expected db, ssl_ca_certs, ssl_certfile"),
        ("rediss://h/0?ssl_cert_reqs=CERT_NONE", "option ssl_cert_reqs: expected none, optional, required"),
        ("rediss://h/0?ssl_check_hostname=no", "option ssl_check_hostname: expected false, true"),
        ("redis://h/0?db=one", "expected redis://"),
        ("unix:///run/redis.sock?db=0&timeout=5", "unknown option timeout: expected db$"),
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
