import {headerButton, patiently, registerPayment} from "./steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* 1. Posting the invoice earns. */
tours.add("partner_channel_accountant_1_post", {
    steps: () =>
        patiently([
            ...headerButton("action_post"),
            {
                content: "It is posted",
                trigger: ".o_form_view:not(:has(button[name=action_post]))",
            },
            {
                isActive: ["desktop"],
                content: "And has written its entry",
                trigger:
                    "button[name=action_open_commission_entries] .o_stat_value:contains(1)",
            },
        ]),
});

/* 2. The customer pays a part, 3. and then the rest. */
tours.add("partner_channel_accountant_2_part", {
    steps: () =>
        patiently([
            ...registerPayment("400"),
            {content: "Partly paid", trigger: ".ribbon span:contains(Partial)"},
        ]),
});
tours.add("partner_channel_accountant_3_rest", {
    steps: () =>
        patiently([
            ...registerPayment(),
            {content: "Paid", trigger: ".ribbon span:contains(Paid)"},
        ]),
});

/* 4. An invoice that was paid is credited and the money returned. */
tours.add("partner_channel_accountant_4_credit", {
    steps: () =>
        patiently([
            ...headerButton("action_reverse", true),
            {
                trigger: ".modal .o_field_widget[name=reason] input",
                run: "edit Licences returned",
            },
            {trigger: ".modal button[name=refund_moves]", run: "click"},
            {
                content: "The credit note is open, as a draft",
                trigger: ".o_form_view button[name=action_post]:not(:disabled)",
                run: "click",
            },
            {trigger: ".o_form_view:not(:has(button[name=action_post]))"},
            ...registerPayment(),
            {trigger: ".ribbon span:contains(Paid)"},
        ]),
});

/* 5. The statements of the month, 6. and one is sent. */
tours.add("partner_channel_accountant_5_create", {
    url: "/odoo/commission-statements",
    steps: () =>
        patiently([
            {
                trigger: ".o_control_panel button:contains(Create Statements)",
                run: "click",
            },
            {
                content: "Up to today, not only to the end of last month",
                trigger: ".modal button.o_daterange_end",
                run: "click",
            },
            {
                trigger: ".modal input[data-field=date_to]",
                run: `edit ${luxon.DateTime.now().toFormat("MM/dd/yyyy")}`,
            },
            {
                content: "The dialog says how many there will be",
                trigger: ".modal .o_field_widget[name=statement_count]:contains(1)",
            },
            {trigger: ".modal button[name=action_create]", run: "click"},
            {
                content: "The statement stands there with its total",
                trigger:
                    ".o_data_row:contains(100.00), .o_kanban_record:contains(100.00), " +
                    ".o_form_view .o_field_widget[name=amount_total]:contains(100.00)",
            },
        ]),
});
tours.add("partner_channel_accountant_6_send", {
    steps: () =>
        patiently([
            ...headerButton("action_send"),
            {
                content: "It waits for the partner",
                trigger: ".o_form_view button[name=action_accept]",
            },
        ]),
});

/* 7. The channel manager answers the partner's objection. */
tours.add("partner_channel_accountant_7_answer", {
    steps: () =>
        patiently([
            {
                trigger: ".o_field_widget[name=answer_draft] textarea",
                run: "edit The first payment was 400, see your bank.",
            },
            ...headerButton("action_answer"),
            {
                trigger:
                    ".o_field_widget[name=answer]:contains(The first payment was 400)",
            },
        ]),
});

/* 8. What is not in dispute is billed and paid. */
tours.add("partner_channel_accountant_8_bill", {
    steps: () =>
        patiently([
            {
                content: "The statement says what is left out",
                trigger: ".alert:contains(40.00)",
            },
            ...headerButton("action_create_bill"),
            {
                content: "The bill is open",
                trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
            },
            ...headerButton("action_post"),
            ...registerPayment(),
            {trigger: ".ribbon span:contains(Paid)"},
        ]),
});

/* 9. The objection is refused, and the line gets a bill of its own. */
tours.add("partner_channel_accountant_9_refuse", {
    steps: () =>
        patiently([
            {
                trigger: ".o_field_widget[name=answer_draft] textarea",
                run: "edit Your bank has it on the 15th.",
            },
            ...headerButton("action_refuse", true),
            {
                content: "It is settled: nothing can be decided any more",
                trigger: ".o_field_widget[name=answer]:contains(15th)",
            },
        ]),
});
tours.add("partner_channel_accountant_10_rest_bill", {
    steps: () =>
        patiently([
            ...headerButton("action_bill_settled"),
            {trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]"},
            ...headerButton("action_post"),
            ...registerPayment(),
            {trigger: ".ribbon span:contains(Paid)"},
        ]),
});
