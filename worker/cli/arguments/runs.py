"""What an operator types for a run, or for a group and its day: GROUP:DAY, or GROUP DAY as two words.

DAY is a date or a word of `worker.cli.arguments.days`. A date means the run of this id, and a word the newest revision
of its day. What does not exist is a mistake in the command, which ends it with exit status 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import click
from click.shell_completion import CompletionItem
from redis.exceptions import RedisError

from worker.cli.arguments.days import REPORTING_DAY, REPORTING_DAYS, Day, Days, days_to_brief
from worker.cli.arguments.parameters import GROUP
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId
from worker.errors import StandupError
from worker.groupfiles.problems import nearest
from worker.wiring import process, stores
from worker.wiring.process import clock

RUNS_COMPLETED = 200
"""How many of the newest runs the shell's completion and the suggestions look at."""

_EXPECTED = "expected GROUP:DAY, such as support-emea:2026-11-20, support-emea:yesterday or support-emea:last"
_REVISION = re.compile(r"\.r(?P<number>[1-9]\d*)$")


class GroupDayArgument(click.Argument):
    """An argument of one or two words: GROUP DAY is the same as GROUP:DAY."""

    def __init__(self, declarations: list[str], **attributes: Any) -> None:
        super().__init__(declarations, nargs=-1, **({"required": True} | attributes))

    def make_metavar(self, ctx: click.Context) -> str:
        """Return the name that the help shows, without the dots of a list."""
        return self.metavar or super().make_metavar(ctx)

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Convert the words as one text."""
        words = tuple(value or ())
        if ctx.resilient_parsing:  # for completion, which asks what to type after the first word
            return words
        if len(words) > 2 or (len(words) == 2 and ":" in words[0]):
            raise click.UsageError(f"Got unexpected extra argument ({words[-1]}): {_EXPECTED}.", ctx)
        return self.type(":".join(words), param=self, ctx=ctx) if words else None

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return None if nothing was typed. Click 8.5 does not convert that, and would return an empty tuple."""
        processed = super().process_value(ctx, value)
        return None if processed == () else processed

    def value_is_missing(self, value: Any) -> bool:
        """Tell whether nothing was typed."""
        return value is None or super().value_is_missing(value)


class _GroupDay(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.5
    """What all texts of a group and a day share: the parser, and the completion of days."""

    is_range_allowed = True

    def _parts(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Group, Days | None]:
        """Return group and days. Either may be the mistake that ends the command."""
        key, colon, days_text = text.partition(":")
        days: Days | None = REPORTING_DAYS.convert(days_text, param, ctx) if colon else None
        if days and days.is_range and not self.is_range_allowed:
            self.fail(f"{days_text!r}: expected one day, not a range", param, ctx)
        return GROUP.convert(key, param, ctx), days

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return what may follow: days after a group, in the same word or in the next one."""
        words = ctx.params.get(param.name or "") or ()
        if words:
            is_complete = len(words) > 1 or ":" in words[0]
            return [] if is_complete else REPORTING_DAY.shell_complete(ctx, param, incomplete)
        key, colon, day_text = incomplete.partition(":")
        if not colon:
            return self._first_words(ctx, param, incomplete)
        days = [item.value for item in REPORTING_DAY.shell_complete(ctx, param, day_text)]
        return [*self._first_words(ctx, param, incomplete), *(CompletionItem(f"{key}:{day}") for day in days)]

    def _first_words(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return GROUP.shell_complete(ctx, param, incomplete)


@dataclass(frozen=True, slots=True)
class GroupDays:
    """A group, and the days that were typed with it, None for none."""

    group: Group
    days: Days | None

    def days_or(self, option: Days | None) -> Days | None:
        """Return the days, or those of --date. Both end the command."""
        if self.days and option:
            raise click.UsageError("The day is given twice: after the group, and with --date.")
        return self.days or option

    def day_or(self, option: Day | None) -> Day | None:
        """Do the same for one day."""
        days = self.days_or(Days(option, option) if option else None)
        return days.first if days else None


class GroupDaysType(_GroupDay):
    """GROUP, GROUP:DAY, or with ``ranges`` GROUP:FIRST..LAST. The command gets `GroupDays`."""

    name = "group"

    def __init__(self, *, ranges: bool) -> None:
        self.is_range_allowed = ranges

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> GroupDays:
        """Return group and days, or end the command with what is expected."""
        return value if isinstance(value, GroupDays) else GroupDays(*self._parts(value, param, ctx))


@dataclass(frozen=True, slots=True)
class RunRange:
    """One run, or the runs of a group on a range of days. ``missing_ids`` are those of its days without a run."""

    group: str
    run_ids: tuple[RunId, ...]
    is_range: bool
    missing_ids: tuple[RunId, ...] = ()


class RunsType(_GroupDay):
    """GROUP:DAY, or GROUP:FIRST..LAST. The command gets a `RunRange`, whose single run may not exist yet."""

    name = "runs"
    is_existing = False

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the runs, or end the command with what is expected."""
        return value if isinstance(value, RunRange) else self._runs(value, param, ctx)

    def _runs(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> RunRange:
        try:
            run_id = RunId.parse(text)  # also of a group that the files no longer have
        except ValueError:
            return self._resolved(text, param, ctx)
        if self.is_existing:
            self._require(run_id, param, ctx)
        return RunRange(run_id.group, (run_id,), is_range=False)

    def _resolved(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> RunRange:
        """Return the runs of days that were typed as words: the newest revision of each, unless one is named."""
        if ":" not in text:
            self._fail_without_day(text, param, ctx)
        revision = _REVISION.search(text)
        group, days = self._parts(_REVISION.sub("", text), param, ctx)
        typed_ids = [RunId(group.key, day) for day in days_to_brief(group, days, clock())]
        if revision:
            typed_ids = [run_id.revised(int(revision["number"])) for run_id in typed_ids]
        newest_runs = [None if revision else stores.runs().latest_revision(run_id) for run_id in typed_ids]
        if days and days.is_range:
            existing_ids = tuple(run.id for run in newest_runs if run)
            if not existing_ids:
                self.fail(f"{group.key} has no run on these days. `standup runs` lists the existing ones.", param, ctx)
            missing_ids = tuple(typed for typed, run in zip(typed_ids, newest_runs, strict=True) if not run)
            return RunRange(group.key, existing_ids, is_range=True, missing_ids=missing_ids)
        run_id = newest_runs[0].id if newest_runs[0] else typed_ids[0]
        if self.is_existing:
            self._require(run_id, param, ctx)
        return RunRange(group.key, (run_id,), is_range=False)

    def _require(self, run_id: RunId, param: click.Parameter | None, ctx: click.Context | None) -> None:
        if stores.runs().get(run_id) is None:
            self.fail(f"There is no run {run_id}. {_suggestion(run_id, _newest_ids())}", param, ctx)

    def _fail_without_day(self, text: str, param: click.Parameter | None, ctx: click.Context | None) -> None:
        newest_run = next((run_id for run_id in _newest_ids() if run_id.group == text), None)
        suggestion = f" Did you mean {newest_run}, the newest of this group?" if newest_run else ""
        self.fail(f"{text!r} is not a run: {_EXPECTED}.{suggestion}", param, ctx)

    def _first_words(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the newest runs whose ids begin like this. Nothing if Redis does not answer."""
        process.answer_at_once()  # completion does not run the command group's own function
        try:
            newest_runs = stores.runs().newest(RUNS_COMPLETED)
        except (StandupError, RedisError):
            return []
        return [_completion(run) for run in newest_runs if str(run.id).startswith(incomplete)]


class ExistingRunType(RunsType):
    """A run of the ledger. The command gets its `RunId`."""

    name = "run"
    is_existing = True
    is_range_allowed = False

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RunId:
        """Return the id, or end the command with the run that was probably meant."""
        return value if isinstance(value, RunId) else self._runs(value, param, ctx).run_ids[0]


EXISTING_RUN = ExistingRunType()
RUNS = RunsType()
GROUP_DAY = GroupDaysType(ranges=False)
GROUP_DAYS = GroupDaysType(ranges=True)


def _completion(run: Run) -> CompletionItem:
    return CompletionItem(str(run.id), help=" ".join(filter(None, (run.state.value, run.code))))


def _newest_ids() -> list[RunId]:
    return [run.id for run in stores.runs().newest(RUNS_COMPLETED)]


def _suggestion(wrong: RunId, run_ids: Iterable[RunId]) -> str:
    """Suggest the run of the same or a similarly named group whose day and revision are nearest."""
    by_group: dict[str, list[RunId]] = {}
    for run_id in run_ids:
        by_group.setdefault(run_id.group, []).append(run_id)
    candidates = by_group.get(wrong.group) or by_group.get(nearest(wrong.group, by_group), [])
    if not candidates:
        return "`standup runs` lists the existing ones."
    return f"Did you mean {min(candidates, key=lambda run_id: _distance(run_id, wrong))}?"


def _distance(first: RunId, second: RunId) -> tuple[int, int]:
    return abs((first.reporting_day - second.reporting_day).days), abs(first.revision - second.revision)
