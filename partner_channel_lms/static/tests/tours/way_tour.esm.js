import {registry} from "@web/core/registry";
import {takeExam} from "./exam_steps.esm";

// What a seller does who was put on a path by rule: from the path to the certificate.
registry.category("web_tour.tours").add("partner_channel_lms_way", {
    url: "/my/learning",
    steps: () => [
        {
            content: "The path is there, with what is next; begin",
            trigger:
                ".o_partner_channel_path:contains('First Steps') a.btn-primary:contains('Begin')",
            run: "click",
            expectUnloadPage: true,
        },
        ...takeExam,
        {
            content: "Passed",
            trigger: "h1:contains('You scored 100')",
            run() {
                window.location.href = "/my/learning";
            },
            expectUnloadPage: true,
        },
        {
            content: "The path is finished",
            trigger:
                ".o_partner_channel_path:contains('First Steps') .badge:contains('Done')",
            run() {
                window.location.href = "/my/certifications";
            },
            expectUnloadPage: true,
        },
        {
            content: "The certificate holds; open it",
            trigger:
                "tr:contains('Sales'):has(.badge:contains('Valid')) a:contains('Sales')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Show it to others",
            trigger: "button:contains('Share')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It has an address now, and a badge",
            trigger: "#wrap:has(#certificate_address) a:contains('For a wallet')",
        },
    ],
});
