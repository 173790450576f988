"""Bands, written down a second time: ``[from, to)`` in three modes."""

from fractions import Fraction as F

from .terms import PROSPECTIVE, RETROACTIVE


def pay_marginal(bands, amount):
    """Return what an amount comes to, each part at the rate of its band."""
    if amount < 0:
        return -pay_marginal(bands, -amount)
    paid = F(0)
    for low, high, rate in bands:
        top = amount if high is None else min(amount, F(high))
        paid += max(top - F(low), F(0)) * F(rate)
    return paid


def find_rate(bands, amount):
    """Return the rate of the band an amount lies in; a bound is in the upper one."""
    for _low, high, rate in bands:
        if high is None or amount < high:
            return F(rate)
    return F(0)


def rate_at(terms, before, net, final):
    """Return the rate of a document by where it stands.

    :param before: the sum without it, ``net`` what it adds, ``final`` the whole sum
    """
    if terms.mode == RETROACTIVE:
        return find_rate(terms.bands, final)
    if terms.mode == PROSPECTIVE or not net:
        return find_rate(terms.bands, before)
    upper = pay_marginal(terms.bands, before + net)
    return (upper - pay_marginal(terms.bands, before)) / net
