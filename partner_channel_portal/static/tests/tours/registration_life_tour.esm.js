import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* A button of a form's header: on a phone all but the first hide behind the last
   one. */
function headerButton(trigger) {
    return [
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {trigger, run: "click"},
    ];
}

/* 1. The seller reports on a protected deal and asks for more time. */
tours.add("partner_channel_life_1_more_time", {
    steps: () => [
        {
            trigger: "a[href$='/update']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "textarea[name=text]",
            run: "edit Demo held, the board decides in March",
        },
        {
            trigger: "form button[type=submit]:contains(Send)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back on the deal, with thanks",
            trigger: ".alert-success:contains(received)",
        },
        {
            trigger: "a[href$='/extension']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The page says what an extension brings",
            trigger: "p:contains(An extension adds)",
        },
        {
            trigger: "textarea[name=proof]",
            run: "edit Second workshop held",
        },
        {
            trigger: "form button[type=submit]:contains(Send)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The deal says that it is being decided",
            trigger: ".o_partner_channel_extension:contains(We decide on your request)",
        },
    ],
});

/* 2. The channel manager finds the request on the deal and grants it. */
tours.add("partner_channel_life_2_grant", {
    steps: () => [
        {
            content: "The deal tells that the partner waits",
            trigger: "button[name=action_open_extension]",
            run: "click",
        },
        {
            content: "The request says what was done",
            trigger: ".o_field_widget[name=proof]:contains(Second workshop held)",
        },
        {trigger: "button[name=action_grant]", run: "click"},
        {
            trigger: ".o_field_widget[name=date_end_after]:not(:empty)",
        },
    ],
});

/* 3. The deal goes to another partner. */
tours.add("partner_channel_life_3_hand_over", {
    steps: () => [
        ...headerButton("button:contains(Hand to Another Partner)"),
        {
            isActive: ["desktop"],
            trigger: ".modal .o_field_widget[name=membership_id] input",
            run: "edit Beta",
        },
        {
            isActive: ["desktop"],
            trigger: ".o-autocomplete--dropdown-item:contains(Beta Partner)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            content: "On a phone the partners open in a window of their own",
            trigger: ".modal .o_field_widget[name=membership_id] input",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_kanban_record:contains(Beta Partner)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The customer asked for it",
        },
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            content: "Back on the board",
            trigger: ".o_kanban_view, .o_list_view",
        },
    ],
});

/* 4. A decision is taken back. */
tours.add("partner_channel_life_4_revert", {
    steps: () => [
        ...headerButton("button:contains(Revert the Decision)"),
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The customer was another one",
        },
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {
            content: "It is to be decided again",
            trigger: "button[name=action_registration_approve]",
        },
    ],
});

/* 5. The log is checked. */
tours.add("partner_channel_life_5_verify", {
    steps: () => [
        {trigger: "button[name=action_check]", run: "click"},
        {
            content: "The log is whole",
            trigger: ".alert-success:contains(The log is whole)",
        },
    ],
});
