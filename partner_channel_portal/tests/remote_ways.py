"""How a hostile person asks for a record by remote calls."""


def get_ways(model, ids):
    """Return the ways to read a model by remote call: name → arguments."""
    name = model._rec_name or "display_name"
    stored = (f.name for f in model._fields.values() if f.store and f.name != "id")
    group = next(stored)
    return {
        "search": ([[]], {}),
        "search_count": ([[]], {}),
        "search_read": ([[], [name]], {}),
        "web_search_read": ([[], {name: {}}], {}),
        "name_search": ([], {}),
        "read": ([ids, [name]], {}),
        "web_read": ([ids, {name: {}}], {}),
        "web_name_search": (["", {"display_name": {}}], {}),
        "export_data": ([ids, [name]], {}),
        "read_group": ([[], ["id"], [group]], {}),
        "formatted_read_group": ([[], [group], ["__count"]], {}),
        "web_read_group": ([[], [group], ["__count"]], {}),
        "search_fetch": ([[], [name]], {}),
        "copy": ([ids], {}),
        "write": ([ids, {name: "x"}], {}),
        "unlink": ([ids], {}),
    }
