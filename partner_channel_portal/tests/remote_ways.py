"""How a hostile person asks for a record by remote calls."""

import json

from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.tools import mute_logger

#: what any caller may run without a record: no need to look at the answers
_HARMLESS = {"browse", "new", "search_read", "web_search_read"}
#: asks a service on the network
_OUTSIDE = {"iap_enrich"}


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


class RemoteWalkMixin:
    """Calls whatever method of a model a remote call may use, and takes it back."""

    def _try(self, model, method, args, kwargs=None, user=None):
        """Call a method as remote calls do; return its answer as text, or the error.

        :return: ``(answer, error)``
        """
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.env[model].with_user(user or self.rival).sudo(False)
        try:
            with (
                mute_logger("odoo.models", "odoo.addons.mail.models.mail_thread"),
                self.env.cr.savepoint(),
            ):
                answer = call_kw(records, method, list(args), dict(kwargs or {}))
                self.env.flush_all()
                self._look()
                raise _Undo(json.dumps(answer, default=str))
        except _Undo as undone:
            return str(undone), None
        except Exception as error:
            return "", error
        finally:
            self.env.invalidate_all()

    def _look(self):
        """Hook: see what a call did before it is taken back."""

    def _get_public_methods(self, model):
        """Return the names a remote call may use on a model."""
        names = []
        for name in dir(type(model)):
            if name.startswith("_") or name in _HARMLESS | _OUTSIDE:
                continue
            try:
                get_public_method(model, name)
            except (AccessError, AttributeError):
                continue
            names.append(name)
        return names


class _Undo(Exception):
    """Takes back what a call did, and carries its answer."""
