# Shared by examples/probe-*/run: probes an API, and compares what came with the report that is checked in and with the page.
# Usage, in the root of the workspace: probe NAME PORT PROVIDERS_PORT [--update] -- COMMAND...
probe() {
  local name=$1 port=$2 provider=$3 update=
  shift 3
  if [[ $1 == --update ]]; then
    update=1
    shift
  fi
  shift
  local checked_in=examples/$name/report.json report=target/$name/report.json page=docs/probe-examples.md status=0
  cargo build --quiet --package entra-test-harness --bin entra-probe
  mkdir -p "target/$name"
  PORT=$port target/debug/entra-probe run \
    --target "http://127.0.0.1:$port/orders" --idp-listen "127.0.0.1:$provider" \
    --skip 'scenario::*slow*' --skip scenario::rotation-after-a-flood \
    --divergences "examples/$name/divergences.toml" --json "$report" -- "$@" || status=$?
  if ((status == 2)); then
    return 2
  fi
  count() { sed -n "s/^    \"$1\": \([0-9]*\),\{0,1\}$/\1/p" "$report"; }
  local row
  row="| [$name](../examples/$name) | $(count passed) | $(count accepted) | $(count skipped) |"
  if [[ $update ]]; then
    cp "$report" "$checked_in"
    sed -i "s#^| \[$name\]([^)]*) | [0-9].*#$row#" "$page"
  fi
  if ! diff -u "$checked_in" "$report"; then
    echo "the report differs from $checked_in: if that is meant, examples/$name/run --update" >&2
    status=1
  fi
  if ! grep -qxF "$row" "$page"; then
    echo "$page has other numbers than the report: $row" >&2
    status=1
  fi
  return "$status"
}
