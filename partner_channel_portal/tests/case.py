"""What a refused form looks like."""

from lxml import html

from .common import PortalFormCase


class RefusedFormCase(PortalFormCase):
    """Assertions on the form as it comes again; the seller is logged in."""

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def assert_refused(self, answer, name, **typed):
        """The form comes again with a message at the field, nothing stored."""
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        messages = page.xpath(f"//*[@id='deal_{name}_error']")
        self.assertTrue(messages, f"no message at {name}")
        self.assertTrue(messages[0].text_content().strip())
        [field] = page.xpath(f"//form//*[@name='{name}']")
        self.assertIn("is-invalid", field.get("class"))
        self.assertEqual(field.get("aria-invalid"), "true")
        for other, value in typed.items():
            self.assertEqual(self.get_typed(page, other), value)
        self.assertFalse(self.get_deals())

    def get_typed(self, page, name):
        """Return what stands in a field of the form."""
        [field] = page.xpath(f"//form//*[@name='{name}']")
        if field.tag == "select":
            return field.xpath("string(option[@selected]/@value)")
        return field.text if field.tag == "textarea" else field.get("value")

    def get_token(self, answer):
        return self.get_typed(html.fromstring(answer.content), "token")
