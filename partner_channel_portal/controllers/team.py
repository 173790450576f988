from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..models.team_change_mixin import DEEDS
from ..models.team_portal_mixin import CHANGING
from ..tools.form_values import visible
from .portal_list import ListSpec

#: fields of the form of an invitation; whatever else comes is not read
_FIELDS = ("name", "email", "role")


class TeamPortal(Controller):
    """Pages of a partner's team: parse, ask the model, render."""

    # === LIST === #

    @route(
        ["/my/team", "/my/team/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_team(self, page=1, **query):
        Partner = self._get_team_model()
        values = self._get_list_spec().prepare(request.env, Domain.TRUE, page, **query)
        values["members"] = values["records"]._prepare_portal_rows()
        values["may_manage"] = Partner._has_team_right(CHANGING)
        values["is_invited"] = query.get("invited") == "1"
        return request.render("partner_channel_portal.team_list", values)

    def _get_list_spec(self):
        """Return the list of colleagues, in the reader's language."""
        env = request.env
        return ListSpec(
            model="partner.team.member",
            url="/my/team",
            page_name="team",
            sortings={
                "name": {"label": env._("Name"), "order": "name, id"},
                "role": {"label": env._("Role"), "order": "role_sequence, name, id"},
                "state": {"label": env._("State"), "order": "state, name, id"},
            },
            filters=self._get_list_filters(),
            inputs={
                "all": {"label": env._("Name or e-mail"), "fields": ["name", "email"]}
            },
        )

    def _get_list_filters(self):
        """Return which colleagues can be shown."""
        env = request.env
        state_field = env["partner.team.member"]._fields["state"]
        return {
            "all": {"label": env._("All"), "domain": Domain.TRUE},
            **{
                state: {"label": label, "domain": Domain("state", "=", state)}
                for state, label in state_field._description_selection(env)
            },
        }

    # === INVITATION === #

    @route(
        "/my/team/invite",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_team_invite(self, **post):
        Partner = self._get_team_model()
        typed = {name: post.get(name) or "" for name in _FIELDS}
        errors = {}
        if request.httprequest.method == "POST":
            errors = Partner._portal_invite_member(typed)
            if not errors:
                return request.redirect("/my/team?invited=1", code=303)
        elif not Partner._has_team_right(CHANGING):
            return request.redirect("/my/team")
        return self._render_invitation(typed, errors)

    def _render_invitation(self, typed, errors):
        """Show the form of an invitation, with what was typed and what is wrong."""
        values = {
            "texts": {name: visible(text) for name, text in typed.items()},
            "errors": errors,
            "roles": request.env["res.partner"]._get_offered_roles(),
            "page_name": "team_invite",
        }
        return request.render("partner_channel_portal.team_invite", values)

    # === COLLEAGUE === #

    @route(
        "/my/team/<int:member_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_team_member(self, member_id, **query):
        values = {"done": query.get("done") if query.get("done") in DEEDS else ""}
        return self._render_member(member_id, values)

    @route(
        f"/my/team/<int:member_id>/<any({','.join(DEEDS)}):deed>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_team_change(self, member_id, deed, **post):
        Partner = self._get_team_model()
        self._get_member(member_id)
        chosen = {"role": post.get("role")}
        error = Partner._portal_change_member(member_id, deed, chosen)
        if error:
            return self._render_member(member_id, {"error": error})
        if deed == "transfer" and not Partner._has_team_right():
            return request.redirect("/my/home", code=303)
        return request.redirect(f"/my/team/{member_id}?done={deed}", code=303)

    def _render_member(self, member_id, values):
        Partner = self._get_team_model()
        member = self._get_member(member_id)
        values = {
            "member": member._prepare_portal_page(),
            "may_manage": Partner._has_team_right(CHANGING),
            "roles": Partner._get_offered_roles(),
            "page_name": "team_member",
            "done": "",
            "error": "",
            **values,
        }
        return request.render("partner_channel_portal.team_member", values)

    # === ACCESS === #

    def _get_team_model(self):
        """Return where the rules of the team are, or answer 404."""
        Partner = request.env["res.partner"]
        if not Partner._has_team_right():
            raise NotFound()
        return Partner

    def _get_member(self, member_id):
        """Return the colleague of the URL, or answer 404 whoever's it is."""
        member = request.env["partner.team.member"]._find_portal_member(member_id)
        if not member:
            raise NotFound()
        return member
