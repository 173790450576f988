from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import SQL, file_path, mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestMigration(PartnerChannelCommon):
    def _migrate(self):
        path = "partner_channel/migrations/19.0.1.0.1/post-migration.py"
        load_script(file_path(path), "post-migration").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _name_as_before(self, lead, value):
        claim = lead.claim_ids.filtered(lambda claim: claim.kind == "name")
        claim.value = value
        self.env.flush_all()

    def test_keys_in_force_are_renewed(self):
        names = {"partner_name": "Ромашка", "customer_vat": "", "website": ""}
        first = self._register(self.northwind, **names)
        first._approve_registration()
        period = first.claim_ids.date_from, first.claim_ids.date_to
        key = first.claim_ids.value
        self._name_as_before(first, "ромашка")
        twin = self._register(self.contoso, **{**names, "partner_name": "Pомашка"})
        self._name_as_before(twin, "pомашка")
        twin._approve_registration()
        with mute_logger("odoo.sql_db", "post-migration"):
            self._migrate()
        # one of the two has the key; the other one keeps what it was protected with
        claims = (first | twin).claim_ids
        self.assertEqual(set(claims.mapped("state")), {"protected"})
        self.assertEqual(set(claims.mapped("value")), {key, "pомашка"})
        self.assertEqual((first.claim_ids.date_from, first.claim_ids.date_to), period)

    def _migrate_keys(self):
        path = "partner_channel/migrations/19.0.1.2.0/post-migrate_claim_keys.py"
        script = load_script(file_path(path), "post-migrate_claim_keys")
        script.migrate(self.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def test_keys_without_legal_form_ask_a_person_where_two_become_one(self):
        names = {"customer_vat": "", "website": ""}
        first = self._register(self.northwind, partner_name="Ромашка ООО", **names)
        first._approve_registration()
        first.claim_ids.filtered(lambda claim: claim.value == "romashka").unlink()
        first.claim_ids.value = "ромашка ооо"
        self.env.flush_all()
        twin = self._register(self.contoso, partner_name="Romashka", **names)
        twin._approve_registration()
        pending = self._register(self.contoso, partner_name="Acme GmbH", **names)
        pending.claim_ids.filtered(lambda claim: claim.value == "acme").unlink()
        twin.claim_ids.value = "romashka co"
        self.env.flush_all()
        for _turn in range(2):
            with mute_logger("odoo.sql_db", "post-migrate_claim_keys"):
                self._migrate_keys()
            self.assertEqual(
                set(first.claim_ids.mapped("value")), {"romashka ooo", "romashka"}
            )
            self.assertEqual(twin.claim_ids.mapped("value"), ["romashka co"])
            self.assertEqual(twin.claim_ids.state, "protected")
            self.assertEqual(
                set(pending.claim_ids.mapped("value")), {"acme gmbh", "acme"}
            )
        self.assertTrue(
            twin.activity_ids.filtered(lambda a: "one customer" in a.summary)
        )

    def test_partners_no_longer_follow_programs(self):
        self.program.message_subscribe(
            (self.seller.partner_id | self.head.partner_id).ids
        )
        self._migrate()
        self.assertIn(self.head.partner_id, self.program.message_partner_ids)
        self.assertNotIn(self.seller.partner_id, self.program.message_partner_ids)

    def test_checks_that_no_addon_makes_are_taken_away(self):
        rules = self.env["partner.program.eligibility"].create(
            [
                {"program_id": self.program.id, "code": code}
                for code in ("territory", "public_tender", "no_agreement")
            ]
        )
        lead = self._register(self.northwind)
        lead._write_evidence()
        # as an addon that is gone has left them
        self.env.flush_all()
        for table in ("partner_program_eligibility", "partner_registration_evidence"):
            self.cr.execute(
                SQL(
                    "UPDATE %s SET code = 'unknown' WHERE code = 'territory'",
                    SQL.identifier(table),
                )
            )
        self.env.invalidate_all()
        path = "partner_channel/migrations/19.0.1.4.0/end-migrate_checks.py"
        script = load_script(file_path(path), "end-migrate_checks")
        for _turn in range(2):
            script.migrate(self.cr, "19.0.1.3.0")
            self.env.invalidate_all()
            self.assertEqual(rules.exists(), rules[1:])
            self.assertEqual(
                set(lead.evidence_ids.mapped("code")), {"public_tender", "no_agreement"}
            )

    def test_of_several_accepted_offers_of_a_lead_the_last_one_stays(self):
        Offer = self.env["partner.lead.offer"]
        first = self._offer_lead(self.northwind, "2028-03-01")
        other = self._offer_lead(self.northwind, "2028-03-02")
        (first | other)._note_answer("accepted")
        self.env.flush_all()
        self.cr.execute("DROP INDEX partner_lead_offer_accepted_uniq")
        values = {"lead_id": first.lead_id.id, "partner_id": self.contoso.partner_id.id}
        last = Offer.create({**values, "date_offered": "2028-03-03"})
        last._note_answer("accepted")
        self.env.flush_all()
        self.cr.execute(
            SQL(
                "UPDATE crm_lead SET partner_assigned_id = %s WHERE id = %s",
                self.contoso.partner_id.id,
                first.lead_id.id,
            )
        )
        path = "partner_channel/migrations/19.0.1.6.0/pre-migrate_lead_offers.py"
        script = load_script(file_path(path), "pre-migrate_lead_offers")
        for _turn in range(2):
            script.migrate(self.cr, "19.0.1.4.0")
            self.env.invalidate_all()
            self.assertEqual(
                (first | last | other).mapped("state"),
                ["withdrawn", "accepted", "accepted"],
            )

    def test_accepted_offers_of_former_partners_hold_no_longer(self):
        Offer = self.env["partner.lead.offer"]
        partner, rival = self.northwind.partner_id, self.contoso.partner_id
        moved, given_back, elsewhere, contact, kept = offers = Offer.concat(
            *(self._offer_lead(self.northwind, f"2028-03-0{n}") for n in range(1, 6))
        )
        offers._note_answer("accepted")
        self.env.flush_all()
        values = {"lead_id": moved.lead_id.id, "partner_id": rival.id}
        open_offer = Offer.create({**values, "date_offered": "2028-03-06"})
        # as it was written before: nothing was taken back after an answer
        for offer, assigned in (
            (given_back, None),
            (elsewhere, rival.id),
            (contact, self.seller.partner_id.id),
        ):
            self.cr.execute(
                SQL(
                    "UPDATE crm_lead SET partner_assigned_id = %s WHERE id = %s",
                    assigned,
                    offer.lead_id.id,
                )
            )
        self.assertEqual(kept.lead_id.partner_assigned_id, partner)
        path = "partner_channel/migrations/19.0.1.6.0/pre-migrate_lead_offers.py"
        script = load_script(file_path(path), "pre-migrate_lead_offers")
        for _turn in range(2):
            script.migrate(self.cr, "19.0.1.5.0")
            self.env.invalidate_all()
            self.assertEqual(
                offers.mapped("state"),
                ["withdrawn", "withdrawn", "withdrawn", "accepted", "accepted"],
            )
            self.assertEqual(open_offer.state, "offered")
