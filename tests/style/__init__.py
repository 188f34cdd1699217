"""Checks of the language and of tests: names that say nothing, words that have to be read twice, lost parameters.

names       vague names bound in the code; the list is in pyproject.toml under `tool.standup.style`
prose       unusual words and semicolons in docstrings, comments, messages and docs
functions   tests that bind a parameter again, and tests with a long name

`python -m tests.style [PATH …]` checks them and is part of `make check`; `--counts` prints the shares instead.
"""
