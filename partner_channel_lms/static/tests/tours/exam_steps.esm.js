// The course opens its exam in a new tab, which a tour cannot follow.
const stayInTab = {
    content: "Open the exam in this tab",
    trigger: "a[href*='get_certification_url']",
    run() {
        this.anchor.target = "_self";
    },
};

const rightAnswer = (question) => [
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

// From the page of the course to the last answer.
export const takeExam = [
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
];
