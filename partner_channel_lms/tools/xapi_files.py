"""Statements answered with their files (``attachments=true``); plain Python."""

import json
import re

from .xapi_request import get_attachments

#: a media type with parameters, and nothing that ends a header
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+( ?; ?[\w.+-]+=[\w.+\"-]+)*", re.ASCII)


def sort_files(statements):
    """Return which files statements have: those that are nowhere else, and the rest.

    :param list statements: valid ones
    :return: one ``{hash: Content-Type}`` for each statement, and one for all files that
        are at a ``fileUrl`` as well

    >>> one = {"sha2": "AB", "contentType": "text/plain"}
    >>> sort_files([{"object": {}, "attachments": [one]}])
    ([{'ab': 'text/plain'}], {})
    """
    wanted, spare = [], {}
    for statement in statements:
        mine = {}
        for attachment in get_attachments(statement):
            files = spare if "fileUrl" in attachment else mine
            files.setdefault(attachment["sha2"].lower(), attachment["contentType"])
        wanted.append(mine)
    return wanted, spare


def choose_files(wanted, spare, sizes, most):
    """Return how many statements fit an answer, and their files.

    :param list wanted: ``{hash: Content-Type}`` of each statement
    :param dict spare: the same for files that need not be there
    :param dict sizes: ``{hash: bytes}`` of the files there are
    :param int most: bytes of all; the first statement is answered whatever its size
    :return: ``(number, {hash: Content-Type})``

    >>> choose_files([{"a": "x/y"}, {"b": "x/y"}], {}, {"a": 3, "b": 3}, 5)
    (1, {'a': 'x/y'})
    >>> choose_files([{"a": "x/y"}, {"a": "x/y"}], {"b": "x/y"}, {"a": 3, "b": 3}, 5)
    (2, {'a': 'x/y'})
    """
    chosen, size, number = {}, 0, 0
    for files in wanted:
        fresh = {key: files[key] for key in files.keys() - chosen if key in sizes}
        more = sum(sizes[key] for key in fresh)
        if number and size + more > most:
            break
        chosen |= fresh
        size, number = size + more, number + 1
    for key in spare.keys() & sizes.keys() - chosen.keys():
        if size + sizes[key] <= most:
            chosen[key], size = spare[key], size + sizes[key]
    return number, chosen


def write_parts(boundary, value, files):
    """Return the body of a ``multipart/mixed`` answer.

    :param str boundary: a text that is in none of the files
    :param value: JSON value of the first part
    :param list files: ``[(Content-Type, hash, bytes)]``

    >>> write_parts("x", [], [("text/plain", "ab", b"one")]).decode().splitlines()[5:9]
    ['Content-Type: text/plain', 'Content-Transfer-Encoding: binary', \
'X-Experience-API-Hash: ab', '']
    """
    parts = [("Content-Type: application/json", json.dumps(value).encode())]
    for kind, digest, content in files:
        # the sender chose the text; it must not write headers of its own
        is_right = len(kind) < 200 and _CONTENT_TYPE.fullmatch(kind)
        head = (
            f"Content-Type: {kind if is_right else 'application/octet-stream'}\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            f"X-Experience-API-Hash: {digest}"
        )
        parts.append((head, content))
    pieces = [
        f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()])
