from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.partner_channel.tools.qualification import PARTNER_STATES

from ..tools.form_values import FieldProblem, clean_line, parse_required
from ..tools.qualification_form import read_answers

#: registrations that are qualified
_QUALIFIED = (False, "draft", "submitted", "returned", "approved")
_NAME_LIMIT = 100


class DealPortalQualificationMixin(models.AbstractModel):
    """What a partner does with the qualification of a deal: answer and sign."""

    _name = "deal.portal.qualification.mixin"
    _description = "Registration: Portal, Qualification"

    # === WHO MAY === #

    @api.model
    def _find_portal_qualified(self, lead_id):
        """Return a lead whose qualification the current user may see, or none.

        :param int lead_id: as found in a URL
        :return: a registration, or an ordinary lead that was given to the partner
        """
        lead = self._find_portal_given(lead_id)
        return lead if lead and lead._get_portal_qualification() else self.browse()

    def _get_portal_qualification(self):
        """Return the current sheet if it is the user's own company's, in sudo.

        A distributor reads the deal, not what its partner answers.
        """
        self.ensure_one()
        # sudo: sheets are the vendor's; a partner sees its own, without what is
        # internal
        sheet = self.sudo().qualification_id
        is_own = sheet.partner_id == self.env.user.commercial_partner_id
        return sheet if is_own else sheet.browse()

    def _has_portal_qualification_right(self):
        """Return whether the current user may work on the qualification."""
        self.ensure_one()
        sheet = self._get_portal_qualification()
        if not sheet or self.registration_state not in _QUALIFIED:
            return False
        if self.registration_state:
            return self._has_portal_right()
        membership, person = sheet.membership_id, self.env.user.partner_id
        return not membership or (
            membership.state == "active"
            and person._has_channel_capability("can_register", membership)
        )

    def _can_portal_qualify(self):
        """Return whether the current user may answer now."""
        self.ensure_one()
        sheet = self._get_portal_qualification()
        return sheet.state in PARTNER_STATES and self._has_portal_qualification_right()

    # === ANSWERING === #

    def _portal_save_qualification(self, values, sign=False):
        """Take down what was typed, and sign it, as the current user.

        :param dict values: texts by field, see ``tools.qualification_form``, with
            ``revision`` and ``signed_name``; nothing else of it is read
        :param bool sign: whether to sign as well
        :return: dict of messages by field, empty when it was taken down
        :raise AccessError: the person may not work on the deal
        """
        self.ensure_one()
        self.check_access("read")
        if not self._has_portal_qualification_right():
            raise AccessError(
                self.env._("Your role does not allow you to change this deal.")
            )
        sheet = self._get_portal_qualification()
        if sheet.state not in PARTNER_STATES:
            return self._answer_portal_signed(sheet, sign)
        answers, comments, problems = self._read_portal_answers(sheet, values, sign)
        errors = {name: self._get_portal_message(p) for name, p in problems.items()}
        if errors:
            return errors
        answers, comments = self._leave_portal_unchanged(sheet, answers, comments)
        is_stale = values.get("revision") != str(sheet.revision)
        if is_stale and (answers or comments or sign):
            return {"form": self._get_portal_stale_text()}
        name = clean_line(values.get("signed_name") or "", _NAME_LIMIT)
        return self._store_portal_answers(sheet, answers, comments, sign and name)

    def _answer_portal_signed(self, sheet, sign):
        """Return what is told when it is signed already; signing twice is no error."""
        if sign and sheet.signed_by_id == self.env.user.partner_id:
            return {}
        return {
            "form": self.env._(
                "This qualification is signed already: the answers stay as they are."
            )
        }

    def _get_portal_stale_text(self):
        return self.env._(
            "This qualification was changed meanwhile. Nothing of yours is lost: look "
            "through it and send it again."
        )

    def _read_portal_answers(self, sheet, values, sign):
        """Return ``(answers, comments, problems)`` of what was typed."""
        asked = self._get_portal_asked(sheet)
        about = self._get_portal_about(self.env["res.country"])
        answers, comments, problems = read_answers(values, asked, about)
        if sign:
            rows = self._get_portal_rows(sheet)
            for criterion in asked:
                number, name = criterion["id"], f"answer_{criterion['id']}"
                value = answers.get(number, rows[number]._get_value())
                if criterion["required"] and value is None:
                    problems.setdefault(name, FieldProblem("required"))
            self._check_portal_name(values, problems)
        return answers, comments, problems

    def _check_portal_name(self, values, problems):
        """Note what is wrong with the name somebody signs with."""
        parsers = {"signed_name": lambda text: clean_line(text, _NAME_LIMIT)}
        _parsed, lacking = parse_required(values, parsers)
        problems.update(lacking)

    def _get_portal_rows(self, sheet):
        """Return the partner's rows by criterion id."""
        rows = sheet.answer_ids.filtered(lambda row: row.side == "partner")
        return {row.criterion_id.id: row for row in rows}

    def _get_portal_asked(self, sheet):
        """Return the criteria the partner answers."""
        return [c for c in sheet.snapshot_id.facts if c["fill_by"] != "vendor"]

    def _leave_portal_unchanged(self, sheet, answers, comments):
        """Return the answers and comments that are not there already."""
        rows = self._get_portal_rows(sheet)
        return (
            {n: v for n, v in answers.items() if rows[n]._get_value() != v},
            {n: t for n, t in comments.items() if (rows[n].comment or "") != t},
        )

    def _store_portal_answers(self, sheet, answers, comments, name):
        """Store checked answers; see :meth:`_portal_save_qualification`.

        :param name: who signs, empty to save a draft
        """
        try:
            with self.env.cr.savepoint():
                sheet._answer_for_partner(answers, comments)
                if name:
                    sheet._sign(name, self.env.user.partner_id)
        except AccessError:
            raise
        except UserError as error:
            return {"form": str(error)}
        return {}
