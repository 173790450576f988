from odoo import models
from odoo.tools import SQL

from ..tools.crediting import follow
from ..tools.earning import rerate
from ..tools.memory import in_force
from ..tools.period_bands import arrange, find_touched, get_key
from ..tools.periods import get_period


class CommissionBandMixin(models.AbstractModel):
    """Bands over a period: what a document earns depends on the others.

    *How it works*: the documents of one partner, rule and period stand in the order
    they were first booked, each with its credit notes. Where it stands, a
    :class:`Span`, gives its rate. A new document takes its place at the end; what
    that or a credit note changes for those booked before is appended to them as
    ``true_up``, as long as the period is open. A period is closed once a statement
    that covers its last day has left the draft: from then on a credit note takes
    back pro rata what its invoice earned in the end.
    """

    _name = "commission.band.mixin"
    _description = "Bands over a Period"

    def _get_period_spans(self, shares, rules):
        """Return where new documents stand in their periods.

        :param dict shares: ``{move_id: [LineShare]}``
        :param rules: ``{rule_id: Rule}``
        :return: ``{move_id: {group: Span}}``, see :func:`get_group`
        """
        keys = {get_key(share) for some in shares.values() for share in some} - {None}
        if not keys:
            return {}
        self._lock_accounts({key[0] for key in keys})
        booked, _ranks = self._read_period_positions(keys)
        others = {
            move_id: in_force(held)
            for move_id, held in booked.items()
            if move_id not in shares
        }
        new = {move.id: shares[move.id] for move in self._in_turn(shares)}
        spans = arrange([*others.items(), *new.items()], {}, keys, rules)
        return {move_id: spans[move_id] for move_id in new if move_id in spans}

    def _true_up_periods(self, shares, positions):
        """Return what the bands of open periods make of documents booked before.

        :param dict shares: ``{move_id: [LineShare]}`` of documents to be booked
        :param dict positions: ``{move_id: [Position]}``, gets those of the documents
            that are re-rated
        :return: ``{move_id: [LineShare]}`` of all documents whose rate changes
        """
        rules = self.env["partner.commission.rule"]._get_rules_by_id()
        touched = find_touched(shares, positions)
        touched -= self._find_closed(touched, rules)
        if not touched:
            return {}
        self._lock_accounts({key[0] for key in touched})
        peers, ranks = self._read_period_positions(touched)
        for move_id, held in peers.items():
            positions.setdefault(move_id, held)
        now = {move_id: in_force(held) for move_id, held in peers.items()}
        now.update(shares)
        moves = self.browse(list(now))
        origins = {
            move.id: move.reversed_entry_id.id
            for move in moves
            if move.reversed_entry_id.id in now
        }
        order = [move_id for move_id in peers if move_id in now]
        order += [move.id for move in self._in_turn(now) if move.id not in peers]
        documents = [(move_id, now[move_id]) for move_id in order]
        spans = arrange(documents, origins, touched, rules, ranks)
        limits = moves._get_limits({i: now[i] for i in spans}, rules)
        for move_id in limits.keys() & shares.keys():
            limits[move_id].use_up(
                shares[move_id], in_force(positions.get(move_id, ()))
            )
        return self._rerate(now, spans, rules, limits, origins)

    def _rerate(self, now, spans, rules, limits, origins):
        """Return the shares of the documents whose rate is another one now.

        A credit note takes back its part of what its invoice earns, so invoices go
        first. One whose invoice earns nothing at present is rated by itself.
        """
        result = {}
        for move_id in sorted(spans, key=lambda each: each in origins):
            shares, origin = now[move_id], origins.get(move_id)
            if origin_shares := now.get(origin):
                origin_shares = result.get(origin, origin_shares)
                mirrored = self.browse(move_id)._mirror_shares(origin_shares)
                rerated = follow(shares, mirrored, spans[move_id])
            else:
                rerated = rerate(shares, rules, spans[move_id], limits.get(move_id))
            if [each.exact for each in rerated] != [each.exact for each in shares]:
                result[move_id] = rerated
        return result

    def _in_turn(self, move_ids):
        """Return documents in the order they are booked when booked together."""
        return self.browse(list(move_ids)).sorted(
            lambda move: (move.invoice_date or move.date, move.id)
        )

    def _read_period_positions(self, keys):
        """Return the positions of all documents of some periods.

        :param keys: see :func:`get_key`
        :return: ``{move_id: [Position]}`` in the order of the first booking, and
            ``{(key, move_id): place}`` in that of each key
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_id, MIN(id) AS first,
                       membership_id, rule_id, role, period_start
                  FROM partner_commission_entry
                 WHERE period_start IS NOT NULL
                   AND book = 'accrued'
                   AND membership_id IN %(members)s
                   AND rule_id IN %(rules)s
                   AND period_start IN %(starts)s
              GROUP BY move_id, membership_id, rule_id, role, period_start
              ORDER BY first
                """,
                members=tuple({key[0] for key in keys}),
                rules=tuple({key[1] for key in keys}),
                starts=tuple({key[3] for key in keys}),
            )
        )
        moves = self.browse(dict.fromkeys(row[0] for row in rows))
        ranks = {(tuple(key), move_id): first for move_id, first, *key in rows}
        # sudo: the books decide, whoever posts
        found = self.env["partner.commission.entry"].sudo()._get_positions(moves)
        return {move.id: found[move.id] for move in moves}, ranks

    def _find_closed(self, keys, rules):
        """Return the periods whose statement is no draft any more."""
        if not keys:
            return set()
        self.env["partner.commission.statement"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT membership_id, MAX(date_to)
                  FROM partner_commission_statement
                 WHERE membership_id IN %s
                   AND state != 'draft'
              GROUP BY membership_id
                """,
                tuple({key[0] for key in keys}),
            )
        )
        closed_until = dict(rows)
        return {
            key
            for key in keys
            if key[0] in closed_until
            and get_period(key[3], rules[key[1]].pay.scope)[1] <= closed_until[key[0]]
        }

    def _set_periods(self, shares, rules):
        """Return shares with the period their bands count in.

        :param dict shares: ``{move_id: [LineShare]}``
        """
        if not any(rule.in_period for rule in rules.values()):
            return shares
        result = {}
        for move in self.browse(list(shares)):
            day = move.invoice_date or move.date
            result[move.id] = [
                share._replace(
                    period_start=get_period(day, rules[share.rule_id].pay.scope)[0]
                    if rules[share.rule_id].in_period
                    else None
                )
                for share in shares[move.id]
            ]
        return result
