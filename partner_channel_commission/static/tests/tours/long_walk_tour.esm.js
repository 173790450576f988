import {expectPage, goTo} from "@partner_channel_portal/../tests/tours/page_checks.esm";
import {patiently} from "./steps.esm";
import {registry} from "@web/core/registry";

/* From the first visit to the paid bill, one tour a person and sitting. Each is there
   once a language: a page in another one is not the page that is looked for. */

const SUBMIT = "main form[method=POST] button[type=submit].btn-primary";
const STEP = "form.o_partner_channel_application_form";
const WORDS = {
    en: {
        accepted: "you accepted this statement",
        apply: "Become a partner",
        confirmed: "Your e-mail is confirmed.",
        decide: "and decide by",
        earned: "Earned",
        invited: "The invitation is on its way.",
        paid: "Paid",
        received: "We have received it.",
        returned: "Return",
        sales: "Quotations and invoices",
        seller: "Seller",
        sent: "the deal was submitted",
        start: "Protect the deals you are working on",
        state: "Submitted",
        team: "Team",
        tiers: "Tiers and benefits",
        won: "Won",
    },
    ru: {
        accepted: "вы приняли этот отчёт",
        apply: "Стать партнёром",
        confirmed: "Ваша электронная почта подтверждена.",
        decide: "и примем решение до",
        earned: "Начислено",
        invited: "Приглашение отправляется.",
        paid: "Выплачено",
        received: "Заявка получена.",
        returned: "Вернуть",
        sales: "Предложения и счета",
        seller: "Продавец",
        sent: "сделка отправлена",
        start: "Защитите сделки, над которыми работаете",
        state: "Отправлено",
        team: "Команда",
        tiers: "Уровни и привилегии",
        won: "Выиграно",
    },
};

/**
 * Adds a tour in each language.
 *
 * @param {String} name of the tour, the language's code is added
 * @param {Function} getSteps called with the words and what finds pages in the language
 */
function addTour(name, getSteps) {
    for (const [code, words] of Object.entries(WORDS)) {
        const inLanguage = (trigger) => `html[lang^='${code}'] ${trigger}`;
        const see = (trigger) => expectPage(inLanguage(trigger));
        const go = (trigger, next) => goTo(trigger, inLanguage(next));
        registry
            .category("web_tour.tours")
            .add(`partner_channel_walk_${name}_${code}`, {
                steps: () => patiently(getSteps(words, see, go)),
            });
    }
}

/**
 * Chooses a password: the login, as tests log in with it.
 *
 * @param {String} password
 * @returns {Array} steps
 */
function choosePassword(password) {
    return [
        {trigger: "input[name=password]", run: `edit ${password}`},
        {trigger: "input[name=confirm_password]", run: `edit ${password}`},
        {
            trigger: "form[data-captcha] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
    ];
}

/* 1. A visitor reads about the program and fills in the form. */
addTour("1_apply", (words, see, go) => [
    ...see(`h2:contains(${words.tiers})`),
    ...go("main a[href$='/apply']:first", `h1:contains(${words.apply})`),
    {trigger: "input[name=contact_name]", run: "edit Olga Owner"},
    ...go(`${STEP} button[type=submit]`, "#deal_email_error"),
    {trigger: "input[name=email]", run: "edit olga@tour-systems.example"},
    ...go(`${STEP} button[type=submit]`, ".o_partner_channel_next_text"),
    ...go("main a.btn-primary[href$='/company']", "input[name=name]"),
    {trigger: "input[name=name]", run: "edit Tour Systems GmbH"},
    {trigger: "select[name=country_id]", run: "selectByLabel Germany"},
    {trigger: "input[name=vat]", run: "edit DE136695976"},
    ...go(`${STEP} button[type=submit]`, "input[name=function]"),
    ...go(`${STEP} button[type=submit]`, "select[name=employees]"),
    {trigger: "select[name=employees]", run: "select 10-49"},
    {trigger: "textarea[name=profile]", run: "edit We sell."},
    ...go(`${STEP} button[type=submit]`, "select[name^=criterion]"),
    {trigger: "select[name^=criterion]", run: "select yes"},
    ...go(`${STEP} button[type=submit]`, "input[name=files]"),
    ...go(`${STEP} button[type=submit]`, "input[name=terms]"),
]);

/* 2. The link in the e-mail, and the form is sent. */
addTour("2_confirm", (words, see, go) => [
    ...see(".o_partner_channel_confirm"),
    ...go(".o_partner_channel_confirm", `.alert:contains(${words.confirmed})`),
    ...go("main a.btn-primary[href$='/check']", "input[name=terms]"),
    {trigger: "input[name=terms]", run: "check"},
    ...go(
        `${STEP} button[type=submit]`,
        `.o_partner_channel_sent:contains(${words.received})`
    ),
    {trigger: `.o_partner_channel_next_text:contains(${words.decide})`},
]);

/* 3. (The vendor accepts: partner_channel_apply_3_accept.)
   4. The applicant becomes the owner and invites a colleague. */
addTour("4_join", (words, see, go) => [
    ...choosePassword("olga@tour-systems.example"),
    ...see("#portal_channel_category a[href$='/my/team']"),
    ...go(
        "#portal_channel_category a[href$='/my/team']",
        `.breadcrumb-item.active:contains(${words.team})`
    ),
    ...go("main a[href$='/my/team/invite']", "input[name=email]"),
    {trigger: "input[name=name]", run: "edit Sonja Selling"},
    {trigger: "input[name=email]", run: "edit sonja@tour-systems.example"},
    {trigger: "select[name=role]", run: `selectByLabel ${words.seller}`},
    ...go(SUBMIT, `.o_partner_channel_invited:contains(${words.invited})`),
]);

/* 5. The colleague registers a deal. */
addTour("5_register", (words, see, go) => [
    ...choosePassword("sonja@tour-systems.example"),
    ...see("#portal_channel_category a[href$='/my/deals']"),
    ...go(
        "#portal_channel_category a[href$='/my/deals']",
        `.o_partner_channel_empty h3:contains(${words.start})`
    ),
    ...go(
        ".o_partner_channel_empty a[href$='/my/deals/new']",
        ".o_partner_channel_deal_form"
    ),
    {trigger: "input[name=partner_name]", run: "edit Way Customer Ltd"},
    {trigger: "input[name=website]", run: "edit www.waycustomer.example"},
    {trigger: "textarea[name=description]", run: "edit A new system"},
    {trigger: "input[name=expected_revenue]", run: "edit 900"},
    {
        trigger: "input[name=date_deadline]",
        run() {
            const day = new Date(Date.now() + 60 * 24 * 3600 * 1000);
            this.anchor.value = day.toISOString().slice(0, 10);
        },
    },
    ...go("button[value=submit]", `.o_partner_channel_saved:contains(${words.sent})`),
    {trigger: `.o_partner_channel_deal .badge:contains(${words.state})`},
]);

/* 6. The vendor returns it with a remark. */
addTour("6_return", (words) => [
    {
        isActive: ["mobile"],
        trigger: ".o_statusbar_buttons button:has(.oi-ellipsis-v)",
        run: "click",
    },
    {
        trigger:
            `.o_statusbar_buttons button:contains(${words.returned}), ` +
            `.o-dropdown--menu button:contains(${words.returned})`,
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=remark] textarea",
        run: "edit 1000 or 900",
    },
    {trigger: ".modal button[name=action_apply]", run: "click"},
    {trigger: "body:not(:has(.modal))"},
]);

/* 7. The seller corrects it and sends it again. */
addTour("7_correct", (words, see, go) => [
    ...see(".o_partner_channel_actions a[href*='filterby=returned']"),
    ...go(
        ".o_partner_channel_actions a[href*='filterby=returned']",
        "td a:contains(Way Customer Ltd)"
    ),
    ...go(
        "td a:contains(Way Customer Ltd)",
        ".o_partner_channel_text:contains(1000 or 900)"
    ),
    ...go("main a.btn-primary[href$='/edit']", ".o_partner_channel_deal_form"),
    {trigger: "input[name=expected_revenue]", run: "edit 1000"},
    ...go("button[value=submit]", `.o_partner_channel_saved:contains(${words.sent})`),
]);

/* 8. (The vendor approves: partner_channel_way_2_approve.) Order, invoice, payment.
   9. The owner sees what was earned and accepts the statement. */
addTour("9_accept", (words, see, go) => [
    ...see(`.o_partner_channel_totals:contains(${words.earned})`),
    {trigger: ".o_partner_channel_earned:contains(100)"},
    {trigger: ".o_partner_channel_source summary:first", run: "click"},
    ...go(
        ".o_partner_channel_source a[href*='/my/statements/']:first",
        ".o_partner_channel_accept"
    ),
    {trigger: ".o_partner_channel_accept:first", run: "click"},
    ...see("#statement_accept.show .o_partner_channel_confirm"),
    ...go(
        "#statement_accept .o_partner_channel_confirm",
        `.o_partner_channel_accepted:contains(${words.accepted})`
    ),
]);

/* 10. The deal is won; the statement shows the bill, which is paid. */
addTour("10_bill", (words, see, go) => [
    ...see(`.o_partner_channel_deal .badge:contains(${words.won})`),
    {trigger: `h2:contains(${words.sales})`},
    ...go("ol.breadcrumb a[href$='/my/home']", "#portal_channel_category"),
    ...go("main a[href$='/my/statements']:first", "td a[href*='/my/statements/']"),
    ...go("td a[href*='/my/statements/']", `h1 + .badge:contains(${words.paid})`),
    {
        trigger: "dd a[href*='/my/invoices/']",
        run: "click",
        expectUnloadPage: true,
    },
    {trigger: "#invoice_content"},
]);
