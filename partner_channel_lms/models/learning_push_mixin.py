import uuid
from datetime import UTC

from odoo import api, fields, models

from ..tools import xapi_evidence, xapi_request, xapi_signature, xapi_statement

MOST_BYTES = 5 * 1024 * 1024
MOST_STATEMENTS = 10_000
#: requests of one learning system in an hour, and wrong passwords of one network
PUSHES_PER_HOUR = 3_600
FAILURES_PER_HOUR = 60
VERSIONS = {"1.0": "1.0.3", "2.0": "2.0.0"}
_PARAMETERS = {
    "GET": {*xapi_request.SINGLE, *xapi_request.FORMAT, *xapi_request.LIST},
    "PUT": {"statementId"},
    "POST": set(),
}


class PushError(Exception):
    """A request is refused: status and the standard's reasons."""

    def __init__(self, status, *reasons):
        super().__init__(status)
        self.status, self.reasons = status, reasons


class LmsProviderPushMixin(models.AbstractModel):
    """Answers of the endpoint learning systems send their statements to.

    It does the part of a record store that matters for receiving: all the checks and
    conflicts. It keeps statements apart by learning system.
    """

    _name = "lms.provider.push.mixin"
    _description = "Learning System: Push"

    @api.model
    def _answer(self, method, headers, query, body, auth):
        """Answer a request to ``/xapi/statements``.

        :param str method: HTTP method
        :param headers: mapping of request headers
        :param dict query: parameters of the address
        :param body: bytes as sent, a dict of fields if it was a form, ``None`` if it
            was too large to be read
        :param auth: ``(user, password)`` or ``None``
        :return: ``(status, headers, JSON value, bytes, or None)``
        """
        answer = {
            "X-Experience-API-Version": VERSIONS["1.0"],
            "X-Experience-API-Consistent-Through": _now(),
        }
        try:
            if method == "POST" and "method" in query:
                method, headers, query, body, auth = self._read_alternate(
                    query, body, headers, auth
                )
            provider = self._authenticate(auth)
            version = self._read_version(headers)
            answer["X-Experience-API-Version"] = version
            self._check_query(method, query)
            if method in ("GET", "HEAD"):
                languages = headers.get("Accept-Language", "")
                more, value = provider._answer_get(query, languages)
                return 200, answer | more, value
            statements, parts = self._read_statements(headers, body, version)
            contents = provider._check_files(parts)
            if method == "PUT":
                provider._answer_put(query, statements, version)
                status, value = 204, None
            else:
                status, value = 200, provider._answer_post(statements, version)
            # sudo: a learning system is no user; these are its own files
            self.env["lms.file"].sudo()._keep(provider, contents)
            return status, answer, value
        except PushError as error:
            if error.status == 401:
                answer["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
            if error.status == 429:
                answer["Retry-After"] = "600"
            return error.status, answer, {"errors": list(error.reasons)}

    @api.model
    def _read_alternate(self, query, body, headers, auth):
        """Return the request that was sent as a form (1.0.3 only)."""
        if body is None:
            raise PushError(413, f"A request MUST NOT exceed {MOST_BYTES} bytes.")
        form = body if isinstance(body, dict) else {}
        try:
            method, inner, query, body = xapi_request.read_alternate(
                query, form, headers
            )
        except ValueError as error:
            raise PushError(400, str(error)) from error
        if "Authorization" in form or not auth:
            auth = xapi_request.read_basic(inner.get("Authorization", ""))
        return method, inner, query, body, auth

    # === CHECKS === #

    @api.model
    def _authenticate(self, auth):
        throttle = self.env["partner.portal.throttle"]
        user, password = auth or ("", "")
        provider = self._find_by_credentials(user, password)
        if not provider:
            if auth and not throttle._count_visitor("xapi-login", FAILURES_PER_HOUR):
                raise PushError(429, "Too many wrong passwords: try again later.")
            raise PushError(401, "The credentials are missing or wrong.")
        if not throttle._count("xapi", PUSHES_PER_HOUR, str(provider.id)):
            raise PushError(429, "Too many requests: send more statements in each.")
        return provider

    @api.model
    def _read_version(self, headers):
        text = headers.get("X-Experience-API-Version", "")
        edition = xapi_statement.get_edition(text)
        if not edition:
            raise PushError(
                400,
                'The header "X-Experience-API-Version" MUST name a version this server '
                "speaks: 1.0.x or 2.0.x.",
            )
        return VERSIONS[edition]

    @api.model
    def _check_query(self, method, query):
        known = _PARAMETERS["GET" if method == "HEAD" else method]
        for name in query:
            if name not in known:
                raise PushError(400, f'The parameter "{name}" is not recognized.')
        self._check_list(query)

    @api.model
    def _read_statements(self, headers, body, version):
        """Return the valid statements of a request, and its binary parts."""
        if body is None or len(body) > MOST_BYTES:
            raise PushError(413, f"A request MUST NOT exceed {MOST_BYTES} bytes.")
        kind, body, binaries = self._read_content(headers, body)
        if kind != "application/json" or isinstance(body, dict):
            raise PushError(
                400,
                'The Content-Type MUST be "application/json", or "multipart/mixed" '
                "with a first part of it.",
            )
        try:
            value = xapi_statement.read_json(body)
        except ValueError as error:
            raise PushError(400, str(error)) from error
        statements = value if isinstance(value, list) else [value]
        if len(statements) > MOST_STATEMENTS:
            raise PushError(413, f"A request has at most {MOST_STATEMENTS} statements.")
        for number, statement in enumerate(statements):
            errors = xapi_statement.validate(statement, version)
            if errors:
                raise PushError(400, *(f"[{number}] {error}" for error in errors[:20]))
        errors = list(xapi_request.check_parts(statements, binaries))
        errors = errors or list(xapi_signature.check_signatures(statements, binaries))
        if errors:
            raise PushError(400, *errors[:20])
        return statements, binaries

    @api.model
    def _read_content(self, headers, body):
        """Return the kind and the text of the statements, and the binary parts."""
        content_type = headers.get("Content-Type", "")
        kind = content_type.split(";")[0].strip().lower()
        if kind != "multipart/mixed":
            return kind, body, []
        try:
            (first, text), *binaries = xapi_request.read_parts(content_type, body)
        except ValueError as error:
            raise PushError(400, str(error)) from error
        return first.get("Content-Type", "").split(";")[0].strip(), text, binaries

    # === ANSWERS === #

    def _answer_put(self, query, statements, version):
        if "statementId" not in query:
            raise PushError(400, 'The parameter "statementId" is required.')
        if len(statements) != 1:
            raise PushError(400, "PUT stores a single statement.")
        wanted = query["statementId"]
        if statements[0].setdefault("id", wanted).lower() != wanted.lower():
            raise PushError(400, "The id of the statement MUST match statementId.")
        self._store_pushed(statements, version)

    def _answer_post(self, statements, version):
        """Store statements; return their ids in the order they came."""
        for statement in statements:
            statement.setdefault("id", str(uuid.uuid4()))
        ids = [statement["id"].lower() for statement in statements]
        if len(set(ids)) < len(ids):
            raise PushError(400, "Two statements of a batch MUST NOT have the same id.")
        self._store_pushed(statements, version)
        return [statement["id"] for statement in statements]

    def _store_pushed(self, statements, version):
        """Store all, or nothing when one is here already with other content."""
        # sudo: the learning system has no user; its password was checked before
        inbox_sudo = self.env["lms.statement"].sudo()
        digests = {
            statement["id"].lower(): xapi_evidence.get_digest(statement)
            for statement in statements
        }
        known = inbox_sudo._get_digests(self, digests)
        clashing = [key for key in known if known[key] != digests[key]]
        if clashing:
            raise PushError(
                409,
                *(
                    f'A statement with the id "{key}" and other content exists.'
                    for key in clashing[:20]
                ),
            )
        now = _now()
        fresh = [
            statement
            for statement in statements
            if statement["id"].lower() not in known
        ]
        for statement in fresh:
            statement["stored"] = now
            statement.setdefault("version", version)
            statement["authority"] = {
                "account": {"homePage": self.get_base_url(), "name": self.push_key}
            }
        inbox_sudo._take_in(self, [(statement, []) for statement in fresh])


def _now():
    moment = fields.Datetime.now().replace(tzinfo=UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
