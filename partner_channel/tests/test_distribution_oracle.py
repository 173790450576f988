"""Ten thousand leads in the database: offer by offer what the oracle says."""

from collections import Counter

from odoo.tests import tagged
from odoo.tools import SQL

from .distribution_oracle import PROGRAMS, DistributionOracle
from .distribution_oracle_case import (
    KEYS,
    LEADS,
    LINKS,
    PLAIN,
    STATES,
    DistributionOracleCase,
)


@tagged("post_install", "-at_install")
class TestDistributionOracle(DistributionOracleCase):
    # === READ BACK === #

    def _read_leads(self):
        """Return the rows as the oracle understands them."""
        columns = [
            *("id", "registration_state"),
            *KEYS,
            *PLAIN,
            *LINKS,
        ]
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM crm_lead WHERE name = 'Row' ORDER BY id",
                SQL(", ").join(map(SQL.identifier, columns)),
            )
        )
        words = {
            key: {number: word for word, number in ids.items()}
            for key, ids in self.ids.items()
        }
        found = []
        for row in self.env.cr.dictfetchall():
            lead = {key: words[key].get(row[column]) for column, key in KEYS.items()}
            account, industry = self.customers.get(row["partner_id"], (None, None))
            lead["id"], lead["zip"] = row["id"], row["zip"]
            lead["employees"] = row["customer_employees"] or 0
            lead["account"] = account
            lead["industry"] = lead["industry"] or words["industry"].get(industry)
            # who named the state has named the country
            lead["country"] = lead["country"] or STATES.get(lead["state"])
            lead["given"] = row["partner_assigned_id"]
            is_alive = row["active"] and row["won_status"] == "pending"
            lead["is_alive"] = is_alive and not row["registration_state"]
            lead["is_open"] = lead["is_alive"] and not lead["given"]
            found.append(lead)
        return found

    def _read_offers(self):
        """Return ``{lead_id: {(member, state)}}`` and check the slots."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT o.lead_id, p.name, o.state, o.slot, r.name->>'en_US', o.date_due"
            "  FROM partner_lead_offer o JOIN crm_lead l ON l.id = o.lead_id"
            "  JOIN res_partner p ON p.id = o.partner_id"
            "  JOIN partner_lead_rule r ON r.id = o.rule_id WHERE l.name = 'Row'"
        )
        offers = {}
        for lead_id, name, state, slot, rule, due in self.env.cr.fetchall():
            found = offers.setdefault(lead_id, set())
            self.assertNotIn((name, state), found)
            found.add((name, state))
            self.assertIn(slot, range(3) if rule == "several" else (0,))
            self.assertTrue(due)
        return offers

    def _compare(self, oracle):
        offers = self._read_offers()
        names = {rule.id: name for name, rule in self.rule.items()}
        self.env.cr.execute(
            "SELECT id, distribution_state, lead_rule_id, user_id,"
            "       date_distribution_due IS NOT NULL"
            "  FROM crm_lead WHERE name = 'Row'"
        )
        wrong = []
        for lead_id, state, rule_id, user_id, is_due in self.env.cr.fetchall():
            expected = oracle.states[lead_id]
            waiting = oracle.waiting[lead_id]
            due = {
                (name, "offered" if name in waiting else "declined")
                for name in oracle.asked[lead_id]
            }
            actual = (state, names.get(rule_id)), offers.get(lead_id, set())
            if actual != (expected, due):
                wrong.append((lead_id, actual, (expected, due)))
            self.assertEqual(is_due, state == "pool", lead_id)
            if expected == ("fallback", "sole"):
                self.assertEqual(user_id, self.head.id, lead_id)
            elif expected[0]:
                self.assertFalse(user_id, lead_id)
        self.assertFalse(wrong[:5], f"{len(wrong)} leads are otherwise")

    def test_rounds_are_those_of_the_oracle(self):
        leads = self._read_leads()
        self.assertEqual(len(leads), LEADS)
        partners = {m.partner_id.id: name for name, m in self.member.items()}
        given = [lead["given"] for lead in leads if lead["is_alive"] and lead["given"]]
        oracle = DistributionOracle(Counter(partners[number] for number in given))
        self.leads._distribute()
        for lead in leads:
            oracle.play(lead)
        self._check_variety(oracle)
        self._compare(oracle)
        self.leads._distribute()
        self._compare(oracle)
        for _turn in range(2):
            again = self._decline_some(oracle)
            # the job takes them in batches, each reads anew who has what
            self._run()
            for lead in leads:
                if lead["id"] in again:
                    oracle.play(lead)
            self._compare(oracle)

    def _check_variety(self, oracle):
        """The data has all of it: full partners, pins, leads without a rule."""
        seen = Counter(oracle.states.values())
        for rule in PROGRAMS:
            states = ("pool",) if rule == "pool" else ("offered",)
            for state in (*states, "fallback"):
                self.assertGreater(seen[state, rule], 20, (state, rule))
        self.assertGreater(seen["none", None], 100)
        self.assertGreater(seen[None, None], 100)
        self.assertEqual(len({n for names in oracle.asked.values() for n in names}), 28)

    def _decline_some(self, oracle):
        """Let one of the partners of each ninth offered lead decline.

        :return: ids of the leads that are given anew
        """
        open_ids = sorted(number for number, who in oracle.waiting.items() if who)
        declined = self.Offer
        by_key = {
            (offer.lead_id.id, offer.partner_id.name): offer
            for offer in self.Offer.search(
                [("lead_id", "in", open_ids), ("state", "=", "offered")]
            )
        }
        for number in open_ids[::9]:
            name = min(oracle.waiting[number])
            oracle.decline(number, name)
            declined |= by_key[number, name]
        declined._decline("capacity")
        return set(open_ids[::9])
