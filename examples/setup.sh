# Shared by the `run` scripts, from the root of the workspace: installs what an example needs, once for each change of its
# list of packages.

# `python_of DIR`: sets `python` to an interpreter with the packages of DIR/requirements.txt.
python_of() {
  local requirements=$1/requirements.txt environment
  environment=target/$(basename "$1")
  python=$environment/bin/python
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    python3 -m venv "$environment" || python -m venv "$environment"
  fi
  # Windows has another folder for it.
  [ -x "$python" ] || python=$environment/Scripts/python
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    "$python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$environment/requirements.txt"
  fi
}

# `node_of DIR NAME`: sets `modules` to a folder with the packages of DIR/package.json and the scripts of DIR.
node_of() {
  modules=target/$2
  mkdir -p "$modules"
  if ! cmp -s "$1/package.json" "$modules/installed.json"; then
    cp "$1/package.json" "$modules/package.json"
    npm install --prefix "$modules" --silent --no-audit --no-fund --no-package-lock
    cp "$modules/package.json" "$modules/installed.json"
  fi
  cp "$1"/*.mjs "$modules/"
}

# Sets CHROMIUM, or says how to get it and ends.
find_chromium() {
  CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
  if [ -z "$CHROMIUM" ]; then
    echo "Chromium is not installed: install it (Debian: apt-get install chromium), or name it in CHROMIUM" >&2
    exit 2
  fi
  export CHROMIUM
}
