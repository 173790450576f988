from odoo import models
from odoo.fields import Domain

from ..tools.lms_api import Learner
from ..tools.moodle_format import make_actor

#: people who may be asked for at once
_MOST = 50


class LmsProviderPeopleMixin(models.AbstractModel):
    """Whom to ask a learning system about that cannot say who has news.

    People tied by hand, and portal users of partners by their login; never the e-mail
    of a contact, which partners may write themselves.
    """

    _name = "lms.provider.people.mixin"
    _description = "Learning System: People"

    def _get_people_size(self):
        """Return how many people are asked about before anything is stored."""
        return max(1, min(self.page_size, _MOST))

    def _get_learners(self, after):
        """Return how the next people are found there, in the order of their ids.

        :param int after: id of the last contact that was asked about
        :return: list of ``Learner``, the last contact's id, and whether nobody is left
        """
        # sudo: the job looks for people of every partner
        identities = self.env["lms.identity"].sudo()
        tied = identities._search([("provider_id", "=", self.id)])
        at_partner = [
            ("user_ids", "any", [("share", "=", True), ("active", "=", True)]),
            (
                "commercial_partner_id.membership_ids.state",
                "in",
                ("active", "suspended"),
            ),
        ]
        people = (
            self.env["res.partner"]
            .sudo()
            .search(
                Domain("id", ">", after)
                & (
                    Domain("id", "in", tied.subselect("partner_id"))
                    | Domain.AND([[term] for term in at_partner])
                ),
                order="id",
                limit=self._get_people_size(),
            )
        )
        # nothing is locked and no snapshot kept while the learning system thinks
        learners = self._prepare_learners(people)
        is_last = len(people) < self._get_people_size()
        self.env["ir.cron"]._commit_progress()
        return learners, max(people.ids, default=after), is_last

    def _prepare_learners(self, people):
        """Return how contacts are found there: by ties made by hand, then by login.

        :param people: ``res.partner``
        :return: list of ``Learner``, ordered by person
        """
        home = self._get_account_home()
        # sudo: ties and logins of every partner are looked at
        tied = (
            self.env["lms.identity"]
            .sudo()
            .search_fetch(
                [("provider_id", "=", self.id), ("partner_id", "in", people.ids)],
                ["partner_id", "actor_key"],
                order="id",
            )
        )
        users = (
            self.env["res.users"]
            .sudo()
            .search_fetch(
                [("partner_id", "in", people.ids), ("share", "=", True)],
                ["partner_id", "login"],
                order="id",
            )
        )
        found = [
            (record.partner_id.id, *_read_key(record.actor_key, home))
            for record in tied
        ]
        found += [
            (user.partner_id.id, "email", user.login)
            for user in users
            if "@" in user.login
        ]
        learners = {
            Learner(person, by, value, make_actor(by, value, home))
            for person, by, value in found
            if by
        }
        # a tie made by hand goes before the login
        return sorted(
            learners, key=lambda learner: (learner.person, learner.by == "email")
        )


def _read_key(key, home):
    """Return by which field somebody of this system is found, and its value.

    >>> _read_key("account:https://m.example|7", "https://m.example")
    ('id', '7')
    >>> _read_key("account:https://m.example|idnumber:E7", "https://m.example")
    ('idnumber', 'E7')
    >>> _read_key("mbox:mailto:ann@example.org", "https://m.example")
    ('email', 'ann@example.org')
    >>> _read_key("account:https://other.example|7", "https://m.example")
    ('', '')
    """
    if key.startswith("mbox:mailto:"):
        return "email", key.removeprefix("mbox:mailto:").lower()
    name = key.removeprefix(f"account:{home}|")
    if name == key:
        return "", ""
    if name.startswith("idnumber:"):
        return "idnumber", name.removeprefix("idnumber:")
    return ("id", name) if name.isdigit() else ("", "")
