"""Forms in which the standard lets statements be sent and asked for; plain Python.

What breaks the standard raises ``ValueError`` with a sentence for the sender.
"""

import base64
import hashlib
import json
from email.message import Message

#: the hash meant, by the number of its hexadecimal digits
_HASHES = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_HEADERS = (
    "Authorization",
    "X-Experience-API-Version",
    "Content-Type",
    "Accept-Language",
)
FORM = "application/x-www-form-urlencoded"
#: parameters of a statement, of any answer, and of a list
SINGLE = ("statementId", "voidedStatementId")
FORMAT = {"format", "attachments"}
LIST = {
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "ascending",
    "more",
}


# === STATEMENTS WITH ATTACHMENTS === #


def read_parts(content_type, body):
    """Return the parts of a ``multipart/mixed`` body.

    :param str content_type: header of the request
    :param bytes body: as it was sent
    :return: ``[(Message of the part's headers, bytes)]``

    >>> body = b"--x\\r\\nContent-Type: text/plain\\r\\n\\r\\none\\r\\n--x--"
    >>> [(headers, content)] = read_parts("multipart/mixed; boundary=x", body)
    >>> headers["content-type"], content
    ('text/plain', b'one')
    >>> read_parts("multipart/mixed", body)
    Traceback (most recent call last):
    ...
    ValueError: The Content-Type "multipart/mixed" MUST have a boundary.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise ValueError('The Content-Type "multipart/mixed" MUST have a boundary.')
    delimiter = b"\r\n--" + boundary.encode("latin-1", "replace")
    _preamble, *pieces = (b"\r\n" + body).split(delimiter)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ValueError("The content MUST consist of parts between its boundaries.")
    return [_read_part(piece) for piece in pieces[:-1]]


def _read_part(piece):
    head, _empty, content = piece.partition(b"\r\n\r\n")
    padding, line, head = head.partition(b"\r\n")
    if padding.strip(b" \t") or not line:
        raise ValueError("Each part MUST have headers.")
    headers = Message()
    for text in head.decode("latin-1").split("\r\n"):
        name, colon, value = text.partition(":")
        if not colon:
            raise ValueError("Each header of a part MUST have a name and a value.")
        headers[name.strip()] = value.strip()
    return headers, content


def get_attachments(statement):
    """Return the attachments of a valid statement and of the one inside it."""
    inner = statement["object"] if isinstance(statement["object"], dict) else {}
    return statement.get("attachments", []) + inner.get("attachments", [])


def check_parts(statements, parts):
    """Yield what is wrong with the binary parts of valid statements.

    :param list statements: the first part's
    :param list parts: the others, as of :func:`read_parts`
    """
    wanted = {}
    for statement in statements:
        for attachment in get_attachments(statement):
            wanted.setdefault(attachment["sha2"].lower(), []).append(attachment)
    sent = set()
    for number, (headers, content) in enumerate(parts, 1):
        digest = headers.get("X-Experience-API-Hash", "").lower()
        sent.add(digest)
        for reason in _check_part(headers, content, digest, wanted.get(digest)):
            yield f"part {number}: {reason}"
    for digest, attachments in wanted.items():
        if digest not in sent and not all("fileUrl" in one for one in attachments):
            yield (
                f'The attachment with the sha2 "{digest}" MUST come as a part of '
                "multipart/mixed."
            )


def _check_part(headers, content, digest, attachments):
    if headers.get("Content-Transfer-Encoding", "").lower() != "binary":
        yield 'The "Content-Transfer-Encoding" MUST be "binary".'
    if not digest:
        yield 'The header "X-Experience-API-Hash" is required.'
    elif not attachments:
        yield 'The "X-Experience-API-Hash" MUST match the sha2 of an attachment.'
    elif digest != _hash(content, digest):
        yield "The content MUST have the hash it names (SHA-2)."
    elif any(one["length"] != len(content) for one in attachments):
        yield f"The length MUST be that of the content, {len(content)} octets."


def _hash(content, digest):
    """Return the hash of a content of the same kind as another one."""
    name = _HASHES.get(len(digest))
    return hashlib.new(name, content).hexdigest() if name else None


# === ALTERNATE SYNTAX === #


def read_alternate(query, form, headers):
    """Return the request a form describes, as 1.0.3 lets browsers send it.

    :param dict query: parameters of the address
    :param dict form: fields of the body: headers, parameters, ``content``
    :param headers: mapping of the request's own headers
    :return: ``(method, headers, query, body)``

    >>> form = {"statementId": "a", "Authorization": "Basic eDp5"}
    >>> read_alternate({"method": "GET"}, form, {"Content-Type": FORM})[::2]
    ('GET', {'statementId': 'a'})
    """
    if query.keys() != {"method"}:
        raise ValueError('Beside "method" there MUST NOT be another query parameter.')
    if headers.get("Content-Type", "").split(";")[0].strip() != FORM:
        raise ValueError(f'With "method" the Content-Type MUST be "{FORM}".')
    method = query["method"].upper()
    if method not in ("GET", "HEAD", "PUT", "POST"):
        raise ValueError('The "method" MUST be one of: GET, HEAD, PUT, POST.')
    fields = dict(form)
    said = {name.lower(): name for name in fields}
    inner = {
        name: fields.pop(said[name.lower()])
        for name in _HEADERS
        if name.lower() in said
    }
    for name in ("Authorization", "X-Experience-API-Version", "Accept-Language"):
        if name in headers:
            inner.setdefault(name, headers[name])
    # a browser may say it as well
    fields.pop(said.get("content-length"), None)
    body = fields.pop("content", "").encode()
    inner.setdefault("Content-Type", "application/json")
    if inner.get("X-Experience-API-Version", "").startswith("2"):
        raise ValueError("xAPI 2.0 has no alternate request syntax.")
    return method, inner, fields, body


def read_basic(text):
    """Return user and password of an ``Authorization`` header, else ``None``.

    >>> read_basic("Basic eDp5"), read_basic("Bearer eDp5"), read_basic("Basic #")
    (('x', 'y'), None, None)
    >>> read_basic("Basic é")
    """
    kind, _space, code = text.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, colon, password = (
            base64.b64decode(code, validate=True).decode().partition(":")
        )
    except ValueError:
        return None
    return (user, password) if colon else None


# === PAGES === #


def write_token(query, after):
    """Return a text that says where a list goes on.

    :param dict query: the list's parameters
    :param list after: moment as text, and id, of the last one told
    """
    text = json.dumps([query, after], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_token(token):
    """Return what :func:`write_token` was given; whoever asks may have made it up.

    >>> read_token(write_token({"verb": "a:b"}, ["2026-01-01 00:00:00", 7]))
    ({'verb': 'a:b'}, ['2026-01-01 00:00:00', 7])
    """
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        query, after = json.loads(text)
        moment, number = after
        is_right = isinstance(query, dict) and "more" not in query
        is_right = is_right and all(isinstance(one, str) for one in query.values())
        # one half of a character that takes two has no place in the database
        json.dumps([query, after], ensure_ascii=False).encode()
        if not is_right or not isinstance(moment, str) or type(number) is not int:
            raise ValueError
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError('The parameter "more" is none this server gave.') from error
    return query, [moment, number]
