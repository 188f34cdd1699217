"""The files of a schedule: the agents it requires, the prediction, and the forecast it was made from.

Each has all planning groups of a business unit, so all groups of the morning share one request. They change only with
the schedule's version.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from worker.domain.today.plan import NotKnown
from worker.errors import MalformedAnswer
from worker.genesys.answer_cache import SHARED_SECONDS
from worker.genesys.api.downloads import Downloads, LinkExpired
from worker.genesys.api.session import Answer, Session
from worker.genesys.api.shapes import read
from worker.genesys.wfm.parts import Calculating, NotPlanned, SharedParts
from worker.genesys.wfm.schedules import Published
from worker.genesys.wfm.series import QUARTER_SECONDS, PlanFile, cut, days_span, decode_file, encode_file
from worker.genesys.wfm.shapes import Forecast, Headcount, Linked, Prediction, PredictionAnswer
from worker.genesys.wfm.units import UNIT_ROUTE, BusinessUnit

HEADCOUNT_ROUTE = f"{UNIT_ROUTE}/weeks/{{weekId}}/schedules/{{scheduleId}}/headcountforecast"
PREDICTION_ROUTE = f"{UNIT_ROUTE}/weeks/{{weekId}}/schedules/{{scheduleId}}/performancepredictions"
FORECAST_ROUTE = f"{UNIT_ROUTE}/weeks/{{weekDateId}}/shorttermforecasts/{{forecastId}}/data"

REQUIRED, SERVICE_LEVEL, OFFERED, HANDLE_SECONDS = "required", "service_level", "offered", "handle_seconds"

_PERCENT = 100.0


class ScheduleFiles:
    """Asks for the files of a schedule. ``group_ids``: the planning groups that the caller needs."""

    def __init__(self, session: Session, parts: SharedParts, downloads: Downloads) -> None:
        self._session = session
        self._parts = parts
        self._downloads = downloads

    def required(self, unit: BusinessUnit, schedule: Published, group_ids: Collection[str]) -> PlanFile:
        """Return the agents on queue that each planning group needs, without shrinkage."""
        ask = partial(self._ask_required, unit, schedule)
        return decode_file(self._file("required-agents", unit, schedule, ask), group_ids)

    def prediction(self, unit: BusinessUnit, schedule: Published, group_ids: Collection[str]) -> PlanFile:
        """Return the service level that is predicted, 0 to 1. One that was never calculated is "no forecast"."""
        ask = partial(self._ask_prediction, unit, schedule)
        file = self._file("prediction", unit, schedule, ask, when_missing=NotKnown.NO_FORECAST)
        return decode_file(file, group_ids)

    def forecast(self, unit: BusinessUnit, schedule: Published, group_ids: Collection[str]) -> PlanFile:
        """Return the forecast contacts and handle times."""
        if schedule.forecast_id is None:
            raise NotPlanned(NotKnown.NO_FORECAST)
        ask = partial(self._ask_forecast, unit, schedule)
        file = self._file("forecast", unit, schedule, ask, when_missing=NotKnown.NO_FORECAST)
        return decode_file(file, group_ids)

    def _file(
        self,
        kind: str,
        unit: BusinessUnit,
        schedule: Published,
        ask: Callable[[], PlanFile],
        when_missing: NotKnown = NotKnown.UNREADABLE,
    ) -> object:
        key = (kind, unit.id, schedule.id, schedule.version, unit.day.isoformat())
        return self._parts.part(lambda: encode_file(ask()), SHARED_SECONDS, *key, when_missing=when_missing)

    def _ask_required(self, unit: BusinessUnit, schedule: Published) -> PlanFile:
        answer = self._session.get(HEADCOUNT_ROUTE, ids=_schedule_ids(unit, schedule))
        headcount = read(Headcount, self._result(answer), answer.label)
        groups = (
            (entity.planning_group.id, {REQUIRED: entity.required_without_shrinkage_per_interval})
            for entity in headcount.entities
        )
        return cut(headcount.reference_start_date, QUARTER_SECONDS, days_span(unit), groups)

    def _ask_prediction(self, unit: BusinessUnit, schedule: Published) -> PlanFile:
        answer = self._session.get(PREDICTION_ROUTE, ids=_schedule_ids(unit, schedule))
        prediction = read(Prediction, self._outputs(answer), answer.label)
        step_seconds = prediction.calculation_interval_length_minutes * 60
        groups = (
            (group.planning_group_id, {SERVICE_LEVEL: _fractions(group.service_level_per_interval)})
            for group in prediction.planning_group_results
        )
        _refuse_fractions(prediction, answer.label)
        return cut(prediction.calculation_start_date, step_seconds, days_span(unit), groups)

    def _ask_forecast(self, unit: BusinessUnit, schedule: Published) -> PlanFile:
        week = schedule.forecast_week or schedule.week
        ids = {"businessUnitId": unit.id, "weekDateId": week.isoformat(), "forecastId": schedule.forecast_id or ""}
        answer = self._session.get(FORECAST_ROUTE, {"weekNumber": (unit.week - week).days // 7 + 1}, ids=ids)
        forecast = read(Forecast, self._result(answer), answer.label)
        groups = (
            (
                group.planning_group_id,
                {OFFERED: group.offered_per_interval, HANDLE_SECONDS: group.average_handle_time_seconds_per_interval},
            )
            for group in forecast.planning_groups
        )
        return cut(forecast.reference_start_date, QUARTER_SECONDS, days_span(unit), groups)

    def _outputs(self, answer: Answer) -> Mapping[str, object]:
        """Return a finished prediction. The state decides, not the HTTP status."""
        prediction = read(PredictionAnswer, answer.body, answer.label)
        if prediction.state == "Processing":
            raise Calculating(f"{answer.label}: the prediction is being calculated.")
        if prediction.download_url:
            return download(self._downloads, prediction.download_url)
        if prediction.download_result is not None and prediction.state == "Complete":
            return prediction.download_result
        raise NotPlanned(NotKnown.NO_FORECAST)

    def _result(self, answer: Answer) -> Mapping[str, object]:
        linked = read(Linked, answer.body, answer.label)
        return result_of(self._downloads, linked.result, linked.download_url, answer.label)


def result_of(
    downloads: Downloads, result: Mapping[str, object] | None, url: str | None, label: str
) -> Mapping[str, object]:
    """Return a result that is in the answer or behind its link."""
    if result is not None:
        return result
    if url:
        return download(downloads, url)
    raise MalformedAnswer(f"{label}: an answer without a result.")


def download(downloads: Downloads, url: str) -> Mapping[str, object]:
    """Return the JSON behind a link. An expired one is asked for again with the next attempt."""
    try:
        return downloads.json(url)
    except LinkExpired as error:
        raise Calculating(str(error)) from None


def _schedule_ids(unit: BusinessUnit, schedule: Published) -> dict[str, str]:
    return {"businessUnitId": unit.id, "weekId": schedule.week.isoformat(), "scheduleId": schedule.id}


def _fractions(percentages: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return tuple(None if percentage is None else min(percentage / _PERCENT, 1.0) for percentage in percentages)


def _refuse_fractions(prediction: Prediction, label: str) -> None:
    """Refuse percentages beyond 100, and those that are all 1 or less: fractions, or a week with nothing in time."""
    largest = max(
        (level or 0.0 for group in prediction.planning_group_results for level in group.service_level_per_interval),
        default=0.0,
    )
    if 0 < largest <= 1 or largest > _PERCENT:
        raise MalformedAnswer(f"{label}: the predicted service levels are no percentages (at most {largest}).")
