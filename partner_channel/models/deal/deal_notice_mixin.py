from odoo import models


class DealNoticeMixin(models.AbstractModel):
    """What partners are told of their deals: in their language, and nobody else."""

    _name = "deal.notice.mixin"
    _description = "Notices to Partners"

    def _get_told_person(self):
        """Return the person to tell at the partner, or none.

        Of an ordinary lead who works on it. Neither who works for a rival by now nor
        who belongs to a partner whose membership has ended.
        """
        self.ensure_one()
        if not self.registration_state and self.partner_assigned_id:
            company = self.partner_assigned_id.commercial_partner_id
            return self._find_workers().filtered(
                lambda x: x.active and x.email and x.commercial_partner_id == company
            )[:1]
        membership, person = self.membership_id, self.registrant_id
        is_own = person.commercial_partner_id == membership.partner_id
        return person if is_own and membership.state != "terminated" else person[:0]

    def _find_workers(self):
        """Hook: return who may work on an ordinary lead, the likeliest one first.

        :return: ``res.partner`` in sudo, of this partner or of others
        """
        self.ensure_one()
        # sudo: sheets of other channel managers, whoever is at work
        return self.sudo().qualification_id.signed_by_id

    def _in_language_of_partner(self):
        """Return the deal in the language of who reads about it at the partner."""
        self.ensure_one()
        owner = self.membership_id.partner_id or self.partner_assigned_id
        reader = self._get_told_person() or owner
        installed = dict(self.env["res.lang"].get_installed())
        return self.with_context(lang=reader.lang) if reader.lang in installed else self

    def _notify_registrant(self, body):
        """Tell the person who registered, in the chatter they see.

        :param body: a text, or a function of the deal that returns it: it is called in
            the language of who reads it
        """
        for lead in self:
            lead._write_to_partner(body, lead._get_told_person())

    def _tell_both(self, body):
        """Write to the person who registered and to the channel manager.

        :param body: see :meth:`_notify_registrant`
        """
        self.ensure_one()
        told = self._get_told_person() | self.user_id.partner_id
        self._write_to_partner(body, told)

    def _write_to_partner(self, body, told):
        lead = self._in_language_of_partner()
        self.message_post(
            body=body(lead) if callable(body) else body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=told.ids,
        )

    # === FOLLOWERS === #

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Let people of partners follow only what they may read along.

        Who follows gets every message by e-mail, also one the rules would hide.
        """
        threads = self
        if self.env.user.share and not self.env.su:
            allowed = self.env["mail.message"]._filter_records_for_message_operation(
                self._name, self.ids, "read"
            )
            threads = self.browse(allowed.ids)
        return super(DealNoticeMixin, threads).message_subscribe(
            partner_ids, subtype_ids
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out followers who no longer have part in the registration.

        A person may have gone to a rival, or the partner's membership have ended, since
        they began to follow. Whom a person addresses gets the message.
        """
        found = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # sudo: read to tell registrations from ordinary leads
        if not self or not self.sudo().registration_state:
            return found
        vals = msg_vals or {}
        # sudo: whom the message names, for whoever sends it; only ids are compared
        addressed = (
            vals["partner_ids"]
            if "partner_ids" in vals
            else message.sudo().partner_ids.ids
        )
        judged = [
            data["id"]
            for data in found
            if data["id"] and data["share"] and data["id"] not in (addressed or ())
        ]
        outside = self._find_outsiders(judged)
        return [data for data in found if data["id"] not in outside]

    def _find_outsiders(self, partner_ids):
        """Return which of some followers have no part in the registration.

        :param partner_ids: ids of people outside the vendor
        :return: set of ids
        """
        self.ensure_one()
        if not partner_ids:
            return set()
        # sudo: who belongs to which partner, whoever writes the message
        lead = self.sudo()
        people = lead.env["res.partner"].browse(partner_ids)
        owner, state = lead.membership_id.partner_id, lead.membership_id.state
        members = lead.env["partner.membership"].search(
            [("partner_id", "in", people.commercial_partner_id.ids)]
        )
        return {
            person.id
            for person in people
            if person.commercial_partner_id in members.partner_id
            and (
                person.commercial_partner_id != owner
                or state == "terminated"
                or not lead._may_all_read(person.user_ids)
            )
        }

    def _may_all_read(self, users):
        """Return whether people with a login may read the registration by its rules."""
        return all(
            self.with_user(user)
            .sudo(False)
            .with_context(allowed_company_ids=[])  # those of the writer are not theirs
            .has_access("read")
            for user in users
        )
