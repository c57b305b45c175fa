// See serve.sh: `kpi serve` in a browser.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [kpi, example, pictures] = process.argv.slice(2);
const executablePath =
  process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const place = mkdtempSync(join(tmpdir(), 'kpi-serve-'));
const project = join(place, 'shop');
cpSync(example, project, { recursive: true, filter: (path) => !/[\\/]out$/.test(path) });

const wrong = [];
const check = (holds, message) => {
  if (!holds) wrong.push(message);
};

const server = spawn(kpi, ['serve', project, '--port', '0'], {
  env: { ...process.env, KPI_CACHE: join(place, 'cache') },
});
let said = '';
server.stderr.on('data', (text) => (said += text));
const ended = new Promise((resolve) => server.on('exit', (code) => resolve(code)));
const address = await new Promise((resolve) => {
  let out = '';
  server.stdout.on('data', (text) => {
    out += text;
    if (out.includes('\n')) resolve(out.trim());
  });
});

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.on('pageerror', (e) => wrong.push(`error: ${e.message}`));
page.on('request', (r) => check(r.url().startsWith(address), `request: ${r.url()}`));

const spec = join(project, 'reports.kpi');
const good = readFileSync(spec, 'utf8');
const overlay = () => page.evaluate(() => document.querySelector('kpi-problems')?.shadowRoot.textContent ?? '');
const picture = (name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });
const times = [];
// Writes a file, and waits until the page shows it; never mind how long, but it is told.
async function shows(what, path, text, seen, argument) {
  // Nobody saves again within half a second.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const begun = performance.now();
  writeFileSync(path, text);
  try {
    await page.waitForFunction(seen, argument, { timeout: 20000, polling: 5 });
  } catch {
    wrong.push(`${what}: it did not show\n${said}`);
  }
  times.push(`${what} ${Math.round(performance.now() - begun)} ms`);
}

try {
  await page.goto(address);
  // The list of all reports gets the earlier periods as soon as they are made.
  await page.waitForFunction(() => document.querySelectorAll('a[href*="monthly-"]').length === 12);
  await page.click('main a');
  await page.waitForURL(/monthly\.html$/);
  await page.evaluate(() => {
    window.stayed = true;
    document.querySelector('details.data').open = true;
    scrollTo({ top: 2000, behavior: 'instant' });
  });
  const stood = await page.evaluate(() => scrollY);
  check(stood > 1000, 'the page is too short to scroll');
  const title = /report monthly "([^"]*)"/.exec(good)[1];
  const has = (text) => document.body.textContent.includes(text);

  await shows('spec', spec, good.replace(title, 'The month, renamed'), has, 'The month, renamed');
  check(await page.evaluate(() => window.stayed === true), 'the page was loaded anew');
  check((await page.evaluate(() => scrollY)) === stood, 'the reader was moved');
  check(await page.evaluate(() => document.querySelector('details.data').open), 'what was open was closed');
  check((await page.title()).includes('The month, renamed'), 'the title stayed');

  const file = join(project, 'data/search-console.csv');
  const data = readFileSync(file, 'utf8');
  const before = await page.evaluate(() => document.body.textContent);
  // Half of the rows are gone.
  const lines = data.trimEnd().split('\n');
  const half = lines.slice(0, Math.floor(lines.length / 2)).join('\n') + '\n';
  await shows('data', file, half, (old) => document.body.textContent !== old, before);
  writeFileSync(file, data);
  await page.waitForFunction((old) => document.body.textContent === old, before);

  execFileSync(kpi, ['init', project, '--templates']);
  const template = join(project, 'templates/report.html.j2');
  const layout = readFileSync(template, 'utf8');
  await shows('template', template, layout.replace('</body>', '<p>From our template.</p></body>'), has, 'From our template.');

  await shows(
    'mistake',
    spec,
    good.replace('report monthly', 'reprt monthly'),
    () => document.querySelector('kpi-problems')?.shadowRoot.textContent.includes('reprt'),
  );
  check((await overlay()).includes('1 error'), `not told how many: ${await overlay()}`);
  check(await page.evaluate(has, 'From our template.'), 'the last good report is gone');
  const link = await page.evaluate(() => document.querySelector('kpi-problems').shadowRoot.querySelector('a').href);
  check(/^vscode:\/\/file\/.*\/reports\.kpi:\d+:\d+$/.test(link), `no link to the place: ${link}`);
  await picture('mistake-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('mistake-dark');
  await page.setViewportSize({ width: 380, height: 800 });
  await picture('mistake-narrow');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.evaluate(() => document.querySelector('kpi-problems').shadowRoot.querySelector('button').click());
  check(await page.evaluate(() => document.querySelector('kpi-problems').shadowRoot.querySelector('div').hidden), 'it cannot be folded');
  await shows('mended', spec, good, () => !document.querySelector('kpi-problems'));

  await shows(
    'mistake in a template',
    template,
    layout.replace('</body>', '{{ nothing.like.it }}</body>'),
    () => document.querySelector('kpi-problems')?.shadowRoot.textContent.includes('nothing'),
  );
  await shows('mended template', template, layout, () => !document.querySelector('kpi-problems'));
  await shows(
    'bad cell',
    file,
    data.replace(/\n[^\n]+\n?$/, (last) => last.replace(/,\d+/, ',many')),
    () => document.querySelector('kpi-problems')?.shadowRoot.textContent.includes('many'),
  );
  await picture('bad-cell');
  await shows('mended data', file, data, () => !document.querySelector('kpi-problems'));

  // Two pages at once, each told of its own.
  const other = await browser.newPage();
  await other.goto(address + 'monthly-2026-05.html');
  await other.evaluate(() => (window.stayed = true));
  await shows('both', spec, good.replace(title, 'Both of them'), has, 'Both of them');
  await other.waitForFunction(has, 'Both of them');
  check(await other.evaluate(() => window.stayed === true), 'the other page was loaded anew');
  const missing = await other.goto(address + 'nowhere.html');
  check(missing.status() === 404, 'a page that is not there is found');

  // A report that is there no more says so where it lies open, and comes back.
  await shows(
    'report gone',
    spec,
    good.replace('report monthly', 'report another'),
    () => document.querySelector('kpi-problems')?.shadowRoot.textContent.includes('not made any more'),
  );
  await shows('report back', spec, good, () => !document.querySelector('kpi-problems'));

  server.kill('SIGTERM');
  check((await ended) === 0, `it did not end well\n${said}`);
  await page.waitForFunction(() => document.querySelector('kpi-problems')?.shadowRoot.textContent.includes('has ended'));
} catch (error) {
  wrong.push(`${error.message}\n${said}`);
} finally {
  server.kill('SIGKILL');
  await browser.close();
  rmSync(place, { recursive: true, force: true });
}
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(`kpi serve in a browser: ${times.join(', ')}`);
