"""Celery's option -l and STANDUP_LOG_LEVEL set one level."""

from __future__ import annotations

import logging

import click
import pytest

from worker import celery


@pytest.mark.parametrize(
    ("options", "level"),
    [([], ""), (["-l", "warning"], "WARNING"), (["-l", "debug"], "DEBUG"), (["-l", "critical"], "ERROR")],
)
def test_a_typed_level_is_told_from_celerys_default(options: list[str], level: str) -> None:
    @click.command()
    @click.option("-l", "--loglevel", default="WARNING")
    def worker(loglevel: str) -> str:
        return celery._typed_level(getattr(logging, loglevel.upper()))

    assert worker.main(options, standalone_mode=False) == level
