"""What the ledger remembers of a document: who earned on its lines, on what terms."""

from .commission_math import HUNDRED
from .line_share import ACCRUED


def in_force(positions):
    """Return the shares that earn at present.

    :param positions: list of :class:`Position` of one document
    :return: list of :class:`LineShare`
    """
    return [
        position.line_share
        for position in positions
        if position.book == ACCRUED and position.amounts.base
    ]


def remember(positions):
    """Return the terms each line of a document was last booked on.

    :param positions: list of :class:`Position` of one document
    :return: ``{line id: [LineShare]}``, one for each partner and role
    """
    last = {}
    for position in sorted(positions, key=lambda position: position.revision):
        if position.book == ACCRUED:
            last[position.line_share.chain] = position.line_share
    result = {}
    for share in last.values():
        result.setdefault(share.move_line_ref, []).append(share)
    return result


def keep_terms(kept, live, today):
    """Return the shares of one line when its document is posted again.

    What was booked stays, whatever became of plan, tier or attribution; partners
    who came since are added. Only where a role would exceed the whole line do
    today's shares hold for it, and who has none today gives way.

    :param kept: remembered :class:`LineShare` of the line
    :param live: :class:`LineShare` by today's attribution and rules
    :param today: ``{chain: percent}`` of today's attribution, with or without rule
    """
    known = {share.chain for share in kept}
    shares = [*kept, *(share for share in live if share.chain not in known)]
    totals = {}
    for share in shares if kept else ():
        if not share.via_id:
            totals[share.role] = totals.get(share.role, 0) + share.share
    result = []
    for share in shares:
        if totals.get(share.role, 0) <= HUNDRED:
            result.append(share)
        elif share.chain in today:
            result.append(share._replace(share=today[share.chain]))
    # an override goes with the partner it is paid for
    members = {share.membership_id for share in result if not share.via_id}
    return [share for share in result if not share.via_id or share.via_id in members]
