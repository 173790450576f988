import {patiently} from "./steps.esm";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/**
 * Puts a file into a file input, as if it had been chosen.
 *
 * @param {String} name of the file
 * @param {String} content of the file
 * @returns {Function} to be run on the input
 */
function chooseFile(name, content) {
    return function () {
        const files = new DataTransfer();
        files.items.add(new File([content], name));
        this.anchor.files = files.files;
    };
}

/**
 * Reads an export the page links to.
 *
 * @param {String} text that has to be in it
 * @returns {Function} to be run on the link
 */
function readExport(text) {
    return async function () {
        const answer = await fetch(this.anchor.href);
        const content = await answer.text();
        if (!answer.ok || !content.includes(text)) {
            throw new Error(`No ${text} in ${this.anchor.href}: ${content}`);
        }
    };
}

/* 1. What was earned and what is coming, where an amount comes from, an objection. */
tours.add("partner_channel_partner_1_object", {
    url: "/my/commissions",
    steps: () =>
        patiently([
            {trigger: ".o_partner_channel_earned:contains(150.00)"},
            {trigger: ".o_partner_channel_waiting:contains(50.00)"},
            {trigger: ".o_partner_channel_payable:contains(100.00)"},
            {
                content: "The chart is drawn",
                trigger: ".o_partner_channel_canvas canvas[height]",
            },
            {
                content: "And has a table behind it",
                trigger: ".o_partner_channel_figures summary",
                run: "click",
            },
            {trigger: ".o_partner_channel_figures tfoot:contains(150.00)"},
            {
                content: "All of it as a file",
                trigger: "a[href='/my/commissions/export']",
                run: readExport("End Customer"),
            },
            {
                content: "The terms, with an example",
                trigger: "a[href='/my/commissions/how']:first",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: "#example_amount", run: "edit 2500"},
            {trigger: "button:contains(Compute)", run: "click", expectUnloadPage: true},
            {trigger: ".o_partner_channel_guide td:contains(250.00)"},
            {
                trigger: ".breadcrumb a[href='/my/commissions']",
                run: "click",
                expectUnloadPage: true,
            },
            {
                content: "Where does this amount come from?",
                trigger: "tr:contains(40.00) .o_partner_channel_source summary",
                run: "click",
            },
            {
                trigger:
                    "tr:contains(40.00) .o_partner_channel_source a:contains(Every)",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".o_partner_channel_step_statement:contains(100.00)"},
            {trigger: ".o_partner_channel_step_plan:contains(Test Plan)"},
            {trigger: ".o_partner_channel_step_invoice:contains(End Customer)"},
            {trigger: ".o_partner_channel_step_payments:contains(400.00)"},
            {trigger: "#dispute_comment", run: "edit It should be 45"},
            {
                trigger: ".o_partner_channel_object button[type=submit]",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".o_partner_channel_dispute .badge:contains(Open)"},
            {trigger: ".o_partner_channel_dispute p:contains(It should be 45)"},
        ]),
});

/* 2. The rest is accepted, and the own invoice sent: at first a wrong one. */
tours.add("partner_channel_partner_2_accept", {
    url: "/my/statements",
    steps: () =>
        patiently([
            {
                trigger: "tr:has(.badge:contains(To accept)) a",
                run: "click",
                expectUnloadPage: true,
            },
            {
                content: "The line in dispute is marked",
                trigger: "tr:contains(In dispute):contains(40.00)",
            },
            {trigger: "a[href$='/export']", run: readExport("60.00")},
            {trigger: ".o_partner_channel_accept:first", run: "click"},
            {
                content: "The dialog says that the rest is paid",
                trigger: "#statement_accept.show .modal-body:contains(in dispute)",
            },
            {
                trigger: "#statement_accept .o_partner_channel_confirm",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".badge:contains(Accepted)"},
            {
                trigger: ".o_partner_channel_send_invoice",
                run: "click",
                expectUnloadPage: true,
            },
            {
                content: "It asks for what is to be paid now",
                trigger: "strong:contains(60.00)",
            },
            {trigger: "#invoice_number", run: "edit R-17"},
            {
                trigger: "#invoice_date",
                run() {
                    this.anchor.value = new Date().toISOString().slice(0, 10);
                },
            },
            {trigger: "#invoice_amount", run: "edit 99"},
            {trigger: "#invoice_file", run: chooseFile("invoice.txt", "sixty, please")},
            {
                trigger: ".o_partner_channel_invoice button[type=submit]",
                run: "click",
                expectUnloadPage: true,
            },
            {
                content: "Both mistakes are named",
                trigger: "#invoice_error_file",
            },
            {
                content: "What was typed is still there",
                trigger: "#invoice_number:value(R-17)",
            },
            {
                trigger: "#invoice_amount:value(99)",
                run: "edit 60",
            },
            {
                trigger: "#invoice_file",
                run: chooseFile(
                    "invoice.pdf",
                    "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
                ),
            },
            {
                trigger: ".o_partner_channel_invoice button[type=submit]",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".o_partner_channel_invoiced"},
            {trigger: ".badge:contains(Being paid)"},
        ]),
});

/* 3. It is paid; from now on the vendor may write the invoices. */
tours.add("partner_channel_partner_3_paid", {
    url: "/my/commissions",
    steps: () =>
        patiently([
            {trigger: ".o_partner_channel_paid:contains(60.00)"},
            {trigger: ".o_partner_channel_payable:contains(40.00)"},
            {
                content: "The line that was accepted is paid out",
                trigger: "tr:contains(60.00) .o_partner_channel_source summary",
                run: "click",
            },
            {
                trigger:
                    "tr:contains(60.00) .o_partner_channel_source a:contains(Every)",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".o_partner_channel_step_payout:contains(Paid)"},
            {
                trigger: ".breadcrumb a[href='/my/commissions']",
                run: "click",
                expectUnloadPage: true,
            },
            {
                trigger: "a[href='/my/commissions/self-billing']",
                run: "click",
                expectUnloadPage: true,
            },
            {
                trigger: "button[name=agree][value='1']",
                run: "click",
                expectUnloadPage: true,
            },
            {trigger: ".o_partner_channel_self_billing:contains(Self-billing since)"},
        ]),
});

/* 4. The next statement is billed by the vendor; the partner reads that bill. */
tours.add("partner_channel_partner_4_self_bill", {
    url: "/my/statements",
    steps: () =>
        patiently([
            {
                trigger: "tr:has(.badge:contains(Being paid)) a",
                run: "click",
                expectUnloadPage: true,
            },
            {
                content: "There is no invoice to send",
                trigger: "body:not(:has(.o_partner_channel_send_invoice))",
            },
            {trigger: "dd a[href^='/my/invoices/']"},
        ]),
});
