import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("partner_channel_dashboard_tour", {
    steps: () => [
        {
            content: "the charts are drawn",
            trigger: ".o_partner_channel_dashboard canvas[role=img]",
        },
        {
            content: "the figures stand behind each",
            trigger: ".o_partner_channel_dashboard details:first summary",
            run: "click",
        },
        {
            content: "a figure leads to its partners",
            trigger: ".o_partner_channel_dashboard details[open] tbody a",
            run: "click",
        },
        {content: "the list is open", trigger: ".o_list_view .o_data_row"},
    ],
});
