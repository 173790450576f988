from odoo import api, models

from ..tools.deal_form import PARSERS
from ..tools.form_values import FieldProblem, visible

#: what people write for "yes" and "no", and what the form sends for it
_ANSWERS = {
    **dict.fromkeys(("1", "yes", "y", "x", "true", "да", "так"), "1"),
    **dict.fromkeys(("", "0", "no", "n", "-", "false", "нет", "ні"), ""),
}


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
        return {
            name: visible(text)[:5000]
            for name, text in zip(names, texts, strict=False)
            if name
        }

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
        choices = self.env["crm.lead"]._get_portal_choices()
        names = self._get_names(choices)
        checked, good = [], []
        for number, values in rows:
            form, problems = self._read_choices(values, names)
            vals, wrong = self.env["crm.lead"]._prepare_portal_vals(
                form, membership, submit, choices=choices
            )
            row = {
                "number": number,
                "values": values,
                "form": form,
                "errors": self._get_messages({**wrong, **problems}),
                "note": "",
            }
            checked.append(row)
            if not row["errors"]:
                good.append((row, vals))
        may_hint = self.env["partner.portal.throttle"]._count_hints(len(rows))
        self._check_customers(good, membership.company_id, may_hint)
        return checked

    @api.model
    def _get_names(self, choices):
        """Return what a text may stand for: ``{field: {text: what the form sends}}``.

        :param dict choices: records to choose from, by field
        """
        countries, families = {}, {}
        for country in choices["country_id"]:
            countries[country.code.casefold()] = str(country.id)
            countries[country.name.casefold()] = str(country.id)
        for family in choices["product_family_id"]:
            families[family.display_name.casefold()] = str(family.id)
        return {
            "country_id": countries,
            "product_family_id": families,
            "is_public_tender": _ANSWERS,
        }

    @api.model
    def _read_choices(self, values, names):
        """Return ``(form, problems)``: names made into ids, formulas refused."""
        form = {name: values.get(name, "") for name in PARSERS}
        problems = {}
        for name, known in names.items():
            text = values.get(name, "")
            form[name] = known.get(text.casefold(), "")
            if text and text.casefold() not in known:
                problems[name] = FieldProblem("choice_text", text=text[:60])
        formulas = (name for name, text in values.items() if text.startswith("="))
        return form, problems | {name: FieldProblem("formula") for name in formulas}

    # === CUSTOMERS === #

    @api.model
    def _check_customers(self, good, company, may_hint):
        """Note in the rows who else asks for the customer: the file, we, another.

        :param good: list of ``(row, vals)``; a row gets an error for a customer of the
            file or one's own, a note for another's
        :param company: the vendor's, of the membership
        :param bool may_hint: whether the person may ask about others now
        """
        wanted = [self._get_row_claim(vals) for _row, vals in good]
        found = self.env["partner.deal.claim"]._search_many_conflicts(company, wanted)
        split = [leads._split_portal_conflicts() for leads in found]
        own_leads = self.env["crm.lead"].union(*(own for _rivals, own in split))
        readable = own_leads.sudo(False)._filtered_access("read")
        seen = {}
        for (row, _vals), claim, (rivals, own) in zip(good, wanted, split, strict=True):
            problem = self._find_double(row["number"], *claim, seen)
            problem = problem or self._find_own(own.sudo(False), readable)
            if problem:
                row["errors"] = self._get_messages({"partner_name": problem})
            elif rivals and may_hint:
                row["note"] = self.env._(
                    "There may be a conflict: this customer may be registered already. "
                    "We check it."
                )

    @api.model
    def _get_row_claim(self, vals):
        """Return ``(keys, family)`` of the customer of a row."""
        country = self.env["res.country"].browse(vals["country_id"])
        # sudo: the product family is the vendor's record; its id is compared
        family = self.env["product.category"].sudo().browse(vals["product_family_id"])
        keys = self.env["partner.deal.claim"]._get_claim_keys(
            {**vals, "country": country.code}
        )
        return keys, family

    @api.model
    def _find_double(self, number, keys, family, seen):
        """Return the problem of a customer that an earlier row has, or ``None``.

        :param dict seen: ``{key: [(number, family)]}`` of the rows before; this one is
            added
        """
        earlier = {
            before
            for key in keys
            for before, other in seen.get(key, ())
            if not family or not other or family == other
        }
        for key in keys:
            seen.setdefault(key, []).append((number, family))
        return FieldProblem("row_double", number=min(earlier)) if earlier else None

    @api.model
    def _find_own(self, own, readable):
        """Return the problem of a customer one's company has, or ``None``.

        :param own: registrations of the customer, strongest first
        :param readable: all those whose name the person may know
        """
        if not own:
            return None
        named = own & readable
        if named:
            return FieldProblem("row_own", name=named[0].name)
        return FieldProblem("row_colleague")

    # === MESSAGES === #

    @api.model
    def _get_messages(self, problems):
        """Return messages in the reader's language, by field."""
        if not problems:
            return {}
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
            "too_often": self.env["partner.portal.throttle"]._get_limit_message(),
        }
