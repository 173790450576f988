"""Keys, signatures and status lists of Open Badges 3.0.

A badge is a compact JWS whose payload is the credential itself (the specification's
"JSON Web Token Proof Format"). It asks every verifier for RS256, hence RSA.
"""

import base64
import gzip
import hashlib
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048
#: certificates in one status list; the least the standard allows, so that a bit
#: hides among many
STATUS_LIST_SIZE = 131_072


def make_key():
    """Return a new private key as PEM and its public part as JWK.

    >>> pem, jwk = make_key()
    >>> pem.startswith("-----BEGIN PRIVATE KEY-----"), sorted(jwk)
    (True, ['alg', 'e', 'kid', 'kty', 'n', 'use'])
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    numbers = key.public_key().public_numbers()
    jwk = {"kty": "RSA", "n": _encode_int(numbers.n), "e": _encode_int(numbers.e)}
    kid = get_thumbprint(jwk)
    return pem.decode(), {**jwk, "kid": kid, "alg": "RS256", "use": "sig"}


def get_thumbprint(jwk):
    """Return the name of an RSA key: its thumbprint as of RFC 7638.

    :param dict jwk: the public key

    >>> get_thumbprint({"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "RS256"})
    'fFSIqACAdZT1hI1UKd3RlrMVpjTald1WwlJtBezXa88'
    """
    needed = {name: jwk[name] for name in ("e", "kty", "n")}
    text = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return encode(hashlib.sha256(text.encode()).digest())


def sign(payload, pem, kid):
    """Return a payload as a signed token (compact JWS).

    :param dict payload: the credential and its claims
    :param str pem: the private key
    :param str kid: address where the public key is found
    """
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    header = {"alg": "RS256", "kid": kid, "typ": "JWT"}
    parts = [
        encode(json.dumps(part, separators=(",", ":")).encode())
        for part in (header, payload)
    ]
    text = ".".join(parts)
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{encode(signature)}"


def encode(content):
    """Return bytes as base64url without padding.

    >>> encode(b"??>")
    'Pz8-'
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def encode_status_list(indices):
    """Return which bits of a status list are set, as the standard writes it.

    The first bit is the highest of the first byte.

    >>> import base64, gzip
    >>> text = encode_status_list([0, 9])
    >>> bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=="))
    >>> text[0], len(bits) * 8, bits[:3].hex()
    ('u', 131072, '804000')
    """
    bits = bytearray(STATUS_LIST_SIZE // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> (index % 8)
    # without the time, so that the same list is the same text
    return f"u{encode(gzip.compress(bytes(bits), mtime=0))}"


def hash_identity(email, salt):
    """Return the identity of a person that only who knows the e-mail recognises.

    >>> hash_identity("Ann@example.com", "pepper") == hash_identity(
    ...     "ann@example.com", "pepper")
    True
    >>> hash_identity("a@example.com", "Kosher")  # the specification's own example
    'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
    """
    text = f"{email.strip().lower()}{salt}"
    return f"sha256${hashlib.sha256(text.encode()).hexdigest()}"


def _encode_int(number):
    return encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
