"""A learning record store asked over xAPI, by plain HTTP.

Record stores differ from the standard: this asks for little, believes less, and goes
nowhere but to the host it was given.
"""

import random
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from . import xapi_statement
from .lms_api import LmsApi, LmsBroken, LmsRefused, LmsUnavailable, Page
from .xapi_evidence import KINDS

#: seconds to connect, and between two pieces of an answer
TIMEOUT = (5, 30)
#: seconds one page may take with all its tries
PATIENCE = 50
TRIES, LONGEST_WAIT, MOST_REDIRECTS, MOST_PAGES = 5, 60, 3, 100_000
MOST_BYTES = 20 * 1024 * 1024
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class XapiApi(LmsApi):
    """One learning record store.

    How to use: make one for a run; iterate over :meth:`completions`, store each page
    before asking for the next. ``version`` may have changed afterwards: keep it.
    """

    def __init__(self, endpoint, user="", password="", **options):
        """Remember where to ask.

        :param str endpoint: up to and without ``/statements``
        :param options: ``version`` (sent first), ``page_size``, ``by_verb`` (ask for
            each verb apart, where the server can), ``sleep`` (seconds → None)
        """
        self.endpoint = endpoint.rstrip("/") + "/"
        self.version = options.get("version") or "1.0.3"
        self._page_size = max(1, options.get("page_size") or 500)
        self._by_verb = options.get("by_verb")
        self._sleep = options.get("sleep") or time.sleep
        self._session = requests.Session()
        # neither proxies nor ~/.netrc decide where our password goes
        self._session.trust_env = False
        if user:
            self._session.auth = (user, password or "")

    # === QUESTIONS === #

    def completions(self, since=None, more="", step=0):
        verbs = [*KINDS] if self._by_verb else [None]
        for index, verb in enumerate(verbs):
            if index < step:
                continue
            address = self._join(more) if more else self._ask(since, verb)
            more = ""
            for page in self._follow(address):
                is_last = not page.more and index == len(verbs) - 1
                yield replace(page, step=index, is_last=is_last)

    def _ask(self, since, verb):
        """Return the address of a question's first page."""
        params = {"limit": self._page_size, "ascending": "true"}
        if since:
            params["since"] = since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if verb:
            params["verb"] = verb
        address = urljoin(self.endpoint, "statements")
        return f"{address}?{urlencode(params)}"

    def _follow(self, address):
        """Yield the pages from an address on; a loop is refused."""
        seen = set()
        while address:
            if address in seen or len(seen) >= MOST_PAGES:
                raise LmsBroken("The learning record store repeats its pages.")
            seen.add(address)
            page, headers = self._read_page(address)
            statements = page.get("statements", [page] if "actor" in page else None)
            more = page.get("more") or ""
            if not isinstance(statements, list) or not isinstance(more, str):
                raise LmsBroken("The answer is no list of statements.")
            # some answer with one empty page too many, or with endless ones
            address = self._join(more) if more and statements else ""
            through = headers.get("X-Experience-API-Consistent-Through", "")
            yield Page(statements, address, through)

    def _join(self, more):
        """Return the full address of a page of the same host."""
        address = urljoin(self.endpoint, more)
        if _get_origin(address) != _get_origin(self.endpoint):
            raise LmsBroken("The learning record store sends us to another host.")
        return address

    # === HTTP === #

    def _read_page(self, address):
        """Return the JSON object at an address and the headers, with all patience."""
        end = time.monotonic() + PATIENCE
        for attempt in range(TRIES):
            try:
                return self._read_once(address)
            except _Later as later:
                wait = later.wait
                if wait is None:
                    wait = min(LONGEST_WAIT, 2**attempt) * random.uniform(0.75, 1.25)
                if attempt == TRIES - 1 or time.monotonic() + wait > end:
                    raise LmsUnavailable(str(later)) from later
                self._sleep(wait)
        raise LmsUnavailable("The learning record store does not answer.")

    def _read_once(self, address):
        try:
            response = self._request(address)
            if response.status_code == 400 and self._change_version():
                response = self._request(address)
            with response:
                _check_status(response)
                text = _read_body(response)
        except requests.RequestException as error:
            raise _Later(f"No answer: {type(error).__name__}") from error
        try:
            page = xapi_statement.read_json(text)
        except ValueError as error:
            raise LmsBroken(f"The answer is no JSON: {error}") from error
        if not isinstance(page, dict):
            raise LmsBroken("The answer is no list of statements.")
        return page, response.headers

    def _request(self, address):
        """Ask once; follow redirects within the host only."""
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._session.get(
                address,
                headers={
                    "X-Experience-API-Version": self.version,
                    "Accept": "application/json",
                },
                timeout=TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            if not response.is_redirect:
                return response
            response.close()
            address = self._join(response.headers["Location"])
        raise LmsBroken("The learning record store redirects in circles.")

    def _change_version(self):
        """Speak the other version, once; return whether it is worth asking again."""
        if self.version.startswith("2."):
            return False
        self.version = "2.0.0"
        return True


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
        raise LmsBroken(f"The learning record store answers with HTTP {status}.")


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
    for piece in response.iter_content(64 * 1024):
        size += len(piece)
        if size > MOST_BYTES:
            raise LmsBroken("The answer is larger than 20 MB: ask for smaller pages.")
        if time.monotonic() > end:
            raise _Later("The answer takes too long.")
        pieces.append(piece)
    return b"".join(pieces)
