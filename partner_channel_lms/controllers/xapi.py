import json

from odoo.http import DEFAULT_MAX_CONTENT_LENGTH, Controller, request, route

from ..models.learning_push_mixin import MOST_BYTES, VERSIONS
from ..tools.xapi_request import FORM, read_basic


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
        max_content_length=lambda controller: controller._get_most_bytes(),
    )
    def xapi_statements(self, **_form):
        http = request.httprequest
        status, headers, value = request.env["lms.provider"]._answer(
            http.method,
            http.headers,
            http.args.to_dict(),
            _read_body(http),
            read_basic(http.headers.get("Authorization", "")),
        )
        headers.setdefault("Content-Type", "application/json")
        if not isinstance(value, bytes):
            value = b"" if value is None else json.dumps(value).encode()
        return request.make_response(value, headers=headers, status=status)

    @staticmethod
    def _get_most_bytes():
        """Return where reading ends if the sender does not say how long a body is.

        One byte more than allowed is seen to be too large.
        """
        is_told = request.httprequest.content_length is not None
        return DEFAULT_MAX_CONTENT_LENGTH if is_told else MOST_BYTES + 1


def _read_body(http):
    """Return what was sent: bytes, a dict of a form, ``None`` if it is too large."""
    # what is too large is not even read
    if (http.content_length or 0) > MOST_BYTES:
        return None
    if http.mimetype == FORM:
        # it has been read already
        return http.form.to_dict()
    return http.get_data()
