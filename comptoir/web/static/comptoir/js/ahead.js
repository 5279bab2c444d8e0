// Whoever walks from one conversation to the next with a key finds it there: it is asked for while this one is read.
import { keepAtOnce } from "./composer/keeping.js";
import { openRow, rowBeside, showOpen } from "./list.js";

const LASTS_MS = 60_000; // After that it is asked for anew; whatever happens in it in between drops it at once.
const headers = { "HX-Request": "true", "Comptoir-Ahead": "1" };
let step = 0; // Which way one walks; nothing is asked for before somebody does.
let kept = null;

export function walks(way) {
  step = way;
}

async function fetchAhead(address) {
  const response = await fetch(address, { headers, credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return response.text();
}

function askForNext() {
  if (!step || navigator.connection?.saveData || document.documentElement.dataset.live !== "on") return;
  const link = rowBeside(step)?.querySelector("a");
  if (!link) return;
  const address = link.getAttribute("href");
  if (kept?.address === address && isFresh()) return;
  kept = { address, id: Number(link.parentElement.dataset.id), at: performance.now(), words: fetchAhead(address) };
  kept.words.catch(() => {}); // Asked for again when it is wanted.
}

const isFresh = () => performance.now() - kept.at < LASTS_MS;

// What was kept of a conversation no longer shows it as it is.
export function forgetAhead(ids) {
  if (!ids || ids.includes(kept?.id)) kept = null;
}

// In the place of the request that a row makes, and with the same traces: the open row, the address, what is read.
async function open(row, found, request) {
  const target = document.getElementById("conversation");
  showOpen(row);
  try {
    const said = await found.words;
    if (openRow() !== row.dataset.id) return; // One has gone on meanwhile.
    if (kept !== found) return request();
    kept = null;
    history.replaceState({ htmx: true }, "", location.href);
    history.pushState({ htmx: true }, "", found.address);
    keepAtOnce();
    window.htmx.swap(target, said, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }, { eventInfo: { target } });
    tellSeen(target.firstElementChild.dataset.seen);
  } catch {
    if (kept === found) kept = null;
    if (openRow() === row.dataset.id) request();
  }
}

function tellSeen(address) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  const said = { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", keepalive: true };
  fetch(address, said).catch(() => {}); // It stays unread then, as it would have.
}

document.addEventListener("htmx:confirm", (event) => {
  const row = event.target.closest?.(".row");
  if (!row || kept?.address !== event.detail.path || !isFresh()) return;
  event.preventDefault();
  open(row, kept, () => event.detail.issueRequest(true));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "conversation") setTimeout(askForNext, 0);
});
