"""Who may see, prepare, file and end agreements."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .agreement_case import PDF, AgreementCase
from .common import RemoteCase

MODELS = (
    "partner.agreement",
    "partner.agreement.template",
    "partner.agreement.version",
)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-15 12:00:00")
class TestAgreementAccess(AgreementCase, RemoteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._sign(cls.northwind)
        cls.foreign = cls._sign(cls.contoso)

    def test_a_partner_reads_and_writes_nothing_of_others(self):
        """What a partner reads of its own is the portal's matter, see there."""
        self.log_in(self.seller)
        for model in MODELS:
            ids = self.env[model].search([], limit=1).ids
            if model == "partner.agreement":
                ids = self.foreign.ids
            for method, *args in (
                ("read", ids, ["display_name"]),
                ("write", ids, {"note": "x"}),
                ("create", [{}]),
                ("unlink", ids),
            ):
                with self.subTest(model=model, method=method):
                    self.assert_refused(self.call(model, method, *args), "AccessError")
        for method, *args in (("search_read", [], ["display_name"]), ("name_search",)):
            for model in MODELS[1:]:
                with self.subTest(model=model, method=method):
                    self.assert_refused(self.call(model, method, *args), "AccessError")
            found, _error = self.call(MODELS[0], method, *args)
            self.assertNotIn(self.foreign.display_name, str(found))
        answer = self.call("partner.agreement", "write", self.own.ids, {"note": "x"})
        self.assert_refused(answer, "AccessError")
        answer = self.call("partner.agreement", "unlink", self.own.ids)
        self.assert_refused(answer, "AccessError")
        self.assertEqual(self.own.state, "signed")

    def test_a_partner_does_nothing_by_method(self):
        self.own.message_subscribe(self.seller.partner_id.ids)
        message = self.own.message_post(
            body="Secret",
            partner_ids=self.seller.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.log_in(self.seller)
        for method in (
            "action_send",
            "action_sign",
            "action_draft",
            "action_terminate",
        ):
            with self.subTest(method=method):
                answer = self.call("partner.agreement", method, self.own.ids)
                self.assert_refused(answer, "AccessError")
        for method in ("action_new_version", "action_prepare_all"):
            answer = self.call(MODELS[1], method, self.template.ids)
            self.assert_refused(answer, "AccessError")
        answer = self.call(MODELS[2], "action_publish", self.version.ids)
        self.assert_refused(answer, "AccessError")
        answer = self.call("mail.message", "read", message.ids, ["body"])
        self.assert_refused(answer, "AccessError")
        answer = self.call("partner.agreement", "message_post", self.own.ids, body="Hi")
        self.assert_refused(answer, "AccessError")
        self.assert_refused(
            self.call("partner.agreement", "_sign", self.own.ids, "Me"), "AccessError"
        )
        self.assertEqual(self.own.state, "signed")

    def test_a_partner_reads_no_field_about_agreements(self):
        self.log_in(self.seller)
        for model, record, names in (
            (
                "partner.membership",
                self.northwind,
                ("agreement_ids", "agreement_count", "missing_agreement_ids"),
            ),
            ("partner.program", self.program, ("agreement_template_ids",)),
        ):
            for name in names:
                with self.subTest(field=name):
                    answer = self.call(model, "read", record.ids, [name])
                    self.assert_refused(answer, "AccessError")
        for value in (True, False):
            answer = self.call(
                "partner.membership", "search", [["is_agreement_missing", "=", value]]
            )
            self.assert_refused(answer, "AccessError")
        for method in ("action_prepare_agreements", "action_open_agreements"):
            answer = self.call("partner.membership", method, self.contoso.ids)
            self.assert_refused(answer, "AccessError")
        self.assertFalse(
            self.env["partner.agreement"].search([("state", "=", "draft")])
        )

    def test_managers_keep_their_own_partners_agreements(self):
        mine = self.env["partner.agreement"].with_user(self.manager)
        self.assertEqual(mine.search([]), self.own)
        with self.assertRefused(AccessError):
            self.foreign.with_user(self.manager).note = "x"
        with self.assertRefused(AccessError):
            self._draft(self.contoso).with_user(self.manager).action_send()
        draft = mine.create(
            {"membership_id": self.northwind.id, "template_id": self.template.id}
        )
        draft.write({"signed_name": "Ann", "signed_document": PDF})
        draft.action_send()
        draft.action_sign()
        self.assertEqual(self.own.state, "superseded", "of whoever filed it")
        self.assertEqual(draft.recorded_by_id, self.manager)
        draft.termination_reason = "Broken"
        draft.action_terminate()
        self.assertEqual(draft.state, "terminated")
        for model, record in ((MODELS[1], self.template), (MODELS[2], self.version)):
            with self.subTest(model=model), self.assertRefused(AccessError):
                record.with_user(self.manager).write({"sequence": 1})

    def test_coordinators_prepare_and_end_nothing(self):
        user = self._create_user(
            "cora.coordinator", "partner_channel.group_channel_coordinator"
        )
        members = (self.northwind | self.contoso).with_user(user)
        self._publish(self._create_template("Annex"))
        members.action_prepare_agreements()
        drafts = self.env["partner.agreement"].search([("state", "=", "draft")])
        self.assertEqual(len(drafts), 2)
        drafts.with_user(user).action_send()
        with self.assertRefused(AccessError):
            drafts.with_user(user).unlink()
        self.own.termination_reason = "Broken"
        with self.assertRefused(AccessError, "Only channel managers"):
            self.own.with_user(user).action_terminate()

    def test_buttons_are_for_those_who_may(self):
        """What an analyst presses would only be refused."""
        arch = {}
        for name in ("analyst", "coordinator", "manager"):
            group = f"partner_channel.group_channel_{name}"
            user = self._create_user(f"view.{name}", group)
            views = self.env["partner.agreement"].with_user(user)
            views = views.get_views([(False, "form"), (False, "list")])["views"]
            arch[name] = views["form"]["arch"] + views["list"]["arch"]
        for method, count in (
            ("action_send", 2),
            ("action_sign", 2),
            ("action_draft", 1),
        ):
            button = f'name="{method}"'
            with self.subTest(method=method):
                self.assertNotIn(button, arch["analyst"])
                self.assertEqual(arch["coordinator"].count(button), count)
                self.assertEqual(arch["manager"].count(button), count)

    def test_analysts_read_and_heads_do_all(self):
        analyst = self._create_user(
            "anna.analyst", "partner_channel.group_channel_analyst"
        )
        both = self.own | self.foreign
        self.assertEqual(both.with_user(analyst).mapped("state"), ["signed"] * 2)
        with self.assertRefused(AccessError):
            self.own.with_user(analyst).note = "x"
        both.with_user(self.head).write({"termination_reason": "Broken"})
        both.with_user(self.head).action_terminate()
        self.assertEqual(set(both.mapped("state")), {"terminated"})

    def test_sellers_of_the_vendor_open_a_program_all_the_same(self):
        user = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        program = self.program.with_user(user)
        views = program.get_views([(False, "form")])["views"]
        self.assertNotIn("signed_count", views["form"]["arch"])
        self.assertEqual(program.agreement_template_ids, self.template)
        self.assertTrue(self.template.with_user(user).current_version_id.text)
        with self.assertRefused(AccessError):
            self.own.with_user(user).read(["state"])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_companies_keep_theirs_apart(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        template = self._create_template("Elsewhere", program)
        version = self._publish(template)
        member = self._create_membership("Initech", program)
        agreement = self._sign(member, template=template)
        for record in (template, version, agreement):
            with self.subTest(record=record._name), self.assertRefused(AccessError):
                record.with_user(self.head).read(["display_name"])
        self.head.company_ids = [Command.link(self.other_company.id)]
        both = agreement.with_user(self.head).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.assertEqual(both.state, "signed")
