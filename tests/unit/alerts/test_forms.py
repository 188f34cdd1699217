"""What Slack, Teams and plain receivers are sent, and that nothing in it acts as markup."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from worker.alerts.forms import Alert, plain, slack, teams

ALERT = Alert(
    run_id="support-emea:2026-11-20",
    group_title="Support EMEA",
    step="poll",
    code="poll_timeout",
    sentence="The export did not end within 180 s.",
    rerun_command="standup run support-emea --date 2026-11-20",
    at=datetime(2026, 11, 23, 7, 31, 5, tzinfo=timezone(timedelta(hours=1))),
)
HOSTILE = replace(
    ALERT,
    group_title="Sales <!channel> & *Co*",
    sentence="Queue <https://evil.example|click> <@U123> [here](https://evil.example) is unknown.",
)


def test_every_form_carries_run_step_cause_instant_sentence_and_command() -> None:
    for form in (slack, teams, plain):
        text = json.dumps(form(ALERT))
        for fact in (
            ALERT.run_id,
            "poll",
            "poll_timeout",
            "2026-11-23T07:31:05+01:00",
            ALERT.sentence,
            ALERT.rerun_command,
        ):
            assert fact in text


def test_slack_gets_text_for_the_lock_screen_and_blocks_for_the_channel() -> None:
    body = slack(ALERT)
    assert body["text"] == "No briefing for Support EMEA: The export did not end within 180 s."
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section", "section"]


def test_a_name_makes_no_mention_and_no_link_in_slack() -> None:
    body = slack(HOSTILE)
    mrkdwn = [
        body["text"],
        body["blocks"][1]["text"]["text"],
        *(field["text"] for field in body["blocks"][2]["fields"]),
    ]
    assert not any("<" in text or ">" in text for text in mrkdwn)
    assert "&lt;!channel&gt; &amp; *Co*" in body["text"]
    assert body["blocks"][0]["text"] == {
        "type": "plain_text",
        "text": "No briefing for Sales <!channel> & *Co*",
        "emoji": False,
    }


def test_teams_gets_one_card_of_text_runs_without_markdown() -> None:
    body = teams(HOSTILE)
    (attachment,) = body["attachments"]
    assert (body["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    runs = [run for block in attachment["content"]["body"] for run in block["inlines"]]
    assert {block["type"] for block in attachment["content"]["body"]} == {"RichTextBlock"}
    assert {run["type"] for run in runs} == {"TextRun"}
    assert HOSTILE.sentence in [run["text"] for run in runs]


def test_the_plain_form_has_only_the_fields_of_the_alert() -> None:
    assert plain(ALERT) == {
        "run_id": "support-emea:2026-11-20",
        "group_title": "Support EMEA",
        "step": "poll",
        "code": "poll_timeout",
        "sentence": "The export did not end within 180 s.",
        "rerun_command": "standup run support-emea --date 2026-11-20",
        "at": "2026-11-23T07:31:05+01:00",
        "heading": "No briefing for Support EMEA",
    }


def test_good_news_has_its_own_heading_and_no_command_in_any_form() -> None:
    well = replace(ALERT, heading="Delivered again: Support EMEA", rerun_command="")
    for form in (slack, teams, plain):
        text = json.dumps(form(well))
        assert "Delivered again: Support EMEA" in text
        assert "When it is fixed" not in text
        assert "No briefing" not in text


def test_a_very_long_sentence_stays_within_the_receivers_limits() -> None:
    endless = replace(ALERT, sentence="<&>" * 20_000, group_title="G" * 500)
    slack_body = slack(endless)
    assert len(slack_body["blocks"][0]["text"]["text"]) <= 150
    assert len(slack_body["blocks"][1]["text"]["text"]) <= 3000
    assert len(json.dumps(teams(endless))) <= 28 * 1024
