"""Chromium as a printer: started for each document, as when told to print, or kept running and told over DevTools.

Both print from a file, with a profile that was used before.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from websockets.sync.client import ClientConnection, connect

Print = Callable[[str], bytes]
"""From a web page's text to a PDF."""

_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
_FLAGS += ("--disable-background-networking", "--disable-component-update", "--disable-sync")
"""Nothing but printing: what a browser does besides would be counted against it."""

_LOADED = """new Promise(done => document.readyState == "complete" ? done() : addEventListener("load", done))
.then(() => document.fonts.ready).then(() => true)"""

_LISTENS = re.compile(r"DevTools listening on (\S+)\s")
_TIMEOUT_SECONDS = 600
"""Only ends what hangs: on a busy machine a check of a long page takes minutes."""


@contextmanager
def started_anew(program: str) -> Iterator[Print]:
    """Print each page with a browser of its own."""
    path = _find_program(program)
    with tempfile.TemporaryDirectory() as name:
        source, document = Path(name, "page.html"), Path(name, "page.pdf")
        command = [path, *_FLAGS, f"--user-data-dir={name}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={document}", source.as_uri()]

        def printed(page: str) -> bytes:
            source.write_text(page, encoding="utf-8")
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_SECONDS)
            _await_helpers()
            return document.read_bytes()

        yield printed


@contextmanager
def kept_running(program: str) -> Iterator[Print]:
    """Print all pages in one tab of one browser."""
    path = _find_program(program)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "page.html")
        command = [path, *_FLAGS, f"--user-data-dir={name}/profile", "--remote-debugging-port=0"]
        with _running(command, Path(name, "said")) as address, connect(address, max_size=None) as socket:
            tab = Tab(socket)

            def printed(page: str) -> bytes:
                source.write_text(page, encoding="utf-8")
                return tab.printed(source)

            yield printed


class Tab:
    """A browser's tab, asked over DevTools."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._request_id, self._session = socket, 0, ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def printed(self, page: Path) -> bytes:
        """The page as a PDF, with its faces loaded."""
        self.ask("Page.navigate", url=page.as_uri())
        self.ask("Runtime.evaluate", expression=_LOADED, awaitPromise=True)
        answer = self.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        return base64.b64decode(answer["data"])

    def ask(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command of the DevTools protocol and return its result."""
        self._request_id += 1
        session = {"sessionId": self._session} if self._session else {}
        self._socket.send(json.dumps({"id": self._request_id, "method": method, "params": params} | session))
        while (answer := json.loads(self._socket.recv(timeout=_TIMEOUT_SECONDS))).get("id") != self._request_id:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result


def _find_program(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise FileNotFoundError(f"no program {program}")
    return path


@contextmanager
def _running(command: Sequence[str], output: Path) -> Iterator[str]:
    """Run a browser and give the address of its DevTools. End it with all its helpers."""
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file)
    try:
        yield address_of(process, output)
    finally:
        for child in psutil.Process().children(recursive=True):
            child.terminate()
        process.wait()
        _await_helpers()


def address_of(process: subprocess.Popen[bytes], output: Path) -> str:
    """Return the address that a browser prints once it has started."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if address := _LISTENS.search(output.read_text(encoding="utf-8", errors="replace")):
            return address[1]
        time.sleep(0.05)
    raise ChildProcessError(f"the browser is not listening: {output.read_text('utf-8', 'replace').strip()}")


def _await_helpers() -> None:
    """Wait until all processes of the browser have ended. Only then is it known what they used."""
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return
