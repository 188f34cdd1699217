"""Checks of the language: names that say nothing, and words that have to be read twice.

names   vague names bound in the code; the list is in pyproject.toml under `tool.standup.style`
prose   unusual words and semicolons in docstrings, comments, messages and docs

`python -m tests.style [PATH …]` checks both and is part of `make check`; `--counts` prints the shares instead.
"""
