"""Odoo's predictive lead scoring learns from tier, registration and qualification."""

from odoo.tests import tagged

from .qualification_case import QualificationCase

_VARIABLES = (
    "partner_assigned_id",
    "channel_grade_id",
    "membership_id",
    "qualification_band",
)


@tagged("post_install", "-at_install")
class TestPrediction(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.qualification_required = False
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("crm.pls_fields", ",".join(_VARIABLES))
        parameters.set_param("crm.pls_start_date", "2000-01-01")
        cls.team = cls.env["crm.team"].create({"name": "Predicted"})
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Price"})

    def _lead(self, band, **values):
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "type": "opportunity", "team_id": self.team.id, **values}
        )
        lead._set_protected({"qualification_band": band})
        return lead

    def test_the_variables_can_be_chosen(self):
        fields = self.env["crm.lead.scoring.frequency.field"].search([])
        names = fields.mapped("field_id.name")
        self.assertLessEqual({*_VARIABLES}, {*names})
        self.assertNotIn("registration_state", names, "it follows from the end")
        leads = self.env["crm.lead"]
        for name in _VARIABLES:
            self.assertTrue(leads._fields[name].store, name)
            self.assertIn(leads._fields[name].type, ("many2one", "selection"))

    def test_a_good_qualification_is_learnt(self):
        for number in range(12):
            good, poor = self._lead("high"), self._lead("poor")
            good.action_set_won()
            poor.action_set_lost(lost_reason_id=self.lost_reason.id)
            if number % 4 == 0:
                self._lead("high").action_set_lost(lost_reason_id=self.lost_reason.id)
        good, poor = self._lead("high"), self._lead("poor")
        self.env["crm.lead"]._cron_update_automated_probabilities()
        self.env.invalidate_all()
        learnt = self.env["crm.lead.scoring.frequency"].search(
            [("variable", "=", "qualification_band"), ("team_id", "=", self.team.id)]
        )
        self.assertEqual(set(learnt.mapped("value")), {"high", "poor"})
        # 12 of 12 won ones beside 3 of 15 lost ones, a tenth added to each
        self.assertAlmostEqual(good.automated_probability, 79.6, delta=0.1)
        self.assertLess(poor.automated_probability, 20)

    def test_the_tier_is_that_of_the_day(self):
        gold, silver = self._grade("Gold"), self._grade("Silver")
        self.northwind._set_protected({"grade_id": gold.id})
        first = self._register(self.northwind, partner_name="Zen", customer_vat="")
        self.northwind._set_protected({"grade_id": silver.id})
        second = self._register(self.northwind, partner_name="Yes", customer_vat="")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            (first | second).mapped("channel_grade_id.name"), ["Gold", "Silver"]
        )
        own = self.env["crm.lead"].create({"name": "Own"})
        self.assertFalse(own.channel_grade_id)
