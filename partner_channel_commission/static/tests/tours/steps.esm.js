// A page of the accounting takes its time on a busy machine
const PATIENCE = 60000;

/**
 * Gives each step more time than the ten seconds of the runner.
 *
 * @param {Array} steps of a tour
 * @returns {Array} steps
 */
export function patiently(steps) {
    return steps.map((step) => ({timeout: PATIENCE, ...step}));
}

/**
 * A button of a form's header. On a phone the second and further ones hide behind
 * the last one.
 *
 * @param {String} name of the method
 * @param {Boolean} more whether it is not the first one
 * @returns {Array} steps
 */
export function headerButton(name, more = false) {
    const button = `button[name='${name}']:not(:disabled)`;
    if (!more) {
        return [{trigger: button, run: "click"}];
    }
    return [
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {trigger: button, run: "click"},
    ];
}

/**
 * Registers the payment of the document that is open.
 *
 * @param {String} amount to pay; all that is open when it is left out
 * @param {Boolean} more see headerButton
 * @returns {Array} steps
 */
export function registerPayment(amount = "", more = true) {
    const typed = amount
        ? [
              {
                  trigger: ".modal .o_field_widget[name=amount] input",
                  run: `edit ${amount}`,
              },
          ]
        : [];
    return [
        ...headerButton("action_register_payment", more),
        {trigger: ".modal button[name=action_create_payments]"},
        ...typed,
        {trigger: ".modal button[name=action_create_payments]", run: "click"},
        {trigger: "body:not(:has(.modal button[name=action_create_payments]))"},
    ];
}
