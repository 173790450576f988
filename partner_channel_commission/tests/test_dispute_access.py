import psycopg2

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeAccess(DisputeCommon):
    """Who disputes, who decides, and when."""

    def test_only_lines_of_a_sent_statement_are_disputed(self):
        statement = self.statement.with_user(self.finance)
        other = self.Entry.search([("book", "=", "accrued")], limit=1)
        with self.assertRaises(AccessError):
            statement._portal_dispute(other.id, "Not in the statement")
        self.statement.action_accept()
        with self.assertRaisesRegex(AccessError, "cannot be disputed any more"):
            statement._portal_dispute(self.large.id, "Too late")

    def test_what_was_decided_is_not_disputed_again(self):
        dispute = self._dispute()
        self._decide(dispute, "action_refuse")
        with self.assertRaises(AccessError):
            self._dispute()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.Dispute.sudo()._open(self.statement, self.large, "Again")

    def test_a_withdrawn_line_may_be_disputed_again(self):
        self._dispute()
        self.statement.with_user(self.finance)._portal_withdraw_dispute(self.large.id)
        again = self._dispute()
        self.assertEqual(sorted(again.mapped("state")), ["open", "withdrawn"])

    def test_strangers_dispute_nothing(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        for user in (seller, rival):
            with self.assertRaises(AccessError):
                self._dispute(user=user)
        self.alpha_member.action_suspend()
        with self.assertRaises(AccessError):
            self._dispute()

    def test_partners_reach_no_dispute_by_remote_calls(self):
        dispute = self._dispute()
        Dispute = self.Dispute.with_user(self.finance)
        for method, args in (
            ("read", (dispute.ids, ["comment"])),
            ("write", (dispute.ids, {"answer_draft": "x"})),
            ("action_refuse", (dispute.ids,)),
            ("search_read", ([],)),
            ("_withdraw", (dispute.ids,)),
            ("create", ([{"comment": "x"}],)),
        ):
            with self.assertRaises(AccessError, msg=method):
                call_kw(Dispute, method, args, {})

    def test_the_bill_of_a_settled_line_is_for_people_who_see_money(self):
        dispute = self._dispute()
        self._bill()
        self._decide(dispute, "action_refuse")
        self.statement.action_bill_settled()
        rest = dispute.bill_id
        rest.action_post()
        seller = self._create_staff(self.alpha, "seller", "seller")
        for user, found in ((seller, rest.browse()), (self.finance, rest)):
            Move = self.env["account.move"].with_user(user)
            self.assertEqual(Move.search([("id", "in", rest.ids)]), found)
            lines = self.env["account.move.line"].with_user(user)
            lines = lines.search([("move_id", "in", rest.ids)])
            self.assertEqual(lines.move_id, found)

    def test_managers_decide_on_their_own_partners(self):
        dispute = self._dispute()
        stranger = self._create_user("cm2", "partner_channel.group_channel_manager")
        accountant = self._create_user("acc", "account.group_account_invoice")
        self.assertFalse(self.Dispute.with_user(stranger).search([]))
        self.assertEqual(self.Dispute.with_user(accountant).search([]), dispute)
        for user in (stranger, accountant):
            for method in ("action_answer", "action_refuse", "action_adjust"):
                with self.assertRaises(AccessError):
                    getattr(dispute.with_user(user), method)()
        with self.assertRaises(AccessError):
            dispute.with_user(self.manager).write({"state": "refused"})
        with self.assertRaisesRegex(UserError, "tell the partner why"):
            dispute.with_user(self.manager).action_refuse()
        with self.assertRaises(UserError):
            dispute.sudo().unlink()


@tagged("post_install", "-at_install")
class TestDisputePortal(DisputeCommon, HttpCase):
    """The page of a line: every step of it, and what is wrong with it."""

    def open(self, url, user=None, **kwargs):
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url, **kwargs)

    def send(self, action, **data):
        return self.url_open(
            f"/my/commissions/{self.large.id}/{action}",
            data={"csrf_token": http.Request.csrf_token(self), **data},
            allow_redirects=False,
        )

    def test_a_line_is_disputed_and_withdrawn(self):
        page = self.open(f"/my/commissions/{self.large.id}", self.finance)
        self.assertIn("o_partner_channel_object", page.text)
        answer = self.send("dispute", comment="It was 3,000")
        self.assertEqual(answer.status_code, 303)
        dispute = self.Dispute.search([])
        self.assertEqual(dispute.comment, "It was 3,000")
        text = self.open(f"/my/commissions/{self.large.id}").text
        self.assertIn("o_partner_channel_dispute", text)
        self.assertNotIn("o_partner_channel_object", text)
        page = self.open(f"/my/statements/{self.statement.id}")
        self.assertIn("In dispute", page.text)
        self.assertIn("all lines but those in dispute", " ".join(page.text.split()))
        self.assertEqual(self.send("withdraw").status_code, 303)
        self.assertEqual(dispute.state, "withdrawn")

    def test_a_bad_comment_is_shown_again_with_what_is_wrong(self):
        self.open(f"/my/commissions/{self.large.id}", self.finance)
        for comment, said in (
            ("  ", "tell us what is wrong"),
            ("<script>alert(1)</script>", "&lt;script&gt;"),
            ("x" * 2001, "invalid-feedback"),
        ):
            page = self.send("dispute", comment=comment)
            self.assertEqual(page.status_code, 200)
            self.assertIn(said, page.text)
            self.assertNotIn("<script>alert(1)", page.text)
        self.assertFalse(self.Dispute.search([]))

    def test_the_answer_is_shown_once_it_is_given(self):
        dispute = self._dispute()
        url = f"/my/commissions/{self.large.id}"
        dispute.with_user(self.manager).answer_draft = "Not yet decided"
        self.assertNotIn("Not yet decided", self.open(url, self.finance).text)
        self._decide(dispute, "action_answer", "It was 2,000")
        page = self.open(url)
        self.assertIn("It was 2,000", page.text)
        self.assertIn("Object to the answer", " ".join(page.text.split()))

    def test_strangers_find_no_line(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        url = f"/my/commissions/{self.large.id}"
        for user in (seller, rival):
            self.assertEqual(self.open(url, user).status_code, 404)
            self.assertEqual(self.send("dispute", comment="x").status_code, 404)
            self.assertEqual(self.send("withdraw").status_code, 404)
        self.assertEqual(self.open("/my/commissions/999999999").status_code, 404)
        self.assertFalse(self.Dispute.search([]))
