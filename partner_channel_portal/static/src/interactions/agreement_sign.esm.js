/* global SignaturePad */

import {ApplicationForm} from "@partner_channel_portal/interactions/application_form.esm";
import {loadJS} from "@web/core/assets";
import {registry} from "@web/core/registry";

/**
 * The form of a signature: sends once, and lets people draw if they like. Without it
 * the typed name signs as well.
 */
export class AgreementSign extends ApplicationForm {
    static selector = ".o_partner_channel_sign_form";
    dynamicContent = {
        ...this.dynamicContent,
        ".o_partner_channel_draw": {"t-on-toggle": this.onToggle},
        ".o_partner_channel_clear": {"t-on-click": this.onClear},
    };

    setup() {
        super.setup();
        this.pad = null;
    }

    start() {
        super.start();
        this.onToggle();
    }

    /** The library is loaded for those who draw. */
    async onToggle() {
        const drawEl = this.el.querySelector(".o_partner_channel_draw[open]");
        if (!drawEl || this.pad) {
            return;
        }
        await this.waitFor(
            loadJS("/web/static/lib/signature_pad/signature_pad.umd.js")
        );
        if (this.pad) {
            return;
        }
        const canvas = drawEl.querySelector("canvas");
        canvas.width = canvas.clientWidth;
        canvas.height = canvas.clientHeight;
        this.pad = new SignaturePad(canvas, {backgroundColor: "rgba(255,255,255,0)"});
    }

    onClear() {
        if (this.pad) {
            this.pad.clear();
        }
    }

    /**
     * @param {SubmitEvent} ev
     */
    onSubmit(ev) {
        super.onSubmit(ev);
        if (this.pad && !ev.defaultPrevented) {
            const drawn = this.pad.isEmpty() ? "" : this.pad.toDataURL("image/png");
            this.el.querySelector("[name=signature]").value = drawn;
        }
    }

    destroy() {
        if (this.pad) {
            this.pad.off();
        }
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.agreement_sign", AgreementSign);
