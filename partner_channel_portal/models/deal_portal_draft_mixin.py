from odoo import api, models

from ..tools.deal_form import is_token

#: drafts one person may have kept in an hour, while typing
DRAFTS_PER_HOUR = 600


class DealPortalDraftMixin(models.AbstractModel):
    """What is typed into the form is kept as a draft, before it is sent."""

    _name = "deal.portal.draft.mixin"
    _description = "Registration: Draft of the Portal Form"

    @api.model
    def _portal_keep_draft(self, values, lead=None):
        """Keep what can be kept of a form that is being filled in.

        What is wrong stays as it was: the form says so when it is sent. The same form
        is one draft, and none begins without the customer's name and the program.

        :param dict values: texts by field, ``token`` of the form; files are not read
        :param lead: draft to change, none for a new one
        :return: the draft, none when nothing was kept
        :raise AccessError: when the person may not register deals
        """
        lead = lead or self._find_portal_draft(values)
        if lead and not (
            lead.registration_state == "draft" and lead._can_portal_edit()
        ):
            # sent meanwhile: what comes late changes nothing
            return self.browse()
        membership, errors = self._check_portal_save(values, lead)
        throttle = self.env["partner.portal.throttle"]
        if errors or not throttle._count("draft", DRAFTS_PER_HOUR):
            return self.browse()
        vals, problems = self._prepare_portal_vals(values, membership, False, lead)
        vals = {name: value for name, value in vals.items() if name not in problems}
        if "partner_name" in problems:
            vals.pop("name", None)
        if not is_token(values.get("token")) or not (lead or "name" in vals):
            return self.browse()
        vals["portal_token"] = values["token"]
        # changes every few seconds are no news for anybody
        lead = lead.with_context(tracking_disable=True)
        kept, errors = self._store_portal_deal(membership, vals, [], lead, False)
        return self.browse() if errors else kept

    @api.model
    def _find_portal_draft(self, values):
        """Return what the current user made with a form before.

        A draft belongs to one program: where another one is chosen by now it is
        dropped, and the form makes a new one there.

        :param dict values: ``token`` and ``membership_id`` of the form, as texts
        """
        lead = self._find_portal_token(values.get("token"))
        chosen = values.get("membership_id")
        if not (lead and chosen) or lead.registration_state != "draft":
            return lead
        # sudo: the draft's own membership, compared only
        if str(lead.sudo().membership_id.id) == chosen or lead._get_portal_files():
            return lead
        offered = self._get_portal_register_memberships()
        if chosen in map(str, offered.ids) and lead._can_portal_withdraw():
            lead._portal_withdraw()
            return self.browse()
        return lead
