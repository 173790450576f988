"""The examples of 1EdTech's own validator, before the one that judges our badges.

Each is signed as a token by our tools: so what is refused is refused for the reason its
name tells, and not for its proof. They are read from a folder beside the checkout.
"""

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from odoo.addons.partner_channel_lms.tools import open_badge

from .test_open_badge import VALIDATOR, judge

DATA = Path(
    os.environ.get("PARTNER_CHANNEL_BADGE_DATA")
    or Path(__file__).parents[2] / "shared" / "data" / "openbadges-3.0"
)
KEY_ADDRESS = "https://example.com/keys/1"
#: the table in ``docs/learning.md``: of each kind the files, and whether all are valid
KINDS = {
    "valid": """complete simple simple-context-alias simple-context-version
        simple-did-key-method simple-did-web-method simple-multiple-proofs
        sd/derivedcredential""",
    "broken": """simple-err-context simple-err-expired simple-err-issued
        simple-err-issuer simple-err-type""",
    "revoked elsewhere": """bit-string-list/credential-status-revoked
        bit-string-list/credential-status-revoked-blank-nodes""",
    "broken inside": """
        simple-err-credential-subject-achievement-result-description-type
        simple-err-credential-subject-identifier-type
        simple-err-credential-subject-profile-type
        simple-err-credential-subject-result-type simple-err-credential-subject-type
        simple-err-evidence-type simple-err-issuer-otheridentifier-type
        simple-err-issuer-parentorg-type simple-err-issuer-type""",
    "broken proof": """simple-err-proof-method simple-err-proof-method-no-scheme
        simple-err-proof-method-unknown-did-method
        simple-err-proof-method-unknown-scheme simple-err-proof-value""",
    "another format": """complete_v1 credential-status-revoked
        endorsement-err-schema-status-refresh endorsement-valid
        ob20/assertion-with-endorsements ob20/basic-assertion simple-eddsa-2022
        simple-noproof simple_v1""",
}
NAMES = [name for names in KINDS.values() for name in names.split()]
REFUSED = {"broken", "another format"}

pytestmark = [
    pytest.mark.skipif(not VALIDATOR, reason="there is no validator"),
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no examples in {DATA}"),
]


def sign(badge, pem):
    """Return an example as a token, with the claims a token repeats."""
    badge.pop("proof", None)
    issuer = badge.get("issuer")
    subject = badge.get("credentialSubject")
    begin = badge.get("validFrom") or badge.get("issuanceDate")
    claims = {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": badge.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": begin and int(datetime.fromisoformat(begin).timestamp()),
    }
    known = {name: value for name, value in claims.items() if value}
    return open_badge.sign({**badge, **known}, pem, KEY_ADDRESS)


@pytest.fixture(scope="module")
def verdicts():
    """The validator's verdicts, by the name of the example."""
    pem, jwk = open_badge.make_key()
    documents = {KEY_ADDRESS: json.dumps(jwk)}
    jobs = [
        {
            "token": sign(json.loads((DATA / f"{name}.json").read_text()), pem),
            "documents": documents,
            "email": "seller@example.com",
            "asks_list": False,
        }
        for name in NAMES
    ]
    return dict(zip(NAMES, judge(*jobs), strict=True))


def test_every_example_is_in_the_table():
    found = {str(path.relative_to(DATA))[:-5] for path in DATA.rglob("*.json")}
    assert found == set(NAMES)
    assert len(NAMES) == len(found)


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("valid", 8),
        ("broken", 5),
        ("revoked elsewhere", 2),
        ("broken inside", 9),
        ("broken proof", 5),
        ("another format", 9),
    ],
)
def test_examples_are_judged_as_the_documentation_says(verdicts, kind, count):
    counted = Counter(verdicts[name]["valid"] for name in KINDS[kind].split())
    reasons = {name: verdicts[name].get("reason") for name in KINDS[kind].split()}
    assert counted == {kind not in REFUSED: count}, reasons


def test_what_is_refused_has_a_reason(verdicts):
    told = {verdict["reason"] for verdict in verdicts.values() if not verdict["valid"]}
    assert "Invalid signature" not in told
    assert all(told)
