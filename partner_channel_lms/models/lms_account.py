from odoo import api, fields, models


class LmsAccount(models.Model):
    """An account of a learning system that is asked person by person.

    It holds what was done there the last time, so that only news is asked about.
    """

    _name = "lms.account"
    _description = "Account of a Learning System"
    _order = "provider_id, id"
    _rec_name = "account"

    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, index=True, ondelete="cascade"
    )
    account = fields.Char("Account Number", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Asked About For",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="For whom the account was found; whose proof it is, is decided when its "
        "statements are matched.",
    )
    done = fields.Json(readonly=True)

    _account_uniq = models.Constraint(
        "UNIQUE (provider_id, account)", "This account is already here."
    )

    @api.model
    def _get_known(self, provider, accounts):
        """Return what is known of accounts.

        :param list accounts: account numbers, as text
        :return: ``{account: set of what was done}``, and which are tied by hand
        """
        mine = [("provider_id", "=", provider.id)]
        known = self.search_fetch([*mine, ("account", "in", accounts)])
        home = provider._get_account_home()
        keys = {f"account:{home}|{account}": account for account in accounts}
        tied = self.env["lms.identity"].search_fetch(
            [*mine, ("actor_key", "in", list(keys))], ["actor_key"]
        )
        return (
            {record.account: set(record.done or ()) for record in known},
            {keys[record.actor_key] for record in tied},
        )

    @api.model
    def _keep(self, provider, accounts):
        """Write down what is done now, where it is news.

        Each account has its own news; Odoo sends what was assigned to all of them to
        the database in one statement.

        :param dict accounts: ``{account: (contact id, [what])}``
        """
        known = self.search(
            [("provider_id", "=", provider.id), ("account", "in", list(accounts))]
        )
        for record in known:
            person, done = accounts[record.account]
            if record.partner_id.id != person or (record.done or []) != done:
                record.write({"partner_id": person, "done": done})
        fresh = accounts.keys() - set(known.mapped("account"))
        self.create(
            [
                {
                    "provider_id": provider.id,
                    "account": account,
                    "partner_id": accounts[account][0],
                    "done": accounts[account][1],
                }
                for account in sorted(fresh)
            ]
        )
