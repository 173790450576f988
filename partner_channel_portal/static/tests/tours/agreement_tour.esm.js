import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* Draws a line in the field for signatures, as a pen does. */
function draw(canvas) {
    const box = canvas.getBoundingClientRect();
    const events = ["pointerdown", "pointermove", "pointermove", "pointerup"];
    events.forEach((name, number) => {
        canvas.dispatchEvent(
            new PointerEvent(name, {
                bubbles: true,
                cancelable: true,
                pointerId: 1,
                pointerType: "pen",
                isPrimary: true,
                buttons: name === "pointerup" ? 0 : 1,
                clientX: box.left + 20 + 30 * number,
                clientY: box.top + 20 + 10 * number,
            })
        );
    });
}

/* 1. From the home page to a signed agreement. */
tours.add("partner_channel_agreement_1_sign", {
    steps: () => [
        {
            content: "What to do next leads there",
            trigger: ".o_partner_channel_actions a[href^='/my/agreements/']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_partner_channel_terms:contains(keeps its word)"},
        {
            trigger: ".o_partner_channel_sign_form input[name=name]",
            run: "edit Olga O. Owner",
        },
        {trigger: "input[name=function]", run: "edit Managing Director"},
        {trigger: ".o_partner_channel_draw summary", run: "click"},
        {
            content: "The field is as wide as the page lets it be",
            trigger: ".o_partner_channel_draw[open] canvas",
            async run() {
                const canvas = this.anchor;
                for (let turn = 0; turn < 50 && canvas.width === 300; turn++) {
                    await new Promise((done) => setTimeout(done, 100));
                }
                draw(canvas);
            },
        },
        {trigger: "input[name=accept]", run: "check"},
        {
            trigger: ".o_partner_channel_sign",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_partner_channel_signed"},
        {trigger: "dd:contains(Olga O. Owner)"},
        {trigger: ".o_partner_channel_paper"},
    ],
});

/* 2. Another one is declined. */
tours.add("partner_channel_agreement_2_decline", {
    steps: () => [
        {
            trigger: "table a:contains(Other Terms)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_partner_channel_decline summary", run: "click"},
        {trigger: "textarea[name=reason]", run: "edit Too long"},
        {
            trigger: "button:contains(Decline the agreement)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".o_partner_channel_declined"},
    ],
});

/* 3. The vendor reads why. */
tours.add("partner_channel_agreement_3_vendor", {
    steps: () => [
        {
            trigger:
                ".alert-warning .o_field_widget[name=decline_reason]:contains(Too long)",
        },
        {trigger: ".o-mail-Activity:contains(Too long), .o_form_view"},
    ],
});
