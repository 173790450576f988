"""What must hold after any action, said once more and without the addon's own code.

Everything is read from the tables; the definitions here share nothing with the models.
"""

from collections import Counter
from datetime import date

from .picture import take_picture

#: the changes of state there may be: (before, after) → what the log calls it
MOVES = {
    ("draft", "submitted"): "submitted",
    ("returned", "submitted"): "submitted",
    ("submitted", "returned"): "returned",
    ("submitted", "approved"): "approved",
    ("submitted", "rejected"): "rejected",
    ("approved", "expired"): "expired",
    ("draft", "withdrawn"): "withdrawn",
    ("submitted", "withdrawn"): "withdrawn",
    ("returned", "withdrawn"): "withdrawn",
    ("approved", "withdrawn"): "withdrawn",
    ("approved", "won"): "won",
    ("approved", "lost"): "lost",
    ("won", "approved"): "approved",
    ("lost", "approved"): "approved",
    ("approved", "submitted"): "reverted",
    ("expired", "submitted"): "reverted",
    ("withdrawn", "submitted"): "reverted",
    ("rejected", "submitted"): ("reverted", "offered"),
}
PARTNER_MOVES = {
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("returned", "submitted"),
    ("submitted", "withdrawn"),
    ("returned", "withdrawn"),
    ("approved", "withdrawn"),
}
JOB_MOVES = {
    ("submitted", "approved"),
    ("submitted", "rejected"),
    ("approved", "expired"),
    ("rejected", "submitted"),
}
#: decided by the partner's own manager or the head, nobody else
DECISIONS = {"returned", "approved", "rejected", "reverted"}
PARTNERS = ("seller", "rival", "stranger")
END = "The protection of this deal ends on"
ENDED = "The protection of this deal has ended"
DUE = "An update of this deal is due"
#: after one of these the same may be told once more
_AGAIN = {"approved", "extended", "transferred", "reverted", "offered"}


class Laws:
    """Takes pictures of the database and judges what lies between two of them."""

    def __init__(self, world):
        self.world, self.env = world, world.env
        self.first_lead = self._get_last("crm_lead")
        self.first_row = self._get_last("partner_registration_log")
        self.last_message = self._get_last("mail_message")
        self.told = Counter()

    def _get_last(self, table):
        return self._read(f"SELECT COALESCE(MAX(id), 0) FROM {table}")[0][0]

    def _read(self, query, *params):
        self.env.cr.execute(query, params)
        return self.env.cr.fetchall()

    def look(self):
        """Return the picture of now."""
        self.env.flush_all()
        return take_picture(self._read, self.first_lead, self.first_row)

    def judge(self, before, after, actor, today):
        """Refuse what may not be.

        :param before: picture before the action
        :param after: picture after it
        :param str actor: who acted, a key of the world's people
        :param date today: in the company's time zone
        """
        self._judge_moves(before, after, actor)
        self._judge_log(before, after, actor)
        self._judge_gone(before, after)
        self._judge_attribution(before, after, actor)
        self._judge_claims(after, today)
        self._judge_exclusivity(after, today)
        doubled = {lead for lead, count in after.pending.items() if count > 1}
        assert not doubled, f"two requests to extend wait: {doubled}"
        self._judge_told(before, after)
        check = self.env["partner.registration.log"]._check_chain(self.world.company)
        assert check.is_whole, check

    # === STATES === #

    def get_moves(self, before, after):
        """Return ``[(deal before, deal after)]`` whose state changed."""
        return [
            (before.deals[lead], deal)
            for lead, deal in after.deals.items()
            if lead in before.deals and before.deals[lead].state != deal.state
        ]

    def _judge_moves(self, before, after, actor):
        for old, new in self.get_moves(before, after):
            move = (old.state, new.state)
            assert move in MOVES, f"{move} by {actor}"
            own = self._get_owner(old.membership)
            if actor in PARTNERS:
                offered = move == ("rejected", "submitted")
                assert offered or (own == actor and move in PARTNER_MOVES), (
                    f"{move} of {own} by {actor}"
                )
            elif actor == "jobs":
                assert move in JOB_MOVES, f"{move} by the jobs"
            else:
                assert new.state != "expired", f"{move} by {actor}"
        for lead, deal in after.deals.items():
            if lead not in before.deals:
                assert deal.state in (None, "draft", "submitted"), deal

    def _get_owner(self, membership):
        owners = {
            self.world.northwind.id: "seller",
            self.world.contoso.id: "rival",
        }
        return owners.get(membership)

    def _judge_gone(self, before, after):
        for lead, deal in before.deals.items():
            assert lead in after.deals or deal.state in (None, "draft"), (
                f"{deal} is gone"
            )

    # === LOG === #

    def _judge_log(self, before, after, actor):
        known = {row[0] for row in before.log}
        kept = [row for row in after.log if row[0] in known]
        assert kept == before.log, "the log was changed"
        new = [row for row in after.log if row[0] not in known]
        uid = self.world.people[actor].id
        assert all(row[3] == uid for row in new), f"{new} are not by {actor}"
        written = {(lead, event) for _id, lead, event, _user in new}
        moves = self.get_moves(before, after) + [
            (deal._replace(state="draft"), deal)
            for lead, deal in after.deals.items()
            if lead not in before.deals and deal.state == "submitted"
        ]
        for old, deal in moves:
            events = MOVES[old.state, deal.state]
            events = {events} if isinstance(events, str) else set(events)
            found = {event for event in events if (deal.id, event) in written}
            assert len(found) == 1, f"{old.state} → {deal.state}: {written}"
            if found & DECISIONS and old.state not in ("won", "lost"):
                self._judge_decision(old, actor)

    def _judge_decision(self, deal, actor):
        managers = {"seller": "manager", "rival": "other_manager"}
        allowed = {"head", "jobs", managers[self._get_owner(deal.membership)]}
        assert actor in allowed, f"{actor} decided on {deal}"

    # === CLAIMS === #

    def _judge_claims(self, after, today):
        for lead, claims in after.claims.items():
            deal = after.deals[lead]
            states = {claim[2] for claim in claims}
            if self._is_protected(deal, after, today):
                # while a request to extend waits, the claims do not end
                end = date.max if lead in after.pending else deal.end
                assert states == {"protected"}, (deal, claims)
                assert {claim[4] for claim in claims} == {end}, (deal, claims)
            if deal.state == "submitted" or self._is_protected(deal, after, today):
                said = {claim[:2] for claim in claims if claim[0] != "partner"}
                assert said == deal.get_keys(), (said, deal)
                assert {claim[5] for claim in claims} == {deal.family}, (deal, claims)
            if deal.state == "submitted":
                assert states == {"pending"}, (deal, claims)
            if deal.state not in ("approved", "won"):
                assert "protected" not in states, (deal, claims)
        for deal in after.deals.values():
            claimed = deal.state in ("approved", "submitted")
            assert not claimed or deal.id in after.claims, f"{deal} claims nothing"

    def _is_protected(self, deal, picture, today):
        """Approved, and within its days or waiting for more of them."""
        within = deal.state == "approved" and deal.end >= today
        return within or (deal.state == "approved" and deal.id in picture.pending)

    def _judge_exclusivity(self, after, today):
        """Work out from what the deals say who is protected against whom."""
        protected = [
            deal
            for deal in after.deals.values()
            if self._is_protected(deal, after, today)
        ]
        for number, one in enumerate(protected):
            for other in protected[:number]:
                common = one.get_keys() & other.get_keys()
                apart = one.family and other.family and one.family != other.family
                assert apart or not common, f"{one} and {other} hold {common}"

    # === ATTRIBUTION AND REMINDERS === #

    def _judge_attribution(self, before, after, actor):
        for lead, deal in before.deals.items():
            roles = before.roles.get(lead), after.roles.get(lead)
            if deal.frozen and lead in after.deals and roles[0] != roles[1]:
                assert actor == "head", f"{actor} changed {roles[0]} to {roles[1]}"
                new = after.log[len(before.log) :]
                assert (lead, "attributed") in {row[1:3] for row in new}, roles

    def _judge_told(self, before, after):
        """Nothing is told twice of the same protection and the same update."""
        new = after.log[len(before.log) :]
        again = {row[1] for row in new if row[2] in _AGAIN}
        updated = {
            lead
            for lead, count in after.updates.items()
            if count != before.updates.get(lead)
        }
        self.told = Counter(
            {
                (lead, kind): count
                for (lead, kind), count in self.told.items()
                if lead not in again and not (kind == DUE and lead in updated)
            }
        )
        self.told.update(self._read_new_messages())
        most = {END: 2, ENDED: 1, DUE: 1}
        for (lead, kind), count in self.told.items():
            assert count <= most[kind], f"“{kind}” {count} times on {lead}"

    def _read_new_messages(self):
        """Return ``(lead, kind)`` of what was told since the last call."""
        rows = self._read(
            """SELECT id, res_id, body FROM mail_message
                WHERE model = 'crm.lead' AND id > %s AND message_type = 'comment'
             ORDER BY id""",
            self.last_message,
        )
        self.last_message = rows[-1][0] if rows else self.last_message
        return [
            (lead, kind)
            for _id, lead, body in rows
            for kind in (END, ENDED, DUE)
            if kind in (body or "")
        ]
