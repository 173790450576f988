from odoo.tests import tagged

from .moodle_case import NOON, MoodleCase


@tagged("post_install", "-at_install")
class TestMoodlePeople(MoodleCase):
    def test_people_are_found_by_hand_made_ties_as_well(self):
        self.moodle.add_user(9, "private@example.com", idnumber="E9")
        self.moodle.add_user(10, "other@example.com")
        for name, person in (("idnumber:E9", self.owner), ("10", self.rival)):
            self.env["lms.identity"].create(
                {
                    "provider_id": self.provider.id,
                    "actor_key": f"account:{self.home}|{name}",
                    "partner_id": person.id,
                }
            )
        self.moodle.finish(9, 2, NOON)
        self.moodle.finish(10, 2, NOON)
        self._pull()
        self._process()
        self.assertTrue(self._held(self.owner))
        self.assertTrue(self._held(self.rival))

    def test_a_tie_goes_before_the_address_of_the_account(self):
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": f"account:{self.home}|7",
                "partner_id": self.rival.id,
            }
        )
        self.moodle.finish(7, 2, NOON)
        for size in (1, 50):
            self.provider.page_size = size
            self._pull()
            self._process()
            self.assertTrue(self._held(self.rival))
            self.assertFalse(self._held(self.seller), "the account is another's")

    def test_a_tie_by_a_number_of_the_company_goes_before_the_address_too(self):
        self.moodle.users[7]["idnumber"] = "E7"
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": f"account:{self.home}|idnumber:E7",
                "partner_id": self.rival.id,
            }
        )
        self.moodle.finish(7, 2, NOON)
        # the seller's login is the address of account 7, and comes first
        for size in (1, 50):
            self.provider.page_size = size
            self._pull()
            self._process()
            self.assertTrue(self._held(self.rival))
            self.assertFalse(self._held(self.seller), "the account is another's")
            self.env["lms.account"].search([]).unlink()

    def test_what_partners_may_write_finds_nobody(self):
        self.owner.email = "boss@example.com"
        self.moodle.add_user(11, "boss@example.com")
        self.moodle.finish(11, 2, NOON)
        self._pull()
        self.assertFalse(self._said())

    def test_capital_letters_are_asked_for_both_ways(self):
        self.seller.user_ids.login = "Seller@example.com"
        for address, is_exact in (
            ("Seller@example.com", True),
            ("seller@example.com", True),
            ("SELLER@example.com", False),
        ):
            with self.subTest(address):
                self.moodle.users[7]["email"] = address
                self.moodle.is_exact = is_exact
                [learner] = self.provider._prepare_learners(self.seller)
                found = self.provider._get_api()._find_accounts([learner])
                self.assertEqual(found, {learner: 7})
                self.assertEqual(learner.actor, {"mbox": "mailto:seller@example.com"})

    def test_an_address_of_two_accounts_or_unconfirmed_is_nobodys(self):
        self.moodle.add_user(12, "seller@example.com")
        self.moodle.users[8]["confirmed"] = False
        for user in (7, 8, 12):
            self.moodle.finish(user, 2, NOON)
        self._pull()
        self.assertFalse(self._said())

    def test_the_news_of_many_accounts_is_written_at_once(self):
        accounts = self.env["lms.account"]
        names = [f"{number}" for number in range(100, 110)]
        people = (self.seller, self.rival)
        known = {
            name: (people[number % 2].id, [f"course {number}"])
            for number, name in enumerate(names)
        }
        accounts._keep(self.provider, known)

        def count(changed):
            """Return the queries it takes to write news of so many accounts."""
            for name in names[:changed]:
                person, done = known[name]
                known[name] = (person, [*done, "one more"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            accounts._keep(self.provider, known)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(2)
        self.assertEqual(count(10), few)
        kept = accounts.search(
            [("provider_id", "=", self.provider.id), ("account", "in", names)]
        )
        self.assertEqual(
            {one.account: (one.partner_id.id, one.done) for one in kept}, known
        )
