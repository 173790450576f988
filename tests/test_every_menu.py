"""Every menu opens for everybody who sees it."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from .menus import MenuWalk

ROOT = "partner_channel.menu_root"
#: groups of who looks, and the model of a window each of them has
PEOPLE = {
    "manager": ("partner_channel.group_channel_manager", "partner.lead.offer"),
    "head": ("partner_channel.group_channel_head", "partner.lead.account"),
    "analyst": ("partner_channel.group_channel_analyst", "partner.asset.report"),
    "trainer": ("partner_channel_lms.group_channel_trainer", "lms.statement"),
    "accountant": ("account.group_account_manager", "partner.commission.accrual"),
    "administrator": (
        "partner_channel.group_channel_admin,partner_channel_lms.group_channel_trainer,"
        "base.group_system",
        "partner.lead.rule",
    ),
}
#: in Odoo's own way of clicking on everything an app has
CLICK = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    f".startClickEverywhere('{ROOT}');"
)
CLICKED = "clickbot test succeeded"


class LookerMixin:
    """People who look at what their menus open."""

    @classmethod
    def _create_looker(cls, role):
        groups = f"base.group_user,{PEOPLE[role][0]}"
        return new_test_user(cls.env, f"look.{role}", groups=groups)


@tagged("post_install", "-at_install")
class TestEveryMenu(LookerMixin, TransactionCase):
    """Views, records, filters and new forms are read as the browser reads them."""

    def _walk(self, role):
        walk = MenuWalk(self.env(user=self._create_looker(role)), ROOT)
        actions = walk.get_actions()
        self.assertIn(PEOPLE[role][1], {action.res_model for _, action in actions})
        for path, action in actions:
            with self.subTest(menu=path):
                walk.open(path, action)
        self.assertEqual(
            {path for path, _ in actions}, {path for path, _ in walk.opened}
        )

    def test_channel_manager(self):
        self._walk("manager")

    def test_head_of_channel(self):
        self._walk("head")

    def test_analyst(self):
        self._walk("analyst")

    def test_trainer(self):
        self._walk("trainer")

    def test_accountant(self):
        self._walk("accountant")

    def test_administrator(self):
        self._walk("administrator")

    def test_a_filter_for_others_is_found(self):
        """What a person sees and may not use does not pass."""
        self.env["ir.ui.view"].create(
            {
                "name": "broken",
                "model": "crm.lead",
                "inherit_id": self.env.ref(
                    "partner_channel.crm_lead_registration_view_search"
                ).id,
                "arch": """<filter name="approved" position="after">
                    <filter name="broken" string="Broken"
                            domain="[('extension_ids.state', '=', 'pending')]" />
                </filter>""",
            }
        )
        walk = MenuWalk(self.env(user=self._create_looker("analyst")), ROOT)
        action = self.env.ref("partner_channel.crm_lead_registration_action")
        with self.assertRaises(AccessError):
            walk.open("Registrations", action)


@tagged("post_install", "-at_install")
class TestClickEverywhere(LookerMixin, HttpCase):
    """Each menu, view and filter is clicked on in a browser."""

    # all menus stand beside each other, none below "+"
    browser_size = "1920x1080"

    def _click(self, role):
        user = self._create_looker(role)
        # its chat would cover what is clicked on
        user.odoobot_state = "disabled"
        self.browser_js(
            "/odoo",
            CLICK,
            "odoo.isReady === true",
            login=user.login,
            timeout=600,
            success_signal=CLICKED,
        )

    def test_head_of_channel(self):
        self._click("head")

    def test_trainer(self):
        self._click("trainer")
