import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const STEP = 1000;

/**
 * Counts down the time to answer an offer, from what the server says is left: the
 * clock of the device may be wrong. Without it the page says when the time ends.
 */
export class OfferCountdown extends Interaction {
    static selector = ".o_partner_channel_countdown[data-left]";

    start() {
        this.end = performance.now() + Number(this.el.dataset.left) * 1000;
        this.show();
        this.timer = setInterval(() => this.show(), STEP);
        this.registerCleanup(() => clearInterval(this.timer));
    }

    show() {
        const seconds = Math.floor((this.end - performance.now()) / 1000);
        const text = seconds < 0 ? _t("The time is over") : this.describe(seconds);
        // only what changes is told to the page
        if (String(text) !== this.el.textContent) {
            this.el.textContent = text;
        }
        if (seconds < 0) {
            clearInterval(this.timer);
        }
    }

    /**
     * @param {Number} seconds that are left
     * @returns {String} as the server writes it
     */
    describe(seconds) {
        const minutes = Math.floor(seconds / 60) % 60;
        const hours = Math.floor(seconds / 3600) % 24;
        const days = Math.floor(seconds / 86400);
        if (days) {
            return _t("%(days)s d %(hours)s h left", {days, hours});
        }
        if (hours) {
            return _t("%(hours)s h %(minutes)s min left", {hours, minutes});
        }
        return minutes
            ? _t("%(minutes)s min left", {minutes})
            : _t("%(seconds)s s left", {seconds});
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.offer_countdown", OfferCountdown);
