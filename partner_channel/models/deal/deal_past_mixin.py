from odoo import api, models
from odoo.fields import Domain


class DealPastMixin(models.AbstractModel):
    """What was said and sent with a partner stays from the next one.

    Of ordinary leads; a registration that is handed on hides all of its past, see
    ``deal.transfer.mixin``.
    """

    _name = "deal.past.mixin"
    _description = "Past of a Lead with a Former Partner"

    def _hide_past(self, former):
        """Keep the talk with former partners to the vendor, and their files.

        What the customer wrote stays for the next one. In a fixed number of queries
        for any number of leads.

        :param dict former: ``{lead_id: res.partner}``, companies that lose the lead
        """
        # sudo: whoever may assign a lead ends what came with it
        leads = self.sudo().browse(former)
        companies = leads.env["res.partner"].concat(*former.values())
        messages = leads.env["mail.message"].search(
            Domain("model", "=", "crm.lead")
            & Domain("res_id", "in", leads.ids)
            & Domain("is_internal", "=", False)
            & self._get_talk_domain(companies)
        )
        files = leads.env["ir.attachment"].search(
            Domain("res_model", "=", "crm.lead")
            & Domain("res_id", "in", leads.ids)
            & Domain("create_uid.partner_id", "child_of", companies.ids)
        )
        # of each lead what is of its own former partner: that of another one of these
        # leads may be a bystander here
        messages = messages.filtered(
            lambda message: self._is_talk_with(message, former[message.res_id])
        )
        files = files.filtered(
            lambda file: self._is_of(file.create_uid.partner_id, former[file.res_id])
        )
        messages.is_internal = True
        leads._move_past_files(files | messages.attachment_ids, former)

    def _get_talk_domain(self, companies):
        """Return the domain of messages of partners, and of the vendor to them.

        :param companies: ``res.partner``
        """
        told = Domain("partner_ids", "child_of", companies.ids) | Domain(
            "notified_partner_ids", "child_of", companies.ids
        )
        return Domain("author_id", "child_of", companies.ids) | (
            told & Domain("author_id.partner_share", "=", False)
        )

    @api.model
    def _is_talk_with(self, message, company):
        """Return whether a message is by a company's people, or the vendor's to them.

        The same as :meth:`_get_talk_domain`, for one of several companies.

        :param message: ``mail.message``
        :param company: ``res.partner``
        """
        if self._is_of(message.author_id, company):
            return True
        told = message.partner_ids | message.notified_partner_ids
        return not message.author_id.partner_share and self._is_of(told, company)

    @api.model
    def _is_of(self, people, company):
        """Return whether any of these people is the company or below it."""
        while people and not people & company:
            people = people.parent_id
        return bool(people)

    def _move_past_files(self, files, former):
        """Hang files on the former partner's offer: who reads a lead reads its files.

        :param files: ``ir.attachment`` of these leads, in sudo
        :param dict former: see :meth:`_hide_past`
        """
        files = files.filtered(lambda file: file.res_model == "crm.lead")
        if not files:
            return
        held = {
            (offer.lead_id.id, offer.partner_id.id): offer.id
            for offer in self.offer_ids.sorted("id")
        }
        by_offer = files.grouped(
            lambda file: held.get((file.res_id, former[file.res_id].id), 0)
        )
        for offer_id, own in by_offer.items():
            # assigned before offers were noted: the vendor's administrator has it
            own.write(
                {
                    "res_model": "partner.lead.offer" if offer_id else False,
                    "res_id": offer_id,
                }
            )
