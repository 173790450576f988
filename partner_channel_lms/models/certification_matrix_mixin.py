from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.team_matrix import NONE, SIGNS, TRAINING, merge


class CertificationMatrixMixin(models.AbstractModel):
    """The people of a partner and what they hold, for those who see the training."""

    _name = "certification.matrix.mixin"
    _description = "Training of a Team"

    @api.model
    def _has_team_training_right(self):
        """Return whether the current user sees the training of the team."""
        return bool(
            self._get_portal_memberships()
            and self.env.user.partner_id._get_certification_companies()
        )

    @api.model
    def _get_team_training_people(self):
        """Return the current user's colleagues: who can learn or has learnt.

        Contacts without login and certificate are addresses, not people who learn.

        :return: ``res.partner``
        """
        companies = self.env.user.partner_id._get_certification_companies()
        # sudo: who has a login or a certificate is nobody's to read; only of the
        # companies whose training the user sees
        people_sudo = self.sudo().search(
            Domain("commercial_partner_id", "in", companies.ids)
            & Domain("is_company", "=", False)
            & Domain("active", "=", True)
            & (
                Domain("user_ids", "!=", False)
                | Domain("certification_ids", "!=", False)
            )
        )
        return self.browse(people_sudo.ids)

    def _get_training_cells(self, kinds):
        """Return what these people hold and learn, in two queries.

        Of several certificates the one that holds longest is told. Nothing of a revoked
        one.

        :param kinds: ``partner.certification.type``
        :return: ``{(person id, type id): cell}`` as of ``tools.team_matrix.merge``
        """
        certificates = self.env["partner.certification"].search_fetch(
            self.env["partner.certification"]._get_portal_domain()
            & Domain("partner_id", "in", self.ids)
            & Domain("type_id", "in", kinds.ids)
            & Domain("revoked", "=", False)
            & Domain("date_issued", "<=", fields.Date.context_today(self)),
            ["partner_id", "type_id", "date_expiry", "date_renewal", "revoked"],
            order="date_expiry, id",  # what never ends comes last
        )
        held = (
            (
                (record.partner_id.id, record.type_id.id),
                record.state,
                record.date_expiry,
            )
            for record in certificates
        )
        return merge(held, self._get_training_pairs(kinds))

    def _get_training_pairs(self, kinds):
        """Return ``(person id, type id)`` of those who attend the courses."""
        # sudo: courses hidden from partners, and who attends, are eLearning's to know;
        # limited to these people
        by_channel = kinds.sudo().grouped("channel_id")
        attendances = (
            self.env["slide.channel.partner"]
            .sudo()
            .search_fetch(
                [
                    (
                        "channel_id",
                        "in",
                        [channel.id for channel in by_channel if channel],
                    ),
                    ("partner_id", "in", self.ids),
                    ("member_status", "!=", "invited"),
                ],
                ["channel_id", "partner_id"],
            )
        )
        return [
            (row.partner_id.id, kind.id)
            for row in attendances
            for kind in by_channel[row.channel_id]
        ]

    def _prepare_training_rows(self, kinds, cells=None):
        """Return what the page shows of each of these people, in order.

        People whose training the user does not see are left out.

        :param kinds: ``partner.certification.type``, the columns
        :param dict cells: of :meth:`_get_training_cells`, where they are known
        :return: list of dicts ``name``, ``role``, ``is_me``, ``cells``: one for each
            column with ``state``, ``label``, ``date``, ``learns``, ``badge``, ``icon``
        """
        if cells is None:
            cells = self._get_training_cells(kinds)
        labels = self._get_training_labels()
        me = self.env.user.partner_id
        companies = me._get_certification_companies()
        # sudo: names and roles, of colleagues whose training the user sees
        people_sudo = self.sudo()
        people_sudo.fetch(["name", "email", "commercial_partner_id", "portal_role_id"])
        return [
            {
                "name": person.name or person.email or "",
                "role": person.portal_role_id.name or "",
                "is_me": person.id == me.id,
                "cells": [
                    self._prepare_training_cell(cells.get((person.id, kind.id)), labels)
                    for kind in kinds
                ],
            }
            for person in people_sudo
            if person.commercial_partner_id.id in companies.ids
        ]

    @api.model
    def _get_training_labels(self):
        """Return ``{state: words}``."""
        state = self.env["partner.certification"]._fields["state"]
        return {
            **dict(state._description_selection(self.env)),
            TRAINING: self.env._("In training"),
            NONE: self.env._("None"),
        }

    @api.model
    def _prepare_training_cell(self, cell, labels):
        """Return what a cell shows; see :meth:`_prepare_training_rows`."""
        cell = cell or {"state": NONE, "date": None, "learns": False}
        badge, icon = SIGNS.get(cell["state"], ("", ""))
        return {**cell, "label": labels[cell["state"]], "badge": badge, "icon": icon}
