"""What the team's matrix says of people and competences."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .training_case import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingTeam(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-03-15 12:00:00"))
        cls.other = cls._create_kind("Engineer", sequence=20, renewal_days=30)

    def _as(self, person):
        return self.env["res.partner"].with_user(person.user_ids)

    def _kinds(self, person):
        return (
            self.env["partner.certification.type"]
            .with_user(person.user_ids)
            ._get_team_kinds()
        )

    def _people(self, person):
        return self._as(person)._get_team_training_people()

    def _cells(self, person, kinds=None):
        """Return ``{(name, competence): (state, date, learns)}``, without the empty."""
        kinds = kinds or self._kinds(person)
        rows = self._people(person)._prepare_training_rows(kinds)
        return {
            (row["name"], kind.name): (cell["state"], cell["date"], cell["learns"])
            for row in rows
            for kind, cell in zip(kinds, row["cells"], strict=True)
            if cell["state"] != "none"
        }

    def test_the_states_of_a_team(self):
        """Valid, endless, expiring, expired, in training; revoked is nothing."""
        self._issue(self.owner, date(2028, 1, 1), date(2029, 1, 1))
        self._issue(self.owner, date(2028, 1, 1), kind=self.other)
        self._issue(self.seller, date(2027, 3, 20), date(2028, 3, 20))
        self._issue(self.seller, date(2027, 1, 1), date(2028, 1, 1), self.other)
        learner = self._create_person(self.north, "Lea Learner", "learner", "Seller")
        self._join(learner)
        self._issue(learner, date(2028, 1, 1), kind=self.other)._revoke("No")
        self.assertEqual(
            self._cells(self.owner),
            {
                ("Olga Owner", "Sales"): ("valid", date(2029, 1, 1), False),
                ("Olga Owner", "Engineer"): ("valid", False, False),
                ("Sam Seller", "Sales"): ("expiring", date(2028, 3, 20), False),
                ("Sam Seller", "Engineer"): ("expired", date(2028, 1, 1), False),
                ("Lea Learner", "Sales"): ("training", None, True),
            },
        )

    def test_who_renews_is_told_beside_the_end(self):
        self._issue(self.seller, date(2027, 3, 20), date(2028, 3, 20))
        self._issue(self.owner, date(2028, 3, 1), date(2029, 3, 1))
        self._join(self.seller)
        self._join(self.owner, "completed")
        cells = self._cells(self.owner)
        self.assertEqual(
            cells["Sam Seller", "Sales"], ("expiring", date(2028, 3, 20), True)
        )
        self.assertEqual(
            cells["Olga Owner", "Sales"], ("valid", date(2029, 3, 1), False)
        )

    def test_the_certificate_that_holds_longest_is_told(self):
        for expiry in (date(2028, 3, 20), date(2029, 1, 1), date(2027, 1, 1)):
            self._issue(self.seller, date(2026, 1, 1), expiry)
        cells = self._cells(self.owner)
        self.assertEqual(cells["Sam Seller", "Sales"][:2], ("valid", date(2029, 1, 1)))
        self._issue(self.seller, date(2026, 1, 1))
        self._issue(self.seller, date(2028, 3, 16), date(2035, 1, 1))  # tomorrow
        cells = self._cells(self.owner)
        self.assertEqual(cells["Sam Seller", "Sales"][:2], ("valid", False))

    def test_an_invitation_is_no_training(self):
        self._join(self.seller, "invited")
        self.assertEqual(self._cells(self.owner), {})

    def test_the_columns_are_what_matters_to_the_team(self):
        self.assertEqual(self._kinds(self.owner), self.kind, "a tier asks for it")
        self._issue(self.rival, date(2028, 1, 1), kind=self.other)
        self.assertEqual(self._kinds(self.owner), self.kind, "others hold it")
        self._issue(self.seller, date(2028, 1, 1), kind=self.other)
        self.assertEqual(self._kinds(self.owner), self.kind | self.other)
        third = self._create_kind("Third")
        third.channel_id = self._create_course("Third Course", third.sudo().survey_id)
        self._join(self.rival, course=third.channel_id)
        self.assertNotIn(third, self._kinds(self.owner))
        self._join(self.seller, course=third.channel_id)
        self.assertIn(third, self._kinds(self.owner))
        fourth = self._create_kind("Fourth")
        self._demand(type_id=fourth.id)
        self.assertIn(fourth, self._kinds(self.owner))

    def test_the_people_are_those_who_can_learn_or_have(self):
        Partner = self.env["res.partner"]
        Partner.create(
            {"name": "Invoices", "type": "invoice", "parent_id": self.north.id}
        )
        gone = Partner.create({"name": "Gone", "parent_id": self.north.id})
        self.assertEqual(self._people(self.owner), self.owner | self.seller)
        self._issue(gone, date(2028, 1, 1))
        self.assertEqual(self._people(self.owner), self.owner | self.seller | gone)
        gone.active = False
        self.assertEqual(self._people(self.owner), self.owner | self.seller)
        self.assertEqual(self._people(self.rival), self.rival)

    def test_without_the_capability_there_is_nobody(self):
        self._issue(self.owner, date(2028, 1, 1))
        self.assertFalse(self._as(self.seller)._has_team_training_right())
        self.assertFalse(self._people(self.seller))
        for name, allowed in (("trainer", True), ("viewer", True), ("finance", False)):
            self.seller.portal_role_id = self.env.ref(
                f"partner_channel_portal.portal_role_{name}"
            )
            with self.subTest(name):
                Partner = self._as(self.seller)
                self.assertEqual(Partner._has_team_training_right(), allowed)
        self.assertTrue(self._as(self.owner)._has_team_training_right())
        self.member.action_terminate()
        self.assertFalse(self._as(self.owner)._has_team_training_right())

    def test_cells_of_rivals_are_never_told(self):
        self._issue(self.rival, date(2028, 1, 1))
        rival = self.rival.with_user(self.owner.user_ids)
        self.assertEqual(rival._get_training_cells(self.kind), {})
        self.assertEqual(rival._prepare_training_rows(self.kind), [])

    def test_what_each_gives(self):
        family = self.env["product.category"].create(
            {"name": "ERP", "is_channel_family": True}
        )
        self._demand(people=2, family_id=family.id)
        self._demand(people=1)
        self._issue(self.owner, date(2028, 1, 1))
        self._issue(self.rival, date(2028, 1, 1))
        [column] = self._kinds(self.owner)._prepare_team_columns()
        self.assertEqual(column["holders"], 1)
        self.assertEqual(
            sorted(column["gives"]),
            [
                "Deals (Training Program) ask for 1 person",
                "Deals of ERP (Training Program) ask for 2 people",
                "Tier Skilled (Training Program) asks for 2 people",
            ],
        )

    def test_what_programs_of_others_ask_is_not_told(self):
        _company, program = self._create_other_company()
        self._demand(program_id=program.id, type_id=self.other.id)
        self.assertEqual(self._kinds(self.owner), self.kind)
