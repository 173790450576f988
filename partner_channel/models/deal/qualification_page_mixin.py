from odoo import api, fields, models
from odoo.tools import format_amount, format_date, groupby
from odoo.tools.misc import formatLang

from ...tools.qualification import find_option, get_text

#: what a page reads of an answer
_READ = [
    "comment",
    "criterion_id",
    "is_answered",
    "is_asked",
    "is_knockout",
    "kind",
    "points",
    "remark",
    "sheet_id",
    "side",
    "value_amount",
    "value_date",
    "value_number",
    "value_option_id",
    "value_text",
    "value_yesno",
]


class QualificationPageMixin(models.AbstractModel):
    """A qualification as people read it: both sides beside each other."""

    _name = "qualification.page.mixin"
    _description = "Qualification in Words"

    comparison = fields.Html(compute="_compute_comparison", sanitize=False)

    @api.depends_context("lang")
    def _compute_comparison(self):
        for sheet in self:
            sheet.comparison = self.env["ir.qweb"]._render(
                "partner_channel.qualification_comparison",
                {"sheet": sheet, "sections": sheet._get_comparison()},
            )

    def _get_comparison(self, shared=False):
        """Return questions and answers of both sides, by section.

        :param bool shared: only what the partner may see
        :return: list of dicts ``name`` and ``lines``; a line has ``id`` (of the
            criterion), ``name``, ``help``, ``criterion``, ``is_internal``, and of each
            side, ``partner`` and ``vendor``, the row (may be empty) with ``…_text``
        """
        self.ensure_one()
        lang = self.env.lang
        nothing = self.env["crm.lead.qualification.answer"]
        # at once: the rows by their sheet, and what stands in them, are two queries
        found = nothing.search_fetch([("sheet_id", "=", self.id)], _READ)
        rows = {(row.criterion_id.id, row.side): row for row in found}
        lines = []
        for criterion in self.snapshot_id.facts:
            if shared and criterion["internal"]:
                continue
            line = {
                "id": criterion["id"],
                "section": get_text(criterion["section"], lang),
                "name": get_text(criterion["name"], lang),
                "help": get_text(criterion["help"], lang),
                "criterion": criterion,
                "is_internal": criterion["internal"],
            }
            for side in ("partner", "vendor"):
                row = rows.get((criterion["id"], side), nothing)
                line[side] = row
                line[f"{side}_text"] = row._get_answer_text(criterion)
            lines.append(line)
        return [
            {"name": own[0]["section"], "lines": own}
            for _section_id, own in groupby(
                lines, key=lambda line: line["criterion"]["section_id"]
            )
        ]

    def _format_answer(self, criterion, value):
        """Return an answer as people read it, in the reader's language.

        :param dict criterion: see ``tools.qualification``
        :param value: the answer, ``None`` for none
        :return: text, empty for no answer
        """
        if value is None:
            return ""
        return getattr(self, f"_format_{criterion['kind']}")(criterion, value)

    def _format_yesno(self, _criterion, value):
        return self.env._("Yes") if value == "yes" else self.env._("No")

    def _format_choice(self, criterion, value):
        option = find_option(criterion, value)
        return get_text(option["name"], self.env.lang) if option else ""

    def _format_number(self, _criterion, value):
        return formatLang(self.env, value, digits=0 if value == int(value) else 2)

    def _format_money(self, criterion, value):
        currency = self.env["res.currency"].browse(criterion["currency_id"])
        return format_amount(self.env, value, currency)

    def _format_date(self, _criterion, value):
        return format_date(self.env, value)

    def _format_text(self, _criterion, value):
        return value
