"""Judges badges with ``openbadgeslib``; run by the Python of its own environment.

Reads a list of jobs as JSON, writes one verdict for each. It knows nothing of Odoo and
asks no network: a job brings the documents as they were published, by address.
"""

import json
import sys

import jwt
from cryptography.hazmat.primitives import serialization
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.credential import IdentityObject
from openbadgeslib.ob3.status import check_credential_status


def find_key(token, documents):
    """Return as PEM the public key that the token's header names by its address."""
    address = jwt.get_unverified_header(token)["kid"]
    key = jwt.PyJWK(json.loads(documents[address]), algorithm="RS256").key
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def check_list(badge, documents):
    """Look a badge up in its one status list."""
    [status] = badge.credential_status
    # the list is signed with the key of today, the badge with that of its day
    check_credential_status(
        badge,
        lambda address: documents[address].encode(),
        verify_list=True,
        list_pubkey_pem=find_key(documents[status["statusListCredential"]], documents),
    )


def judge(job):
    """Return what the validator says of a badge.

    :param dict job: ``token`` or ``picture``, ``documents`` by address, ``email``;
        a false ``asks_list`` leaves its status list out
    """
    documents = job["documents"]
    try:
        token = job.get("token") or OB3Verifier.extract_token_from_svg(
            job["picture"].encode()
        )
        verifier = OB3Verifier(find_key(token, documents))
        badge = verifier.verify(token)
        if job.get("asks_list", True):
            check_list(badge, documents)
    except LibOpenBadgesException as error:
        return {"valid": False, "reason": str(error)}
    known = [
        IdentityObject.create(job["email"], one.salt) == one
        for one in badge.identifiers
    ]
    return {
        "valid": True,
        "name": badge.achievement.name,
        "issuer": badge.issuer.id,
        "is_known": any(known),
    }


json.dump([judge(job) for job in json.load(sys.stdin)], sys.stdout)
