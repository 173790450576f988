from odoo import fields, models
from odoo.tools import SQL

from ..tools.qualification import BANDS


class CrmLeadQualificationReport(models.Model):
    """Qualifications and what became of their deals, one row a sheet.

    Rates are 0, 100 or nothing, so that their average over a group is the rate of it
    in percent:

    * returned: of those signed, those that came back at least once;
    * agreement: of those the vendor verified, 100 less the points between the scores,
      both without the internal questions; nothing where the vendor answered none;
    * the vendor's score: nothing where the vendor answered none, which is no 0;
    * converted: of those the vendor verified, those that became opportunities;
    * won: of the deals won or lost;
    * predicted: what Odoo's predictive lead scoring said when the vendor verified it.
      Beside *won*, by tenths, it tells how well the prediction is calibrated.
    """

    _name = "crm.lead.qualification.report"
    _description = "Qualification Analysis"
    _auto = False
    _order = "date_signed desc, id desc"
    _rec_name = "lead_id"
    _depends = {
        "crm.lead.qualification": [
            "company_id",
            "date_signed",
            "date_verified",
            "has_knockout",
            "has_vendor_answer",
            "is_current",
            "lead_id",
            "manager_id",
            "membership_id",
            "partner_id",
            "partner_score",
            "predicted_verified",
            "program_id",
            "returned_count",
            "shared_score",
            "state",
            "template_id",
            "vendor_score",
        ],
        "crm.lead": ["team_id", "type", "won_status"],
        "partner.membership": ["grade_id"],
    }

    lead_id = fields.Many2one("crm.lead", "Deal", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    program_id = fields.Many2one("partner.program", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    manager_id = fields.Many2one("res.users", "Channel Manager", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    template_id = fields.Many2one("qualification.template", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    is_current = fields.Boolean("Current", readonly=True)
    state = fields.Selection(
        lambda self: self.env["crm.lead.qualification"]._fields["state"].selection,
        readonly=True,
    )
    has_knockout = fields.Boolean("Ruled Out", readonly=True)
    date_signed = fields.Datetime("Signed On", readonly=True)
    hours_to_verify = fields.Float(readonly=True, aggregator="avg")
    partner_score = fields.Float(readonly=True, aggregator="avg")
    vendor_score = fields.Float(readonly=True, aggregator="avg")
    score_band = fields.Selection(
        lambda self: self.env["crm.lead"]._fields["qualification_band"].selection,
        "Vendor's Score",
        readonly=True,
    )
    returned_rate = fields.Float("Returned (%)", readonly=True, aggregator="avg")
    agreement = fields.Float("Agreement (%)", readonly=True, aggregator="avg")
    conversion_rate = fields.Float("Converted (%)", readonly=True, aggregator="avg")
    win_rate = fields.Float("Won (%)", readonly=True, aggregator="avg")
    predicted = fields.Float("Predicted (%)", readonly=True, aggregator="avg")
    predicted_tenth = fields.Selection(
        [(f"{n:02d}", f"{n * 10}–{n * 10 + 10} %") for n in range(10)],
        "Predicted, by Tenths",
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT sheet.id, sheet.lead_id, sheet.partner_id, sheet.program_id,
                   membership.grade_id, sheet.manager_id, lead.team_id,
                   sheet.template_id, sheet.company_id, sheet.is_current, sheet.state,
                   sheet.has_knockout, sheet.date_signed, sheet.partner_score,
                   CASE WHEN sheet.has_vendor_answer THEN sheet.vendor_score END
                       AS vendor_score,
                   EXTRACT(EPOCH FROM sheet.date_verified - sheet.date_signed) / 3600
                       AS hours_to_verify,
                   %(band)s AS score_band,
                   %(rates)s
              FROM crm_lead_qualification sheet
              JOIN crm_lead lead ON lead.id = sheet.lead_id
         LEFT JOIN partner_membership membership
                ON membership.id = sheet.membership_id
            """,
            band=self._get_band(),
            rates=self._get_rates(),
        )

    def _get_band(self):
        """Return the SQL of the band of the vendor's score, once it has verified.

        What was rejected without an answer has no score: its 0 is none.
        """
        cases = SQL(" ").join(
            SQL("WHEN sheet.vendor_score >= %s THEN %s", least, band)
            for band, least in BANDS
        )
        return SQL(
            "CASE WHEN sheet.date_verified IS NULL OR NOT sheet.has_vendor_answer"
            " THEN NULL %s END",
            cases,
        )

    def _get_rates(self):
        return SQL(
            """
            CASE WHEN sheet.date_signed IS NULL THEN NULL
                 WHEN sheet.returned_count > 0 THEN 100.0
                 ELSE 0.0 END AS returned_rate,
            CASE WHEN sheet.date_verified IS NOT NULL AND sheet.has_vendor_answer
                 THEN 100 - ABS(sheet.shared_score - sheet.partner_score)
                 END AS agreement,
            CASE WHEN sheet.date_verified IS NULL THEN NULL
                 WHEN lead.type = 'opportunity' THEN 100.0
                 ELSE 0.0 END AS conversion_rate,
            CASE WHEN lead.won_status = 'won' THEN 100.0
                 WHEN lead.won_status = 'lost' THEN 0.0
                 END AS win_rate,
            CASE WHEN sheet.date_verified IS NOT NULL
                 THEN sheet.predicted_verified END AS predicted,
            CASE WHEN sheet.date_verified IS NOT NULL
                 THEN LPAD(LEAST(FLOOR(sheet.predicted_verified / 10), 9)::text, 2, '0')
                 END AS predicted_tenth
            """
        )
