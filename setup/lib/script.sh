# Sourced by commands that run a Python module of ours inside Odoo: its function
# main(env, arguments) gets an environment (None without a database).

# PARTNER_CHANNEL_COMMAND names an Odoo command line other than ./setup/odoo.
odoo=${PARTNER_CHANNEL_COMMAND:-$here/odoo}

# Prints a Python list of the arguments.
as_python() {
    local python=${PARTNER_CHANNEL_PYTHON:-python3}
    [[ $python == 1 ]] && python=python3
    "$python" -c 'import sys; print(sys.argv[1:])' "$@"
}

# run_module MODULE DATABASE [ARGUMENT…]; an empty DATABASE means none.
run_module() {
    local module=$1 database=$2 options=(--no-http --log-level=warn) list root
    shift 2
    [[ -z $database ]] || options+=(-d "$database")
    list=$(as_python "$@")
    root=$(as_python "${here%/*}")
    "$odoo" shell "${options[@]}" <<CODE
import sys
sys.path[:0] = $root
from $module import main
sys.exit(main(globals().get("env"), $list))
CODE
}
