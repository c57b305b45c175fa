#!/usr/bin/env bash
# Puts a released `kpi` into a folder: fetches it for this machine, holds it to its checksum, unpacks it.
#
#   KPI_RELEASES=https://.../releases/download KPI_VERSION=v0.1.0 .ci/install.sh FOLDER
#
# A version that is none (a branch, a commit, `v0`) is the one of this checkout. A program that is on
# the PATH already in that version is left where it is.
set -euo pipefail
folder=${1:?where to}
version=v${KPI_VERSION#v}
if [[ ! $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]]; then
  version=v$(sed -n 's/^version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml" | head -n 1)
fi

if command -v kpi >/dev/null && [ "$(kpi --version)" = "kpi ${version#v}" ]; then
  exit 0
fi
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64 | CYGWIN*-x86_64) target=x86_64-pc-windows-msvc ;;
  *)
    echo "error: there is no release of kpi for $(uname -s) on $(uname -m): cargo install sanjeh" >&2
    exit 1
    ;;
esac
ending=tar.gz
[ "$target" != x86_64-pc-windows-msvc ] || ending=zip
name=kpi-$version-$target

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch() { curl --fail --silent --show-error --location --retry 3 --output "$work/$1" "$KPI_RELEASES/$version/$1"; }
fetch SHA256SUMS
fetch "$name.$ending"
# The line of this one file; what a list lacks is as wrong as what it has otherwise.
grep -F "  $name.$ending" "$work/SHA256SUMS" >"$work/sum" || {
  echo "error: SHA256SUMS of $version does not name $name.$ending" >&2
  exit 1
}
if command -v sha256sum >/dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
(cd "$work" && "${sum[@]}" --check --status sum) || {
  echo "error: $name.$ending is not what SHA256SUMS says" >&2
  exit 1
}
if [ "$ending" = zip ]; then unzip -q "$work/$name.zip" -d "$work"; else tar -xzf "$work/$name.tar.gz" -C "$work"; fi
mkdir -p "$folder"
# In place at once: another job may be starting it.
for program in kpi kpi.exe; do
  [ ! -f "$work/$name/$program" ] || mv "$work/$name/$program" "$folder/$program"
done
