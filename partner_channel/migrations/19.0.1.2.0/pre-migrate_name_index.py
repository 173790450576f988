def migrate(cr, version):
    """Provide the operator class of the index on companies' names."""
    cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
