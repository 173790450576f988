"""What the addon asks of a learning system, whatever it speaks."""

from dataclasses import dataclass, field


class LmsError(Exception):
    """A learning system did not answer as it should; the message is for the log."""


class LmsUnavailable(LmsError):
    """It is down or asks us to slow down: the next run will try again."""


class LmsRefused(LmsError):
    """It refuses our credentials: nobody but an administrator can help."""


class LmsBroken(LmsError):
    """It answers, but not what was agreed."""


@dataclass(frozen=True)
class Page:
    """One answer to a question that has several."""

    #: statements as they came, unchecked
    statements: list
    #: where the next page is; empty at the end
    more: str = ""
    #: until when (UTC) the answer is complete, as text; empty if it does not say
    through: str = ""
    #: which of several questions it answers, and whether it is the last page of all
    step: int = 0
    is_last: bool = True


@dataclass(frozen=True)
class Learner:
    """Somebody of ours whom a learning system is asked about."""

    #: id of the contact; people are asked about in its order
    person: int
    #: how the system finds them: ``id``, ``email`` or ``idnumber``, and the value
    by: str
    value: str
    #: by which name we know them there (xAPI actor)
    actor: dict = field(compare=False)


@dataclass(frozen=True)
class PeoplePage(Page):
    """An answer of a system that is asked person by person."""

    #: what is done there now: ``{account: (contact id, [what])}``
    accounts: dict = field(default_factory=dict)
    #: number of people asked about, and what went wrong with some of them
    people: int = 0
    objections: tuple = ()
    #: courses (activities) that cannot tell who is done, and those that can
    mute: frozenset = frozenset()
    telling: frozenset = frozenset()


class Findings:
    """What is being found out about the people of a page."""

    def __init__(self):
        self.statements, self.accounts, self.objections = [], {}, []
        self.mute, self.telling = set(), set()

    def get_fields(self, people):
        """Return the fields of a :class:`PeoplePage` about so many people."""
        return {
            "statements": self.statements,
            "accounts": self.accounts,
            "people": people,
            "objections": tuple(self.objections),
            "mute": frozenset(self.mute),
            "telling": frozenset(self.telling),
        }


class LmsApi:
    """A learning system: three questions; each kind answers those it can."""

    def list_courses(self):
        """Return ``[(activity, name)]`` of its courses; none if it cannot tell."""
        return []

    def enrol(self, activity, learners):
        """Enrol people in a course; again does no harm.

        :param str activity: as :meth:`list_courses` names it
        :param list learners: of :class:`Learner`
        :return: those of them the system knows, and has enrolled
        :raise LmsBroken: if the system cannot be told
        """
        raise LmsBroken("This learning system takes no enrolments.")

    def get_oldest(self):
        """Return when its history begins, UTC; ``None`` if it cannot tell by months.

        Whoever returns a moment takes ``until`` in :meth:`completions`.
        """
        return

    def completions(self, since=None, more="", step=0, until=None):
        """Yield a :class:`Page` after the other of what people have achieved.

        :param datetime since: in UTC, exclusive; everything if empty
        :param str more: where to go on, from an earlier page
        :param int step: with which question to go on
        :param datetime until: in UTC, inclusive; to the present if empty
        :raise LmsError: at any page
        """
        raise NotImplementedError
