import {loadJS} from "@web/core/assets";

/* What tests serve, see tests/axe.py and tests/language_case.py */
const AXE_URL = "/partner_channel_tests/axe.min.js";
const TERMS_URL = "/partner_channel_tests/terms.json";
/* The chatter is Odoo's own, and comes when it comes. */
const JUDGED = {include: [["main"]], exclude: [["#chatterRoot"]]};
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const SPOKEN = ["aria-label", "placeholder", "title", "alt"];

/** @returns {String} code of the page's language, such as "ru" */
export function getLanguage() {
    return document.documentElement.lang.slice(0, 2);
}

/** What opens and fades is judged at rest. */
async function rest() {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const moving = document
        .getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map((each) => each.finished));
}

function findWide() {
    const root = document.scrollingElement;
    return root.scrollWidth > root.clientWidth
        ? [`${root.scrollWidth} wide on ${root.clientWidth}`]
        : [];
}

async function findInaccessible() {
    await loadJS(AXE_URL);
    const result = await window.axe.run(JUDGED, {
        runOnly: {type: "tag", values: WCAG},
        resultTypes: ["violations"],
    });
    return result.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id} at ${node.target}: ${node.html}`)
    );
}

/** @returns {String[]} what is read on the page, also by screen readers alone */
function listTexts() {
    const shown = [...document.querySelectorAll("main *")].filter((el) =>
        el.checkVisibility()
    );
    const texts = shown.flatMap((el) => [
        ...[...el.childNodes]
            .filter((node) => node.nodeType === Node.TEXT_NODE)
            .map((node) => node.textContent),
        ...SPOKEN.map((name) => el.getAttribute(name) || ""),
    ]);
    return texts.map((text) => text.trim().replace(/\s+/g, " "));
}

async function findEnglish() {
    const answer = await fetch(TERMS_URL);
    const terms = new Set(answer.ok ? await answer.json() : []);
    return listTexts()
        .filter((text) => terms.has(text))
        .map((text) => `English: ${text}`);
}

/** Fail on a page that is not accessible, too wide or in a wrong language. */
async function checkPage() {
    await rest();
    const found = [
        ...findWide(),
        ...(await findInaccessible()),
        ...(getLanguage() === "en" ? [] : await findEnglish()),
    ];
    if (found.length) {
        throw new Error(`${location.pathname}: ${found.join("\n")}`);
    }
}

/**
 * Waits for a page and checks it.
 *
 * @param {String} trigger by which the page is known
 * @returns {Array} steps
 */
export function expectPage(trigger) {
    return [
        {trigger},
        {content: "The page is accessible", trigger: "body", run: checkPage},
    ];
}

/**
 * Follows a link or sends a form, and checks the page it leads to.
 *
 * @param {String} trigger of what is clicked
 * @param {String} next trigger by which the page is known
 * @returns {Array} steps
 */
export function goTo(trigger, next) {
    return [{trigger, run: "click", expectUnloadPage: true}, ...expectPage(next)];
}
