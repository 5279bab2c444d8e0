// Single keys, where nobody is typing: the agent's own, one sign or « g » and one sign; they can be turned off.
import { walks } from "./ahead.js";
import { setMode, startReply } from "./composer.js";
import { neighbour, openRow, showOpen } from "./list.js";
import { say } from "./said.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const PREFIX = "g";
const PATIENCE_MS = 1500;
const HELD_MS = 60; // A key that is held down comes again sooner.
const dialog = document.getElementById("keys");
const map = dialog ? JSON.parse(dialog.dataset.map) : {};
const places = dialog ? JSON.parse(dialog.dataset.places) : {};
let isHeld = false;
let walkedAt = -Infinity;
let letGo = 0;
let begun = -Infinity; // When the prefix was pressed; zero would be the moment the page was opened.

// By ear, a key that leads nowhere would seem to be broken.
function endOfList(step) {
  if (!byId("rows") || document.querySelector("#more button")) return "";
  if (!document.querySelector(".row")) return words("listEmpty");
  return words(step > 0 ? "listEnds" : "listBegins");
}

function open(step) {
  const row = neighbour(step);
  if (!row) {
    say(endOfList(step));
    return;
  }
  walks(step);
  const link = row.querySelector("a");
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  if (isPassing()) passBy(row);
  else link.click();
}

function isPassing() {
  const now = performance.now();
  const isSoon = isHeld || now - walkedAt < HELD_MS;
  walkedAt = now;
  isHeld = false;
  clearTimeout(letGo);
  return isSoon;
}

// Of the conversations that one passes with the key held down, none is asked for but the one on which it is let go.
function passBy({ id, dataset }) {
  showOpen({ dataset });
  letGo = setTimeout(() => openRow() === dataset.id && byId(id)?.querySelector("a").click(), HELD_MS);
}

const byId = (id) => document.getElementById(id);

function openMenu(id) {
  const menu = byId(id);
  if (!menu) return false;
  if (menu.localName !== "details") {
    menu.click();
    return true;
  }
  menu.open = true;
  (menu.querySelector("[data-first], input:not([type=hidden])") ?? menu.querySelector("button, a"))?.focus();
  return true;
}

function press(...ids) {
  const button = ids.map(byId).find(Boolean);
  button?.click();
  return Boolean(button);
}

function go(place) {
  if (places[place]) location.assign(places[place]);
}

function selectOpen() {
  const list = byId("rows");
  const row = document.activeElement?.closest?.(".row") ?? (list && byId(`row-${list.dataset.open}`));
  row?.querySelector('input[type="checkbox"]')?.click();
}

function undo() {
  const last = [...document.querySelectorAll("#undo button, .toast [data-undo], .toast button[name='undo']")].at(-1);
  const button = last ?? document.querySelector("[data-undo-bulk]");
  if (button) button.click();
  else toast(document.querySelector(".bulk-panel[data-under-way]")?.dataset.underWay ?? words("nothingToUndo"));
}

function forChosen(id, act) {
  return () => (document.querySelector(".list.has-chosen") ? openMenu(id) : act());
}

const acts = {
  next: () => open(1),
  previous: () => open(-1),
  select: selectOpen,
  reply: startReply,
  note: () => setMode("note"),
  resolve: forChosen("bulk-resolve", () => press("resolve", "reopen")),
  assign: forChosen("bulk-assign", () => openMenu("assign-menu")),
  snooze: forChosen("bulk-more", () => openMenu("snooze-menu")),
  tag: forChosen("bulk-tag", () => openMenu("tag-menu") || document.querySelector(".tag-form input:not([type=hidden])")?.focus()),
  macro: () => openMenu("macro-menu"),
  correct: () => {
    const last = [...document.querySelectorAll("#exchange a.reading")].at(-1);
    last?.scrollIntoView({ block: "nearest" });
    last?.click();
  },
  follow: () => press("follow"),
  hand_off: () => press("hand-off"),
  accept: () => press("accept-hand-off"),
  refuse: () => openMenu("refuse-menu"),
  consult: () => press("consult"),
  undo,
  help: () => dialog.showModal(),
  search: () => (byId("find-text") ? byId("find-text").focus() : go("search")),
};

export function act(name) {
  (acts[name] ?? (() => go(name)))();
}

// Alt and a letter writes another sign on some keyboards: then the key itself tells.
export function signOf(event) {
  if (event.altKey && !/^[\x21-\x7e]$/.test(event.key)) return event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  return event.key.toLowerCase();
}

export function isForKeys(event) {
  if (!dialog || dialog.dataset.on !== "yes" || event.ctrlKey || event.metaKey || event.isComposing) return false;
  if (event.altKey !== (dialog.dataset.alt === "yes")) return false;
  return !event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog");
}

document.addEventListener("keydown", (event) => {
  if (!isForKeys(event) || event.key.length !== 1) return;
  const sign = signOf(event);
  const isSecond = performance.now() - begun < PATIENCE_MS;
  begun = -Infinity;
  const name = isSecond ? map[`${PREFIX} ${sign}`] : map[sign];
  if (!isSecond && sign === PREFIX) begun = performance.now();
  else if (!name) return;
  event.preventDefault();
  isHeld = event.repeat;
  if (name) act(name);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "composer-text") event.target.blur();
});

// As in the composer: what is asked of colleagues leaves by Ctrl or ⌘ and Enter.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat) return;
  const form = event.target.closest?.(".bridge-form, .bridge-answer");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// The choice goes to the server: it is the agent's, on every computer.
byId("keys-on")?.addEventListener("change", (event) => {
  dialog.dataset.on = event.target.checked ? "yes" : "no";
  const body = new URLSearchParams({ on: dialog.dataset.on });
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(dialog.dataset.switch, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token, "HX-Request": "true" },
    credentials: "same-origin",
    keepalive: true,
  }).catch(() => {});
});
