import json

from werkzeug.exceptions import RequestEntityTooLarge

from odoo.http import Controller, request, route

from ..models.learning_push_mixin import MOST_BYTES, VERSIONS
from ..tools.xapi_request import FORM


class XapiController(Controller):
    """Where learning systems send what people have achieved (xAPI 1.0.3 and 2.0)."""

    @route(
        "/xapi/about",
        type="http",
        auth="public",
        methods=["GET", "HEAD"],
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def xapi_about(self, **_query):
        headers = {"X-Experience-API-Version": VERSIONS["1.0"]}
        about = {"version": list(VERSIONS.values())}
        return request.make_json_response(about, headers=headers)

    @route(
        "/xapi/statements",
        type="http",
        auth="public",
        methods=["GET", "HEAD", "PUT", "POST"],
        # another server is no browser: it has a password instead of a session
        csrf=False,
        save_session=False,
        sitemap=False,
        max_content_length=MOST_BYTES,
    )
    def xapi_statements(self, **_form):
        http = request.httprequest
        auth = http.authorization
        is_basic = auth and auth.type == "basic"
        status, headers, value = request.env["lms.provider"]._answer(
            http.method,
            http.headers,
            http.args.to_dict(),
            _read_body(http),
            (auth.username or "", auth.password or "") if is_basic else None,
        )
        headers.setdefault("Content-Type", "application/json")
        if not isinstance(value, bytes):
            value = b"" if value is None else json.dumps(value).encode()
        return request.make_response(value, headers=headers, status=status)


def _read_body(http):
    """Return what was sent: bytes, a dict of a form, ``None`` if it is too large."""
    # what is too large is not even read; not everybody says before how long it is
    if (http.content_length or 0) > MOST_BYTES:
        return None
    try:
        # a form has been read already
        return http.form.to_dict() if http.mimetype == FORM else http.get_data()
    except RequestEntityTooLarge:
        return None
