from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestRules(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for person in (cls.owner, cls.seller, cls.rival):
            cls._take(person)

    def _seen_by(self, person):
        return self.Certification.with_user(person.user_ids).search([]).partner_id

    def test_a_seller_sees_only_the_own_certificates(self):
        self.assertEqual(self._seen_by(self.seller), self.seller)

    def test_who_manages_the_team_sees_colleagues_but_no_rivals(self):
        self.assertEqual(self._seen_by(self.owner), self.owner | self.seller)

    def test_who_sees_the_training_sees_colleagues(self):
        for name, seen in (
            ("trainer", self.owner | self.seller),
            ("viewer", self.owner | self.seller),
            ("finance", self.seller),
        ):
            with self.subTest(role=name):
                self.seller.portal_role_id = self.env.ref(
                    f"partner_channel_portal.portal_role_{name}"
                )
                self.assertEqual(self._seen_by(self.seller), seen)

    def test_who_changed_company_sees_no_former_colleague(self):
        viewer = self.env.ref("partner_channel_portal.portal_role_viewer")
        self.seller.portal_role_id = viewer
        self.assertEqual(self._seen_by(self.seller), self.owner | self.seller)
        self.seller.write({"parent_id": self.south.id, "portal_role_id": viewer.id})
        self.assertEqual(self._seen_by(self.seller), self.seller | self.rival)
        self.seller.parent_id = self.owner.parent_id
        self.assertEqual(self._seen_by(self.seller), self.seller, "without a role")

    def test_the_new_employer_does_not_read_who_the_former_was(self):
        self.seller.parent_id = self.south
        certificate = self._certificates(self.seller)
        self.assertEqual(certificate.issued_company_partner_id, self.north)
        seen = certificate.with_user(self.rival.user_ids)
        self.assertEqual(seen.commercial_partner_id, self.south)
        with self.assertRaises(AccessError):
            seen.read(["issued_company_partner_id"])
        with self.assertRaises(AccessError):
            seen.search([("issued_company_partner_id", "=", self.north.id)])

    def test_a_customer_of_no_partner_sees_nothing(self):
        customer = new_test_user(self.env, "lms_customer", groups="base.group_portal")
        self.assertFalse(self._seen_by(customer.partner_id))

    def test_employees_outside_the_channel_see_no_certificates(self):
        employee = new_test_user(self.env, "lms_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._seen_by(employee.partner_id)

    def test_partners_read_neither_exam_nor_attempt(self):
        user = self.seller.user_ids
        kind = self.kind.with_user(user)
        certificate = self._certificates(self.seller).with_user(user)
        self.assertTrue(kind.name)
        with self.assertRaises(AccessError):
            kind.read(["survey_id"])
        with self.assertRaises(AccessError):
            certificate.read(["user_input_id"])

    def test_a_channel_manager_reads_and_writes_nothing(self):
        manager = mail_new_test_user(
            self.env, "lms_manager", groups="partner_channel.group_channel_manager"
        )
        certificate = self._certificates(self.seller).with_user(manager)
        self.assertEqual(certificate.state, "valid")
        self.assertEqual(certificate.commercial_partner_id.valid_certification_count, 2)
        self.assertEqual(self.memberships[0].with_user(manager).tier_gap, "")
        for attempt in (
            lambda: certificate.write({"date_expiry": "2099-01-01"}),
            lambda: certificate.write({"revoked": True}),
            certificate.unlink,
            lambda: certificate.copy(),
            lambda: self.kind.with_user(manager).write({"validity_months": 0}),
        ):
            with self.assertRaises(AccessError):
                attempt()


@tagged("post_install", "-at_install")
class TestRpc(CertificationCommon, HttpCase):
    """What a hostile portal user tries from outside."""

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def _assert_refused(self, model, method, *args, **kwargs):
        with self.assertRaises(JsonRpcException) as caught:
            self._call(model, method, *args, **kwargs)
        self.assertIn("AccessError", str(caught.exception))

    def test_a_seller_cannot_make_change_or_delete_certificates(self):
        self._take(self.owner)
        self._take(self.seller)
        mine = self._certificates(self.seller)
        colleagues = self._certificates(self.owner)
        model = "partner.certification"
        self.authenticate("lms_seller", "lms_seller")
        values = {
            "partner_id": self.seller.id,
            "type_id": self.kind.id,
            "date_issued": "2026-01-01",
        }
        forged = {"partner_certification_write": True, "mail_create_nolog": True}
        self._assert_refused(model, "create", [values])
        self._assert_refused(model, "create", [values], context=forged)
        self._assert_refused(model, "write", [mine.id], {"date_expiry": "2099-01-01"})
        self._assert_refused(
            model, "write", [mine.id], {"date_expiry": "2099-01-01"}, context=forged
        )
        self._assert_refused(model, "write", [mine.id], {"partner_id": self.owner.id})
        self._assert_refused(model, "unlink", [mine.id])
        self._assert_refused(model, "read", [colleagues.id], ["date_issued"])
        self._assert_refused(model, "action_revoke", [mine.id])
        for method in ("_issue_from_attempts", "_revoke", "_prepare_certification"):
            self._assert_refused(model, method, [mine.id])
        self._assert_refused(
            "partner.certification.revoke",
            "create",
            [{"certification_ids": [(6, 0, mine.ids)], "reason": "x"}],
        )
        self.assertEqual(self.Certification.search([("id", "in", mine.ids)]), mine)
        self.assertEqual(mine.state, "valid")

    def test_a_seller_cannot_touch_types_or_hand_in_for_others(self):
        model = "partner.certification.type"
        attempt = self._take(self.seller, finish=False)
        self.authenticate("lms_seller", "lms_seller")
        self._assert_refused(model, "create", [{"name": "Mine"}])
        self._assert_refused(model, "write", [self.kind.id], {"validity_months": 0})
        self._assert_refused(model, "unlink", [self.kind.id])
        self._assert_refused(model, "action_issue_earlier", [self.kind.id])
        self._assert_refused("survey.user_input", "_mark_done", [attempt.id])
        self._assert_refused("survey.user_input", "write", [attempt.id], {})
        self._assert_refused(
            "survey.user_input",
            "create",
            [
                {
                    "survey_id": self.exam.id,
                    "partner_id": self.seller.id,
                    "state": "done",
                }
            ],
        )

    def test_an_administrator_cannot_write_one_over_rpc_either(self):
        self.authenticate("admin", "admin")
        self._assert_refused(
            "partner.certification",
            "create",
            [
                {
                    "partner_id": self.seller.id,
                    "type_id": self.kind.id,
                    "date_issued": "2026-01-01",
                }
            ],
            context={"partner_certification_write": {}},
        )

    def test_completing_lessons_over_rpc_certifies_nobody(self):
        self.authenticate("lms_seller", "lms_seller")
        self.course.sudo()._action_add_members(self.seller)
        lesson = self.course.slide_ids.filtered(lambda s: s.slide_category == "article")
        exam = self.course.slide_ids.filtered("survey_id")
        self._call("slide.slide", "action_mark_completed", lesson.ids)
        done = self.env["slide.slide.partner"].search(
            [("slide_id", "=", lesson.id), ("partner_id", "=", self.seller.id)]
        )
        self.assertTrue(done.completed, "Odoo believes that the lesson was read")
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self._call("slide.slide", "action_mark_completed", exam.ids)
        self.assertFalse(self._certificates(self.seller))

    def test_a_course_completed_without_exam_certifies_nobody(self):
        lessons = self.course.slide_ids
        lessons.filtered("survey_id").unlink()
        self.course._action_add_members(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        self._call("slide.slide", "action_mark_completed", self.course.slide_ids.ids)
        member = self.env["slide.channel.partner"].search(
            [("channel_id", "=", self.course.id), ("partner_id", "=", self.seller.id)]
        )
        self.assertEqual(member.member_status, "completed")
        self.assertFalse(self._certificates(self.seller))
