"""A headless browser, driven through Chrome's DevTools protocol."""

import base64
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PATIENCE = 60
_PHONE_BELOW = 600


def _lift_memory_limit():
    """Undo Odoo's limit of address space, too small for a browser."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)


class PageError(Exception):
    """A page did not become what was waited for."""


class Browser:
    """One browser with one tab; a context manager that leaves nothing behind.

    >>> with Browser() as browser:  # doctest: +SKIP
    ...     browser.resize(1280, 800)
    ...     browser.open("http://localhost:8069", "document.body")
    ...     png = browser.shoot()
    """

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="partner-channel-shots-"))
        self.process = subprocess.Popen(
            self._get_command(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_lift_memory_limit,
        )
        try:
            self.socket = websocket.create_connection(
                self._find_tab(), timeout=PATIENCE, suppress_origin=True
            )
            self.number = 0
            self.call("Page.enable")
        except Exception:
            self._end()
            raise
        return self

    def __exit__(self, *_error):
        self.socket.close()
        self._end()

    def _end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _get_command(self):
        program = next((path for path in map(shutil.which, NAMES) if path), None)
        if not program:
            raise PageError(f"No browser found, install one of: {', '.join(NAMES)}")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        return [
            program,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",
            "--lang=en-US",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.folder}",
            *sandbox,
            "about:blank",
        ]

    def _find_tab(self):
        """Return the address of the tab, once the browser listens."""
        active = self.folder / "DevToolsActivePort"
        end = time.monotonic() + PATIENCE
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while time.monotonic() < end:
            if active.exists() and active.read_text().strip():
                port = active.read_text().split()[0]
                with opener.open(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
                    tabs = [t for t in json.load(answer) if t["type"] == "page"]
                if tabs:
                    return tabs[0]["webSocketDebuggerUrl"]
            time.sleep(0.2)
        raise PageError("The browser did not start")

    def call(self, method, **params):
        """Send a DevTools command.

        :param str method: e.g. ``Page.navigate``
        :return: dict, the command's result
        :raise PageError: when the browser refuses
        """
        self.number += 1
        self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def log_in(self, url, session):
        """Use an Odoo session from now on, None for none."""
        self.call("Network.clearBrowserCookies")
        if session:
            self.call("Network.setCookie", name="session_id", value=session, url=url)

    def resize(self, width, height):
        """Give the window a size in pixels; a narrow one is a phone."""
        phone = width < _PHONE_BELOW
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def open(self, url, ready):
        """Open a page and wait.

        :param str url: address
        :param str ready: JavaScript that becomes true
        """
        self.call("Page.navigate", url=url)
        self.wait(ready)

    def run(self, script):
        """Evaluate JavaScript in the page and return its value."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            raise PageError(f"{script}: {text}")
        return answer["result"].get("value")

    def wait(self, ready):
        """Wait until a JavaScript expression is true, and the page is quiet."""
        end = time.monotonic() + PATIENCE
        while not self.run(f"document.readyState === 'complete' && !!({ready})"):
            if time.monotonic() > end:
                where = self.run("location.href")
                seen = Path(tempfile.gettempdir()) / "partner-channel-failed-page.png"
                seen.write_bytes(self.shoot())
                raise PageError(f"{where} did not show: {ready}; see {seen}")
            time.sleep(0.2)
        # pictures, and charts that draw themselves
        time.sleep(1.0)

    def shoot(self):
        """Return what the window shows, as PNG."""
        answer = self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])
