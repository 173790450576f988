// The course opens its exam in a new tab, which a tour cannot follow.
export const stayInTab = {
    content: "Open the exam in this tab",
    trigger: "a[href*='get_certification_url']",
    run() {
        this.anchor.target = "_self";
    },
};

export const rightAnswer = (question) => [
    {
        content: `Answer ${question} right`,
        trigger: `.js_question-wrapper:contains('${question}') label:contains('Right')`,
        run: "click",
    },
    {
        content: "Next",
        trigger: ".o_survey_form_content button[type=submit]:not(.disabled)",
        run: "click",
    },
];
