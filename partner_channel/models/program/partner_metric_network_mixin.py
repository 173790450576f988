from odoo import api, models

# values of these units are averages: those of partners do not add up
_AVERAGES = {"money", "percent", "hours", "rating"}


class PartnerMetricNetworkMixin(models.AbstractModel):
    """The measure of a network: its own metrics, and one value out of many.

    As in ``partner.metric.revenue.mixin``, ``_measure_<metric>`` answers for all
    memberships at once; a day is one of the time zone in the context.
    """

    _name = "partner.metric.network.mixin"
    _description = "Partner Metrics of a Network"

    # === METRICS === #

    @api.model
    def _measure_new_partners(self, memberships, date_from, date_to):
        """Partners whose membership began in the period, one each."""
        return {
            membership.id: 1.0
            for membership in memberships
            if membership.date_start and date_from <= membership.date_start <= date_to
        }

    @api.model
    def _measure_leads(self, memberships, date_from, date_to):
        """Leads the vendor offered to the partner in the period.

        Whatever the answer: a lead offered to two partners counts for both.
        """
        # sudo: a measure must not depend on whose eyes take it
        groups = (
            self.env["partner.lead.offer"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", memberships.partner_id.ids),
                    ("company_id", "in", [False, *memberships.company_id.ids]),
                    ("date_offered", ">=", date_from),
                    ("date_offered", "<=", date_to),
                ],
                ["partner_id", "company_id"],
                ["lead_id:count_distinct"],
            )
        )
        counts = {(partner.id, company.id): count for partner, company, count in groups}
        return {
            membership.id: float(
                counts.get((membership.partner_id.id, membership.company_id.id), 0)
                + counts.get((membership.partner_id.id, False), 0)
            )
            for membership in memberships
        }

    # === ONE VALUE OUT OF MANY === #

    def _measure_network(self, memberships, date_from, date_to, values):
        """Return the value of all memberships together.

        What adds up is summed. A percentage is that of all their deals together, by
        the metric's ``_count_<metric>``; other averages are those of the partners
        that have one.

        :param memberships: ``partner.membership`` of one program
        :param date date_from: first day
        :param date date_to: last day
        :param dict values: what ``_measure_metric`` returned for them and others
        :return: value, ``None`` when there is nothing to measure
        """
        self.ensure_one()
        own = [values[key] for key in memberships.ids if values.get(key) is not None]
        if self._is_additive() or self._get_metric_unit() not in _AVERAGES:
            return sum(own)
        measuring = self._in_time_of(memberships.program_id[:1])
        count = getattr(measuring, f"_count_{self.metric}", None)
        if not count:
            return sum(own) / len(own) if own else None
        parts, wholes = count(memberships, date_from, date_to)
        whole = sum(wholes.values())
        return 100.0 * sum(parts.values()) / whole if whole else None
