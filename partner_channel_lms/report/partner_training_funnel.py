from odoo import fields, models
from odoo.tools import SQL


class PartnerTrainingFunnel(models.Model):
    """How far people of partners got with a certification: one row for both.

    Assigned: attends the course, or has begun the exam without it. Started: has begun
    the course or the exam. Passed: holds or held a certificate, or passed a real exam;
    a course finished, a trial run and what was revoked prove nothing.
    """

    _name = "partner.training.funnel"
    _description = "Training Funnel"
    _auto = False
    _order = "date_assigned desc, id desc"
    _rec_name = "person_id"
    _depends = {
        "partner.certification": [
            "date_issued",
            "partner_id",
            "revoked",
            "type_id",
            "user_input_id",
        ],
        "partner.certification.type": ["channel_id", "survey_id"],
        "partner.membership": ["partner_id"],
        "res.partner": ["active", "commercial_partner_id", "country_id"],
        "slide.channel.partner": [
            "active",
            "channel_id",
            "member_status",
            "membership_id",
            "partner_id",
        ],
        "survey.user_input": [
            "end_datetime",
            "is_session_answer",
            "partner_id",
            "scoring_success",
            "state",
            "survey_id",
            "test_entry",
        ],
    }

    person_id = fields.Many2one("res.partner", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    type_id = fields.Many2one(
        "partner.certification.type", "Certification", readonly=True
    )
    channel_id = fields.Many2one("slide.channel", "Course", readonly=True)
    way = fields.Selection(
        [
            ("tier", "Given by the tier"),
            ("course", "Joined the course"),
            ("exam", "Exam without the course"),
        ],
        "How",
        readonly=True,
    )
    stage = fields.Selection(
        [("1", "Assigned"), ("2", "Started"), ("3", "Passed")],
        "Got As Far As",
        readonly=True,
    )
    date_assigned = fields.Date("Assigned On", readonly=True)
    date_passed = fields.Date("Passed On", readonly=True)
    assigned = fields.Integer(readonly=True)
    started = fields.Integer(readonly=True)
    passed = fields.Integer(readonly=True)
    start_rate = fields.Float(
        "Started (%)", readonly=True, aggregator="avg", help="Of those assigned."
    )
    pass_rate = fields.Float(
        "Passed (%)", readonly=True, aggregator="avg", help="Of those assigned."
    )
    days_to_pass = fields.Integer(
        "Days to Pass",
        readonly=True,
        aggregator="avg",
        help="From being assigned to the first pass, of those who passed.",
    )

    @property
    def _table_query(self):
        # the ids of certification and person, exact in 53 bits
        return SQL(
            """
            SELECT way.type_id::bigint << 32 | way.person_id::bigint AS id,
                   way.person_id, way.type_id, kind.channel_id,
                   person.commercial_partner_id AS partner_id, person.country_id,
                   CASE WHEN way.given THEN 'tier' WHEN way.attends THEN 'course'
                        ELSE 'exam' END AS way,
                   CASE WHEN way.passed THEN '3' WHEN way.started THEN '2'
                        ELSE '1' END AS stage,
                   way.date_assigned, way.date_passed,
                   1 AS assigned,
                   way.started::int AS started,
                   way.passed::int AS passed,
                   100.0 * way.started::int AS start_rate,
                   100.0 * way.passed::int AS pass_rate,
                   GREATEST(way.date_passed - way.date_assigned, 0) AS days_to_pass
              FROM (SELECT fact.type_id, fact.person_id,
                           bool_or(fact.attends) AS attends,
                           bool_or(fact.given) AS given,
                           bool_or(fact.started) AS started,
                           bool_or(fact.passed) AS passed,
                           MIN(fact.day) AS date_assigned,
                           MIN(fact.day_passed) AS date_passed
                      FROM (%s UNION ALL %s UNION ALL %s) fact
                  GROUP BY fact.type_id, fact.person_id) way
              JOIN partner_certification_type kind ON kind.id = way.type_id
              JOIN res_partner person ON person.id = way.person_id AND person.active
             WHERE EXISTS (SELECT 1 FROM partner_membership membership
                            WHERE membership.partner_id = person.commercial_partner_id)
            """,
            self._get_attendances(),
            self._get_attempts(),
            self._get_certificates(),
        )

    def _get_attendances(self):
        """Return the SQL of who attends the course of a certification."""
        return SQL(
            """
            SELECT kind.id AS type_id, attendance.partner_id AS person_id,
                   TRUE AS attends,
                   attendance.membership_id IS NOT NULL AS given,
                   attendance.member_status IN ('ongoing', 'completed') AS started,
                   FALSE AS passed,
                   attendance.create_date::date AS day,
                   NULL::date AS day_passed
              FROM slide_channel_partner attendance
              JOIN partner_certification_type kind
                ON kind.channel_id = attendance.channel_id
             WHERE attendance.active
            """
        )

    def _get_attempts(self):
        """Return the SQL of real attempts at the exam.

        What proves something is told by ``survey.user_input._get_proof_domain``; what
        was passed and revoked does not.
        """
        return SQL(
            """
            SELECT kind.id, attempt.partner_id, FALSE, FALSE, TRUE,
                   proof.passed,
                   COALESCE(attempt.start_datetime, attempt.create_date)::date,
                   CASE WHEN proof.passed THEN attempt.end_datetime::date END
              FROM survey_user_input attempt
              JOIN partner_certification_type kind
                ON kind.survey_id = attempt.survey_id
     CROSS JOIN LATERAL (
                   SELECT attempt.state = 'done'
                          AND COALESCE(attempt.scoring_success, FALSE)
                          AND attempt.end_datetime IS NOT NULL
                          AND NOT EXISTS (
                              SELECT 1 FROM partner_certification certificate
                               WHERE certificate.user_input_id = attempt.id
                                 AND certificate.revoked) AS passed) proof
             WHERE attempt.partner_id IS NOT NULL
               AND attempt.state IN ('in_progress', 'done')
               AND attempt.test_entry IS NOT TRUE
               AND attempt.is_session_answer IS NOT TRUE
            """
        )

    def _get_certificates(self):
        """Return the SQL of certificates, also those earned outside."""
        return SQL(
            """
            SELECT certificate.type_id, certificate.partner_id,
                   FALSE, FALSE, TRUE, TRUE,
                   certificate.date_issued, certificate.date_issued
              FROM partner_certification certificate
             WHERE certificate.revoked IS NOT TRUE
            """
        )
