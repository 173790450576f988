"""What a phone has to load for a portal page, and how long that takes.

Chromium opens the pages with an empty cache on a throttled line. Odoo itself sends
files as they are; a proxy in front of it compresses them, so that the weight is that of
the files after gzip, the time that of the files as Odoo sends them.
"""

import gzip
import statistics

import requests

from ..screenshots.browser import Browser
from .measure import format_table

REPEATS = 3
WIDTH, HEIGHT = 390, 844
# what Chrome's own tools call "Slow 4G" and a phone of the middle class
LINE = {
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
GOAL_KB = 60
#: page, and the one in Odoo alone it stands beside
PAGES = (("/my/home", "/my/home"), ("/my/deals", "/my/opportunities"))
READY = "document.readyState === 'complete'"
_TIMES = """new Promise((resolve) => new PerformanceObserver((list) => {
    const [paint] = list.getEntries().slice(-1);
    const [page] = performance.getEntriesByType("navigation");
    resolve([paint.startTime, page.loadEventEnd]);
}).observe({type: "largest-contentful-paint", buffered: true}))"""
#: what scripts load afterwards has come, too
_QUIET = """new Promise((resolve) => {
    let before = -1;
    const watch = setInterval(() => {
        const now = performance.getEntriesByType("resource").length;
        if (now === before) {
            clearInterval(watch);
            resolve();
        }
        before = now;
    }, 4000);
})"""
#: files; what scripts ask for by calls is none
_FILES = """[location.href, ...performance.getEntriesByType("resource")
    .filter((entry) => !["fetch", "xmlhttprequest"].includes(entry.initiatorType))
    .map((entry) => entry.name)]"""


def run(report, sides):
    """Measure and report; return whether the goal is met.

    :param report: called with each line
    :param dict sides: label → (address, session) of the servers, Odoo alone first
    """
    (plain, alone), (suite, ours) = sides.items()
    rows, met = [], True
    for page, beside in PAGES:
        before = _open(*alone, beside)
        after = _open(*ours, page)
        more = after["weight"] - before["weight"]
        met &= more <= GOAL_KB
        rows += [_format(beside, plain, before), _format(page, suite, after, more)]
    head = ("Page", "", "files", "kB gzip", "more kB", "largest paint s", "loaded s")
    report(format_table("First load on a phone", head, rows))
    report(
        f"1.6 Mbit/s, {LINE['latency']} ms, a processor {SLOWER} × slower, nothing in "
        f"the cache. Goal: at most {GOAL_KB} kB more than Odoo's page beside it."
    )
    return met


def _format(page, label, seen, more=None):
    return (
        page,
        label,
        seen["files"],
        f"{seen['weight']:.0f}",
        "" if more is None else f"{more:+.0f}",
        f"{seen['paint']:.1f}",
        f"{seen['load']:.1f}",
    )


def _open(url, session, path):
    """Open a page some times; return its weight in kB and the medians of its times."""
    times = []
    for _turn in range(REPEATS):
        with Browser() as browser:
            browser.resize(WIDTH, HEIGHT)
            browser.call("Network.enable")
            browser.log_in(url, session)
            browser.call("Network.emulateNetworkConditions", offline=False, **LINE)
            browser.call("Emulation.setCPUThrottlingRate", rate=SLOWER)
            browser.open(url + path, READY)
            times.append(browser.run(_TIMES))
            browser.run(_QUIET)
            files = browser.run(_FILES)
    paint, load = map(statistics.median, zip(*times, strict=True))
    files = [file for file in dict.fromkeys(files) if file.startswith(url)]
    return {
        "files": len(files),
        "weight": sum(_weigh(file, session) for file in files),
        "paint": paint / 1000,
        "load": load / 1000,
    }


def _weigh(file, session):
    """Return the kB of a file after gzip, of pictures and fonts as they are."""
    answer = requests.get(file, cookies={"session_id": session}, timeout=60)
    answer.raise_for_status()
    kind = answer.headers.get("Content-Type", "")
    packed = kind.startswith(("image/png", "image/jpeg", "font/", "application/font"))
    content = answer.content if packed else gzip.compress(answer.content, 6)
    return len(content) / 1000
