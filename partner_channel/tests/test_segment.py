from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestSegment(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["partner.segment"].search([]).unlink()
        cls.both = cls.northwind | cls.contoso
        cls.northwind._set_protected({"health_state": "risk"})
        cls.risky = cls._create_segment("Risky", [("health_state", "=", "risk")])
        cls.everybody = cls._create_segment("Everybody", [("state", "=", "active")])

    @classmethod
    def _create_segment(cls, name, domain, user=None, **values):
        segments = cls.env["partner.segment"]
        return (segments.with_user(user) if user else segments).create(
            {"name": name, "domain": str(domain), **values}
        )

    def _search(self, *condition, user=None):
        memberships = self.env["partner.membership"]
        memberships = memberships.with_user(user) if user else memberships
        domain = Domain([condition]) & Domain("id", "in", self.both.ids)
        return memberships.search(domain).sudo(False)

    def test_a_segment_is_live(self):
        self.assertIn(self.northwind, self.risky._get_memberships())
        self.assertEqual(self.risky.membership_count, 1)
        self.contoso._set_protected({"health_state": "risk"})
        self.env.invalidate_all()
        self.assertEqual(self.risky.membership_count, 2)
        self.assertEqual(
            set(self.risky._get_partner_ids()), set(self.both.partner_id.ids)
        )
        action = self.risky.action_open_memberships()
        found = self.env["partner.membership"].search(action["domain"])
        self.assertEqual(found, self.both)

    def test_memberships_know_their_segments(self):
        self.assertEqual(self.northwind.segment_ids, self.risky | self.everybody)
        self.assertEqual(self.contoso.segment_ids, self.everybody)

    def test_a_segment_is_a_filter(self):
        nobody = self._create_segment("Nobody", [("state", "=", "draft")])
        for condition, expected in (
            (("segment_ids", "in", self.risky.ids), self.northwind),
            (("segment_ids", "=", self.risky.id), self.northwind),
            (("segment_ids", "not in", self.risky.ids), self.contoso),
            (("segment_ids", "in", nobody.ids), self.env["partner.membership"]),
            (("segment_ids", "in", (self.risky | self.everybody).ids), self.both),
            (("segment_ids", "ilike", "risk"), self.northwind),
            (("segment_ids.name", "=", "Everybody"), self.both),
            (("segment_ids", "any", [("name", "=", "Risky")]), self.northwind),
            (("segment_ids", "!=", False), self.both),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self._search(*condition), expected)
        self.everybody.active = False
        self.assertEqual(self._search("segment_ids", "=", False), self.contoso)
        self.assertEqual(
            self._search("segment_ids", "in", self.everybody.ids), self.both
        )

    def test_a_segment_is_a_group(self):
        memberships = self.env["partner.membership"].with_user(self.head)
        self.assertTrue(
            memberships.fields_get(["segment_ids"])["segment_ids"]["groupable"]
        )
        self.everybody.domain = f"[('id', '=', {self.northwind.id})]"
        groups = memberships.formatted_read_group(
            [("id", "in", self.both.ids)], ["segment_ids"], ["__count"]
        )
        counts = {
            group["segment_ids"] and group["segment_ids"][1]: group["__count"]
            for group in groups
        }
        self.assertEqual(counts, {"Risky": 1, "Everybody": 1, False: 1})
        for group in groups:
            domain = Domain(group["__extra_domain"]) & Domain("id", "in", self.both.ids)
            self.assertEqual(memberships.search_count(domain), 1)

    def test_a_segment_shows_nobody_more(self):
        """Contoso is hidden from the other manager, though the segment names it."""
        self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("partner.membership"),
                "domain_force": f"[('id', '!=', {self.contoso.id})] "
                f"if user.id == {self.other_manager.id} else [(1, '=', 1)]",
            }
        )
        for user, expected in (
            (self.other_manager, self.northwind),
            (self.head, self.both),
        ):
            with self.subTest(user=user.login):
                everybody = self.everybody.with_user(user)
                self.assertEqual(everybody._get_memberships() & self.both, expected)
                self.assertEqual(
                    self.everybody.membership_count - everybody.membership_count,
                    len(self.both - expected),
                )
                found = self._search("segment_ids", "in", everybody.ids, user=user)
                self.assertEqual(found, expected)

    def test_a_segment_stays_in_its_company(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        self.assertNotIn(elsewhere, self.everybody._get_memberships())
        far = self._create_segment(
            "Far", [("state", "=", "active")], company_id=self.other_company.id
        )
        self.assertEqual(far._get_memberships(), elsewhere)
        with self.assertRaises(AccessError):
            far.with_user(self.head).read(["name"])
        self.assertNotIn(
            far, self.env["partner.segment"].with_user(self.head).search([])
        )
        found = self._search("segment_ids", "in", far.ids, user=self.head)
        self.assertFalse(found)

    def test_a_manager_changes_own_segments_and_the_head_all(self):
        own = self._create_segment("Mine", [("state", "=", "active")], self.manager)
        self.assertEqual(own.user_id, self.manager)
        own.name = "Still mine"
        others = own.with_user(self.other_manager)
        self.assertEqual(others.name, "Still mine")
        with self.assertRaises(AccessError):
            others.name = "Taken"
        with self.assertRaises(AccessError):
            others.unlink()
        own.with_user(self.head).name = "The head's"
        with self.assertRaises(AccessError):
            self._create_segment("Forged", [], self.manager, user_id=self.head.id)

    def test_a_domain_that_cannot_be_searched_is_refused(self):
        for domain, word in (
            ("[('nope', '=', 1)]", "nope"),
            ("[('partner_id.nope', '=', 1)]", "nope"),
            ("[('state', 'sounds like', 'x')]", "sounds like"),
            ("[('state', '=')]", "condition"),
            ("[('silent_days', '>=', 'long')]", "condition"),
            ("[('date_start', '>', context_today())]", "today -30d"),
            ("[('manager_id', '=', uid)]", "uid"),
            ("__import__('os').system('true')", "plain values"),
            ("[" * 300 + "]" * 300, "plain values"),
            ("{'state': 'active'}", "list"),
            ("state", "plain values"),
            ("[('segment_ids', 'in', [1])]", "segments"),
            ("['!', ('lead_ids.membership_id.segment_ids', '=', 1)]", "segments"),
            ("[('lead_ids', 'any', [('membership_id.segment_ids', '=', 1)])]", "segm"),
            ("[('partner_id', 'any!', [('name', '=', 'x')])]", "any!"),
        ):
            with (
                self.subTest(domain=domain[:60]),
                self.assertRefused(ValidationError, word),
            ):
                self.everybody.domain = domain
        self.assertEqual(self.everybody.domain, "[('state', '=', 'active')]")

    def test_a_manager_asks_by_no_field_that_is_kept_from_managers(self):
        """The API keys of a user are the administrators'."""
        with (
            self.assertRefused(ValidationError, "Mine"),
            mute_logger("odoo.orm.models"),
        ):
            self._create_segment(
                "Mine", [("partner_id.signup_type", "=", "x")], self.manager
            )

    @mute_logger("odoo.orm.models")
    def test_a_segment_by_a_field_kept_from_the_reader_finds_nobody(self):
        kept = self._create_segment("Kept", [("partner_id.signup_type", "=", False)])
        self.assertTrue(kept.membership_count)
        as_manager = kept.with_user(self.manager)
        self.assertEqual(as_manager.membership_count, 0)
        self.assertTrue(as_manager.domain_error)
        self.assertNotIn(kept, self.northwind.with_user(self.manager).segment_ids)

    def test_a_segment_whose_field_is_gone_finds_nobody_and_says_so(self):
        self.env.cr.execute(
            "UPDATE partner_segment SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.risky.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.risky._get_memberships())
        self.assertIn("gone", self.risky.domain_error)
        self.assertEqual(self.northwind.segment_ids, self.everybody)

    def test_dates_of_a_segment_move_along(self):
        new = self._create_segment("New", [("date_start", ">=", "today -30d")])
        self.northwind.date_start = "2020-01-01"
        self.assertEqual(new._get_memberships() & self.both, self.contoso)

    def test_segments_of_a_page_cost_a_query_each_whatever_the_partners(self):
        members = self.env["partner.membership"]
        for number in range(20):
            members |= self._create_membership(f"P{number}")

        def queries(memberships):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(memberships.mapped("segment_ids"))
            return self.cr.sql_log_count - before

        queries(self.both)  # fills the caches of the registry
        self.assertEqual(queries(members[:2]), queries(members))

    def test_memberships_can_be_mailed(self):
        memberships = self.env["partner.membership"]
        self.assertTrue(memberships._mailing_enabled)
        draft = self._create_membership("Draft", active=False)
        mailed = memberships.search(memberships._mailing_get_default_domain(None))
        self.assertIn(self.northwind, mailed)
        self.assertNotIn(draft, mailed)

    @mute_logger("odoo.orm.models")
    def test_partner_staff_have_nothing_to_do_with_segments(self):
        memberships = self.env["partner.membership"].with_user(self.seller)
        for name in ("segment_ids", "fact_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                memberships.browse(self.northwind.id).read([name])
        for condition in (
            ("segment_ids", "in", self.risky.ids),
            ("segment_ids", "not in", self.risky.ids),
            ("segment_ids.name", "=", "Risky"),
            ("segment_ids", "=", False),
            ("fact_ids", "any", [("value", ">=", 1)]),
            ("fact_ids.value", ">=", 1),
        ):
            with self.subTest(condition=condition), self.assertRaises(AccessError):
                memberships.search([condition])
        with self.assertRaises(AccessError):
            memberships.formatted_read_group([], ["segment_ids"], ["__count"])
        for model in ("partner.segment", "partner.membership.fact"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.seller).search([])
