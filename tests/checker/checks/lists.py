"""The lists of queues and agents: the sentence above, every row, and the order."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.checker.checks.common import (
    NOTHING,
    Check,
    Checks,
    Evidence,
    Wrong,
    all_queues,
    count_of,
    is_day,
    is_name,
    is_thin,
    owner_of,
    percent_of,
    queue_names,
    queues_named,
    true,
)
from tests.checker.checks.day import figure_is
from tests.checker.checks.metrics import change_is, counts_are, direction, goal_is, value_is
from tests.checker.checks.talk import minutes_of
from tests.checker.figures import Sums, agent_adherence
from tests.checker.rounding import decimal, half_up
from tests.checker.statements import Statement
from tests.checker.usual import unusual_queues
from worker.domain.rows import AgentDay

_QUEUES_SHOWN = (1, 2)
"""How many queues the line of an agent may name."""


def queue_levels(evidence: Evidence) -> list[Fraction | None]:
    """The service level of each queue of the group in each of its media."""
    lines = [evidence.truth.sums.queue_lines(queue.id) or [NOTHING] for queue in all_queues(evidence)]
    return [line.service_level for queue_lines in lines for line in queue_lines]


def _solid_lines(evidence: Evidence) -> list[Sums]:
    """The queues with enough contacts to be judged, in each of their media."""
    lines = [line for queue in all_queues(evidence) for line in evidence.truth.sums.queue_lines(queue.id)]
    return [line for line in lines if line.service_level is not None and not is_thin(line, evidence)]


def goal_of(sums: Sums, evidence: Evidence) -> Fraction:
    """The goal of a queue's service level."""
    truth, queue = owner_of(sums, evidence)
    return truth.goal("service_level", queue)[0]


def _thin_queues(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["number"], _number_thin(evidence))


def _number_thin(evidence: Evidence) -> int:
    lines = [line for queue in all_queues(evidence) for line in evidence.truth.sums.queue_lines(queue.id)]
    return sum(is_thin(line, evidence) and line.service_level is not None for line in lines)


def _by_medium(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if all(len(evidence.truth.sums.queue_lines(queue.id)) < 2 for queue in all_queues(evidence)):
        yield Wrong("wrong number of media", "no queue has two media")


def _all_thin(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if _solid_lines(evidence):
        yield Wrong("wrong verdict", "a queue has enough contacts")


def queue_status(sums: Sums, evidence: Evidence) -> str:
    """The status of a queue: thin where it has too few contacts to be judged."""
    truth, queue = owner_of(sums, evidence)
    status = truth.status("service_level", sums.service_level, queue, (sums.in_time, sums.counted))
    return "thin" if status in ("missed", "watch", "on_target") and is_thin(sums, evidence) else status


def _queues_under(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    pairs = [(line.service_level, goal_of(line, evidence)) for line in _solid_lines(evidence)]
    yield from _summary(statement, pairs)


def _only_queue(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _only_one(statement, [(line.service_level, goal_of(line, evidence)) for line in _solid_lines(evidence)])


def _only_agent(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    ratios = [agent_adherence(agent) for agent in evidence.truth.case.rows.agents]
    yield from _only_one(statement, [(ratio, evidence.truth.goal("adherence")[0]) for ratio in ratios])


def _only_one(statement: Statement, pairs: list[tuple[Fraction | None, Fraction]]) -> Iterator[Wrong]:
    """One queue or agent can be judged, and is below its target or meets it."""
    known_pairs = [(ratio, goal) for ratio, goal in pairs if ratio is not None]
    missed = sum(ratio < goal for ratio, goal in known_pairs)
    if len(known_pairs) != 1 or bool(missed) != statement.kind.endswith(("under", "below")):
        yield Wrong("wrong count", f"{missed} of {len(known_pairs)} below")
    yield from percent_of(statement.values["goal"], known_pairs[0][1] if known_pairs else None, "wrong goal")


def _agents_below(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    ratios = [agent_adherence(agent) for agent in evidence.truth.case.rows.agents]
    yield from _summary(statement, [(ratio, evidence.truth.goal("adherence")[0]) for ratio in ratios])


def _summary(statement: Statement, pairs: list[tuple[Fraction | None, Fraction]]) -> Iterator[Wrong]:
    """Each ratio has its goal; one that is named is that of all."""
    known_pairs = [(ratio, goal) for ratio, goal in pairs if ratio is not None]
    missed, number, goals = (
        sum(ratio < goal for ratio, goal in known_pairs),
        len(known_pairs),
        {goal for _, goal in known_pairs},
    )
    if "n" in statement.values:
        yield from count_of(statement.values["n"], missed)
    elif missed:
        yield Wrong("wrong count", f"{missed} below")
    yield from count_of(statement.values["all"], number, "wrong denominator")
    if "goal" in statement.values:
        yield from percent_of(statement.values["goal"], goals.pop() if len(goals) == 1 else None, "wrong goal")


def _without_data(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    agents = [agent_adherence(agent) for agent in evidence.truth.case.rows.agents]
    ratios = agents if statement.context["list"] == "agents" else queue_levels(evidence)
    extra = 0 if statement.context["list"] == "agents" else _asked_without_rows(evidence)
    yield from count_of(statement.values["number"], sum(ratio is None for ratio in ratios) + extra)


def _asked_without_rows(evidence: Evidence) -> int:
    """Queues that the group names and the source does not know."""
    rows = evidence.truth.case.rows.queues
    names, ids = {queue.name.strip().casefold() for queue in rows}, {queue.id for queue in rows}
    name = evidence.truth.case.group.queues
    return sum(
        name.removeprefix("id:") not in ids if name.startswith("id:") else name.strip().casefold() not in names
        for name in name
    )


def _nothing_known(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if any(ratio is not None for ratio in queue_levels(evidence)):
        yield Wrong("known figure not shown", "some queue has a service level")


def _no_adherence(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if any(agent_adherence(agent) is not None for agent in evidence.truth.case.rows.agents):
        yield Wrong("known figure not shown", "some agent has an adherence")


def _no_agents(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.case.rows.agents:
        yield Wrong("wrong count", f"{len(evidence.truth.case.rows.agents)} agents")


def _not_judged(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.whole:
        yield Wrong("wrong verdict", "the data are complete")


def _changes_against(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield Wrong("wrong day", str(evidence.truth.previous))


def _row(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A queue of the group, with the right status."""
    queues = queues_named(evidence, statement.context["name"])
    if not queues and not any(
        is_name(statement.context["name"], name.removeprefix("id:")) for name in evidence.truth.case.group.queues
    ):
        yield Wrong("wrong name", "no such queue")
        return
    statuses = {queue_status(queue, evidence) for queue in queues or [NOTHING]}
    if statement.place.startswith("message"):  # a message has ○ for every status without a verdict
        statuses = {"no_data" if status == "thin" else status for status in statuses}
    if statement.context["status"] not in statuses:
        yield Wrong("wrong status", ", ".join(statuses))


def _queue_value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    wrongs = [
        list(
            value_is(
                evidence._replace(truth=owner_of(queue, evidence)[0]),
                "service_level",
                statement.values["value"],
                queue.service_level,
                owner_of(queue, evidence)[1],
            )
        )
        for queue in queues_named(evidence, statement.context["name"])
    ]
    yield from min(wrongs, key=len, default=[])


def _queue_counts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """How many contacts of a queue of few were in time."""
    queues = queues_named(evidence, statement.context["name"])
    wrongs = [list(counts_are(statement, (queue.in_time, queue.counted))) for queue in queues]
    wrongs += [[Wrong("wrong status", "enough contacts")] for queue in queues if not is_thin(queue, evidence)]
    yield from min(wrongs, key=len, default=[])


def _queue_no_value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    queues = queues_named(evidence, statement.context["name"])
    if queues and all(queue.service_level is not None for queue in queues):
        yield Wrong("known figure not shown", decimal((queues[0].service_level or Fraction(0)) * 100, 1))


def _queue_change(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    wrongs, fewest = [], evidence.truth.case.group.insights.fewest_contacts
    previous = evidence.truth.history.get(evidence.truth.previous) if evidence.truth.previous else None
    for queue in queue_names(evidence, statement.context["name"]):
        for now in evidence.truth.sums.queue_lines(queue.id):
            for earlier in previous.queue_lines(queue.id) if previous else [NOTHING]:
                levels = (now.service_level, earlier.service_level)
                is_thin_pair = min(now.counted or 0, earlier.counted or 0) < fewest or is_thin(now, evidence)
                thin_pair = [Wrong("compared with a thin day", f"{earlier.counted} contacts")] if is_thin_pair else []
                thin_pair += _tone_of_queue(statement, evidence, queue.id)
                wrongs.append([*thin_pair, *change_is(statement, evidence, "service_level", *levels)])
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _tone_of_queue(statement: Statement, evidence: Evidence, queue_id: str) -> Iterator[Wrong]:
    """Better and worse are said of a queue whose service level is unusual on the side to which it has changed."""
    sides = {
        side
        for (_, other_id, measure), (side, _) in unusual_queues(evidence.truth).items()
        if (other_id, measure) == (queue_id, "service_level")
    }
    if "tone" in statement.values and {"up": "high", "down": "low"}.get(direction(statement)) not in sides:
        yield Wrong("news without evidence", f"unusual sides: {sorted(sides)}")


def _medium_heading(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The service level, the contacts and the goal of a medium above its queues."""
    names = {word.casefold(): medium for word, medium in evidence.language.media.items()}
    medium = names[statement.values["medium"].casefold()]
    truth = evidence.truth.of_medium(medium)
    yield from count_of(statement.values["offered"], truth.sums.group.offered) if "offered" in statement.values else ()
    if statement.kind == "level":
        level = truth.sums.ratio("service_level")
        yield from value_is(evidence._replace(truth=truth), "service_level", statement.values["value"], level)
    elif statement.kind == "counts":
        yield from counts_are(statement, truth.sums.parts("service_level"))
    elif truth.sums.ratio("service_level") is not None:
        yield Wrong("known figure not shown", "service level")
    if "goal" in statement.values:
        yield from goal_is(evidence._replace(truth=truth), "service_level", statement.values["goal"])


def _own_goal(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The goal of a queue's service level."""
    wrongs = []
    for line in queues_named(evidence, statement.context["name"]):
        truth, queue = owner_of(line, evidence)
        wrongs.append(list(goal_is(evidence._replace(truth=truth), "service_level", statement.values["goal"], queue)))
    yield from min(wrongs, key=len, default=[])


def _caption(label: str, value: str) -> Check:
    """A check of one figure of a queue's caption."""

    def check(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
        queues, wrongs = queues_named(evidence, statement.context["name"]), []
        for queue in queues:
            if value == "percent":
                wrongs.append(list(percent_of(statement.values[value], queue.abandonment)))
            else:
                text = statement.text if value == "text" else str(statement.values[value])
                exact = getattr(queue, label)
                number = statement.values["n"] if value == "n" else None
                wrongs.append(
                    list(count_of(number, exact) if number else figure_is(evidence.language, text, label, exact))
                )
        yield from min(wrongs, key=len, default=[])

    return check


def _few_contacts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A queue that is called thin is thin."""
    queues = queues_named(evidence, statement.context["name"])
    if not any(is_thin(queue, evidence) for queue in queues):
        yield Wrong("not a thin queue", ", ".join(str(queue.offered) for queue in queues))


def _not_in_time(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    wrongs = [
        [
            *count_of(statement.values["late"], queue.not_in_time),
            *count_of(statement.values["n"], queue.counted, "wrong denominator"),
        ]
        for queue in queues_named(evidence, statement.context["name"])
    ]
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _abandoned_of(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """So many of so many offered were abandoned."""
    wrongs = [
        [
            *count_of(statement.values["abandoned"], queue.abandoned),
            *count_of(statement.values["all"], queue.offered, "wrong denominator"),
            *(percent_of(statement.values["percent"], queue.abandonment) if "percent" in statement.values else ()),
        ]
        for queue in queues_named(evidence, statement.context["name"])
    ]
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _late_and_abandoned(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Both are of the same contacts: as many count towards the service level as were offered."""
    wrongs = [
        [
            *count_of(statement.values["abandoned"], queue.abandoned),
            *count_of(statement.values["n"], queue.offered, "wrong denominator"),
            *count_of(statement.values["n"], queue.counted, "wrong denominator"),
            *count_of(statement.values["late"], queue.not_in_time),
        ]
        for queue in queues_named(evidence, statement.context["name"])
    ]
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _only_percent_abandoned(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A percentage has no counts beside it only where the counts are not known."""
    yield from _caption("abandonment", "percent")(statement, evidence)
    queues = queues_named(evidence, statement.context["name"])
    if queues and all(queue.abandoned is not None and queue.offered is not None for queue in queues):
        yield Wrong("percentage without its counts", f"{queues[0].abandoned} of {queues[0].offered}")


def agents_named(evidence: Evidence, name: str) -> list[AgentDay]:
    """The agents that a name, perhaps cut, may stand for."""
    return [agent for agent in evidence.truth.case.rows.agents if is_name(name, agent.name)]


def _agent_row(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    agents = agents_named(evidence, statement.context["name"])
    statuses = {evidence.truth.status("adherence", agent_adherence(agent)) for agent in agents}
    if statement.context["status"] not in statuses:
        yield Wrong("wrong status", ", ".join(statuses) or "no such agent")


def _agent_value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    wrongs = [
        list(value_is(evidence, "adherence", statement.values["value"], agent_adherence(agent)))
        for agent in agents_named(evidence, statement.context["name"])
    ]
    yield from min(wrongs, key=len, default=[])


def _agent_no_value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    ratios = [agent_adherence(agent) for agent in agents_named(evidence, statement.context["name"])]
    if ratios and None not in ratios:
        yield Wrong("known figure not shown", "the agent has an adherence")


def _more_queues(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    agents = agents_named(evidence, statement.context["name"])
    hidden = [len(agent.queues) - number for agent in agents for number in _QUEUES_SHOWN]
    if statement.values["n"].value not in hidden:
        yield Wrong("wrong count", ", ".join(str(len(agent.queues)) for agent in agents))


def _off_schedule(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    minutes = minutes_of(statement.values["time"], evidence)
    exact = [
        half_up(Fraction(agent.exception_seconds or 0, 60))
        for agent in agents_named(evidence, statement.context["name"])
    ]
    if minutes not in exact:
        yield Wrong("wrong duration", ", ".join(f"{minutes} minutes" for minutes in exact))


def _late_logins(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    exact = [agent.late_logins for agent in agents_named(evidence, statement.context["name"])]
    if statement.values["n"].value not in exact:
        yield Wrong("wrong count", str(exact))


def _agent_queue(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    names = [name for agent in agents_named(evidence, statement.context["name"]) for name in agent.queues]
    if not any(is_name(statement.values["name"], name) for name in names):
        yield Wrong("wrong name", ", ".join(names))


def _nothing_beyond(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not {"missed", "watch"} & set(evidence.truth.statuses):
        yield Wrong("wrong count", "no target was missed")


CHECKS: Checks = {
    ("queues", "queues_under"): _queues_under,
    ("queues", "queues_none_under"): _queues_under,
    ("queues", "only_queue_under"): _only_queue,
    ("queues", "only_queue_meets"): _only_queue,
    ("agents", "only_agent_below"): _only_agent,
    ("agents", "only_agent_meets"): _only_agent,
    ("queues", "no_queues"): _nothing_known,
    ("queues", "no_level"): _nothing_known,
    ("queues", "not_judged"): _not_judged,
    ("without_data", "without_data"): _without_data,
    ("without_data", "without_target"): true,
    ("without_data", "by_medium"): _by_medium,
    ("without_data", "thin_queues"): _thin_queues,
    ("queues", "all_thin"): _all_thin,
    ("changes_against", "changes_against"): _changes_against,
    ("queue", "row"): _row,
    ("queue_value", "value"): _queue_value,
    ("medium_heading", "level"): _medium_heading,
    ("medium_heading", "counts"): _medium_heading,
    ("medium_heading", "no_level"): _medium_heading,
    ("queue_value", "counts"): _queue_counts,
    ("queue_value", "no_value"): _queue_no_value,
    ("queue_change", "change"): _queue_change,
    ("queue_change", "no_change"): _queue_change,
    ("queue_caption", "own_goal"): _own_goal,
    ("queue_caption", "few_contacts"): _few_contacts,
    ("queue_caption", "not_in_time"): _not_in_time,
    ("queue_caption", "offered"): _caption("offered", "n"),
    ("queue_caption", "abandoned"): _only_percent_abandoned,
    ("queue_caption", "abandoned_of"): _abandoned_of,
    ("queue_caption", "late_and_abandoned"): _late_and_abandoned,
    ("queue_caption", "handle"): _caption("average_handle_ms", "time"),
    ("queue_caption", "nothing_counts"): _queue_no_value,
    ("agents", "agents_below"): _agents_below,
    ("agents", "agents_none_below"): _agents_below,
    ("agents", "no_agents"): _no_agents,
    ("agents", "no_adherence"): _no_adherence,
    ("agents", "not_judged"): _not_judged,
    ("agent", "row"): _agent_row,
    ("agent_value", "value"): _agent_value,
    ("agent_value", "no_value"): _agent_no_value,
    ("agent_caption", "off_schedule"): _off_schedule,
    ("agent_caption", "late_logins"): _late_logins,
    ("agent_caption", "more_queues"): _more_queues,
    ("agent_caption", "queue_name"): _agent_queue,
    ("note", "more_queues_listed"): true,
    ("note", "more_listed"): true,
    ("note", "nothing_special"): true,
    ("note", "nothing_beyond"): _nothing_beyond,
}
