"""What a person meets behind the menus: every view read as that person."""

import ast

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tools.safe_eval import datetime, safe_eval

#: views whose records are read as the browser reads them
_RECORDS = ("list", "kanban", "form", "activity")
#: rows of a list
_LIMIT = 80
_GROUPING = ("graph", "pivot")


class MenuWalk:
    """Opens what is behind the menus of an app, without a browser.

    :param env: environment of the person who looks
    :param str root: XML id of the app's menu
    """

    def __init__(self, env, root):
        self.env = env
        self.root = env.ref(root).id
        #: what was opened: ``(menu, view type)``
        self.opened = []

    def get_actions(self):
        """Return ``[(menu's path, action)]`` of the windows the person may open."""
        menus = self.env["ir.ui.menu"].load_menus(False)
        return [
            (path, action)
            for path, action in self._collect(menus, self.root, "")
            if action._name == "ir.actions.act_window"
        ]

    def _collect(self, menus, menu_id, path):
        menu = menus.get(menu_id)
        if not menu:
            return
        path = f"{path}/{menu['name']}"
        if menu.get("action_id") and not menu["children"]:
            # sudo: the browser reads actions by /web/action/load, which does as well
            action = self.env[menu["action_model"]].sudo().browse(menu["action_id"])
            yield path, action
        for child in menu["children"]:
            yield from self._collect(menus, child, path)

    def open(self, path, action):
        """Open an action: each view, its records, its filters and groups.

        :param str path: of the menu
        :param action: ``ir.actions.act_window``
        """
        context = self._evaluate(action.context or "{}")
        model = self.env[action.res_model].with_context(**context)
        domain = self._evaluate(action.domain or "[]")
        views = [(view_id, kind) for view_id, kind in action.views]
        views.append((action.search_view_id.id, "search"))
        got = model.get_views(views, {"toolbar": True, "load_filters": True})
        for kind, view in got["views"].items():
            arch = etree.fromstring(view["arch"])
            open_view = getattr(self, f"_open_{kind}", None)
            if kind in _RECORDS:
                self._open_records(kind, model, domain, arch)
            elif open_view:
                open_view(model, domain, arch)
            self.opened.append((path, kind))

    def _open_records(self, kind, model, domain, arch):
        wanted = _get_specification(arch)
        model.web_search_read(domain, wanted, limit=_LIMIT)
        may_create = arch.get("create", "1").lower() not in ("0", "false")
        if kind == "form" and may_create and model.has_access("create"):
            model.onchange({}, [], wanted)

    def _open_pivot(self, model, domain, arch):
        fields = [node for node in arch.findall("field") if node.get("name")]
        groups = [
            _get_group(model, node.get("name"), node.get("interval"))
            for node in fields
            if node.get("type") != "measure"
        ]
        measures = [
            f"{node.get('name')}:{model._fields[node.get('name')].aggregator or 'sum'}"
            for node in fields
            if node.get("type") == "measure"
        ]
        model.formatted_read_group(domain, groups, ["__count", *measures])

    _open_graph = _open_pivot

    def _open_search(self, model, domain, arch):
        refused = {}
        for node in arch.iter("filter"):
            try:
                self._use_filter(model, domain, node)
            except AccessError as error:
                refused[node.get("name")] = str(error)
        if refused:
            raise AccessError(f"Filters of {model._name}: {refused}")
        self._check_defaults(model, arch)

    def _use_filter(self, model, domain, node):
        context = self._evaluate(node.get("context") or "{}")
        if node.get("domain"):
            model.search_count([*domain, *self._evaluate(node.get("domain"))])
        if node.get("date"):
            model.formatted_read_group(domain, [f"{node.get('date')}:month"])
        if context.get("group_by"):
            group = _get_group(model, context["group_by"])
            model.formatted_read_group(domain, [group])

    def _check_defaults(self, model, arch):
        """Refuse an action that switches on what its search view does not have."""
        known = {
            node.get("name") for tag in ("filter", "field") for node in arch.iter(tag)
        }
        wanted = {
            key.removeprefix("search_default_")
            for key in model.env.context
            if key.startswith("search_default_")
        }
        if wanted - known:
            raise LookupError(f"No filter {wanted - known} in {model._name}")

    def _evaluate(self, text):
        """Evaluate what the browser would: a context or a domain."""
        known = {
            "uid": self.env.uid,
            "allowed_company_ids": self.env.companies.ids,
            "context_today": datetime.datetime.today,
            "active_id": False,
            "active_ids": [],
            "datetime": datetime,
        }
        return safe_eval(text, known)


def _get_group(model, name, interval=None):
    """Return what the browser groups by: dates by the month if nothing is said."""
    if ":" in name or model._fields[name].type not in ("date", "datetime"):
        return name
    return f"{name}:{interval or 'month'}"


def _get_specification(arch):
    """Return the fields of a view as the browser asks for them.

    :param arch: root element of a form, list or kanban view
    """
    wanted = {}
    for node in arch.iterchildren(etree.Element):
        if node.tag == "field":
            wanted[node.get("name")] = _get_field(node)
        else:
            wanted.update(_get_specification(node))
    return wanted


def _get_field(node):
    inner = [child for child in node if child.tag in ("list", "kanban", "form")]
    if inner:
        return {"fields": _get_specification(inner[0])}
    if node.get("options") and "color_field" in node.get("options"):
        options = ast.literal_eval(node.get("options"))
        return {"fields": {"display_name": {}, options["color_field"]: {}}}
    return {}
