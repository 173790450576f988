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

        :param dict values: texts by field, ``token`` of the form, ``write_date`` of
            the draft as the form knows it, if it does; files are not read
        :param lead: draft to change, none for a new one
        :return: the draft, none when nothing was kept
        :raise AccessError: when the person may not register deals
        """
        lead, old = self._find_portal_draft(values, lead)
        before = lead or old
        if before and not before._may_portal_keep():
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
        if before and before._is_portal_stale(values.get("write_date")):
            # what was kept already, and its answer lost, overwrites nothing
            return lead if lead and lead._has_portal_vals(vals) else self.browse()
        # changes every few seconds are no news for anybody
        lead = lead.with_context(tracking_disable=True)
        kept, errors = self._store_portal_deal(membership, vals, [], lead, False, old)
        return self.browse() if errors else kept

    def _may_portal_keep(self):
        """Return whether what was typed may be kept without being sent.

        What comes after the registration was sent changes nothing.
        """
        self.ensure_one()
        return self.registration_state == "draft" and self._can_portal_edit()

    def _is_portal_stale(self, written):
        """Return whether a form was typed without knowing newer work on the draft.

        That of a colleague, or one's own on another device.

        :param str written: ``write_date`` as the form knows it, empty if it does not
        """
        # sudo: the last change, compared only
        return bool(written) and written != str(self.sudo().write_date)

    def _has_portal_vals(self, vals):
        """Return whether writing these values would change nothing."""
        # sudo: compared only
        draft = self.sudo()
        for name, value in vals.items():
            field = draft._fields[name]
            # as it would be stored, which is not always as it was typed
            stored = field.convert_to_cache(draft[name], draft)
            if field.convert_to_cache(value, draft) != stored:
                return False
        return True

    def _get_portal_token(self):
        """Return the token the form of a registration goes on with, if it has one."""
        # sudo: no readable field; whoever may change the deal goes on with its form
        return self.sudo().portal_token or ""

    @api.model
    def _find_portal_draft(self, values, lead=None):
        """Return what a form changes, and what it takes the place of.

        A draft belongs to one program: where another one is chosen by now, a new one
        is made there, and the draft goes once that is stored.

        :param dict values: ``token`` and ``membership_id`` of the form, as texts
        :param lead: registration the form is of, none to look for one the current
            user made with it before
        :return: ``(lead, old)``, each of them may be none
        """
        none = self.browse()
        if lead:
            return lead, none
        lead = self._find_portal_token(values.get("token"))
        chosen = values.get("membership_id")
        if not (lead and chosen) or lead.registration_state != "draft":
            return lead, none
        # sudo: the draft's own membership, compared only
        if str(lead.sudo().membership_id.id) == chosen or lead._get_portal_files():
            return lead, none
        offered = self._get_portal_register_memberships()
        if chosen in map(str, offered.ids) and lead._can_portal_withdraw():
            return none, lead
        return lead, none

    @api.model
    def _find_portal_token(self, token, person=None):
        """Return the registration somebody made with a form.

        :param str token: of the form
        :param person: ``res.partner``, the current user's own by default
        """
        if not is_token(token):
            return self.browse()
        person = person or self.env.user.partner_id
        # sudo: the token is no readable field; limited to the person's own, what is
        # archived included, as the database knows each token once
        found = (
            self.sudo()
            .with_context(active_test=False)
            .search([("portal_token", "=", token), ("registrant_id", "=", person.id)])
        )
        return self.sudo(False).browse(found.ids)
