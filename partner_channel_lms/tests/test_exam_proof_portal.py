"""The page on which people hand in the proof of an exam."""

import base64
import io
import os
import struct
import zlib
from datetime import date
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin
from odoo.addons.partner_channel_portal.tools.upload import Upload

from .test_exam_proof import PDF, ExamProofCommon


def draw(kind, *size):
    """Return a picture that is no plain surface, as bytes."""
    content = io.BytesIO()
    noise = Image.frombytes("L", (64, 64), os.urandom(64 * 64))
    noise.resize(size).convert("RGB").save(content, kind)
    return content.getvalue()


def make_bomb(width, height):
    """Return a small PNG that says it is huge, and unfolds to that."""

    def chunk(name, data):
        end = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + end

    packer = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


class ProofPortalCommon(ExamProofCommon):
    def _values(self, **values):
        return {
            "type": str(self.elsewhere.id),
            "exam_date": "2026-12-01",
            "reference": "NET-1",
            "files": [Upload("my proof.pdf", PDF)],
            **values,
        }

    def _send(self, person, **values):
        proofs = self.Proof.with_user(person.user_ids)
        return proofs._portal_submit_proof(self._values(**values))

    def _proofs(self, person):
        return self.Proof.search([("partner_id", "=", person.id)])


@tagged("post_install", "-at_install")
class TestProofForm(ProofPortalCommon):
    def test_what_is_sent_waits_for_a_trainer(self):
        self.assertEqual(self._send(self.seller), {})
        proof = self._proofs(self.seller)
        self.assertEqual(proof.state, "submitted")
        self.assertEqual(proof.exam_date, date(2026, 12, 1))
        self.assertEqual(proof.document_name, "my proof.pdf")
        self.assertEqual(proof.activity_ids.user_id, self.trainer)

    def test_what_is_wrong_is_said_at_its_field(self):
        for values, field in (
            ({"type": ""}, "type"),
            ({"type": str(self.kind.id)}, "type"),
            ({"type": "x"}, "type"),
            ({"exam_date": ""}, "exam_date"),
            ({"exam_date": "yesterday"}, "exam_date"),
            ({"exam_date": "2027-02-01"}, "exam_date"),
            ({"reference": "x" * 101}, "reference"),
            ({"reference": "<script>"}, "reference"),
            ({"files": []}, "files"),
            ({"files": [Upload("a.pdf", PDF)] * 2}, "files"),
            ({"files": [Upload("a.txt", b"I passed")]}, "files"),
            ({"files": [Upload("a.pdf", b"MZ" + bytes(99))]}, "files"),
        ):
            with self.subTest(values=values):
                self.assertEqual([*self._send(self.seller, **values)], [field])
        self.assertFalse(self._proofs(self.seller))

    def test_a_picture_stays_as_it_was_handed_in(self):
        for day, kind in enumerate(("PNG", "JPEG"), start=1):
            with self.subTest(kind):
                # larger than Odoo keeps pictures
                content = draw(kind, 2600, 2000)
                upload = Upload(f"proof.{kind.lower()}", content)
                values = {"exam_date": f"2026-12-0{day}", "files": [upload]}
                self.assertEqual(self._send(self.seller, **values), {})
                proof = self._proofs(self.seller)[:1]
                self.assertEqual(base64.b64decode(proof.document), content)

    def test_a_small_file_with_a_huge_picture_is_refused(self):
        for size in ((9000, 9000), (20_000, 20_000)):
            bomb = make_bomb(*size)
            self.assertLess(len(bomb), 2_000_000)
            errors = self._send(self.seller, files=[Upload("a.png", bomb)])
            self.assertEqual([*errors], ["files"])
        # one that cannot be read is kept, and never unfolded
        broken = make_bomb(9000, 9000)[:20]
        self.assertEqual(self._send(self.seller, files=[Upload("a.png", broken)]), {})

    def test_a_day_too_far_off_is_told_by_which_side(self):
        for day, text in (
            ("0001-01-01", "years ago"),
            ("2016-12-31", "years ago"),
            ("2090-01-01", "ahead"),
        ):
            with self.subTest(day):
                errors = self._send(self.seller, exam_date=day)
                self.assertIn(text, errors["exam_date"])

    def test_the_same_exam_twice_is_refused(self):
        self._send(self.seller)
        self.assertEqual([*self._send(self.seller)], ["exam_date"])
        self.assertEqual(self._send(self.owner), {})

    def test_it_is_withdrawn_until_it_is_decided_by_nobody_else(self):
        self._send(self.seller)
        proof = self._proofs(self.seller)
        other = self.Proof.with_user(self.owner.user_ids)
        self.assertTrue(other._portal_withdraw_proof(proof.id))
        self.assertEqual(proof.state, "submitted")
        own = self.Proof.with_user(self.seller.user_ids)
        self.assertEqual(own._portal_withdraw_proof(proof.id), "")
        self.assertEqual(proof.state, "withdrawn")
        self.assertFalse(proof.activity_ids)
        self._send(self.seller)
        late = self._proofs(self.seller) - proof
        late.with_user(self.trainer).action_verify()
        self.assertTrue(own._portal_withdraw_proof(late.id))
        self.assertEqual(late.state, "verified")

    def test_people_of_no_active_partner_hand_in_nothing(self):
        self.memberships[0].action_suspend()
        with self.assertRaises(AccessError):
            self._send(self.seller)

    def test_too_many_are_refused(self):
        path = "odoo.addons.partner_channel_lms.models.exam_proof_portal_mixin"
        with patch(f"{path}.PROOFS_PER_HOUR", 1):
            self.assertEqual(self._send(self.seller), {})
            errors = self._send(self.seller, exam_date="2026-12-02")
        self.assertEqual([*errors], ["form"])
        self.assertEqual(len(self._proofs(self.seller)), 1)


@tagged("post_install", "-at_install")
class TestProofPages(ProofPortalCommon, HttpCase, AxeMixin):
    def _post(self, url, **data):
        page = self.url_open("/my/certifications/proof").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        files = data.pop("files", None)
        return self.url_open(url, data={"csrf_token": token, **data}, files=files)

    def test_it_is_handed_in_and_withdrawn_in_the_portal(self):
        self.authenticate("lms_seller", "lms_seller")
        page = self._get_page()
        self.assertIn("I passed an exam elsewhere", page)
        self.assertIn(f"/my/certifications/proof?type={self.elsewhere.id}", page)
        self.assertIn("exam elsewhere, its proof verified by a trainer", page)
        answer = self._post(
            "/my/certifications/proof",
            type=self.elsewhere.id,
            exam_date="2026-12-01",
            reference="NET-7",
            files={"files": ("proof.pdf", PDF, "application/pdf")},
        )
        self.assertIn("a trainer looks at your proof", answer.text)
        self.assertIn("NET-7", answer.text)
        self.assertIn("Being verified", answer.text)
        proof = self._proofs(self.seller)
        url = f"/my/certifications/proof/{proof.id}/withdraw"
        self.assertIn("The proof is withdrawn", self._post(url).text)
        self.assertEqual(proof.state, "withdrawn")
        self._send(self.seller)
        late = self._proofs(self.seller) - proof
        late.with_user(self.trainer).action_verify()
        url = f"/my/certifications/proof/{late.id}/withdraw"
        self.assertIn("cannot be withdrawn", self._post(url).text)

    def _get_page(self):
        return self.url_open("/my/certifications").text

    def test_a_colleague_and_a_rival_see_nothing_of_it(self):
        self._send(self.seller)
        for login in ("lms_owner", "lms_rival"):
            self.authenticate(login, login)
            self.assertNotIn("NET-1", self._get_page())
            self._post(
                f"/my/certifications/proof/{self._proofs(self.seller).id}/withdraw"
            )
        self.assertEqual(self._proofs(self.seller).state, "submitted")

    @mute_logger("odoo.http")
    def test_the_model_answers_no_partner(self):
        self._send(self.seller)
        proof = self._proofs(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        for method, args in (
            ("read", [proof.ids, ["state"]]),
            ("action_verify", [proof.ids]),
            ("action_withdraw", [proof.ids]),
            ("create", [{"partner_id": self.seller.id}]),
        ):
            with self.assertRaises(JsonRpcException) as caught:
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/partner.exam.proof/{method}",
                    {
                        "model": "partner.exam.proof",
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    },
                )
            self.assertIn("AccessError", str(caught.exception))

    def test_the_page_costs_the_same_with_one_and_with_ten_proofs(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_page()
            return self.env.cr.sql_log_count - before

        self._send(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        queries()
        few = queries()
        for day in range(2, 11):
            self._send(self.seller, exam_date=f"2026-12-{day:02d}")
        self.assertLessEqual(queries() - few, 2)

    def test_the_pages_are_accessible(self):
        self._send(self.seller)
        self._send(self.seller, exam_date="2026-11-01", reference="X" * 90)
        self._proofs(self.seller)[0].with_user(self.trainer)._refuse("No name on it")
        self.assert_accessible(
            "/my/certifications",
            "/my/certifications/proof",
            login="lms_seller",
            widths=("1280px", "390px"),
            narrow="360px",
        )
