from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models

#: leads of a transaction
_BATCH = 200
#: what is planned later than this is planned for never
_PLAN = timedelta(days=30)


class DealIdleMixin(models.AbstractModel):
    """Leads that partners accepted and leave untouched."""

    _name = "deal.idle.mixin"
    _description = "Taking Back of Idle Leads"

    @api.model
    def _cron_take_back_leads(self):
        """Take back leads that partners accepted and leave untouched."""
        now = fields.Datetime.now()
        self._run_batches(
            [
                ("distribution_state", "=", "assigned"),
                ("date_distribution_due", "<", now),
            ],
            _BATCH,
            lambda leads: leads._take_back_idle(now),
        )

    def _take_back_idle(self, now):
        """Take back what nobody touched for the rule's days; the others stay.

        :param datetime now: UTC
        """
        idle, stay = self.browse(), defaultdict(self.browse)
        touched = self._find_last_touch()
        for lead in self:
            days = timedelta(days=lead.lead_rule_id.idle_days)
            due = touched[lead.id] + days
            is_open = lead.active and lead.won_status == "pending"
            if not is_open or not days:
                stay[False] |= lead
            elif due > now:
                stay[due] |= lead
            else:
                idle |= lead
        for due, leads in stay.items():
            leads._set_protected({"date_distribution_due": due})
        held = idle.offer_ids.filtered(lambda offer: offer.state == "accepted")
        held._note_idle()
        idle._take_from_partners()
        idle._requeue()

    def _take_from_partners(self):
        """Take leads from their partners and the partners' salespeople."""
        for (company, is_theirs), leads in self.grouped(
            lambda lead: (
                lead.company_id,
                bool(lead.user_id) and lead.user_id == lead.partner_assigned_id.user_id,
            )
        ).items():
            values = {"partner_assigned_id": False}
            if is_theirs:
                # Odoo would empty the company as well
                values |= {"user_id": False, "company_id": company.id}
            leads.write(values)

    def _find_last_touch(self):
        """Return ``{lead_id: moment}`` of the partner's last work on each lead.

        Its answer, a step of the deal or of its qualification, a message or a plan of
        its people.
        """
        touched = defaultdict(list)
        for offer in self.offer_ids:
            touched[offer.lead_id.id].append(offer.date_answered)
        for lead in self:
            touched[lead.id].append(lead.date_last_stage_update)
            touched[lead.id].append(lead.create_date)
        companies = self.partner_assigned_id.commercial_partner_id
        messages = self.env["mail.message"]._read_group(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("author_id.commercial_partner_id", "in", companies.ids),
            ],
            ["res_id"],
            ["date:max"],
        )
        for lead_id, moment in messages:
            touched[lead_id].append(moment)
        for found in (self._find_plans(companies), self._find_qualifying()):
            for lead_id, moments in found.items():
                touched[lead_id] += moments
        return {lead_id: max(filter(None, times)) for lead_id, times in touched.items()}

    def _find_qualifying(self):
        """Return ``{lead_id: [moments]}`` of work on the joint qualification.

        While it is the vendor's turn the partner has nothing to do.
        """
        sheets, now = self.qualification_id, fields.Datetime.now()
        answers = self.env["crm.lead.qualification.history"]._read_group(
            [("sheet_id", "in", sheets.ids), ("side", "=", "partner")],
            ["sheet_id"],
            ["date:max"],
        )
        answered = {sheet.id: moment for sheet, moment in answers}
        return {
            sheet.lead_id.id: [
                sheet.date_state,
                answered.get(sheet.id),
                sheet._is_vendors_turn() and now,
            ]
            for sheet in sheets
        }

    def _find_plans(self, companies):
        """Return ``{lead_id: [moments]}`` of what partners' people plan.

        Until the day that is planned nothing else has to happen.

        :param companies: ``res.partner``
        """
        plans = self.env["mail.activity"]._read_group(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("user_id.partner_id.commercial_partner_id", "in", companies.ids),
            ],
            ["res_id"],
            ["write_date:max", "date_deadline:max"],
        )
        return {
            lead_id: [written, min(datetime.combine(day, time.max), written + _PLAN)]
            for lead_id, written, day in plans
        }
