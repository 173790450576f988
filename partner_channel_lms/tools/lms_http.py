"""Asking a learning system over HTTP: patient, but never credulous.

It goes nowhere but to the host it was given, waits for who is busy, and takes nothing
that is too large, too slow or no JSON.
"""

import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from . import xapi_statement
from .lms_api import LmsApi, LmsBroken, LmsRefused, LmsUnavailable

#: seconds to connect, and between two pieces of an answer
TIMEOUT = (5, 30)
#: seconds one answer may take with all tries
PATIENCE = 50
TRIES, LONGEST_WAIT, MOST_REDIRECTS = 5, 60, 3
MOST_BYTES = 20 * 1024 * 1024
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class HttpLmsApi(LmsApi):
    """A learning system that is asked over HTTP and answers in JSON.

    How to use: a kind of system calls :meth:`_read`, and says what it adds to each
    request in :meth:`_get_headers`.
    """

    def __init__(self, endpoint, auth=None, sleep=None):
        """Remember where to ask.

        :param tuple auth: user and password, sent to this host only
        :param sleep: function of seconds, instead of waiting
        """
        self.endpoint = endpoint.rstrip("/") + "/"
        self._sleep = sleep or time.sleep
        self._session = requests.Session()
        # neither proxies nor ~/.netrc decide where our password goes
        self._session.trust_env = False
        self._session.auth = auth

    def _get_headers(self):
        """Return the headers of the next request."""
        return {"Accept": "application/json"}

    def _is_worth_again(self, response):
        """Hook: return whether to ask otherwise at once, after a bad answer."""
        return False

    def _note_second(self, response):
        """Hook: learn from the answer to what was asked otherwise."""

    def _join(self, place):
        """Return the full address of a place of the same host."""
        address = urljoin(self.endpoint, place)
        if _get_origin(address) != _get_origin(self.endpoint):
            raise LmsBroken("The learning system sends us to another host.")
        return address

    def _read(self, address, data=None):
        """Return the JSON value at an address and the headers, with all patience.

        :param dict data: form to send by POST; GET if ``None``
        :raise LmsError: if no JSON is to be had
        """
        end = time.monotonic() + PATIENCE
        for attempt in range(TRIES):
            try:
                return self._read_once(address, data)
            except _Later as later:
                wait = later.wait
                if wait is None:
                    wait = min(LONGEST_WAIT, 2**attempt) * random.uniform(0.75, 1.25)
                if attempt == TRIES - 1 or time.monotonic() + wait > end:
                    raise LmsUnavailable(str(later)) from later
                self._sleep(wait)
        raise LmsUnavailable("The learning system does not answer.")

    def _read_once(self, address, data):
        try:
            response = self._request(address, data)
            if response.status_code == 400 and self._is_worth_again(response):
                response = self._request(address, data)
                self._note_second(response)
            with response:
                _check_status(response)
                text = _read_body(response)
        except (requests.RequestException, HTTPError) as error:
            # the error's own text may hold the address
            raise _Later(f"No answer: {type(error).__name__}") from error
        try:
            return xapi_statement.read_json(text), response.headers
        except ValueError as error:
            raise LmsBroken(f"The answer is no JSON: {error}") from error

    def _request(self, address, data):
        """Ask once; follow redirects within the host only."""
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._session.request(
                "GET" if data is None else "POST",
                address,
                data=data,
                headers=self._get_headers(),
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            response.close()
            address = self._join(response.headers["Location"])
        raise LmsBroken("The learning system redirects in circles.")


class _Later(Exception):
    """The peer may answer later; ``wait`` are the seconds it asks for, if it does."""

    def __init__(self, message, wait=None):
        super().__init__(message)
        self.wait = wait


def _get_origin(address):
    """Return scheme, host and port.

    >>> _get_origin("https://LRS.example/xapi") == _get_origin("https://lrs.example:443")
    True
    >>> _get_origin("https://lrs.example@evil.example/")
    ('https', 'evil.example', 443)
    """
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError as error:
        raise LmsBroken(f"Not an address: {error}") from error
    return parts.scheme, parts.hostname, port


def _check_status(response):
    status = response.status_code
    if status in (401, 403):
        raise LmsRefused(f"The credentials were refused (HTTP {status}).")
    if status in _TRANSIENT:
        wait = _read_retry_after(response.headers.get("Retry-After", ""))
        raise _Later(f"HTTP {status}", wait)
    if status != 200:
        raise LmsBroken(f"The learning system answers with HTTP {status}.")


def _read_retry_after(text):
    """Return the seconds a header asks to wait, at most a minute; ``None`` if none.

    >>> _read_retry_after("7"), _read_retry_after("99999"), _read_retry_after("soon")
    (7.0, 60.0, None)
    """
    if text.isdigit():
        return float(min(LONGEST_WAIT, int(text[:6])))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(LONGEST_WAIT, max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def _read_body(response):
    """Return the answer's bytes; too many, or too slow ones, are refused."""
    end, pieces, size = time.monotonic() + PATIENCE, [], 0
    for piece in _get_pieces(response):
        size += len(piece)
        if size > MOST_BYTES:
            raise LmsBroken("The answer is larger than 20 MB: ask for smaller pages.")
        if time.monotonic() > end:
            raise _Later("The answer takes too long.")
        pieces.append(piece)
    return b"".join(pieces)


def _get_pieces(response):
    """Return an iterator over what has come, without waiting for pieces to fill up.

    Who sends one byte now and then would never be noticed otherwise: no wait of its
    own is too long.
    """
    read = getattr(response.raw, "read1", None)
    if read is None:
        # urllib3 below 2 waits for whole pieces: small ones are whole soon
        return response.iter_content(1024)
    return iter(lambda: read(64 * 1024, decode_content=True) or b"", b"")
