"""Makes the copies of tracebacks cheap that Celery makes of a step that waits or is skipped.

Celery ends such a step with an exception, and billiard copies the code of each frame of its traceback. The copy lists
the position of every instruction (``_Code`` in billiard 4.2, einfo.py), and the code of Celery's own ``trace_task`` is
very long: 0.8 ms of 1.2 ms that the end of such a step took. The copies of one code are equal, so one is enough.
"""

from __future__ import annotations

from functools import lru_cache

from billiard import einfo

_MOST_CODES = 512


def copy_each_code_once() -> None:
    """Let all copies of tracebacks in this process share the copies of their code."""
    if isinstance(einfo._Frame.Code, type):
        einfo._Frame.Code = staticmethod(lru_cache(maxsize=_MOST_CODES)(einfo._Code))
