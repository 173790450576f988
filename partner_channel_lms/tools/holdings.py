"""Who holds what until when: a partner's certified people on days to come."""

from datetime import timedelta


class Holdings:
    """The certificates that hold today, and on which later days they still do.

    What people earn until then is not known: it shows what happens if nobody renews.

    :param rows: ``(partner, kind, country, person, last day or None)``, one for each
        person and kind, with the last of their last days

    >>> from datetime import date
    >>> held = Holdings([
    ...     ("North", "Sales", "DE", "Ann", date(2027, 2, 1)),
    ...     ("North", "Sales", "FR", "Bob", None),
    ... ])
    >>> held.count("North", "Sales", date(2027, 2, 1))
    {'DE': 1, 'FR': 1}
    >>> held.count("North", "Sales", date(2027, 2, 2))
    {'FR': 1}
    >>> held.count("South", "Sales", date(2027, 2, 2))
    {}
    """

    def __init__(self, rows):
        self._held = {}
        for partner, kind, country, person, last in rows:
            people = self._held.setdefault(partner, {}).setdefault(kind, [])
            people.append((country, person, last))

    def days(self, partner, until):
        """Return the days up to one on which somebody of a partner holds less.

        >>> from datetime import date
        >>> rows = [("North", "Sales", "DE", "Ann", date(2027, 2, 1))]
        >>> Holdings(rows).days("North", date(2027, 2, 2))
        [datetime.date(2027, 2, 2)]
        >>> Holdings(rows).days("North", date(2027, 2, 1))
        []
        """
        ends = {
            last + timedelta(days=1)
            for people in self._held.get(partner, {}).values()
            for _country, _person, last in people
            if last
        }
        return sorted(day for day in ends if day <= until)

    def count(self, partner, kind, day):
        """Return ``{country: people}`` who hold a kind on a day, today or later."""
        found = {}
        for country, _person, last in self._held.get(partner, {}).get(kind, ()):
            if not last or last >= day:
                found[country] = found.get(country, 0) + 1
        return found

    def get_ending(self, partner, kind, day):
        """Return the people who held a kind up to the day before, and no longer.

        >>> from datetime import date
        >>> rows = [("North", "Sales", "DE", "Ann", date(2027, 2, 1))]
        >>> Holdings(rows).get_ending("North", "Sales", date(2027, 2, 2))
        ['Ann']
        """
        eve = day - timedelta(days=1)
        people = self._held.get(partner, {}).get(kind, ())
        return [person for _country, person, last in people if last == eve]
