#!/usr/bin/env bash
# What the GitHub Action does, in a plain shell: checks, says what a pull request changes, tests,
# builds. Its inputs are variables:
#
#   KPI_PATH           the project's folder
#   KPI_OUT            where the reports go
#   KPI_BASE           what a pull request goes into: a branch or a commit; empty otherwise
#   KPI_FAIL_ON        what a build fails on: off-track, at-risk, newly-off-track, stale, review-due
#   KPI_DUE            true: only reports that are due
#   KPI_AS_OF          the last day that counts
#   KPI_DENY_WARNINGS  true: warnings fail
#
# Pages go to $GITHUB_STEP_SUMMARY, annotations to standard output, and to $GITHUB_OUTPUT the
# folder and the path of the page that says what changed. It ends with 1 for mistakes, with 3 where
# only --fail-on fired.
set -uo pipefail
path=${KPI_PATH:-.} out=${KPI_OUT:-out}
summary=${GITHUB_STEP_SUMMARY:-/dev/stdout} outputs=${GITHUB_OUTPUT:-/dev/null}
ended=0

check=(kpi check "$path" --format github)
[ "${KPI_DENY_WARNINGS:-}" != true ] || check+=(--deny warnings)
"${check[@]}" || ended=$?

if [ -n "${KPI_BASE:-}" ]; then
  # A checkout has one commit unless it is asked for more, and no other branches.
  base=$(git rev-parse --verify --quiet "origin/$KPI_BASE^{commit}" || git rev-parse --verify --quiet "$KPI_BASE^{commit}" || true)
  if [ -z "$base" ]; then
    git fetch --quiet --no-tags origin "$KPI_BASE" && base=$(git rev-parse FETCH_HEAD)
  fi
  range=$base...HEAD
  git merge-base "$base" HEAD >/dev/null 2>&1 || range=$base..HEAD
  page=${RUNNER_TEMP:-${TMPDIR:-/tmp}}/kpi-diff.md
  # Mistakes of the new state have been told above.
  kpi diff "$path" "$range" --format markdown >"$page" 2>/dev/null || true
  if [ -s "$page" ]; then
    cat "$page" >>"$summary"
    echo "changes=$page" >>"$outputs"
  fi
fi

if [ "$ended" = 0 ]; then
  kpi test "$path" || ended=1
fi
if [ "$ended" = 0 ]; then
  build=(kpi build "$path" --out "$out" --summary "$summary")
  [ -z "${KPI_AS_OF:-}" ] || build+=(--as-of "$KPI_AS_OF")
  [ "${KPI_DUE:-}" != true ] || build+=(--due)
  [ -z "${KPI_FAIL_ON:-}" ] || build+=(--fail-on "$KPI_FAIL_ON")
  "${build[@]}" || ended=$?
  echo "out=$out" >>"$outputs"
fi
exit "$ended"
