"""A learning record store asked over xAPI, by plain HTTP.

Record stores differ from the standard: this asks for little and believes less.
"""

from dataclasses import replace
from urllib.parse import urlencode, urljoin

from .lms_api import LmsBroken, Page
from .lms_http import HttpLmsApi
from .xapi_evidence import KINDS
from .xapi_format import read_moment

MOST_PAGES = 100_000


class XapiApi(HttpLmsApi):
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
        auth = (user, password or "") if user else None
        super().__init__(endpoint, auth, options.get("sleep"))
        self.version = self._first = options.get("version") or "1.0.3"
        self._page_size = max(1, options.get("page_size") or 500)
        self._by_verb = options.get("by_verb")

    # === QUESTIONS === #

    def get_oldest(self):
        params = {"limit": 1, "ascending": "true"}
        page, _headers = self._read(self._get_address(params))
        found, _more = _read_list(page)
        if not found or not isinstance(found[0], dict):
            return None
        try:
            return read_moment(found[0].get("stored"))
        except ValueError:
            return None

    def completions(self, since=None, more="", step=0, until=None):
        verbs = [*KINDS] if self._by_verb else [None]
        for index, verb in enumerate(verbs):
            if index < step:
                continue
            address = self._join(more) if more else self._ask(since, until, verb)
            more = ""
            for page in self._follow(address):
                is_last = not page.more and index == len(verbs) - 1
                yield replace(page, step=index, is_last=is_last)

    def _ask(self, since, until, verb):
        """Return the address of a question's first page."""
        params = {"limit": self._page_size, "ascending": "true"}
        for name, moment in (("since", since), ("until", until)):
            if moment:
                params[name] = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if verb:
            params["verb"] = verb
        return self._get_address(params)

    def _get_address(self, params):
        address = urljoin(self.endpoint, "statements")
        return f"{address}?{urlencode(params)}"

    def _follow(self, address):
        """Yield the pages from an address on; a loop is refused."""
        seen = set()
        while address:
            if address in seen or len(seen) >= MOST_PAGES:
                raise LmsBroken("The learning record store repeats its pages.")
            seen.add(address)
            page, headers = self._read(address)
            statements, more = _read_list(page)
            # some answer with one empty page too many, or with endless ones
            address = self._join(more) if more and statements else ""
            through = headers.get("X-Experience-API-Consistent-Through", "")
            yield Page(statements, address, through)

    # === VERSIONS === #

    def _get_headers(self):
        return {**super()._get_headers(), "X-Experience-API-Version": self.version}

    def _is_worth_again(self, response):
        """Speak the other version, once."""
        if self.version.startswith("2."):
            return False
        self._first, self.version = self.version, "2.0.0"
        return True

    def _note_second(self, response):
        """Keep to the first version unless the other one was the remedy.

        A question may be bad in both, and there is no way back from the other.
        """
        if response.status_code != 200:
            self.version = self._first


def _read_list(page):
    """Return the statements of an answer and where the next ones are."""
    page = page if isinstance(page, dict) else {}
    statements = page.get("statements", [page] if "actor" in page else None)
    more = page.get("more") or ""
    if not isinstance(statements, list) or not isinstance(more, str):
        raise LmsBroken("The answer is no list of statements.")
    return statements, more
