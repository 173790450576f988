"""A small Moodle over real HTTP: its web services' shapes, errors and faults.

The shapes are those of a Moodle 5.1 on PostgreSQL that was asked with the same calls.
"""

import html
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

TOKEN = "moodle-secret-token"
PATH = "/webservice/rest/server.php"
FUNCTIONS = (
    "core_webservice_get_site_info",
    "core_course_get_courses_by_field",
    "core_user_get_users_by_field",
    "core_enrol_get_users_courses",
    "core_completion_get_course_completion_status",
    "gradereport_overview_get_course_grades",
    "core_badges_get_user_badges",
    "enrol_manual_enrol_users",
)
GRADE, ACTIVITY = 6, 4


class MoodleStandIn:
    """Serves users, courses and what is done, on loopback.

    ``faults`` are answers given before any other to the function they name, in turn:
    ``(function, status, headers, body)``; a body ``None`` keeps silent for a moment.
    ``asked`` are the calls, ``lines`` the request lines. What the token's user may not
    see, ``sees_details`` and ``sees_completion``, is left out without a word.
    ``is_exact`` tells capital letters from small ones, as PostgreSQL does and MariaDB
    does not.
    """

    def __init__(self):
        self.users, self.courses, self.done = {}, {}, {}
        self.grades, self.badges, self.enrolled = {}, {}, []
        self.without_criteria, self.functions = set(), list(FUNCTIONS)
        self.untracked, self.refusal = set(), None
        self.sees_details = self.sees_completion = self.is_exact = True
        self.faults, self.asked, self.lines = [], [], []
        self.on_call = None
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                stand_in.answer(self)

            def do_POST(self):
                stand_in.answer(self)

            def log_message(self, *args):
                """Keep the log clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/moodle"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    # === CONTENT === #

    def add_user(self, number, mail, **values):
        """Add an account."""
        user = {"id": number, "username": f"u{number}", "email": mail, "idnumber": ""}
        self.users[number] = {**user, "confirmed": True, "suspended": False, **values}

    def add_course(self, number, name):
        """Add a course; Moodle gives its name as HTML."""
        name = html.escape(name, quote=False)
        self.courses[number] = {"id": number, "fullname": name, "shortname": name}

    def finish(self, user, course, moment, grade=None, kinds=(GRADE,), aggregation=1):
        """Let somebody be done with a course.

        :param moment: Unix time, or several of them, one for each criterion
        :param str grade: as Moodle shows it
        """
        moments = moment if isinstance(moment, tuple) else (moment,) * len(kinds)
        self.done[user, course] = {
            "completed": True,
            "aggregation": aggregation,
            "completions": [
                {
                    "type": kind,
                    "title": "Criterion",
                    "status": "Yes",
                    "complete": True,
                    "timecompleted": at,
                    "details": {"criteria": "", "requirement": "", "status": ""},
                }
                for kind, at in zip(kinds, moments, strict=True)
            ],
        }
        if grade is not None:
            self.grades[user, course] = grade

    def count(self, function):
        """Return how often a function was called."""
        return sum(1 for name, _arguments in self.asked if name == function)

    # === ANSWERS === #

    def answer(self, handler):
        """Answer one request."""
        length = int(handler.headers.get("Content-Length") or 0)
        form = dict(parse_qsl(handler.rfile.read(length).decode()))
        self.lines.append(handler.requestline)
        function = form.get("wsfunction", "")
        arguments = _unflatten(form)
        self.asked.append((function, arguments))
        if self.on_call:
            self.on_call(function)
        for fault in self.faults:
            if fault[0] in ("", function):
                self.faults.remove(fault)
                self._send(handler, *fault[1:])
                return
        if handler.command != "POST" or not handler.path.endswith(PATH):
            self._send(handler, 404, {}, b"<html>Not found</html>")
            return
        value = self._get_value(function, form, arguments)
        self._send(handler, 200, {}, json.dumps(value).encode())

    def _get_value(self, function, form, arguments):
        if form.get("wstoken") != TOKEN:
            return _error("invalidtoken", "Invalid token - token not found")
        if self.refusal:
            return _error(self.refusal, "Refused web service access")
        if form.get("moodlewsrestformat") != "json" or function not in self.functions:
            return _error("accessexception", "Access control exception")
        return getattr(self, f"_{function}")(arguments)

    def _send(self, handler, status, headers, body):
        if body is None:
            time.sleep(1)
            return
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    # === FUNCTIONS === #

    def _core_webservice_get_site_info(self, _arguments):
        functions = [{"name": name, "version": "1"} for name in self.functions]
        return {
            "sitename": "Stand-in",
            "release": "5.1 (Build: 20251006)",
            "functions": functions,
        }

    def _core_course_get_courses_by_field(self, _arguments):
        site = {"id": 1, "fullname": "Front page", "shortname": "front"}
        return {"courses": [site, *self.courses.values()], "warnings": []}

    def _core_user_get_users_by_field(self, arguments):
        name, values = arguments["field"], arguments["values"]
        spell = str if self.is_exact else str.lower
        wanted = set(map(spell, values))
        found = [one for one in self.users.values() if spell(one[name]) in wanted]
        return [self._show_user(one) for one in found]

    def _show_user(self, user):
        hidden = () if self.sees_details else ("username", "idnumber", "confirmed")
        shown = {name: value for name, value in user.items() if name not in hidden}
        if not shown.get("idnumber"):
            shown.pop("idnumber", None)
        return shown

    def _core_enrol_get_users_courses(self, arguments):
        user = int(arguments["userid"])
        if user not in self.users:
            return []
        return [self._show_course(user, number) for number in self.courses]

    def _show_course(self, user, number):
        is_done = (user, number) in self.done
        return {
            **self.courses[number],
            "enablecompletion": True,
            "completed": is_done if self.sees_completion else None,
            "progress": 100 if is_done and self.sees_completion else None,
        }

    def _core_completion_get_course_completion_status(self, arguments):
        user, course = int(arguments["userid"]), int(arguments["courseid"])
        if user not in self.users:
            return _error("invalidrecordunknown", "Can't find data record in database.")
        if (user, course) in self.untracked:
            return _error("usernotenroled", "User is not enrolled in this course")
        if course in self.without_criteria:
            return _error("nocriteriaset", "No completion criteria set")
        return {"completionstatus": self.done[user, course], "warnings": []}

    def _gradereport_overview_get_course_grades(self, arguments):
        user = int(arguments["userid"])
        return {
            "grades": [
                {
                    "courseid": course,
                    "grade": self.grades.get((user, course), "-"),
                    "rawgrade": None,
                }
                for course in self.courses
            ],
            "warnings": [],
        }

    def _core_badges_get_user_badges(self, arguments):
        user = int(arguments["userid"])
        return {"badges": self.badges.get(user, []), "warnings": []}

    def _enrol_manual_enrol_users(self, arguments):
        for one in arguments["enrolments"]:
            user = self.users.get(int(one["userid"]))
            if int(one["courseid"]) not in self.courses:
                return _error("invalidparameter", "Invalid parameter value detected")
            if not user:
                return _error("invalidrecordunknown", "Can't find data record")
            if not user["confirmed"]:
                return _error("usernotconfirmed", "error/usernotconfirmed")
        # all or nobody: Moodle takes them back when one is refused
        self.enrolled += arguments["enrolments"]
        return None


def _error(code, message):
    return {
        "exception": "core\\exception\\moodle_exception",
        "errorcode": code,
        "message": f"{message} {TOKEN}",
    }


def _unflatten(form):
    """Return arguments from PHP's way of writing them.

    >>> _unflatten({"a": "1", "values[0]": "x", "list[0][id]": "7"})
    {'a': '1', 'values': ['x'], 'list': [{'id': '7'}]}
    """
    tree = {}
    for name, value in form.items():
        path = re.findall(r"[^\[\]]+", name)
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return {name: _get_lists(value) for name, value in tree.items()}


def _get_lists(value):
    if not isinstance(value, dict):
        return value
    if all(key.isdigit() for key in value):
        return [_get_lists(item) for item in value.values()]
    return {key: _get_lists(item) for key, item in value.items()}
