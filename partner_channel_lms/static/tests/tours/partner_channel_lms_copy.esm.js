import {browser} from "@web/core/browser/browser";
import {patch} from "@web/core/utils/patch";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("partner_channel_lms_copy", {
    steps: () => [
        {
            content: "The address is there",
            trigger: ".o_partner_channel_copy input",
            run() {
                patch(browser, {
                    navigator: {
                        clipboard: {
                            writeText(text) {
                                document.body.dataset.copied = text;
                                return Promise.resolve();
                            },
                        },
                    },
                });
            },
        },
        {
            content: "Copy it",
            trigger: ".o_partner_channel_copy button",
            run: "click",
        },
        {
            content: "It is said so",
            trigger: "[role=status]:contains('Copied')",
            run() {
                const field = document.querySelector(".o_partner_channel_copy input");
                if (document.body.dataset.copied !== field.value) {
                    throw new Error("Something else was copied");
                }
            },
        },
    ],
});
