import {headerButton} from "./steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* 1. The partner's seller registers a deal. */
tours.add("partner_channel_way_1_register", {
    url: "/my/deals/new",
    steps: () => [
        {trigger: "input[name=partner_name]", run: "edit Way Customer Ltd"},
        {trigger: "input[name=website]", run: "edit www.waycustomer.example"},
        {trigger: ".o_partner_channel_more summary", run: "click"},
        {trigger: "input[name=contact_name]", run: "edit Ada Way"},
        {trigger: "textarea[name=description]", run: "edit A new system"},
        {trigger: "input[name=expected_revenue]", run: "edit 1000"},
        {
            trigger: "input[name=date_deadline]",
            run() {
                const day = new Date(Date.now() + 60 * 24 * 3600 * 1000);
                this.anchor.value = day.toISOString().slice(0, 10);
            },
        },
        {trigger: "button[value=submit]", run: "click", expectUnloadPage: true},
        {trigger: ".o_partner_channel_deal .badge:contains(Submitted)"},
    ],
});

/* 2. The channel manager finds it on the board and approves it. */
tours.add("partner_channel_way_2_approve", {
    url: "/odoo/registrations",
    steps: () => [
        {
            content: "The board shows the deal",
            trigger: ".o_kanban_record:contains(Way Customer Ltd)",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=partner_name]"},
        ...headerButton("action_registration_approve"),
        {
            content: "It is protected now and can be quoted",
            trigger: "button[name=action_sale_quotations_new]",
        },
        {trigger: ".o_field_widget[name=date_protection_end]"},
    ],
});

/* 3. The accountant posts the invoice and registers its payment. */
tours.add("partner_channel_way_3_invoice", {
    steps: () => [
        ...headerButton("action_post"),
        {
            isActive: ["desktop"],
            content: "Posting writes the entry that is accrued",
            trigger:
                "button[name=action_open_commission_entries] .o_stat_value:contains(1)",
        },
        ...headerButton("action_register_payment", true),
        {
            trigger: ".modal button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "The invoice is paid",
            trigger: ".ribbon span:contains(Paid)",
        },
        {
            isActive: ["desktop"],
            content: "Paying writes the entry that is payable",
            trigger:
                "button[name=action_open_commission_entries] .o_stat_value:contains(2)",
        },
    ],
});

/* 4. The partner sees what is earned and accepts the statement. */
tours.add("partner_channel_way_4_accept", {
    url: "/my/commissions",
    steps: () => [
        {
            content: "An entry opens to its source",
            trigger: ".o_partner_channel_source summary:first",
            run: "click",
        },
        {
            content: "It names the deal it comes from",
            trigger:
                ".o_partner_channel_source a[href^='/my/deals/']:contains(Way Customer)",
        },
        {
            content: "And the statement it is paid with",
            trigger: ".o_partner_channel_source a[href^='/my/statements/']:first",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_partner_channel_accept",
            run: "click",
        },
        {
            content: "The dialog asks once more, with the total",
            trigger: "#statement_accept.show .o_partner_channel_confirm",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".badge:contains(Accepted)"},
    ],
});

/* 5. The accountant makes the vendor bill of the statement and posts it. */
tours.add("partner_channel_way_5_bill", {
    steps: () => [
        ...headerButton("action_create_bill"),
        {
            content: "The bill is open",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]",
        },
    ],
});
