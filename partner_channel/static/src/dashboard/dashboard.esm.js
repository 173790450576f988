import {Component, onWillStart, useState} from "@odoo/owl";
import {DashboardChart} from "./dashboard_chart.esm";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/** The network on one page: tiles and charts that lead to the records. */
export class PartnerChannelDashboard extends Component {
    static template = "partner_channel.Dashboard";
    static components = {Layout, DashboardChart};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({programId: false, data: null});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
    }

    async load() {
        this.state.data = await this.orm.call(
            "partner.channel.dashboard",
            "get_dashboard",
            [this.state.programId]
        );
    }

    chooseProgram(ev) {
        this.state.programId = Number(ev.target.value) || false;
        return this.load();
    }

    open(model, domain, name) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            context: {active_test: false},
            target: "current",
        });
    }

    get emptyText() {
        return _t("Nobody is here yet: make a company a partner under Partners.");
    }
}

registry.category("actions").add("partner_channel.dashboard", PartnerChannelDashboard);
