"""Read AdventureWorks' files as orders whose lines are whole cents.

How to use: ``read_orders(year=2013, resellers=100)``, ``read_resellers()`` …
How it works: ``tests/data/adventureworks/SOURCE.md``, section "Decisions".
"""

import csv
import datetime
import gzip
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent.parent / "data" / "adventureworks"
CENT = Decimal("0.01")
# How exactly a price has to meet the cents. Odoo rounds an invoice's sum, not only its
# lines, so what lines lack in precision would add up to cents on a long invoice.
EXACT = Decimal("1e-8")


class Line(NamedTuple):
    """One order line; ``amount`` is in US dollars and whole cents."""

    number: int
    product: str
    quantity: int
    price: Decimal
    discount: Decimal
    amount: Decimal


class Order(NamedTuple):
    """One order of one reseller; ``reseller`` is the source's key."""

    name: str
    reseller: int
    date: datetime.date
    date_due: datetime.date
    customer_reference: str
    lines: tuple


def read(name):
    """Return the rows of a file as dicts.

    :param str name: file name without ``.csv.gz``
    """
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def to_cents(amount):
    """Round a Decimal half up to cents.

    >>> to_cents(Decimal("1.005"))
    Decimal('1.01')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def find_price(quantity, price, discount, amount):
    """Return a price with which quantity and discount give the amount to the cent.

    :param int quantity: units
    :param Decimal price: the source's price
    :param Decimal discount: as a share of one
    :param Decimal amount: what the line must come to, in whole cents

    >>> find_price(2, Decimal("419.4589"), Decimal("0.02"), Decimal("822.14"))
    Decimal('419.4591836735')
    >>> find_price(2, Decimal("419.5000"), Decimal(0), Decimal("839.00"))
    Decimal('419.5000')
    """
    factor = quantity * (1 - discount)
    if abs(factor * price - amount) < EXACT:
        return price
    return (amount / factor).quantize(Decimal("1e-10"))


def _sorted_sales():
    rows = read("fact_reseller_sales")
    for row in rows:
        row["reseller"] = int(row["ResellerKey"])
        row["line"] = int(row["SalesOrderLineNumber"])
        row["year"] = int(row["OrderDate"][:4])
    rows.sort(key=itemgetter("year", "reseller", "SalesOrderNumber", "line"))
    return rows


def _carry_cents(rows):
    """Add ``cents`` to the rows of one year: rounded totals after less before."""
    total = rounded = Decimal(0)
    for row in rows:
        total += Decimal(row["SalesAmount"])
        row["cents"] = to_cents(total) - rounded
        rounded += row["cents"]
    return rows


def _make_line(row, articles):
    quantity = int(row["OrderQuantity"])
    discount = Decimal(row["UnitPriceDiscountPct"])
    price = find_price(quantity, Decimal(row["UnitPrice"]), discount, row["cents"])
    return Line(
        row["line"],
        articles[row["ProductKey"]],
        quantity,
        price,
        discount,
        row["cents"],
    )


def _make_order(name, rows, articles):
    return Order(
        name,
        rows[0]["reseller"],
        datetime.date.fromisoformat(rows[0]["OrderDate"]),
        datetime.date.fromisoformat(rows[0]["DueDate"]),
        rows[0]["CustomerPONumber"],
        tuple(_make_line(row, articles) for row in rows),
    )


def read_resellers(limit=None):
    """Return resellers by key, each with its place.

    :param int limit: only the first so many
    """
    places = {row["GeographyKey"]: row for row in read("dim_geography")}
    rows = sorted(read("dim_reseller"), key=lambda row: int(row["ResellerKey"]))
    return [{**row, **places[row["GeographyKey"]]} for row in rows[:limit]]


def read_products():
    """Return products, the newest version of each article, with category names."""
    groups = {row["ProductCategoryKey"]: row for row in read("dim_product_category")}
    subgroups = {
        row["ProductSubcategoryKey"]: {**row, **groups[row["ProductCategoryKey"]]}
        for row in read("dim_product_subcategory")
    }
    rows = sorted(read("dim_product"), key=itemgetter("StartDate"))
    return list(
        {
            row["ProductAlternateKey"]: {
                **row,
                **subgroups[row["ProductSubcategoryKey"]],
            }
            for row in rows
        }.values()
    )


def read_orders(year=None, resellers=None):
    """Return orders by date and name, in cents that no choice of part changes.

    :param int year: only this calendar year
    :param int resellers: only those of the first so many resellers
    """
    keys = {int(row["ResellerKey"]) for row in read_resellers(resellers)}
    articles = {
        row["ProductKey"]: row["ProductAlternateKey"] for row in read("dim_product")
    }
    orders = []
    for sale_year, sales in groupby(_sorted_sales(), itemgetter("year")):
        if year and sale_year != year:
            continue
        carried = [row for row in _carry_cents(list(sales)) if row["reseller"] in keys]
        orders += [
            _make_order(name, list(rows), articles)
            for name, rows in groupby(carried, itemgetter("SalesOrderNumber"))
        ]
    return sorted(orders, key=lambda order: (order.date, order.name))
