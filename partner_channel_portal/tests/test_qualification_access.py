"""Whose qualification it is: no rival, no distributor, no remote call."""

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .qualification_case import SECRET, QualificationPortalCase


@tagged("post_install", "-at_install")
class TestQualificationAccess(QualificationPortalCase):
    def test_a_foreign_lead_is_not_there(self):
        for user, status in (
            (self.rival, 404),
            (self.seller2, 404),
            (self.norole, 404),
            (self.viewer, 403),
        ):
            self.login(user)
            with self.subTest(user.login), mute_logger("odoo.http"):
                self.assertEqual(self._send({self.need: "no"}).status_code, status)
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
        page = self._get(lead).text
        self.assertIn("Need named?", page)
        self.assertIn(f'"/my/lead/{lead.id}"', page, "it is none of the deals")
        link = f'href="/my/deals/{lead.id}/qualification"'
        page = self.url_open(f"/my/lead/{lead.id}").text
        self.assertIn(link, page)
        self.assertIn("Qualify the deal", page)
        ways = html.fromstring(page).xpath("//main//a[@data-bs-toggle='modal']/@title")
        self.assertEqual(ways, ["I'm not interested"], "it has said it is")
        answer = self._send({self.need: "yes"}, "sign", lead, signed_name="Sam")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.sheet.state, "partner_qualified")
        self.assertIn(
            "See the qualification", self.url_open(f"/my/lead/{lead.id}").text
        )
        self.login(self.rival)
        with mute_logger("odoo.http"):
            self.assertEqual(self._get(lead).status_code, 404)

    def test_an_opportunity_that_was_given_leads_to_it(self):
        values = {"name": "Given", "partner_assigned_id": self.alpha.id}
        opportunity = self.env["crm.lead"].create({**values, "type": "opportunity"})
        self.login(self.seller)
        link = f'href="/my/deals/{opportunity.id}/qualification"'
        self.assertIn(link, self.url_open(f"/my/opportunity/{opportunity.id}").text)
        page = self._get(opportunity).text
        self.assertIn("Need named?", page)
        self.assertIn(f'"/my/opportunity/{opportunity.id}"', page)
        opportunity._end_qualifications()
        page = self.url_open(f"/my/opportunity/{opportunity.id}").text
        self.assertNotIn(link, page)
        self.assertIn("Given", page)

    def test_the_home_page_asks_while_somebody_waits(self):
        """Also people of partners that are in no program and register nothing."""
        partner = self.env["res.partner"].create({"name": "Epsilon", "is_company": 1})
        user = self._create_staff(partner, "epsilon", None)
        self.template.program_id = False
        values = {"name": "Given", "type": "lead", "partner_assigned_id": partner.id}
        lead = self.env["crm.lead"].create(values)
        lead.action_qualification()
        Partner = self.env["res.partner"].with_user(user)
        nothing = self.env["partner.membership"]

        def read():
            actions = Partner._get_portal_home_actions(nothing, {})
            return [action["title"] for action in actions]

        self.assertEqual(read(), ["Qualify deals (1)"])
        lead._waive_qualification("Known customer")
        self.assertEqual(read(), [], "nobody waits for what was let through")
        lead._end_qualifications()
        lead.action_qualification()
        self.assertEqual(read(), ["Qualify deals (1)"])
        lead.action_set_lost()
        self.assertEqual(read(), [])

    def test_choices_are_those_that_were_asked(self):
        later = self.env["qualification.option"].create(
            {"name": "Huge", "points": 100, "criterion_id": self.size.id}
        )
        self.login(self.seller)
        self.assertNotIn("Huge", self._get().text)
        answer = self._send({self.size: str(later.id)})
        self.assertIn(f"deal_answer_{self.size.id}_error", answer.text)

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
            ("crm.lead.qualification.contact", "search_read", [[]]),
            (
                "crm.lead.qualification.contact",
                "create",
                [{"sheet_id": self.sheet.id, "channel": "call"}],
            ),
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
