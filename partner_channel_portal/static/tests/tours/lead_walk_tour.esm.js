import {expectPage, goTo} from "./page_checks.esm";
import {registry} from "@web/core/registry";

/* The way of a lead: from the vendor's rule to the won opportunity, one tour a person
   and sitting. See tests/test_way_of_a_lead.py, which names the lead. */

const PATIENCE = 30000;
const SECRET = /Danube|Jana|Huber|danubemills|555 0199|Mill Lane/;
const FORM = "form.o_partner_channel_qualification";
const DAY = "2031-03-31";
/* Its name is the number of an action. */
const CONVERT = "button[data-hotkey=v]";

/** Fails where the page says whose lead it is, also where nobody sees it. */
function keepsSilent() {
    const found = document.documentElement.outerHTML.match(SECRET);
    if (found) {
        throw new Error(`The page says ${found[0]}`);
    }
}

const SILENT = {content: "Nothing says whose it is", trigger: "body", run: keepsSilent};

function addTour(name, steps) {
    registry.category("web_tour.tours").add(`partner_channel_lead_${name}`, {
        steps: () => steps().map((step) => ({timeout: PATIENCE, ...step})),
    });
}

/** A button of the form's header; on a phone it may hide behind the last one. */
function press(button, then) {
    return [
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button",
            run() {
                const bar = document.querySelector(".o_statusbar_buttons");
                if (!bar.querySelector(button)) {
                    bar.querySelector("button[title=More]").click();
                }
            },
        },
        {
            trigger: `:is(.o_statusbar_buttons, .o-dropdown--menu) ${button}:not(:disabled)`,
            run: "click",
        },
        {trigger: then},
    ];
}

/** On a phone the bar has come down to the present state. */
const state = (label) =>
    `.o_field_statusbar .o_arrow_button_current:contains(${label}), ` +
    `.o_field_statusbar .dropdown-toggle:contains(${label})`;

/** Opens the vendor's row of a question, answers in the dialog and closes it. */
function answer(question, steps) {
    return [
        {
            trigger: `[name=vendor_answer_ids] .o_data_row:contains(${question}) td[name=question], [name=vendor_answer_ids] .o_kanban_record:contains(${question})`,
            run: "click",
        },
        {trigger: `.modal h3:contains(${question})`},
        ...steps,
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
    ];
}

const tick = (label) => ({
    trigger: `.modal .o_field_widget[name=value_yesno] .o_radio_item:contains(${label}) input`,
    run: "click",
});

function choose(option) {
    return [
        {
            trigger: ".modal .o_field_widget[name=value_option_id] input",
            run: "click",
        },
        {
            trigger: `.o-autocomplete--dropdown-item:contains(${option}), .o_m2o_dialog .o_kanban_record:contains(${option}), .modal .o_data_row:contains(${option}), .modal .o_kanban_record:contains(${option})`,
            run: "click",
        },
        {
            trigger: `.modal .o_field_widget[name=value_option_id]:has(input:value(${option}))`,
        },
    ];
}

/** The input of a question in the partner's form. */
const input = (question, kind) =>
    `${FORM} .mb-3:has(label:contains(${question})) > ${kind}`;

function setDay() {
    this.anchor.value = DAY;
}

/* 1. The vendor lets the rules distribute the lead. */
addTour("1_distribute", () => [
    {trigger: ".o_form_view .o_field_widget[name=contact_name]"},
    ...press(
        "button[name=action_distribute]",
        "body:not(:has(button[name=action_distribute]))"
    ),
    {trigger: ".o_notebook .nav-link[name=distribution]", run: "click"},
    {trigger: ".o_field_widget[name=distribution_state]:contains(Offered)"},
    {trigger: ".o_field_widget[name=lead_rule_id]"},
]);

/* 2. The first partner reads what is offered, and declines with a reason. */
addTour("2_decline", () => [
    ...expectPage(".o_partner_channel_actions a[href='/my/offers']"),
    SILENT,
    ...goTo(
        ".o_partner_channel_actions a[href='/my/offers']",
        "table a:contains(Graz)"
    ),
    SILENT,
    ...goTo("table a:contains(Graz)", ".o_partner_channel_countdown:contains(left)"),
    {trigger: "dd:contains(Shown once you have accepted)", run: keepsSilent},
    {trigger: ".o_partner_channel_decline summary", run: "click"},
    {trigger: "select[name=reason]", run: "select capacity"},
    {trigger: "textarea[name=note]", run: "edit All our people are booked until May"},
    ...goTo("button:contains(Decline the lead)", ".o_partner_channel_declined"),
    SILENT,
]);

/* 3. The next one accepts, and the contacts appear. */
addTour("3_accept", () => [
    ...expectPage(".o_partner_channel_actions a[href='/my/offers']"),
    SILENT,
    ...goTo(
        ".o_partner_channel_actions a[href='/my/offers']",
        "table a:contains(Graz)"
    ),
    ...goTo("table a:contains(Graz)", "dd:contains(Shown once you have accepted)"),
    SILENT,
    {
        trigger: ".o_partner_channel_accept",
        run: "click",
        expectUnloadPage: true,
    },
    {trigger: "address:contains(Danube Mills GmbH)"},
    {trigger: "address:contains(Jana Huber)"},
    {trigger: "address:contains(jana@danubemills.example)"},
    {trigger: "address:contains(+43 316 555 0199)"},
    {trigger: ".o_partner_channel_assets a:contains(Planning for mills)"},
    {trigger: ".o_partner_channel_assets:not(:contains(Tills for shops))"},
    {
        content: "The long address stays on the page",
        trigger: "main",
        run() {
            const root = document.scrollingElement;
            if (root.scrollWidth > root.clientWidth) {
                throw new Error(`${root.scrollWidth} wide`);
            }
        },
    },
    {
        content: "Nothing names the partner that declined",
        trigger: "body",
        run() {
            if (document.body.textContent.includes("Northwind")) {
                throw new Error("The page names who had it before");
            }
        },
    },
]);

/* 4. It fills in the qualification and signs. */
addTour("4_sign", () => [
    ...goTo("main a:contains(Qualify the deal)", FORM),
    {trigger: input("the kind and size", "select"), run: "selectByLabel Exactly"},
    {trigger: input("named the need itself", "select"), run: "selectByLabel Yes"},
    {
        trigger: input("does nothing", "textarea"),
        run: "edit The mill stands still for a week at every change of the grain.",
    },
    {
        trigger: input("Budget of the customer", ".input-group input"),
        run: "edit 30,000",
    },
    {trigger: input("customer decide", ".input-group input"), run: setDay},
    {trigger: input("those who decide", "select"), run: "selectByLabel Most of them"},
    ...goTo("button[value=sign]", ".alert:contains(we have received it)"),
    {trigger: ".badge:contains(Qualified by the Partner)"},
]);

/* 5. The vendor returns it, with a remark on two of the answers. */
addTour("5_return", () => [
    {
        trigger:
            ".o_data_row:contains(Danube) td[name=lead_id], .o_kanban_record:contains(Danube)",
        run: "click",
    },
    {trigger: ".o_form_view .o_field_widget[name=vendor_answer_ids]"},
    ...answer("Budget of the customer", [
        {
            trigger: ".modal .o_field_widget[name=remark] textarea",
            run: "edit Is that for the licences alone, or with the work?",
        },
    ]),
    ...answer("those who decide", [
        {
            trigger: ".modal .o_field_widget[name=remark] textarea",
            run: "edit Who signs? Please find out.",
        },
    ]),
    ...press("button[name=action_return]", state("Returned")),
]);

/* 6. The partner mends what the remarks ask for, and signs again. */
addTour("6_mend", () => [
    ...expectPage(".o_partner_channel_actions a:contains(Correct qualifications)"),
    ...goTo(".o_partner_channel_actions a:contains(Correct qualifications)", FORM),
    {trigger: ".alert:contains(with the work?)"},
    {trigger: ".alert:contains(Who signs?)"},
    {
        trigger: input("Budget of the customer", ".input-group input"),
        run: "edit 24,000",
    },
    {trigger: input("those who decide", "select"), run: "selectByLabel All of them"},
    ...goTo("button[value=sign]", ".alert:contains(we have received it)"),
]);

/* 7. The vendor answers as well, qualifies it, and goes on with a step of its own. */
addTour("7_qualify", () => [
    {trigger: ".o_form_view .o_field_widget[name=vendor_answer_ids]"},
    ...answer("the kind and size", choose("In part")),
    ...answer("named the need itself", [tick("Yes")]),
    ...answer("Budget of the customer", [
        {
            trigger: ".modal .o_field_widget[name=value_amount] input",
            run: "edit 24000",
        },
    ]),
    ...answer("customer decide", [
        {
            trigger:
                ".modal .o_field_widget[name=value_date] button, .modal .o_field_widget[name=value_date] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=value_date] input",
            run: "edit 03/31/2031",
        },
    ]),
    ...answer("those who decide", choose("All of them")),
    ...press("button[name=action_qualify]", state("Qualified by the Vendor")),
    ...answer("spoken with the customer", [tick("Yes")]),
    ...answer("worth it", choose("Yes")),
    ...press("button[name=action_confirm]", state("Confirmed")),
]);

/* 8. It becomes an opportunity, and is won. */
addTour("8_win", () => [
    {trigger: ".o_form_view .o_field_widget[name=contact_name]"},
    {
        isActive: ["desktop"],
        trigger: "button[name=action_qualification] .o_stat_value:contains(Confirmed)",
    },
    ...press(CONVERT, ".modal button[name=action_apply]"),
    {trigger: ".modal button[name=action_apply]", run: "click"},
    {
        content: "The opportunity has stages; a lead has none",
        trigger: "body:not(:has(.modal)) .o_form_view [name=stage_id]",
    },
    ...press(
        "button[name=action_set_won_rainbowman]",
        ".o_widget_web_ribbon:contains(Won), .ribbon:contains(Won)"
    ),
]);

/* 9. The partner sees that it is won. */
addTour("9_see", () => [
    {trigger: "h4 .badge:contains(Won)"},
    {trigger: "p:contains(Jana Huber)"},
    {trigger: ".badge:contains(Confirmed)"},
    {trigger: "main:not(:has(.o_partner_channel_assets))"},
    ...goTo(
        "main a:contains(See the qualification)",
        ".o_partner_channel_scores:contains(Difference)"
    ),
]);
