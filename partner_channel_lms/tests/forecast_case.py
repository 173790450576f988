"""A partner on a tier by two certificates, one of which ends soon."""

from datetime import date

from odoo.tests import freeze_time

from .training_case import TrainingCase


class ForecastCommon(TrainingCase):
    """Skilled asks for two certified people; certificates hold for 12 months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2027-01-15 12:00:00"))
        cls.Forecast = cls.env["partner.certification.forecast"]

    def _reach(self, tier=None):
        """Bring North on a tier, by certificates that end in February and June."""
        self.first = self._take_on(self.seller, date(2026, 2, 1))
        self.second = self._take_on(self.owner, date(2026, 6, 1))
        self.member._review_tiers()
        self.assertEqual(self.member.grade_id, tier or self.certified)

    def _foresee(self, members=None):
        (members or self.memberships)._refresh_forecast()
        return self.Forecast.search([])

    @classmethod
    def _demand(cls, people=2, policy="refuse", **values):
        return super()._demand(people, policy, **values)
