"""The Lua scripts beside this file, each sent by its hash and loaded where the server has forgotten it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError


@cache
def source(name: str) -> str:
    """The text of ``lua/<name>.lua``."""
    return files("worker.state").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")


@cache
def _hash(name: str) -> str:
    return hashlib.sha1(source(name).encode(), usedforsecurity=False).hexdigest()  # what Redis calls it by


def call(redis: Redis, name: str, keys: list[str], args: list[Any]) -> Any:
    """Run a script atomically; its first comment says what it takes and returns."""
    try:
        return redis.evalsha(_hash(name), len(keys), *keys, *args)
    except NoScriptError:
        redis.script_load(source(name))
        return redis.evalsha(_hash(name), len(keys), *keys, *args)


def call_many(redis: Redis, name: str, calls: list[tuple[list[str], list[Any]]]) -> list[Any]:
    """Run a script once for each pair of keys and arguments, in one round trip, and return the answers."""
    try:
        return _call_many(redis, name, calls)
    except NoScriptError:
        redis.script_load(source(name))
        return _call_many(redis, name, calls)


def _call_many(redis: Redis, name: str, calls: list[tuple[list[str], list[Any]]]) -> list[Any]:
    with redis.pipeline(transaction=False) as pipe:
        for keys, args in calls:
            pipe.evalsha(_hash(name), len(keys), *keys, *args)
        return pipe.execute()
