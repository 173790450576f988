"""What a company's name is without case, punctuation, script and legal form.

Legal forms come from OpenSanctions' dictionary of 30 countries and more, see
``legal_forms/SOURCE.md``; scripts are read by the library ``anyascii``.

>>> split_form("Acme GmbH & Co. KG"), split_form("ACME gesellschaft m.b.H.")
(('acme', 'gmbhcokg'), ('acme', 'gmbh'))
>>> split_form("ООО «Ромашка»"), split_form("Romashka, O.O.O.")
(('romashka', 'ooo'), ('romashka', 'ooo'))
>>> split_form("ТОВ Ромашка")[0], split_form("ФОП Іваненко")[0]
('romashka', 'ivanenko')
>>> split_form("Acme Sp. z o.o."), split_form("Acme S.A. de C.V.")
(('acme', 'spzoo'), ('acme', 'sacv'))
>>> split_form("ООО"), split_form("Trading GmbH")
(('ooo', ''), ('trading', 'gmbh'))
>>> split_form("AG Insurance"), split_form("AO World plc")  # a brand, not a form
(('ag insurance', ''), ('ao world', 'plc'))
>>> sorted(read_variants("АСМЕ")), sorted(read_variants("Восток"))
(['acme', 'asme'], ['boctok', 'vostok'])
>>> read_variants("Pomaшка") == read_variants("Ромашка") == ["romashka"]
True
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii

from .lookalikes import fold, remove_invisible

_FORMS = Path(__file__).parent / "legal_forms" / "legal_forms.json"
#: the longest form, in words
_MAX_WORDS = 9
#: a form before the name is one from this length on: "AG Insurance" is a brand
_MIN_LEADING = 3
_APOSTROPHES = re.compile("['’ʼ`´′]")
_NO_WORD = re.compile(r"[\W_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_GREEK = re.compile("[\u0370-\u03ff]")
_LATIN = re.compile("[a-zA-Z]")
#: Cyrillic letters behind the Latin look-alikes, to read a word of mixed scripts
_UNFOLD = str.maketrans("abcehikmoptxyjs", "авсенікмортхујѕ")
_SPELLED = {"&": " and ", "+": " plus ", "№": " no "}
#: names that say nothing about which company it is; with them the form counts
GENERIC = frozenset(
    [
        "agency",
        "and",
        "bank",
        "business",
        "capital",
        "center",
        "centre",
        "commerce",
        "company",
        "construction",
        "consult",
        "consulting",
        "corporation",
        "design",
        "development",
        "digital",
        "distribution",
        "energy",
        "engineering",
        "enterprise",
        "enterprises",
        "estate",
        "export",
        "finance",
        "first",
        "fund",
        "global",
        "group",
        "handel",
        "holding",
        "holdings",
        "house",
        "import",
        "industrial",
        "industries",
        "industry",
        "institute",
        "international",
        "invest",
        "investment",
        "investments",
        "it",
        "kompaniya",
        "logistics",
        "management",
        "market",
        "marketing",
        "media",
        "national",
        "net",
        "network",
        "office",
        "online",
        "partner",
        "partners",
        "produktsiya",
        "project",
        "projects",
        "properties",
        "retail",
        "sales",
        "service",
        "services",
        "shop",
        "software",
        "solution",
        "solutions",
        "stroy",
        "system",
        "systems",
        "tech",
        "technologies",
        "technology",
        "telecom",
        "the",
        "torg",
        "torgovyy",
        "trade",
        "trading",
        "transport",
        "trust",
        "union",
        "ventures",
        "web",
        "world",
    ]
)


def read_variants(text):
    """Return a name in Latin letters: as it looks and as it is spoken.

    :param text: name as typed
    :return: list of one or two texts of small ASCII letters, digits and spaces; the
        second one where a word of another script also passes for a Latin one
    """
    words = _split_words(text)
    looks = [_join_initials([_read_look(word) for word in words])]
    spoken = _join_initials([_read_spoken(word) for word in words])
    return [name for name in dict.fromkeys([*looks, spoken]) if name]


def read_spoken(text):
    """Return a name as it is spoken, in Latin letters: see :func:`read_variants`."""
    return _join_initials([_read_spoken(word) for word in _split_words(text)])


def _split_words(text):
    value = _APOSTROPHES.sub("", remove_invisible(text))
    for sign, word in _SPELLED.items():
        value = value.replace(sign, word)
    return [word for word in _NO_WORD.sub(" ", value).split() if word]


def _read_look(word):
    """Return a word as a reader of Latin takes it, if all of it passes for that."""
    folded = fold(word)
    return _to_ascii(folded) if not _CYRILLIC.search(folded) else _read_spoken(word)


def _read_spoken(word):
    """Return a word as it is spoken; mixed scripts are read as the one meant."""
    if _CYRILLIC.search(word) and _LATIN.search(word):
        folded = fold(word)
        is_cyrillic = _CYRILLIC.search(folded)
        word = folded.translate(_UNFOLD) if is_cyrillic else folded
    elif _GREEK.search(word) and _LATIN.search(word):
        word = fold(word)
    return _to_ascii(word)


@lru_cache(maxsize=4096)
def _to_ascii(word):
    return _NO_WORD.sub("", anyascii(word)).casefold().replace("'", "")


def _join_initials(words):
    """Return words as one text, with letters that stand alone put together."""
    result, run = [], ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        result += [run] * bool(run) + [word] * bool(word)
        run = ""
    return " ".join(result + [run] * bool(run))


@cache
def _read_forms():
    """Return ``{spelling without spaces: form}``."""
    forms = {}
    for form, spellings in json.loads(_FORMS.read_text(encoding="utf-8")).items():
        key = read_spoken(form).replace(" ", "")
        for spelling in [form, *spellings]:
            for name in read_variants(spelling):
                compact = name.replace(" ", "")
                if len(compact) > 1:
                    forms.setdefault(compact, key)
    return forms


def split_form(text):
    """Return a name and its legal form, as they are spoken.

    :param text: name as typed
    :return: ``(name, form)``; the form is empty where there is none or nothing else
    """
    return strip_form(read_spoken(text))


def strip_form(name):
    """Return the name without its legal form, and the form.

    :param str name: one of :func:`read_variants`
    """
    words, found = name.split(), ""
    for _turn in range(3):
        cut = _find_form(words)
        if not cut:
            break
        words, form = cut
        found = found or form
    return " ".join(words), found


def _find_form(words):
    """Return the rest and the form, for the longest form at an end of the name."""
    forms = _read_forms()
    for count in range(min(_MAX_WORDS, len(words) - 1), 0, -1):
        last = "".join(words[-count:])
        if last in forms:
            return words[:-count], forms[last]
        first = "".join(words[:count])
        if len(first) >= _MIN_LEADING and first in forms:
            return words[count:], forms[first]
    return None


def is_generic(name):
    """Whether a name without its form is too little to tell a company by.

    >>> is_generic("trading"), is_generic("ab"), is_generic("2000"), is_generic("acme")
    (True, True, True, False)
    """
    words = [word for word in name.split() if word not in GENERIC]
    letters = "".join(words)
    return len(letters) < 3 or letters.isdigit()
