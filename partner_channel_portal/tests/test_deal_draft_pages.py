import uuid

from odoo.tests import tagged

from .case import DraftCase


@tagged("post_install", "-at_install")
class TestDealDraftPages(DraftCase):
    """Several pages keep one draft, and none overwrites what it does not know."""

    def test_newer_work_of_a_colleague_is_not_overwritten(self):
        number = str(self.keep())
        known = self.written
        page = self.url_open(f"/my/deals/{number}/edit").text
        self.assertIn(f'data-write-date="{known}"', page)
        self.login(self.owner)
        other_form = {"token": uuid.uuid4().hex, "contact_name": "Newer"}
        self.assertTrue(self.keep(deal_id=number, write_date=known, **other_form))
        newer = self.written
        self.assertNotEqual(newer, known)
        self.login(self.seller)
        late = {"deal_id": number, "contact_name": "Late"}
        self.assertFalse(self.keep(**late, write_date=known))
        self.assertRecordValues(self.get_deals(), [{"contact_name": "Newer"}])
        self.assertTrue(self.keep(**late, write_date=newer))
        self.assertRecordValues(self.get_deals(), [{"contact_name": "Late"}])

    def test_pages_of_one_draft_are_one_form(self):
        number = self.keep()
        first_page = self.written
        url = f"/my/deals/{number}/edit"
        for user in (self.owner, self.seller):
            self.login(user)
            self.assertEqual(self.get_token(self.url_open(url)), self.token)
        other_page = {"deal_id": str(number), "contact_name": "Newer"}
        self.assertEqual(self.keep(**other_page, write_date=first_page), number)
        newer = self.written
        # also one's own work in the other page, the draft being new here or not
        for deal_id in ("", str(number)):
            late = {"deal_id": deal_id, "contact_name": "Late"}
            self.assertFalse(self.keep(**late, write_date=first_page))
            self.assertRecordValues(self.get_deals(), [{"contact_name": "Newer"}])
        self.assertEqual(self.keep(contact_name="Late", write_date=newer), number)
        self.assertRecordValues(self.get_deals(), [{"contact_name": "Late"}])

    def test_a_deal_made_without_a_form_has_a_new_token(self):
        deal = self._create_deals(self.seller)
        token = self.get_token(self.url_open(f"/my/deals/{deal.id}/edit"))
        self.assertRegex(token, "^[0-9a-f]{32}$")

    def test_who_did_not_hear_that_it_was_kept_goes_on(self):
        number = self.keep()
        known = self.written
        typed = {"contact_name": "John Doe", "write_date": known}
        self.assertEqual(self.keep(**typed), number)
        newer = self.written
        self.assertNotEqual(newer, known)
        self.assertEqual(self.keep(**typed), number, "the same again")
        self.assertEqual(self.written, newer, "nothing is written")
        self.assertFalse(self.keep(**typed, phone=""))
        self.assertEqual(self.keep(phone="", write_date=newer), number)
        self.assertFalse(self.get_deals().phone)
