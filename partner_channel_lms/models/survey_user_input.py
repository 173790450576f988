from odoo import api, models
from odoo.fields import Domain


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    @api.model
    def _get_proof_domain(self):
        """Return the domain of attempts that prove something.

        ``scoring_success`` alone is not enough: it is true for trial runs of
        the author, for attempts still open and for those nobody stands behind.

        :return: Domain on ``survey.user_input``
        """
        return (
            Domain("state", "=", "done")
            & Domain("scoring_success", "=", True)
            & Domain("test_entry", "=", False)
            & Domain("is_session_answer", "=", False)
            & Domain("partner_id", "!=", False)
            & Domain("end_datetime", "!=", False)
        )

    def _mark_done(self):
        """Issue the certificates these attempts earned."""
        result = super()._mark_done()
        self.env["partner.certification"]._issue_from_attempts(self)
        return result
