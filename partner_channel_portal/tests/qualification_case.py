"""A template with internal questions, and a deal that is qualified with it."""

from odoo import http
from odoo.fields import Command

from .common import PortalFormCase

SECRET = "Qzx-Secret"


class QualificationPortalCase(PortalFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qualification.template"].search([]).active = False
        cls.template = cls._create_template()
        cls.program.qualification_required = True
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls.sheet = cls.deal.qualification_id

    @classmethod
    def _create_template(cls):
        template = cls.env["qualification.template"].create(
            {"name": "Portal", "program_id": cls.program.id}
        )
        section = cls.env["qualification.section"].create(
            {"name": "Section One", "template_id": template.id}
        )
        for number, (name, kind, values) in enumerate(
            (
                ("Need named?", "yesno", {"is_required": True}),
                ("Size", "choice", {}),
                ("Budget", "money", {"low": 0, "high": 10_000}),
                ("People", "number", {"low": 0, "high": 10}),
                ("Decides on", "date", {"days": 90}),
                ("Story", "text", {"fill_by": "partner"}),
                (f"{SECRET} credit", "yesno", {"is_internal": True}),
                (f"{SECRET} risk", "text", {"is_internal": True, "weight": 9}),
            )
        ):
            if values.get("is_internal"):
                values["fill_by"] = "vendor"
            options = [("Large", 100), ("Small", 40)] if kind == "choice" else []
            criterion = cls.env["qualification.criterion"].create(
                {
                    "name": name,
                    "kind": kind,
                    "section_id": section.id,
                    "sequence": number,
                    "option_ids": [
                        Command.create({"name": text, "points": points})
                        for text, points in options
                    ],
                    **values,
                }
            )
            key = name.split()[-1 if SECRET in name else 0].lower().strip("?")
            setattr(cls, key, criterion)
        return template

    def _row(self, criterion, side="partner"):
        return self.sheet.answer_ids.filtered(
            lambda row: row.criterion_id == criterion and row.side == side
        )

    def _get(self, deal=None):
        return self.url_open(f"/my/deals/{(deal or self.deal).id}/qualification")

    def _send(self, answers, action="save", deal=None, revision=None, **values):
        """Send the form as the page holds it; answers by criterion."""
        self.sheet.invalidate_recordset()
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "revision": str(self.sheet.revision) if revision is None else revision,
            "action": action,
            **{f"answer_{c.id}": text for c, text in answers.items()},
            **values,
        }
        answer = self.url_open(
            f"/my/deals/{(deal or self.deal).id}/qualification",
            data=data,
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return answer

    def _sign(self):
        answer = self._send({self.need: "yes"}, "sign", signed_name="Sam Seller")
        self.assertEqual(answer.status_code, 303)
