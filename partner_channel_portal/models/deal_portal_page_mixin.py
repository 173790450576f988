from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext

from odoo.addons.partner_channel.tools.chain import INTERNAL_EVENTS

from ..tools.amount import write_number
from .deal_portal_access_mixin import EDITABLE

#: states and the Bootstrap colour of their badge
BADGES = {
    "draft": "dark",
    "submitted": "info",
    "returned": "warning",
    "approved": "success",
    "rejected": "danger",
    "expired": "dark",
    "withdrawn": "dark",
    "won": "success",
    "lost": "danger",
}
#: entries of the log a distributor sees: what became of the deal, not how partner and
#: vendor came to it
_SHARED_EVENTS = ("submitted", "approved", "expired", "won", "lost")
#: fields a conflict can be looked for by
_HINT_FIELDS = ("customer_vat", "website", "email_from", "partner_name")


class DealPortalPageMixin(models.AbstractModel):
    """What the portal shows of a registration."""

    _name = "deal.portal.page.mixin"
    _description = "Registration: Portal Page"

    # === STATUS === #

    def _get_portal_status(self):
        """Return the label and badge of the registration's state.

        :return: dict of ``label`` and ``badge`` (a Bootstrap colour)
        """
        self.ensure_one()
        labels = dict(
            self._fields["registration_state"]._description_selection(self.env)
        )
        state = self.registration_state
        return {"label": labels[state], "badge": BADGES[state]}

    def _get_portal_days_left(self):
        """Return the days of protection after today, or ``None`` without one."""
        self.ensure_one()
        if self.registration_state != "approved" or not self.date_protection_end:
            return None
        left = self.date_protection_end - fields.Date.context_today(self)
        return max(left.days, 0)

    def _get_portal_reason(self):
        """Return why the registration was rejected, in words."""
        self.ensure_one()
        labels = dict(
            self._fields["registration_reason"]._description_selection(self.env)
        )
        return labels.get(self.registration_reason, "")

    def _get_portal_next_step(self):
        """Return what happens next, or what the partner has to do."""
        self.ensure_one()
        texts = {
            "draft": self.env._("Complete the form and submit it."),
            "returned": self.env._("Correct what is asked for and resubmit it."),
            "approved": self.env._("Win the deal while it is protected."),
            "rejected": self.env._("Ask us below if you see it differently."),
            "expired": self.env._("Register the deal again if it is still alive."),
        }
        if self.registration_state == "submitted":
            return self.env._(
                "We decide by %(date)s.",
                date=format_date(self.env, self.date_decision_due),
            )
        return texts.get(self.registration_state, "")

    def _get_portal_next_steps(self):
        """Return what happens next and by when, the first thing first.

        :return: list of dicts ``text``, ``date`` (or ``False``) and ``is_late``
        """
        self.ensure_one()
        steps = []
        is_approved = self.registration_state == "approved"
        if is_approved and self.date_update_due and self._is_portal_own():
            steps.append(
                {
                    "text": self.env._("Tell us how it goes"),
                    "date": self.date_update_due,
                    "is_late": self.is_update_overdue,
                }
            )
        text = self._get_portal_next_step()
        if text:
            end = self.date_protection_end if is_approved else False
            steps.append({"text": text, "date": end, "is_late": False})
        return sorted(steps, key=lambda step: step["date"] or date.max)

    def _get_portal_timeline(self):
        """Return what happened so far, oldest first.

        The vendor's people stand there as the vendor; the log's other columns
        are not for partners.

        :return: list of dicts of ``label``, ``date`` and ``who``
        """
        self.ensure_one()
        rows, is_own = self._get_portal_entries()
        labels = dict(rows._fields["event"]._description_selection(self.env))
        # sudo: names of the own colleague and of the vendor
        sudo = self.sudo()
        written = {
            "label": self.env._("Draft saved"),
            "date": self.create_date,
            "who": sudo.registrant_id.name,
        }
        # a history taken over from elsewhere is older than its record here; the log
        # counts whole seconds
        begun = self.create_date.replace(microsecond=0)
        is_first = not rows or (begun <= rows[0].date and rows[0].event == "submitted")
        steps = [written] if is_first and is_own else []
        return steps + [
            {
                "label": labels[row.event],
                "date": row.date,
                "who": row.user_id.name
                if row.user_id.share
                else sudo.company_id.name or self.env.company.name,
            }
            for row in rows
        ]

    def _get_portal_entries(self):
        """Return the entries of the log to show, and whether the deal is one's own.

        :return: ``(rows in sudo, is_own)``; a distributor gets what became of the deal
        """
        is_own = self._is_portal_own() or not self.env.user.share
        events = (
            Domain("event", "not in", INTERNAL_EVENTS)
            if is_own
            else Domain("event", "in", _SHARED_EVENTS)
        )
        # sudo: the log is the vendor's; only event, time and side are shown. What
        # another partner did before it was handed on is not told.
        log = self.env["partner.registration.log"].sudo()
        domain = (
            Domain("lead_id", "=", self.id)
            & Domain("membership_id", "=", self.sudo().membership_id.id)
            & events
        )
        return log.search(domain, order="sequence"), is_own

    # === FORM === #

    def _get_portal_form_values(self):
        """Return the registration as texts for the form's inputs."""
        if not self:
            return {}
        amount = self.expected_revenue
        return {
            "partner_name": self.partner_name or "",
            "customer_vat": self.customer_vat or "",
            "website": self.website or "",
            "email_from": self.email_from or "",
            "contact_name": self.contact_name or "",
            "phone": self.phone or "",
            "country_id": str(self.country_id.id or ""),
            "description": html2plaintext(self.description or "").strip(),
            "expected_revenue": self._format_portal_amount(amount) if amount else "",
            "date_deadline": fields.Date.to_string(self.date_deadline) or "",
            "product_family_id": str(self.sudo().product_family_id.id or ""),
            "is_public_tender": "1" if self.is_public_tender else "",
        }

    def _format_portal_amount(self, amount):
        """Return an amount as the page's language writes it, ungrouped."""
        about = self._get_portal_about(self.env["res.country"])
        # sudo: number of decimals of the vendor's currency
        places = self.sudo().company_currency.decimal_places
        return write_number(amount, about.decimal_point, places, least=2)

    # === CONFLICTS === #

    def _has_portal_conflict(self):
        """Return whether another partner holds or asks for this customer.

        Never who: a partner is told no more than this.
        """
        self.ensure_one()
        if self.registration_state not in (*EDITABLE, "submitted"):
            return False
        if not self._is_portal_own():
            return False
        # sudo: rivals' registrations are counted, not shown
        rivals, _own = self.sudo().conflict_lead_ids._split_portal_conflicts()
        return bool(rivals)

    def _split_portal_conflicts(self):
        """Return ``(rivals, own)`` of registrations found, in sudo."""
        company = self.env.user.commercial_partner_id
        own = self.filtered(
            lambda lead: lead.partner_assigned_id.commercial_partner_id == company
        )
        return self - own, own

    @api.model
    def _get_portal_hint(self, values):
        """Answer, while the form is filled in, whether there may be a conflict.

        :param dict values: texts of ``customer_vat``, ``website``,
            ``email_from``, ``partner_name``; ids as text of
            ``country_id``, ``product_family_id``, ``membership_id`` and ``deal_id``
        :return: dict of ``conflict`` (bool), ``own`` (links to one's own
            registrations of the customer) and ``limited`` (asked too often)
        :raise AccessError: for people who may not register deals
        """
        memberships = self._get_portal_register_memberships()
        if not self.env["partner.portal.throttle"]._count_hints():
            return {"conflict": False, "own": [], "limited": True}
        texts = {n: v for n, v in values.items() if isinstance(v, str) and len(v) < 300}
        chosen = memberships.filtered(lambda m: str(m.id) == texts.get("membership_id"))
        family = self._read_portal_choice(
            texts, "product_family_id", self._get_portal_families(), {}
        )
        Claim = self.env["partner.deal.claim"]
        country = self._read_portal_choice(
            texts, "country_id", self._get_portal_countries(), {}
        )
        keys = Claim._get_claim_keys(
            {"country": country.code, **{n: texts.get(n) for n in _HINT_FIELDS}}
        )
        rivals, own = Claim._search_conflicts(
            (chosen or memberships)[0].company_id, keys, family
        )._split_portal_conflicts()
        own = self._get_portal_own_links(own, texts.get("deal_id"))
        return {"conflict": bool(rivals), "own": own, "limited": False}

    @api.model
    def _get_portal_own_links(self, own, deal_id):
        """Return links to the company's own registrations of the customer.

        Those of colleagues the person may not see come without a link.
        """
        own = own.filtered(lambda lead: str(lead.id) != deal_id)[:3]
        seen = own.sudo(False)._filtered_access("read")
        links = [{"name": lead.name, "url": f"/my/deals/{lead.id}"} for lead in seen]
        if own.sudo(False) - seen:
            links.append({"name": self.env._("a deal of a colleague"), "url": ""})
        return links
