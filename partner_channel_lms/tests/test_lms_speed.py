from odoo.tests import tagged

from .lms_case import LmsCase

FIRST = ("2026-03-01", "2026-03-01", "2027-03-01")


@tagged("post_install", "-at_install")
class TestSpeed(LmsCase):
    """Each statement about somebody else: what is asked does not grow with them."""

    def _tie(self, count):
        """Return what is said of new people, each tied to a contact of their own."""
        people = self.env["res.partner"].create(
            [
                {"name": f"Person {number}", "parent_id": self.north.id}
                for number in range(count)
            ]
        )
        said = [self._say(mail=f"person{person.id}@example.com") for person in people]
        self.env["lms.identity"].create(
            [
                {
                    "provider_id": self.provider.id,
                    "actor_key": f"mbox:{one['actor']['mbox']}",
                    "partner_id": person.id,
                }
                for person, one in zip(people, said, strict=True)
            ]
        )
        return people, said

    def _count_queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_grow_with_the_people(self):
        self._receive(self._say())
        counts = []
        for number in (2, 40):
            people, said = self._tie(number)
            judged = [(one, []) for one in said]
            take = self._count_queries(
                lambda judged=judged: self.Statement._take_in(self.provider, judged)
            )
            waiting = self.Statement.search([("state", "=", "new")])
            counts.append((take, self._count_queries(waiting._process)))
            for person in people:
                self.assertEqual(self._held(person), [FIRST])
        self.assertEqual(*counts)

    def test_what_proves_nothing_asks_for_no_certificates(self):
        self._receive(self._say())
        counts = []
        for verb in ("progressed", "passed"):
            self.Statement._take_in(self.provider, [(self._say(verb), [])])
            waiting = self.Statement.search([("state", "=", "new")])
            counts.append(self._count_queries(waiting._process))
        self.assertLess(*counts)
