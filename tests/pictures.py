"""Pictures for the docs, taken while a test walks."""

import os
from pathlib import Path

from odoo.tests.common import TEST_CURSOR_COOKIE_NAME

from .screenshots.browser import Browser
from .screenshots.command import shrink
from .screenshots.page import PORTAL

#: folder the pictures go to; without it none is taken
VARIABLE = "PARTNER_CHANNEL_PICTURES"
_SIZES = {1280: 800, 390: 844}


class PictureMixin:
    """Lets a browser test take pictures of where it has come to.

    They are ``<series>-<name>-<width>.png``, as wide as the test's own browser.
    """

    series = "way-of-a-lead"

    def take_picture(self, name, user, path, ready=PORTAL, script=""):
        """Take a picture of a page as a person sees it, if pictures are asked for.

        :param str name: of the picture
        :param user: ``res.users``
        :param str path: address of the page
        :param str ready: JavaScript that becomes true
        :param str script: JavaScript to run before the picture
        """
        folder = os.environ.get(VARIABLE)
        if not folder:
            return
        width = int(self.browser_size.split(",")[0].split("x")[0])
        with self.allow_requests(), Browser() as browser:
            self.authenticate(user.login, user.login)
            self.cr.flush()
            self.cr.clear()
            url = self.base_url()
            browser.log_in(url, self.session.sid)
            browser.call(
                "Network.setCookie",
                name=TEST_CURSOR_COOKIE_NAME,
                value=self.http_request_key,
                url=url,
            )
            browser.resize(width, _SIZES[width])
            browser.open(url + path, ready)
            if script:
                browser.run(script)
                browser.wait(ready)
            target = Path(folder) / f"{self.series}-{name}-{width}.png"
            target.write_bytes(shrink(browser.shoot()))
            browser.open("about:blank", "true")
            self._wait_remaining_requests()
