import {Interaction} from "@web/public/interaction";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";

// Paid out, payable, waiting: from dark to light, to be told apart without colour
const COLORS = ["#146c43", "#6ea8fe", "#ced4da"];
// so that the light one stands out from the page
const EDGE = "#495057";

/**
 * Draws what was earned in the months of a year. The figures stand in a table of
 * the page, which is all there is without this.
 */
export class CommissionYear extends Interaction {
    static selector = ".o_partner_channel_year";

    async willStart() {
        await loadBundle("web.chartjs_lib");
    }

    start() {
        const canvas = this.el.querySelector("canvas");
        const chart = new window.Chart(canvas, this.config);
        this.registerCleanup(() => chart.destroy());
    }

    /**
     * @returns {Object} what Chart.js draws
     */
    get config() {
        const {labels, series} = JSON.parse(this.el.dataset.chart);
        return {
            type: "bar",
            data: {
                labels,
                datasets: series.map((data, index) => ({
                    label: this.getLabel(index),
                    data,
                    backgroundColor: COLORS[index],
                    borderColor: EDGE,
                    borderWidth: 1,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {legend: {position: "bottom"}},
                scales: {
                    x: {stacked: true, grid: {display: false}},
                    y: {stacked: true, beginAtZero: true},
                },
            },
        };
    }

    /**
     * @param {Number} index of the series
     * @returns {String} the heading of its column
     */
    getLabel(index) {
        return this.el.querySelector(`th[data-part="${index}"]`).textContent.trim();
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_commission.commission_year", CommissionYear);
