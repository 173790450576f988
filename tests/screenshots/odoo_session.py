"""Sessions and look-ups on a running Odoo, by its own HTTP interface."""

import json
import urllib.request


class OdooSession:
    """A logged-in user.

    :param str url: address of the server
    :param str database: its database
    :param str login: who
    :param str password: and the word
    """

    def __init__(self, url, database, login, password):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.session = None
        self._post(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def _post(self, path, params):
        headers = {"Content-Type": "application/json"}
        if self.session:
            headers["Cookie"] = f"session_id={self.session}"
        body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
        request = urllib.request.Request(self.url + path, body, headers)
        with self.opener.open(request, timeout=60) as answer:
            cookies = answer.headers.get_all("Set-Cookie") or []
            content = json.load(answer)
        if "error" in content:
            raise RuntimeError(content["error"]["data"]["message"])
        for cookie in cookies:
            name, _, value = cookie.split(";")[0].partition("=")
            if name == "session_id":
                self.session = value
        return content["result"]

    def find(self, model, *domain):
        """Return the id of the first record.

        :param str model: e.g. ``crm.lead``
        :param domain: conditions, all of which hold; archived records count
        """
        ids = self._post(
            f"/web/dataset/call_kw/{model}/search",
            {
                "model": model,
                "method": "search",
                "args": [[list(term) for term in domain]],
                "kwargs": {"limit": 1, "context": {"active_test": False}},
            },
        )
        if not ids:
            raise LookupError(f"No {model} with {domain}")
        return ids[0]
