"""The screens of the README about learning and certificates."""

from .page import (
    DESKTOP,
    MANAGER,
    OWNER,
    PORTAL,
    RIVAL,
    ROWS,
    SELLER,
    TRAINER,
    Page,
    has,
)

ACTION = "/odoo/action-partner_channel_lms."

# rows of a seminar: one that can be read, an unknown person, a day that is none
RESULTS = """person,course,date,score,result
owner@northwind.example,Sales seminar,2026-02-02,91,passed
somebody@northwind.example,Sales seminar,2026-02-02,78,passed
seller@northwind.example,Sales seminar,2 February,64,passed
seller@northwind.example,Unknown seminar,2026-02-02,64,passed
seller@northwind.example,Sales seminar,2026-02-02,64,perhaps
"""
# the wizard's own calls, with the file in hand
PREVIEW = f"""(async () => {{
    const {{orm, action}} = odoo.__WOWL_DEBUG__.root.env.services;
    const [provider] = await orm.search("lms.provider", [["kind", "=", "file"]]);
    const [id] = await orm.create("lms.result.import", [{{
        provider_id: provider, filename: "seminar.csv", file: btoa(`{RESULTS}`),
    }}]);
    const preview = await orm.call("lms.result.import", "action_preview", [[id]]);
    await action.doAction({{...preview, views: [[false, "form"]]}});
    for (let turn = 0; turn < 100; turn++) {{
        const row = ".modal .o_data_row, .modal .o_kanban_record";
        if (document.querySelector(row)) return;
        await new Promise((done) => setTimeout(done, 100));
    }}
    throw new Error("no preview");
}})()"""
# shares a certificate, unless it is, and goes where its address leads
SHOW_SHARED = """(async () => {
    let page = document;
    if (!page.querySelector("#certificate_address")) {
        const form = page.querySelector("#share form");
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.action, {method: "POST", body});
        page = new DOMParser().parseFromString(await answer.text(), "text/html");
    }
    document.body.dataset.leaving = "1";
    location = page.querySelector("#certificate_address").value;
})()"""
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
    Page(
        "certificates",
        TRAINER,
        f"{ACTION}partner_certification_action",
        ready=has(ROWS),
    ),
    Page(
        "learning-system",
        TRAINER,
        f"{ACTION}lms_provider_action/{{id}}",
        record=("lms.provider", ("kind", "=", "xapi")),
        ready=has(".o_form_view .o_statusbar_status"),
    ),
    Page(
        "learning-to-match", TRAINER, f"{ACTION}lms_statement_action", ready=has(ROWS)
    ),
    Page("learning-runs", TRAINER, f"{ACTION}lms_sync_log_action", ready=has(ROWS)),
    Page(
        "learning-import",
        TRAINER,
        f"{ACTION}lms_provider_action",
        ready=has(ROWS),
        script=PREVIEW,
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
    Page(
        "certificate-public",
        RIVAL,
        "/my/certifications/{id}",
        record=("partner.certification", ("partner_id.email", "=", RIVAL)),
        ready="document.querySelector('main') && !document.body.dataset.leaving",
        script=SHOW_SHARED,
    ),
)
