from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..tools.application_form import NEEDED, list_fields
from ..tools.form_values import get_text, visible

#: applications one address may begin in an hour
STARTS_PER_HOUR = 10
#: the action the captcha is solved for
CAPTCHA = "partner_application"
#: a field people do not see: what fills it in is no person
TRAP = "company_fax"
_VISITS = "partner_channel_visits"


def _list_sitemap(env, rule, query):
    """Yield the addresses of the public pages."""
    programs = env["partner.program"]._find_public_programs()
    if programs and (not query or query.lower() in "/partner-programs"):
        yield {"loc": "/partner-programs"}
    for program in programs:
        if not query or query.lower() in program.website_url:
            yield {"loc": program.website_url}


class ProgramPage(Controller):
    """What anybody reads of a program, and the beginning of an application."""

    @route(
        "/partner-programs",
        type="http",
        auth="public",
        website=True,
        sitemap=_list_sitemap,
        readonly=True,
    )
    def partner_programs(self, **query):
        programs = request.env["partner.program"]._find_public_programs()
        values = {"programs": programs}
        return request.render("partner_channel_portal.program_list", values)

    @route(
        "/partner-programs/<string:slug>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def partner_program(self, slug, **query):
        program = self._get_program(slug)
        self._get_visit(program)
        tiers, benefits = program._get_public_tiers()
        values = {"program": program, "tiers": tiers, "benefits": benefits}
        return request.render("partner_channel_portal.program_page", values)

    @route(
        "/partner-programs/<string:slug>/apply",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def partner_program_apply(self, slug, **post):
        program = self._get_program(slug)
        if not program.accepts_applications:
            raise NotFound()
        if request.httprequest.method != "POST":
            return self._render_start(program, {}, {})
        texts = {name: get_text(post, name) for name in list_fields("start")}
        refusal, status = self._check_person(post)
        if refusal:
            return self._render_start(program, texts, {"form": refusal}, status)
        application, errors = request.env["partner.application"]._portal_start(
            program, texts, self._get_visit(program)
        )
        if errors:
            return self._render_start(program, texts, errors)
        return request.redirect(application._get_path(), code=303)

    def _check_person(self, post):
        """Return why an application is not begun, if it is not, and the status."""
        env = request.env
        throttle = env["partner.portal.throttle"]
        if not throttle._count_visitor("application_start", STARTS_PER_HOUR):
            return throttle._get_limit_message(), 429
        if post.get(TRAP):
            return env._("Please check the form and send it again."), 200
        try:
            env["ir.http"]._verify_request_recaptcha_token(CAPTCHA)
        except UserError as error:
            # also what is wrong with the captcha's answer: the form says so
            return str(error), 200
        return "", 200

    def _render_start(self, program, texts, errors, status=200):
        """Return the first page of the form."""
        values = {
            "program": program,
            "texts": {name: visible(text) for name, text in texts.items()},
            "errors": errors,
            "captcha": CAPTCHA,
            "trap": TRAP,
            "closed": {},
            "corrections": {},
            "needed_fields": set(NEEDED["start"]),
        }
        return request.render(
            "partner_channel_portal.application_start", values, status=status
        )

    def _get_program(self, slug):
        """Return the program of the address, or answer 404."""
        program = request.env["partner.program"]._find_public_program(slug)
        if not program:
            raise NotFound()
        return program

    def _get_visit(self, program):
        """Return the visitor's row of the funnel, one a session and program."""
        funnel, key = request.env["partner.application.funnel"], str(program.id)
        if request.env["ir.http"].is_a_bot():
            return funnel
        visits = request.session.get(_VISITS) or {}
        row = funnel._find_visit(
            program, visits.get(key), request.cookies, request.env.lang
        )
        if row and row.id != visits.get(key):
            request.session[_VISITS] = {**visits, key: row.id}
        return row
