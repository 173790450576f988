from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.chain import link

_BATCH = 20_000


class ChainCheck(NamedTuple):
    """What a check of a company's log found.

    :param entries: number of rows that were read
    :param broken_ids: ids of the rows whose hash does not follow, first one first
    :param is_end_whole: whether the last row is the one the chain's head names
    :param head_sequence: number of the last entry, by the chain's head
    :param head_hash: its hash
    """

    entries: int
    broken_ids: list
    is_end_whole: bool
    head_sequence: int
    head_hash: str

    @property
    def is_whole(self):
        return self.is_end_whole and not self.broken_ids


class RegistrationLogCheckMixin(models.AbstractModel):
    """Checks the hash chain of the registration log, in batches."""

    _name = "registration.log.check.mixin"
    _description = "Check of the Registration Log"

    @api.model
    def _check_chain(self, company):
        """Check that every row of a company's log follows from the one before.

        Found are rows changed, removed or put in, in the middle and at the end, and
        rows whose hash was computed anew. A million rows take one batch of memory.

        :param company: ``res.company`` whose chain is checked
        :return: ``ChainCheck``
        """
        self.flush_model()
        head = self.env["partner.registration.chain"]._get_head(company)
        head.flush_recordset()
        entries, broken, previous, number = 0, [], "", 0
        while rows := self._read_links(company, number):
            for row in rows:
                follows = (
                    row["sequence"] == number + 1
                    and (row["previous_hash"] or "") == previous
                    and row["hash"] == link(previous, self._get_linked(row))
                )
                if not follows:
                    broken.append(row["id"])
                previous, number = row["hash"], row["sequence"]
            entries += len(rows)
        is_end_whole = (head.sequence, head.last_hash or "") == (number, previous)
        return ChainCheck(
            entries, broken, is_end_whole, head.sequence, head.last_hash or ""
        )

    @api.model
    def _read_links(self, company, after):
        """Return the next batch of a chain, as dicts.

        :param int after: number of the last row that was read
        """
        # Raw SQL: records of a million rows would not fit into memory, and the check
        # is of what stands in the table.
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT id, company_id, sequence, lead_id, membership_id, event, note,
                       user_id, date, content_digest, previous_hash, hash
                  FROM partner_registration_log
                 WHERE company_id = %s AND sequence > %s
              ORDER BY sequence
                 LIMIT %s
                """,
                company.id,
                after,
                _BATCH,
            )
        )

    @api.model
    def _find_broken_links(self, company):
        """Return the rows whose hash does not follow from the row before.

        :param company: ``res.company`` whose chain is checked
        :return: rows, first break first; the last row when rows are missing after
            it; empty when the chain is whole
        """
        check = self._check_chain(company)
        broken = self.browse(check.broken_ids)
        if not check.is_end_whole and not broken:
            domain = [("company_id", "=", company.id)]
            # sudo: what is wrong is told whoever asks for the check
            broken = self.sudo().search(domain, order="sequence desc", limit=1)
        return broken
