from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from odoo.addons.partner_channel.tools.documents import PAPER_TYPES
from odoo.addons.partner_channel_portal.tools.form_values import get_text, visible
from odoo.addons.partner_channel_portal.tools.upload import read_uploads

#: fields of the form; whatever else comes is not read
_FIELDS = ("type", "exam_date", "reference")


class ExamProofPortal(Controller):
    """The proof of an exam passed elsewhere: handed in, and taken back."""

    @route(
        "/my/certifications/proof",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_exam_proof(self, **post):
        proofs = request.env["partner.exam.proof"]
        if not proofs._may_portal_prove():
            raise NotFound()
        typed = {name: get_text(post, name) for name in _FIELDS}
        errors = {}
        if request.httprequest.method == "POST":
            files = read_uploads(request.httprequest.files.getlist("files"))
            errors = proofs._portal_submit_proof({**typed, "files": files})
            if not errors:
                return request.redirect("/my/certifications?proof=sent", code=303)
        values = {
            "texts": {name: visible(text) for name, text in typed.items()},
            "errors": errors,
            "kinds": proofs._get_portal_proof_types(),
            "accept": ",".join(f".{extension}" for extension in PAPER_TYPES.values()),
            "lost_files": bool(errors),
            "page_name": "exam_proof",
        }
        return request.render("partner_channel_lms.exam_proof_form", values)

    @route(
        "/my/certifications/proof/<int:proof_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_exam_proof_withdraw(self, proof_id, **post):
        problem = request.env["partner.exam.proof"]._portal_withdraw_proof(proof_id)
        done = "late" if problem else "withdrawn"
        return request.redirect(f"/my/certifications?proof={done}", code=303)
