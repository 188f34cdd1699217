"""The sentence on top of the page: how many targets were missed, and the reading that says it best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from tests.checker.checks.common import (
    Checks,
    Evidence,
    Wrong,
    count_of,
    is_day_thin,
    of_before_is,
    percent_of,
    queues_below,
    true,
)
from tests.checker.checks.metrics import goal_is
from tests.checker.checks.usual import called_unusual, no_contact_in
from tests.checker.checks.why import named_causes
from tests.checker.figures import METRICS
from tests.checker.rounding import Written
from tests.checker.statements import Statement
from tests.checker.usual import Usual, silences, usual_of

_NONE = Written(Fraction(0), 0)
_WORST_FIRST = ("missed", "watch", "on_target", "partial", "no_data")


def _statuses(evidence: Evidence) -> Counter[str]:
    """How many readings have each status; those without data and those of few contacts are not among them."""
    return Counter(status for status in evidence.truth.statuses if status not in ("no_data", "thin"))


def _worst(evidence: Evidence) -> str:
    statuses = _statuses(evidence)
    none_judged = "thin" if "thin" in evidence.truth.statuses else "no_data"
    return next((status for status in _WORST_FIRST if statuses[status]), none_judged)


def _sign(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The worst status. Hours without a contact are no success, so a day with them on target has a warning's sign."""
    right = _worst(evidence)
    right = "watch" if right == "on_target" and silences(evidence.truth) else right
    if statement.context["status"] and statement.context["status"] != right:
        yield Wrong("wrong status", right)


def _missed(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    statuses = _statuses(evidence)
    yield from _sign(statement, evidence)
    if "missed" in statement.values or statuses["missed"]:
        yield from count_of(statement.values.get("missed", _NONE), statuses["missed"] + statuses["watch"])
    yield from count_of(statement.values["n"], statuses.total(), "wrong denominator")
    if "just" in statement.values or statuses["watch"]:
        yield from count_of(statement.values.get("just", _NONE), statuses["watch"], "just missed is not said")


def _all_met(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    statuses = _statuses(evidence)
    yield from _sign(statement, evidence)
    if statuses["on_target"] != statuses.total() or not statuses:
        yield Wrong("wrong count", f"{statuses['on_target']} of {statuses.total()} on target")
    if "n" in statement.values:
        yield from count_of(statement.values["n"], statuses.total(), "wrong denominator")


def _both_met(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _all_met(statement, evidence)
    if (number := _statuses(evidence).total()) != 2:
        yield Wrong("wrong denominator", f"{number} targets")


def _incomplete(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.whole:
        yield Wrong("wrong verdict", "the data are complete")


def _too_few(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if _statuses(evidence) or "thin" not in evidence.truth.statuses:
        yield Wrong("wrong verdict", ", ".join(evidence.truth.statuses))


def _too_few_of(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The metrics of few contacts are named, all of them and no other."""
    labels = [evidence.language.without_medium(label)[0] for label in statement.values["metrics"].split(", ")]
    metric_labels = [evidence.language.metrics.get(label, label) for label in labels]
    thin = [metric for metric in METRICS if evidence.truth.leading.metric_status(metric) == "thin"]
    if metric_labels != thin:
        yield Wrong("wrong status", ", ".join(thin) or "enough contacts")


def _queues_below(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The queues under target are named, or counted, all of them."""
    queues_under_target = queues_below(evidence)
    if "n" in statement.values:
        yield from count_of(statement.values["n"], len(queues_under_target))
        return
    text = statement.values["queues"]
    if any(name not in text for name, _ in queues_under_target) or text.count(", ") < len(queues_under_target) - 1:
        yield Wrong("wrong name", ", ".join(name for name, _ in queues_under_target) or "no queue")


def _only_missed(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The only target that can be judged was missed, or just missed."""
    right = "missed" if statement.kind == "only_missed" else "watch"
    yield from _sign(statement, evidence)
    if _statuses(evidence) != Counter([right]):
        yield Wrong("wrong count", str(dict(_statuses(evidence))))


def _no_target(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if set(evidence.truth.statuses) - {"no_data"}:
        yield Wrong("wrong verdict", f"{_statuses(evidence).total()} metrics have data")


def _no_contacts(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    group = evidence.truth.sums.group
    if group.offered or group.answered or group.abandoned:
        yield Wrong("wrong verdict", f"{group.offered} offered")


def _reading(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium, worst = statement.values.get("medium"), _worst(evidence)
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth.leading
    evidence = evidence._replace(truth=truth)
    metric = statement.values["metric"]
    ratio = evidence.truth.sums.ratio(metric)
    yield from percent_of(statement.values["value"], ratio)
    if "goal" in statement.values:
        yield from goal_is(evidence, metric, statement.values["goal"])
    if evidence.truth.metric_status(metric) != worst:
        yield Wrong("not the worst metric", f"another metric is {worst}")


def _off_target(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """So many contacts more or fewer would have met one of the worst targets; whether chance misses it by as many."""
    metric = "abandonment" if statement.kind.startswith("contacts_too_many") else "service_level"
    truths = [evidence.truth.of_medium(medium) for medium in evidence.truth.sums.media] or [evidence.truth]
    worst = [truth for truth in truths if truth.metric_status(metric) == _worst(evidence)]
    numbers = [truth.off_target(metric) for truth in worst]
    if int(statement.values["n"].value) not in numbers:
        yield Wrong("wrong count", ", ".join(map(str, numbers)))
    if statement.kind.endswith("by_chance") != (_worst(evidence) == "watch"):
        yield Wrong("wrong status", _worst(evidence))


def _unusual(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure is unusual on the side that is named. On a day with missed targets it is a missed one."""
    truth, metric = evidence.truth.leading, statement.values["metric"]
    yield from called_unusual(statement, truth)
    has_missed = {"missed", "watch"} & set(evidence.truth.statuses)
    if has_missed and truth.metric_status(metric) not in ("missed", "watch"):
        yield Wrong("not a missed metric", truth.metric_status(metric))


def _unusual_because(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Why the service level is unusually low, on target or not."""
    yield from called_unusual(statement, evidence.truth.leading)
    yield from _names_causes(statement, evidence)


def _low_because(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Why the service level is below its usual range, which is not said of one that is unusual."""
    usual = usual_of(evidence.truth.leading, "service_level")
    if isinstance(usual, Usual) and usual.place:
        yield Wrong("unusual figure is not called so", str(usual))
    yield from _names_causes(statement, evidence)


def _names_causes(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Only a low service level has causes."""
    if statement.values["metric"] != "service_level":
        yield Wrong("not the metric that is explained", str(statement.values["metric"]))
    yield from named_causes(statement, evidence)


def _missed_often(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The goal of a missed metric was missed on so many of the last days, which are all known and have contacts."""
    truth, metric, days = evidence.truth.leading, statement.values["metric"], int(statement.values["days"].value)
    if truth.metric_status(metric) not in ("missed", "watch"):
        yield Wrong("not a missed metric", truth.metric_status(metric))
    earlier = truth.last_days(days - 1)
    ratios = [truth.history[day].ratio(metric) for day in earlier if day in truth.history]
    statuses = [truth.status(metric, ratio) for ratio in (*ratios, truth.sums.ratio(metric)) if ratio is not None]
    if len(statuses) != days:
        yield Wrong("days between are not known", f"{len(statuses)} of {days} days")
    if any(is_day_thin(truth, day, metric) for day in (*earlier, truth.case.day)):
        yield Wrong("compared with a thin day", "a day of few contacts")
    yield from count_of(statement.values["missed"], sum(status in ("missed", "watch") for status in statuses))


def _silent(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The medium had no contact in these hours, and is named if others had any. More contacts lack in no other."""
    truth = evidence.truth
    _, medium = evidence.language.without_medium_before(statement.text)
    worst, usual = max(silences(truth), key=lambda silence: silence[1].centre, default=("", None))
    right = "" if (worst,) == truth.media else worst
    if usual is None:
        yield Wrong("news without evidence", statement.values["window"])
    elif medium != right:
        yield Wrong("wrong medium", right or "the day has one")
    yield from no_contact_in(statement.values["window"], evidence._replace(truth=truth.of_medium(medium or worst)))


CHECKS: Checks = {
    ("verdict_detail", "silent"): _silent,
    ("verdict_head", "targets_missed"): _missed,
    ("verdict_head", "just_missed"): _missed,
    ("verdict_head", "all_met"): _all_met,
    ("verdict_head", "both_met"): _both_met,
    ("verdict_head", "incomplete"): _incomplete,
    ("verdict_head", "no_target"): _no_target,
    ("verdict_head", "too_few"): _too_few,
    ("verdict_detail", "too_few"): _too_few,
    ("verdict_detail", "too_few_of"): _too_few_of,
    ("verdict_head", "only_missed"): _only_missed,
    ("verdict_head", "only_just_missed"): _only_missed,
    ("verdict_detail", "queues_below"): _queues_below,
    ("verdict_detail", "of_before"): of_before_is,
    ("verdict_head", "no_contacts"): _no_contacts,
    ("verdict_detail", "reading"): _reading,
    ("verdict_detail", "contacts_short"): _off_target,
    ("verdict_detail", "contacts_short_by_chance"): _off_target,
    ("verdict_detail", "contacts_too_many"): _off_target,
    ("verdict_detail", "contacts_too_many_by_chance"): _off_target,
    ("verdict_detail", "unusual"): _unusual,
    ("verdict_detail", "unusual_because"): _unusual_because,
    ("verdict_detail", "low_because"): _low_because,
    ("verdict_detail", "lasting"): _missed_often,
    ("verdict_detail", "incomplete"): _incomplete,
    ("verdict_detail", "no_target"): _no_target,
    ("verdict_detail", "no_contacts"): true,
}
