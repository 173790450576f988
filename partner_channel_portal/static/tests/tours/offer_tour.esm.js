import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const HIDDEN = /Qzx|Jane|Mustermann|secret[.]example|555 0199|Elm Street/;

/** Fails where the page says whose lead it is. */
function keepsSilent() {
    const found = document.documentElement.outerHTML.match(HIDDEN);
    if (found) {
        throw new Error(`The page says ${found[0]}`);
    }
}

/* 1. From the home page to an offer that is declined. */
tours.add("partner_channel_offer_1_decline", {
    steps: () => [
        {
            content: "What to do next leads there",
            trigger: ".o_partner_channel_actions a[href='/my/offers']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "table a:contains(Graz)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The time that is left runs",
            trigger: ".o_partner_channel_countdown:contains(left)",
            run: keepsSilent,
        },
        {trigger: ".o_partner_channel_decline summary", run: "click"},
        {trigger: "select[name=reason]", run: "select capacity"},
        {trigger: "textarea[name=note]", run: "edit No time this month"},
        {
            trigger: "button:contains(Decline the lead)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_partner_channel_declined", run: keepsSilent},
    ],
});

/* 2. The next partner accepts it, and sees whose it is. */
tours.add("partner_channel_offer_2_accept", {
    steps: () => [
        {
            trigger: ".o_partner_channel_actions a[href='/my/offers']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "table a:contains(Graz)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "dd:contains(Shown once you have accepted)", run: keepsSilent},
        {
            trigger: ".o_partner_channel_accept",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "address:contains(Qzx GmbH)"},
        {trigger: "address:contains(jane@secret.example)"},
        {trigger: "address:contains(+49 555 0199)"},
    ],
});

/* 3. A lead of the pool is claimed. */
tours.add("partner_channel_offer_3_claim", {
    steps: () => [
        {
            content: "Nothing says whose it is",
            trigger: ".o_partner_channel_pool li:contains(Linz)",
            run: keepsSilent,
        },
        {
            trigger: ".o_partner_channel_pool li:contains(Linz) button",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "address:contains(jane@secret.example)"},
    ],
});
