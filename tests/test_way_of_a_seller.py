"""From joining a partner's team to a tier, and what is left of it a year later."""

import json
import uuid

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.partner_channel_lms.tests.lms_case import ADL, COURSE, LmsCase

from .test_open_badge import VALIDATOR, BadgeMixin, judge, read

#: jobs of a night, in their order
JOBS = (
    "ir_cron_follow_certifications",
    "ir_cron_learning_enrol",
    "ir_cron_learning_review",
    "ir_cron_certification_forecast",
)


@tagged("post_install", "-at_install")
class TestWayOfASeller(BadgeMixin, HttpCase, LmsCase):
    """One studies in Odoo, one in a learning system outside; the effect is the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.member, cls.second_member = cls.memberships
        cls.requirement.threshold = 1
        role = cls.env.ref("partner_channel_portal.portal_role_seller")
        studies = cls.kind.channel_id
        studies.write({"enroll": "invite", "visibility": "members"})
        cls.path = cls.env["learning.path"].create(
            {
                "name": "First Steps",
                "program_id": cls.program.id,
                "role_ids": role.ids,
                "step_ids": [Command.create({"channel_id": studies.id})],
            }
        )

    def test_two_sellers_reach_the_tier_and_a_year_later_it_is_at_risk(self):
        nina = self._join(self.north, "Nina Newcomer", "nina")
        self._study_in_the_browser(nina)
        first = self._prove(nina)
        self._reach_the_tier(self.member)

        sven = self._join(self.south, "Sven Second", "sven")
        self.assertEqual(self.second_member.grade_id, self.entry)
        self._pass_outside(sven)
        second = self._prove(sven)
        self._reach_the_tier(self.second_member)

        self._foresee(first | second)
        self._expire(first | second)

    def _join(self, company, name, login):
        """Let somebody join a partner's team; the rule does the rest."""
        person = self._create_person(company, name, login, "Seller")
        mail = f"{login}@example.com"
        person.user_ids.write({"login": mail, "password": mail})
        enrolment = self._get_enrolment(person)
        self.assertEqual((enrolment.path_id, enrolment.state), (self.path, "waiting"))
        self.assertFalse(self._certificates(person))
        return person

    def _get_enrolment(self, person):
        return self.env["learning.enrolment"].search([("partner_id", "=", person.id)])

    def _study_in_the_browser(self, person):
        login = person.user_ids.login
        self.start_tour("/my/learning", "partner_channel_lms_way", login=login)
        self.env.invalidate_all()

    def _pass_outside(self, person):
        """Let the learning system say, over HTTP, that a person has passed."""
        user, password = self._new_secret(self.provider)
        statement = {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": f"mailto:{person.user_ids.login}"},
            "verb": {"id": f"{ADL}passed"},
            "object": {"id": COURSE},
            "timestamp": fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "result": {"success": True, "score": {"scaled": 1}},
        }
        self.authenticate(None, None)
        self.opener.auth = (user, password)
        answer = self.url_open(
            "/xapi/statements",
            data=json.dumps([statement]),
            headers={
                "Content-Type": "application/json",
                "X-Experience-API-Version": "1.0.3",
            },
        )
        self.opener.auth = None
        self.assertEqual(answer.json(), [statement["id"]])
        self._process()

    def _prove(self, person):
        """Return the one certificate of a person; its badge is valid elsewhere."""
        certificate = self._certificates(person)
        self.assertRecordValues(
            certificate,
            [
                {
                    "type_id": self.kind.id,
                    "state": "valid",
                    "score": 100,
                    "date_issued": self.today,
                    "date_expiry": self.today + relativedelta(months=12),
                }
            ],
        )
        enrolment = self._get_enrolment(person)
        enrolment._review()
        self.assertEqual((enrolment.state, enrolment.progress), ("done", 100))
        self._prove_elsewhere(certificate)
        return certificate

    def _prove_elsewhere(self, certificate):
        """Download the badge and read it; who has the validator asks it, too."""
        login = certificate.partner_id.user_ids.login
        token = self._download(certificate, login=login)
        badge = read(token, 1)
        self.assertIn("OpenBadgeCredential", badge["type"])
        self.assertEqual(badge["credentialSubject"]["achievement"]["name"], "Sales")
        self.assertIn("credentialStatus", badge)
        # every address in it answers
        job = self._job(token, email=login)
        self.assertTrue(all(job["documents"].values()))
        if VALIDATOR:
            [verdict] = judge(job)
            self.assertTrue(verdict["valid"], verdict)
            self.assertEqual(verdict["name"], "Sales")
            self.assertTrue(verdict["is_known"])

    def _reach_the_tier(self, membership):
        membership._review_tiers()
        self.assertEqual(membership.grade_id, self.certified)

    # === A YEAR LATER === #

    def _run_night(self):
        for name in JOBS:
            self.env.ref(f"partner_channel_lms.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _foresee(self, certificates):
        """A month before the end people are enrolled again and partners warned."""
        with freeze_time(f"{self.today + relativedelta(months=11)} 12:00:00"):
            self._run_night()
            self.assertEqual(set(certificates.mapped("state")), {"expiring"})
            losses = self.env["partner.certification.forecast"].search([])
            self.assertRecordValues(
                losses.sorted("partner_id"),
                [
                    {
                        "partner_id": certificate.commercial_partner_id.id,
                        "kind": "tier",
                        "grade_id": self.certified.id,
                        "grade_to_id": self.entry.id,
                        "date_renew": certificate.date_expiry,
                        "people_left": 0,
                        "certification_ids": certificate.ids,
                    }
                    for certificate in certificates
                ],
            )
            for certificate in certificates:
                person = certificate.partner_id
                first, again = self._get_enrolment(person).sorted("id")
                self.assertEqual((first.reason, first.state), ("role", "done"))
                self.assertEqual(again.reason, "renewal", person.name)
                self.assertIn(again.state, ("waiting", "running"))
                home = self.env["res.partner"].with_user(person.user_ids)
                titles = [
                    action["title"]
                    for action in home._prepare_portal_home()["channel_actions"]
                ]
                self.assertIn("Tier Skilled is at risk", " ".join(titles))

    def _expire(self, certificates):
        """The day after nobody holds a certificate, and the tier has its notice."""
        last = certificates[0].date_expiry
        with freeze_time(f"{last} 12:00:00"):
            self.env.invalidate_all()
            self.assertFalse(self.memberships._review_tiers())
        with freeze_time(f"{last + relativedelta(days=1)} 12:00:00"):
            self.env.invalidate_all()
            self.assertEqual(set(certificates.mapped("state")), {"expired"})
            reviews = self.memberships._review_tiers()
            self.assertEqual(reviews.mapped("decision"), ["demote", "demote"])
            self.assertEqual(reviews.grade_to_id, self.entry)
            for review in reviews:
                self.assertGreater(review.date_effective, last)
            self.assertEqual(
                set(self.memberships.grade_id),
                {self.certified},
                "kept until the notice is over",
            )
