from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: what the partner's people have signed, whatever became of it
SIGNED_STATES = ("signed", "expired", "superseded", "terminated")
#: Bootstrap colour of the badge
_BADGES = {"sent": "warning", "signed": "success", "terminated": "danger"}


class AgreementPortalMixin(models.AbstractModel):
    """What the partner's people read of an agreement in the portal."""

    _name = "agreement.portal.mixin"
    _description = "Agreement: Portal Page"

    # === RIGHTS === #

    @api.model
    def _find_portal_agreement(self, agreement_id):
        """Return an agreement the current user may read, or none.

        :param int agreement_id: as found in a URL
        """
        return self.search([("id", "=", agreement_id)])

    def _has_portal_signing_right(self):
        """Return whether the current user binds the partner, whatever the state.

        Takes the capability to sign, where the agreement's membership is active.
        """
        self.ensure_one()
        user = self.env.user
        # sudo: the own membership, read for its state and for what a role is limited to
        membership = self.sudo().membership_id
        return (
            membership.partner_id == user.commercial_partner_id
            and membership.state == "active"
            and user.partner_id._has_channel_capability("can_sign", membership)
        )

    def _can_portal_sign(self):
        """Return whether the current user may sign the agreement now."""
        self.ensure_one()
        return (
            self.state == "sent"
            and self._has_portal_signing_right()
            and self._is_portal_signable()
        )

    def _is_portal_signable(self):
        """Return whether these terms may still be signed."""
        self.ensure_one()
        try:
            # sudo: terms and membership, of an agreement the person reads
            self.sudo()._check_signable()
        except UserError:
            return False
        return True

    # === LIST === #

    def _prepare_portal_rows(self):
        """Return what the list shows of agreements, a dict each."""
        self.check_access("read")
        # sudo: names of templates and versions partners have no access to; the
        # agreements themselves were checked above
        return [agreement._prepare_portal_row() for agreement in self.sudo()]

    def _prepare_portal_row(self):
        """Return one agreement as a dict; in sudo, after the access check."""
        self.ensure_one()
        return {
            "id": self.id,
            "title": self.version_id.display_name,
            "program": self.program_id.name,
            "url": self._get_portal_url(),
            "label": self._get_portal_label(),
            "badge": _BADGES.get(self.state, "secondary"),
            "is_waiting": self.state == "sent",
            "date_sent": self.date_sent,
            "date_signed": self.date_signed,
            "signer": self.signed_name if self.state in SIGNED_STATES else "",
            "date_from": self.date_from,
            "date_last": self.date_last,
        }

    def _get_portal_label(self):
        """Return the state in a word or two, as the partner sees it."""
        self.ensure_one()
        return {
            "sent": self.env._("To be signed"),
            "signed": self.env._("Signed"),
            "expired": self.env._("Ended"),
            "superseded": self.env._("Replaced"),
            "terminated": self.env._("Terminated"),
        }.get(self.state, "")

    def _get_portal_url(self):
        """Return the address of the agreement in the portal."""
        self.ensure_one()
        return f"/my/agreements/{self.id}"

    def _get_portal_deed_url(self, deed):
        """Return the address that tells what became of the agreement.

        :param str deed: what the person just did: ``sign`` or ``decline``
        """
        # sudo: partners read no drafts; a colleague may have signed it meanwhile
        if deed == "decline" and self.sudo().state == "draft":
            return "/my/agreements?declined=1"
        return f"{self._get_portal_url()}?done=1"

    # === PAGE === #

    def _prepare_portal_page(self):
        """Return what the page of one agreement shows and offers.

        :return: the dict of a row, with the terms, what happens next and what the
            person may do
        """
        self.ensure_one()
        [row] = self._prepare_portal_rows()
        # sudo: the terms of an agreement the person may read, checked above
        own = self.sudo()
        version = own.version_id
        return {
            **row,
            "terms": version.text,
            # its size instead of its content
            "has_document": bool(version.with_context(bin_size=True).document),
            "changes": version.changes if row["is_waiting"] else "",
            "digest": version.digest,
            "next_step": self._get_portal_next_step(),
            "may_sign": self._can_portal_sign(),
            "may_decline": row["is_waiting"] and self._has_portal_signing_right(),
            "has_paper": self._has_portal_paper(),
            "is_paper_filed": self._is_portal_paper_filed(),
            "function": own.signed_function,
            "signed_at": own.portal_signed_on,
            "terms_digest": own.signed_terms_digest or version.digest,
            "is_mine": own.signatory_id == self.env.user.partner_id,
            "successor_url": self._get_portal_successor_url(),
        }

    @api.model
    def _get_portal_signer(self):
        """Return what the form knows of the current user: ``name``, ``function``."""
        person = self.env.user.partner_id
        # sudo: the person's own function
        return {"name": person.name, "function": person.sudo().function or ""}

    def _get_portal_successor_url(self):
        """Return the page of what took its place, empty if there is none to read."""
        # sudo: only to know which one; the rules say whether the person reads it
        successor = self.sudo().replaced_by_id.sudo(False)
        found = successor and self._find_portal_agreement(successor.id)
        return found._get_portal_url() if found else ""

    def _get_portal_next_step(self):
        """Return what happens next with the agreement, in a sentence."""
        self.ensure_one()
        if self.state == "sent":
            return self._get_portal_waiting_text()
        if self.state != "signed":
            return self._get_portal_end_text()
        # sudo: the program's day, of an agreement the person reads
        today = self.sudo().program_id._get_today()
        if self.date_from > today:
            return self.env._(
                "It counts from %(day)s on.", day=format_date(self.env, self.date_from)
            )
        if self.date_last:
            return self.env._(
                "It counts until %(day)s.", day=format_date(self.env, self.date_last)
            )
        return self.env._("It counts without end.")

    def _get_portal_waiting_text(self):
        """Return who signs it, or why nobody can at present."""
        # sudo: the own membership's state, and a colleague's name
        own = self.sudo()
        if own.membership_id.state != "active":
            return self.env._(
                "Your company's membership is not active: nothing can be signed at "
                "present."
            )
        if not self._is_portal_signable():
            return self.env._(
                "These terms are out of date. Your channel manager sends you the "
                "current ones."
            )
        if self._has_portal_signing_right():
            return self.env._(
                "Read the terms and sign them below. You then find the signed paper "
                "here, and in your e-mail."
            )
        return self._get_portal_waits_for()

    def _get_portal_waits_for(self):
        """Return whose signature it waits for, in a sentence."""
        # sudo: a colleague's name
        person = self.sudo().signatory_id
        if person:
            return self.env._(
                "It waits for a signature by %(person)s.", person=person.name
            )
        return self.env._(
            "It waits for a signature by somebody of your company who may sign."
        )

    def _get_portal_end_text(self):
        """Return when and how what was signed came to its end."""
        if self.state == "superseded":
            return self.env._("Another one took its place.")
        if self.state == "expired":
            return self.env._(
                "It counted until %(day)s.", day=format_date(self.env, self.date_last)
            )
        return self.env._(
            "It was terminated on %(day)s. Your channel manager tells you why.",
            day=format_date(self.env, self.date_ended),
        )
