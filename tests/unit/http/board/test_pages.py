"""What the page of the board shows of a whole morning."""

from __future__ import annotations

from collections.abc import Iterable

from tests.gallery.board import BERLIN, SampleReader
from worker.domain.runs import Step
from worker.http.board import pages
from worker.http.board.standups import Card
from worker.state.token_bucket import QuotaUse

HOUR_SECONDS = 3600.0


class CrowdedReader(SampleReader):
    """The sample morning, with a quota that another program uses up for an hour."""

    def quota_uses(self, cards: Iterable[Card]) -> dict[str, QuotaUse]:
        waiting = {str(card.run.id): HOUR_SECONDS for card in cards if card.run and card.run.step == Step.EXPORT}
        return {"main": QuotaUse(300, 300, 1, HOUR_SECONDS, 0, waiting)}


def needy(page: str) -> str:
    """Return the part of the page that needs somebody."""
    return page.partition("Needs you")[2].partition("Next stand-ups")[0]


def test_a_group_that_waits_for_quota_past_its_standup_moves_to_those_in_need() -> None:
    calm, crowded = (pages.board_page(reader(), BERLIN) for reader in (SampleReader, CrowdedReader))  # type: ignore[arg-type]
    assert "Sales Toronto" not in needy(calm)
    waiting = needy(crowded).partition("Sales Toronto")[2]
    assert waiting.index("At risk") < waiting.index("Waits for quota until 09:12:00, about 1 h more")
    assert waiting.index("--follow") > 0


def test_a_command_is_shown_whole_and_copied_as_one_line() -> None:
    page = pages.board_page(SampleReader(), BERLIN)  # type: ignore[arg-type]
    assert 'data-command="standup run care-lisbon --date 2026-10-21"' in page
    assert (
        "<span>standup</span> <span>run</span> <span>care-lisbon</span> <span>--date</span> <span>2026-10-21</span>"
        in page
    )
