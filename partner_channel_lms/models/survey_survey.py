from odoo import api, models
from odoo.exceptions import ValidationError


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    @api.constrains(
        "access_mode",
        "users_login_required",
        "certification",
        "scoring_success_min",
    )
    def _check_channel_exam_settings(self):
        """A survey that proves a certification stays an exam."""
        # only the existence of a type matters, whoever edits the survey
        tied = (
            self.env["partner.certification.type"]
            .sudo()
            .search([("survey_id", "in", self.ids)])
            .survey_id
        )
        tied._check_channel_exam()

    def _check_channel_exam(self):
        """Raise unless an attempt at each survey proves who passed and that they did.

        Without a login an attempt carries an e-mail anybody may type; with an
        open link anybody may try as often as they like; with a pass mark of zero
        an empty form passes.
        """
        for survey in self:
            missing = survey._get_channel_exam_gaps()
            if missing:
                raise ValidationError(
                    self.env._(
                        'The survey "%(survey)s" cannot prove a certification. '
                        "Change on its Options tab: %(missing)s.",
                        survey=survey.title,
                        missing="; ".join(missing),
                    )
                )

    def _get_channel_exam_gaps(self):
        """Return what keeps the survey from being an exam.

        :return: list of translated phrases, empty when it is one
        """
        self.ensure_one()
        is_invitation_only = self.access_mode == "token"
        checks = [
            (self.certification, self.env._('tick "Is a Certification"')),
            (
                is_invitation_only,
                self.env._('set the access mode to "Invited people only"'),
            ),
            (self.users_login_required, self.env._('tick "Require Login"')),
            (
                self.scoring_success_min > 0,
                self.env._("set a required score above zero"),
            ),
        ]
        return [text for fulfilled, text in checks if not fulfilled]
