"""Whose account is whose: finding people in a Moodle, and never a stranger."""

from itertools import chain

from .moodle_client import MoodleClient, MoodleError
from .moodle_format import is_record

#: values of one look-up; PHP takes no more than 1000 fields of a form
MOST_VALUES = 500


class MoodleAccounts(MoodleClient):
    """Finds accounts of people by what is known of them."""

    def __init__(self, site, token, sleep=None, get_tied=None):
        """Remember where and how to ask.

        :param get_tied: function of a list of accounts, also as ``idnumber:…``, that
            returns the set of those tied to somebody by hand
        """
        super().__init__(site, token, sleep)
        self._get_tied = get_tied
        #: by which names accounts may be tied by hand: ``{number: [name]}``
        self._names = {}

    def _find_accounts(self, learners):
        """Return ``{learner: account number}`` of those Moodle knows beyond doubt."""
        found = {
            learner: int(learner.value)
            for learner in learners
            if learner.by == "id" and learner.value.isdigit()
        }
        # a tie made by hand goes before the login
        for name in ("idnumber", "email"):
            asked = [learner for learner in learners if learner.by == name]
            values = {learner.value for learner in asked}
            # Moodle's database may tell capital letters from small ones
            values |= {value.lower() for value in values if name == "email"}
            values, accounts = sorted(values), {}
            for start in range(0, len(values), MOST_VALUES):
                part = self._look_up(name, values[start : start + MOST_VALUES])
                for value, numbers in part.items():
                    accounts.setdefault(value, set()).update(numbers)
            for learner in asked:
                numbers = accounts.get(learner.value.lower(), ())
                if len(numbers) == 1:
                    [found[learner]] = numbers
        return found

    def _choose_accounts(self, learners):
        """Return ``{learner: account number}``, one a person.

        Whoever has several accounts, or only one that is tied to somebody else, is
        left out: it takes a human to say which is theirs.
        """
        found = self._find_accounts(learners)
        names = {one: self._names.get(one, [str(one)]) for one in found.values()}
        taken = self._get_tied(sorted(chain(*names.values())))
        ties, logins = {}, {}
        for learner, account in found.items():
            if "account" in learner.actor:
                ties.setdefault(learner.person, {}).setdefault(account, learner)
            elif not taken.intersection(names[account]):
                logins.setdefault(learner.person, {}).setdefault(account, learner)
        # a tie made by hand goes before the login
        theirs = logins | ties
        return {
            learner: account
            for accounts in theirs.values()
            for account, learner in accounts.items()
            if len(accounts) == 1
        }

    def _look_up(self, name, values):
        """Return ``{value in lower case: [account numbers]}``.

        :raise MoodleError: if Moodle hides whether an account is confirmed
        """
        answer = self._call("core_user_get_users_by_field", field=name, values=values)
        accounts = {}
        for user in self._expect(answer, list):
            value = user.get(name) if is_record(user) else None
            if isinstance(value, str) and "confirmed" not in user:
                raise MoodleError(
                    "nopermissions",
                    "The token's user may not see whether accounts are confirmed: it "
                    "needs moodle/user:viewalldetails.",
                )
            # an address nobody has confirmed is nobody's
            if isinstance(value, str) and user["confirmed"] is True:
                accounts.setdefault(value.lower(), []).append(user["id"])
                names = [str(user["id"]), f"idnumber:{user.get('idnumber') or ''}"]
                self._names[user["id"]] = names
        return accounts
