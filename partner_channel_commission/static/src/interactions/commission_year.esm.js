import {HomeChart} from "@partner_channel_portal/interactions/home_chart.esm";
import {registry} from "@web/core/registry";

// Paid out, payable, waiting: from dark to light, to be told apart without colour
const COLORS = ["#146c43", "#6ea8fe", "#ced4da"];
// so that the light one stands out from the page
const EDGE = "#495057";

/**
 * Draws what was earned in the months of a year: bars that stand, of what became of it.
 */
export class CommissionYear extends HomeChart {
    static selector = ".o_partner_channel_year";

    getConfig() {
        const {type, data} = super.getConfig();
        return {
            type,
            data: {
                ...data,
                datasets: data.datasets.map((dataset, index) => ({
                    ...dataset,
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
}

registry
    .category("public.interactions")
    .add("partner_channel_commission.commission_year", CommissionYear);
