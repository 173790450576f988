import {registry} from "@web/core/registry";
import {rightAnswer, stayInTab} from "./exam_steps.esm";

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
        {
            content: "Open the exam of the course",
            trigger: ".o_wslides_js_slides_list_slide_link:contains('Exam')",
            run: "click",
            expectUnloadPage: true,
        },
        stayInTab,
        {
            content: "Begin the exam",
            trigger: "a[href*='get_certification_url'][target='_self']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Start",
            trigger: "button[type=submit][value=start]:not(.disabled)",
            run: "click",
        },
        ...rightAnswer("Question 1"),
        ...rightAnswer("Question 2"),
        {
            content: "Confirm",
            trigger: ".modal button.btn-primary:contains('Submit')",
            run: "click",
        },
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
