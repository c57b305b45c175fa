#!/usr/bin/env bash
# An archive of a program that is built, with what belongs beside it:
#
#   .ci/package.sh TARGET PROGRAM FOLDER
#
# writes FOLDER/kpi-vVERSION-TARGET.tar.gz, or .zip for Windows. Completions and the manual are made
# by the program itself where this machine can run it, else by $KPI_NATIVE.
set -euo pipefail
target=$1 program=$(realpath "$2") folder=$(mkdir -p "$3" && realpath "$3")
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=kpi-v$version-$target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name/completions"
cp "$program" "$work/$name/"
cp README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE templates/fonts/OFL.txt "$work/$name/"
native=${KPI_NATIVE:-$program}
[ "$("$native" --version)" = "kpi $version" ]
"$native" man >"$work/$name/kpi.1"
for shell in bash zsh fish powershell elvish; do
  "$native" completions "$shell" >"$work/$name/completions/kpi.$shell"
done
if [[ $target == *-windows-* ]]; then
  (cd "$work" && { 7z a -bso0 "$folder/$name.zip" "$name" || zip -qr "$folder/$name.zip" "$name"; })
else
  # The same files give the same bytes.
  tar --version | grep -q GNU && same=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner) || same=()
  tar -C "$work" ${same[@]+"${same[@]}"} -cf - "$name" | gzip -n9 >"$folder/$name.tar.gz"
fi
