"""Leads in numbers: rows written straight, nothing computed or checked."""

from odoo.tools import SQL


def copy_lead(lead, columns):
    """Copy the row of a lead, one copy for each of the values.

    :param lead: one ``crm.lead``
    :param dict columns: ``{column: (type of the database, values)}``, as many of each
    """
    lead.env.flush_all()
    names = [
        name
        for name, field in lead._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    lead.env.cr.execute(
        SQL(
            "INSERT INTO crm_lead (%s) SELECT %s FROM crm_lead template, UNNEST(%s)"
            " AS written (%s) WHERE template.id = %s",
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(
                SQL.identifier("written" if name in columns else "template", name)
                for name in names
            ),
            SQL(", ").join(
                SQL("%s::%s[]", values, SQL.identifier(kind))
                for kind, values in columns.values()
            ),
            SQL(", ").join(map(SQL.identifier, columns)),
            lead.id,
        )
    )
    lead.env.invalidate_all()
