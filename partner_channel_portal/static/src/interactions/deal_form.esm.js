import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const HINT_FIELDS = [
    "customer_vat",
    "website",
    "email_from",
    "country_id",
    "product_family_id",
    "membership_id",
];
const HINT_DELAY = 600;

/**
 * The registration form: tells of a possible conflict while the customer is
 * typed in, refuses files that are too large before they travel, and sends once.
 * Without it the form works as well, the server checks everything again.
 */
export class DealForm extends Interaction {
    static selector = ".o_partner_channel_deal_form";
    dynamicContent = {
        "[name=customer_vat], [name=website], [name=email_from]": {
            "t-on-input": this.debounced(this.updateHint, HINT_DELAY),
        },
        "[name=country_id], [name=product_family_id], [name=membership_id]": {
            "t-on-change": this.updateHint,
        },
        "[name=files]": {
            "t-on-change": () => undefined,
            "t-att-class": () => ({"is-invalid": this.isTooLarge}),
        },
        ".o_partner_channel_file_error": {
            "t-att-class": () => ({"d-block": this.isTooLarge}),
        },
        _root: {"t-on-submit": this.onSubmit},
        _window: {"t-on-pageshow": this.onPageShow},
    };

    setup() {
        this.isSent = false;
        this.asked = "";
        this.hintEl = this.el.querySelector(".o_partner_channel_hint");
    }

    start() {
        const invalidEl = this.el.querySelector(".is-invalid");
        if (invalidEl) {
            invalidEl.focus();
        }
        const typed = HINT_FIELDS.slice(0, 3).some((name) => this.getValue(name));
        if (typed) {
            this.updateHint();
        }
    }

    /** @returns {Boolean} whether a chosen file exceeds the limit */
    get isTooLarge() {
        const limit = parseInt(this.el.dataset.maxSize);
        const files = this.el.querySelector("[name=files]").files;
        return [...files].some((file) => file.size > limit);
    }

    /**
     * @param {String} name
     * @returns {String} what is typed into a field, if the form has it
     */
    getValue(name) {
        const input = this.el.querySelector(`[name=${name}]`);
        return input ? input.value.trim() : "";
    }

    async updateHint() {
        const values = {deal_id: this.el.dataset.dealId};
        for (const name of HINT_FIELDS) {
            values[name] = this.getValue(name);
        }
        const asked = JSON.stringify(values);
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        const hint = await this.waitFor(rpc("/my/deals/hint", values, {silent: true}));
        if (asked === this.asked) {
            this.protectSyncAfterAsync(() => this.showHint(hint))();
        }
    }

    /**
     * @param {Object} hint as the server answers: `conflict`, `own`, `limited`
     */
    showHint(hint) {
        this.hintEl.replaceChildren();
        if (hint.own.length) {
            const alert = this.addAlert(
                "info",
                _t("Your company has registered this customer already:")
            );
            for (const own of hint.own) {
                alert.append(" ", this.makeLink(own));
            }
        }
        if (hint.conflict) {
            this.addAlert(
                "warning",
                _t(
                    "There may be a conflict: this customer may be registered already. You can submit the deal all the same; we check it."
                )
            );
        }
    }

    /**
     * @param {String} kind Bootstrap colour
     * @param {String} text
     * @returns {HTMLElement}
     */
    addAlert(kind, text) {
        const alert = document.createElement("div");
        alert.className = `alert alert-${kind} py-2`;
        alert.textContent = text;
        this.hintEl.append(alert);
        return alert;
    }

    /**
     * @param {Object} own a registration of one's own company
     * @returns {HTMLElement}
     */
    makeLink(own) {
        const link = document.createElement(own.url ? "a" : "span");
        link.textContent = own.name;
        if (own.url) {
            link.href = own.url;
            link.className = "alert-link";
        }
        return link;
    }

    /**
     * Send once, and not what the server would refuse for its size.
     *
     * @param {SubmitEvent} ev
     */
    onSubmit(ev) {
        if (this.isSent || this.isTooLarge) {
            ev.preventDefault();
            if (this.isTooLarge) {
                this.el.querySelector("[name=files]").focus();
            }
            return;
        }
        this.setSent(true);
    }

    /**
     * Wake up when the browser shows the page again as it was left, "Back" after
     * sending: what is corrected there can be sent.
     *
     * @param {PageTransitionEvent} ev
     */
    onPageShow(ev) {
        if (ev.persisted) {
            this.setSent(false);
        }
    }

    /** @param {Boolean} isSent whether the form is on its way */
    setSent(isSent) {
        this.isSent = isSent;
        for (const button of this.el.querySelectorAll("button[type=submit]")) {
            button.setAttribute("aria-disabled", isSent ? "true" : "false");
            button.classList.toggle("disabled", isSent);
        }
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.deal_form", DealForm);
