"""The Lua scripts beside this file, each sent by its hash and loaded where the server has forgotten it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from redis import Redis


@cache
def source(name: str) -> str:
    """The text of ``lua/<name>.lua``."""
    return files("worker.state").joinpath("lua", f"{name}.lua").read_text(encoding="utf-8")


def call(redis: Redis, name: str, keys: list[str], args: list[Any]) -> Any:
    """Run a script atomically; what it takes and returns stands at its head."""
    return redis.register_script(source(name))(keys=keys, args=args)
