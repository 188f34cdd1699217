"""The order of lists: worst first, thin queues last, as the talk has it, and no row lost."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.checker.checks.common import Evidence, all_queues, is_thin, queues_named
from tests.checker.checks.lists import agents_named, goal_of
from tests.checker.figures import Sums, agent_adherence
from tests.checker.findings import Finding
from tests.checker.statements import Statement


def queues_order(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Each list of queues is in the order of its heading, thin queues last.

    The talk may name another queue than the first: its sentence gives the shares that are its reason.
    """
    for place, rows in _lists_of_queues(statements):
        lines = [_sums_of_row(row, evidence) for row in rows]
        if any(len(line) > 1 for line in lines):
            continue  # a name that is cut may mean several queues
        sums = [line[0] for line in lines if line]
        yield from _as_headed(place, rows, sums, evidence)
        yield from _thin_last(place, rows, sums, evidence)


def _lists_of_queues(statements: Sequence[Statement]) -> Iterator[tuple[str, list[Statement]]]:
    """The rows of each list. A phone page has a list for each medium."""
    for place, rows in rows_by_place(statements, "queue").items():
        if "(phone)" not in place:
            yield place, rows
            continue
        for medium in dict.fromkeys(row.context.get("medium") for row in rows):
            yield place, [row for row in rows if row.context.get("medium") == medium]


def _as_headed(place: str, rows: Sequence[Statement], sums: Sequence[Sums], evidence: Evidence) -> Iterator[Finding]:
    """Those that miss their target first, the ones with the most contacts not in time above."""
    busy = [queue for queue in sums if not _is_thin(queue, evidence)]
    keys = [((queue.service_level or 0) >= goal_of(queue, evidence), -(queue.not_in_time or 0)) for queue in busy]
    if keys != sorted(keys):
        yield Finding(
            "list is not in the order of its heading", place, ", ".join(row.text for row in rows[:5]), "sorted"
        )


def _sums_of_row(row: Statement, evidence: Evidence) -> list[Sums]:
    medium = row.context.get("medium")
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth
    return queues_named(evidence._replace(truth=truth), row.context["name"])


def _thin_last(place: str, rows: Sequence[Statement], sums: Sequence[Sums], evidence: Evidence) -> Iterator[Finding]:
    thin = [_is_thin(queue, evidence) for queue in sums]
    if thin != sorted(thin):
        first = thin.index(True)
        yield Finding("thin queue above others", place, rows[first].text, f"last: only {sums[first].counted} contacts")


def unmarked_thin(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Each thin queue of a list is marked in words."""
    captions = [item for item in statements if (item.role, item.kind) == ("queue_caption", "few_contacts")]
    marked_rows = {(_list_of(item), item.context["name"], item.context.get("medium")) for item in captions}
    for place, rows in rows_by_place(statements, "queue").items():
        for row in rows:
            lines = _sums_of_row(row, evidence)
            is_row_thin = bool(lines) and all(
                is_thin(line, evidence) and line.service_level is not None for line in lines
            )
            if is_row_thin and (place, row.context["name"], row.context.get("medium")) not in marked_rows:
                yield Finding("thin queue is not marked", place, row.text, "few contacts")


def _is_thin(queue: Sums, evidence: Evidence) -> bool:
    return queue.service_level is None or is_thin(queue, evidence)


def agents_order(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Each list of agents has the worst adherence first."""
    for place, rows in rows_by_place(statements, "agent").items():
        agents = [agent for row in rows for agent in agents_named(evidence, row.context["name"])[:1]]
        ratios = [ratio for ratio in map(agent_adherence, agents) if ratio is not None]
        if ratios != sorted(ratios):
            yield Finding("list is not worst first", place, ", ".join(row.text for row in rows[:5]), "sorted")


def hidden_rows(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A list of queues shows all of them, or says how many more there are."""
    number = sum(len(evidence.truth.sums.queue_lines(queue.id)) or 1 for queue in all_queues(evidence))
    for place, rows in rows_by_place(statements, "queue").items():
        hidden = sum(int(note.values["n"].value) for note in _notes(statements, place))
        if len(rows) + hidden < number:
            yield Finding("rows are lost", place, f"{len(rows)} rows and {hidden} more", f"{number} queues")


def hidden_agents(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """The list of agents below target shows all of them, or says how many more there are."""
    goal = evidence.truth.goal("adherence")[0]
    ratios = map(agent_adherence, evidence.truth.case.rows.agents)
    number = sum(ratio is not None and ratio < goal for ratio in ratios)
    for place, rows in rows_by_place(statements, "agent").items():
        hidden = sum(int(note.values["n"].value) for note in _notes(statements, place))
        if evidence.truth.whole and len(rows) + hidden != number:
            yield Finding("rows are lost", place, f"{len(rows)} rows and {hidden} more", f"{number} agents below")


def _notes(statements: Sequence[Statement], place: str) -> list[Statement]:
    """The lines below a list that say how many more there are."""
    notes = [item for item in statements if item.role == "note" and item.kind.startswith("more_") and item.values]
    return [note for note in notes if _list_of(note) == place]


def rows_by_place(statements: Sequence[Statement], role: str) -> dict[str, list[Statement]]:
    """The rows of each list, whose pages count as one place."""
    lists: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if (statement.role, statement.kind) == (role, "row"):
            lists[_list_of(statement)].append(statement)
    return lists


def _list_of(statement: Statement) -> str:
    return re.sub(r"page \d+ ", "", statement.place)
