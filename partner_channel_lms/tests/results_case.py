from odoo.addons.mail.tests.common import mail_new_test_user

from .lms_case import LmsCase

HEAD = "person,course,date,score,result\n"


class ResultsCase(LmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls._create_provider("Spreadsheets", kind="file")
        cls.exercise = cls.env["lms.course"].create(
            {
                "name": "Selling on Paper",
                "provider_id": cls.source.id,
                "activity": "https://paper.example.org/selling",
                "type_id": cls.kind.id,
            }
        )
        cls.trainer, cls.manager, cls.admin = (
            mail_new_test_user(cls.env, f"lms_r_{name}", groups=group)
            for name, group in (
                ("trainer", "partner_channel_lms.group_channel_trainer"),
                ("manager", "partner_channel.group_channel_manager"),
                ("admin", "base.group_system"),
            )
        )

    @staticmethod
    def _row(person="seller@example.com", **values):
        row = {"person": person, "course": "Selling on Paper", "date": "2026-03-01"}
        return {**row, "score": 85, "result": "passed", **values}

    def _said(self):
        return self.Statement.search([("provider_id", "=", self.source.id)])
