"""A small learning record store over real HTTP, with the faults real ones have."""

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class LrsStandIn:
    """Serves ``statements``, in pages, on loopback.

    ``faults`` are answers given before any other, in turn:
    ``(status, headers, body bytes)``, ``None`` for the right one, ``"silent"`` for
    none at all, ``"drip"`` for one that never ends. ``asked`` are the addresses asked
    for.
    """

    def __init__(self):
        self.statements, self.faults, self.asked, self.versions = [], [], [], []
        self.through, self.only_version, self.more = "", "", None
        self.extra_empty_page = False
        self._closed = threading.Event()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                stand_in.answer(self)

            def log_message(self, *args):
                """Keep the log clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/xapi"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop serving."""
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler):
        """Answer one request."""
        self.asked.append(handler.path)
        version = handler.headers.get("X-Experience-API-Version", "")
        self.versions.append(version)
        fault = self.faults.pop(0) if self.faults else None
        if fault == "silent":
            self._closed.wait(30)
            return
        if fault == "drip":
            self._drip(handler)
            return
        if fault:
            self._send(handler, *fault)
            return
        if self.only_version and version != self.only_version:
            self._send(handler, 400, {}, b"{}")
            return
        if handler.headers.get("Authorization") != "Basic b2RvbzpzZWNyZXQ=":
            self._send(handler, 401, {}, b"{}")
            return
        query = parse_qs(urlsplit(handler.path).query)
        headers = {}
        if self.through:
            headers["X-Experience-API-Consistent-Through"] = self.through
        self._send(handler, 200, headers, json.dumps(self._page(query)).encode())

    def _drip(self, handler):
        """Send a piece now and then, for half a minute at most."""
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        with suppress(OSError):
            for _piece in range(300):
                handler.wfile.write(b" ")
                if self._closed.wait(0.1):
                    return

    def _page(self, query):
        since, until, verb = (
            query.get(name, [""])[0] for name in ("since", "until", "verb")
        )
        limit, start = int(query["limit"][0]), int(query.get("start", ["0"])[0])
        found = [
            statement
            for statement in self.statements
            if since < statement["stored"] <= (until or "9")
            and (not verb or statement["verb"]["id"] == verb)
        ]
        end = start + limit
        is_last = end > len(found) if self.extra_empty_page else end >= len(found)
        page = {"statements": found[start:end], "more": ""}
        if not is_last:
            page["more"] = (
                f"/xapi/statements?limit={limit}&start={end}&since={since}"
                f"&until={until}&verb={verb}"
            )
        if self.more is not None:
            page["more"] = self.more
        return page

    def _send(self, handler, status, headers, body):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
