// Writing: where it goes, how long it may be, and keeping it whatever happens.
import { words } from "./words.js";

const PAUSE_MS = 600;
let timer = 0;
let unkept = false;
let keeping = null; // What stops the keeping under way.
let sequence = 0;

const form = () => document.getElementById("composer-form");
const text = () => document.getElementById("composer-text");

const counters = {
  graphemes: (value) => [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(value)].length,
  code_points: (value) => [...value].length,
  utf16: (value) => value.length,
  bytes: (value) => new TextEncoder().encode(value).length,
};

function modeOf(composer) {
  return composer.querySelector('input[name="mode"]:checked');
}

function showMode() {
  const composer = document.getElementById("composer");
  const chosen = composer && modeOf(composer);
  if (!chosen) return;
  composer.dataset.mode = chosen.value;
  document.getElementById("destination").textContent = chosen.dataset.destination;
  document.getElementById("composer-send").textContent = chosen.dataset.button;
  showLength();
}

function showLength() {
  const shown = document.getElementById("composer-length");
  const { longest, unit } = form()?.dataset ?? {};
  if (!shown) return;
  const isNote = document.getElementById("composer").dataset.mode === "note";
  const count = longest && !isNote ? counters[unit](text().value.trim()) : 0;
  const left = longest - count;
  const matters = Boolean(longest) && !isNote && (left < longest * 0.5 || longest <= 500) && count > 0;
  shown.classList.toggle("is-over", matters && left < 0);
  const said = matters ? (left < 0 ? words("tooLong", -left) : words("length", left)) : "";
  if (shown.textContent !== said) shown.textContent = said;
}

function draftBody() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  body.set("mode", document.getElementById("composer").dataset.mode);
  body.set("text", text().value);
  for (const [name, value] of Object.entries(edition())) body.set(name, value);
  return body;
}

// The server forgets a draft that comes late: older than another of this form, or of a form that has been sent.
// After a lost answer, what is changed is new writing whatever became of the form: it goes without the key.
function edition() {
  sequence = Math.max(sequence + 1, Date.now());
  return { key: form().dataset.isNew ? "" : form().elements.key.value, sequence };
}

async function keep() {
  clearTimeout(timer);
  const current = form();
  if (!current || !unkept) return;
  unkept = false;
  keeping?.abort();
  const mine = (keeping = new AbortController());
  const state = document.getElementById("draft-state");
  try {
    const response = await fetch(current.dataset.draft, {
      method: "POST",
      body: draftBody(),
      credentials: "same-origin",
      signal: mine.signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    if (state.isConnected) state.textContent = text().value.trim() ? words("draftKept") : "";
  } catch {
    if (mine.signal.aborted || !current.isConnected) return; // Something newer has taken its place.
    unkept = true;
    if (state.isConnected) state.textContent = words("draftUnkept");
    timer = setTimeout(keep, 5000);
  } finally {
    if (keeping === mine) keeping = null;
  }
}

// Leaving the page, or the conversation: what is not kept yet goes out with the last breath.
function keepAtOnce() {
  clearTimeout(timer);
  const current = form();
  if (!current || !(unkept || keeping)) return;
  if (navigator.sendBeacon(current.dataset.draft, draftBody())) unkept = false;
}

function changed() {
  unkept = true;
  if (form().dataset.isUnanswered) form().dataset.isNew = "true";
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE_MS);
  showLength();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text") changed();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "mode" && event.target.closest("#composer")) {
    showMode();
    if (text().value.trim()) changed();
  }
  if (event.target.id === "composer-files") {
    document.getElementById("composer-file-names").textContent = [...event.target.files].map((file) => file.name).join(", ");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "composer-text") {
    event.preventDefault();
    document.getElementById("composer-send").click();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest('[data-act="go-private"]')) setMode("private");
});
window.addEventListener("pagehide", keepAtOnce);
document.addEventListener("visibilitychange", () => document.hidden && keepAtOnce());

const replacesComposer = (id) => id === "composer-form" || id === "undo";

// What is typed goes along when a reply is taken back: the server puts the reply before it.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "undo" || !form()) return;
  const { mode } = document.getElementById("composer").dataset;
  Object.assign(event.detail.parameters, { mode, text: text().value, ...edition() });
});
// The composer is about to be replaced: nothing is kept beside it, nothing is typed meanwhile.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!replacesComposer(event.target.id) || !form()) return;
  clearTimeout(timer);
  keeping?.abort();
  form().dataset.sending = "true";
  text().readOnly = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const current = form();
  if (!replacesComposer(event.target.id) || !current || !event.target.isConnected) return;
  delete current.dataset.sending;
  text().readOnly = false;
  const { status } = event.detail.xhr;
  if (status >= 200 && status < 300) return;
  if (event.target === current && (!status || status > 500)) current.dataset.isUnanswered = "true";
  unkept = true;
  timer = setTimeout(keep, PAUSE_MS);
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "composer-key" || !form()) return;
  delete form().dataset.isUnanswered;
  delete form().dataset.isNew;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "conversation") keepAtOnce();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target?.id === "composer") text()?.focus();
  if (target?.id === "composer" || target?.id === "conversation") start();
});

export function setMode(value) {
  const composer = document.getElementById("composer");
  const wanted = composer?.querySelector(`input[name="mode"][value="${value}"]`);
  if (wanted) wanted.checked = true;
  document.getElementById("composer-refusal")?.replaceChildren();
  showMode();
  text()?.focus();
  if (text()?.value.trim()) changed();
}

export function startReply() {
  const composer = document.getElementById("composer");
  const mode = composer && [...composer.querySelectorAll('input[name="mode"]')].find((one) => one.value !== "note");
  if (!mode) return;
  if (modeOf(composer)?.value === "note") setMode(mode.value);
  else text().focus();
}

// The bar that takes a reply back goes when the reply has gone.
function countDown() {
  const bar = document.getElementById("undo");
  if (!bar) return;
  const left = Math.ceil((Date.parse(bar.dataset.until) - Date.now()) / 1000);
  if (left <= 0) {
    if (bar.contains(document.activeElement)) text()?.focus();
    bar.remove();
    return;
  }
  const shown = bar.querySelector("[data-countdown]");
  if (!bar.dataset.said) {
    bar.dataset.said = "true";
    shown.parentElement.setAttribute("aria-label", words("leaves", left));
  }
  shown.textContent = words("leaves", left);
}
setInterval(countDown, 500);

function start() {
  unkept = false;
  showMode();
  countDown();
}
start();
