import {Interaction} from "@web/public/interaction";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";

const COLORS = ["#1f5a8a", "#b35900", "#2f7d4f", "#8a2f6b"];

/**
 * A chart of the home page: drawn, once it comes into sight, from what stands in the
 * table behind it, with the library Odoo ships. Without it the table stays open.
 */
export class HomeChart extends Interaction {
    static selector = ".o_partner_channel_chart";

    start() {
        this.data = JSON.parse(this.el.dataset.chart);
        const observer = new IntersectionObserver((entries) => {
            if (entries.some((entry) => entry.isIntersecting)) {
                observer.disconnect();
                this.draw();
            }
        });
        observer.observe(this.el);
        this.registerCleanup(() => observer.disconnect());
    }

    async draw() {
        await this.waitFor(loadBundle("web.chartjs_lib"));
        this.protectSyncAfterAsync(() => {
            this.el
                .querySelector(".o_partner_channel_canvas")
                .classList.remove("d-none");
            this.el.querySelector("details").open = false;
            const chart = new window.Chart(
                this.el.querySelector("canvas"),
                this.getConfig()
            );
            this.registerCleanup(() => chart.destroy());
        })();
    }

    /** @returns {Object} what the library draws: bars that lie, so that labels fit */
    getConfig() {
        return {
            type: "bar",
            data: {
                labels: this.data.labels,
                datasets: this.data.series.map((series, index) => ({
                    label: series.label,
                    data: series.values,
                    backgroundColor: COLORS[index % COLORS.length],
                })),
            },
            options: {
                indexAxis: "y",
                animation: false,
                maintainAspectRatio: false,
                plugins: {legend: {display: this.data.series.length > 1}},
                scales: {x: {beginAtZero: true, ticks: {precision: 0}}},
            },
        };
    }
}

registry
    .category("public.interactions")
    .add("partner_channel_portal.home_chart", HomeChart);
