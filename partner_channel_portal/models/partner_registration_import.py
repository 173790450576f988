import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, LockError

from ..tools.deal_form import is_token
from ..tools.form_values import FieldProblem
from ..tools.table_csv import to_csv
from ..tools.table_read import read_table

#: files one person may send in per hour
_FILES_PER_HOUR = 20


class PartnerRegistrationImport(models.Model):
    """A table of deals somebody of a partner has sent, before they are registered.

    Nobody has access to it but through the portal's pages; what is registered goes the
    form's way, row by row.
    """

    _name = "partner.registration.import"
    _inherit = "registration.import.check.mixin"
    _description = "Table of Registrations"
    _rec_name = "token"

    token = fields.Char(required=True, index=True)
    membership_id = fields.Many2one(
        "partner.membership", required=True, ondelete="cascade"
    )
    is_submission = fields.Boolean("Submit")
    is_done = fields.Boolean("Registered")
    rows = fields.Json()

    @api.model
    def _portal_read(self, content, membership_id, submit):
        """Read and check a table; nothing of it is registered.

        :param bytes content: of the file
        :param str membership_id: chosen program, as text
        :param bool submit: whether the rows are to be submitted, not kept as drafts
        :return: ``(table in sudo, errors)``, ``errors`` maps field → message
        :raise AccessError: for people who may not register deals
        """
        Lead = self.env["crm.lead"]
        membership, errors = Lead._check_portal_save(
            {"membership_id": membership_id}, Lead
        )
        if errors:
            return self.browse(), errors
        try:
            if not self.env["partner.portal.throttle"]._count(
                "import", _FILES_PER_HOUR
            ):
                raise FieldProblem("too_often")
            (_number, header), *table = read_table(content)
            names = self._read_header(header)
        except FieldProblem as problem:
            return self.browse(), self._get_messages({"file": problem})
        rows = [(number, self._read_row(names, texts)) for number, texts in table]
        # sudo: nobody has access to tables but through this method and the next ones
        record = self.sudo().create(
            {
                "token": uuid.uuid4().hex,
                "membership_id": membership.id,
                "is_submission": submit,
                "rows": self._check_rows(rows, membership, submit),
            }
        )
        return record, {}

    @api.model
    def _find_portal_import(self, token):
        """Return the table the current user has sent, in sudo, or none."""
        if not is_token(token):
            return self.sudo().browse()
        # sudo: see above; limited to the person's own by its secret and its author
        return self.sudo().search(
            [("token", "=", token), ("create_uid", "=", self.env.uid)]
        )

    def _portal_confirm(self):
        """Register the good rows, each as the form would. Twice is once.

        :raise AccessError: for people who may not register deals any more
        """
        self.ensure_one()
        self.env["crm.lead"]._get_portal_register_memberships()
        try:
            self.lock_for_update()
        except LockError as error:
            # a double click: wait for the first one, and find all done
            raise ConcurrencyError(str(error)) from error
        if self.is_done:
            return
        rows = [
            row if row["errors"] else {**row, **self._register_row(row)}
            for row in self.rows
        ]
        self.write({"rows": rows, "is_done": True})

    def _register_row(self, row):
        """Register one row, as the current user.

        :return: dict of ``deal_id``, or of ``errors``
        """
        # the same row of the same table is one registration, however often it is sent
        token = uuid.uuid5(uuid.UUID(self.token), str(row["number"])).hex
        deal, errors = (
            self.env["crm.lead"]
            .sudo(False)
            ._portal_save_registration(
                {
                    **row["form"],
                    "token": token,
                    "membership_id": str(self.membership_id.id),
                },
                submit=self.is_submission,
            )
        )
        return {"errors": errors} if errors else {"deal_id": deal.id}

    @api.autovacuum
    def _gc_tables(self):
        """Forget the tables of past days; what was registered stands by itself."""
        day_ago = fields.Datetime.now() - timedelta(days=1)
        self.search([("create_date", "<", day_ago)], limit=1000).unlink()

    # === PAGES === #

    def _get_portal_rows(self):
        """Return the rows for the page.

        :return: list of dicts ``number``, ``name``, ``problems`` (pairs of heading and
            message), ``note``, ``deal_id``
        """
        self.ensure_one()
        labels = self._get_columns()
        return [
            {
                "number": row["number"],
                "name": row["values"].get("partner_name", ""),
                "problems": [
                    (labels.get(name, ""), message)
                    for name, message in row["errors"].items()
                ],
                "note": row["note"],
                "deal_id": row.get("deal_id"),
            }
            for row in self.rows
        ]

    def _get_portal_errors_csv(self):
        """Return the rows that were not taken, with what is wrong, as CSV text."""
        self.ensure_one()
        labels = self._get_columns()
        header = [*labels.values(), self.env._("Row"), self.env._("What is wrong")]
        return to_csv(
            header,
            (
                [
                    *(row["values"].get(name, "") for name in labels),
                    row["number"],
                    "; ".join(
                        f"{labels[name]}: {message}" if name in labels else message
                        for name, message in row["errors"].items()
                    ),
                ]
                for row in self.rows
                if row["errors"]
            ),
        )
