"""The plan of a run's stand-up day is fetched beside the briefing, and never at its expense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisAway

from worker.domain.countdowns import MAX_ATTEMPTS
from worker.domain.groups import Deliver, Group
from worker.domain.runs import Run, RunId, RunState, Step
from worker.domain.today.plan import MediumPlan, NotKnown, Person, PlannedInterval, TodayPlan
from worker.errors import BeingFetched, NotYet, PermissionMissing, QuotaWait, StepTooLong
from worker.genesys.source import Order
from worker.services.order import order_of_run
from worker.services.today import TodayPlans
from worker.state.files.artifacts import TODAY, Artifacts, of_run

STARTED = datetime(2026, 11, 23, 7, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
GROUP = Group(
    key="support",
    title="Support",
    zone="Europe/Berlin",
    standup_at=time(8, 30),
    catch_up_until=time(11),
    queues=("Care",),
    management_units=("unit",),
    deliver=Deliver(),
)
RUN = Run(
    id=RunId("support", date(2026, 11, 20)),
    state=RunState.OPEN,
    step=Step.POLL,
    asked_by="beat",
    created_at=STARTED,
    briefed_day=date(2026, 11, 20),
    job_started_at=STARTED,
)
WHOLE = TodayPlan(MONDAY, absent=(Person("u-1", "Ana"),))

Answer = Callable[[], TodayPlan]


class Planner:
    """Sources whose plans a test scripts. It records whether each request gave up."""

    def __init__(self, *answers: TodayPlan | Exception) -> None:
        self.answers = list(answers)
        self.gave_up: list[bool] = []

    def plan_source_of(self, _group: Group, _run: Run) -> Planner:
        return self

    def plan(self, _order: Order, *, give_up: bool = False) -> TodayPlan:
        self.gave_up.append(give_up)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Scene:
    """A store, a clock and scripted sources."""

    def __init__(self, folder: Path, *answers: TodayPlan | Exception) -> None:
        self.now = STARTED
        self.planner = Planner(*answers)
        self.artifacts = Artifacts(str(folder))
        self.remembered: list[tuple[object, ...]] = []
        self.notes: list[str] = []
        self.plans = TodayPlans(self.planner, self, self.artifacts, self, lambda: self.now)  # type: ignore[arg-type]

    def record(self, *forecast: object) -> None:
        """Remember a forecast, in place of the history in Redis."""
        self.remembered.append(forecast)

    def note(self, _run_id: RunId, step: Step, text: str, detail: str) -> None:
        """Keep a line of the run's timeline, in place of the ledger in Redis."""
        self.notes.append(f"{step}: {text}: {detail}")

    def fetch(self, run: Run = RUN, group: Group = GROUP) -> object:
        return self.plans.fetch(group, run, order_of_run(group, run))

    def stored(self, run: Run = RUN) -> TodayPlan | None:
        return self.plans.plan_of(GROUP, run.id)


def test_a_plan_is_stored_with_the_run_and_asked_for_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path, WHOLE)
    assert scene.fetch() is None
    assert scene.fetch() is None
    assert scene.stored() == WHOLE


def test_the_forecast_of_a_plan_is_remembered_with_the_group(tmp_path: Path) -> None:
    nine = datetime(2026, 11, 23, 9, tzinfo=GROUP.tz)
    scene = Scene(tmp_path, replace(WHOLE, media=(MediumPlan("voice", (PlannedInterval(nine, 12.0),)),)))
    scene.fetch()
    assert scene.remembered == [("support", MONDAY, 1, {"voice": {"09:00": 12.0}})]


def test_a_plan_without_forecast_leaves_none_behind(tmp_path: Path) -> None:
    scene = Scene(tmp_path, WHOLE)
    scene.fetch()
    assert scene.remembered == []


def test_the_day_is_that_of_the_standup_after_the_reporting_day() -> None:
    order = order_of_run(GROUP, RUN)
    assert order.today is not None
    assert order.today.start.astimezone(GROUP.tz).date() == MONDAY


@pytest.mark.parametrize(("attempts", "expected"), [(0, False), (MAX_ATTEMPTS - 2, False), (MAX_ATTEMPTS - 1, True)])
def test_the_source_knows_the_last_attempt_of_a_step(attempts: int, expected: bool) -> None:
    assert order_of_run(GROUP, replace(RUN, attempts=attempts)).is_last_attempt is expected


def test_a_run_that_briefs_an_earlier_day_plans_its_own_standup_day() -> None:
    order = order_of_run(GROUP, replace(RUN, briefed_day=date(2026, 11, 18)))
    assert order.today is not None
    assert order.today.start.astimezone(GROUP.tz).date() == MONDAY


@pytest.mark.parametrize(
    "group",
    [
        GROUP.model_copy(update={"today": False}),
        GROUP.model_copy(update={"management_units": ()}),
        GROUP.model_copy(update={"source": "reporting"}),
    ],
    ids=["switched off", "without management units", "of a gateway"],
)
def test_a_group_without_a_plan_asks_for_none(tmp_path: Path, group: Group) -> None:
    scene = Scene(tmp_path)
    order = replace(order_of_run(GROUP, RUN), today=None) if group.source == "reporting" else order_of_run(group, RUN)
    assert scene.plans.fetch(group, RUN, order) is None
    assert scene.planner.gave_up == []
    assert scene.stored() is None


def test_a_day_that_is_over_is_not_planned(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.now = datetime(2026, 11, 23, 23, tzinfo=UTC)  # midnight in Berlin
    assert scene.fetch() is None
    assert scene.planner.gave_up == []


def test_a_calculation_is_asked_about_again_after_its_wait(tmp_path: Path) -> None:
    scene = Scene(tmp_path, NotYet("calculating", retry_after_seconds=5.0), WHOLE)
    retry = scene.fetch()
    assert (retry.seconds, retry.awaits) == (5.0, "")  # type: ignore[attr-defined]
    assert scene.fetch() is None


def test_a_request_of_another_run_is_awaited(tmp_path: Path) -> None:
    scene = Scene(tmp_path, BeingFetched("busy", flight="units", retry_after_seconds=20.0))
    assert scene.fetch().awaits == "units"  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", [QuotaWait("no permit", retry_after_seconds=600.0), StepTooLong("slow")])
def test_after_three_minutes_the_run_gives_up_the_plan(tmp_path: Path, error: Exception) -> None:
    unknown = TodayPlan(MONDAY, not_known=NotKnown.NOT_IN_TIME, people_not_known=NotKnown.NOT_IN_TIME)
    scene = Scene(tmp_path, error, unknown)
    scene.now = STARTED + timedelta(seconds=170)
    assert scene.fetch().seconds <= 10  # type: ignore[attr-defined]
    scene.now = STARTED + timedelta(seconds=180)
    assert scene.fetch() is None
    assert scene.planner.gave_up == [False, True]
    assert scene.stored() == unknown


def test_a_run_without_a_start_counts_its_three_minutes_from_the_first_request(tmp_path: Path) -> None:
    scene = Scene(tmp_path, NotYet("calculating", retry_after_seconds=5.0))
    retry = scene.fetch(replace(RUN, job_started_at=None))
    assert retry.changes == {"job_started_at": STARTED.isoformat()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("error", [ZeroDivisionError(), PermissionMissing("no", permission="a:b:c"), KeyError("x")])
def test_an_unexpected_error_makes_the_plan_unreadable_and_not_the_run_fail(tmp_path: Path, error: Exception) -> None:
    scene = Scene(tmp_path, error)
    assert scene.fetch() is None
    plan = scene.stored()
    assert plan is not None
    assert (plan.not_known, plan.people_not_known) == (NotKnown.UNREADABLE, NotKnown.UNREADABLE)


@pytest.mark.parametrize("error", [RedisAway(), OSError("disk full")])
def test_an_error_of_our_own_stores_is_left_to_the_step(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        Scene(tmp_path, error).fetch()


def test_a_rerun_has_the_plan_that_readers_have_already(tmp_path: Path) -> None:
    scene = Scene(tmp_path, WHOLE)
    scene.fetch()
    rerun = replace(RUN, id=RUN.id.revised(2))
    assert scene.fetch(rerun) is None
    assert scene.stored(rerun) == WHOLE
    assert len(scene.planner.gave_up) == 1


def test_a_rerun_asks_again_for_what_was_not_known(tmp_path: Path) -> None:
    scene = Scene(tmp_path, replace(WHOLE, forecast_not_known=NotKnown.NO_PERMISSION), WHOLE)
    scene.fetch()
    rerun = replace(RUN, id=RUN.id.revised(2))
    scene.fetch(rerun)
    assert scene.stored(rerun) == WHOLE


def test_a_stored_plan_that_is_damaged_is_no_plan(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.artifacts.put(of_run(RUN.id, TODAY), b"{")
    assert scene.stored() is None


def test_the_timeline_says_what_is_not_known_and_why(tmp_path: Path) -> None:
    plan = TodayPlan(
        MONDAY,
        people_not_known=NotKnown.NO_PERMISSION,
        prediction_not_known=NotKnown.NO_FORECAST,
        causes=("the permission wfm:publishedSchedule:view is missing",),
    )
    scene = Scene(tmp_path, plan)
    scene.fetch()
    [note] = scene.notes
    assert note == (
        "poll: today's plan is not whole: people: no permission; prediction: no forecast; "
        "the permission wfm:publishedSchedule:view is missing; standup doctor checks it"
    )
    scene.fetch()
    assert len(scene.notes) == 1


def test_the_timeline_says_nothing_of_a_whole_plan(tmp_path: Path) -> None:
    scene = Scene(tmp_path, WHOLE)
    scene.fetch()
    assert scene.notes == []


@pytest.mark.parametrize("reason", list(NotKnown))
def test_the_timeline_knows_every_reason(tmp_path: Path, reason: NotKnown) -> None:
    scene = Scene(tmp_path, TodayPlan(MONDAY, not_known=reason))
    scene.fetch()
    assert len(scene.notes) == 1
