#!/usr/bin/env bash
# Fills fuzz/corpus with what the tests and the examples hold: specs for `parse`, `format` and
# `project`, tables for `csv`. Files are named by what they hold, so that a second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p corpus/parse corpus/format corpus/project corpus/csv
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Every fence of a Markdown file as a file of its own, in a folder named after its language.
fences() {
  awk -v out="$scratch" -v page="$1" '
    /^```/ && open { close(file); open = 0; next }
    /^```(kpi|csv)/ {
      open = 1; number += 1
      language = substr($1, 4)
      gsub(/[^A-Za-z0-9]/, "-", page)
      file = out "/" language "-" page "-" number
      printf "" > file
      next
    }
    open { print > file }
  ' "$1"
}
for page in ../tests/lang/*.md ../docs/*.md ../docs/codes/*.md; do
  fences "$page"
done

keep() { # FILE FOLDER...
  local name
  name=$(sha256sum "$1" | cut -c1-16)
  for folder in "${@:2}"; do
    cp "$1" "corpus/$folder/$name"
  done
}
for file in "$scratch"/kpi-* ../examples/*/*.kpi ../examples/*/kpis/*.kpi; do
  if [ -e "$file" ]; then keep "$file" parse format project; fi
done
for file in "$scratch"/csv-*; do
  if [ -e "$file" ]; then keep "$file" csv; fi
done
# The first rows of the examples: long files only slow the search down.
for file in ../examples/*/data/*.csv; do
  if [ -e "$file" ]; then
    head -n 20 "$file" > "$scratch/head"
    keep "$scratch/head" csv
  fi
done
for folder in corpus/*/; do
  printf '%s: %s seeds\n' "$folder" "$(find "$folder" -type f | wc -l)"
done
