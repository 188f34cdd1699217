"""The official SDK, imported when it is first used.

Its thousands of modules take seconds and 400 MB, and each process of a test run imports all tests.
"""

from __future__ import annotations

import importlib
from typing import Any

PACKAGE = "PureCloudPlatformClientV2"

Client = Any
"""The SDK's ``ApiClient``."""


class _Package:
    """The package's members, each found when it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what pytest asks of every object that it collects
            raise AttributeError(name)
        return getattr(importlib.import_module(PACKAGE), name)


Sdk: Any = _Package()
