"""A person of another partner learns nothing, whatever model or method is called."""

import json
import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import ChannelPortalMixin
from .remote_ways import RemoteWalkMixin, get_ways

#: models partners read, each limited to what is their own; every other model of the
#: addons refuses a portal user. Who adds one here adds records of alpha below.
READABLE = {
    "partner.agreement",
    "partner.membership",
    "partner.program",
    "partner.team.member",
    "partner.tier.requirement",
}
SECRET = "Qzx-Secret"


@tagged("post_install", "-at_install")
class TestRivalLearnsNothing(TransactionCase, ChannelPortalMixin, RemoteWalkMixin):
    modules = ("partner_channel", "partner_channel_portal")
    readable = READABLE
    #: what of these all partners read alike, and how many models there are at least
    shared, least_models = frozenset(), 30

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.program.write({"runner_up_policy": "next", "record_months": 12})
        cls.env["partner.approval.rule"].create(
            {
                "name": SECRET,
                "program_id": cls.program.id,
                "approver_id": cls.manager.id,
            }
        )
        values = {
            "name": f"{SECRET} deal",
            "contact_name": f"{SECRET} person",
            "customer_vat": "DE136695976",
            "email_from": "jane@shared-customer.example",
            "phone": "+49 30 123456",
        }
        customer = {"partner_name": "Shared Customer GmbH"}
        cls.deal = cls._create_deals(cls.seller, **values, **customer)
        # through the portal the seller makes it, with the rights of the form
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_uid = %s WHERE id = %s",
            [cls.seller.id, cls.deal.id],
        )
        cls.deal.invalidate_recordset()
        cls.deal._submit_registration()
        cls.deal.with_user(cls.manager).action_registration_approve()
        cls.undecided = cls._create_deals(
            cls.seller, submit=True, partner_name=f"{SECRET} undecided"
        )
        cls.undecided._write_evidence()
        cls._leave_traces()
        cls.own = cls._create_deals(
            cls.rival,
            submit=True,
            partner_name="Shared Customer GmbH",
            email_from="joe@shared-customer.example",
            phone="+49 30 123456",
        )

    @classmethod
    def _leave_traces(cls):
        """Make a record of alpha of whatever a deal leaves behind."""
        person = cls.seller.partner_id
        cls.deal._request_extension(SECRET, person)
        cls.deal._post_update(SECRET, person=person)
        cls.env["partner.deal.verdict"]._judge_different(
            cls.deal, "res.partner", cls.beta.id, SECRET, SECRET
        )
        cls.deal.with_user(cls.manager).action_review_customer()
        cls.env["partner.customer.record"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": SECRET}).id,
                "membership_id": cls.alpha_membership.id,
            }
        )
        cls._sign_agreement(cls.alpha_membership, SECRET)
        cls._qualify_deal(cls.deal, SECRET)
        cls.offered = cls._offer_and_pool(cls.alpha_membership, SECRET)
        cls._use_asset(cls.deal, SECRET)
        cls.deal.message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": f"{SECRET}.txt",
                "raw": SECRET.encode(),
                "res_model": "crm.lead",
                "res_id": cls.deal.id,
            }
        )

    # === MODELS === #

    def _get_own_models(self):
        """Return the models the addons define, abstract ones left out."""
        return [
            self.env[name]
            for name, model in self.env.registry.items()
            if model._original_module in self.modules and not model._abstract
        ]

    @mute_logger("odoo.http")
    def test_no_model_is_open_to_a_partner_by_oversight(self):
        models = self._get_own_models()
        self.assertGreater(len(models), self.least_models)
        for model in models:
            if model._name in self.readable:
                continue
            ids = model.sudo().search([], limit=5).ids or [1]
            for method, (args, kwargs) in get_ways(model, ids).items():
                with self.subTest(model=model._name, method=method):
                    _answer, error = self._try(model._name, method, args, kwargs)
                    # exporting takes a right of its own, before that to the model
                    kind = UserError if method == "export_data" else AccessError
                    self.assertIsInstance(error, kind)
            with self.subTest(model=model._name, method="create"):
                _answer, error = self._try(model._name, "create", [{}])
                self.assertIsInstance(error, AccessError)

    def test_what_is_open_is_limited_to_ones_own(self):
        alphas = self.alpha_membership.ids
        for name in self.readable - self.shared:
            model = self.env[name]
            foreign = (
                alphas if name == "partner.membership" else self._get_foreign(model)
            )
            self.assertTrue(foreign, name)
            for method in ("read", "web_read", "export_data", "write", "unlink"):
                args, kwargs = get_ways(model, foreign)[method]
                with self.subTest(model=name, method=method):
                    _answer, error = self._try(name, method, args, kwargs)
                    self.assertIsInstance(error, UserError)
            answer, error = self._try(name, "search", [[("id", "in", foreign)]])
            self.assertFalse(error)
            self.assertEqual(answer, "[]", name)

    def _get_foreign(self, model):
        """Return ids of records of a program, or a partner, that is not beta's."""
        if model._name == "partner.team.member":
            domain = [
                ("commercial_partner_id", "=", self.alpha_membership.partner_id.id)
            ]
            return model.sudo().search(domain).ids
        if model._name == "partner.agreement":
            domain = [("membership_id", "=", self.alpha_membership.id)]
            return model.sudo().search(domain).ids
        program = self.env["partner.program"].create(
            {"name": SECRET, "company_id": self.vendor.id}
        )
        if model._name == "partner.program":
            return program.ids
        grade = self.env["res.partner.grade"].create(
            {"name": SECRET, "program_id": program.id}
        )
        return model.create(
            {"grade_id": grade.id, "metric": "channel_revenue", "threshold": 1}
        ).ids

    # === METHODS === #

    def test_no_public_method_tells_or_changes_anothers_record(self):
        """Every method of every model that holds something of alpha, on its records."""
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.deal.id)]
        )
        held = [
            self.deal | self.undecided,
            self.offered,
            self.alpha_membership,
            self.deal.message_ids,
            attachments,
            *(
                model.search([], limit=20)
                for model in self._get_own_models()
                if model._auto or model._table_query
            ),
        ]
        state = ("registration_state", "date_protection_end", "stage_id", "active")
        before = (self.deal | self.undecided).read(state)
        for records in held:
            for name in self._get_public_methods(records) if records else ():
                for args in ([records.ids], [records[:1].ids], []):
                    with self.subTest(model=records._name, method=name, args=args):
                        answer, error = self._try(records._name, name, args)
                        self.assertNotIn(SECRET, answer)
                        self.assertNotIn(SECRET, str(error or ""))
        self.assertEqual((self.deal | self.undecided).read(state), before)

    def test_the_own_deal_is_no_key_to_a_rivals(self):
        """What a public method says of one's own deal names no other one."""
        hidden = set((self.deal | self.undecided).ids)
        for name in self._get_public_methods(self.own):
            with self.subTest(method=name):
                answer, error = self._try("crm.lead", name, [self.own.ids])
                self.assertNotIn(SECRET, answer + str(error or ""))
                action = json.loads(answer or "0")
                if isinstance(action, dict) and action.get("res_model") == "crm.lead":
                    shown = re.findall(r"\d+", str(action.get("domain")))
                    self.assertFalse(hidden & {*map(int, shown), action.get("res_id")})

    def test_fields_of_the_own_deal_name_no_other_one(self):
        mine = self.own.with_user(self.rival).sudo(False)
        hidden = set((self.deal | self.undecided).ids)
        for name, field in mine._fields.items():
            try:
                with mute_logger("odoo.models"):
                    [values] = mine.read([name])
            except (AccessError, UserError):
                continue
            with self.subTest(field=name):
                self.assertNotIn(SECRET, str(values[name]))
                if field.relational and field.comodel_name == "crm.lead":
                    found = values[name] if isinstance(values[name], list) else []
                    self.assertFalse(hidden & set(found))

    def test_a_deal_handed_on_names_its_former_partner_nowhere(self):
        self.deal._transfer_registration(
            self.beta_membership, "Alpha left", self.rival.partner_id
        )
        for method, args in (
            *(("read", [self.deal.ids, [name]]) for name in self.deal._fields),
            ("get_metadata", [self.deal.ids]),
            ("web_read", [self.deal.ids, {"create_uid": {"fields": {"login": {}}}}]),
        ):
            with self.subTest(method=method, args=args[1:]):
                answer, _error = self._try("crm.lead", method, args)
                self.assertNotIn("Alpha", answer)
        for domain in (
            [("create_uid.login", "=", self.seller.login)],
            [("create_uid.partner_id.name", "ilike", "alpha")],
        ):
            answer, _error = self._try("crm.lead", "search", [domain])
            self.assertNotEqual(answer, str(self.deal.ids))
        messages = [("model", "=", "crm.lead"), ("res_id", "=", self.deal.id)]
        answer, _error = self._try("mail.message", "search_read", [messages])
        self.assertNotIn("Alpha", answer)
