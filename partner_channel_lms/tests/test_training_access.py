"""Who reads the reports on training, and of whom."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .training_case import TrainingCase

COVERAGE = "partner.certification.coverage"
FUNNEL = "partner.training.funnel"
DEALS = "partner.certified.deal.report"
ALL = (COVERAGE, FUNNEL, DEALS)


@tagged("post_install", "-at_install")
class TestTrainingAccess(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-06-15 12:00:00"))
        cls.manager = cls._employee("mgr", "partner_channel.group_channel_manager")
        other = cls._employee("mgr2", "partner_channel.group_channel_manager")
        cls.member.manager_id, cls.rivals.manager_id = cls.manager, other
        cls.analyst = cls._employee("ana", "partner_channel.group_channel_analyst")
        cls.trainer = cls._employee("tra", "partner_channel_lms.group_channel_trainer")
        cls.head = cls._employee("head", "partner_channel.group_channel_head")
        for person, member in ((cls.seller, cls.member), (cls.rival, cls.rivals)):
            cls._join(person)
            cls._issue(person, date(2028, 1, 1))
            lead = cls._register_on(date(2028, 3, 1), member=member, person=person)
            lead.action_set_won()
        cls.env.flush_all()

    def _partners(self, model, user):
        """Return whose rows of these tests a user sees."""
        report = self.env[model].with_user(user)
        return report.search(
            [("partner_id", "in", (self.north | self.south).ids)]
        ).partner_id

    @mute_logger("odoo.addons.base.models.ir_model")
    def _assert_refused(self, model, user):
        with self.assertRaises(AccessError):
            self._partners(model, user)

    def test_a_manager_reads_of_the_own_partners(self):
        for model in ALL:
            with self.subTest(model):
                self.assertEqual(self._partners(model, self.manager), self.north)

    def test_what_has_no_manager_every_manager_reads(self):
        self.rivals.manager_id = False
        for model in ALL:
            with self.subTest(model):
                self.assertEqual(
                    self._partners(model, self.manager), self.north | self.south
                )

    def test_analysts_and_heads_read_of_all(self):
        coordinator = self._employee("coo", "partner_channel.group_channel_coordinator")
        for user in (self.analyst, self.head, coordinator):
            for model in ALL:
                with self.subTest(model, user=user.login):
                    self.assertEqual(
                        self._partners(model, user), self.north | self.south
                    )

    def test_trainers_read_of_training_not_of_deals(self):
        for model in (COVERAGE, FUNNEL):
            self.assertEqual(
                self._partners(model, self.trainer), self.north | self.south
            )
        self._assert_refused(DEALS, self.trainer)

    def test_employees_partners_and_customers_read_nothing(self):
        employee = self._employee("emp", "base.group_user")
        for user in (employee, self.owner.user_ids, self.rival.user_ids):
            for model in ALL:
                with self.subTest(model, user=user.login):
                    self._assert_refused(model, user)

    def test_nobody_writes(self):
        for model in ALL:
            report = self.env[model].with_user(self.head)
            row = report.search([("partner_id", "=", self.north.id)], limit=1)
            for attempt in (
                lambda row=row: row.write({"partner_id": self.south.id}),
                row.unlink,
                lambda report=report: report.create({}),
            ):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    attempt()

    def test_rows_of_another_company_are_not_seen(self):
        company, _program = self._create_other_company()
        stranger = self._employee(
            "str",
            "partner_channel.group_channel_analyst",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ALL:
            with self.subTest(model):
                self.assertFalse(self._partners(model, stranger))

    def test_analysts_read_certificates_and_change_none(self):
        certificates = self._certificates(self.seller).with_user(self.analyst)
        self.assertEqual(certificates.state, "valid")
        self.assertEqual(
            self.Certification.with_user(self.analyst)
            .search([("type_id", "=", self.kind.id)])
            .partner_id,
            self.seller | self.rival,
        )
        for attempt in (
            lambda: certificates.write({"date_expiry": "2099-01-01"}),
            certificates.unlink,
            lambda: certificates._revoke("No"),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_forms_open_for_those_who_read_them(self):
        for user in (self.analyst, self.manager, self.head, self.trainer):
            with self.subTest(user.login):
                partner = self.north.with_user(user)
                self.assertEqual(partner.certification_coverage, False)
                self.assertEqual(
                    self.kind.with_user(user).learner_count, 2 - (user == self.manager)
                )
        employee = self._employee("emp2", "base.group_user")
        with self.assertRaises(AccessError):
            self.north.with_user(employee).read(["certification_coverage"])
        with self.assertRaises(AccessError):
            self.kind.with_user(self.owner.user_ids).read(["learner_count"])

    def test_the_lms_stays_the_trainers(self):
        for user in (self.analyst, self.manager):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self.env["lms.statement"].with_user(user).search([])
