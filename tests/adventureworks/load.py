"""Load AdventureWorks' resellers, products and invoices into an Odoo database.

How to use: ``Loader(env, year=2013, resellers=100).load()``; the command for it is
``./setup/load-adventureworks``.
How it works: everything is looked up by the source's own key (reseller, article, order
number), so that a load broken off goes on where it was, and a second load adds nothing.
Programs, memberships and commission plans come from ``channel`` if the addons for them
are installed.
"""

import time

from odoo.exceptions import UserError
from odoo.fields import Command

from . import channel, source

CHUNK = 100
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def chunks(items, size=CHUNK):
    """Cut a list into lists of at most ``size``.

    >>> list(chunks([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    return (items[start : start + size] for start in range(0, len(items), size))


class Loader:
    """One load into the environment's company.

    :param env: an environment of a user who may do everything
    :param int year: only this calendar year
    :param int resellers: only the first so many resellers
    :param bool bands: a new program pays by bands of the year instead of one rate
    :param commit: called after each chunk (nothing is committed by default)
    :param report: called with each line of progress
    """

    def __init__(
        self, env, year=None, resellers=None, bands=False, commit=None, report=None
    ):
        self.env = env(context={**env.context, **QUIET})
        self.year = year
        self.limit = resellers
        self.bands = bands
        self.commit = commit or (lambda: None)
        self.report = report or (lambda line: None)

    def load(self):
        """Load all that is not there yet; return the seconds each step took."""
        if self.env.company.currency_id.name != "USD":
            raise UserError(
                f"{self.env.company.name} keeps its books in "
                f"{self.env.company.currency_id.name}; the sales are in USD."
            )
        seconds = {}
        for step in (self.load_resellers, self.load_products, self.load_invoices):
            start = time.monotonic()
            step()
            self.commit()
            seconds[step.__name__] = time.monotonic() - start
        return seconds

    def load_resellers(self):
        """Create the resellers as companies with memberships; return them by key."""
        rows = source.read_resellers(self.limit)
        references = [row["ResellerAlternateKey"] for row in rows]
        known = self._find("res.partner", "ref", references)
        new = [row for row in rows if row["ResellerAlternateKey"] not in known]
        self.report(f"{len(new)} of {len(rows)} resellers to load")
        places = self._get_places()
        for part in chunks(new):
            partners = self.env["res.partner"].create(
                [self._prepare_reseller(row, *places) for row in part]
            )
            known.update({partner.ref: partner.id for partner in partners})
            self.commit()
        partners = self.env["res.partner"].browse(known.values())
        joined = channel.ensure_program(self.env, partners, self.bands)
        if joined:
            self.report(f"{joined} memberships in the program")
            self.commit()
        return {
            int(row["ResellerKey"]): known[reference]
            for row, reference in zip(rows, references, strict=True)
        }

    def load_products(self):
        """Create the products and their categories; return product ids by article."""
        rows = source.read_products()
        articles = [row["ProductAlternateKey"] for row in rows]
        known = self._find("product.product", "default_code", articles)
        new = [row for row in rows if row["ProductAlternateKey"] not in known]
        self.report(f"{len(new)} of {len(rows)} products to load")
        categories = self._load_categories(rows)
        products = self.env["product.product"].create(
            [self._prepare_product(row, categories) for row in new]
        )
        known.update({product.default_code: product.id for product in products})
        return known

    def load_invoices(self):
        """Create and post one customer invoice per order."""
        orders = source.read_orders(self.year, self.limit)
        names = [order.name for order in orders]
        known = self._find("account.move", "invoice_origin", names)
        new = [order for order in orders if order.name not in known]
        self.report(f"{len(new)} of {len(orders)} orders to load")
        partners, products = self.load_resellers(), self.load_products()
        done, start = 0, time.monotonic()
        for part in chunks(new):
            self._invoice(part, partners, products)
            done += len(part)
            pace = (time.monotonic() - start) / done
            self.report(
                f"{done} of {len(new)} invoices posted, {pace * 1000:.0f} ms each, "
                f"{pace * (len(new) - done):.0f} s to go"
            )

    def _invoice(self, orders, partners, products):
        moves = self.env["account.move"].create(
            [self._prepare_invoice(order, partners, products) for order in orders]
        )
        moves.action_post()
        self.commit()
        # The next chunk must not carry this one's records in memory.
        self.env.flush_all()
        self.env.invalidate_all()

    def _find(self, model, field, keys):
        """Return {key: id} of the records that have one of the keys."""
        companies = (False, self.env.company.id)
        domain = [(field, "in", keys), ("company_id", "in", companies)]
        records = self.env[model].search_fetch(domain, [field])
        return {record[field]: record.id for record in records}

    def _get_places(self):
        countries = self.env["res.country"].search_fetch([], ["code"])
        states = self.env["res.country.state"].search_fetch([], ["code", "country_id"])
        return (
            {country.code: country.id for country in countries},
            {(state.country_id.code, state.code): state.id for state in states},
        )

    def _prepare_reseller(self, row, countries, states):
        country = row["CountryRegionCode"]
        return {
            "ref": row["ResellerAlternateKey"],
            "name": row["ResellerName"],
            "is_company": True,
            "phone": row["Phone"],
            "street": row["AddressLine1"],
            "street2": row["AddressLine2"],
            "city": row["City"],
            "zip": row["PostalCode"],
            "country_id": countries.get(country),
            "state_id": states.get((country, row["StateProvinceCode"])),
        }

    def _load_categories(self, rows):
        """Return {(group, subgroup): category id}, creating what is missing."""
        Category = self.env["product.category"]
        path = ("EnglishProductCategoryName", "EnglishProductSubcategoryName")
        wanted = sorted({(row[path[0]], row[path[1]]) for row in rows})
        groups = self._ensure_categories(Category, {group for group, _sub in wanted})
        return {
            (group.name, sub.name): sub.id
            for group in groups
            for sub in self._ensure_categories(
                group, {sub for name, sub in wanted if name == group.name}
            )
        }

    def _ensure_categories(self, parent, names):
        inside = [("parent_id", "=", parent.id), ("name", "in", list(names))]
        found = parent.search(inside)
        missing = sorted(names - set(found.mapped("name")))
        vals_list = [{"name": name, "parent_id": parent.id} for name in missing]
        if not parent and "is_channel_family" in parent._fields:
            # What partners register deals for: bikes, clothing …
            vals_list = [{**vals, "is_channel_family": True} for vals in vals_list]
        return found | parent.create(vals_list)

    def _prepare_product(self, row, categories):
        group, sub = (
            row["EnglishProductCategoryName"],
            row["EnglishProductSubcategoryName"],
        )
        return {
            "default_code": row["ProductAlternateKey"],
            "name": row["EnglishProductName"],
            "list_price": float(row["ListPrice"]),
            "categ_id": categories[group, sub],
            "type": "consu",
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
        }

    def _prepare_invoice(self, order, partners, products):
        return {
            "move_type": "out_invoice",
            "partner_id": partners[order.reseller],
            "invoice_date": order.date,
            "invoice_date_due": order.date_due,
            "invoice_origin": order.name,
            "ref": order.customer_reference,
            "invoice_line_ids": [
                Command.create(self._prepare_line(line, products))
                for line in order.lines
            ],
        }

    def _prepare_line(self, line, products):
        return {
            "product_id": products[line.product],
            "quantity": line.quantity,
            "price_unit": float(line.price),
            "discount": float(line.discount * 100),
            "tax_ids": [Command.clear()],
            # With the balance given (there are no taxes), Odoo does not work it out and
            # write it line by line: creating takes half the time. ``check`` compares
            # it with the subtotal, which Odoo does work out.
            "balance": -float(line.amount),
            "amount_currency": -float(line.amount),
        }
