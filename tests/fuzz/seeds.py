"""Write the first inputs of each target: ``python -m tests.fuzz.seeds``."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence

from tests.fuzz.targets import AGENT_COLUMNS, ANSWERS, CORPUS, PARTS, QUEUE_COLUMNS, workbook

ROW = "Support,2026-11-16T09:00,voice,10,8,7,2,80 %,20 %,8,0:05:00"
REPORT = f"{','.join(QUEUE_COLUMNS)}\n{ROW}\nSupport,2026-11-16T09:30,voice,5,,,,,,,\nTotal,,,15,8,7,2,,,8,\n".encode()
EXPORT = (
    b"Interval Start,Interval End,Interval Complete,Filters,Media Type,Queue Id,Queue Name,Offer,Answer,Abandon,"
    b"ASA,Service Level %,Handle,Avg Handle,Flow-Out\r\n"
    b"11/16/26 09:00 AM,11/16/26 09:30 AM,TRUE,,voice,q1,Support,12,10,1,2700.5,0.9091,10,300000,1\r\n"
    b"11/16/26 09:30 AM,11/16/26 10:00 AM,FALSE,,chat,q2,Billing,,,4,,,,,\r\n"
)
AGENTS = f"{','.join(AGENT_COLUMNS)}\nAna,10000,0,5000,28800,1440,95 %\nBo,3600,0,900,,,\n".encode()
EXPORT_OF_AGENTS = (
    b"Interval Start,Agent Id,Agent Name,Idle,Interacting,Communicating\r\n"
    b"11/16/26 12:00 AM,u1,Ana,1000000,3000000,\r\n"
)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    b"SUMMARY:Holiday\r\nCATEGORIES:Public holiday\r\n%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
GROUPS = b"""[defaults]
zone = "Europe/Berlin"
standup_at = "08:30"
catch_up_until = "11:00"

[groups.one]
title = "One"
queues = ["Support"]
targets = { service_level = 0.8, occupancy = [0.7, 0.85] }
calendar = { kind = "country", country = "DE", subdivision = "BY" }
deliver = { email = ["ana@example.com"] }
"""
DEFINITION = {
    "reportId": "r",
    "name": "Report",
    "dateFrom": "{{window.start}}",
    "dateTo": "{{window.end}}",
    "reportingType": "summary",
    "columns": [{"id": "queueName"}, {"id": "offered", "label": "Offered"}],
    "filters": [{"metric": "queueName", "type": "equals", "value": ["Support"]}],
}
ADHERENCE = {
    "managementUnitId": "m",
    "userResults": [
        {
            "userId": "u1",
            "exceptionInfo": [{"startOffsetSeconds": 0, "endOffsetSeconds": 600, "systemPresence": "Offline"}],
            "actuals": [{"startOffsetSeconds": 600, "endOffsetSeconds": 900, "actualActivityCategory": "OnQueueWork"}],
            "dayMetrics": [{"actualLengthSeconds": 28800, "exceptionDurationSeconds": 600, "dayStartOffsetSecs": 0}],
        }
    ],
}
AGGREGATES = {
    "results": [
        {
            "group": {"queueId": "q1", "mediaType": "voice", "userId": "u1"},
            "data": [
                {
                    "interval": "2026-11-16T14:00:00.000Z/2026-11-16T14:30:00.000Z",
                    "metrics": [{"metric": "nOffered", "stats": {"count": 3}, "qualifier": "IDLE"}],
                }
            ],
        }
    ]
}
SCHEDULE = {
    "id": "s",
    "name": "Closed",
    "start": "2026-11-16T00:00:00.000",
    "end": "2026-11-17T00:00:00.000",
    "rrule": "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=16",
    "holidays": [{"date": "2026-11-16", "name": "Closed"}],
}
JOB = {"id": "e", "status": "FAILED", "exportErrorMessagesType": "TOO_MANY_SEARCH_CRITERIA", "name": "n"}


def seeds() -> Mapping[str, Sequence[bytes]]:
    """Return the first inputs by target."""
    names = [shape.__name__ for shape in ANSWERS]
    book = workbook()
    return {
        "report_of_queues": [
            REPORT,
            REPORT.replace(b",", b";"),
            REPORT.decode().encode("utf-16"),
            gzip.compress(REPORT),
        ],
        "report_of_agents": [AGENTS, AGENTS + b"Total,13600,0,5900,28800,1440,\n"],
        "export_of_queues": [EXPORT, EXPORT.replace(b"voice", b"Web chat")],
        "export_of_agents": [EXPORT_OF_AGENTS, EXPORT_OF_AGENTS.replace(b"12:00 AM", b"")],
        "workbook_part": [bytes([number]) + book[name] for number, name in enumerate(PARTS)],
        "adherence_file": [as_json(ADHERENCE), as_json({"userResults": None})],
        "ical_calendar": [
            CALENDAR % b"DTSTART;VALUE=DATE:20261116\r\nDTEND;VALUE=DATE:20261117",
            CALENDAR % b"DTSTART;VALUE=DATE:20201116\r\nRRULE:FREQ=YEARLY;UNTIL=20301116\r\nEXDATE;VALUE=DATE:20261116",
            CALENDAR % b"DTSTART;TZID=America/New_York:20261116T000000\r\nDURATION:PT20H\r\nSTATUS:CONFIRMED",
        ],
        "holiday_file": [as_json(SCHEDULE), as_json({"id": "c", "holidays": SCHEDULE["holidays"]})],
        "group_file": [GROUPS, GROUPS.replace(b'"DE"', b"DE")],
        "report_definition": [as_json(DEFINITION), as_json([DEFINITION, {**DEFINITION, "format": "PDF"}])],
        "api_answer": [bytes([names.index("Aggregates")]) + as_json(AGGREGATES), b"\x00{}"],
        "export_job": [as_json(JOB), as_json({**JOB, "status": "COMPLETED"})],
    }


def as_json(value: object) -> bytes:
    """Return a value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":")).encode()


def main() -> None:
    """Write the files that are not there yet."""
    for target, inputs in seeds().items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(inputs, 1):
            (folder / f"seed-{number}").write_bytes(content)


if __name__ == "__main__":
    main()
