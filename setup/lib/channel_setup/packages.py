"""The Debian packages Odoo 19 is put together from, each pinned by its hash."""

from typing import NamedTuple


class Package(NamedTuple):
    """One pinned package.

    ``series`` is what another version must start with to be accepted when the
    pinned one is no longer there; empty accepts any.
    """

    name: str
    suite: str
    version: str
    sha256: str
    series: str = ""
    size_mb: int = 1

    @property
    def file_name(self):
        """Name apt gives the file; a colon in the version is escaped."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_all.deb"


ODOO = Package(
    "odoo-19",
    "sid",
    "19.0.0+dfsg-1",
    "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf",
    series="19.0",
    size_mb=123,
)

# Odoo's package refers to these by links. Font Awesome has to be the 4.7 of
# bookworm: later suites carry another major version.
COMPANIONS = (
    Package(
        "fonts-font-awesome",
        "bookworm",
        "5.0.10+really4.7.0~dfsg-4.1",
        "5f09e1adce26d59628a239c538882d53e58978b958233864fc617be9a510018e",
        series="5.0.10+really4.7",
    ),
    Package(
        "fonts-inconsolata",
        "bookworm",
        "001.010-6",
        "bb5015c631cd47aa7d9d6e0ecd101f0e1234300f935e7719ea32ed9b640f0ac4",
    ),
    Package(
        "fonts-montserrat",
        "sid",
        "9.000-6",
        "c5f603701f86661a7eed820ff0b0d19e0aa697b316053b7885cc7346370128c1",
        size_mb=7,
    ),
    Package(
        "fonts-ocr-b",
        "bookworm",
        "0.3~dfsg1-1",
        "56e6a6bfe5d77bbb4f0a6964ce1f8ed3679d7c1a138064bcaf6cc3480c3628f3",
    ),
    Package(
        "fonts-roboto-unhinted",
        "bookworm",
        "2:0~20170802-3",
        "f89cf7d8a589489daecf750031ec50456ab3e648d49ff544f0f08753268fbd91",
        size_mb=3,
    ),
    Package(
        "libjs-jquery",
        "bookworm",
        "3.6.1+dfsg+~3.5.14-1",
        "a58c9ff6afe96c769cb6535754c909410760e4efa1e1540236194e489adcfb25",
    ),
    Package(
        "libjs-jquery-form",
        "bookworm",
        "12-4",
        "fbfeedcd3eaf519b3cdcc88e93a1c79f6775da71657bac763f1430fe66e8a1da",
    ),
    Package(
        "libjs-underscore",
        "bookworm",
        "1.13.4~dfsg+~1.11.4-3",
        "4a0fbc90e7f62ea50c4ac7453352721fa60bb5eac87e9f39a027908faff29015",
    ),
)
