import {Component, useEffect, useRef} from "@odoo/owl";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {cookie} from "@web/core/browser/cookie";

const QUIET = "#adb5bd";
// Good, to watch, at risk, not measured
const STATES = ["#28a745", "#ffac00", "#dc3545", QUIET];

/** One chart of the dashboard, with its figures as a table behind it. */
export class DashboardChart extends Component {
    static template = "partner_channel.DashboardChart";
    static props = {chart: Object, onOpen: Function};

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return undefined;
                }
                const drawn = new window.Chart(this.canvas.el, this.config);
                return () => drawn.destroy();
            },
            () => [this.props.chart]
        );
    }

    get isEmpty() {
        return !this.props.chart.series.some(({values}) => values.some(Boolean));
    }

    /**
     * @returns {Object} what Chart.js draws
     */
    get config() {
        const {chart} = this.props;
        const round = chart.kind === "doughnut";
        return {
            type: chart.kind,
            data: {labels: chart.labels, datasets: this.datasets},
            options: {
                indexAxis: chart.horizontal ? "y" : "x",
                maintainAspectRatio: false,
                plugins: {legend: {display: round || chart.series.length > 1}},
                scales: round ? {} : this.scales,
                onClick: (ev, [element]) => {
                    if (element && chart.domains) {
                        this.open(element.index);
                    }
                },
            },
        };
    }

    get datasets() {
        const {chart} = this.props;
        return chart.series.map(({label, values}, index) => ({
            label,
            data: values,
            backgroundColor: chart.kind === "doughnut" ? STATES : this.colors[index],
        }));
    }

    /**
     * @returns {Array} the colour of each series: what was stays in the background
     */
    get colors() {
        const {chart} = this.props;
        const scheme = cookie.get("color_scheme");
        const main = getColor(0, scheme, "sm");
        if (chart.key === "revenue") {
            return [QUIET, main];
        }
        return [main, getColor(1, scheme, "sm")];
    }

    get scales() {
        const color = getCustomColor(cookie.get("color_scheme"), "#43424a", "#bbb");
        const whole = {beginAtZero: true, ticks: {precision: 0, color}};
        const names = {ticks: {color}, grid: {display: false}};
        return this.props.chart.horizontal
            ? {x: whole, y: names}
            : {x: names, y: whole};
    }

    open(index) {
        const {chart} = this.props;
        this.props.onOpen(
            chart.model,
            chart.domains[index],
            `${chart.title}: ${chart.labels[index]}`
        );
    }
}
