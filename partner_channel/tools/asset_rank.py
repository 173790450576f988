"""Which assets fit a lead best.

An asset fits a lead unless it is made for something else: a facet it leaves empty fits
every lead, and a facet the lead does not know excludes nothing. Of those that fit, the
score is the sum of the weights of the facets both name, product before stage before
industry before language. Of equal scores the newer asset comes first.

    score = 8 × same product family + 4 × same stage + 2 × same industry
            + 1 × same language

Each weight is more than all below it together: who matches the product always comes
before who does not.
"""

#: facet → weight
WEIGHTS = {"family": 8, "stage": 4, "industry": 2, "language": 1}


def match(asset, lead):
    """Return the facets an asset and a lead share, ``None`` where it does not fit.

    :param dict asset: facet → set of ids it is made for, empty for all
    :param dict lead: facet → set of ids that are the lead's, empty when unknown
    :return: tuple of facets in the order of :data:`WEIGHTS`, or ``None``

    >>> lead = {"family": {1}, "stage": {5}, "language": {7}}
    >>> match({"family": {1, 2}, "industry": {9}}, lead)
    ('family',)
    >>> match({"family": {2}, "stage": {5}}, lead) is None
    True
    >>> match({}, lead)
    ()
    """
    matched = []
    for facet in WEIGHTS:
        wanted, has = asset.get(facet), lead.get(facet)
        if not wanted or not has:
            continue
        if not wanted & has:
            return None
        matched.append(facet)
    return tuple(matched)


def score(facets):
    """Return what matched facets are worth.

    >>> score(()), score(("family",)), score(("stage", "industry", "language"))
    (0, 8, 7)
    """
    return sum(WEIGHTS[facet] for facet in facets)


def rank(assets, lead, limit=None):
    """Return the keys of the assets that fit, best first.

    :param list assets: ``(key, facets, age)``, the newest with the largest age
    :param dict lead: see :func:`match`
    :param int limit: how many at most

    >>> rank([("a", {}, 3), ("b", {"family": {1}}, 1), ("c", {"family": {2}}, 2)],
    ...      {"family": {1}})
    ['b', 'a']
    """
    fitting = [
        (score(matched), age, key)
        for key, facets, age in assets
        if (matched := match(facets, lead)) is not None
    ]
    return [key for _score, _age, key in sorted(fitting, reverse=True)[:limit]]
