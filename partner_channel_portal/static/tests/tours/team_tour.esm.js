import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/* Opens the page of a colleague from the list. */
function openColleague(name) {
    return {
        trigger: `table a[href^='/my/team/']:contains(${name})`,
        run: "click",
        expectUnloadPage: true,
    };
}

/* 1. From the home page to a colleague who is invited. */
tours.add("partner_channel_team_1_invite", {
    steps: () => [
        {
            trigger: "#portal_channel_category a[href='/my/team']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[href='/my/team/invite']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "input[name=name]", run: "edit Nina New"},
        {trigger: "input[name=email]", run: "edit nina.new@alpha.example"},
        {trigger: "select[name=role]", run: "selectByLabel Viewer"},
        {
            trigger: "form button[type=submit]:contains(Send the invitation)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back on the list, with the colleague in it",
            trigger: ".o_partner_channel_invited",
        },
        openColleague("Nina New"),
        {trigger: "dd .badge:contains(Invited)"},
    ],
});

/* 2. Another role for one, no access any more for another. */
tours.add("partner_channel_team_2_change", {
    steps: () => [
        openColleague("Seller of"),
        {
            trigger: "#team_role",
            run: "selectByLabel Finance",
        },
        {
            trigger: "button:contains(Save the role)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains(The role is changed)"},
        {
            trigger:
                ".breadcrumb a[href='/my/team']:not(:visible), .breadcrumb a[href='/my/team']",
            run: () => {
                window.location = "/my/team";
            },
            expectUnloadPage: true,
        },
        openColleague("Seller2 of"),
        {
            trigger: "button:contains(Take the access away)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "dd .badge:contains(Deactivated)"},
        {trigger: "button:contains(Give the access back)"},
    ],
});

/* 3. The ownership goes to a colleague. */
tours.add("partner_channel_team_3_transfer", {
    steps: () => [
        openColleague("Finance of"),
        {
            trigger: "#team_own_role",
            run: "selectByLabel Viewer",
        },
        {
            trigger: "button:contains(Hand the ownership on)",
            run: "click",
            expectUnloadPage: true,
        },
        {content: "The team is another's now", trigger: ".o_portal_my_home"},
    ],
});

/* 4. The vendor sees the team and may give the ownership to somebody else. */
tours.add("partner_channel_team_4_vendor", {
    steps: () => [
        {
            trigger: ".oe_stat_button[name=action_open_team], .o_button_more",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_button_more:not(:has(+ .show))",
            run: "click",
        },
        {trigger: ".oe_stat_button[name=action_open_team]", run: "click"},
        {
            trigger:
                ".o_data_row:contains(Finance of), .o_kanban_record:contains(Finance of)",
        },
        {trigger: ".o_data_row:contains(Deactivated)"},
    ],
});
