"""A Redis client that collects commands and sends them together. A month has millions of them."""

from __future__ import annotations

from typing import Any

from redis import Redis

MOST_COMMANDS = 5_000


class PipelinedRedis(Redis):
    """Answers [1] to every command, and verifies the true answers when it sends them."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(connection_pool=redis.connection_pool)
        self._commands: list[tuple[Any, ...]] = []

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if args[0] != "EVALSHA":
            return super().execute_command(*args, **options)
        self._commands.append(args)
        if len(self._commands) >= MOST_COMMANDS:
            self.flush()
        return [1]

    def flush(self) -> None:
        """Send what was collected."""
        with Redis(connection_pool=self.connection_pool).pipeline(transaction=False) as pipe:
            for command in self._commands:
                pipe.execute_command(*command)
            answers = pipe.execute()
        self._commands.clear()
        words = (answer[0] if isinstance(answer, list) else answer for answer in answers)  # a lease comes with its run
        refusals = {str(word) for word in words if word not in (1, "mine")}
        assert not refusals, f"the ledger answered {refusals}"
