"""A template of known questions, and a deal that is qualified with it."""

from odoo.fields import Command

from .common import PartnerChannelCommon

#: name, kind, weight, further values; answers and scores follow from it by hand
QUESTIONS = (
    ("Need named", "yesno", 2, {"knockout": "no", "is_required": True}),
    ("Size", "choice", 1, {"options": [("Large", 100), ("Small", 40)]}),
    ("Budget", "money", 1, {"low": 1_000, "high": 5_000, "is_required": True}),
    ("Decides on", "date", 1, {"days": 90}),
    ("Story", "text", 0, {"fill_by": "partner"}),
    ("Bad credit", "yesno", 1, {"fill_by": "vendor", "is_internal": True}),
    ("Called", "yesno", 1, {"fill_by": "vendor", "step": "additional"}),
)


class QualificationCase(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qualification.template"].search([]).active = False
        cls.program.write(
            {"qualification_required": True, "qualification_threshold": 60}
        )
        cls.template = cls._create_template("Template", program_id=cls.program.id)
        cls.lead = cls._register(cls.northwind, registrant_id=cls.seller.partner_id.id)
        cls.sheet = cls.lead.qualification_id

    @classmethod
    def _create_template(cls, name, questions=QUESTIONS, **values):
        template = cls.env["qualification.template"].create({"name": name, **values})
        section = cls.env["qualification.section"].create(
            {"name": "Questions", "template_id": template.id}
        )
        for number, (question, kind, weight, values) in enumerate(questions):
            more = {name: values[name] for name in values if name != "options"}
            options = values.get("options", ())
            cls.env["qualification.criterion"].create(
                {
                    "name": question,
                    "kind": kind,
                    "weight": weight,
                    "sequence": number,
                    "section_id": section.id,
                    "option_ids": [
                        Command.create({"name": text, "points": points})
                        for text, points in options
                    ],
                    **more,
                }
            )
        return template

    @classmethod
    def _criterion(cls, name, template=None):
        return (template or cls.template).criterion_ids.filtered(
            lambda criterion: criterion.name == name
        )

    def _row(self, name, side="vendor", sheet=None):
        return (sheet or self.sheet).answer_ids.filtered(
            lambda row: row.side == side and row.criterion_id.name == name
        )

    def _values(self, values, template=None):
        """Return answers by criterion id; a choice by its name."""
        result = {}
        for name, value in values.items():
            criterion = self._criterion(name, template)
            options = criterion.option_ids
            chosen = options.filtered(lambda option, v=value: option.name == v)
            result[criterion.id] = chosen.id if chosen else value
        return result

    def _answer_partner(self, sheet=None, **values):
        """Answer what has to be, and more, for the partner."""
        answers = {"Need named": "yes", "Budget": 3_000.0, **values}
        (sheet or self.sheet)._answer_for_partner(self._values(answers))

    def _sign(self, sheet=None):
        self._answer_partner(sheet)
        return (sheet or self.sheet)._sign("Sam Seller", self.seller.partner_id)

    def _answer_vendor(self, user=None, sheet=None):
        """Answer what has to be for the vendor."""
        for name, vals in (
            ("Need named", {"value_yesno": "yes"}),
            ("Budget", {"value_amount": 5_000}),
        ):
            self._row(name, sheet=sheet).with_user(user or self.manager).write(vals)

    def _qualify(self, sheet=None):
        """Let both sides qualify."""
        self._sign(sheet)
        self._answer_vendor(sheet=sheet)
        (sheet or self.sheet)._qualify()

    def _given(self, **values):
        """Return an ordinary lead that was given to a partner."""
        return self.env["crm.lead"].create(
            {
                "name": "Given",
                "type": "lead",
                "partner_assigned_id": self.northwind.partner_id.id,
                **values,
            }
        )
