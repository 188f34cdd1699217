"""The names of an organisation's queues, and which of them an operator means."""

from __future__ import annotations

from collections.abc import Sequence

import click
from pydantic import SecretStr, ValidationError

from worker.errors import StandupError
from worker.genesys.api.auth import AccessTokens, MemoryTokenStore
from worker.genesys.lookups.queues import names_of_all_queues
from worker.settings import OrganisationSettings
from worker.wiring import organisations, process

_LISTED = 12


def settings_of(region: str, client_id: str, client_secret: str) -> OrganisationSettings:
    """Return the settings of an organisation. ``region`` is its domain or, for a gateway, the address of its API."""
    place = {"api_url": region} if "://" in region else {"region": region}
    return OrganisationSettings.model_validate(
        {**place, "client_id": client_id, "client_secret": SecretStr(client_secret)}
    )


def queue_names(redis_url: str, region: str, client_id: str, client_secret: str) -> tuple[str, ...]:
    """Return the names of all queues. Raises ValueError with the sentence of what these three do not open."""
    try:
        session = organisations.session_of(settings_of(region, client_id, client_secret), redis_url)
        # a token from before would hide that the secret is wrong
        AccessTokens(session.organisation, MemoryTokenStore(), clock=process.clock).current()
        return names_of_all_queues(session)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    except StandupError as error:
        raise ValueError(str(error)) from None


def matching_queues(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the queues that a text names: one whole name, or names and parts of names with commas between.

    Raises ValueError with the names to choose from. ``?`` asks for them.
    """
    if text in names:
        return (text,)
    if text == "?":
        raise ValueError(_listing(sorted(names)))
    queues = [_matching_queue(part.strip(), names) for part in text.split(",") if part.strip()]
    if not queues:
        raise ValueError("Please name at least one queue. ? lists them.")
    return tuple(dict.fromkeys(queues))


def _matching_queue(text: str, names: Sequence[str]) -> str:
    if text in names:
        return text
    similar = [name for name in names if text.casefold() in name.casefold()]
    if len(similar) == 1:
        return similar[0]
    if similar:
        raise ValueError(f'"{text}" is in the names of {len(similar)} queues: {_listing(sorted(similar))}')
    raise ValueError(f'No queue has "{text}" in its name. ? lists them.')


def _listing(names: Sequence[str]) -> str:
    end = f" and {len(names) - _LISTED} more. Type a part of the name." if len(names) > _LISTED else "."
    return click.wrap_text(", ".join(names[:_LISTED]) + end, subsequent_indent="  ")
