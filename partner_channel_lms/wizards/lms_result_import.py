import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..models.learning_results_mixin import OBJECTIONS
from ..tools import result_file

_lt = LazyTranslate(__name__)
_MESSAGES = {
    "size": _lt("The file is larger than %(about)s MB: split it."),
    "rows": _lt("The file has more than %(about)s rows: split it."),
    "old": _lt("Excel's old format (.xls) is not read: save it as .xlsx or CSV."),
    "broken": _lt("The file cannot be read: save it as .xlsx or CSV (UTF-8)."),
    "csv": _lt("Line %(about)s: a quotation mark is not closed or misplaced."),
    "double": _lt("Two columns are called “%(about)s”: delete one."),
    "columns": _lt(
        "Columns are missing: %(about)s. The first row has to name them, as in the "
        "template."
    ),
    "empty": _lt("The file has no rows below the names of the columns."),
}


class LmsResultImport(models.TransientModel):
    """A spreadsheet of results: first what would happen, then, if wished, it does."""

    _name = "lms.result.import"
    _description = "Import of Results"

    provider_id = fields.Many2one(
        "lms.provider",
        "Learning System",
        required=True,
        domain=[("state", "=", "on"), ("is_strict", "=", False)],
        default=lambda self: self.env["lms.provider"].search(
            [("state", "=", "on"), ("kind", "=", "file")], limit=1
        ),
        ondelete="cascade",
        help="Where the results come from; accounts and courses are looked up among "
        "those tied for it.",
    )
    file = fields.Binary(
        required=True, attachment=False, help="CSV or Excel (.xlsx), up to 5 MB."
    )
    filename = fields.Char()
    mode = fields.Selection(
        [
            ("all", "All rows, or nothing if one cannot be read"),
            ("good", "The rows that can be read"),
        ],
        "Import",
        required=True,
        default="all",
    )
    state = fields.Selection(
        [("file", "File"), ("preview", "Preview"), ("done", "Done")],
        required=True,
        default="file",
        readonly=True,
    )
    line_ids = fields.One2many("lms.result.import.line", "import_id", readonly=True)
    digest = fields.Char(readonly=True)
    row_count = fields.Integer("Rows", compute="_compute_counts")
    new_count = fields.Integer("To Be Stored", compute="_compute_counts")
    error_count = fields.Integer("With Errors", compute="_compute_counts")
    stored_count = fields.Integer("Stored", readonly=True)
    # an address: a file of a record that is not saved yet cannot be downloaded
    template_file = fields.Char("Template", compute="_compute_template_file")
    error_file = fields.Binary("Rows with Errors", compute="_compute_error_file")
    error_name = fields.Char(compute="_compute_error_file")

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        for record in self:
            outcomes = record.line_ids.mapped("outcome")
            record.row_count = len(outcomes)
            record.error_count = outcomes.count("error")
            known = outcomes.count("known") + outcomes.count("clash")
            record.new_count = len(outcomes) - record.error_count - known

    def _compute_template_file(self):
        self.template_file = "/partner_channel_lms/static/results.xlsx"

    @api.depends("line_ids.outcome")
    def _compute_error_file(self):
        for record in self:
            wrong = record.line_ids.filtered(lambda line: line.outcome == "error")
            rows = [[*result_file.TEMPLATE_COLUMNS, "error"]]
            rows += [
                [*(line[name] or "" for name in rows[0][:-1]), line.message]
                for line in wrong
            ]
            content = (
                result_file.write_workbook(rows, [24] * 5 + [80]) if wrong else b""
            )
            record.error_file = base64.b64encode(content) or False
            record.error_name = "results-errors.xlsx"

    # === ACTIONS === #

    def action_preview(self):
        """Read the file and show what would happen; nothing is stored.

        :raise UserError: if the file cannot be read at all
        """
        self.ensure_one()
        self.check_access("write")
        rows, verdicts = self._read_file()
        self.line_ids.unlink()
        # sudo: lines show what is in the file, nobody else writes them
        self.env["lms.result.import.line"].sudo().create(
            [
                self._prepare_line(row, verdict)
                for row, verdict in zip(rows, verdicts, strict=True)
            ]
        )
        self.write({"state": "preview", "digest": self._get_digest()})
        return self._reopen()

    def action_back(self):
        """Choose another file."""
        self.ensure_one()
        self.check_access("write")
        self.line_ids.unlink()
        self.write({"state": "file", "file": False, "filename": False})
        return self._reopen()

    def action_confirm(self):
        """Store what the preview has shown; the same file again stores nothing.

        :raise UserError: if rows have errors and all was asked for, or the file is
            not the one that was shown
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "preview" or self.digest != self._get_digest():
            raise UserError(
                self.env._("This is not the file that was shown: preview it first.")
            )
        _rows, verdicts = self._read_file()
        wrong = sum(verdict.outcome == "error" for verdict in verdicts)
        if wrong and self.mode == "all":
            raise UserError(
                self.env._(
                    "%(count)d rows have errors, so nothing is imported. Correct them, "
                    "or choose to import the rows that can be read.",
                    count=wrong,
                )
            )
        stored = self.provider_id._store_results(verdicts)
        self.write({"state": "done", "stored_count": len(stored)})
        return self._reopen()

    def action_view_unmatched(self):
        """Open what waits for a person or a course."""
        self.ensure_one()
        return self.provider_id.action_view_unmatched()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import Results"),
        }

    # === READING === #

    def _get_content(self):
        """Return the bytes of the file."""
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _get_digest(self):
        """Return the hash of what is shown: the file and where it comes from."""
        return hashlib.sha256(
            str(self.provider_id.id).encode() + b"|" + self._get_content()
        ).hexdigest()

    def _read_file(self):
        """Return the rows of the file, and what would become of each.

        :return: list of ``Row`` and list of ``Verdict``
        """
        self.provider_id._check_results_access()
        try:
            rows = result_file.read_rows(self._get_content(), self.filename or "")
        except result_file.FileError as error:
            message = self.env._(_MESSAGES[error.code])
            raise UserError(message % {"about": error.about}) from error
        return rows, self.provider_id._judge_results([row.values for row in rows])

    def _prepare_line(self, row, verdict):
        """Return the values of a line of the preview."""
        labels = self.env["lms.result.import.line"].fields_get(attributes=["string"])
        messages = [
            f"{labels[name]['string'] if name in labels else name}: "
            f"{self.env._(OBJECTIONS[code])}"
            for name, code in verdict.objections
        ]
        return {
            "import_id": self.id,
            "number": row.number,
            **{
                name: _show(row.values.get(name))
                for name in result_file.TEMPLATE_COLUMNS
            },
            "outcome": verdict.outcome,
            "message": "\n".join(messages),
            "partner_id": verdict.person,
            "type_id": verdict.target.kind if verdict.target else False,
        }


def _show(value):
    """Return a cell as text."""
    text = "" if value is None else str(value)
    return text.removesuffix(" 00:00:00").replace("\x00", "")[:300]
