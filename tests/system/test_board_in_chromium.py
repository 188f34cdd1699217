"""The board in a real browser: it fits a phone, axe finds nothing, and the keyboard is enough."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.acceptance.installation import DAY, Installation, group, sandbox_group
from tests.system.browser import Browser, browser
from tests.waiting import wait_until
from worker.cli.demo.processes import Program, python
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, RunId, RunState, Step

pytestmark = pytest.mark.system

HEADERS = {"Authorization": "Basic " + base64.b64encode(b"op:a-long-password").decode()}
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabteilung" * 2
FAILED, PARTLY, OPEN, DELIVERED = (RunId(key, DAY) for key in ("failed", "partly", "open", "delivered"))
SENTENCE = f"Nothing at https://api.example.com/{'x' * 200}?id=1. Check it."


def end(installation: Installation, run_id: RunId, state: RunState, **changes: str) -> None:
    runs = installation.runs
    runs.claim(run_id, "beat", briefed_day=DAY.isoformat())
    runs.enter(run_id, Step.HOLIDAY_CHECK, "worker")
    if state != RunState.OPEN:
        runs.settle(run_id, Step.HOLIDAY_CHECK, "worker", Finished(state, "ended", changes))


@pytest.fixture
def address(installation: Installation) -> str:
    installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    keys = ("failed", "partly", "open", "delivered", "coming")
    groups = {key: group(f"{key.title()} {LONG if key == 'failed' else ''}", "Line") for key in keys}
    groups["coming"] |= {"standup_at": "23:59"}
    installation.write_groups(groups)
    end(installation, FAILED, RunState.FAILED, code="source_unavailable", sentence=SENTENCE)
    end(installation, PARTLY, RunState.PARTLY_DELIVERED)
    end(installation, OPEN, RunState.OPEN)
    end(installation, DELIVERED, RunState.DELIVERED)
    installation.deliveries.plan(PARTLY, [("email", "bo@example.com")])
    refused = Delivery("email", "bo@example.com", "refused", why="550 5.1.1 no such user")
    installation.deliveries.move(PARTLY, refused, ("planned",))
    return serve(installation)


def serve(installation: Installation) -> str:
    """Start the board and return its address."""
    installation.configure(BOARD__BASIC_AUTH="op:a-long-password")
    program = Program("board", python("-m", "worker.cli", "board", "--port", "0"))
    return installation.programs.start(program, answers=True).strip()


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Browser]:
    with browser(tmp_path) as opened:
        yield opened


def axe_findings(tab: Browser) -> list[str]:
    """Return what the accessibility checker has to say of the page, a line for each rule."""
    tab.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
    report = json.loads(tab.evaluate("axe.run().then(report => JSON.stringify(report))"))
    assert report["passes"]
    return [f"{finding['id']}: {finding['nodes'][0]['html']}" for finding in report["violations"]]


PATHS = ("/", f"/runs/{FAILED}", "/groups/failed", f"/days/{DAY}", "/weeks")


def test_every_page_fits_a_small_phone(address: str, tab: Browser) -> None:
    tab.look(320, headers=HEADERS)
    for path in PATHS:
        tab.open(address + path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320, path


@pytest.mark.parametrize(("width", "dark"), [(390, True), (768, False), (1280, False)])
def test_axe_finds_nothing(address: str, tab: Browser, width: int, dark: bool) -> None:
    tab.look(width, dark=dark, headers=HEADERS)
    for path in PATHS:
        tab.open(address + path)
        tab.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert axe_findings(tab) == [], path


def test_axe_finds_nothing_on_a_page_of_a_hundred_groups(installation: Installation, tab: Browser) -> None:
    installation.start_sandbox({"groups": {"support": sandbox_group("Line")}})
    states = (RunState.FAILED, RunState.PARTLY_DELIVERED, RunState.OPEN, RunState.DELIVERED, RunState.MISSED)
    keys = [f"group-{number:03}" for number in range(100)]
    installation.write_groups({key: group(f"Group {key}", "Line") for key in keys})
    for number, key in enumerate(keys):
        end(installation, RunId(key, DAY), states[number % len(states)], code="rate_limited", sentence=SENTENCE)
    page = serve(installation)
    for width, dark in ((1280, False), (390, True)):
        tab.look(width, dark=dark, headers=HEADERS)
        tab.open(page)
        assert tab.evaluate("document.querySelectorAll('.card, .row').length") == len(keys)
        assert axe_findings(tab) == []


def test_the_keyboard_reaches_what_needs_somebody_and_copies_its_command(address: str, tab: Browser) -> None:
    tab.look(1280, headers=HEADERS)
    tab.open(address)
    tab.press("n")
    assert tab.evaluate("document.activeElement.id").startswith("group-")
    tab.press("c")
    button_text = "document.activeElement.querySelector('.copy').textContent"
    assert wait_until(lambda: tab.evaluate(button_text) in ("Copied", "Selected"), "the command was taken")
    tab.evaluate("document.getElementById('keys').click()")
    focused = tab.evaluate("document.activeElement.id")
    tab.press("n")
    assert tab.evaluate("document.activeElement.id") == focused


def test_a_renewed_page_keeps_the_open_timeline_and_the_focus(
    address: str, tab: Browser, installation: Installation
) -> None:
    tab.look(1280, headers=HEADERS)
    tab.open(address)
    tab.evaluate("document.querySelector('#timeline-open').open = true")
    tab.evaluate("document.querySelector('#group-open .copy').focus()")
    end(installation, RunId("coming", DAY), RunState.FAILED, code="lookup_failed", sentence="No such queue.")
    tab.evaluate("renew()")
    assert "No such queue." in tab.evaluate("document.body.innerText")
    assert tab.evaluate("document.getElementById('news').textContent") == "Needs you: 4"
    assert tab.evaluate("document.querySelector('#timeline-open').open") is True
    assert tab.evaluate("document.activeElement.closest('article').id") == "group-open"


def test_a_page_is_renewed_when_it_is_seen_again_but_not_under_a_selection(
    address: str, tab: Browser, installation: Installation
) -> None:
    tab.look(1280, headers=HEADERS)
    tab.open(address)
    end(installation, RunId("coming", DAY), RunState.FAILED, code="lookup_failed", sentence="No such queue.")
    tab.evaluate("getSelection().selectAllChildren(document.querySelector('.command code'))")
    tab.evaluate("renew()")
    assert "No such queue." not in tab.evaluate("document.body.innerText")
    tab.evaluate("getSelection().removeAllRanges()")
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert wait_until(lambda: "No such queue." in tab.evaluate("document.body.innerText"), "the page was renewed")


def test_a_page_that_cannot_be_renewed_says_so_in_its_title(address: str, tab: Browser) -> None:
    tab.look(1280, headers=HEADERS)
    tab.open(address)
    tab.go_offline()
    tab.evaluate("renew()")
    assert tab.evaluate("document.title").startswith("(old) ")
    assert tab.evaluate("document.getElementById('old').innerText") == "The board does not answer, so this page is old."


def test_a_closed_timeline_is_read_by_no_one_and_an_open_one_is_below_its_group(address: str, tab: Browser) -> None:
    tab.look(1280, headers=HEADERS)
    tab.open(address)
    line_height = "document.querySelector('#timeline-open li').getBoundingClientRect().height"
    assert tab.evaluate(line_height) == 0
    tab.evaluate("document.querySelector('#timeline-open summary').focus()")
    tab.press("Enter")
    assert tab.evaluate(line_height) > 0
    widths = "['#timeline-open', '#group-open'].map(id => document.querySelector(id).getBoundingClientRect().width)"
    timeline_width, card_width = tab.evaluate(widths)
    assert timeline_width > 0.9 * card_width
