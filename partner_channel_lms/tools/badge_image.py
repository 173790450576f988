"""The picture of a badge, which carries the badge itself ("baked")."""

import textwrap
from xml.sax.saxutils import escape, quoteattr

from odoo.addons.partner_channel_portal.tools.form_values import visible

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_WIDTH = 20
_LINES = 3
_PICTURE = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{namespace}"\
 width="480" height="480" viewBox="0 0 480 480" role="img" aria-label={label}>\
<openbadges:credential verify={token}></openbadges:credential>
  <title>{title}</title>
  <path fill="#5b3a56" d="M150 330 120 470l60-26 34 36 30-130z\
M330 330l30 140-60-26-34 36-30-130z"/>
  <circle cx="240" cy="210" r="196" fill="#714b67"/>
  <circle cx="240" cy="210" r="180" fill="#fff"/>
  <circle cx="240" cy="210" r="170" fill="none" stroke="#714b67" stroke-width="3"/>
  <path fill="#c8912f" d="M240 66l10 21 23 3-17 16 4 23-20-11-20 11 4-23-17-16 23-3z"/>
  <g font-family="DejaVu Sans, Arial, sans-serif" text-anchor="middle" fill="#2b1c28">
{texts}
  </g>
</svg>
"""
_TEXT = '    <text x="240" y="{y}" font-size="{size}"{more}>{text}</text>'


def draw(token, name, level, issuer):
    """Return the picture of a badge as SVG, the badge in it.

    :param str token: the signed badge
    :param str name: of the certification
    :param str level: of it, may be empty
    :param str issuer: name of the company

    >>> picture = draw("a.b.c", "Sales & <Service>", "Expert", "Acme")
    >>> "Sales &amp; &lt;Service&gt;" in picture, 'verify="a.b.c"' in picture
    (True, True)
    >>> "…" in draw("a.b.c", "word " * 30, "", "Acme")
    True
    """
    name, level, issuer = (visible(text or "") for text in (name, level, issuer))
    title = f"{name} - {issuer}"
    return _PICTURE.format(
        namespace=_NAMESPACE,
        token=quoteattr(token),
        label=quoteattr(title),
        title=escape(title),
        texts="\n".join(_draw_texts(name, level, issuer)),
    )


def _draw_texts(name, level, issuer):
    """Yield the lines of text, from the top."""
    lines = textwrap.wrap(name, _WIDTH, max_lines=_LINES, placeholder=" …")
    top = 225 - 18 * len(lines)
    for number, line in enumerate(lines):
        yield _draw_line(top + 36 * number, 28, line, ' font-weight="bold"')
    below = top + 36 * len(lines)
    if level:
        yield _draw_line(below, 20, textwrap.shorten(level, 28, placeholder=" …"))
    issued = textwrap.shorten(issuer, 26, placeholder=" …")
    yield _draw_line(320, 18, issued, ' fill="#714b67"')


def _draw_line(y, size, text, more=""):
    return _TEXT.format(y=y, size=size, text=escape(text), more=more)
