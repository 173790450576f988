from collections import namedtuple

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..models.application_answer_mixin import MAX_APPLICATION_FILES
from ..tools.application_form import MAX_COLLEAGUES
from ..tools.form_values import get_text, visible
from ..tools.upload import ALLOWED_TYPES, read_uploads

#: forms one address may send in an hour
POSTS_PER_HOUR = 300
_URL = "/partner-application/<string:token>"
_MODEL = "partner.application"
#: a choice, as the form's template reads records
Option = namedtuple("Option", "id display_name")


class ApplicationPortal(Controller):
    """Pages of an applicant: whoever has the link is the applicant."""

    # === STATUS === #

    @route(_URL, type="http", auth="public", website=True, sitemap=False)
    def application_status(self, token, **query):
        application = self._get_application(token)
        return self._render_status(application, query.get("done"))

    @route(
        "/partner-application/confirm/<string:token>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def application_confirm(self, token, **post):
        # a button, as programs that look at e-mails open every link in them
        application = request.env[_MODEL]._find_to_confirm(token)
        if application and request.httprequest.method == "POST":
            application._confirm_email()
            return self._go(application, "?done=confirmed")
        values = {"application": application}
        template = "partner_channel_portal.application_confirm"
        return self._answer(template, values, 200 if application else 410)

    # === FORM === #

    @route(
        f"{_URL}/<string:step>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def application_step(self, token, step, **post):
        application = self._get_application(token, step)
        if not application._can_edit():
            return self._go(application)
        if request.httprequest.method != "POST":
            texts = application._get_step_texts(step)
            return self._render_step(application, step, texts, {})
        texts = self._read_texts(application, step, post)
        if not self._is_allowed():
            errors = self._get_limit_errors()
            return self._render_step(application, step, texts, errors, 429)
        errors, following = application._portal_send_step(step, texts)
        if errors:
            return self._render_step(application, step, texts, errors)
        return self._go(application, f"/{following}" if following else "?done=sent")

    @route(
        f"{_URL}/resend",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def application_resend(self, token, **post):
        application = self._get_application(token)
        if application.state == "draft":
            if not self._is_allowed():
                errors = self._get_limit_errors()
                return self._render_status(application, None, {}, errors, 429)
            application._renew_confirmation()
        return self._go(application, "?done=resent")

    @route(
        f"{_URL}/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def application_answer(self, token, **post):
        application = self._get_application(token)
        texts = {"answer": get_text(post, "answer")}
        if not self._is_allowed():
            errors = self._get_limit_errors()
            return self._render_status(application, None, texts, errors, 429)
        errors = application._portal_answer(texts)
        if errors:
            return self._render_status(application, None, texts, errors)
        return self._go(application, "?done=sent")

    @route(
        f"{_URL}/withdraw",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def application_withdraw(self, token, **post):
        application = self._get_application(token)
        if application._can_withdraw():
            application._withdraw_application()
        return self._go(application)

    # === READING === #

    def _get_application(self, token, step=None):
        """Return the application of the link, or answer 404.

        :param str step: of the form, if the page is one
        """
        application = request.env[_MODEL]._find_by_token(token)
        if not application or (step and step not in application._get_steps()):
            raise NotFound()
        return application

    def _is_allowed(self):
        throttle = request.env["partner.portal.throttle"]
        return throttle._count_visitor("application_form", POSTS_PER_HOUR)

    def _read_texts(self, application, step, post):
        """Return the step's own fields out of what was sent."""
        names = application._get_step_fields(step)
        texts = {name: get_text(post, name) for name in names}
        if step == "files":
            form, files = request.httprequest.form, request.httprequest.files
            texts["remove_files"] = form.getlist("remove_files")[:MAX_APPLICATION_FILES]
            texts["files"] = read_uploads(files.getlist("files"))
        return texts

    def _list_options(self, records, name):
        """Return the choices of a selection field, as those of a list of records."""
        choices = records._fields[name]._description_selection(request.env)
        return [Option(*choice) for choice in choices]

    # === ANSWERING === #

    def _go(self, application, target=""):
        return request.redirect(f"{application._get_path()}{target}", code=303)

    def _render_status(self, application, done, texts=None, errors=None, status=200):
        values = {
            "application": application,
            "done": done if isinstance(done, str) else "",
            "texts": {n: visible(text) for n, text in (texts or {}).items()},
            "errors": errors or {},
        }
        template = "partner_channel_portal.application_status"
        return self._answer(template, values, status)

    def _get_limit_errors(self):
        return {"form": request.env["partner.portal.throttle"]._get_limit_message()}

    def _render_step(self, application, step, texts, errors, status=200):
        """Return a step of the form, with what was typed and what is wrong with it."""
        steps = application._get_steps()
        names = application._get_step_fields(step)
        values = {
            "application": application,
            "step": step,
            "steps": steps,
            "titles": application._get_step_titles(),
            "previous": steps[steps.index(step) - 1] if step != steps[0] else "",
            "texts": {name: visible(texts.get(name)) for name in names},
            "errors": errors,
            "needed_fields": application._get_needed(step),
            "closed": {},
            "corrections": {},
            "countries": application._get_countries() if step == "company" else (),
            "sizes": self._list_options(application, "employees"),
            "yes_no": self._list_options(application.answer_ids, "is_yes"),
            "colleagues": range(1, MAX_COLLEAGUES + 1),
            "accept": ",".join(f".{extension}" for extension in ALLOWED_TYPES),
            "lost_files": bool(errors and texts.get("files")),
        }
        template = "partner_channel_portal.application_form"
        return self._answer(template, values, status)

    def _answer(self, template, values, status=200):
        """Render a page that only the applicant has the link of.

        The link is in the address: no cache keeps the page, and no other site is told
        where a visitor came from.
        """
        headers = {
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Robots-Tag": "noindex",
        }
        return request.render(template, values, status=status, headers=headers)
