"""What the addon asks of a learning system, whatever it speaks."""

from dataclasses import dataclass


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


class LmsApi:
    """A learning system: three questions; each kind answers those it can."""

    def list_courses(self):
        """Return ``[(activity, name)]`` of its courses; none if it cannot tell."""
        return []

    def enrol(self, activity, addresses):
        """Enrol people in a course.

        :param str activity: as :meth:`list_courses` names it
        :param list addresses: e-mail addresses
        :raise LmsBroken: if the system cannot be told
        """
        raise LmsBroken("This learning system takes no enrolments.")

    def completions(self, since=None, more="", step=0):
        """Yield a :class:`Page` after the other of what people have achieved.

        :param datetime since: in UTC, exclusive; everything if empty
        :param str more: where to go on, from an earlier page
        :param int step: with which question to go on
        :raise LmsError: at any page
        """
        raise NotImplementedError
