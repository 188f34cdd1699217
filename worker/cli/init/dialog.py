"""The questions of `standup init`, in their order: Redis, the organisation, the mail server, the first group."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from redis.exceptions import RedisError

from worker.cli.init.files import FirstGroup, key_of, place_of
from worker.cli.init.organisation import matching_queues, queue_names
from worker.cli.init.questions import any_text, ask, one_of
from worker.domain import addresses, hosts
from worker.domain.calendar import holidays
from worker.domain.groups import known_zones
from worker.errors import SettingsError
from worker.groupfiles.problems import nearest_zone
from worker.wiring import process

_ORGANISATION = "STANDUP_ORGANISATIONS__MAIN__"
_SMTP = "STANDUP_SMTP__"


class Answers:
    """Settings by the names of their variables: those that are set already, and ``new`` ones from the operator."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.new: dict[str, str] = {}

    def get(self, name: str) -> str:
        """Return a setting, "" if it has none yet."""
        return self.new.get(name) or self._variables.get(name, "")

    def ask(
        self,
        name: str,
        label: str,
        accept: Callable[[str], str] = any_text,
        *,
        default: str | None = None,
        hidden: bool = False,
    ) -> str:
        """Return the setting that exists, or ask for it."""
        if not self.get(name):
            self.new[name] = ask(label, accept, default=default, hidden=hidden)
        return self.get(name)


def ask_for_all(answers: Answers, folder: Path) -> FirstGroup:
    """Ask for everything that has no setting yet, and return the group, which ``folder`` does not have yet."""
    click.echo("An empty answer takes what is in brackets. Ctrl-C ends, and nothing has been written.\n")
    redis_url = answers.ask("STANDUP_REDIS_URL", "Redis", reachable, default="redis://127.0.0.1:6379/0")
    queues = _organisation(answers, redis_url)
    click.echo(f"  {len(queues)} queues.")
    _mail_server(answers)
    return _group(answers, queues, folder)


def _organisation(answers: Answers, redis_url: str) -> tuple[str, ...]:
    """Return the names of the organisation's queues. What the operator typed is asked again while it opens nothing."""
    while True:
        names = (_region_name(answers), f"{_ORGANISATION}CLIENT_ID", f"{_ORGANISATION}CLIENT_SECRET")
        typed = (
            answers.ask(names[0], "Genesys Cloud region, such as mypurecloud.de", domain),
            answers.ask(names[1], "OAuth client id"),
            answers.ask(names[2], "OAuth client secret (not shown)", hidden=True),
        )
        try:
            return queue_names(redis_url, *typed)
        except ValueError as error:
            if not set(names) & set(answers.new):
                raise click.ClickException(str(error)) from None
            click.echo(f"  {error}")
            for name in names:
                answers.new.pop(name, None)


def _region_name(answers: Answers) -> str:
    return f"{_ORGANISATION}{'API_URL' if answers.get(f'{_ORGANISATION}API_URL') else 'REGION'}"


def _mail_server(answers: Answers) -> None:
    answers.ask(f"{_SMTP}HOST", "Mail server", mail_server)
    security = answers.ask(f"{_SMTP}SECURITY", "  encrypted by", one_of("starttls", "tls", "none"), default="starttls")
    default_port = {"starttls": "587", "tls": "465", "none": "25"}[security]
    answers.ask(f"{_SMTP}PORT", "  port", port, default=default_port)
    if not answers.get(f"{_SMTP}USERNAME") and not answers.get(f"{_SMTP}SENDER"):
        username = ask("  user name (empty for none)", str, default="")
        if username:
            answers.new[f"{_SMTP}USERNAME"] = username
            answers.ask(f"{_SMTP}PASSWORD", "  password (not shown)", hidden=True)
    answers.ask(f"{_SMTP}SENDER", "Sender of the briefings, such as standup@example.com", address)


def _group(answers: Answers, queues: tuple[str, ...], folder: Path) -> FirstGroup:
    def free_title(text: str) -> str:
        if place := place_of(key_of(text), folder):
            raise ValueError(f"{place} has a group {key_of(text)} already. Please take another title.")
        return any_text(text)

    title = ask("Title of the first group", free_title, default="Support")
    group_queues = ask("Its queues, commas between (? lists them)", lambda text: matching_queues(text, queues))
    click.echo(f"  Taken: {', '.join(group_queues)}.")
    zone = ask("Its time zone", zone_name, default=process.machine_zone())
    standup_at = ask("Its stand-up begins at", time_of_day, default="08:30")
    country = ask("Country of its public holidays, such as DE (empty for none)", country_code, default="")
    email = ask("Your address, which gets its briefings", recipient)
    return FirstGroup(key_of(title), title, zone, standup_at, group_queues, country, email)


def reachable(url: str) -> str:
    """Accept the address of a Redis that answers."""
    try:
        process.connect_at_once(url).ping()
    except ValueError as error:
        raise ValueError(f"{error}. Such as redis://127.0.0.1:6379/0, please.") from None
    except RedisError as error:
        raise ValueError(f"No Redis answers there: {error}") from None
    return url


def domain(text: str) -> str:
    """Accept a region's domain."""
    try:
        return hosts.region(text)
    except ValueError:
        raise ValueError("A domain, such as mypurecloud.de or usw2.pure.cloud, please.") from None


def mail_server(text: str) -> str:
    """Accept the name or address of a server."""
    try:
        return hosts.server(text)
    except ValueError:
        raise ValueError("Only the name of a server, such as mail.example.com, please. The port comes next.") from None


def port(text: str) -> str:
    """Accept the number of a port."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("A number from 1 to 65535, please.")
    return text


def address(text: str) -> str:
    """Accept an e-mail address."""
    addresses.parse(text)
    return text


def recipient(text: str) -> str:
    """Accept an e-mail address without a name, as a group file has it."""
    if fault := addresses.fault_of(text):
        raise ValueError(f"An address such as ana@example.com, please: {fault}.")
    return text


def zone_name(text: str) -> str:
    """Accept a zone of the IANA database."""
    if text in known_zones():
        return text
    near = nearest_zone(text)
    suggestion = f" Did you mean {near}?" if near else ""
    raise ValueError(f"A zone of the IANA database, such as Europe/Berlin, please.{suggestion}")


def time_of_day(text: str) -> str:
    """Accept hours and minutes, and write them with two digits each."""
    padded = text.zfill(len("00:00"))
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", padded):
        raise ValueError("Hours and minutes from 00:00 to 23:59, such as 08:30, please.")
    return padded


def country_code(text: str) -> str:
    """Accept nothing, or a country whose public holidays are known."""
    code = text.upper()
    try:
        if code:
            holidays.check_country(code, None)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return code
