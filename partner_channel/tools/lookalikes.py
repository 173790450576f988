"""Characters that look like Latin letters, folded into these.

Two texts a reader cannot tell apart have the same fold. The look-alikes come from
Unicode's list of confusable characters, as the library ``confusable-homoglyphs`` brings
it along.

>>> fold("АСМЕ")  # all of it Cyrillic
'acme'
>>> fold("Νorthwind"), fold("νero")  # Greek capital and small nu
('northwind', 'vero')
>>> fold("Ромашка") == fold("РОМАШКА") == fold("Pomaшka")
True
>>> fold("ac\\u200bme\\u202e"), fold("ａｃｍｅ"), fold("٤٢")
('acme', 'acme', '42')
>>> fold("Їжак") == fold("Ïжак"), fold("Jürgen")
(True, 'jürgen')
"""

import re
import unicodedata
from functools import cache
from string import ascii_letters, digits

from confusable_homoglyphs.utils import load

#: scripts whose letters pass for Latin ones; in others, what Unicode calls confusable
#: would make different words of one script the same
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
#: what no reader sees, beside the format characters (zero width, bidirectional)
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_WORD = re.compile(r"(\s+)")


@cache
def _read_lookalikes():
    """Return ``{character: Latin letter or digit}``."""
    latin = set(ascii_letters + digits)
    found = {}
    for character, others in load("confusables.json").items():
        if len(character) > 1 or character.isascii():
            continue
        if not unicodedata.name(character, "").startswith(_SCRIPTS):
            continue
        letters = [other["c"] for other in others if other["c"] in latin]
        if letters:
            # Unicode takes the small l for the capital I as well
            is_i = letters[0] == "l" and character.isupper()
            found[character] = "I" if is_i else letters[0]
    return found


def _fold_character(character, is_mixed):
    """Return the Latin look-alike of a character, or the character.

    Small and capital letter have one look-alike, so that the case of an honest name
    does not matter; in a word that is partly Latin it is the one of the case seen.
    """
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    known = _read_lookalikes()
    forms = (character, character.swapcase())
    if not is_mixed:
        forms = (character.upper(), character.lower())
    return next((known[form] for form in forms if form in known), character)


def _fold_word(word):
    is_mixed = any(character in ascii_letters for character in word)
    return "".join(_fold_character(character, is_mixed) for character in word)


def remove_invisible(text):
    """Return the text without what no reader sees, in compatibility form."""
    value = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text or ""))
    return "".join(c for c in value if unicodedata.category(c) != "Cf")


def fold(text):
    """Return a text without case, invisible characters and look-alikes.

    :param text: as typed
    :return: equal for texts that look the same
    """
    # letters apart from their marks: the Ukrainian ї is і with two dots
    value = unicodedata.normalize("NFD", remove_invisible(text))
    value = "".join(_fold_word(word) for word in _WORD.split(value))
    return unicodedata.normalize("NFC", value).casefold()
