from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestAccess(PartnerChannelCommon):
    def test_a_channel_manager_works_with_own_partners(self):
        mine, others = (
            self._register(self.northwind),
            self._register(
                self.contoso, partner_name="Else", customer_vat="", website=""
            ),
        )
        self.contoso.partner_id.user_id = self.other_manager
        visible = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .search([("registration_state", "!=", False)])
        )
        self.assertIn(mine, visible)
        self.assertNotIn(others, visible)
        with self.assertRaises(AccessError):
            others.with_user(self.manager).action_registration_approve()
        with self.assertRaises(AccessError):
            self.contoso.with_user(self.manager).action_suspend()
        others.with_user(self.head).action_registration_approve()
        self.assertEqual(others.registration_state, "approved")

    def test_a_channel_manager_attributes_deals_to_own_partners(self):
        """Attribution is money: nobody gives it to partners of another manager."""
        lead = self._register(self.northwind)
        Role = self.env["partner.deal.role"].with_user(self.manager)
        values = {"lead_id": lead.id, "role": "sold", "share": 10}
        Role.create({**values, "membership_id": self.northwind.id})
        with self.assertRaises(AccessError):
            Role.create({**values, "membership_id": self.contoso.id})
        self.env["partner.deal.role"].with_user(self.head).create(
            {**values, "membership_id": self.contoso.id}
        )

    def test_a_salesperson_without_channel_rights_decides_nothing(self):
        salesman = self._create_user("sam.sales", "sales_team.group_sale_manager")
        lead = self._register(self.northwind)
        with self.assertRaises(AccessError):
            lead.with_user(salesman).action_registration_approve()
        with self.assertRaises(AccessError):
            self.northwind.with_user(salesman).action_suspend()

    def test_another_companys_memberships_are_out_of_sight(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        lead = self._register(elsewhere)
        for record in (elsewhere, lead):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.head).read(["id", "display_name"])

    def test_partner_staff_read_their_own_company_only(self):
        mine = self.env["partner.membership"].with_user(self.seller).search([])
        self.assertEqual(mine, self.northwind)
        lead = self._register(self.contoso)
        with self.assertRaises(AccessError):
            lead.with_user(self.seller).read(["name"])
        own = self._register(self.northwind)
        own.with_user(self.seller).read(["name", "registration_state"])
        for name in ("conflict_lead_ids", "claim_ids", "deal_role_ids", "has_conflict"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.with_user(self.seller).read([name])

    def test_partner_staff_see_nothing_once_terminated(self):
        self.northwind.action_terminate()
        self.assertFalse(
            self.env["partner.membership"].with_user(self.seller).search([])
        )

    def test_partner_staff_decide_nothing(self):
        lead = self._register(self.northwind)
        as_seller = lead.with_user(self.seller)
        for name in (
            "action_registration_approve",
            "action_registration_submit",
            "action_registration_withdraw",
        ):
            with self.subTest(method=name), self.assertRaises(AccessError):
                getattr(as_seller, name)()
        with self.assertRaises(AccessError):
            self.northwind.with_user(self.seller).action_activate()
        with self.assertRaises(AccessError):
            self.env["crm.lead.registration.decide"].with_user(self.seller).create(
                {"lead_ids": [Command.set(lead.ids)], "decision": "reject"}
            )
        for model in (
            "partner.deal.claim",
            "partner.deal.role",
            "partner.registration.log",
            "partner.registration.chain",
            "partner.tier.review",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.seller).search([])


@tagged("post_install", "-at_install")
class TestRemoteCalls(PartnerChannelCommon, HttpCase):
    def _call(self, model, method, args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        )
        return response.json()

    def test_a_context_from_outside_opens_nothing(self):
        """The mark of our own moves is an object; JSON can only send text."""
        lead = self._register(self.northwind, submit=False)
        self.authenticate(self.head.login, self.head.login)
        self.enterContext(mute_logger("odoo.http"))
        answer = self._call(
            "crm.lead",
            "write",
            [lead.ids, {"registration_state": "approved"}],
            context={"channel_state_move": True},
        )
        self.assertIn("AccessError", str(answer["error"]))
        answer = self._call(
            "partner.registration.log",
            "create",
            [[{"event": "won"}]],
            context={"channel_log_append": "1"},
        )
        self.assertIn("AccessError", str(answer["error"]))
        self.env.invalidate_all()
        self.assertEqual(lead.registration_state, "draft")

    def test_defaults_from_outside_decide_nothing(self):
        seller = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        self.authenticate(seller.login, seller.login)
        answer = self._call(
            "crm.lead",
            "create",
            [[{"name": "Forged"}, {"name": "Forged too"}]],
            context={
                "default_registration_state": "approved",
                "default_membership_id": self.northwind.id,
                "default_date_protection_end": "2099-12-31",
            },
        )
        leads = self.env["crm.lead"].browse(answer["result"])
        self.assertEqual(len(leads), 2)
        self.assertFalse(leads.filtered("registration_state"))
        self.assertFalse(leads.membership_id)

    def test_a_channel_manager_does_not_move_the_day_of_a_decision(self):
        review = (
            self.env["partner.tier.review"]
            ._with_state_move()
            .create(
                {
                    "membership_id": self.northwind.id,
                    "date": "2026-01-01",
                    "date_effective": "2026-04-01",
                    "grade_to_id": self._grade("Registered").id,
                    "decision": "demote",
                    "state": "notice",
                }
            )
        )
        review = self.env["partner.tier.review"].browse(review.id)
        with self.assertRaises(AccessError):
            review.with_user(self.manager).date_effective = "3000-01-01"

    def test_a_portal_user_cannot_run_the_jobs(self):
        lead = self._register(self.northwind)
        lead._approve_registration()
        lead._set_protected({"date_protection_end": "2020-01-01"})
        self.authenticate(self.seller.login, self.seller.login)
        self.enterContext(mute_logger("odoo.http"))
        action = self.env.ref(
            "partner_channel.ir_cron_expire_registrations"
        ).ir_actions_server_id
        response = self.url_open(
            "/web/action/run",
            json={
                "params": {
                    "action_id": action.id,
                    "context": {
                        "active_model": "res.partner",
                        "active_id": self.seller.partner_id.id,
                    },
                }
            },
        )
        self.assertIn("error", response.json())
        self.env.invalidate_all()
        self.assertEqual(lead.registration_state, "approved")
