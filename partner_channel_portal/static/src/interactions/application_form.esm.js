import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/**
 * The application form: takes people to the first mistake, and sends once.
 * Without it the form works as well.
 */
export class ApplicationForm extends Interaction {
    static selector = ".o_partner_channel_application_form";
    dynamicContent = {
        _root: {"t-on-submit": this.onSubmit},
        _window: {"t-on-pageshow": this.onPageShow},
    };

    setup() {
        this.isSent = false;
    }

    start() {
        const invalidEl = this.el.querySelector(".is-invalid");
        if (invalidEl) {
            invalidEl.focus();
        }
    }

    /**
     * A form with a captcha is sent by the captcha, without a second event.
     *
     * @param {SubmitEvent} ev
     */
    onSubmit(ev) {
        if (this.el.dataset.captcha) {
            return;
        }
        if (this.isSent) {
            ev.preventDefault();
        } else {
            this.isSent = true;
        }
    }

    /**
     * "Back" after sending: what is corrected there can be sent.
     *
     * @param {PageTransitionEvent} ev
     */
    onPageShow(ev) {
        if (ev.persisted) {
            this.isSent = false;
        }
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.application_form", ApplicationForm);
