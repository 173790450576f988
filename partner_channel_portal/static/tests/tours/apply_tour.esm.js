import {registry} from "@web/core/registry";

const NARROW = {
    content: "Nothing is wider than the screen",
    trigger: "body",
    run() {
        const root = document.documentElement;
        if (root.scrollWidth > root.clientWidth + 1) {
            throw new Error(`${root.scrollWidth} wide on ${root.clientWidth}`);
        }
    },
};

function goOn(next) {
    return [
        {
            trigger: "form.o_partner_channel_application_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: next},
        NARROW,
    ];
}

registry.category("web_tour.tours").add("partner_channel_apply_1", {
    steps: () => [
        {trigger: ".o_partner_channel_tiers"},
        NARROW,
        {
            trigger: ".o_partner_channel_program a[href$='/apply']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "input[name=contact_name]", run: "edit Tara Tour"},
        {trigger: "input[name=email]", run: "edit tara@tour-systems"},
        ...goOn("#deal_email_error"),
        {
            content: "The first mistake has the focus, and what was typed stays",
            trigger: "input[name=email]:focus",
        },
        {trigger: "input[name=contact_name]:value(Tara Tour)"},
        {trigger: "input[name=email]", run: "edit tara@tour-systems.example"},
        ...goOn(".o_partner_channel_next_text:contains(tara@tour-systems.example)"),
        {
            trigger: "a.btn-primary:contains(Fill in the form)",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "input[name=name]", run: "edit Tour Systems GmbH"},
        {trigger: "select[name=country_id]", run: "selectByLabel Germany"},
        {trigger: "input[name=vat]", run: "edit DE136695977"},
        ...goOn("#deal_vat_error"),
        {trigger: "input[name=vat]", run: "edit DE136695976"},
        ...goOn("input[name=function]"),
        ...goOn("select[name=employees]"),
        {trigger: "select[name=employees]", run: "selectByLabel 1 to 9"},
        {trigger: "textarea[name=profile]", run: "edit We sell."},
        ...goOn("select[name^=criterion]"),
        {trigger: "select[name^=criterion]:first", run: "selectByLabel Yes"},
        ...goOn("input[name=files]"),
        ...goOn("input[name=terms]"),
        {
            content: "Not confirmed yet, and it says so",
            trigger: ".alert-warning:contains(not confirmed yet)",
        },
    ],
});

registry.category("web_tour.tours").add("partner_channel_apply_2", {
    steps: () => [
        {
            trigger: ".o_partner_channel_confirm",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a.btn-primary[href$='/check']",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: "input[name=terms]", run: "check"},
        ...goOn(".o_partner_channel_sent"),
        {trigger: ".o_partner_channel_next_text:contains(decide by)"},
    ],
});

registry.category("web_tour.tours").add("partner_channel_apply_3_accept", {
    steps: () => [
        {
            content: "Open the page to accept on",
            trigger: ".o_form_view",
            async run({queryFirst, click}) {
                const more =
                    ".o_statusbar_buttons .dropdown-toggle, .o_cp_action_menus";
                const button = "button[name=action_open_accept]:visible";
                if (!queryFirst(button) && queryFirst(more)) {
                    await click(more);
                }
            },
        },
        {trigger: "button[name=action_open_accept]", run: "click"},
        {trigger: ".modal button[name=action_apply]", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_field_widget[name=membership_id]:contains(Tour Systems)"},
    ],
});

registry.category("web_tour.tours").add("partner_channel_apply_4_password", {
    steps: () => [
        {trigger: "input[name=password]", run: "edit a-long-enough-one"},
        {trigger: "input[name=confirm_password]", run: "edit a-long-enough-one"},
        {
            trigger: "form[data-captcha] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "At home in the portal",
            trigger: "a[href='/my/deals']",
        },
    ],
});
