from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PortalFormCase
from .keyboard import KeyboardMixin


@tagged("post_install", "-at_install")
class TestKeyboard(PortalFormCase, KeyboardMixin):
    """A deal is found and registered with the keyboard alone, the focus seen."""

    browser_size = "1280x800"

    def _use_menu(self, keys, button, item):
        """Open a menu, close it, open it again and choose from it."""
        menu = f"{button} ~ .dropdown-menu.show"
        keys.tab_to(button)
        keys.press("Enter")
        keys.wait_for(menu)
        keys.press("Escape")
        self.assertFalse(keys.evaluate(f"!!document.querySelector({menu!r})"))
        self.assertTrue(keys.is_focused(button), "the focus is where it was")
        keys.press("Enter")
        keys.wait_for(menu)
        keys.tab_to(item)
        keys.press("Enter")

    def test_sort_and_filter(self):
        for name in ("Acme", "Beta"):
            self._create_deals(self.seller, partner_name=name, submit=True)
        self._create_deals(self.seller, partner_name="Draft")

        def steps(keys):
            sorting, filtering = "#portal_searchbar_sortby", "#portal_searchbar_filters"
            self._use_menu(keys, sorting, "a[href*='sortby=closing']")
            keys.wait_for(".dropdown-item.active[href*='sortby=closing']")
            self._use_menu(keys, filtering, "a[href*='filterby=todo']")
            keys.wait_for(".dropdown-item.active[href*='filterby=todo']")
            keys.tab_to("td a[href*='/my/deals/']")
            keys.press("Enter")
            keys.wait_for(".o_partner_channel_deal")

        self.use_keyboard("/my/deals", self.seller.login, steps)

    def test_register_a_deal(self):
        day = fields.Date.today() + timedelta(days=60)

        def steps(keys):
            keys.tab_to("main a[href$='/my/deals/new']")
            keys.press("Enter")
            keys.wait_for(".o_partner_channel_deal_form")
            keys.fill_in("[name=partner_name]", "Keyboard Ltd")
            keys.fill_in("[name=website]", "www.keyboard.example")
            keys.fill_in("[name=description]", "Ten licences")
            keys.fill_in("[name=expected_revenue]", "1200")
            # month, day and year, as the browser asks for them
            keys.fill_in("[name=date_deadline]", day.strftime("%m%d%Y"))
            keys.tab_to(".o_partner_channel_more summary")
            keys.press("Enter")
            keys.fill_in("[name=contact_name]", "Kay Board")
            keys.tab_to("button[value=submit]")
            keys.press("Enter")
            keys.wait_for(".o_partner_channel_saved")

        self.use_keyboard("/my/deals", self.seller.login, steps)
        self.assertRecordValues(
            self.get_deals(),
            [
                {
                    "registration_state": "submitted",
                    "partner_name": "Keyboard Ltd",
                    "contact_name": "Kay Board",
                    "expected_revenue": 1200,
                    "date_deadline": day,
                }
            ],
        )
