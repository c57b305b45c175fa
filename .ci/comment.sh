#!/usr/bin/env bash
# Puts a page into one comment of a pull request: written once, and made anew after that.
#
#   GH_TOKEN=... GITHUB_REPOSITORY=owner/name PULL=12 PAGE=changes.md .ci/comment.sh
set -euo pipefail
mark='<!-- kpi diff -->'
comments=repos/$GITHUB_REPOSITORY/issues/$PULL/comments
known=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -n 1)
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{ echo "$mark"; cat "$PAGE"; } >"$body"
if [ -n "$known" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body"
else
  gh api --silent --method POST "$comments" --field "body=@$body"
fi
