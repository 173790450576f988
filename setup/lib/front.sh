# Sourced by the commands in setup/: finds a Python that Odoo 19 runs on and
# hands over to the Python modules beside this file.

oldest=3.10
newest=3.13

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

# "3.11" for a Python, nothing for a command that is none.
python_version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

# Succeeds when $1 (as 3.11) lies between the oldest and the newest version.
is_supported() {
    local minor=${1#3.}
    [[ $1 == 3.* && $minor -ge ${oldest#3.} && $minor -le ${newest#3.} ]]
}

# Prints the first suitable Python on PATH.
find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python3.10; do
        if is_supported "$(python_version "$name")"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

install_python() {
    printf 'setup: no Python 3 here, installing python3 and python3-venv\n'
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
    export DEBIAN_FRONTEND=noninteractive
    { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends \
        python3 python3-venv; } </dev/null >/dev/null 2>&1 ||
        fail "Python is missing and apt-get could not install it; install python3 and python3-venv, then run this again"
}

# Sets $python, or ends with one clear line.
choose_python() {
    local wanted=${PARTNER_CHANNEL_PYTHON:-} found
    if [[ -n $wanted && $wanted != 1 ]]; then
        found=$(python_version "$wanted")
        [[ -n $found ]] || fail "PARTNER_CHANNEL_PYTHON=$wanted is not a Python"
        is_supported "$found" ||
            fail "PARTNER_CHANNEL_PYTHON is Python $found, Odoo 19 needs $oldest to $newest"
        python=$wanted
        return
    fi
    python=$(find_python) && return
    found=$(python_version python3)
    if [[ -z $found && $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        install_python
        python=$(find_python) && return
        found=$(python_version python3)
    fi
    if [[ -n $found ]]; then
        fail "Python $found is not suitable, Odoo 19 needs $oldest to $newest; install one and run this again"
    fi
    fail "Python 3 is missing, Odoo 19 needs $oldest to $newest; install one and run this again"
}

run_setup() {
    local python
    choose_python
    exec "$python" -B "$here/lib/run.py" "$@"
}
