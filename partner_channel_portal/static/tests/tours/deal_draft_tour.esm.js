import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

const NOT_SAVED = ".o_partner_channel_draft:contains(/^Not saved$/)";
const SAVED = ".o_partner_channel_draft:contains(/Draft saved \\d\\d:\\d\\d/)";

const {fetch} = browser;

/**
 * Nothing comes back from the server when a draft is kept.
 *
 * @param {Boolean} isLost whether it got there, and the answer was lost
 */
function disconnect(isLost) {
    browser.fetch = async (url, ...args) => {
        if (url !== "/my/deals/draft") {
            return fetch(url, ...args);
        }
        if (isLost) {
            await fetch(url, ...args);
        }
        throw new TypeError("Failed to fetch");
    };
}

function connect() {
    browser.fetch = fetch;
}

/* What is typed is kept without a button; the page loads again with it, and is sent. */
registry.category("web_tour.tours").add("partner_channel_deal_draft", {
    steps: () => [
        {trigger: "input[name=partner_name]", run: () => disconnect(false)},
        {trigger: "input[name=partner_name]", run: "edit Draft Customer Ltd"},
        {
            content: "What could not be kept is told",
            trigger: NOT_SAVED,
            run: connect,
        },
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
        {trigger: "input[name=contact_name]", run: () => disconnect(true)},
        {trigger: "input[name=contact_name]", run: "edit Jane Doe"},
        {
            content: "It was kept, and who typed does not know",
            trigger: NOT_SAVED,
            run: connect,
        },
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
