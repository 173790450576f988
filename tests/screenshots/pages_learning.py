"""The screens of the README about learning and certificates."""

from .page import (
    DESKTOP,
    MANAGER,
    OWNER,
    PORTAL,
    ROWS,
    SELLER,
    TRAINER,
    Page,
    has,
)

ACTION = "/odoo/action-partner_channel_lms."
LEARNING = (
    Page("exam-proofs", TRAINER, f"{ACTION}partner_exam_proof_action", ready=has(ROWS)),
    Page(
        "learning-path",
        TRAINER,
        f"{ACTION}learning_path_action/{{id}}",
        record=("learning.path", ("active", "=", True)),
        ready=has(".o_form_view .o_data_row"),
        sizes=(DESKTOP,),
    ),
    Page(
        "certification-coverage",
        MANAGER,
        "/odoo/certification-coverage",
        ready=has(ROWS),
    ),
    Page(
        "training-funnel",
        MANAGER,
        "/odoo/training-funnel",
        ready=has(".o_graph_renderer canvas"),
        sizes=(DESKTOP,),
    ),
    Page(
        "certification-forecast",
        MANAGER,
        f"{ACTION}partner_certification_forecast_action",
        ready=has(ROWS),
    ),
    Page("portal-training-team", OWNER, "/my/training/team", ready=PORTAL),
    Page("portal-learning", SELLER, "/my/learning", ready=PORTAL),
    Page(
        "portal-certificate",
        OWNER,
        "/my/certifications/{id}",
        record=("partner.certification", ("partner_id.email", "=", OWNER)),
        ready=PORTAL,
    ),
)
