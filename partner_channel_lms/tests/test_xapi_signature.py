import base64
import hashlib
import json
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from odoo.tests import tagged

from ..tools.open_badge import encode
from ..tools.xapi_signature import CONTENT_TYPE, USAGE
from .test_lms_requests import PartsCase

ALGORITHMS = {
    "RS256": hashes.SHA256(),
    "RS384": hashes.SHA384(),
    "RS512": hashes.SHA512(),
}


def make_certificate(key):
    """Return a certificate of a key, as ``x5c`` holds it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Academy")])
    begin = datetime(2026, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    content = certificate.public_bytes(serialization.Encoding.DER)
    return base64.b64encode(content).decode()


def dump(value):
    """Return a value as a part of a JWS."""
    return encode(json.dumps(value).encode())


@tagged("post_install", "-at_install")
class TestSignedStatements(PartsCase):
    """Statements that bring a signature: it has to be one, and theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        cls.chain = [make_certificate(cls.key)]
        cls.other_chain = [make_certificate(other)]

    def _sign(self, payload, alg="RS256", **header):
        """Return the JWS of a payload, dict or bytes."""
        body = encode(payload) if isinstance(payload, bytes) else dump(payload)
        text = f"{dump({'alg': alg, **header})}.{body}"
        algorithm = ALGORITHMS.get(alg, hashes.SHA256())
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), algorithm)
        return f"{text}.{encode(signature)}".encode()

    @staticmethod
    def _attach(statement, content, **values):
        """Return a statement with a signature named in it."""
        attachment = {
            "usageType": USAGE,
            "display": {"en": "Signature"},
            "contentType": CONTENT_TYPE,
            "length": len(content),
            "sha2": hashlib.sha256(content).hexdigest(),
            **values,
        }
        return {**statement, "attachments": [attachment]}

    def _send_signed(self, content, statement, **options):
        part = self._part(content, Content_Type=CONTENT_TYPE)
        signed = self._attach(statement, content)
        return self._send([signed], part, **options)

    def test_each_algorithm_is_taken_with_and_without_a_certificate(self):
        for version in ("1.0.3", "2.0.0"):
            for alg in ALGORITHMS:
                for header in ({}, {"x5c": self.chain}):
                    with self.subTest(alg, version=version, header=sorted(header)):
                        said = self._say()
                        content = self._sign(said, alg, **header)
                        answer = self._send_signed(content, said, version=version)
                        self.assertEqual(answer.status_code, 200, answer.text)
                        self.assertEqual(answer.json(), [said["id"]])
                        self.assertEqual(len(self._get(said)), 1)
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_one_is_put_and_tells_its_signature(self):
        said = self._say()
        content = self._sign(said, x5c=self.chain)
        signed = self._attach(said, content)
        part = self._part(content, Content_Type=CONTENT_TYPE)
        answer = self._send(signed, part, method="PUT", statementId=said["id"])
        self.assertEqual(answer.status_code, 204, answer.text)
        read = self._ask("GET", statementId=said["id"]).json()
        self.assertEqual(read["attachments"], signed["attachments"])

    def test_what_the_receiver_sets_is_not_compared(self):
        said = self._say(result={"duration": "PT1.239S"})
        bare = {**said, "result": {"duration": "PT1.23S"}}
        del bare["id"], bare["timestamp"]
        shifted = {**said, "timestamp": "2026-03-01T12:00:00+02:00"}
        for payload in (
            bare,
            shifted,
            {**said, "id": said["id"].upper()},
            {**said, "version": "1.0.0", "stored": "2026-03-01T10:00:01Z"},
            {**said, "authority": {"mbox": "mailto:lrs@example.com"}},
            {**said, "attachments": []},
        ):
            with self.subTest(payload):
                answer = self._send_signed(self._sign(payload), said)
                self.assertEqual(answer.status_code, 200, answer.text)

    def test_another_payload_is_refused(self):
        said = self._say()
        for payload, wording in (
            ({**said, "result": {"success": True}}, "logically equivalent"),
            ({**said, "actor": {"mbox": "mailto:x@example.com"}}, "equivalent"),
            ({**said, "timestamp": "2026-03-02T10:00:00Z"}, "equivalent"),
            ({**said, "timestamp": "soon"}, "equivalent"),
            ({**said, "timestamp": 0}, "equivalent"),
            ({**said, "id": self._say()["id"]}, "equivalent"),
            ({**said, "extra": 1}, "equivalent"),
            ({}, "equivalent"),
            ([said], "an object"),
            (b"{'id': 1}", "valid JSON serialization"),
            (b"\xff", "valid JSON serialization"),
            (b"[" * 100_000, "valid JSON serialization"),
        ):
            with self.subTest(wording, payload=str(payload)[:80]):
                content = self._sign(payload, x5c=self.chain)
                answer = self._send_signed(content, said)
                self._assert_refused(answer, 400, wording)

    def test_other_algorithms_are_refused(self):
        said = self._say()
        for alg in ("none", "HS256", "PS256", "rs256", "", None, ["RS256"], {}):
            with self.subTest(alg):
                head = dump({"alg": alg})
                content = f"{head}.{dump(said)}.{encode(b'x')}".encode()
                answer = self._send_signed(content, said)
                self._assert_refused(answer, 400, '"RS256", "RS384" or "RS512"')
        content = self._sign(said, crit=["b64"], b64=False)
        self._assert_refused(self._send_signed(content, said), 400, "extension")

    def test_what_is_no_compact_form_is_refused(self):
        said = self._say()
        head, body, signature = self._sign(said).decode().split(".")
        for text, wording in (
            ("", "compact form"),
            (f"{head}.{body}", "compact form"),
            (f"{head}.{body}.", "compact form"),
            (f"{head}.{body}.{signature}.x", "compact form"),
            (json.dumps({"payload": body}), "compact form"),
            (f"{head}.{body}.{signature}==", "base64url"),
            (f"{head}.{body}.a", "base64url"),
            (f"{head}.{body}!.{signature}", "base64url"),
            (f"é.{body}.{signature}", "base64url"),
            (f"{head}.{body}.{signature}\n", "base64url"),
            (f"{dump([])}.{body}.{signature}", "an object"),
            (f"{encode(b'{')}.{body}.{signature}", "MUST be JSON"),
        ):
            with self.subTest(text[-40:]):
                answer = self._send_signed(text.encode(), said)
                self._assert_refused(answer, 400, wording)

    def test_a_certificate_has_to_be_that_of_the_signature(self):
        said = self._say()
        curve = make_certificate(ec.generate_private_key(ec.SECP256R1()))
        for chain, wording in (
            (self.other_chain, "valid against the certificate"),
            ([*self.other_chain, *self.chain], "valid against the certificate"),
            ([curve], "RSA key"),
            ([], "list of X.509"),
            (self.chain[0], "list of X.509"),
            ([7], "list of X.509"),
            (["AAAA"], "list of X.509"),
            (["é"], "list of X.509"),
            (None, "list of X.509"),
        ):
            with self.subTest(wording, chain=str(chain)[:40]):
                answer = self._send_signed(self._sign(said, x5c=chain), said)
                self._assert_refused(answer, 400, wording)
        head, body, signature = self._sign(said, x5c=self.chain).decode().split(".")
        changed = {**said, "result": {"success": True}}
        content = f"{head}.{dump(changed)}.{signature}".encode()
        answer = self._send_signed(content, changed)
        self._assert_refused(answer, 400, "valid against the certificate")

    def test_a_signature_that_does_not_come_is_refused(self):
        content = self._sign(said := self._say())
        elsewhere = {"fileUrl": "https://example.org/signature"}
        for values, wording in (({}, "as a part"), (elsewhere, "as a part")):
            signed = self._attach(said, content, **values)
            with self.subTest(values):
                self._assert_refused(self._send([signed]), 400, wording)
                self._assert_refused(self._ask("POST", [signed]), 400, wording)

    def test_one_bad_signature_refuses_the_whole_request(self):
        good, bad = self._say(), self._say(day="2026-03-02")
        content = self._sign(good)
        part = self._part(content, Content_Type=CONTENT_TYPE)
        said = [self._attach(one, content) for one in (good, bad)]
        self._assert_refused(self._send(said, part), 400, "[1] The JWS")

    def test_its_content_type_is_that_of_the_standard(self):
        content = self._sign(said := self._say())
        signed = self._attach(said, content, contentType="text/plain")
        answer = self._send([signed], self._part(content))
        self._assert_refused(answer, 400, "application/octet-stream")
