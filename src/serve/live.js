// Keeps a page that lies open up to date: what is new takes its place, the reader stays where they
// are, and what is wrong with the spec or its data lies above it until it is mended.
(() => {
  'use strict';
  const { page, version: first } = document.currentScript.dataset;
  let version = first;
  let latest = null;
  let source = null;
  let swapping = false;
  let lost = 0;

  // Browsers grant a server few connections: a page that nobody sees gives its own back.
  function listen() {
    if (document.visibilityState === 'hidden') {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource('/_kpi/events');
      source.onmessage = (event) => {
        latest = JSON.parse(event.data);
        clearTimeout(lost);
        lost = 0;
        show();
        update();
      };
      source.onerror = () => {
        // It tries again by itself; a server that begins anew is there before this is over.
        lost ||= setTimeout(() => show('kpi serve has ended: the page is as it was last'), 1500);
      };
    }
  }
  document.addEventListener('visibilitychange', listen);

  function update() {
    const next = latest.pages[page];
    if (next === undefined) {
      // A page of the server's own, for want of one that may be there now.
      const name = decodeURIComponent(location.pathname.slice(1));
      const has = name === '' ? Object.keys(latest.pages).some((n) => n.endsWith('.html')) : name in latest.pages;
      if (has) location.reload();
      else if (page !== 'notice.html' && !latest.problems) show('This report is not made any more; / lists those that are');
    } else if (next !== version && !swapping) {
      swap();
    }
  }

  async function swap() {
    swapping = true;
    try {
      const answer = await fetch('/' + encodeURIComponent(page), { cache: 'no-store' });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const own = next.querySelector('script[data-page]');
      // Scripts of a template run when a page is loaded, and only then.
      const theirs = 'script:not([data-page])';
      if (!own || document.querySelector(theirs) || next.querySelector(theirs)) {
        location.reload();
        return;
      }
      const stood = state();
      const root = document.documentElement;
      for (const name of root.getAttributeNames()) root.removeAttribute(name);
      for (const { name, value } of next.documentElement.attributes) root.setAttribute(name, value);
      document.head.replaceWith(document.adoptNode(next.head));
      document.body.replaceWith(document.adoptNode(next.body));
      restore(stood);
      version = own.dataset.version;
    } finally {
      swapping = false;
    }
    if (latest.pages[page] !== version) update();
  }

  const folds = () => [...document.querySelectorAll('details')];
  const name = (fold) => fold.querySelector('summary')?.textContent ?? '';
  const boxes = () => [...document.querySelectorAll('.scroll')];

  function state() {
    return {
      at: [scrollX, scrollY],
      folds: folds().map((fold) => [name(fold), fold.open]),
      boxes: boxes().map((box) => box.scrollLeft),
      focus: document.activeElement?.id,
    };
  }

  function restore(stood) {
    folds().forEach((fold, i) => {
      if (stood.folds[i]?.[0] === name(fold)) fold.open = stood.folds[i][1];
    });
    boxes().forEach((box, i) => (box.scrollLeft = stood.boxes[i] ?? 0));
    if (stood.focus) document.getElementById(stood.focus)?.focus({ preventScroll: true });
    scrollTo({ left: stood.at[0], top: stood.at[1], behavior: 'instant' });
  }

  // Outside of the body, which is replaced, and with styles that neither touch the page's nor are
  // touched by them.
  let host = null;
  let folded = false;
  function show(notice = '') {
    const problems = latest?.problems;
    if (!problems && !notice) {
      host?.remove();
      host = null;
      folded = false;
      return;
    }
    if (!host) {
      host = document.createElement('kpi-problems');
      host.attachShadow({ mode: 'open' });
    }
    if (!host.isConnected) document.documentElement.append(host);
    const bare = Object.keys(latest?.pages ?? {}).length === 0;
    const below = bare ? 'no report yet' : 'below is the last good report';
    host.shadowRoot.innerHTML = `<style>${STYLE}</style>
      <section lang="en" dir="ltr" role="alert">
        <header><strong></strong><span></span><button type="button"></button></header>
        <div tabindex="0"></div>
      </section>`;
    const part = (selector) => host.shadowRoot.querySelector(selector);
    part('strong').textContent = notice || latest.tally;
    part('span').textContent = notice ? '' : below;
    const body = part('div');
    const button = part('button');
    // Made and escaped by the program.
    if (problems && !notice) body.innerHTML = problems;
    const fold = () => {
      body.hidden = folded || !problems || Boolean(notice);
      button.hidden = !problems || Boolean(notice);
      button.textContent = folded ? 'Show' : 'Hide';
      button.setAttribute('aria-expanded', String(!folded));
    };
    button.onclick = () => {
      folded = !folded;
      fold();
    };
    fold();
  }

  const STYLE = `
    :host { all: initial; }
    section { --ink: #1d1b1a; --paper: #fffdfb; --soft: #6b6460; --line: #e3dcd6; --bad: #b3261e;
      --warn: #8a5a00; --mark: #ffdad6; position: fixed; inset: 0 0 auto 0; z-index: 2147483647;
      display: flex; flex-direction: column; max-height: 60vh; color: var(--ink);
      background: var(--paper); border-bottom: 3px solid var(--bad);
      box-shadow: 0 6px 24px #0004; font: 15px/1.5 system-ui, sans-serif; }
    header { display: flex; gap: .75rem; align-items: baseline; padding: .6rem 1rem; }
    strong { color: var(--bad); }
    span { color: var(--soft); flex: 1; }
    button { font: inherit; color: inherit; background: none; border: 1px solid var(--line);
      border-radius: 6px; padding: .1rem .7rem; cursor: pointer; }
    button:focus-visible, div:focus-visible, a:focus-visible { outline: 2px solid var(--bad); outline-offset: 2px; }
    div { overflow: auto; overscroll-behavior: contain; padding: 0 1rem .75rem; }
    [hidden] { display: none; }
    article { border-top: 1px solid var(--line); padding: .6rem 0; }
    h2 { font-size: 1rem; font-weight: 600; margin: 0 0 .2rem; }
    h2 span { color: var(--bad); } .warning h2 span { color: var(--warn); }
    h2 code { color: var(--soft); font-weight: 400; }
    p { margin: .15rem 0; } .place a { color: inherit; } .label, .help { color: var(--soft); }
    .help::before { content: "→ "; }
    pre { margin: .3rem 0; padding: .4rem .6rem; overflow-x: auto; background: #8881; border-radius: 6px;
      font: 13px/1.6 ui-monospace, monospace; }
    pre span { color: var(--soft); margin-inline-end: 1rem; user-select: none; }
    mark { color: inherit; background: var(--mark); border-bottom: 2px solid var(--bad); }
    @media (prefers-color-scheme: dark) { section { --ink: #efe9e5; --paper: #211e1d; --soft: #b3a9a3;
      --line: #3d3836; --bad: #ff8a80; --warn: #f2c063; --mark: #5c2b29; } }
    @media print { section { display: none; } }`;

  listen();
})();
