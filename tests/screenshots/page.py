"""What a screen of the README is, and what several of them share."""

from typing import NamedTuple

DESKTOP = (1280, 800)
PHONE = (390, 844)
BOTH = (DESKTOP, PHONE)

MANAGER = "channel.manager"
HEAD = "channel.head"
ACCOUNTANT = "channel.accountant"
TRAINER = "channel.trainer"
OWNER = "owner@northwind.example"
RIVAL = "owner@contoso.example"
SELLER = "seller@northwind.example"

PORTAL = "document.querySelector('#wrap')"
# the counters of the cards come after the page
COUNTED = "!document.querySelector('.o_portal_doc_spinner:not(.d-none)')"
BACKEND = (
    "document.querySelector('.o_action_manager .o_content')"
    " && !document.querySelector('.o_loading_indicator, .o_blockUI')"
)


class Page(NamedTuple):
    """One screen.

    :param name: of the file, the width is appended
    :param login: who looks
    :param path: address; ``{id}`` is the record found by ``record``
    :param record: ``(model, *conditions)`` or None
    :param ready: JavaScript that is true when all is shown
    :param script: JavaScript to run before the picture, may be empty
    :param sizes: windows to take it in
    """

    name: str
    login: str
    path: str
    record: tuple | None = None
    ready: str = BACKEND
    script: str = ""
    sizes: tuple = BOTH


# Northwind's, with a line in dispute
SENT = (
    "partner.commission.statement",
    ("state", "=", "sent"),
    ("partner_id.name", "=", "Northwind Systems"),
)
# a list, or cards on a phone
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def has(selector):
    return f"{BACKEND} && document.querySelector(`{selector}`)"


def click(button, then):
    """Return JavaScript that clicks and waits 10 s at most for something to come."""
    return f"""(async () => {{
        document.querySelector(`{button}`).click();
        for (let turn = 0; turn < 100; turn++) {{
            if (document.querySelector(`{then}`)) return;
            await new Promise((done) => setTimeout(done, 100));
        }}
        throw new Error(`no {then}`);
    }})()"""
