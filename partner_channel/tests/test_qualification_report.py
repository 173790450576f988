"""What the report says of returned, agreement, conversion and the prediction."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationReport(QualificationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.qualification_threshold = 0
        cls.other = cls._register(
            cls.contoso, partner_name="Zen", customer_vat="", website=""
        )
        cls.open = cls._register(
            cls.northwind, partner_name="Yes Ltd", customer_vat="", website=""
        )

    def _read(self, sheet, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["crm.lead.qualification.report"].with_user(user or self.head)
        return report.browse(sheet.id)

    def test_rates_by_hand(self):
        second = self.other.qualification_id
        self._sign()
        self._row("Budget").write({"remark": "Why?"})
        self.sheet._return()
        self._qualify()
        self.sheet._set_protected({"predicted_verified": 100})
        self._sign(second)
        self._answer_vendor(self.head, second)
        self._row("Need named", sheet=second).write({"value_yesno": "no"})
        second.reject_reason = "No need"
        second._reject()
        second._set_protected({"predicted_verified": 39.9})
        self.lead._approve_registration()
        self._sign(self.open.qualification_id)
        row = self._read(self.sheet)
        # partner (2 × 100 + 50) / 5, vendor (2 × 100 + 100) / 6, of what is shared / 5
        self.assertEqual((row.partner_score, row.vendor_score), (50.0, 50.0))
        self.assertEqual(
            (row.returned_rate, row.agreement, row.conversion_rate, row.score_band),
            (100.0, 90.0, 100.0, "good"),
        )
        self.assertEqual((row.predicted, row.predicted_tenth), (100.0, "09"))
        row = self._read(second)
        # 100 / 6; 100 / 5 beside 50
        self.assertEqual(
            (row.returned_rate, row.agreement, row.conversion_rate, row.score_band),
            (0.0, 70.0, 0.0, "poor"),
        )
        self.assertEqual(row.predicted_tenth, "03")
        row = self._read(self.open.qualification_id)
        self.assertEqual((row.returned_rate, row.score_band), (0.0, False))
        groups = row.search([("program_id", "=", self.program.id)])._read_group(
            [("program_id", "=", self.program.id)],
            [],
            ["returned_rate:avg", "agreement:avg", "conversion_rate:avg"],
        )
        self.assertEqual([round(v, 1) for v in groups[0]], [33.3, 80.0, 50.0])

    def test_a_rejection_without_an_answer_has_no_score(self):
        self._sign()
        self.sheet.reject_reason = "No budget"
        self.sheet._reject()
        row = self._read(self.sheet)
        self.assertEqual((row.vendor_score, row.score_band), (0.0, False))
        [[agreement]] = row._read_group([("id", "=", row.id)], [], ["agreement:avg"])
        self.assertFalse(agreement, "0 would be disagreement")

    def test_agreement_is_of_what_both_could_answer(self):
        self._sign()
        self._answer_vendor()
        self._row("Bad credit").write({"value_yesno": "yes"})
        self.sheet._qualify()
        row = self._read(self.sheet)
        # vendor 300 / 5, with the internal question 400 / 6; partner 250 / 5
        self.assertEqual((row.vendor_score, row.agreement), (66.67, 90.0))

    def test_the_end_of_a_deal_is_told_beside_the_prediction(self):
        self._qualify()
        predicted = self.sheet.predicted_verified
        self.assertGreaterEqual(predicted, 0)
        self.lead._approve_registration()
        self.lead.action_set_won()
        row = self._read(self.sheet)
        self.assertEqual(row.win_rate, 100.0)
        self.assertEqual(row.predicted, predicted, "as it was, not the 100 % of now")

    def test_who_reads_it(self):
        second = self.other.qualification_id
        self.assertTrue(self._read(self.sheet, self.manager).has_access("read"))
        self.assertFalse(self._read(second, self.manager).has_access("read"))
        with self.assertRaises(AccessError):
            self._read(self.sheet, self.seller).read(["vendor_score"])
