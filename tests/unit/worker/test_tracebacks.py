"""Copies of tracebacks say the same when they share the copies of their code."""

from __future__ import annotations

import pickle
import traceback

import pytest
from billiard import einfo

from worker.tracebacks import copy_each_code_once


@pytest.fixture(autouse=True)
def original_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(einfo._Frame, "Code", einfo._Code)


def copied_traceback(number: int) -> einfo.ExceptionInfo:
    try:
        raise ValueError(number)
    except ValueError:
        return einfo.ExceptionInfo()


def test_a_copied_traceback_reads_the_same_with_shared_code():
    original = copied_traceback(1)
    copy_each_code_once()
    copy_each_code_once()
    copies = [copied_traceback(1), copied_traceback(2)]
    assert copies[0].traceback == original.traceback
    assert traceback.format_tb(copies[0].tb) == traceback.format_tb(original.tb)
    assert copies[0].tb.tb_frame.f_code is copies[1].tb.tb_frame.f_code
    restored = pickle.loads(pickle.dumps(copies[1].tb))  # noqa: S301 - its own bytes
    assert restored.tb_frame.f_code.co_name == "copied_traceback"
