// Keeping what is typed, whatever happens.
import { form, mode, text } from "./form.js";
import { words } from "../words.js";

// After a pause, and while somebody types without one: what is typed is safe, and customers are shown that we type.
const PAUSE_MS = 600;
const LONGEST_MS = 4000;
let timer = 0;
let unkeptSince = 0;
let unkept = false;
let keeping = null; // What stops the keeping under way.
let sequence = 0;

function draftBody() {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(typed())) body.set(name, value);
  return body;
}

// The server forgets a draft that comes late: older than another of this form, or of a form that has been sent.
// After a lost answer, what is changed is new writing whatever became of the form: it goes without the key.
export function typed() {
  sequence = Math.max(sequence + 1, Date.now());
  const choices = form().elements.choices?.value ?? "";
  return { mode: mode(), text: text().value, choices, key: form().dataset.isNew ? "" : form().elements.key.value, sequence };
}

// The same words put there again would be read out again, after each pause in typing.
function show(state, said) {
  if (state.textContent !== said) state.textContent = said;
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
    if (state.isConnected) show(state, text().value.trim() ? words("draftKept") : "");
  } catch {
    if (mine.signal.aborted || !current.isConnected) return; // Something newer has taken its place.
    unkept = true;
    if (state.isConnected) show(state, words("draftUnkept"));
    timer = setTimeout(keep, 5000);
  } finally {
    if (keeping === mine) keeping = null;
  }
}

// Leaving the page, or the conversation: what is not kept yet goes out with the last breath.
export function keepAtOnce() {
  clearTimeout(timer);
  const current = form();
  if (!current || !(unkept || keeping)) return;
  if (navigator.sendBeacon(current.dataset.draft, draftBody())) unkept = false;
}

export function keepSoon() {
  if (!unkept) unkeptSince = Date.now();
  unkept = true;
  clearTimeout(timer);
  timer = setTimeout(keep, Math.max(0, Math.min(PAUSE_MS, unkeptSince + LONGEST_MS - Date.now())));
}

// The composer is about to be replaced: nothing is kept beside it.
export function keepNothing() {
  clearTimeout(timer);
  keeping?.abort();
}

export function allIsKept() {
  unkept = false;
}

window.addEventListener("pagehide", keepAtOnce);
document.addEventListener("visibilitychange", () => document.hidden && keepAtOnce());
