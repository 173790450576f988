from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.chain import digest


class QualificationSnapshot(models.Model):
    """The criteria of a template as they were when somebody began to answer.

    Sheets that were begun with the same criteria share one. Nothing in it changes.
    """

    _name = "qualification.snapshot"
    _description = "Criteria of a Qualification at Its Beginning"
    _order = "id desc"
    _rec_name = "digest"

    template_id = fields.Many2one(
        "qualification.template",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    digest = fields.Char(required=True, readonly=True)
    facts = fields.Json(
        required=True, readonly=True, help="See the module tools.qualification."
    )

    _digest_uniq = models.UniqueIndex("(template_id, digest)")

    def write(self, vals):
        if vals:
            raise AccessError(self.env._("What was asked stays as it was asked."))
        return super().write(vals)

    @api.model
    def _take(self, template):
        """Return the snapshot of a template as it stands now.

        :param template: one ``qualification.template``
        """
        # sudo: snapshots are nobody's to write
        template, Snapshot = template.sudo(), self.sudo()
        facts = Snapshot._describe(template)
        values = {"template_id": template.id, "digest": digest(facts)}
        domain = [(name, "=", value) for name, value in values.items()]
        return Snapshot.search(domain, limit=1) or Snapshot.create(
            {**values, "facts": facts}
        )

    @api.model
    def _describe(self, template):
        """Return the criteria of a template as plain values, in their order.

        Those that were archived are not asked, whatever page asks.
        """
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        langs = sorted({*langs, "en_US"})
        return [
            self._describe_criterion(criterion, langs)
            for section in template.section_ids.sorted()
            for criterion in section.criterion_ids.filtered("active").sorted()
        ]

    @api.model
    def _describe_criterion(self, criterion, langs):
        return {
            "id": criterion.id,
            "section_id": criterion.section_id.id,
            "section": self._spell(criterion.section_id, "name", langs),
            "name": self._spell(criterion, "name", langs),
            "help": self._spell(criterion, "help_text", langs),
            "kind": criterion.kind,
            "step": criterion.step,
            "fill_by": criterion.fill_by,
            "internal": criterion.is_internal,
            "required": criterion.is_required,
            "weight": criterion.weight,
            "low": criterion.low,
            "high": criterion.high,
            "days": criterion.days,
            "knockout": criterion.knockout or "",
            "currency_id": criterion.currency_id.id,
            "options": [
                {
                    "id": option.id,
                    "name": self._spell(option, "name", langs),
                    "points": option.points,
                    "knockout": option.is_knockout,
                }
                for option in criterion.option_ids.sorted()
            ],
        }

    @api.model
    def _spell(self, record, name, langs):
        """Return a text in all languages in which it differs from the source."""
        source = record.with_context(lang="en_US")[name] or ""
        texts = {code: record.with_context(lang=code)[name] or "" for code in langs}
        return {
            "en_US": source,
            **{code: text for code, text in texts.items() if text and text != source},
        }

    def _get_criteria(self):
        """Return the criteria by id, in their order.

        :return: ``{criterion_id: dict}``, see the module ``tools.qualification``
        """
        self.ensure_one()
        return {criterion["id"]: criterion for criterion in self.facts}
