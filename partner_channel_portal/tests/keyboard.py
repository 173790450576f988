"""Real keys in a real browser: what a person does who has no mouse."""

import time
from unittest.mock import patch

from odoo.tests.common import ChromeBrowser
from odoo.tools import mute_logger

#: keys by name: the code browsers know them by, and what they type
_KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), "ArrowDown": (40, "")}
#: most steps to what is looked for: a page of more is no good to use by keyboard
_MAX_TABS = 80
_SHOWS_FOCUS = """
(() => {
    const el = document.activeElement;
    const style = getComputedStyle(el);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    // within a date, the browser shows which part of it has the focus
    const isPart = el.type === "date" && !el.matches(":focus-visible");
    return !el.closest("main") || isPart ||
        (el.matches(":focus-visible") && (outline || style.boxShadow !== "none"));
})()
"""


class Keyboard:
    """Presses keys, and says what became of it.

    :param case: the test
    :param browser: Odoo's browser of the test
    """

    def __init__(self, case, browser):
        self.case = case
        self.browser = browser

    def evaluate(self, expression):
        """Return the value of an expression on the page."""
        params = {"expression": expression, "returnByValue": True}
        answer = self.browser._websocket_request("Runtime.evaluate", params=params)
        return answer["result"].get("value")

    def is_focused(self, selector):
        return self.evaluate(f"document.activeElement.matches({selector!r})")

    def wait_for(self, selector):
        """Wait until something that matches is on the page, which has loaded."""
        expression = (
            "document.readyState === 'complete' && "
            f"!!document.querySelector({selector!r})"
        )
        end = time.monotonic() + 20
        while not self.evaluate(expression):
            if time.monotonic() > end:
                text = self.evaluate("document.querySelector('main').innerText")
                self.case.fail(f"no {selector} in: {text}")
            time.sleep(0.1)

    def press(self, key):
        """Press one key, by name or as the character it types."""
        # other codes than those of letters and digits are keys that do something
        code, text = _KEYS.get(key) or (ord(key.upper()) if key.isalnum() else 0, key)
        params = {"key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}
        for kind in ("keyDown" if text else "rawKeyDown", "keyUp"):
            self.browser._websocket_request(
                "Input.dispatchKeyEvent", params={"type": kind, **params}
            )

    def type_in(self, text):
        """Write into what has the focus."""
        for key in text:
            self.press(key)

    def tab_to(self, selector):
        """Go on until something that matches has the focus, seen at each step."""
        for _number in range(_MAX_TABS):
            self.press("Tab")
            if not self.evaluate(_SHOWS_FOCUS):
                html = self.evaluate("document.activeElement.outerHTML.slice(0, 300)")
                self.case.fail(f"the focus is not seen: {html}")
            if self.is_focused(selector):
                return
        self.case.fail(f"no way by keyboard to {selector}")

    def fill_in(self, selector, text):
        self.tab_to(selector)
        self.type_in(text)


class KeyboardMixin:
    """Lets a browser test do with keys what tours do with clicks."""

    def use_keyboard(self, url, login, steps):
        """Open a page and do something there by keyboard alone.

        :param str url: of the first page
        :param str login: of the user
        :param steps: function called with a :class:`Keyboard`
        """

        def run(browser, code, timeout, error_checker=None):
            steps(Keyboard(self, browser))

        with (
            patch.object(ChromeBrowser, "_wait_code_ok", run),
            # a page that is left could not load all of its scripts: no finding
            mute_logger(f"{self._logger.name}.browser"),
        ):
            self.browser_js(url, "", login=login)
