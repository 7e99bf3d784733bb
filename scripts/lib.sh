# Shared by the scripts beside it: finding Python, making virtual environments, saying what happens.
# Sourced, never run. Needs bash 3.2+ and Python 3.11+, nothing else.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export PIP_DISABLE_PIP_VERSION_CHECK=1
# One thread per process: on busy cores, threads that wait for each other are many times slower.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-1}"

say() { printf '\n==> %s\n' "$*"; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# Print the first Python that is 3.11 or newer and can make virtual environments.
find_python() {
    local name
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        [ -n "$name" ] || continue
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

explain_missing_python() {
    fail "Zhiyin needs Python 3.11 or newer with its venv module, and none was found. Install it and run this again:
    Debian, Ubuntu:  sudo apt-get install python3 python3-venv
    Fedora:          sudo dnf install python3
    Arch:            sudo pacman -S python
    macOS:           brew install python@3.12
    elsewhere:       https://www.python.org/downloads/
or name one:         PYTHON=/path/to/python3.12 $0"
}

# environment_key PYTHON WANTS: changes when the Python, the packages wanted or the place change.
environment_key() {
    "$1" - "$2" "$ROOT" <<'PY'
import hashlib, pathlib, sys
wants, root = sys.argv[1:]
parts = [sys.version, wants, root, pathlib.Path(root, "pyproject.toml").read_text(encoding="utf-8")]
print(hashlib.sha256("\0".join(parts).encode()).hexdigest())
PY
}

# make_venv NAME EXTRAS [FIRST]: .venv/NAME holds zhiyin (editable) with EXTRAS; FIRST is installed before all else.
# An environment made from the same pyproject.toml is used again.
make_venv() {
    local name="$1" extras="$2" first="${3:-}" python key
    python="$(find_python)" || explain_missing_python
    VENV="$ROOT/.venv/$name"
    key="$(environment_key "$python" "$extras $first")"
    if [ -f "$VENV/made-from" ] && [ "$(cat "$VENV/made-from")" = "$key" ]; then
        say "using the environment .venv/$name again ($("$VENV/bin/python" --version))"
        return 0
    fi
    say "making the environment .venv/$name with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
    if [ -n "$first" ]; then
        say "installing $first, first and alone (minutes on a slow line)"
        "$VENV/bin/python" -m pip install -qq "$first"
    fi
    say "installing zhiyin${extras:+[$extras]} (minutes on a slow line)"
    "$VENV/bin/python" -m pip install -qq -e "$ROOT${extras:+[$extras]}"
    printf '%s\n' "$key" >"$VENV/made-from"
}
