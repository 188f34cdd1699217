"""Completion in bash, which ends a word at each colon (COMP_WORDBREAKS), so that a run's id is three words to it."""

from __future__ import annotations

from typing import Any

from click.shell_completion import BashComplete, CompletionItem


class ColonComplete(BashComplete):
    """Reads GROUP:DAY as one word, and answers with the part after the last colon, which bash replaces."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor and the one that is being typed."""
        args, incomplete = super().get_completion_args()
        words: list[str] = []
        for word in (*args, incomplete):
            if words and (word == ":" or words[-1].endswith(":")):
                words[-1] += word
            else:
                words.append(word)
        self._prefix = words[-1].rpartition(":")[0]
        return words[:-1], words[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return type and value, without what bash has as words of their own."""
        value = item.value.removeprefix(f"{self._prefix}:") if self._prefix else item.value
        return f"{item.type},{value}"
