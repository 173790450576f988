from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..tools.application_form import PARSERS
from ..tools.form_values import get_text, visible

#: applications one address may begin in an hour
STARTS_PER_HOUR = 10
#: new visitors one address may count as in an hour: without cookies each request is one
VISITS_PER_HOUR = 60
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
        texts = {name: get_text(post, name) for name in PARSERS["start"]}
        if request.httprequest.method != "POST":
            return self._render_start(program, {}, {})
        refusal, status = self._check_person(post)
        if refusal:
            return self._render_start(program, texts, {"form": refusal}, status)
        application, errors = request.env["partner.application"]._portal_start(
            program, texts, self._get_visit(program)
        )
        if errors:
            return self._render_start(program, texts, errors)
        url = f"/partner-application/{application.access_token}"
        return request.redirect(url, code=303)

    def _check_person(self, post):
        """Return why an application is not begun, if it is not, and the status."""
        env = request.env
        throttle = env["partner.portal.throttle"]
        if not throttle._count_visitor("application_start", STARTS_PER_HOUR):
            return env._("Too many requests from your network: try again later."), 429
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
            "needed_fields": set(PARSERS["start"]),
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
        # sudo: nobody reads the funnel; the visitor's own row, known to the session
        funnel = request.env["partner.application.funnel"].sudo()
        # the vendor's own people are no visitors
        if request.env["ir.http"].is_a_bot() or request.env.user._is_internal():
            return funnel
        visits = dict(request.session.get(_VISITS) or {})
        row = funnel.browse(visits.get(str(program.id))).exists()
        throttle = request.env["partner.portal.throttle"]
        if not row and throttle._count_visitor("program_visit", VISITS_PER_HOUR):
            row = funnel._visit(program, request.cookies, request.env.lang)
            visits[str(program.id)] = row.id
            request.session[_VISITS] = visits
        return row
