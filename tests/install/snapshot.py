"""What a database consists of, to be compared before and after."""

# Each statement returns names; what is not Odoo's data but its structure.
STRUCTURE = {
    "tables": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "columns": """SELECT table_name || '.' || column_name || ' ' || is_nullable
                    FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass || '.' || conname FROM pg_constraint
                       WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """SELECT proname FROM pg_proc
                     WHERE pronamespace = 'public'::regnamespace
                       AND oid NOT IN (
                           SELECT objid FROM pg_depend WHERE deptype = 'e')""",
    "parameters": "SELECT key FROM ir_config_parameter",
    "xmlids": "SELECT module || '.' || name FROM ir_model_data",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "selections": """SELECT field.model || '.' || field.name || '.' || value
                       FROM ir_model_fields_selection choice
                       JOIN ir_model_fields field ON field.id = choice.field_id""",
    "views": "SELECT name || ' ' || COALESCE(key, '') FROM ir_ui_view",
    "menus": "SELECT id::text FROM ir_ui_menu",
    "actions": "SELECT id::text FROM ir_actions",
    "rules": "SELECT name FROM ir_rule",
    "access": "SELECT name FROM ir_model_access",
    "groups": "SELECT id::text FROM res_groups",
    "privileges": "SELECT id::text FROM res_groups_privilege",
    "crons": "SELECT cron_name FROM ir_cron",
    "assets": "SELECT path FROM ir_asset",
    "activity types": "SELECT id::text FROM mail_activity_type",
    "mail templates": "SELECT id::text FROM mail_template",
    "message subtypes": "SELECT id::text FROM mail_message_subtype",
}
# Records that speak of a model that is no longer there.
ORPHANS = {
    "messages": "SELECT model FROM mail_message",
    "attachments": "SELECT res_model FROM ir_attachment",
    "followers": "SELECT res_model FROM mail_followers",
    "activities": "SELECT res_model FROM mail_activity",
    "filters": "SELECT model_id FROM ir_filters",
}


def take(cr):
    """Return {kind: set of names} of a database's structure."""
    return {kind: _read(cr, query) for kind, query in STRUCTURE.items()}


def compare(before, after):
    """Return {kind: what is more or less afterwards}, empty if nothing is."""
    changes = {}
    for kind, names in before.items():
        more = [f"+ {name}" for name in sorted(after[kind] - names)]
        less = [f"- {name}" for name in sorted(names - after[kind])]
        if more or less:
            changes[kind] = more + less
    return changes


def find_orphans(cr):
    """Return {kind: models that records name but that do not exist}."""
    models = _read(cr, STRUCTURE["models"])
    orphans = {kind: _read(cr, query) - models for kind, query in ORPHANS.items()}
    return {kind: sorted(names) for kind, names in orphans.items() if names}


def _read(cr, query):
    cr.execute(query)
    return {name for (name,) in cr.fetchall() if name}
