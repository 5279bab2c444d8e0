// The widget's clothes: one constructed style sheet, which a strict policy allows, and the colours a site chooses.

const SHEET = `
:host {
  all: initial;
  --accent: var(--comptoir-accent, #855c12);
  --on-accent: var(--comptoir-on-accent, #fff);
  --focus: #855c12;
  --paper: #fbfaf7; --ground: #eeeff1; --line: #d5d8dc; --edge: #858d94;
  --ink: #1d2226; --quiet: #565e65; --red: #a3261d; --green: #276738;
  --shadow: 0 1px 2px rgb(20 24 28 / .12), 0 12px 32px rgb(20 24 28 / .18);
  position: fixed; inset: auto 0 0 auto; z-index: 2147483000;
  font: 15px/1.5 var(--comptoir-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
  color: var(--ink); color-scheme: light; text-align: start;
}
:host([data-scheme="dark"]) {
  --accent: var(--comptoir-accent, #d8ab57); --on-accent: var(--comptoir-on-accent, #1c1708); --focus: #d8ab57;
  --paper: #202428; --ground: #2c3136; --line: #3d444a; --edge: #87919a;
  --ink: #eceae5; --quiet: #adb4ba; --red: #ff9d92; --green: #8fd0a0;
  --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 32px rgb(0 0 0 / .5);
  color-scheme: dark;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea, input { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; touch-action: manipulation; }
button:disabled { cursor: default; opacity: .6; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
svg { inline-size: 22px; block-size: 22px; fill: none; stroke: currentColor; stroke-width: 1.7;
  stroke-linecap: round; stroke-linejoin: round; display: block; }
h2, p, ol, ul { margin: 0; padding: 0; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; inset-block-end: 20px; right: 20px;
  inline-size: 56px; block-size: 56px; display: grid; place-items: center;
  border: 0; border-radius: 50%; background: var(--accent); color: var(--on-accent); box-shadow: var(--shadow);
}
.launcher svg { inline-size: 30px; block-size: 30px; margin-block-start: -4px; }
.launcher:focus-visible { outline-offset: 3px; outline-color: var(--ink); }
:host([data-position="left"]) .launcher { right: auto; left: 20px; }
.badge {
  position: absolute; inset-block-start: -3px; right: -3px; min-inline-size: 22px; padding: 0 6px;
  border-radius: 11px; background: var(--ink); color: var(--paper); border: 2px solid var(--paper);
  font-size: 12px; line-height: 18px; font-weight: 650; font-variant-numeric: tabular-nums;
}

.panel {
  position: fixed; inset-block-end: 20px; right: 20px;
  inline-size: min(384px, calc(100vw - 32px)); min-block-size: min(380px, calc(100vh - 40px));
  max-block-size: min(640px, calc(100vh - 40px)); max-block-size: min(640px, calc(100dvh - 40px));
  display: flex; flex-direction: column; overflow: hidden;
  background: var(--paper); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow);
  animation: rise 120ms ease-out;
}
:host([data-position="left"]) .panel { right: auto; left: 20px; }
@keyframes rise { from { opacity: 0; transform: translateY(8px); } }

header {
  display: flex; align-items: center; justify-content: space-between; gap: 8px;
  padding: 8px 8px 8px 18px; border-block-end: 1px solid var(--line); box-shadow: inset 0 3px 0 var(--accent);
}
h2 { font-size: 17px; line-height: 1.3; font-weight: 650; overflow-wrap: anywhere; }
.status { font-size: 13px; color: var(--quiet); }
.status::before {
  content: ""; display: inline-block; inline-size: 8px; block-size: 8px; margin-inline-end: 6px;
  border: 1.5px solid var(--edge); border-radius: 50%;
}
.status.is-open::before { background: var(--green); border-color: var(--green); }
.notice { padding: 10px 18px; background: var(--ground); border-block-end: 1px solid var(--line); font-size: 14px; text-wrap: pretty; }
.greeting { padding: 22px 18px 0; font-size: 17px; line-height: 1.45; text-wrap: pretty; white-space: pre-line; overflow-wrap: anywhere; }

.log { position: relative; flex: 1 1 auto; min-block-size: 0; display: flex; }
.scroller { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 6px 18px 14px; }
.scroller:focus-visible { outline-offset: -3px; }
.rows { list-style: none; }
.row { padding-block-start: 6px; position: relative; }
.row:has(.heading) { padding-block-start: 16px; }
.heading { font-size: 13px; color: var(--quiet); margin-block-end: 2px; font-variant-numeric: tabular-nums; }
.heading strong { color: var(--ink); font-weight: 650; margin-inline-end: 4px; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; max-inline-size: 68ch; }
.text a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.visitor { margin-inline-start: 44px; }
.visitor .said { background: var(--ground); border-radius: 6px; padding: 8px 12px; }
.counter .said { padding-inline-start: 12px; border-inline-start: 2px solid var(--accent); }
.said > * + * { margin-block-start: 8px; }
.state { font-size: 13px; color: var(--quiet); margin-block-start: 3px; text-align: end; }
[data-state="sending"] .text { color: var(--quiet); }
[data-state="failed"] .state { color: var(--red); text-align: start; }
.plain, .earlier {
  display: block; min-block-size: 44px; padding: 0 12px; border: 1px solid var(--line); border-radius: 6px; background: none;
  font-size: 14px; color: var(--ink);
}
.plain { margin-block-start: 6px; }
.earlier { margin: 8px auto; }
.picture canvas { display: block; max-inline-size: 100%; border-radius: 4px; margin-block: 4px; }
.file { display: block; font-size: 14px; overflow-wrap: anywhere; text-align: start; }
button.file { min-block-size: 44px; border: 0; background: none; padding: 0; color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.pill {
  position: absolute; inset-block-end: 8px; left: 50%; transform: translateX(-50%); min-block-size: 44px;
  display: flex; align-items: center; gap: 6px; padding: 0 16px; border: 1px solid var(--line); border-radius: 22px;
  background: var(--paper); box-shadow: var(--shadow); font-size: 14px; white-space: nowrap;
}
.pill svg { inline-size: 16px; block-size: 16px; }
.typing { padding: 0 18px 8px; font-size: 13px; color: var(--quiet); font-style: italic; }

.composer { border-block-start: 1px solid var(--line); padding: 10px 10px max(10px, env(safe-area-inset-bottom)); }
.line { display: flex; align-items: flex-end; gap: 4px; }
.grow { flex: 1; min-inline-size: 0; display: block; }
textarea, .address input {
  display: block; inline-size: 100%; min-block-size: 44px; padding: 9px 12px; font-size: 16px; line-height: 24px;
  background: var(--paper); border: 1px solid var(--edge); border-radius: 6px;
}
textarea { resize: none; overflow-y: auto; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
textarea:focus-visible, .address input:focus-visible { outline-offset: -1px; }
[aria-invalid="true"] { border-color: var(--red) !important; }
.round, .send {
  flex: none; inline-size: 44px; block-size: 44px; display: grid; place-items: center;
  border: 0; border-radius: 6px; background: none; color: var(--quiet);
}
.round:hover { background: var(--ground); color: var(--ink); }
.send { background: var(--accent); color: var(--on-accent); margin-inline-start: 4px; }
.address { display: grid; gap: 8px; padding: 2px 2px 10px; }
.address span { display: block; font-size: 13px; color: var(--quiet); margin-block-end: 2px; }
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: 6px; }
.chips li {
  display: flex; align-items: center; max-inline-size: 100%; padding-inline-start: 12px; margin-block-end: 8px;
  background: var(--ground); border-radius: 6px; font-size: 14px;
}
.chips span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-inline-size: 200px; }
.chips button { inline-size: 44px; block-size: 44px; border: 0; background: none; display: grid; place-items: center; }
.chips svg { inline-size: 16px; block-size: 16px; }
.left, .wrong { font-size: 13px; color: var(--quiet); padding: 4px 4px 0; }
.wrong { color: var(--red); }
.left:empty, .wrong:empty { display: none; }

@media (max-width: 30rem), (max-height: 26rem) {
  .panel, :host([data-position="left"]) .panel {
    inset: 0; inline-size: 100%; block-size: 100%; max-block-size: none; border: 0; border-radius: 0;
  }
}
@media (prefers-reduced-motion: reduce) { .panel { animation: none; } }
@media (forced-colors: active) { .launcher, .send { border: 1px solid; } .counter .said { border-inline-start-color: CanvasText; } }
@media print { :host { display: none; } }
`;

export function dress(host, root, { color, position, theme }) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(SHEET);
  const chosen = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet, chosen];
  if (position === "left") host.dataset.position = "left";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const settle = () => {
    const isDark = theme === "dark" || (theme !== "light" && dark.matches);
    host.dataset.scheme = isDark ? "dark" : "light";
    if (color) chosen.replaceSync(accentOf(color, host, isDark));
  };
  dark.addEventListener("change", settle);
  settle();
}

// The site's colour, with whichever of black and white is read best on it; a ring too pale to be seen becomes ink.
function accentOf(color, host, isDark) {
  if (!CSS.supports("color", color)) {
    console.warn(`Comptoir: data-color="${color}" is not a colour.`);
    return "";
  }
  const probe = host.ownerDocument.createElement("canvas").getContext("2d");
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const light = luminance(probe.getImageData(0, 0, 1, 1).data);
  const onAccent = 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#fff" : "#000";
  const paper = isDark ? 0.018 : 0.955;
  const [lighter, darker] = [Math.max(light, paper), Math.min(light, paper)];
  const ring = (lighter + 0.05) / (darker + 0.05) >= 3 ? "var(--accent)" : "var(--ink)";
  return `:host, :host([data-scheme]) { --accent: ${color}; --on-accent: ${onAccent}; --focus: ${ring}; }`;
}

function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
