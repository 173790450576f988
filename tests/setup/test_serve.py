"""Ctrl-C ends the demo's server and what it started, and nothing else."""

import signal
import socket
import subprocess

from channel_setup.process import wait_until

from .test_locks import find_children, is_alive

# A server in Odoo's place: answers every page, and has a child of its own.
SERVER = """
import http.server, subprocess, sys
port = next(int(a.split("=")[1]) for a in sys.argv if a.startswith("--http-port="))
subprocess.Popen(["sleep", "1000"])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
SERVE = """
import os
from channel_setup import demo
from channel_setup.browser import Programs
from channel_setup.paths import Paths
class Postgres:
    def query(self, database, *statements):
        return [["channel.manager", "Olena", "Vendor"]]
class Workspace:
    paths = Paths()
    odoo = paths.bin / "odoo"
    postgres = Postgres()
    programs = Programs(paths, False)
    def environment(self):
        return dict(os.environ)
return demo.serve(Workspace(), demo.parse(["--port", "{port}"]))
"""


def find_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_server(scene, script):
    program = scene.state / "bin" / "odoo"
    program.parent.mkdir(parents=True)
    (scene.state / "log").mkdir()
    body = scene.folder / "server.py"
    body.write_text(script)
    program.write_text(f'#!/bin/sh\nexec python3 {body} "$@"\n')
    program.chmod(0o755)


def test_ctrl_c_ends_the_server_and_its_children_and_nothing_else(scene):
    write_server(scene, SERVER)
    bystander = subprocess.Popen(["sleep", "1000"])
    run = scene.start_python(SERVE.format(port=find_port()))
    lines = []
    while not any("Ctrl-C" in line for line in lines):
        line = run.stdout.readline()
        assert line, "".join(lines)
        lines.append(line)
    assert any("channel.manager  partner" in line for line in lines)
    children = find_children(run.pid)
    assert len(children) == 2
    run.send_signal(signal.SIGINT)
    assert run.wait(20) == 0
    assert wait_until(lambda: not any(map(is_alive, children)), 5)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_server_that_does_not_start_is_told_with_its_log(scene):
    write_server(scene, "raise SystemExit(3)")
    done = scene.run_python(SERVE.format(port=find_port()))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Odoo did not start" in done.stderr
    assert "demo.log" in done.stderr
