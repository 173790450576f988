import {registry} from "@web/core/registry";

/* A seller registers a deal: from the empty list, over a hint of a conflict, a
   mistake and its mending, to the page of the submitted deal. */
registry.category("web_tour.tours").add("partner_channel_register_deal", {
    url: "/my/home",
    steps: () => [
        {
            content: "The card of the deals is there although there are none",
            trigger: "a[href='/my/deals']:has(span:contains(0))",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The empty list says what to do",
            trigger: ".o_partner_channel_empty a[href='/my/deals/new']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Wait for the form",
            trigger: ".o_partner_channel_deal_form",
        },
        {
            trigger: "input[name=partner_name]",
            run: "edit Tour Customer GmbH",
        },
        {
            content: "A tax id another partner has registered",
            trigger: "input[name=customer_vat]",
            run: "edit DE 136695976",
        },
        {
            content: "The hint tells of a conflict",
            trigger:
                ".o_partner_channel_hint .alert-warning:contains(may be a conflict)",
        },
        {
            content: "Send, and stay on the page as it is left",
            trigger: ".o_partner_channel_deal_form",
            run() {
                this.anchor.addEventListener("submit", (ev) => ev.preventDefault(), {
                    once: true,
                });
                this.anchor.querySelector("button[value=submit]").click();
            },
        },
        {
            content: "It is on its way and cannot be sent twice",
            trigger: "button[value=submit].disabled",
            run() {
                // what the browser does when one comes "Back"
                window.dispatchEvent(
                    new PageTransitionEvent("pageshow", {persisted: true})
                );
            },
        },
        {
            content: "Back on the page, it can be sent",
            trigger: "button[value=submit]:not(.disabled)",
        },
        {
            trigger: "textarea[name=description]",
            run: "edit Ten licences",
        },
        {
            trigger: "input[name=expected_revenue]",
            run: "edit -1",
        },
        {
            trigger: "input[name=date_deadline]",
            run() {
                this.anchor.value = "2099-01-01";
            },
        },
        {
            content: "Submit with mistakes",
            trigger: "button[value=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The mistakes are marked and what was typed is kept",
            trigger: "#deal_date_deadline_error:contains(years ahead)",
        },
        {
            trigger: "#deal_expected_revenue_error:contains(more than zero)",
        },
        {
            trigger: "input[name=partner_name]:value(Tour Customer GmbH)",
        },
        {
            trigger: "input[name=expected_revenue]",
            run: "edit 4800",
        },
        {
            trigger: "input[name=date_deadline]",
            run() {
                const day = new Date(Date.now() + 60 * 24 * 3600 * 1000);
                this.anchor.value = day.toISOString().slice(0, 10);
            },
        },
        {
            trigger: "button[value=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The deal is submitted",
            trigger: ".o_partner_channel_saved:contains(submitted)",
        },
        {
            content: "The partner is told of the possible conflict at once",
            trigger: ".o_partner_channel_conflict",
        },
        {
            trigger: ".o_partner_channel_deal .badge:contains(Submitted)",
        },
        {
            content: "The next step says until when the vendor decides",
            trigger: ".o_partner_channel_next:contains(We decide by)",
        },
        {
            trigger: "ol.breadcrumb a[href='/my/deals']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The deal stands in the list",
            trigger: "td a:contains(Tour Customer GmbH)",
        },
    ],
});
