#!/usr/bin/env bash
# `kpi serve` in a browser: an edit of a spec, of data, of a template shows where the page lies
# open, with the reader where they were; a mistake shows above it and goes when it is mended.
#
#   tests/browser/serve.sh KPI EXAMPLE [PICTURES]
#
# KPI is a program with the feature `serve`, EXAMPLE the folder of examples/shop, PICTURES a folder
# for screenshots. Needs what run.sh needs, and installs it the same way.
set -euo pipefail
kpi=$(realpath "$1") example=$(realpath "$2") pictures=${3:+$(realpath "$3")}
cd "$(dirname "$0")"
source ./install.sh
exec node serve.mjs "$kpi" "$example" ${pictures:+"$pictures"}
