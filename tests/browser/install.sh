# Installs what the tests in a browser need, where it is missing; for run.sh and serve.sh.
if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  root=$([ "$(id -u)" = 0 ] || echo sudo)
  $root apt-get update -qq
  $root apt-get install -qq -y chromium >/dev/null
fi
[ -d node_modules/ajv ] || npm install --silent --no-audit --no-fund --no-package-lock
