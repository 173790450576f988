import io
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfReader

from .common import POSTING, CommissionCommon

MAIL = "odoo.addons.partner_channel_commission.models.commission_mail_mixin"


@tagged("post_install", "-at_install")
class TestStatementMail(CommissionCommon, HttpCase):
    """The e-mail that sends a statement carries it as PDF."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.accountant = cls._create_user("acc", "account.group_account_invoice")
        cls._invoice_partner(cls.alpha, 1000, date="2026-06-10")
        cls._invoice_partner(cls.beta, 2000, date="2026-06-10")
        cls.statements = cls.Statement._create_statements(
            cls.company, "2026-06-01", "2026-06-30"
        )
        cls.statement = cls.statements.filtered(lambda s: s.partner_id == cls.alpha)

    def _message(self, statement=None):
        return (statement or self.statement).message_ids.filtered(
            lambda message: message.message_type == "comment"
        )

    def test_the_real_pdf_is_attached_in_the_language_of_the_partner(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() != "ok":
            self.skipTest("wkhtmltopdf is not installed")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.alpha.lang = "fr_FR"
        real = self.statement.with_context(force_report_rendering=True)
        bodies = self._watch_printing()
        real.with_user(self.accountant).action_send()
        message = self._message()
        self.assertEqual(message.notified_partner_ids, self.finance.partner_id)
        attachment = message.attachment_ids
        self.assertEqual(
            attachment.name, f"CS-2026-06-30-{self.alpha_member.id:05d}.pdf"
        )
        self.assertEqual(attachment.mimetype, "application/pdf")
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertEqual(mail.attachment_ids, attachment)
        self.assertEqual(len(PdfReader(io.BytesIO(attachment.raw)).pages), 1)
        # wkhtmltopdf may draw letters as lines, so what went in is read
        (body,) = bodies
        self.assertIn(self.statement.name, body)
        # as the French write it
        self.assertIn("30/06/2026", body)
        self.assertIn("50,00", body)

    def _watch_printing(self):
        """Return a list that gets what is printed."""
        report = type(self.env["ir.actions.report"])
        original, seen = report._run_wkhtmltopdf, []

        def watched(this, bodies, *args, **kwargs):
            seen.extend(str(body) for body in bodies)
            return original(this, bodies, *args, **kwargs)

        self.patch(report, "_run_wkhtmltopdf", watched)
        return seen

    def _send_as_pdf(self, statements, content=b"%PDF-1.4 of it"):
        """Send statements with a PDF that is made at once."""
        with patch.object(
            type(self.Statement), "_render_pdf", lambda _self: (content, "pdf")
        ):
            statements.action_send()

    def test_each_partner_gets_its_own(self):
        other = self.statements - self.statement
        self._send_as_pdf(self.statements)
        for statement in (self.statement, other):
            self.assertEqual(
                self._message(statement).attachment_ids.mapped("name"),
                [statement.name.replace("/", "-") + ".pdf"],
            )
        self.assertEqual(self._message(other).notified_partner_ids.ids, [])

    def test_the_partner_reads_it_in_the_portal(self):
        self._send_as_pdf(self.statement)
        attachment = self._message().attachment_ids
        found = attachment.with_user(self.finance)
        self.assertEqual(found.raw, b"%PDF-1.4 of it")
        rival = self._create_staff(self.beta, "rival", "owner")
        for user in (rival, self.seller):
            with self.assertRaises(AccessError):
                attachment.with_user(user).read(["raw"])

    def test_the_manager_writes_whoever_or_whatever_sends(self):
        manager = self._create_user(
            "cm", "partner_channel.group_channel_manager", email="cm@vendor.example"
        )
        self.statements.membership_id.manager_id = manager
        other = self.statements - self.statement
        self._send_as_pdf(self.statement.with_user(self.accountant))
        with patch(f"{MAIL}._AT_ONCE", 0):
            other.action_send()
        self.env.ref(
            "partner_channel_commission.ir_cron_mail_statements"
        ).method_direct_trigger()
        for statement in self.statements:
            message = self._message(statement)
            self.assertEqual(message.author_id, manager.partner_id)

    def test_without_a_pdf_it_is_sent_all_the_same_and_says_so(self):
        def refuse(_self):
            raise UserError(self.env._("No program to print with"))

        with patch.object(type(self.Statement), "_render_pdf", refuse):
            self.statement.action_send()
        self.assertEqual(self.statement.state, "sent")
        self.assertFalse(self._message().attachment_ids)
        notes = self.statement.message_ids.filtered(
            lambda message: "without PDF" in (message.body or "")
        )
        self.assertEqual(len(notes), 1)
        self.assertTrue(notes.is_internal)

    def test_many_are_written_to_by_the_job(self):
        with patch(f"{MAIL}._AT_ONCE", 1):
            self.statements.action_send()
        self.assertEqual(set(self.statements.mapped("state")), {"sent"})
        self.assertFalse(self._message())
        self.assertEqual(self.statements.mapped("is_mail_due"), [True, True])
        # who has accepted meanwhile is not asked to
        (self.statements - self.statement).action_accept()
        job = self.env.ref("partner_channel_commission.ir_cron_mail_statements")
        for _time in range(2):
            job.method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual(len(self._message()), 1)
        self.assertFalse(self._message(self.statements - self.statement))
        self.assertEqual(self.statements.mapped("is_mail_due"), [False, False])
        with self.assertRaises(AccessError), mute_logger("odoo.sql_db"):
            self.Statement.with_user(self.accountant)._cron_mail_statements()

    def test_nobody_says_by_hand_that_an_e_mail_is_due(self):
        with self.assertRaises(AccessError):
            self.statement.is_mail_due = True
