"""Signatures that come with statements (xAPI 1.0.3, Data 2.6); plain Python.

A signed statement has an attachment that is a JSON web signature in compact form; its
payload is the statement before it was signed. Who signed is known only where the
signature brings a certificate; nobody here says which certificates are to be trusted.
"""

import base64
import binascii
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .xapi_evidence import get_digest
from .xapi_format import read_moment
from .xapi_statement import read_json

USAGE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"
_ALGORITHMS = {"RS256": hashes.SHA256, "RS384": hashes.SHA384, "RS512": hashes.SHA512}
#: bits of a key: the least the algorithms allow, the most that is worth the time
_KEY_BITS = range(2048, 16_385)
_OTHER = (
    "The JWS signature MUST have a payload that is logically equivalent to the "
    "Statement."
)
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
#: digits of a duration's seconds that are not compared
_FINE = re.compile(r"(?<=[.,]\d\d)\d+(?=S$)")


def check_signatures(statements, parts):
    """Yield what is wrong with the signatures of valid statements.

    :param list statements: as they were sent
    :param list parts: binary parts that fit them, as of ``xapi_request.read_parts``
    """
    contents = {
        headers.get("X-Experience-API-Hash", "").lower(): content
        for headers, content in parts
    }
    # many statements may name one part: it is read once
    known = {}
    for number, statement in enumerate(statements):
        digests = [one["sha2"].lower() for one in _get_signatures(statement)]
        for digest in digests:
            if digest not in known:
                known[digest] = _read_safely(contents.get(digest))
        reasons = list(_check_types(statement))
        reasons += _compare(statement, [known[digest] for digest in digests])
        yield from (f"[{number}] {reason}" for reason in dict.fromkeys(reasons))


def _get_signatures(statement):
    attachments = statement.get("attachments", [])
    return [one for one in attachments if one["usageType"] == USAGE]


def _check_types(statement):
    for attachment in _get_signatures(statement):
        if attachment["contentType"].split(";")[0].strip().lower() != CONTENT_TYPE:
            yield f'The contentType of a signature MUST be "{CONTENT_TYPE}".'


def _compare(statement, found):
    """Yield why signatures are none, or are those of something else."""
    said = _describe(statement) if found else None
    for signed, reason in found:
        if reason:
            yield reason
        elif not _is_same(said, signed):
            yield _OTHER


def _read_safely(content):
    """Return what was signed, described, and why it cannot be read."""
    if content is None:
        return None, "A Signed Statement MUST include its JWS as a part."
    try:
        signed = read_signature(content)
    except ValueError as error:
        return None, str(error)
    try:
        return _describe(signed), ""
    except (ValueError, RecursionError):
        return None, _OTHER


def read_signature(content):
    """Return the statement in a signature.

    :param bytes content: a JWS in compact form
    :raise ValueError: if it is none, or not by the key of the certificate it brings

    >>> read_signature(b"eyJhbGciOiJSUzI1NiJ9.e30.AA")
    {}
    >>> read_signature(b"eyJhbGciOiJub25lIn0.e30.AA")
    Traceback (most recent call last):
    ...
    ValueError: The JWS signature MUST use an algorithm of "RS256", "RS384" or "RS512".
    >>> read_signature(b"e30.e30")
    Traceback (most recent call last):
    ...
    ValueError: The signature MUST be a JWS in compact form.
    """
    pieces = content.decode("latin-1").split(".")
    if len(pieces) != 3 or not pieces[2]:
        raise ValueError("The signature MUST be a JWS in compact form.")
    header, payload, signature = map(_decode, pieces)
    header = _read_object(header, "header of the JWS signature MUST be JSON")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        raise ValueError(
            'The JWS signature MUST use an algorithm of "RS256", "RS384" or "RS512".'
        )
    if "crit" in header:
        raise ValueError("The JWS signature names an extension that is not understood.")
    if "x5c" in header:
        signed = content.rpartition(b".")[0]
        _verify(header["x5c"], _ALGORITHMS[algorithm](), signed, signature)
    return _read_object(
        payload,
        "payload of the JWS signature MUST be a valid JSON serialization of the "
        "Statement",
    )


def _decode(text):
    """Return the bytes of a base64url text, which has no padding here.

    >>> _decode("Pz8-")
    b'??>'
    >>> _decode("Pz8+")
    Traceback (most recent call last):
    ...
    ValueError: The parts of a JWS MUST be base64url.
    """
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("The parts of a JWS MUST be base64url.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _read_object(content, rule):
    try:
        value = read_json(content)
    except ValueError as error:
        raise ValueError(f"The {rule}: {error}") from error
    if not isinstance(value, dict):
        raise ValueError(f"The {rule}: an object.")
    return value


# === CERTIFICATES === #


def _verify(chain, algorithm, signed, signature):
    """Raise ``ValueError`` unless the first certificate's key made a signature."""
    key = _read_key(chain)
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in _KEY_BITS:
        raise ValueError(
            "The certificate of the JWS MUST have an RSA key, 2048 bits or more."
        )
    try:
        key.verify(signature, signed, padding.PKCS1v15(), algorithm)
    except InvalidSignature as error:
        raise ValueError(
            "The JWS signature MUST be valid against the certificate in its header."
        ) from error


def _read_key(chain):
    try:
        first = chain[0] if isinstance(chain, list) else None
        content = base64.b64decode(first, validate=True)
        return x509.load_der_x509_certificate(content).public_key()
    except (
        binascii.Error,
        IndexError,
        TypeError,
        ValueError,
        UnsupportedAlgorithm,
    ) as error:
        raise ValueError(
            'The "x5c" of the JWS MUST be a list of X.509 certificates.'
        ) from error


# === WHAT IS THE SAME === #


def _describe(statement):
    """Return what is compared of a statement: content, id and moment.

    >>> one = {"id": "A", "result": {"duration": "PT1.239S"}, "stored": "x"}
    >>> other = {"result": {"duration": "PT1.23S"}, "authority": "y"}
    >>> _is_same(_describe(one), _describe(other))
    True
    >>> _is_same(_describe(one), _describe({"id": "b", "result": one["result"]}))
    False
    """
    moment, key = statement.get("timestamp"), statement.get("id")
    kept = {name: one for name, one in statement.items() if name != "timestamp"}
    kept = _trim(kept)
    if isinstance(kept.get("object"), dict):
        kept["object"] = _trim(kept["object"])
    return (
        get_digest(kept),
        None if key is None else str(key).lower(),
        None if moment is None else read_moment(moment),
    )


def _trim(value):
    """Return a statement, or one inside another, with its duration shortened."""
    result = value.get("result")
    duration = result.get("duration") if isinstance(result, dict) else None
    if not isinstance(duration, str):
        return value
    return {**value, "result": {**result, "duration": _FINE.sub("", duration)}}


def _is_same(one, other):
    """Return whether two descriptions are of one statement.

    What either lacks may have been added by who received it.
    """
    content, *added = zip(one, other, strict=True)
    return content[0] == content[1] and all(
        mine == theirs or mine is None or theirs is None for mine, theirs in added
    )
