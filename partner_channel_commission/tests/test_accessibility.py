"""WCAG 2.1 AA, and what fits on a small phone: the pages of a partner's money."""

from odoo.tests import HttpCase, tagged

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin
from odoo.addons.partner_channel_portal.tests.language_case import LanguageMixin

from .dispute_common import JULY, DisputeCommon

#: a desk's screen and a phone's; what fits on the narrow one fits on both
PAGES = {"widths": ("1280px", "390px"), "narrow": "360px"}


@tagged("post_install", "-at_install")
class TestCommissionAccessibility(DisputeCommon, HttpCase, AxeMixin, LanguageMixin):
    """Lines, a line to object to, statements in each state, invoice, terms."""

    browser_size = "1366x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newcomer = cls._create_staff(cls.beta, "newcomer", "owner")
        statement = cls.statement.with_user(cls.finance)
        statement._portal_dispute(cls.middle.id, "It was 3,000")
        statement._portal_dispute(cls.small.id, "It was 1,000")
        refused = cls.Dispute.search([("entry_id", "=", cls.small.id)])
        refused.with_user(cls.manager).write({"answer_draft": "See your order."})
        refused.with_user(cls.manager).action_refuse()
        # one to be invoiced, one that is paid
        cls._invoice_partner(cls.alpha, 1000, date="2026-07-10")
        cls.waiting = cls.Statement._create_statements(cls.company, *JULY)
        cls.waiting.action_send()
        cls.waiting.action_accept()

    def test_the_pages_of_the_money(self):
        statement = f"/my/statements/{self.statement.id}"
        self.assert_accessible(
            "/my/commissions",
            "/my/commissions?filterby=all&sortby=amount",
            "/my/commissions?search=nothing",
            *(
                f"/my/commissions/{entry.id}"
                for entry in (self.small, self.middle, self.large)
            ),
            "/my/commissions/how?amount=2500",
            "/my/commissions/self-billing",
            "/my/statements",
            statement,
            f"/my/statements/{self.waiting.id}?accepted=1",
            f"/my/statements/{self.waiting.id}/invoice",
            "/my/home",
            login=self.finance.login,
            **PAGES,
        )

    def test_empty_pages(self):
        self.assert_accessible(
            "/my/commissions",
            "/my/statements",
            login=self.newcomer.login,
            **PAGES,
        )

    def test_in_russian(self):
        self.speak("ru_RU", self.finance)
        self.assert_accessible(
            "/ru/my/commissions",
            f"/ru/my/commissions/{self.large.id}",
            f"/ru/my/statements/{self.statement.id}",
            f"/ru/my/statements/{self.waiting.id}/invoice",
            login=self.finance.login,
            **PAGES,
        )
