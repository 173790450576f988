"""Agreements of a program, as channel managers keep them."""

import base64
from datetime import date

from .common import PartnerChannelCommon

PDF = base64.b64encode(b"%PDF-1.4 signed by hand")
#: the first bytes of a PNG, and of a program
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20))
PROGRAM = base64.b64encode(b"MZ" + bytes(200))


class AgreementCase(PartnerChannelCommon):
    """The reseller agreement, required of all; 15 March 2028."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._create_template("Reseller Agreement")
        cls.version = cls._publish(cls.template)

    @classmethod
    def _create_template(cls, name, program=None, **values):
        return cls.env["partner.agreement.template"].create(
            {
                "name": name,
                "program_id": (program or cls.program).id,
                "is_required": True,
                **values,
            }
        )

    @classmethod
    def _publish(cls, template, **values):
        version = cls.env["partner.agreement.version"].create(
            {
                "template_id": template.id,
                "text": "<p>Terms</p>",
                "validity": "endless",
                **values,
            }
        )
        version.action_publish()
        return version

    @classmethod
    def _draft(cls, membership, template=None, **values):
        return cls.env["partner.agreement"].create(
            {
                "membership_id": membership.id,
                "template_id": (template or cls.template).id,
                **values,
            }
        )

    @classmethod
    def _sign(cls, membership, day="2028-03-01", template=None, **values):
        agreement = cls._draft(membership, template, **values)
        agreement.write({"signed_name": "Ann", "signed_document": PDF})
        agreement.date_signed = date.fromisoformat(day)
        agreement.action_sign()
        return agreement

    def _run_job(self):
        cron = self.env.ref("partner_channel.ir_cron_follow_agreements")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
