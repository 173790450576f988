"""The command ``./setup/screenshots``: from pages to small PNG files."""

import io
import sys

from PIL import Image

from .browser import Browser
from .odoo_session import OdooSession
from .options import parse
from .pages import PAGES

PASSWORD = "partner"
_COLOURS = 256


def main(_env, arguments):
    """Take the pictures.

    :param list arguments: words of the command line, see ``options``
    :return: exit code
    """
    options = parse(arguments)
    pages = [p for p in PAGES if not options.names or p.name in options.names]
    options.folder.mkdir(parents=True, exist_ok=True)
    sessions = {
        login: OdooSession(options.url, options.database, login, PASSWORD)
        for login in {page.login for page in pages}
    }
    with Browser() as browser:
        for page in pages:
            take(browser, sessions[page.login], page, options.folder)
    return 0


def take(browser, session, page, folder):
    """Take one page in each of its sizes.

    :param Browser browser: an open one
    :param OdooSession session: of the page's user
    :param Page page: what to show
    :param folder: where the files go
    """
    number = session.find(*page.record) if page.record else ""
    browser.log_in(session.url, session.session)
    for width, height in page.sizes:
        browser.resize(width, height)
        # the pages are one application: a change of the hash would not reload it
        browser.open("about:blank", "true")
        browser.open(session.url + page.path.format(id=number), page.ready)
        if page.script:
            browser.run(page.script)
            browser.wait(page.ready)
        target = folder / f"{page.name}-{width}.png"
        target.write_bytes(shrink(browser.shoot()))
        sys.stdout.write(f"{target.name}: {target.stat().st_size // 1024} kB\n")
        sys.stdout.flush()


def shrink(png):
    """Return a PNG with few colours, a third of the size.

    :param bytes png: as the browser gives it
    """
    image = Image.open(io.BytesIO(png)).convert("RGB")
    small = image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=0)
    result = io.BytesIO()
    small.save(result, "PNG", optimize=True)
    return result.getvalue()
