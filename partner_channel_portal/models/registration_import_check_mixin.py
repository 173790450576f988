from odoo import api, models

from ..tools.deal_form import PARSERS
from ..tools.form_values import FieldProblem, visible

#: what people write for "yes"
_YES = ("1", "yes", "y", "x", "true", "да", "так")


class RegistrationImportCheckMixin(models.AbstractModel):
    """The rows of a table of registrations, read and checked as the form's fields."""

    _name = "registration.import.check.mixin"
    _description = "Checks on a Table of Registrations"

    @api.model
    def _get_columns(self):
        """Return the columns of the table: field of the form and heading."""
        return {
            "partner_name": self.env._("Company"),
            "country_id": self.env._("Country"),
            "customer_vat": self.env._("Tax ID"),
            "website": self.env._("Website"),
            "email_from": self.env._("E-mail"),
            "contact_name": self.env._("Contact person"),
            "phone": self.env._("Phone"),
            "description": self.env._("What the customer needs"),
            "expected_revenue": self.env._("Expected amount"),
            "date_deadline": self.env._("Expected date (YYYY-MM-DD)"),
            "product_family_id": self.env._("Product family"),
            "is_public_tender": self.env._("Public tender (yes or empty)"),
        }

    @api.model
    def _read_header(self, texts):
        """Return the field of each column, ``None`` for one that is not known.

        Headings are known in the reader's language, in English, and by technical name.

        :param texts: the first row
        :raise FieldProblem: ``table_header`` when the company's column is missing, or a
            column is there twice
        """
        known = {}
        for model in (self.with_context(lang="en_US"), self):
            for name, label in model._get_columns().items():
                known[name] = known[label.casefold()] = name
        names = [known.get(text.strip(" *").casefold()) for text in texts]
        found = [name for name in names if name]
        if "partner_name" not in found or len(found) > len(set(found)):
            company = self._get_columns()["partner_name"]
            raise FieldProblem("table_header", name=company)
        return names

    @api.model
    def _read_row(self, names, texts):
        """Return the texts of a row by field."""
        values = {
            name: visible(text)[:5000]
            for name, text in zip(names, texts, strict=False)
            if name
        }
        tender = values.get("is_public_tender", "").casefold()
        return {**values, "is_public_tender": "1" if tender in _YES else ""}

    # === CHECKS === #

    @api.model
    def _check_rows(self, rows, membership, submit):
        """Check the rows as the form would, and against each other.

        :param rows: list of ``(number, values)``
        :param membership: ``partner.membership`` in sudo
        :param bool submit: whether the rows are to be submitted, not kept as drafts
        :return: list of dicts ``number``, ``values``, ``form`` (what the form would
            send), ``errors`` (messages by field or ``form``), ``note``
        """
        choices = self._get_choices()
        may_hint = self.env["partner.portal.throttle"]._count_hints(len(rows))
        seen, checked = {}, []
        for number, values in rows:
            form, problems = self._read_choices(values, choices)
            vals, wrong = self.env["crm.lead"]._prepare_portal_vals(
                form, membership, submit
            )
            messages = self._get_messages({**wrong, **problems})
            row = {
                "number": number,
                "values": values,
                "form": form,
                "errors": messages,
                "note": "",
            }
            if not messages:
                self._check_customer(row, vals, membership, seen, may_hint)
            checked.append(row)
        return checked

    @api.model
    def _get_choices(self):
        """Return the records a text may name: ``{field: {text: id}}``."""
        Lead = self.env["crm.lead"]
        countries, families = {}, {}
        for country in Lead._get_portal_countries():
            countries[country.code.casefold()] = country.id
            countries[country.name.casefold()] = country.id
        for family in Lead._get_portal_families():
            families[family.display_name.casefold()] = family.id
        return {"country_id": countries, "product_family_id": families}

    @api.model
    def _read_choices(self, values, choices):
        """Return ``(form, problems)``: names made into ids, formulas refused."""
        form = {name: values.get(name, "") for name in (*PARSERS, "is_public_tender")}
        problems = {}
        for name, known in choices.items():
            text = values.get(name, "")
            found = known.get(text.casefold())
            if text and not found:
                problems[name] = FieldProblem("choice_text", text=text[:60])
            form[name] = str(found or "")
        formulas = (name for name, text in values.items() if text.startswith("="))
        return form, problems | {name: FieldProblem("formula") for name in formulas}

    @api.model
    def _check_customer(self, row, vals, membership, seen, may_hint):
        """Note in the row who else asks for the customer: the file, we, another.

        :param dict row: gets an error for one's own, a note for another's
        :param dict vals: of the registration
        :param dict seen: ``{key: [(number, family)]}`` of the rows before
        :param bool may_hint: whether the person may ask about others now
        """
        Claim = self.env["partner.deal.claim"]
        country = self.env["res.country"].browse(vals["country_id"])
        # sudo: the product family is the vendor's record; its id is compared
        family = self.env["product.category"].sudo().browse(vals["product_family_id"])
        keys = Claim._get_claim_keys({**vals, "country": country.code})
        earlier = {
            number
            for key in keys
            for number, other in seen.get(key, ())
            if not family or not other or family == other
        }
        for key in keys:
            seen.setdefault(key, []).append((row["number"], family))
        rivals, own = Claim._search_conflicts(
            membership.company_id, keys, family
        )._split_portal_conflicts()
        if earlier:
            problem = FieldProblem("row_double", number=min(earlier))
            row["errors"] = self._get_messages({"partner_name": problem})
        elif own:
            problem = FieldProblem("row_own", name=own[0].name)
            if not own.sudo(False)._filtered_access("read"):
                problem = FieldProblem("row_colleague")
            row["errors"] = self._get_messages({"partner_name": problem})
        elif rivals and may_hint:
            row["note"] = self.env._(
                "There may be a conflict: this customer may be registered already. "
                "We check it."
            )

    # === MESSAGES === #

    @api.model
    def _get_messages(self, problems):
        """Return messages in the reader's language, by field."""
        known = {**self.env["crm.lead"]._get_portal_messages(), **self._get_texts()}
        return {name: known[p.code] % p.params for name, p in problems.items()}

    @api.model
    def _get_texts(self):
        """Return the messages on tables and rows, by code."""
        return {
            "table_empty": self.env._("The file holds no rows below the headings."),
            "table_large": self.env._("The file is too large: at most %(size)s MB."),
            "table_rows": self.env._("Too many rows: at most %(limit)s in one file."),
            "table_content": self.env._(
                "The file cannot be read. Save it as an Excel workbook (.xlsx) or as "
                "CSV, best from our template."
            ),
            "table_text": self.env._(
                "The CSV file is not in UTF-8: save it as “CSV UTF-8”."
            ),
            "table_header": self.env._(
                "The first row must hold each heading once, “%(name)s” among them. "
                "Take our template."
            ),
            "formula": self.env._("This is a formula: write its value."),
            "choice_text": self.env._("“%(text)s” is not in our list."),
            "row_double": self.env._("This is the same customer as in row %(number)s."),
            "row_own": self.env._(
                "Your company has registered this customer: “%(name)s”."
            ),
            "row_colleague": self.env._(
                "Your company has registered this customer: a deal of a colleague."
            ),
            "too_often": self.env._(
                "Too many files in an hour: please try again later."
            ),
        }
