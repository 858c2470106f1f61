# Shared by examples/probe-*/run. `probe NAME PORT IDP_PORT -- COMMAND...`, from the root of the workspace, fails if a case
# fails that examples/NAME/divergences.toml does not list, or if one that it lists passes.
probe() {
  local name=$1 port=$2 idp_port=$3
  shift 4
  cargo build --quiet --package entra-test-harness --bin entra-probe
  PORT=$port target/debug/entra-probe run \
    --target "http://127.0.0.1:$port/orders" --idp-listen "127.0.0.1:$idp_port" \
    --skip 'scenario::*slow*' --skip scenario::rotation-after-a-flood \
    --divergences "examples/$name/divergences.toml" -- "$@"
}
