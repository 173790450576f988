"""What partner and vendor leave behind together, for others to look for."""

import base64

from odoo.fields import Command


class TraceMixin:
    """Records of many models that belong to one partner."""

    @classmethod
    def _sign_agreement(cls, membership, name):
        """Let a partner sign an agreement that its program requires of everybody."""
        template = cls.env["partner.agreement.template"].create(
            {"name": name, "program_id": membership.program_id.id, "is_required": True}
        )
        version = cls.env["partner.agreement.version"].create(
            {"template_id": template.id, "text": name}
        )
        version.action_publish()
        agreement = cls.env["partner.agreement"].create(
            {"membership_id": membership.id, "template_id": template.id}
        )
        agreement._sign(name)
        agreement.message_post(body=name, subtype_xmlid="mail.mt_comment")

    @classmethod
    def _use_asset(cls, deal, name):
        """Let the seller find material for a deal, use it and keep it."""
        kind = cls.env.ref("partner_channel.asset_type_case")
        asset = cls.env["partner.asset"].create(
            {
                "name": name,
                "type_id": kind.id,
                "file": base64.b64encode(name.encode()),
                "file_name": f"{name}.txt",
                "program_ids": [Command.set(deal.program_id.ids)],
            }
        )
        asset.action_publish()
        mine = asset.with_user(cls.seller).sudo()
        mine._record_portal_use("open", deal.id)
        mine._set_favourite(True)
        cls.env["partner.asset.visit"].with_user(cls.seller)._visit()

    @classmethod
    def _qualify_deal(cls, deal, text):
        """Let both sides answer about a deal, of their own program's template."""
        template = cls.env["qualification.template"].create(
            {"name": text, "program_id": deal.program_id.id}
        )
        section = cls.env["qualification.section"].create(
            {"name": text, "template_id": template.id}
        )
        criterion = cls.env["qualification.criterion"].create(
            {
                "name": text,
                "kind": "choice",
                "section_id": section.id,
                "option_ids": [Command.create({"name": text}) for _number in range(2)],
            }
        )
        sheet = deal._open_qualifications()
        option = criterion.option_ids[0]
        sheet._answer_for_partner({criterion.id: option.id}, {criterion.id: text})
        sheet._sign(text, cls.seller.partner_id)
        sheet.vendor_answer_ids.write({"value_option_id": option.id, "remark": text})
        sheet.message_post(body=text, subtype_xmlid="mail.mt_comment")

    @classmethod
    def _offer_and_pool(cls, membership, text):
        """Return two leads: one a partner is offered, and one in a pool."""
        rule = cls.env["partner.lead.rule"].create(
            {"name": text, "program_id": membership.program_id.id, "mode": "pool"}
        )
        values = {"name": text, "contact_name": text, "city": text}
        lead, pooled = cls.env["crm.lead"].create([values, values])
        lead._set_protected({"distribution_state": "offered"})
        cls.env["partner.lead.offer"].create(
            {
                "lead_id": lead.id,
                "partner_id": membership.partner_id.id,
                "membership_id": membership.id,
                "rule_id": rule.id,
                "date_offered": "2026-01-01 00:00:00",
                "date_due": "2099-01-01 00:00:00",
                "decline_note": text,
            }
        )
        pooled._set_protected(
            {
                "distribution_state": "pool",
                "lead_rule_id": rule.id,
                "date_distribution_due": "2099-01-01 00:00:00",
            }
        )
        return lead | pooled
