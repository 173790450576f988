import {Interaction} from "@web/public/interaction";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * A button that copies the field beside it. Where the browser does not let it, the text
 * is selected, ready to be copied by hand.
 */
export class CopyText extends Interaction {
    static selector = ".o_partner_channel_copy";
    dynamicContent = {
        button: {"t-on-click": this.onClick},
    };

    async onClick() {
        const field = this.el.querySelector("input");
        const said = this.el.parentElement.querySelector("[role=status]");
        field.select();
        try {
            await this.waitFor(browser.navigator.clipboard.writeText(field.value));
            said.textContent = _t("Copied");
        } catch {
            said.textContent = _t("Selected: copy it with your keyboard or menu");
        }
    }
}

registry.category("public.interactions").add("partner_channel_lms.copy_text", CopyText);
