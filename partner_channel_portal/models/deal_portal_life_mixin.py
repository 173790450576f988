from werkzeug.urls import url_join

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.form_values import FieldProblem, clean_text, parse_date, parse_required

#: most characters a partner may write in one go
_LIMIT = 4000


class DealPortalLifeMixin(models.AbstractModel):
    """What a partner does with a protected deal: ask for more time, report."""

    _name = "deal.portal.life.mixin"
    _description = "Registration: Portal, After Approval"

    def _is_portal_own(self):
        """Return whether the deal is the current user's company's own.

        A distributor may read it, no more.
        """
        self.ensure_one()
        # sudo: whose the registration is, whoever asks
        owner = self.sudo().membership_id.partner_id
        return self.env.user.commercial_partner_id == owner

    # === EXTENSION === #

    def _can_portal_extend(self):
        """Return whether the current user may ask for an extension now."""
        self.ensure_one()
        # sudo: rules of the program and requests, of the own registration
        return self._has_portal_right() and not self.sudo()._get_extension_error()

    def _get_portal_extension_offer(self):
        """Return what an extension brings: ``days``, of the program."""
        self.ensure_one()
        # sudo: rules of programs are the vendor's; the partner may know this one
        return {"days": self.sudo().program_id.extension_days}

    def _get_portal_extension(self):
        """Return the state of the last request for an extension, in words.

        :return: dict of ``state``, ``label``, ``reason``, ``date``; empty without one
        """
        self.ensure_one()
        # sudo: requests are the vendor's; the partner sees what became of its own
        last = self.sudo().extension_ids.filtered(
            # what was said to a former partner is not told
            lambda extension: extension.membership_id == self.sudo().membership_id
        )[:1]
        if not last or not self._is_portal_own():
            return {}
        labels = dict(last._fields["state"]._description_selection(self.env))
        label = labels[last.state]
        if last.state == "pending":
            label = self.env._("We decide on your request")
        return {
            "state": last.state,
            "label": label,
            "reason": last.reason if last.state == "refused" else "",
            "date": last.date_asked,
        }

    def _portal_request_extension(self, values):
        """Ask for an extension, as the current user.

        :param dict values: ``proof``, a text, and ``files``, uploads; nothing else of
            it is read
        :return: dict of messages by field, empty when it was asked for
        :raise AccessError: the person may not work on the deal
        """
        self._check_portal_own_right()
        problems = {}
        proof = self._read_portal_text(values, "proof", problems)
        vals_list = self._prepare_portal_files(values, self, problems)
        if problems:
            return {n: self._get_portal_message(p) for n, p in problems.items()}
        before = self._get_portal_files()
        try:
            with self.env.cr.savepoint():
                self._attach_portal_files(vals_list)
                # sudo: portal users write nothing; the right was checked above
                self.sudo()._request_extension(
                    proof,
                    self.env.user.partner_id,
                    self._get_portal_files() - before,
                )
        except AccessError:
            raise
        except UserError as error:
            return {"form": str(error)}
        return {}

    # === UPDATE === #

    def _can_portal_update(self):
        """Return whether the current user may report on the deal now."""
        self.ensure_one()
        return self.registration_state == "approved" and self._has_portal_right()

    def _portal_post_update(self, values):
        """Report on the deal, as the current user.

        :param dict values: ``text`` and ``date_deadline``, texts; nothing else of it is
            read
        :return: dict of messages by field, empty when it was taken down
        :raise AccessError: the person may not work on the deal
        """
        self._check_portal_own_right()
        problems = {}
        text = self._read_portal_text(values, "text", problems)
        today = self._get_portal_about(self.env["res.country"]).today
        day = None
        try:
            day = parse_date(str(values.get("date_deadline") or ""), today)
        except FieldProblem as problem:
            problems["date_deadline"] = problem
        if problems:
            return {n: self._get_portal_message(p) for n, p in problems.items()}
        try:
            # sudo: portal users write nothing; the right was checked above
            self.sudo()._post_update(text, day or None, self.env.user.partner_id)
        except AccessError:
            raise
        except UserError as error:
            return {"form": str(error)}
        return {}

    def _check_portal_own_right(self):
        self.ensure_one()
        self.check_access("read")
        if not self._has_portal_right():
            raise AccessError(
                self.env._("Your role does not allow you to change this deal.")
            )

    def _read_portal_text(self, values, name, problems):
        """Return a text that must be there, noting what is wrong with it."""
        parsers = {name: lambda text: clean_text(text, _LIMIT)}
        parsed, lacking = parse_required(values, parsers)
        problems.update(lacking)
        return parsed.get(name, "")

    # === PROOF === #

    def _has_portal_receipt(self):
        """Return whether the current user can print the receipt."""
        self.ensure_one()
        return bool(self.date_submitted) and self._is_portal_own()

    def _get_proof_url(self):
        return url_join(self.get_base_url(), "/partner-channel/proof")
