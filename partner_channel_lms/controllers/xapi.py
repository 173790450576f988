import json

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
    )
    def xapi_statements(self, **_form):
        http = request.httprequest
        # what is too large is not even read
        is_large = (http.content_length or 0) > MOST_BYTES
        auth = http.authorization
        is_basic = auth and auth.type == "basic"
        body = None
        if not is_large:
            # a form has been read already
            body = http.form.to_dict() if http.mimetype == FORM else http.get_data()
        status, headers, value = request.env["lms.provider"]._answer(
            http.method,
            http.headers,
            http.args.to_dict(),
            body,
            (auth.username or "", auth.password or "") if is_basic else None,
        )
        text = b"" if value is None else json.dumps(value).encode()
        headers["Content-Type"] = "application/json"
        return request.make_response(text, headers=headers, status=status)
