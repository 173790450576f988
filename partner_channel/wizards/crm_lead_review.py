from odoo import api, fields, models

from ..tools.claim_keys import clean_domain

#: what is compared, in the order it is shown
_ROWS = (
    "name",
    "vat",
    "domain",
    "country",
    "family",
    "owner",
    "date",
    "protected",
    "state",
)
#: equal values of these say something about the customer
_TELLING = ("name", "vat", "domain", "country", "family")


class CrmLeadReview(models.TransientModel):
    """The page where a registration stands beside all that may be its customer."""

    _name = "crm.lead.review"
    _description = "Similar Customers and Conflicts"
    _rec_name = "lead_id"

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("crm.lead.review.line", "review_id", readonly=True)

    @api.model
    def _open(self, lead):
        """Return a review of a registration; the caller has checked access."""
        candidates = lead._find_candidates()
        # sudo: pages are made by the code alone, and the whole database is compared
        review = self.sudo().create({"lead_id": lead.id})
        records = review._browse_candidates(candidates)
        mine = review._describe(lead.sudo(), None)
        words = review._get_reason_words()
        vals_list = []
        for one in candidates:
            record = records[one.model].browse(one.id)
            theirs = review._describe(record, one.date)
            vals_list.append(
                {
                    "review_id": review.id,
                    "kind": one.kind,
                    "model": one.model,
                    "res_id": one.id,
                    "name": theirs["name"] or record.display_name,
                    "score": one.score,
                    "reasons": ", ".join(words.get(key, key) for key in one.reasons),
                    "comparison": review._render(mine, theirs),
                }
            )
        review.line_ids.create(vals_list)
        return self.browse(review.id)

    def _browse_candidates(self, candidates):
        """Return the records of candidates by model, to be read together."""
        ids = {}
        for one in candidates:
            ids.setdefault(one.model, []).append(one.id)
        return {model: self.env[model].browse(found) for model, found in ids.items()}

    def _render(self, mine, theirs):
        labels = self._get_row_labels()
        rows = [
            {
                "label": labels[key],
                "mine": mine[key],
                "theirs": theirs[key],
                "same": key in _TELLING
                and bool(mine[key])
                and mine[key].casefold() == theirs[key].casefold(),
            }
            for key in _ROWS
            if mine[key] or theirs[key]
        ]
        return self.env["ir.qweb"]._render(
            "partner_channel.lead_review_comparison", {"rows": rows}
        )

    # === WHAT IS COMPARED === #

    def _describe(self, record, invoiced):
        """Return the text of each of the rows.

        :param date invoiced: last invoice of a company, ``None`` if there is none
        """
        if record._name == "crm.lead":
            facts = self._describe_lead(record)
        elif record._name == "sale.order":
            facts = {
                **self._describe_company(record.partner_id.commercial_partner_id),
                "owner": record.user_id.name,
                "date": self._say_day(self.env._("Quoted %s"), record.date_order),
                "state": self.env._("Quotation %(name)s", name=record.name),
            }
        else:
            day = self._say_day(self.env._("Last invoiced %s"), invoiced)
            facts = {
                **self._describe_company(record),
                "date": day or self.env._("Not invoiced"),
            }
        return {key: facts.get(key) or "" for key in _ROWS}

    def _describe_lead(self, lead):
        if not lead.registration_state:
            owner, day = lead.user_id.name, self._say_day("%s", lead.create_date)
            state = self.env._(
                "Lead of ours: %(stage)s", stage=lead.stage_id.name or "-"
            )
        else:
            owner = lead.partner_assigned_id.name
            day = self._say_day(self.env._("Submitted %s"), lead.date_submitted)
            states = lead._fields["registration_state"]
            state = dict(states._description_selection(self.env))[
                lead.registration_state
            ]
        return {
            "name": lead.partner_name or lead.partner_id.name or lead.name,
            "vat": lead.customer_vat or lead.partner_id.vat,
            "domain": clean_domain(lead.website) or clean_domain(lead.email_from),
            "country": lead.country_id.name,
            "family": lead.product_family_id.name
            or (lead.registration_state and self.env._("All products")),
            "owner": owner,
            "date": day,
            "protected": self._say_day("%s", lead.date_protection_end),
            "state": state,
        }

    def _describe_company(self, partner):
        return {
            "name": partner.name,
            "vat": partner.vat,
            "domain": clean_domain(partner.website) or clean_domain(partner.email),
            "country": partner.country_id.name,
            "owner": partner.user_id.name,
            "state": self.env._("Company in your contacts"),
        }

    def _say_day(self, words, day):
        """Return a day in the user's words and format, empty for none."""
        if not day:
            return ""
        local = (
            fields.Datetime.context_timestamp(self, day).date()
            if hasattr(day, "hour")
            else day
        )
        return words % self.env["ir.qweb.field.date"].value_to_html(local, {})

    @api.model
    def _get_row_labels(self):
        return {
            "name": self.env._("Company"),
            "vat": self.env._("Tax ID"),
            "domain": self.env._("Domain"),
            "country": self.env._("Country"),
            "family": self.env._("Products"),
            "owner": self.env._("Partner or owner"),
            "date": self.env._("When"),
            "protected": self.env._("Protected until"),
            "state": self.env._("What it is"),
        }

    @api.model
    def _get_reason_words(self):
        """Return why two records are taken for one customer, in the user's words."""
        return {
            "vat": self.env._("same tax ID"),
            "domain": self.env._("same web or e-mail domain"),
            "email": self.env._("same e-mail address"),
            "partner": self.env._("same customer record"),
            "group": self.env._("same group of companies"),
            "name": self.env._("same name without the legal form"),
            "spaces": self.env._("same letters, other spaces"),
            "looks": self.env._("characters that look alike"),
            "spelling": self.env._("spelled almost alike"),
            "words": self.env._("words in common"),
            "initials": self.env._("initials of the other name"),
        }
