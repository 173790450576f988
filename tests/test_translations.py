"""The Russian and Ukrainian catalogues say everything the templates hold."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
ADDONS = sorted(
    path.parent.name for path in ROOT.glob("partner_channel*/__manifest__.py")
)
LANGUAGES = ("ru", "uk")

#: what code or a browser fills in or reads: it has to survive the translation
_PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0-9.]*[a-zA-Z]|%%|%[sd](?!\w)|\{\{\w+\}\}")
_TAG = re.compile(r"<[^>]+>")
#: attributes for people, translated together with the text around their tag
_SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt)="[^"]*"')
_LETTER = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_ENGLISH = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}")


def _get_marks(text):
    """Return placeholders and markup of a text, whatever their order."""
    tags = [_SPOKEN.sub("", tag) for tag in _TAG.findall(text)]
    return sorted(_PLACEHOLDER.findall(text) + tags)


def _read(addon, name):
    path = ROOT / addon / "i18n" / name
    assert path.is_file(), f"{path} is missing"
    return polib.pofile(str(path), check_for_duplicates=True)


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(params=ADDONS)
def addon(request):
    return request.param


def test_catalogue_holds_exactly_the_terms_of_the_template(addon, language):
    template = {entry.msgid for entry in _read(addon, f"{addon}.pot")}
    catalogue = {entry.msgid for entry in _read(addon, f"{language}.po")}
    assert template
    assert not template - catalogue, "not in the catalogue"
    assert not catalogue - template, "no longer in the template"


def test_every_term_is_translated_and_certain(addon, language):
    catalogue = _read(addon, f"{language}.po")
    assert catalogue.metadata["Language"] == language
    open_terms = [e.msgid for e in catalogue if not e.msgstr.strip() or e.fuzzy]
    assert not open_terms


def test_placeholders_and_markup_survive_the_translation(addon, language):
    broken = [
        (entry.msgid, entry.msgstr)
        for entry in _read(addon, f"{language}.po")
        if _get_marks(entry.msgid) != _get_marks(entry.msgstr)
    ]
    assert not broken


def test_sentences_are_not_left_in_english(addon, language):
    """Several words without one Cyrillic letter are English that was copied."""
    english = [
        entry.msgid
        for entry in _read(addon, f"{language}.po")
        if not _LETTER.search(entry.msgstr)
        and _ENGLISH.search(_PLACEHOLDER.sub("", entry.msgstr))
    ]
    assert not english
