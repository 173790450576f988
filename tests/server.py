"""A real server of several processes, and people who are logged in to it."""

import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import requests

import odoo.http
from odoo import api
from odoo.service import security
from odoo.tools import config

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_TIMEOUT = 180


def _find_ports(count):
    """Return ports nobody listens on."""
    places = [socket.socket() for _number in range(count)]
    for place in places:
        place.bind(("127.0.0.1", 0))
    ports = [place.getsockname()[1] for place in places]
    for place in places:
        place.close()
    return ports


@contextmanager
def serving(database, log, workers):
    """Run a server of one database; yield its address.

    :param str database: its name
    :param Path log: file of what the server says
    :param int workers: how many processes answer
    """
    port, gevent_port = _find_ports(2)
    # a file of its own: the server starts it again for its long-polling process
    script = log.with_name("serve.py")
    script.write_text("import odoo.cli\n\nodoo.cli.main()\n")
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                str(script),
                "server",
                f"--database={database}",
                f"--db-filter=^{re.escape(database)}$",
                "--http-interface=127.0.0.1",
                f"--http-port={port}",
                f"--gevent-port={gevent_port}",
                f"--workers={workers}",
                "--max-cron-threads=0",
                "--log-level=info",
                f"--data-dir={config['data_dir']}",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server, log)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(30)


def _wait_for(url, server, log):
    for _try in range(240):
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            if requests.get(f"{url}/web/health", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.5)
    raise AssertionError(f"no server: {log.read_text()[-2000:]}")


class Person:
    """Somebody's browser: a session of the real server."""

    def __init__(self, url, registry, user_id):
        self.url = url
        self.browser = requests.Session()
        self.browser.cookies.set("session_id", _log_in(registry, user_id))

    def get_token(self, path):
        """Open a page with a form; return the form's token against forgery."""
        page = self.browser.get(f"{self.url}{path}", timeout=_TIMEOUT)
        assert page.status_code == 200, page.status_code
        return _TOKEN.search(page.text)[1]

    def send(self, path, **values):
        """Send a form, not following where it leads."""
        return self.browser.post(
            f"{self.url}{path}", data=values, allow_redirects=False, timeout=_TIMEOUT
        )

    def press(self, lead_id, button):
        """Press a button on a lead; return the answer, an error has ``error``."""
        path = f"/web/dataset/call_button/crm.lead/{button}"
        params = {"model": "crm.lead", "method": button, "args": [[lead_id]]}
        answer = self.browser.post(
            f"{self.url}{path}",
            json={"jsonrpc": "2.0", "params": {**params, "kwargs": {}}},
            timeout=_TIMEOUT,
        )
        assert answer.status_code == 200, answer.status_code
        return answer.json()


def _log_in(registry, user_id):
    """Return the id of a session, as a log-in leaves it in the server's folder."""
    store = odoo.http.root.session_store
    session = store.new()
    session.update(odoo.http.get_default_session(), db=registry.db_name)
    with registry.cursor() as cr:
        env = api.Environment(cr, user_id, {})
        session.uid, session.login = user_id, env.user.login
        session.session_token = security.compute_session_token(session, env)
        session.context = dict(env["res.users"].context_get())
    store.save(session)
    return session.sid


def all_at_once(deeds):
    """Do things at the same moment, a thread each; return their results in order."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def work(number, deed):
        start.wait(60)
        results[number] = deed()

    threads = [threading.Thread(target=work, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_TIMEOUT)
    return results
