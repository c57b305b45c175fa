// See run.sh.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath =
  process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
// `page.html=18`: printed on A4 it has 18 pages, or one more or less, as fonts differ.
const asked = process.argv.slice(2).map((text) => /^(.*?)(?:=(\d+))?$/.exec(text));
const pages = asked.map((a) => a[1]);
const sheets = new Map(asked.filter((a) => a[2]).map((a) => [a[1], Number(a[2])]));
if (pages.length === 0) {
  console.error('usage: run.sh PAGE.html[=SHEETS]...');
  process.exit(2);
}

const wrong = [];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

async function open(file, options, visit) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const where = `${file} ${JSON.stringify(options)}`;
  page.on('console', (m) => wrong.push(`${where}: console: ${m.text()}`));
  page.on('pageerror', (e) => wrong.push(`${where}: error: ${e.message}`));
  page.on('request', (r) => {
    if (!r.isNavigationRequest()) wrong.push(`${where}: request: ${r.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await visit(page, (message) => wrong.push(`${where}: ${message}`));
  await context.close();
}

// What reaches beyond the page's edge and is not inside a box that scrolls by itself.
const sideways = () => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const boxed = (e) => e.closest('.scroll, .quiet, .defs');
  const all = [...document.body.querySelectorAll('*')].filter((e) => !boxed(e));
  const wide = all.filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > width + 1 || box.left < -1;
  });
  return `${document.documentElement.scrollWidth} > ${width}: ${wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 90)).join(' | ')}`;
};

for (const file of pages) {
  for (const colorScheme of ['light', 'dark']) {
    await open(file, { colorScheme, viewport: { width: 1280, height: 900 } }, async (page, say) => {
      // Everything is looked at, what is folded too.
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
      await page.evaluate(axe);
      const found = await page.evaluate(() =>
        window.axe.run(document, { resultTypes: ['violations'] }),
      );
      for (const v of found.violations) {
        const nodes = v.nodes.slice(0, 3).map((n) => `${n.target} ${n.html.slice(0, 100)} ${n.failureSummary}`);
        say(`axe ${v.id} (${v.impact}, ${v.nodes.length}): ${nodes.join('\n    ')}`);
      }
    });
  }
  for (const options of [
    { viewport: { width: 320, height: 640 } },
    { viewport: { width: 320, height: 640 }, javaScriptEnabled: true, colorScheme: 'dark' },
    { viewport: { width: 640, height: 450 } },
  ]) {
    await open(file, options, async (page, say) => {
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
      const found = await page.evaluate(sideways);
      if (found) say(`scrolls sideways: ${found}`);
    });
  }
  await open(file, { colorScheme: 'dark' }, async (page, say) => {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const count = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
    const due = sheets.get(file);
    if (due && Math.abs(count - due) > 1) say(`printed it has ${count} pages, not ${due}`);
    // What was folded is printed, or said elsewhere; nothing is cut at the edge of the sheet.
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 688, height: 900 });
    const found = await page.evaluate(sideways);
    if (found) say(`is wider than a sheet: ${found}`);
  });
  await open(file, {}, async (page, say) => {
    const face = await page.evaluate(async () => {
      await document.fonts.ready;
      return { lang: document.documentElement.lang, all: [...document.fonts].map((f) => f.status) };
    });
    if (face.lang === 'fa' && face.all.join() !== 'loaded') say(`the typeface: ${face.all}`);
  });
  await open(file, { javaScriptEnabled: false }, async (page, say) => {
    if ((await page.locator('h1').count()) !== 1) say('no title without JavaScript');
    const charts = await page.locator('#report svg.chart').count();
    if (charts === 0 && (await page.locator('#report').count()) > 0) say('no chart without JavaScript');
  });
}
await browser.close();
if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(`${pages.length} page(s): nothing wrong`);
