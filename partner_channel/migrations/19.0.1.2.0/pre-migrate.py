"""Deadlines of decisions are working hours now, no longer days."""

_OLD_COLUMN = """
    SELECT 1 FROM information_schema.columns
     WHERE table_name = 'partner_program' AND column_name = 'decision_days'
"""


def migrate(cr, version):
    """Turn each program's days into hours of its company's working day.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    cr.execute(_OLD_COLUMN)
    if not cr.fetchone():
        return
    # Raw SQL: the registry does not know the old field any more.
    cr.execute(
        "ALTER TABLE partner_program "
        "ADD COLUMN IF NOT EXISTS decision_hours double precision"
    )
    cr.execute(
        """
        UPDATE partner_program program
           SET decision_hours = program.decision_days
                                * COALESCE(NULLIF(calendar.hours_per_day, 0), 8)
          FROM res_company company
     LEFT JOIN resource_calendar calendar
            ON calendar.id = company.resource_calendar_id
         WHERE company.id = program.company_id
           AND program.decision_hours IS NULL
        """
    )
