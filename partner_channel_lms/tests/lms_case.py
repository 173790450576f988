import uuid
from copy import deepcopy

from ..tools import xapi_evidence
from .common import CertificationCommon

ADL = "http://adlnet.gov/expapi/verbs/"
COURSE = "https://academy.example.org/courses/selling"


class LmsCase(CertificationCommon):
    """A learning system that is on, one course of it, and what it may say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # logins are what people are found by
        cls.seller.user_ids.login = "Seller@example.com"
        cls.rival.user_ids.login = "rival@example.com"
        cls.provider = cls._create_provider("Academy")
        cls.course = cls.env["lms.course"].create(
            {
                "name": "Selling",
                "provider_id": cls.provider.id,
                "activity": COURSE,
                "type_id": cls.kind.id,
            }
        )
        cls.Statement = cls.env["lms.statement"]

    @classmethod
    def _create_provider(cls, name, **values):
        provider = cls.env["lms.provider"].create({"name": name, **values})
        provider.action_switch_on()
        return provider

    @staticmethod
    def _new_secret(provider):
        """Return user and password with which a learning system may push."""
        message = provider.action_new_secret()["params"]["message"]
        _user, user, _password, password = message.split(" ")
        return user, password

    @staticmethod
    def _say(verb="passed", mail="seller@example.com", day="2026-03-01", **values):
        """Return a statement; ``values`` are further properties of it."""
        statement = {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": f"mailto:{mail}"},
            "verb": {"id": verb if ":" in verb else f"{ADL}{verb}"},
            "object": {"id": COURSE},
            "timestamp": f"{day}T10:00:00Z",
        }
        return deepcopy({**statement, **values})

    @classmethod
    def _void(cls, statement):
        reference = {"objectType": "StatementRef", "id": statement["id"]}
        return cls._say("voided", mail="admin@example.com", object=reference)

    def _receive(self, *statements, provider=None):
        """Take statements in and process them, as the job does."""
        self.Statement._take_in(
            provider or self.provider, [(statement, []) for statement in statements]
        )
        self._process()

    def _process(self):
        waiting = self.Statement.search([("state", "=", "new")], order="id")
        waiting._process()
        self.env.flush_all()
        self.env.invalidate_all()

    def _get(self, statement):
        return self.Statement.search([("statement_id", "=", statement["id"])])

    def _held(self, person):
        """Return ``[(day of proof, issued, expiry)]`` of certificates that stand."""
        certificates = self._certificates(person).filtered(lambda c: not c.revoked)
        return sorted(
            (str(c.evidence_date), str(c.date_issued), str(c.date_expiry))
            for c in certificates
        )

    @staticmethod
    def _cmi5(*categories, mode="Normal"):
        """Return the context of a cmi5 session."""
        known = {"cmi5": xapi_evidence.CATEGORY, "moveon": xapi_evidence.MOVE_ON}
        return {
            "contextActivities": {"category": [{"id": known[c]} for c in categories]},
            "extensions": {
                xapi_evidence.SESSION: "s1",
                xapi_evidence.LAUNCH_MODE: mode,
            },
        }
