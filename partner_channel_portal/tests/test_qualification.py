"""A partner answers, signs and corrects; what is internal is nowhere."""

from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase

SECRET = "Qzx-Secret"
STALE = "changed meanwhile"


class QualificationPortalCase(PortalFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qualification.template"].search([]).active = False
        cls.template = cls._create_template()
        cls.program.qualification_required = True
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls.sheet = cls.deal.qualification_id

    @classmethod
    def _create_template(cls):
        template = cls.env["qualification.template"].create(
            {"name": "Portal", "program_id": cls.program.id}
        )
        section = cls.env["qualification.section"].create(
            {"name": "Section One", "template_id": template.id}
        )
        for number, (name, kind, values) in enumerate(
            (
                ("Need named?", "yesno", {"is_required": True}),
                ("Size", "choice", {}),
                ("Budget", "money", {"low": 0, "high": 10_000}),
                ("People", "number", {"low": 0, "high": 10}),
                ("Decides on", "date", {"days": 90}),
                ("Story", "text", {"fill_by": "partner"}),
                (f"{SECRET} credit", "yesno", {"is_internal": True}),
                (f"{SECRET} risk", "text", {"is_internal": True, "weight": 9}),
            )
        ):
            if values.get("is_internal"):
                values["fill_by"] = "vendor"
            options = [("Large", 100), ("Small", 40)] if kind == "choice" else []
            criterion = cls.env["qualification.criterion"].create(
                {
                    "name": name,
                    "kind": kind,
                    "section_id": section.id,
                    "sequence": number,
                    "option_ids": [
                        Command.create({"name": text, "points": points})
                        for text, points in options
                    ],
                    **values,
                }
            )
            key = name.split()[-1 if SECRET in name else 0].lower().strip("?")
            setattr(cls, key, criterion)
        return template

    def _row(self, criterion, side="partner"):
        return self.sheet.answer_ids.filtered(
            lambda row: row.criterion_id == criterion and row.side == side
        )

    def _get(self, deal=None):
        return self.url_open(f"/my/deals/{(deal or self.deal).id}/qualification")

    def _send(self, answers, action="save", deal=None, revision=None, **values):
        """Send the form as the page holds it; answers by criterion."""
        self.sheet.invalidate_recordset()
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "revision": str(self.sheet.revision) if revision is None else revision,
            "action": action,
            **{f"answer_{c.id}": text for c, text in answers.items()},
            **values,
        }
        answer = self.url_open(
            f"/my/deals/{(deal or self.deal).id}/qualification",
            data=data,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def _sign(self):
        answer = self._send({self.need: "yes"}, "sign", signed_name="Sam Seller")
        self.assertEqual(answer.status_code, 303)


@tagged("post_install", "-at_install")
class TestQualification(QualificationPortalCase):
    # === ANSWERING === #

    def test_a_partner_saves_signs_corrects_and_sees_the_result(self):
        self.login(self.seller)
        page = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn("Qualify the deal", page)
        self.assertIn("Qualify deals (1)", self.url_open("/my/home").text)
        large = self.size.option_ids.filtered(lambda o: o.name == "Large")
        answer = self._send(
            {
                self.need: "yes",
                self.size: str(large.id),
                self.budget: "2,500.00",
                self.people: "0",
                self.decides: "2030-01-31",
                self.story: "They grow & hire",
            },
            **{f"comment_{self.budget.id}": "Of next year"},
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self._row(self.need).value_yesno, "yes")
        self.assertEqual(self._row(self.size).value_option_id, large)
        self.assertEqual(self._row(self.budget).value_amount, 2500)
        self.assertTrue(self._row(self.people).is_answered, "0 is an answer")
        self.assertEqual(self._row(self.story).value_text, "They grow & hire")
        self.assertEqual(self._row(self.budget).comment, "Of next year")
        self.assertEqual(set(self.sheet.history_ids.user_id), {self.seller})
        page = self._get().text
        self.assertIn("They grow &amp; hire", page)
        self.assertIn('value="2500"', page)
        self._sign()
        self.assertEqual(self.sheet.state, "partner_qualified")
        self.assertEqual(self.sheet.signed_by_id, self.seller.partner_id)
        self.assertNotIn("Sign and send", self._get().text)
        self.assertNotIn("Qualify deals", self.url_open("/my/home").text)
        # the vendor returns it
        self._row(self.budget, "vendor").with_user(self.manager).write(
            {"remark": "Whose <budget>?"}
        )
        self.assertNotIn("Whose", self._get().text, "not before it is returned")
        self.sheet.with_user(self.manager).action_return()
        self.assertIn("Correct qualifications (1)", self.url_open("/my/home").text)
        self.assertIn("Whose &lt;budget&gt;?", self._get().text)
        self._send({self.budget: "5000"})
        self._sign()
        self._row(self.need, "vendor").with_user(self.manager).write(
            {"value_yesno": "yes"}
        )
        self.assertNotIn("Our score", self._get().text)
        self.sheet.with_user(self.manager).action_qualify()
        page = self._get().text
        self.assertIn("Our score", page)
        self.assertIn("Qualified by the Vendor", page)
        self.assertIn("History of the answers", page)

    def test_what_is_internal_is_nowhere(self):
        for criterion, vals in (
            (self.credit, {"value_yesno": "yes", "comment": SECRET}),
            (self.risk, {"value_text": SECRET}),
            (self.need, {"value_yesno": "no"}),
        ):
            self._row(criterion, "vendor").with_user(self.manager).write(vals)
        self.login(self.seller)
        self._sign()
        self.sheet.with_user(self.manager).action_qualify()
        self.assertGreater(self.sheet.vendor_score, 0)
        self.assertEqual(self.sheet.shared_score, 0)
        page = self._get().text
        self.assertNotIn(SECRET, page)
        values = self.as_user(self.deal, self.seller)._get_portal_qualification_page()
        self.assertEqual(values["scores"]["theirs"], 0, "without its part")
        self.assertNotIn(SECRET, str(values))
        for url in (f"/my/deals/{self.deal.id}", "/my/home", "/my/deals"):
            self.assertNotIn(SECRET, self.url_open(url).text)

    # === WRONG ANSWERS === #

    def test_answers_of_the_wrong_kind_keep_what_was_typed(self):
        self.login(self.seller)
        for criterion, text in (
            (self.need, "maybe"),
            (self.size, "99999"),
            (self.size, "' OR 1=1 --"),
            (self.budget, "a lot"),
            (self.budget, "-5"),
            (self.budget, "1e309"),
            (self.people, "NaN"),
            (self.decides, "soon"),
            (self.decides, "9999-01-01"),
            (self.story, "<script>alert(1)</script>"),
            (self.story, "x" * 4001),
            (self.story, "a\x07b"),
        ):
            with self.subTest(criterion=criterion.name, text=text[:20]):
                other = self.people if criterion == self.budget else self.budget
                answer = self._send({criterion: text, other: "77"})
                self.assertEqual(answer.status_code, 200)
                self.assertIn(f"deal_answer_{criterion.id}_error", answer.text)
                self.assertIn('value="77"', answer.text)
        self.assertFalse(any(self.sheet.answer_ids.mapped("is_answered")))

    def test_signing_asks_for_what_is_required(self):
        self.login(self.seller)
        answer = self._send({self.budget: "77"}, "sign", signed_name=" ")
        self.assertIn(f"deal_answer_{self.need.id}_error", answer.text)
        self.assertIn("deal_signed_name_error", answer.text)
        self.assertIn('value="77"', answer.text)
        self.assertEqual(self.sheet.state, "draft")
        self._send({self.need: "yes"})
        self.assertEqual(
            self._send({}, "sign", signed_name="Sam").status_code, 303, "stored before"
        )

    def test_after_signing_nothing_changes(self):
        self.login(self.seller)
        self._sign()
        answer = self._send({self.need: "no"})
        self.assertIn("signed already", answer.text)
        self.assertEqual(self._row(self.need).value_yesno, "yes")
        again = self._send({self.need: "yes"}, "sign", signed_name="Sam Seller")
        self.assertEqual(again.status_code, 303, "two clicks are one signature")
        self.assertEqual(len(self.sheet.history_ids), 1)

    def test_questions_of_the_vendor_are_not_taken(self):
        self.login(self.seller)
        foreign = self.template.copy().criterion_ids[0]
        self._send({self.risk: SECRET, self.credit: "no", foreign: "yes"})
        self.assertFalse(any(self.sheet.answer_ids.mapped("is_answered")))

    # === AT ONCE === #

    def test_what_the_other_side_changed_meanwhile_is_told(self):
        self.login(self.seller)
        shown = str(self.sheet.revision)
        self._row(self.need, "vendor").with_user(self.manager).write(
            {"value_yesno": "no"}
        )
        answer = self._send({self.budget: "4321"}, revision=shown)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(STALE, answer.text)
        self.assertIn('value="4321"', answer.text)
        self.assertFalse(self._row(self.budget).is_answered)
        self.assertIn(f'name="revision" value="{self.sheet.revision}"', answer.text)
        self.assertEqual(self._send({self.budget: "4321"}).status_code, 303)
        for revision in ("", "x", "-1", "9" * 40):
            self.assertIn(STALE, self._send({self.budget: "1"}, revision=revision).text)

    def test_sending_twice_is_no_conflict(self):
        self.login(self.seller)
        shown = str(self.sheet.revision)
        for _time in range(2):
            answer = self._send({self.budget: "4321"}, revision=shown)
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(len(self.sheet.history_ids), 1)

    def test_the_sheet_is_claimed_before_anything_is_written(self):
        """Of two transactions the second one fails here, and is run again."""
        done = []
        sheets = type(self.sheet)
        self.patch(sheets, "_grow", lambda sheet: done.append("grow"))
        self.patch(
            sheets, "_answer_for_partner", lambda sheet, *args: done.append("answer")
        )
        deal = self.as_user(self.deal, self.seller)
        values = {
            "revision": str(self.sheet.revision),
            f"answer_{self.budget.id}": "1",
        }
        self.assertEqual(deal._portal_save_qualification(values), {})
        self.assertEqual(done, ["grow", "answer"])

    # === WHO MAY === #

    def test_a_foreign_lead_is_not_there(self):
        for user, status in (
            (self.rival, 404),
            (self.seller2, 404),
            (self.norole, 404),
            (self.viewer, 403),
        ):
            self.login(user)
            with self.subTest(user.login), mute_logger("odoo.http"):
                self.assertEqual(
                    self._send({self.need: "no"}).status_code, status
                )
        self.login(self.viewer)
        self.assertNotIn("Sign and send", self._get().text)
        self.assertFalse(self.sheet.history_ids)
        for user in (self.rival, self.viewer):
            deal = self.as_user(self.deal, user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                deal._portal_save_qualification({})

    def test_a_distributor_reads_no_answers(self):
        self.alpha_membership.sponsor_id = self.beta_membership
        deal = self._create_deals(self.seller, submit=True, partner_name="Zen")
        self.assertTrue(self.as_user(deal, self.rival).has_access("read"))
        self.login(self.rival)
        with mute_logger("odoo.http"):
            self.assertEqual(self._get(deal).status_code, 404)

    def test_a_former_partner_and_the_next_one_see_their_own(self):
        self.login(self.seller)
        self._send({self.story: SECRET})
        self.deal._transfer_registration(
            self.beta_membership, "Left", self.rival.partner_id
        )
        with mute_logger("odoo.http"):
            self.assertEqual(self._get().status_code, 404)
        self.login(self.rival)
        page = self._get().text
        self.assertIn("Sign and send", page)
        self.assertNotIn(SECRET, page)

    def test_an_ordinary_lead_that_was_given_is_qualified_as_well(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Given",
                "type": "lead",
                "partner_assigned_id": self.alpha.id,
            }
        )
        lead.with_user(self.seller).partner_interested()
        self.sheet = lead.qualification_id
        self.assertEqual(self.sheet.state, "draft")
        self.login(self.seller)
        self.assertIn("Need named?", self._get(lead).text)
        answer = self._send({self.need: "yes"}, "sign", lead, signed_name="Sam")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.sheet.state, "partner_qualified")
        self.login(self.rival)
        with mute_logger("odoo.http"):
            self.assertEqual(self._get(lead).status_code, 404)

    def test_forms_need_the_token(self):
        self.login(self.seller)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/deals/{self.deal.id}/qualification",
                data={f"answer_{self.need.id}": "yes"},
            )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.sheet.history_ids)

    def test_remote_calls_reach_nothing(self):
        self.login(self.seller)
        row = self._row(self.need)
        calls = (
            ("crm.lead.qualification", "read", [self.sheet.ids, ["state"]]),
            ("crm.lead.qualification", "action_qualify", [self.sheet.ids]),
            ("crm.lead.qualification", "write", [self.sheet.ids, {"state": "draft"}]),
            ("crm.lead.qualification.answer", "search_read", [[]]),
            (
                "crm.lead.qualification.answer",
                "write",
                [row.ids, {"value_yesno": "yes"}],
            ),
            ("crm.lead.qualification.history", "search_read", [[]]),
            ("qualification.template", "search_read", [[]]),
            ("qualification.criterion", "search_read", [[]]),
            ("qualification.snapshot", "search_read", [[]]),
            ("crm.lead", "action_qualification", [self.deal.ids]),
            ("crm.lead", "_portal_save_qualification", [self.deal.ids, {}]),
            ("crm.lead", "_waive_qualification", [self.deal.ids, "x"]),
            ("crm.lead.qualification.waive", "create", [{"reason": "x"}]),
            ("crm.lead", "search_read", [[("qualification_state", "=", "draft")]]),
            ("crm.lead", "read", [self.deal.ids, ["qualification_comparison"]]),
        )
        for model, method, args in calls:
            with (
                self.subTest(model=model, method=method),
                mute_logger("odoo.http", "odoo.addons.base.models.ir_model"),
            ):
                _result, error = self.call_as_user(model, method, args)
                self.assertTrue(error)
        self.env.invalidate_all()
        self.assertEqual(self.sheet.state, "draft")

    def test_an_error_of_the_server_stores_nothing(self):
        """Answers, history and signature are one transaction."""
        deal = self.as_user(self.deal, self.seller)
        sheets = type(self.sheet)
        values = {
            "revision": str(self.sheet.revision),
            "signed_name": "Sam",
            f"answer_{self.need.id}": "yes",
        }
        with (
            patch.object(sheets, "_sign", side_effect=ZeroDivisionError),
            self.assertRaises(ZeroDivisionError),
        ):
            deal._portal_save_qualification(values, sign=True)
        self.env.invalidate_all()
        self.assertFalse(self._row(self.need).is_answered)
        self.assertFalse(self.sheet.history_ids)
