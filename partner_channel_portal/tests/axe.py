"""Checks of pages in a real browser: axe-core, and what fits on a small screen.

``./setup/test`` installs axe-core from npm beside the linters and says where it is; run
without it, its checks are skipped. It is a tool of the tests and ships with nothing.
"""

import json
import os
from pathlib import Path

from odoo.tools import mute_logger

#: environment variable with the path of ``axe.min.js``
AXE_VARIABLE = "PARTNER_CHANNEL_AXE"
#: where tours find axe-core, see ``static/tests/tours/page_checks.esm.js``
AXE_URL = "/partner_channel_tests/axe.min.js"
#: what WCAG 2.1 asks for at level AA
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Each page in a frame of a given width: one browser judges all of them. A page that is
# not the one asked for would be judged in its place.
_VISIT = """
(async () => {
    const found = [];
    const delay = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const getPath = (url) =>
        new URL(url, location.href).pathname.replace(/^[/](ru|uk)(?=[/])/, "");
    // what opens and fades is judged at rest
    async function rest(page) {
        await delay(300);
        const moving = page.getAnimations().filter(
            (each) => each.effect.getComputedTiming().endTime !== Infinity
        );
        await Promise.allSettled(moving.map((each) => each.finished));
    }
    async function open(url, width) {
        const frame = document.createElement("iframe");
        frame.style = `position: fixed; inset: 0; height: 100vh; width: ${width}`;
        frame.src = url;
        await new Promise((resolve) => {
            frame.addEventListener("load", resolve);
            document.body.append(frame);
        });
        const page = frame.contentWindow;
        await rest(page.document);
        const status = page.performance.getEntriesByType("navigation")[0];
        if (status.responseStatus !== 200 || getPath(page.location) !== getPath(url)) {
            found.push(`${url}: ${status.responseStatus} at ${page.location}`);
        }
        return frame;
    }
    async function judge(frame, url) {
        frame.contentWindow.eval(%(source)s);
        const result = await frame.contentWindow.axe.run(%(judged)s, {
            runOnly: {type: "tag", values: %(tags)s},
            resultTypes: ["violations"],
        });
        for (const rule of result.violations) {
            for (const node of rule.nodes) {
                found.push(`${url}: ${rule.id} at ${node.target}: ${node.html}`);
            }
        }
    }
    async function measure(frame, url) {
        const page = frame.contentDocument;
        await rest(page);
        const root = page.scrollingElement;
        if (root.scrollWidth > root.clientWidth) {
            const wide = [...page.querySelectorAll("main *")].filter(
                (el) => el.getBoundingClientRect().right > root.clientWidth
            );
            const html = wide.slice(0, 3).map((el) => el.outerHTML.slice(0, 200));
            found.push(
                `${url}: ${root.scrollWidth} wide on ${root.clientWidth}: ${html}`
            );
        }
        for (const el of page.querySelectorAll(%(targets)s)) {
            const {width: wide, height} = el.getBoundingClientRect();
            if (height && (height < 24 || wide < 24)) {
                found.push(`${url}: ${wide} x ${height}: ${el.outerHTML}`);
            }
        }
    }
    for (const url of %(urls)s) {
        let frame = null;
        for (const width of %(widths)s) {
            frame?.remove();
            frame = await open(url, width);
            await judge(frame, `${url} (${width})`);
        }
        if (%(narrow)s) {
            frame.style.width = %(narrow)s;
            await measure(frame, url);
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
#: what is touched on a phone
_TARGETS = "main .btn, main button, main [role=button], main summary, main select"


def _read_axe():
    """Return the source of axe-core, empty when it is not installed."""
    path = os.environ.get(AXE_VARIABLE)
    return Path(path).read_text() if path and Path(path).is_file() else ""


class AxeMixin:
    """Lets a browser test assert that pages are accessible."""

    def assert_accessible(
        self, *urls, login, within="main", widths=("100vw",), narrow=None
    ):
        """Open pages and assert that axe-core finds no violation of WCAG 2.1 AA.

        Each has to answer itself, with status 200.

        :param str urls: addresses of the pages
        :param str login: of the user, None for a visitor
        :param str within: selector of what is judged; Odoo's own header and footer,
            which the vendor builds, stay out by default
        :param widths: of the pages, as CSS writes them
        :param str narrow: width on which nothing may be cut off, or too small to touch
        """
        source = _read_axe()
        if not source:
            self.skipTest("axe-core is not installed: run the tests by ./setup/test")
        texts = {
            "source": source,
            "urls": urls,
            # the chatter is Odoo's own, and comes when it comes
            "judged": {"include": [[within]], "exclude": [["#chatterRoot"]]},
            "tags": _TAGS,
            "widths": widths,
            "narrow": narrow,
            "targets": _TARGETS,
        }
        code = _VISIT % {name: json.dumps(text) for name, text in texts.items()}
        # a frame that is gone could not load all of its scripts: no finding
        with mute_logger(f"{self._logger.name}.browser"):
            self.browser_js(
                "/robots.txt",
                code,
                login=login,
                timeout=60 + 15 * len(urls) * len(widths),
            )

    @classmethod
    def serve_axe(cls):
        """Let tours load axe-core, or what finds nothing where it is not installed."""
        source = _read_axe() or "window.axe = {run: () => ({violations: []})};"
        cls.env["ir.attachment"].create(
            {
                "name": "axe.min.js",
                "url": AXE_URL,
                "raw": source.encode(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )
