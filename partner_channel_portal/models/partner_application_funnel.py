from odoo import api, fields, models
from odoo.tools import escape_psql

#: what the addresses of campaigns name, in the order of ``origin``
_UTM = ("source_id", "medium_id", "campaign_id")
#: new visitors one address may count as in an hour: without cookies each request is one
VISITS_PER_HOUR = 60
_STAMPS = ("date_started", "date_confirmed", "date_submitted")


class PartnerApplicationFunnel(models.Model):
    """How far somebody came who looked at a program's page.

    One row a visitor and program, without anything that says who it was: it stays when
    an unfinished application is deleted.
    """

    _name = "partner.application.funnel"
    _description = "Recruitment Funnel"
    _order = "date_visited desc, id desc"
    _rec_name = "program_id"

    program_id = fields.Many2one(
        "partner.program", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    date_visited = fields.Datetime("Visited", required=True, index=True, readonly=True)
    date_started = fields.Datetime("Started", readonly=True)
    date_confirmed = fields.Datetime("Confirmed", readonly=True)
    date_submitted = fields.Datetime("Submitted", readonly=True)
    date_decided = fields.Datetime("Decided", readonly=True)
    outcome = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        readonly=True,
    )
    lang = fields.Char("Language", readonly=True)
    origin = fields.Char(
        readonly=True, help="Source, medium and campaign as the address named them."
    )
    source_id = fields.Many2one("utm.source", readonly=True, index="btree_not_null")
    medium_id = fields.Many2one("utm.medium", readonly=True, index="btree_not_null")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, index="btree_not_null")
    visited = fields.Integer("Visits", compute="_compute_steps", store=True)
    started = fields.Integer(
        "Started Applications", compute="_compute_steps", store=True
    )
    confirmed = fields.Integer(
        "Confirmed E-Mails", compute="_compute_steps", store=True
    )
    submitted = fields.Integer(
        "Submitted Applications", compute="_compute_steps", store=True
    )
    accepted = fields.Integer(
        "Accepted Applications", compute="_compute_steps", store=True
    )
    declined = fields.Integer(
        "Declined Applications", compute="_compute_steps", store=True
    )
    start_rate = fields.Float(
        "Visits That Start (%)", compute="_compute_steps", store=True, aggregator="avg"
    )
    accept_rate = fields.Float(
        "Visits Accepted (%)", compute="_compute_steps", store=True, aggregator="avg"
    )
    hours_to_decide = fields.Float(
        "Hours to Decision",
        compute="_compute_steps",
        store=True,
        aggregator="avg",
        help="From the submission to the decision, nights included.",
    )

    @api.depends("date_visited", *_STAMPS, "date_decided", "outcome")
    def _compute_steps(self):
        for row in self:
            row.visited = 1
            row.started = int(bool(row.date_started))
            row.confirmed = int(bool(row.date_confirmed))
            row.submitted = int(bool(row.date_submitted))
            row.accepted = int(row.outcome == "accepted")
            row.declined = int(row.outcome == "declined")
            row.start_rate = 100 * row.started
            row.accept_rate = 100 * row.accepted
            took = row.date_decided and row.date_submitted
            row.hours_to_decide = (
                (row.date_decided - row.date_submitted).total_seconds() / 3600
                if took
                else False
            )

    @api.model
    def _find_visit(self, program, row_id, cookies, lang):
        """Return a visitor's row, made at the first visit.

        None for the vendor's own people, who are no visitors, and for who counted as
        too many already.

        :param program: ``partner.program``
        :param int row_id: what the visitor's session remembers of this program, if
            anything
        :param cookies: as Odoo sets them from the address
        :param str lang: code of the page's language
        :return: the row or none, in sudo
        """
        # sudo: nobody reads the funnel; the visitor's own row, known to the session
        rows = self.sudo()
        if self.env.user._is_internal():
            return rows
        row = rows.browse(row_id).exists()
        throttle = self.env["partner.portal.throttle"]
        if not row and throttle._count_visitor("program_visit", VISITS_PER_HOUR):
            row = rows._visit(program, cookies, lang)
        return row

    @api.model
    def _visit(self, program, cookies, lang):
        """Make the row of a visitor.

        Sources are looked up, never made: anybody may write any address.

        :param program: ``partner.program``
        :param cookies: as Odoo sets them from the address
        :param str lang: code of the page's language
        :return: the row, in sudo
        """
        values, named = {}, []
        tracked = self.env["utm.mixin"].tracking_fields()
        sent = {name: cookies.get(cookie) for _param, name, cookie in tracked}
        for name in _UTM:
            text = "".join(c for c in sent.get(name) or "" if c.isprintable())[:64]
            if text:
                named.append(text)
                # sudo: visitors have no access to campaigns; the row names them only
                known = self.env[self._fields[name].comodel_name].sudo()
                domain = [("name", "=ilike", escape_psql(text))]
                values[name] = known.search(domain, limit=1).id
        # sudo: nobody writes the funnel by hand
        return self.sudo().create(
            {
                **values,
                "program_id": program.id,
                "date_visited": fields.Datetime.now(),
                "origin": " / ".join(named) or False,
                "lang": lang,
            }
        )

    def _stamp(self, **values):
        """Write how far an applicant came; what is stamped once stays."""
        for row in self.exists():
            row.write(
                {
                    name: value
                    for name, value in values.items()
                    if name not in _STAMPS or not row[name]
                }
            )
