# Shared by the commands in this folder, which source it after changing to the repository's root.

# install_packages runtime|development|scanners: brings .venv, for the scanners .venv-scanners, to the lock of that
# name; instant when it already is.
install_packages() {
    python=${PYTHON:-python3}
    if ! command -v "$python" >/dev/null 2>&1; then
        echo "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-pip)." >&2
        exit 1
    fi
    "$python" script/install.py "$1"
}

# show_help "$@": prints the comment at the head of the command and ends, where that is what was asked for.
show_help() {
    case ${1:-} in
    -h | --help)
        sed -n '2,/^[^#]/s/^# \{0,1\}//p' "script/${0##*/}"
        exit 0
        ;;
    esac
}
