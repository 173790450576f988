"""What an Open Badge 3.0 says, as the JSON the specification describes."""

from .open_badge import hash_identity

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def make_issuer(address, name, url, image=None):
    """Return the profile of who issues badges.

    :param str address: where the profile is published; its name for verifiers
    :param str name: of the company
    :param str url: of its home page
    :param str image: address of its logo
    """
    profile = {"id": address, "type": ["Profile"], "name": name, "url": url}
    if image:
        profile["image"] = {"id": image, "type": "Image"}
    return profile


def make_achievement(address, name, description, criteria, level=None):
    """Return what can be achieved.

    >>> make_achievement("https://a.example/1", "Sales", "Sells.", "An exam.")["name"]
    'Sales'
    """
    achievement = {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": name,
        # the standard asks for one
        "description": description or name,
        "criteria": {"narrative": criteria},
    }
    if level:
        achievement["tag"] = [level]
    return achievement


def make_subject(identity, email, salt, achievement):
    """Return who achieved what, without saying who it is.

    :param str identity: random name (URI) of the person in this badge
    :param str email: known to whoever may recognise the person
    :param str salt: random text

    >>> subject = make_subject("urn:uuid:1", "ann@example.com", "s", {})
    >>> "ann" in str(subject)
    False
    """
    subject = {
        "id": identity,
        "type": ["AchievementSubject"],
        "achievement": achievement,
    }
    if email:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "identityType": "emailAddress",
                "hashed": True,
                "identityHash": hash_identity(email, salt),
                "salt": salt,
            }
        ]
    return subject


def make_status(address, index):
    """Return where a verifier learns whether a badge was taken back.

    :param str address: of the status list
    :param int index: of the badge's bit in it
    """
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def make_credential(identity, issuer, subject, status, period):
    """Return a badge, not signed yet.

    :param str identity: its name (URI)
    :param tuple period: aware UTC datetimes: from when it holds and, or ``None``, until
        when

    >>> from datetime import UTC, datetime
    >>> badge = make_credential(
    ...     "urn:uuid:1",
    ...     {"id": "https://a.example"},
    ...     {"id": "urn:uuid:2", "achievement": {"name": "Sales"}},
    ...     {},
    ...     (datetime(2026, 1, 1, tzinfo=UTC), None),
    ... )
    >>> badge["validFrom"], badge["nbf"], "validUntil" in badge, badge["name"]
    ('2026-01-01T00:00:00Z', 1767225600, False, 'Sales')
    """
    begin, end = period
    credential = {
        "@context": CONTEXT,
        "id": identity,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": subject["achievement"]["name"],
        "issuer": issuer,
        "validFrom": _format(begin),
        "credentialSubject": subject,
        "credentialStatus": status,
        # the claims of a JWT say the same once more
        "iss": issuer["id"],
        "jti": identity,
        "sub": subject["id"],
        "nbf": int(begin.timestamp()),
    }
    if end:
        credential |= {"validUntil": _format(end), "exp": int(end.timestamp())}
    return credential


def make_status_list(address, issuer, bits, period):
    """Return the list of what was taken back, not signed yet.

    :param str address: where it is published
    :param str issuer: address of the issuer
    :param str bits: as of :func:`open_badge.encode_status_list`
    :param tuple period: aware UTC datetimes of its validity
    """
    begin, end = period
    return {
        "@context": CONTEXT[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _format(begin),
        "validUntil": _format(end),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits,
        },
        "iss": issuer,
        "jti": address,
        "sub": f"{address}#list",
        "nbf": int(begin.timestamp()),
        "exp": int(end.timestamp()),
    }


def _format(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
