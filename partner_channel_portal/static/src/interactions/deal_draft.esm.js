import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {post} from "@web/core/network/http_service";
import {registry} from "@web/core/registry";

/** Milliseconds from a change until it is kept. */
const DELAY = 3000;

/**
 * Keeps what is typed into the registration form as a draft, and says when, or that it
 * does not. The form's token makes it one draft, however often it is kept and whoever
 * comes first; without this the form works as well.
 */
export class DealDraft extends Interaction {
    static selector = ".o_partner_channel_deal_form[data-keeps-draft]";
    dynamicContent = {
        _root: {"t-on-input": this.onInput},
    };

    setup() {
        this.isDue = false;
        // a form that is new is known by its token, also for another program
        this.changedId = this.el.dataset.dealId;
        // what was changed elsewhere since is not overwritten
        this.writeDate = this.el.dataset.writeDate || "";
        // what was sent, as long as nothing was answered
        this.unanswered = null;
        this.stateEl = this.el.querySelector(".o_partner_channel_draft");
    }

    onInput() {
        if (!this.isDue) {
            this.isDue = true;
            this.waitForTimeout(() => this.keep(), DELAY);
        }
    }

    /** @returns {Boolean} whether the whole form is on its way */
    get isSent() {
        return Boolean(this.el.querySelector("[type=submit].disabled"));
    }

    async keep() {
        this.isDue = false;
        if (this.isSent) {
            return;
        }
        // one after the other, so that the last one typed is the one kept
        this.sending = this.send(this.sending);
        const id = await this.waitFor(this.sending);
        this.protectSyncAfterAsync(() => this.show(id))();
    }

    /**
     * @param {Promise} before what is on its way already
     * @returns {Number} id of the draft; false when nothing was kept, null when that
     *     could not even be asked
     */
    async send(before) {
        await before;
        const data = new FormData(this.el);
        data.delete("files");
        data.set("deal_id", this.changedId);
        try {
            if (this.unanswered) {
                // it may be kept: the answer to the same says what is known by now
                await this.post(this.unanswered);
            }
            return await this.post(data);
        } catch (error) {
            // offline or logged out: what is typed is still in the form
            if (!(error instanceof TypeError)) {
                // a page is an answer as well, and says that nothing was kept
                this.unanswered = null;
            }
            return null;
        }
    }

    /**
     * @param {FormData} data
     * @returns {Number} id of the draft; false when nothing was kept
     */
    async post(data) {
        data.set("write_date", this.writeDate);
        this.unanswered = data;
        const kept = await post("/my/deals/draft", data);
        this.unanswered = null;
        this.writeDate = kept.write_date || this.writeDate;
        return kept.deal_id;
    }

    /** @param {Number} id of the draft, as `send` returns it */
    show(id) {
        if (!id) {
            // a form that is too empty for a draft is no news
            if (id === null || this.el.dataset.dealId) {
                this.stateEl.textContent = _t("Not saved");
            }
            return;
        }
        this.el.dataset.dealId = id;
        // the page loads again with what was typed
        const path = location.pathname.replace(/\/(new|\d+\/edit)$/, `/${id}/edit`);
        history.replaceState(history.state, "", path);
        const time = new Date().toTimeString().slice(0, 5);
        this.stateEl.textContent = `${_t("Draft saved")} ${time}`;
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.deal_draft", DealDraft);
