"""A group's hash of compressed days: their figures, or their forecasts.

A field is a day, its value "<revision> z1 <deflated text>". A text of an earlier release is not compressed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from redis import Redis
from redis.client import NEVER_DECODE

from worker.state import scripts
from worker.state.compressed.deflate import deflated, inflated

_PREFIX = b"z1 "
_DICTIONARY = (
    b'{"chat":{"callback":{"email":{"message":{"00:00":"00:30":"01:00":"01:30":"02:00":"02:30":"03:00":"03:30":"04:00"'
    b':"04:30":"05:00":"05:30":"06:00":"06:30":"07:00":"07:30":"20:00":"20:30":"21:00":"21:30":"22:00":"22:30":"23:00"'
    b':"23:30":"points":[{"end":"11:00","kind":"low_service_level","medium":"voice","metric":"service_level","queue_id'
    b'":"start":"10:00","value":"was_unusual":false},{"floor":true}]"voice":{"counts":{"abandoned":,"answered":,"late"'
    b':,"offered":},"half_hours":{"service_level":{"denominator":,"numerator":},"adherence":{"kind":"figures","value":'
    b'{"counts":{"abandoned":17,"answered":327,"average_answer_ms":9703.6,"average_handle_ms":182925.7,"late":58,"offe'
    b'red":344},"half_hours":{"08:00":[6,5,6],"08:30":[10,9,10],"09:00":[20,15,20],"09:30":[12,11,12],"10:00":[21,20,2'
    b'1],"10:30":[26,22,26],"11:00":[20,17,20],"11:30":[21,15,21],"12:00":[19,16,19],"12:30":[21,15,21],"13:00":[22,22'
    b',22],"13:30":[26,22,26],"14:00":[15,15,15],"14:30":[15,14,15],"15:00":[14,12,14],"15:30":[22,13,22],"16:00":[17,'
    b'9,17],"16:30":[11,9,11],"17:00":[10,10,10],"17:30":[6,5,6],"18:00":[1,1,1],"18:30":[1,1,1],"19:00":[3,3,3],"19:3'
    b'0":[5,5,5]},"media":{},"medium":"voice","points":[],"queues":{"{"denominator":110.0,"numerator":91.0},"ratios":{'
    b'"abandonment":{"denominator":344,"numerator":17},"adherence":{"denominator":,"numerator":},"occupancy":{"denomin'
    b'ator":124200000,"numerator":59816707},"service_level":{"denominator":344,"numerator":286}},"sums":{"":{"abandone'
    b'd":7,"answer_ms":762247,"answered":103,"handle_ms":18870058,"handled":103,"offered":110},"":{"abandoned":5,"answ'
    b'er_ms":1036800,"answered":111,"handle_ms":19622860,"handled":111,"offered":116}},"whole":true},"version":1}'
)
"""It is part of the stored form: another one needs another prefix."""


def record(redis: Redis, key: str, day: date, revision: int, text: bytes, lifetime: timedelta) -> bool:
    """Store the text of a day in a group's hash. Return False if the text of a later revision is stored.

    Days that are older than the lifetime are deleted.
    """
    stored = _PREFIX + deflated(text, _DICTIONARY)
    args = [day.isoformat(), revision, stored, (day - lifetime).isoformat(), int(lifetime.total_seconds())]
    return bool(scripts.call(redis, "record_day", [key], args))


def texts(redis: Redis, key: str) -> dict[date, bytes]:
    """Return the stored texts of a hash by day, empty for one that is damaged."""
    fields = cast("dict[bytes, bytes]", redis.execute_command("HGETALL", key, **{NEVER_DECODE: []}))  # type: ignore[no-untyped-call]
    return {date.fromisoformat(day.decode()): _text(fields[day].partition(b" ")[2]) for day in sorted(fields)}


def _text(stored: bytes) -> bytes:
    if not stored.startswith(_PREFIX):
        return stored
    try:
        return inflated(stored.removeprefix(_PREFIX), _DICTIONARY)
    except ValueError:
        return b""
