import {registry} from "@web/core/registry";
import {takeExam} from "./exam_steps.esm";

registry.category("web_tour.tours").add("partner_channel_lms_exam", {
    url: "/my/certifications",
    steps: () => [
        {
            content: "Nothing earned yet: choose what to learn",
            trigger:
                ".o_partner_channel_offer:contains('Sales') a:contains('To the course')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Join the course",
            trigger:
                "a:contains('Join this Course'), button:contains('Join this Course')",
            run: "click",
            expectUnloadPage: true,
        },
        ...takeExam,
        {
            content: "Passed",
            trigger: "h1:contains('You scored 100')",
            run() {
                window.location.href = "/my/certifications";
            },
            expectUnloadPage: true,
        },
        {
            content: "The certificate is there and holds",
            trigger: "tr:contains('Sales') .badge:contains('Valid')",
        },
    ],
});
