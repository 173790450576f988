"""Accessibility checks with axe-core, for browser tests of any addon.

``./setup/test`` installs axe-core from npm beside the linters and says where it is; run
without it, these checks are skipped. It is a tool of the tests and ships with nothing.
"""

import json
import os
from pathlib import Path

from odoo.tools import mute_logger

#: environment variable with the path of ``axe.min.js``
AXE_VARIABLE = "PARTNER_CHANNEL_AXE"
#: what WCAG 2.1 asks for at level AA
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# each page in a frame of the window's size: one browser judges all of them
_RUN = """
(async () => {
    const source = %(source)s;
    const found = [];
    for (const url of %(urls)s) {
        const frame = document.createElement("iframe");
        frame.style = "position: fixed; inset: 0; width: 100vw; height: 100vh";
        frame.src = url;
        await new Promise((resolve) => {
            frame.addEventListener("load", resolve);
            document.body.append(frame);
        });
        // a page that is not there has nothing wrong
        const page = frame.contentWindow;
        const [load] = page.performance.getEntriesByType("navigation");
        const path = new URL(url, location.origin).pathname;
        if (load.responseStatus !== 200 || page.location.pathname !== path) {
            found.push(`${url}: ${load.responseStatus} at ${page.location.pathname}`);
        }
        // what opens and fades is judged at rest
        await new Promise((resolve) => setTimeout(resolve, 800));
        frame.contentWindow.eval(source);
        const result = await frame.contentWindow.axe.run(%(within)s, {
            runOnly: {type: "tag", values: %(tags)s},
            resultTypes: ["violations"],
        });
        for (const rule of result.violations) {
            for (const node of rule.nodes) {
                found.push(`${url}: ${rule.id} at ${node.target}: ${node.html}`);
            }
        }
        frame.remove();
    }
    if (found.length) {
        console.error(`${found.length} violations\\n${found.join("\\n")}`);
    } else {
        console.log("test successful");
    }
})();
"""


class AxeMixin:
    """Lets a browser test assert that pages are accessible."""

    def assert_accessible(self, *urls, login, within="main"):
        """Open pages and assert that axe-core finds no violation of WCAG 2.1 AA.

        :param str urls: addresses of the pages
        :param str login: of the user
        :param str within: selector of what is judged; Odoo's own header and footer,
            which the vendor builds, stay out by default
        """
        path = os.environ.get(AXE_VARIABLE)
        if not path or not Path(path).is_file():
            self.skipTest("axe-core is not installed: run the tests by ./setup/test")
        code = _RUN % {
            "source": json.dumps(Path(path).read_text()),
            "urls": json.dumps(urls),
            "within": json.dumps(within),
            "tags": json.dumps(_TAGS),
        }
        # a frame that is gone could not load all of its scripts: no finding
        with mute_logger(f"{self._logger.name}.browser"):
            self.browser_js(
                "/robots.txt", code, login=login, timeout=60 + 15 * len(urls)
            )
