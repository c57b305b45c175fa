// See run.sh: reports as JSON against the published schema.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const [schema, ...reports] = process.argv.slice(2);
// The sizes of integers (`format: uint32`) are Rust's; JSON has none.
const options = { allErrors: true, strictTypes: false, validateFormats: false };
const valid = new Ajv(options).compile(read(schema));
let wrong = 0;
for (const path of reports) {
  if (valid(read(path))) continue;
  wrong += 1;
  for (const e of valid.errors.slice(0, 10)) {
    console.error(`${path}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`);
  }
}
if (wrong > 0 || reports.length === 0) process.exit(1);
console.log(`${reports.length} report(s) as the schema says`);
