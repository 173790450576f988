from unittest.mock import patch

from odoo.tests import tagged

from .common import PortalFormCase

_KNOWN = {
    "partner_name": "Known Customer GmbH",
    "customer_vat": "DE136695976",
    "website": "https://www.known-customer.example",
    "email_from": "jane@known-customer.example",
}
_NEW = {
    "partner_name": "Stranger GmbH",
    "customer_vat": "DE123456788",
    "website": "https://www.stranger.example",
    "email_from": "jane@stranger.example",
}
_SECRETS = ("Secret", "SO-SECRET", "already", "customer of", "conflict", "similar")


@tagged("post_install", "-at_install")
class TestRegistrationBlind(PortalFormCase):
    """A partner learns nothing of what the vendor knows, by words or by work done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.alpha_membership.company_id
        customer = cls.env["res.partner"].create(
            {
                "name": "Known Customer (Secret)",
                "is_company": True,
                "vat": _KNOWN["customer_vat"],
                "website": _KNOWN["website"],
            }
        )
        cls.env["sale.order"].create(
            {
                "name": "SO-SECRET",
                "partner_id": customer.id,
                "company_id": company.id,
            }
        )
        cls.env["crm.lead"].create(
            {
                "name": "Secret call",
                "email_from": _KNOWN["email_from"],
                "partner_name": _KNOWN["partner_name"],
                "company_id": company.id,
            }
        )
        rival = cls._create_deals(
            cls.rival, submit=True, **{**_KNOWN, "name": "Secret deal"}
        )
        rival._approve_registration()

    def _save(self, values, submit=True):
        """Return the registration, the errors and the number of queries."""
        self.env.flush_all()
        self.env.invalidate_all()
        leads = self.as_user(self.env["crm.lead"], self.seller)
        before = self.cr.sql_log_count
        lead, errors = leads._portal_save_registration(values, submit=submit)
        self.env.flush_all()
        return lead, errors, self.cr.sql_log_count - before

    def test_a_known_customer_costs_the_same_work_as_a_new_one(self):
        warm = {key: value.replace("nger", "nge") for key, value in _NEW.items()}
        self._save(self.form_values(**{**warm, "customer_vat": ""}))
        known, errors, known_queries = self._save(self.form_values(**_KNOWN))
        self.assertEqual(errors, {})
        new, errors, new_queries = self._save(self.form_values(**_NEW))
        self.assertEqual(errors, {})
        self.assertEqual(known_queries, new_queries)
        # the vendor does see the difference
        self.assertTrue(known.sudo().has_conflict)
        self.assertFalse(new.sudo().has_conflict)
        self.assertTrue(known._find_known_customers()[known.id])
        self.assertFalse(new._find_known_customers()[new.id])

    def test_what_the_vendor_knows_is_not_looked_up_for_a_partner(self):
        Lead = type(self.env["crm.lead"])
        with (
            patch.object(Lead, "_find_similar", side_effect=AssertionError),
            patch.object(Lead, "_find_known_customers", side_effect=AssertionError),
            patch.object(Lead, "_find_candidates", side_effect=AssertionError),
        ):
            _lead, errors, _queries = self._save(self.form_values(**_KNOWN))
            self.assertEqual(errors, {})
            self.login(self.seller)
            answer = self.send_form(**{**_KNOWN, "partner_name": "Known Customer"})
            self.assertEqual(answer.status_code, 303)

    def test_error_texts_are_the_same_for_known_and_new_customers(self):
        wrong = {"expected_revenue": "many", "email_from": "no address"}
        texts = []
        for values in (_KNOWN, _NEW):
            _lead, errors, _queries = self._save(
                self.form_values(**{**values, **wrong})
            )
            self.assertTrue(errors)
            texts.append(errors)
        self.assertEqual(*texts)
        self._assert_silent(" ".join(map(str, texts[0].values())))

    def test_what_a_partner_reads_of_its_deal_is_the_same(self):
        remarks = []
        for values in (_KNOWN, _NEW):
            lead, _errors, _queries = self._save(self.form_values(**values))
            bodies = lead.sudo().message_ids.filtered(
                lambda message: not message.subtype_id.internal
            )
            remarks.append([str(body) for body in bodies.mapped("body")])
            self._assert_silent(" ".join(remarks[-1]))
        self.assertEqual(*remarks)

    def test_the_vendors_methods_refuse_a_partner_alike(self):
        refusals = []
        for values in (_KNOWN, _NEW):
            lead, _errors, _queries = self._save(self.form_values(**values))
            for name in ("action_review_customer", "action_registration_approve"):
                with self.assertRaises(Exception) as refused:
                    getattr(self.as_user(lead, self.seller), name)()
                refusals.append(str(refused.exception))
                self._assert_silent(str(refused.exception))
        self.assertEqual(refusals[:2], refusals[2:])

    def _assert_silent(self, text):
        for secret in (*_SECRETS, self.beta.name, self.rival.name):
            self.assertNotIn(secret.casefold(), text.casefold())
