"""What a briefing has to say and does not: a bad stretch, media apart, what a correction changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.checker.checks.common import Evidence, contacts_of_before, is_name, queues_below
from tests.checker.checks.costly import Outlier, outliers
from tests.checker.checks.facts import targets_of
from tests.checker.checks.talk import PRAISE, is_beyond_chance, is_told_another_day, shortfall, worthwhile_runs
from tests.checker.findings import Finding
from tests.checker.parts import parts_without_figure
from tests.checker.statements import Statement
from tests.checker.usual import Usual, silences, usual_of

_OF_CONTACTS = ("service_level", "abandonment")
_STRETCHES = ("window", "weak_spot")
_MOST_ITEMS = 4
"""As many items as the talk has room for."""
_MOST_TARGETS = 2
"""As many of them are missed targets that nothing else in the talk speaks of."""
_MOST_WINDOWS = 2
"""As many of them are stretches of half-hours, each of another medium."""


def omitted(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A stretch worth a talk that the talk, with room for it, leaves out."""
    heads = [item for item in statements if item.role == "talk_head" and item.place.startswith("message,")]
    if not evidence.truth.whole or not heads or len(heads) >= _MOST_ITEMS:
        return
    windows = [item.context.get("medium") for item in heads if item.kind in _STRETCHES]
    texts = ", ".join(sorted(item.text for item in heads))
    truths = [evidence.truth.of_medium(medium) for medium in evidence.truth.sums.media]
    bad_truths = [truth for truth in truths if _has_bad_stretch(evidence._replace(truth=truth))]
    if bad_truths and not windows:
        yield Finding("worst half-hours are hidden", "talk", texts, "a window below target")
    missed = [truth.medium for truth in bad_truths if truth.metric_status("service_level") == "missed"]
    for medium in missed if len(truths) > 1 and len(windows) < _MOST_WINDOWS else ():
        if medium not in windows:
            yield Finding("half-hours of a missed medium are hidden", "talk", texts, medium)


def _has_bad_stretch(evidence: Evidence) -> bool:
    worst = max(worthwhile_runs(evidence), key=lambda run: shortfall(run, evidence), default=None)
    return worst is not None and is_beyond_chance(worst, evidence)


def omitted_queue(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A queue that did clearly worse than the others, and that the talk, with room for it, leaves out."""
    heads = [item for item in statements if item.role == "talk_head" and item.place.startswith("message,")]
    if not evidence.truth.whole or not heads or len(heads) >= _MOST_ITEMS:
        return
    if any(item.kind in ("queue", "two_queues") for item in heads):
        return
    hidden = [outlier for outlier in outliers(evidence) if not _is_called_slow(outlier, heads, evidence)]
    if hidden:
        texts = ", ".join(sorted(item.text for item in heads))
        yield Finding("costly queue is hidden", "talk", texts, ", ".join(dict.fromkeys(queue.name for queue in hidden)))


def _is_called_slow(outlier: Outlier, heads: Iterable[Statement], evidence: Evidence) -> bool:
    """Whether a head calls the service level of this queue, in this medium, unusually low."""
    labels = [item.context["name"] for item in heads if item.kind == "queue_service_level_low"]
    subjects = [evidence.language.without_medium(label) for label in labels]
    return any(is_name(name, outlier.name) and medium in ("", outlier.medium) for name, medium in subjects)


_NAMED_BY: Mapping[str, frozenset[str]] = {
    "service_level": frozenset({*_STRETCHES, "level_down", "figure_service_level_low"}),
    "abandonment": frozenset({"figure_abandonment_high"}),
    "occupancy": frozenset({"occupancy_above", "occupancy_below", "figure_occupancy_low", "figure_occupancy_high"}),
    "adherence": frozenset({"agents_under", "figure_adherence_low"}),
}
"""What the talk calls a missed target by, besides "target missed"."""


def unnamed_target(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Each target that was missed is named in the verdict or the talk of the message and of page one.

    A talk that is full, or that has two missed targets, leaves others to the tiles.
    """
    if not evidence.truth.whole:
        return
    for document in ("message,", "PDF page 1 (phone)"):
        items = [item for item in statements if item.place.startswith(document)]
        heads = [item for item in items if item.role == "talk_head"]
        if not any(item.role == "tile" for item in items) or len(heads) >= _MOST_ITEMS:
            continue
        is_full = sum(item.kind == "target_missed" for item in heads) >= _MOST_TARGETS
        for metric, medium in () if is_full else _missed(evidence):
            truth = evidence.truth.of_medium(medium) if medium else evidence.truth
            is_named = any(_names(item, metric, medium, evidence) for item in items)
            if not is_named and not is_told_another_day(truth, metric):
                texts = ", ".join(sorted({item.text for item in heads}))
                yield Finding("missed target is not named", document, texts, f"{metric} {medium}".strip())


def _missed(evidence: Evidence) -> Iterator[tuple[str, str]]:
    truth = evidence.truth
    for metric in ("service_level", "abandonment"):
        for medium in truth.sums.media or ("",):
            if truth.of_medium(medium).metric_status(metric) == "missed":
                yield metric, medium if len(truth.sums.media) > 1 else ""
    yield from ((metric, "") for metric in ("occupancy", "adherence") if truth.metric_status(metric) == "missed")


def _names(item: Statement, metric: str, medium: str, evidence: Evidence) -> bool:
    """Whether a statement names this metric in this medium; without one, it is about that with the most contacts."""
    leading = next(iter(evidence.truth.sums.media), "") if medium else ""
    if (item.values.get("medium") or item.context.get("medium") or leading) != (medium or leading):
        return False
    if item.role == "verdict_detail" or item.kind == "target_missed":
        return item.values.get("metric") == metric
    return item.role == "talk_head" and item.kind in _NAMED_BY.get(metric, frozenset())


_OF_LEVEL = frozenset({"level_low", "level_down", "figure_service_level_low"})
_ORDINARY = frozenset({"occupancy_above", "occupancy_below", "target_missed"})
"""What the talk says after all that is unusual, where it counts no contacts."""


def unusual_level_hidden(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A service level that is unusually low is in the talk, on target or not, before agents' targets that are not."""
    usual = usual_of(evidence.truth.leading, "service_level")
    heads = [item for item in statements if item.role == "talk_head" and item.place.startswith("message,")]
    if not evidence.truth.whole or not isinstance(usual, Usual) or usual.place != "low":
        return
    agents = [item for item in heads if item.kind in _ORDINARY and item.values.get("metric") not in _OF_CONTACTS]
    if agents and not any(item.kind in _OF_LEVEL for item in heads):
        texts = ", ".join(sorted(item.text for item in heads))
        yield Finding("unusual service level is hidden", "talk", texts, "before what concerns agents")


def unnamed_queue(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A verdict that all targets are met names the queues under target beside it."""
    queues_under_target = queues_below(evidence)
    for statement in statements if queues_under_target and evidence.truth.whole else ():
        detail = str(statement.context.get("detail", ""))
        is_cut = statement.place.startswith("PDF")  # a page that has no room for a sentence leaves it out
        if (
            statement.kind in ("all_met", "both_met")
            and not is_cut
            and not any(match == "queues_below" for match in _kinds(detail, evidence))
        ):
            yield Finding(
                "queue under target is not named",
                statement.place,
                statement.text,
                ", ".join(name for name, _ in queues_under_target),
            )


def unnamed_silence(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """The first thing below a verdict on a day with hours without a contact is these hours. Nothing is praised."""
    for statement in statements if evidence.truth.whole and silences(evidence.truth) else ():
        kinds = _kinds(str(statement.context.get("detail", "")), evidence) if statement.role == "verdict_head" else ()
        if statement.role == "verdict_head" and kinds[:1] != ["silent"]:
            yield Finding("hours without a contact are not named", statement.place, statement.text, "")
        if statement.role == "talk_head" and statement.kind in PRAISE:
            yield Finding("praise beside hours without a contact", statement.place, statement.text, "")


def _kinds(detail: str, evidence: Evidence) -> list[str]:
    matches = evidence.language.read_all("verdict_detail", detail)
    return [match.kind for match in matches if not isinstance(match, str)]


def contacts_of_before_hidden(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A message says so where ten contacts or more, or any on a day with few, came before midnight."""
    number, offered = contacts_of_before(evidence), evidence.truth.sums.group.offered
    fewest = evidence.truth.case.group.insights.fewest_contacts
    is_worth = number >= fewest or (number and offered is not None and offered < fewest)
    for document in ("message,", "message (HTML)"):
        items = [item for item in statements if item.place.startswith(document)]
        has_day = any(item.role == "half_hours" for item in items)
        if evidence.truth.whole and is_worth and has_day and not any(item.kind == "of_before" for item in items):
            yield Finding("contacts of before midnight are not told", document, "", f"at least {number}")


def nothing_said(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A day that missed a target has something to talk about."""
    right = f"{evidence.truth.statuses.count('missed')} targets missed"
    for statement in statements:
        if statement.kind == "nothing_special" and "missed" in evidence.truth.statuses:
            yield Finding("nothing said of a missed target", statement.place, statement.text, right)


def blended(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Several media in one service level, and nowhere shown apart."""
    media = {name: day.group for name, day in evidence.truth.sums.by_medium.items() if day.group.service_level}
    tiles = [item for item in statements if item.role == "tile_value" and item.context["metric"] == "service_level"]
    is_apart = any(statement.role == "tile_other" for statement in statements)
    if tiles and len(media) > 1 and not is_apart:
        levels = ", ".join(f"{name} {float((sums.service_level or 0) * 100):.1f}%" for name, sums in media.items())
        yield Finding("media are blended", tiles[0].place, tiles[0].text, levels)


def lack_repeated(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A message names what is missing in one line at most, and leaves the reason to the completeness page."""
    if not evidence.truth.case.rows.gaps or not evidence.truth.whole:
        return
    for document in ("message,", "message (HTML)"):
        kinds = ("lacks", "lacks_other", "no_adherence")
        lines = [item for item in statements if item.place.startswith(document) and item.kind in kinds]
        details = [evidence.language.gap(gap).rstrip(".") for gap in evidence.truth.case.rows.gaps]
        reasons = [item for item in statements if item.place.startswith(document) and _has_any(item.text, details)]
        if len({item.place for item in lines}) + len(reasons) > 1 or reasons:
            yield Finding("gap is repeated", document, ", ".join(item.text for item in (*lines, *reasons)), "one line")


def silent_parts(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Page one, the message, its card and the workbook say which figures are not known for want of a part."""
    figures_without = parts_without_figure(evidence.truth)
    right = ", ".join(sorted(name for name, _ in figures_without))
    for document in ("message,", "message (HTML)", "chat card", "PDF page 1 ", "workbook") if figures_without else ():
        document_statements = [item for item in statements if item.place.startswith(document)]
        if document_statements and not any(item.kind == "not_known" for item in document_statements):
            yield Finding("a missing part is not said", document, document_statements[0].text, right)


def _has_any(text: str, details: Sequence[str]) -> bool:
    return any(detail and detail in text for detail in details)


def silent_correction(statements: Sequence[Statement], evidence: Evidence) -> Iterator[Finding]:
    """Page one of a corrected briefing says what changed."""
    if evidence.truth.case.revision == 1:
        return
    earlier = evidence.truth.earlier_sums
    lists = [item for item in statements if item.role == "correction" and item.place.startswith("message")]
    is_told = any(item.context.get("name") == evidence.language.targets for item in lists)
    if earlier and lists and not is_told and targets_of(evidence, earlier) != targets_of(evidence, evidence.truth.sums):
        right = "{} of {} targets, then {} of {}".format(
            *targets_of(evidence, earlier), *targets_of(evidence, evidence.truth.sums)
        )
        yield Finding("verdict changed silently", "message", lists[0].text, right)
    front = [statement for statement in statements if statement.place.startswith("PDF page 1 ")]
    unnamed = [statement for statement in front if statement.kind == "differs"]
    if unnamed and not any((item.role, item.kind) == ("correction", "changed") for item in front):
        yield Finding("correction names no figure", unnamed[0].place, unnamed[0].text, "the most important figure")
    if front and not any(statement.role.startswith("correction") for statement in front):
        yield Finding("correction does not say what changed", "PDF page 1", "Corrected", "one line with the change")
