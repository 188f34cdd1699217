"""A tab of headless Chromium that a test asks over DevTools."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.bench.printing.browser import Tab, address_of

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
_LOADED = """new Promise(done => document.readyState == "complete" ? done() : addEventListener("load", done))
.then(() => true)"""


def chromium() -> str:
    """Return the browser's path. Without one the test fails."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.fail("chromium is missing, which this test needs: apt-get install chromium")
    return path


class Browser:
    """One tab."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def look(
        self, width: int, height: int = 1200, *, dark: bool = False, headers: Mapping[str, str] | None = None
    ) -> None:
        """Set the size of the window, the colour scheme, and headers of all requests."""
        self._tab.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tab.ask("Emulation.setEmulatedMedia", features=[scheme])
        self._tab.ask("Network.enable")
        self._tab.ask("Network.setExtraHTTPHeaders", headers=dict(headers or {}))

    def open(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._tab.ask("Page.navigate", url=url)
        self.evaluate(_LOADED)

    def go_offline(self) -> None:
        """Let all further requests fail, as without a network."""
        no_limits = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._tab.ask("Network.emulateNetworkConditions", offline=True, **no_limits)

    def evaluate(self, script: str) -> Any:
        """Return the value of an expression in the page. A promise is awaited."""
        answer = self._tab.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self._tab.ask("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, **text)
        self._tab.ask("Input.dispatchKeyEvent", type="keyUp", key=key, code=key)

    def picture(self) -> bytes:
        """Return the whole page as PNG."""
        return base64.b64decode(self._tab.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Run a browser with its profile in this folder."""
    messages = folder / "chromium.log"
    command = [chromium(), *FLAGS, f"--user-data-dir={folder}/profile", "--remote-debugging-port=0"]
    with messages.open("wb") as file:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file)
    try:
        with connect(address_of(process, messages), max_size=None) as socket:
            yield Browser(Tab(socket))
    finally:
        process.terminate()
        process.wait()
