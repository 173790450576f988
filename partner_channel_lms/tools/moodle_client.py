"""Calls of Moodle's web services (REST), and its way of saying no."""

from urllib.parse import urljoin

from .lms_api import LmsBroken, LmsRefused, LmsUnavailable
from .lms_http import HttpLmsApi
from .moodle_format import flatten

#: the token, its user or the service: Moodle says so before it calls a function
_REFUSED = {
    "invalidtoken",
    "accessexception",
    "wsaccessuserdeleted",
    "wsaccessuserexpired",
    "wsaccessusernologin",
    "wsaccessusersuspended",
    "wsaccessuserunconfirmed",
}
#: said with HTTP 200 like everything else
_LATER = {"sitemaintenance", "upgraderunning", "dbconnectionfailed"}


class MoodleError(LmsBroken):
    """Moodle's own word for what went wrong with one call: ``code``."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class MoodleClient(HttpLmsApi):
    """Calls functions of one Moodle; its errors are answers like any other."""

    def __init__(self, site, token, sleep=None):
        """Remember where to ask, and with which token.

        :param str site: address of the front page
        """
        super().__init__(site, sleep=sleep)
        self._token = token or ""

    def _call(self, function, **arguments):
        """Call a function; the token goes in the body, never in an address.

        :return: the JSON value, ``None`` where a function returns nothing
        :raise LmsRefused: if the token is not taken
        :raise MoodleError: with Moodle's own code
        """
        address = urljoin(self.endpoint, "webservice/rest/server.php")
        form = {
            "wstoken": self._token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **flatten(arguments),
        }
        value, _headers = self._read(address, form)
        if isinstance(value, dict) and ("exception" in value or "errorcode" in value):
            self._refuse(function, value)
        return value

    def _refuse(self, function, value):
        code = str(value.get("errorcode") or value.get("exception"))[:100]
        text = f"{function}: {code}: {str(value.get('message') or '')[:200]}"
        text = text.replace(self._token, "***") if self._token else text
        if code in _REFUSED:
            raise LmsRefused(text)
        if code in _LATER:
            raise LmsUnavailable(text)
        raise MoodleError(code, text)

    @staticmethod
    def _expect(value, kind):
        """Return a value, if it is of the kind that was agreed."""
        if not isinstance(value, kind):
            raise LmsBroken("Moodle answers, but not what its documentation says.")
        return value
