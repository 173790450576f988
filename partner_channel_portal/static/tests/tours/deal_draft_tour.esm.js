import {registry} from "@web/core/registry";

const SAVED = ".o_partner_channel_draft:contains(/Draft saved \\d\\d:\\d\\d/)";

/* What is typed is kept without a button; the page loads again with it, and is sent. */
registry.category("web_tour.tours").add("partner_channel_deal_draft", {
    steps: () => [
        {trigger: "input[name=partner_name]", run: "edit Draft Customer Ltd"},
        {trigger: "input[name=website]", run: "edit www.draft.example"},
        {trigger: "textarea[name=description]", run: "edit Ten licences"},
        {
            content: "It is kept, and says when",
            trigger: SAVED,
            run() {
                if (!/\/my\/deals\/\d+\/edit$/.test(location.pathname)) {
                    throw new Error(`Not the address of a draft: ${location}`);
                }
                location.reload();
            },
            expectUnloadPage: true,
        },
        {
            content: "The page loads again with what was typed",
            trigger: "input[name=partner_name]:value(Draft Customer Ltd)",
        },
        {trigger: "textarea[name=description]:value(Ten licences)"},
        {trigger: ".o_partner_channel_more summary", run: "click"},
        {
            content: "What is wrong is not kept, and nothing breaks",
            trigger: "input[name=phone]",
            run: "edit call me",
        },
        {trigger: "input[name=expected_revenue]", run: "edit 500"},
        {trigger: SAVED},
        {trigger: "input[name=phone]", run: "clear"},
        {
            trigger: "input[name=date_deadline]",
            run() {
                const day = new Date(Date.now() + 60 * 24 * 3600 * 1000);
                this.anchor.value = day.toISOString().slice(0, 10);
            },
        },
        {trigger: "button[value=submit]", run: "click", expectUnloadPage: true},
        {trigger: ".o_partner_channel_saved:contains(submitted)"},
    ],
});
