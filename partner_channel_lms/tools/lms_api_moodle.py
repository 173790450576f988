"""Moodle asked over its own web services (REST).

Errors are answers like any other (HTTP 200), nothing is "changed since": each person is
asked about, and dates and grades only of what is newly done. What is done becomes xAPI
statements with ids that are always the same for the same fact.
"""

from itertools import chain

from .lms_api import Findings, LmsBroken, PeoplePage
from .moodle_accounts import MoodleAccounts
from .moodle_client import MoodleError
from .moodle_format import (
    BADGE_TYPE,
    COURSE_TYPE,
    is_epoch,
    is_record,
    read_epoch,
    read_grade,
    read_list,
    read_name,
    say,
)

#: people in a row who cannot be read before the system counts as broken
MOST_BROKEN = 5
#: a course's criterion of completion that asks for a grade
GRADE_CRITERION = 6
AGGREGATION_ANY = 2
LEARNER_ROLE = 5
NEEDED = (
    "core_webservice_get_site_info",
    "core_course_get_courses_by_field",
    "core_user_get_users_by_field",
    "core_enrol_get_users_courses",
    "core_completion_get_course_completion_status",
    "gradereport_overview_get_course_grades",
)
ENROL, BADGES = "enrol_manual_enrol_users", "core_badges_get_user_badges"


class MoodleApi(MoodleAccounts):
    """One Moodle.

    How to use: make one for a run, with a function that returns the next people and
    one that says what was done before; iterate over :meth:`completions`.
    """

    def __init__(self, site, token, **options):
        """Remember where and how to ask.

        :param str site: address of the front page
        :param options: ``get_learners`` (contact id → list of the next ``Learner``, the
            last contact id among them, and whether nobody is left),
            ``get_tied`` (list of accounts as below → set of those tied by hand),
            ``get_known`` (list of accounts, also as ``idnumber:…`` → ``{account: set of
            what is done}`` and the set of those tied by hand), ``home`` (home page of
            accounts, the site's if empty), ``badges`` (whether to ask for them),
            ``namespace`` (text that tells this Moodle from others), ``role`` (number
            of the role of learners), ``sleep``
        """
        super().__init__(
            site, token, options.get("sleep"), get_tied=options.get("get_tied")
        )
        self._get_learners = options.get("get_learners")
        self._get_known = options.get("get_known")
        self._home = (options.get("home") or site).rstrip("/")
        self._with_badges = options.get("badges")
        self._namespace = options.get("namespace") or ""
        self._role = options.get("role") or LEARNER_ROLE
        #: courses that cannot tell who is done; asked once a run
        self._mute = set()
        #: courses whose completion the token's user may not see; named once a run
        self._closed = set()

    # === QUESTIONS === #

    def check(self):
        """Return the name and version of the site, and functions that are missing.

        :return: ``(name, release, [function])``
        """
        info = self._expect(self._call(NEEDED[0]), dict)
        offered = {
            function.get("name")
            for function in read_list(info.get("functions"))
            if isinstance(function, dict)
        }
        wanted = [*NEEDED, ENROL, *([BADGES] if self._with_badges else [])]
        missing = [name for name in wanted if name not in offered]
        return str(info.get("sitename")), str(info.get("release")), missing

    def list_courses(self):
        answer = self._expect(self._call("core_course_get_courses_by_field"), dict)
        return [
            (self._get_activity(course["id"]), read_name(course.get("fullname")))
            for course in read_list(answer.get("courses"))
            # the front page is course 1
            if is_record(course) and course["id"] != 1
        ]

    def enrol(self, activity, learners):
        course = activity.rpartition("/course/view.php?id=")[2]
        if not course.isdigit():
            raise LmsBroken("This is no course of a Moodle.")
        chosen = self._choose_accounts(learners)
        if chosen:
            enrolments = [
                {"roleid": self._role, "userid": account, "courseid": course}
                for account in chosen.values()
            ]
            self._call(ENROL, enrolments=enrolments)
        return list(chosen)

    def completions(self, since=None, more="", step=0):
        is_last = False
        while not is_last:
            learners, last, is_last = self._get_learners(int(more or 0))
            more = str(last)
            yield PeoplePage(more=more, is_last=is_last, **self._read_people(learners))

    # === PEOPLE === #

    def _read_people(self, learners):
        """Return what there is about these people, as fields of a page."""
        accounts = self._find_accounts(learners)
        names = {one: self._names.get(one, [str(one)]) for one in accounts.values()}
        done, tied = self._get_known(sorted(chain(*names.values())))
        page, broken, seen = Findings(), 0, set()
        for learner, account in accounts.items():
            is_tied = "account" in learner.actor
            if account in seen or (tied.intersection(names[account]) and not is_tied):
                continue
            seen.add(account)
            try:
                self._read_person(page, learner, account, done.get(str(account), set()))
                broken = 0
            except MoodleError as error:
                page.objections.append(f"{learner.value}: {error}")
            except LmsBroken as error:
                broken += 1
                if broken >= MOST_BROKEN:
                    raise
                page.objections.append(f"{learner.value}: {error}")
        return page.get_fields(len({learner.person for learner in learners}))

    def _read_person(self, page, learner, account, before):
        courses = self._expect(
            self._call("core_enrol_get_users_courses", userid=account), list
        )
        courses = [course for course in courses if is_record(course)]
        self._note_closed(page, courses)
        done = {
            f"course/{course['id']}": course
            for course in courses
            if course.get("completed") is True
        }
        statements = self._read_completions(page, learner, account, done, before)
        if self._with_badges:
            statements |= self._read_badges(learner, account)
        for what, said in statements.items():
            if what not in before:
                page.statements += said
        # what could not be read is asked for again the next time
        kept = {what for what in done if what in before} | statements.keys()
        page.accounts[str(account)] = learner.person, sorted(kept)

    def _note_closed(self, page, courses):
        """Object to courses where Moodle keeps from us who is done, once a run.

        It does not say no, it only leaves out the answer.
        """
        for course in courses:
            is_hidden = course.get("enablecompletion") and "completed" in course
            if is_hidden and course["completed"] is None:
                if course["id"] not in self._closed:
                    page.objections.append(
                        f"course {course['id']}: the token's user may not see who is "
                        "done: it needs report/completion:view."
                    )
                self._closed.add(course["id"])

    # === COURSES === #

    def _read_completions(self, page, learner, account, done, before):
        """Return ``{what: statements}`` of courses that are newly done."""
        fresh = [
            course
            for what, course in done.items()
            if what not in before and course["id"] not in self._mute
        ]
        scores, statements = {}, {}
        try:
            scores = self._read_scores(account) if fresh else {}
        except MoodleError as error:
            # a grade nobody may see does not hide that a course is done
            page.objections.append(f"{learner.value}: {error}")
        for course in fresh:
            number = course["id"]
            target = (
                self._get_activity(number),
                COURSE_TYPE,
                read_name(course.get("fullname")),
            )
            try:
                moment, verbs = self._read_status(number, account)
            except MoodleError as error:
                if error.code == "nocriteriaset":
                    self._mute.add(number)
                    page.mute.add(target[0])
                else:
                    page.objections.append(f"{learner.value}: {error}")
                continue
            page.telling.add(target[0])
            result = {"completion": True}
            if number in scores:
                result["score"] = {"scaled": scores[number]}
            statements[f"course/{number}"] = [
                self._say(learner, account, verb, target, moment, result)
                for verb in verbs
            ]
        return statements

    def _read_status(self, course, account):
        """Return when somebody was done with a course, and what that proves.

        A grade among what was asked for is a mark that was passed.
        """
        answer = self._expect(
            self._call(NEEDED[4], courseid=course, userid=account), dict
        )
        status = self._expect(answer.get("completionstatus"), dict)
        met = [
            criterion
            for criterion in read_list(status.get("completions"))
            if isinstance(criterion, dict)
            and criterion.get("complete") is True
            and is_epoch(criterion.get("timecompleted"))
        ]
        if not met:
            raise MoodleError("notime", f"Course {course} is done, no day is given.")
        times = [criterion["timecompleted"] for criterion in met]
        is_any = status.get("aggregation") == AGGREGATION_ANY
        is_graded = any(criterion.get("type") == GRADE_CRITERION for criterion in met)
        verbs = ("completed", "passed") if is_graded else ("completed",)
        return read_epoch(min(times) if is_any else max(times)), verbs

    def _read_scores(self, account):
        """Return ``{course number: grade between 0 and 1}``."""
        scores = {}
        answer = self._expect(self._call(NEEDED[5], userid=account), dict)
        for grade in read_list(answer.get("grades")):
            if isinstance(grade, dict):
                score = read_grade(grade.get("grade"), grade.get("rawgrade"))
                if score is not None:
                    scores[grade.get("courseid")] = score
        return scores

    # === BADGES === #

    def _read_badges(self, learner, account):
        """Return ``{what: statements}`` of all badges somebody holds."""
        answer = self._expect(self._call(BADGES, userid=account), dict)
        statements = {}
        for badge in read_list(answer.get("badges")):
            if not is_record(badge) or not is_epoch(badge.get("dateissued")):
                continue
            activity = f"{self._home}/badges/overview.php?id={badge['id']}"
            target = activity, BADGE_TYPE, badge.get("name")
            moment = read_epoch(badge["dateissued"])
            statements[f"badge/{badge['id']}"] = [
                self._say(learner, account, "completed", target, moment)
            ]
        return statements

    def _get_activity(self, course):
        """Return the address of a course, as Moodle's own xAPI plugin names it."""
        return f"{self._home}/course/view.php?id={course}"

    def _say(self, learner, account, *facts):
        """Return a statement about somebody."""
        return say(f"{self._namespace}/{account}", learner.actor, *facts)
