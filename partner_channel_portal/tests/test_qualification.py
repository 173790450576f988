"""A partner answers, signs and corrects; what is internal is nowhere."""

from unittest.mock import patch

from odoo.tests import tagged

from .qualification_case import SECRET, QualificationPortalCase

STALE = "changed meanwhile"


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

    def test_a_return_is_corrected_and_the_result_is_seen(self):
        self.login(self.seller)
        self._sign()
        self._row(self.budget, "vendor").with_user(self.manager).write(
            {"remark": "Whose <budget>?"}
        )
        self.assertNotIn("Whose", self._get().text, "not before it is returned")
        self.sheet.with_user(self.manager).action_return()
        self.assertIn("Correct qualifications (1)", self.url_open("/my/home").text)
        page = self._get().text
        self.assertIn("Whose &lt;budget&gt;?", page)
        self.assertNotIn("Our score", page, "nothing was answered yet")
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
        sheets, rows = type(self.sheet), type(self.sheet.answer_ids)
        self.patch(sheets, "_grow", lambda sheet: done.append("grow"))
        self.patch(rows, "_set_protected", lambda row, vals: done.append("answer"))
        deal = self.as_user(self.deal, self.seller)
        values = {
            "revision": str(self.sheet.revision),
            f"answer_{self.budget.id}": "1",
        }
        self.assertEqual(deal._portal_save_qualification(values), {})
        self.assertEqual(done, ["grow", "answer"])

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
