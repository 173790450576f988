"""Beginnings of postal codes, and ranges of them."""


def clean_zip(text):
    """Return a postal code as it is compared.

    >>> clean_zip(" sw1a 2-aa "), clean_zip(None)
    ('SW1A2AA', '')
    """
    return "".join(sign for sign in (text or "").upper() if sign.isalnum())


def parse_zips(text):
    """Return the ranges of beginnings of postal codes.

    :param str text: separated by commas; ``..`` between the ends of a range
    :return: tuple of ``(first, last)``
    :raise ValueError: the part that is no beginning and no range

    >>> parse_zips("10..14, 803, 00-9")
    (('10', '14'), ('803', '803'), ('009', '009'))
    >>> parse_zips("14..10")
    Traceback (most recent call last):
    ValueError: 14..10
    """
    ranges = []
    for part in filter(str.strip, (text or "").split(",")):
        first, between, last = part.partition("..")
        first, last = clean_zip(first), clean_zip(last if between else first)
        if not first or len(first) != len(last) or first > last:
            raise ValueError(part.strip())
        ranges.append((first, last))
    return tuple(ranges)


def is_in_zips(code, zips):
    """Whether a postal code begins like one of the ranges.

    >>> zips = parse_zips("10..14, SW1")
    >>> [is_in_zips(code, zips) for code in ("14199", "15", "sw1a 2aa", "")]
    [True, False, True, False]
    """
    code = clean_zip(code)
    return any(first <= code[: len(first)] <= last for first, last in zips)
