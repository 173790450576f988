from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools.form_values import FieldProblem, clean_text

#: whoever works on leads, or sees those of colleagues, sees what is offered
_READING = ("can_register", "can_see_all_deals")
_LONGEST_NOTE = 2000


class LeadOfferPortalMixin(models.AbstractModel):
    """Who of the partner sees and answers offers of its company.

    People of partners have no access to the model. What they reach goes through here,
    in sudo after these checks, so that no remote call ever tells whose lead it is.
    """

    _name = "lead.offer.portal.mixin"
    _description = "Lead Offer: Portal Access"

    # === RIGHTS === #

    @api.model
    def _get_portal_offer_memberships(self):
        """Return the memberships whose offers the current user sees, in sudo.

        All offers of the company: a lead is nobody's own before somebody takes it.
        """
        person = self.env.user.partner_id
        memberships = self.env["res.partner"]._get_portal_memberships()
        return memberships.filtered(
            lambda own: any(
                person._has_channel_capability(name, own) for name in _READING
            )
        )

    @api.model
    @ormcache()
    def _is_distributed(self):
        """Return whether rules have ever offered a lead."""
        # sudo: a yes or no
        offered = [("membership_id", "!=", False)]
        return bool(self.sudo().search_count(offered, limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        offers = super().create(vals_list)
        if offers.membership_id and not self._is_distributed():
            self.env.registry.clear_cache()
        return offers

    @api.model
    def _filter_portal_answering(self, memberships):
        """Return the memberships the current user may answer for now.

        :param memberships: of the user's company, in sudo
        """
        person = self.env.user.partner_id
        return memberships.filtered(
            lambda own: (
                own.state == "active"
                and person._has_channel_capability("can_register", own)
            )
        )

    @api.model
    def _check_portal_answering(self):
        """Return the memberships the current user may answer for.

        :raise AccessError: there is none
        """
        memberships = self._filter_portal_answering(
            self.env["res.partner"]._get_portal_memberships()
        )
        if not memberships:
            self._refuse_portal_answer()
        return memberships

    @api.model
    def _refuse_portal_answer(self):
        raise AccessError(
            self.env._(
                "Your role or your company's membership does not allow you to answer "
                "for leads."
            )
        )

    @api.model
    def _get_portal_offer_domain(self):
        """Return the domain of the offers the current user sees.

        Leads that somebody assigned by hand are the partner's already, on Odoo's page.
        """
        return Domain("membership_id", "in", self._get_portal_offer_memberships().ids)

    @api.model
    def _find_portal_offer(self, offer_id):
        """Return an offer the current user sees, in sudo, or none.

        :param int offer_id: as found in a URL
        """
        domain = self._get_portal_offer_domain() & Domain("id", "=", offer_id)
        # sudo: limited to what the person sees; the model itself is closed
        return self.sudo().search(domain)

    def _has_portal_answer_right(self):
        """Return whether the current user may answer it, whatever its state."""
        self.ensure_one()
        return bool(self._filter_portal_answering(self.membership_id))

    def _is_portal_open(self):
        """Return whether there is still time to answer."""
        self.ensure_one()
        now = fields.Datetime.now()
        return self.state == "offered" and (not self.date_due or self.date_due >= now)

    # === ANSWERS === #

    def _portal_accept(self):
        """Accept for the current user's company.

        :return: dict of messages, empty when the lead is theirs
        :raise AccessError: the person may not
        """
        return self._portal_answer(lambda offer: offer._accept())

    def _portal_decline(self, typed):
        """Decline for the current user's company.

        :param dict typed: ``reason`` and ``note`` as they came
        :return: dict of messages, empty when it is declined
        :raise AccessError: the person may not
        """
        self._check_portal_right()
        reasons = dict(self._fields["decline_reason"]._description_selection(self.env))
        if typed.get("reason") not in reasons:
            return {"reason": self.env._("Choose why you decline the lead.")}
        try:
            note = clean_text(typed.get("note") or "", _LONGEST_NOTE)
        except FieldProblem:
            return {
                "note": self.env._(
                    "Write plain text of at most %(limit)s characters.",
                    limit=_LONGEST_NOTE,
                )
            }
        return self._portal_answer(
            lambda offer: offer._decline(typed["reason"], note or False)
        )

    def _portal_answer(self, answer):
        """Answer by a function; return what it says against it."""
        self._check_portal_right()
        # by the system: what other partners read of the lead later names nobody of
        # those who had or declined it before
        offer = self.with_user(SUPERUSER_ID)
        try:
            with self.env.cr.savepoint():
                answer(offer)
        except UserError as error:
            self.invalidate_recordset()
            return {"form": str(error)}
        self._note_portal_person(self.lead_id)
        return {}

    def _check_portal_right(self):
        self.ensure_one()
        if not self._has_portal_answer_right():
            self._refuse_portal_answer()

    @api.model
    def _note_portal_person(self, lead):
        """Note who answered, for the vendor: the first one, as a second click tells.

        :param lead: ``crm.lead`` in sudo
        """
        person = self.env.user.partner_id
        answered = lead.offer_ids.filtered(
            lambda offer: (
                offer.partner_id == person.commercial_partner_id
                and offer.date_answered
                and not offer.answered_by_id
            )
        )
        answered.answered_by_id = person
