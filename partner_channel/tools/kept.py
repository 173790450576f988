"""Fields that limit: without what they name, they would limit nothing."""

#: What something is limited to is restricted and read archived as well: once it were
#: gone, what was meant for some would be for all.
KEPT = {"context": {"active_test": False}, "ondelete": "restrict"}
