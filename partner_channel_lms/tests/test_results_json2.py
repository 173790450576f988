import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .results_case import ResultsCase


@tagged("post_install", "-at_install")
class TestJson2(HttpCase, ResultsCase):
    def _call(self, user, body, **headers):
        # people of partners may have keys if the vendor wants them to
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("portal.allow_api_keys", "True")
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", False)
        )
        self.env.flush_all()
        return self._send(body, Authorization=f"Bearer {key}", **headers)

    def _send(self, body, **headers):
        response = self.url_open(
            "/json/2/lms.provider/submit_results",
            data=json.dumps(body),
            headers={"Content-Type": "application/json", **headers},
        )
        self.env.invalidate_all()
        return response

    def test_a_program_hands_results_in(self):
        body = {"ids": self.source.ids, "results": [self._row(key="1"), {"person": 7}]}
        response = self._call(self.trainer, body)
        self.assertEqual(response.status_code, 200, response.text)
        good, bad = response.json()
        self.assertEqual((good["outcome"], good["stored"]), ("certificate", True))
        self.assertEqual((bad["row"], bad["outcome"]), (1, "error"))
        self.assertEqual(
            bad["errors"],
            [
                {"field": name, "message": "It is empty; fill it in."}
                for name in ("course", "date", "result")
            ],
        )
        self._process()
        self.assertTrue(self._held(self.seller))

    def _assert_forbidden(self, user):
        body = {"ids": self.source.ids, "results": [self._row()]}
        with mute_logger("odoo.http"):
            response = self._call(user, body)
        self.assertEqual(response.status_code, 403, response.text)
        self.assertFalse(self._said())

    def test_others_of_the_vendor_are_forbidden(self):
        self._assert_forbidden(self.manager)

    def test_people_of_partners_are_forbidden(self):
        # their keys open something only if the vendor wants them to
        self.program.company_id.channel_api_keys = True
        self._assert_forbidden(self.seller.user_ids)

    def test_nobody_comes_in_without_a_key(self):
        body = {"ids": self.source.ids, "results": [self._row()]}
        self.assertEqual(self._send(body).status_code, 401)
        self.assertEqual(self._send(body, Authorization="Bearer x").status_code, 401)
        self.assertFalse(self._said())

    def test_what_is_asked_wrongly_is_explained(self):
        for body, status, wording in (
            ({"results": []}, 422, "exactly one learning system"),
            ({"ids": self.source.ids, "results": "x"}, 422, "send a list"),
            ({"ids": self.source.ids}, 422, "results"),
            ({"ids": self.source.ids, "results": [], "x": 1}, 422, "x"),
        ):
            with self.subTest(body):
                with mute_logger("odoo.http"):
                    response = self._call(self.trainer, body)
                self.assertEqual(response.status_code, status, response.text)
                self.assertIn(wording, response.text)

    def test_the_steps_behind_it_cannot_be_called(self):
        for method in ("_store_results", "_judge_results", "_enrol", "_take_in"):
            response = self.url_open(
                f"/json/2/lms.provider/{method}",
                data="{}",
                headers={"Content-Type": "application/json"},
            )
            self.assertIn(response.status_code, (401, 404))
