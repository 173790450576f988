// The linters live in the state folder of the set-up, see setup/lint; an editor may
// bring its own beside this file.
import {createRequire} from "node:module";
import process from "node:process";

const require = createRequire(process.env.PARTNER_CHANNEL_NODE || import.meta.url);
const globals = require("globals");
const js = require("@eslint/js");
const jsdocModule = require("eslint-plugin-jsdoc");

const jsdoc = jsdocModule.default || jsdocModule;

const rules = {
    "array-callback-return": "error",
    "block-scoped-var": "error",
    camelcase: ["error", {properties: "never"}],
    complexity: ["error", 8],
    "consistent-return": "error",
    curly: "error",
    "default-case": "error",
    "dot-notation": "error",
    eqeqeq: "error",
    "max-lines": ["error", 300],
    "max-lines-per-function": ["error", {max: 40, skipComments: true}],
    "no-alert": "error",
    "no-console": "error",
    "no-eval": "error",
    "no-implied-eval": "error",
    "no-param-reassign": "error",
    "no-shadow": "error",
    "no-unused-vars": ["error", {args: "after-used"}],
    "no-useless-return": "error",
    "no-var": "error",
    "object-shorthand": "error",
    "prefer-const": "error",
    "prefer-template": "error",
    "require-await": "error",
    "jsdoc/check-alignment": "error",
    "jsdoc/check-param-names": "error",
    "jsdoc/check-tag-names": "error",
    "jsdoc/require-param-type": "error",
};

export default [
    {ignores: [".partner-channel/**", "**/static/lib/**", "**/node_modules/**"]},
    js.configs.recommended,
    {
        files: ["**/*.js"],
        plugins: {jsdoc},
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "script",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        rules,
    },
    // By name, as everywhere in the community: other scripts are no modules.
    {
        files: ["**/*.esm.js", "**/*.test.js"],
        languageOptions: {sourceType: "module"},
    },
    // A tour is one list of steps.
    {
        files: ["**/static/tests/**"],
        rules: {"max-lines-per-function": "off"},
    },
];
