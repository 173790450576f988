import base64
import hashlib
import struct
import zlib
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import agreement_sign_mixin
from .agreement_common import BROWSER, AgreementCase, make_drawing, make_pdf


def make_chunk(kind, data=b""):
    """Return a part of a PNG."""
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def make_head(width, height):
    """Return the head of a PNG in black and white."""
    return make_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))


def make_png(*chunks):
    """Return a PNG of these parts as data URL."""
    content = b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + make_chunk(b"IEND")
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def make_pixels(width, height):
    """Return black pixels; the width can be divided by 8."""
    return zlib.compress(bytes((width // 8 + 1) * height))


@tagged("post_install", "-at_install")
class TestAgreementSign(AgreementCase):
    """Who signs in the portal, and what is kept of it."""

    @freeze_time("2026-11-27 22:30:15")
    def test_what_is_kept_of_a_signature(self):
        self.assertEqual(self.sign(self.owner), {})
        self.assertRecordValues(
            self.sent,
            [
                {
                    "state": "signed",
                    "signed_name": "Olga Owner",
                    "signed_function": "Managing Director",
                    "signatory_id": self.owner.partner_id.id,
                    "recorded_by_id": self.owner.id,
                    "signed_login": self.owner.login,
                    "portal_signed_on": datetime(2026, 11, 27, 22, 30, 15),
                    "signed_ip": "203.0.113.7",
                    "signed_agent": BROWSER,
                    "signed_terms_digest": self.version.digest,
                    "signed_terms_file_digest": False,
                    "signature": False,
                    "date_signed": self.program._get_today(),
                }
            ],
        )
        missing = self.alpha_membership.missing_agreement_ids
        self.assertNotIn(self.template, missing)

    def test_a_browser_may_call_itself_anything(self):
        own = self.as_user(self.sent, self.owner)
        own._portal_sign(self.form(), "203.0.113.7", "B\x00" + "x" * 1000)
        self.assertEqual(self.sent.signed_agent, "B" + "x" * 299)

    def test_the_document_has_a_hash_of_its_own(self):
        content = make_pdf()
        template, version = self._create_terms(
            "With Document", document=base64.b64encode(content)
        )
        agreement = self._send(self.alpha_membership, template)
        self.assertEqual(self.sign(self.owner, agreement), {})
        self.assertEqual(agreement.signed_terms_digest, version.digest)
        self.assertEqual(
            agreement.signed_terms_file_digest,
            hashlib.sha256(content).hexdigest(),
        )

    def test_those_who_sign_sign(self):
        for user in (self.seller, self.viewer, self.norole, self.rival):
            with self.subTest(user=user.login):
                self.assert_refused_to(user)
        self.assertEqual(self.sign(self.finance), {})
        self.assertEqual(self.sent.signatory_id, self.finance.partner_id)

    def test_an_owner_without_the_right_reads_only(self):
        self.owner.partner_id.portal_role_id.can_sign = False
        own = self.as_user(self.sent, self.owner)
        self.assertEqual(own._find_portal_agreement(self.sent.id), self.sent)
        self.assertFalse(own._can_portal_sign())
        self.assert_refused_to(self.owner)

    def test_a_role_signs_in_its_programs_only(self):
        role = self.finance.partner_id.portal_role_id
        role.program_ids = self.env["partner.program"].create(
            {"name": "Other", "company_id": self.vendor.id}
        )
        self.assert_refused_to(self.finance)
        role.program_ids = self.program
        self.assertEqual(self.sign(self.finance), {})

    def test_nothing_is_signed_where_the_membership_does_not_run(self):
        self.assert_refused_to(self.suspended, self.gamma_sent)
        self.assert_refused_to(self.terminated, self.delta_sent)

    def test_who_was_deactivated_meanwhile_signs_nothing(self):
        own = self.as_user(self.sent, self.finance)
        self.finance.active = False
        with self.assertRaises(AccessError):
            own._portal_sign(self.form())

    def test_each_field_is_asked_for(self):
        errors = self.sign(self.owner, name=" ", function="", accept="", digest="x")
        self.assertEqual(set(errors), {"name", "function", "accept", "form"})
        for name, value in (
            ("name", "x" * 101),
            ("name", "<b>Olga</b>"),
            ("function", "a\x00b"),
            ("accept", "on"),
        ):
            with self.subTest(name=name, value=value[:9]):
                self.assertEqual(list(self.sign(self.owner, **{name: value})), [name])
        self.assert_unsigned()

    def test_signed_twice_is_once(self):
        self.assertEqual(self.sign(self.owner), {})
        moment = self.sent.portal_signed_on
        self.assertEqual(self.sign(self.owner, name="Another Name"), {})
        self.assertEqual(self.sign(self.finance), {})
        self.assertEqual(self.sent.signed_name, "Olga Owner")
        self.assertEqual(self.sent.signatory_id, self.owner.partner_id)
        self.assertEqual(self.sent.portal_signed_on, moment)

    def test_terms_that_were_changed_meanwhile_are_read_again(self):
        shown = self.version.digest
        self._publish(self.template, text="<p>Other words</p>")
        self.sent.action_draft()
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.sign(self.owner)
        self.sent.version_id = self.template.current_version_id
        self.sent.action_send()
        self.assertEqual(list(self.sign(self.owner, digest=shown)), ["form"])
        self.assert_unsigned()
        self.assertEqual(self.sign(self.owner), {})

    def test_terms_out_of_date_are_not_signed(self):
        self.version._set_protected({"date_last": "2020-01-01"})
        own = self.as_user(self.sent, self.owner)
        self.assertFalse(own._can_portal_sign())
        self.assertIn("out of date", own._get_portal_next_step())
        self.assertIn("channel manager", self.sign(self.owner)["form"])
        self.assert_unsigned()

    def test_only_so_many_in_an_hour(self):
        with patch.object(agreement_sign_mixin, "DEEDS_PER_HOUR", 1):
            self.assertEqual(self.sign(self.owner), {})
            agreement = self._send(self.alpha_membership, self._create_terms("B")[0])
            errors = self.sign(self.owner, agreement)
            self.assertEqual(list(errors), ["form"])
            self.assertIn("a lot for an hour", errors["form"])
        self.assert_unsigned(agreement)

    # === DRAWING === #

    def test_a_drawing_is_kept_small(self):
        self.assertEqual(self.sign(self.owner, signature=make_drawing((1600, 400))), {})
        content = base64.b64decode(self.sent.signature)
        size = struct.unpack(">II", content[16:24])
        self.assertEqual(size, (800, 200))

    def test_what_is_no_drawing_is_refused(self):
        prefix = "data:image/png;base64,"
        for text in (
            "hello",
            "data:image/svg+xml;base64,PHN2Zy8+",
            f"{prefix}PHN2Zy8+",
            f"{prefix}%%%",
            f"{prefix}iVBORw0KGgo=",
            make_drawing(kind="JPEG"),
            make_drawing((5000, 1000)),
            prefix + "A" * 500_000,
        ):
            with self.subTest(text=text[:40]):
                errors = self.sign(self.owner, signature=text)
                self.assertEqual(list(errors), ["signature"])
        self.assert_unsigned()

    def test_a_drawing_made_to_break_the_reader_is_refused(self):
        pixels = make_pixels(80, 40)
        data = make_chunk(b"IDAT", pixels)
        good = make_head(80, 40)
        for name, chunks in (
            ("no profile", (good, data, make_chunk(b"iCCP"))),
            ("no gamma", (good, data, make_chunk(b"gAMA"))),
            ("no exif", (good, make_chunk(b"eXIf", b"junkjunkjunk"), data)),
            ("bomb", (good, make_head(20_000, 20_000), data)),
        ):
            with self.subTest(name=name):
                errors = self.sign(self.owner, signature=make_png(*chunks))
                self.assertEqual(list(errors), ["signature"])
        self.assert_unsigned()
        self.assertEqual(self.sign(self.owner, signature=make_png(good, data)), {})

    def test_the_size_that_is_unpacked_counts(self):
        large = make_chunk(b"IDAT", make_pixels(4000, 2000))
        drawing = make_png(make_head(80, 40), make_head(4000, 2000), large)
        self.assertEqual(list(self.sign(self.owner, signature=drawing)), ["signature"])
        self.assert_unsigned()

    def test_drawings_are_counted_before_they_are_read(self):
        with patch.object(agreement_sign_mixin, "DEEDS_PER_HOUR", 1):
            for field in ("signature", "form"):
                errors = self.sign(self.owner, signature="hello")
                self.assertEqual(list(errors), [field])
        self.assert_unsigned()

    # === FACTS === #

    def test_nobody_sets_the_facts_by_hand(self):
        self.sign(self.owner)
        theirs = self.sent.with_user(self.manager)
        for name in (
            "portal_signed_on",
            "signed_function",
            "signed_login",
            "signed_ip",
            "signed_terms_digest",
            "date_declined",
            "decline_reason",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                theirs.write({name: theirs[name] or "2026-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            theirs.create(
                {
                    "membership_id": self.beta_membership.id,
                    "template_id": self.template.id,
                    "signed_login": "forged",
                }
            )

    # === NOTICES === #

    def test_both_sides_hear_of_it_in_their_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.lang"]._activate_lang("de_DE")
        self.owner.lang, self.manager.lang = "fr_FR", "de_DE"
        seen = []
        notices = self.env.registry["partner.agreement"]
        original = notices._send_portal_notice

        def watched(this, text, recipient, author):
            seen.append((this.env.lang, recipient))
            return original(this, text, recipient, author)

        self.patch(notices, "_send_portal_notice", watched)
        self.sign(self.owner)
        people = (self.owner.partner_id, self.manager.partner_id)
        self.assertEqual(seen, list(zip(("fr_FR", "de_DE"), people, strict=True)))
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "partner.agreement"),
                ("res_id", "=", self.sent.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(messages.notified_partner_ids, people[0] | people[1])
        [note] = self.sent.message_ids.filtered(
            lambda m: (
                "Managing Director" in (m.body or "")
                and m.message_type == "notification"
            )
        )
        self.assertEqual(note.author_id, self.owner.partner_id)
        for message in messages | note:
            self.assertFalse(
                message.with_user(self.owner).sudo(False).has_access("read")
            )

    def test_the_mail_that_sends_the_terms_names_the_portal(self):
        for person, word in (
            (self.owner.partner_id, "portal"),
            (self.seller.partner_id, "send it back"),
        ):
            template, _version = self._create_terms(f"For {person.name}")
            agreement = self._send(
                self.alpha_membership, template, signatory_id=person.id
            )
            [message] = agreement.message_ids.filtered("partner_ids")
            self.assertIn(word, message.body)
