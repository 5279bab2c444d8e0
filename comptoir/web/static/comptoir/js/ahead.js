// Whoever walks from one conversation to the next with a key finds it there: it is asked for while this one is read, and
// the one after it for whoever presses on at once.
import { keepAtOnce } from "./composer/keeping.js";
import { openRow, rowsBeside, showOpen } from "./list.js";
import { isUnlooked, onceOneStays, tellSeen, walksOn } from "./staying.js";

const DEEP = 2;
const LASTS_MS = 60_000; // After that it is asked for anew; whatever happens in it in between drops it at once.
const headers = { "HX-Request": "true", "Comptoir-Ahead": "1" };
let step = 0; // Which way one walks; nothing is asked for before somebody does.
const kept = new Map(); // By address, the last that was asked for at the end.

export function walks(way) {
  step = way;
  walksOn();
}

async function fetchAhead(address) {
  const response = await fetch(address, { headers, credentials: "same-origin" });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return response.text();
}

// One after the other: the nearest is wanted first.
function askForNext() {
  if (!step || navigator.connection?.saveData || document.documentElement.dataset.live !== "on") return;
  const links = rowsBeside(step, DEEP).map((row) => row.querySelector("a"));
  const wanted = links.map((link) => link.getAttribute("href"));
  const place = wanted.findIndex((address) => !isFresh(kept.get(address)));
  if (place < 0) return;
  const id = Number(links[place].closest(".row").dataset.id);
  const found = { id, at: performance.now(), words: fetchAhead(wanted[place]) };
  kept.delete(wanted[place]);
  kept.set(wanted[place], found);
  if (kept.size > DEEP + 1) kept.delete(kept.keys().next().value); // One more: the one that is being opened.
  const goOn = () => kept.get(wanted[place]) === found && askForNext();
  found.words.then(goOn, () => {}); // What did not come is asked for again when it is wanted.
}

const isFresh = (found) => Boolean(found) && performance.now() - found.at < LASTS_MS;

// What was kept of conversations no longer shows them as they are.
export function forgetAhead(ids) {
  for (const [address, { id }] of kept) if (!ids || ids.includes(id)) kept.delete(address);
}

// In the place of the request that a row makes, and with the same traces: the open row, the address, what is read.
async function open(row, address, request) {
  const found = kept.get(address);
  const target = document.getElementById("conversation");
  showOpen(row);
  try {
    const said = await found.words;
    if (openRow() !== row.dataset.id) return; // One has gone on meanwhile.
    if (kept.get(address) !== found) return request();
    kept.delete(address);
    if (!history.state?.htmx) history.replaceState({ htmx: true }, "", location.href);
    history.pushState({ htmx: true }, "", address);
    keepAtOnce();
    // Element by element, htmx would take leave of what is shown and look for it in what comes: a third of the whole.
    if (!target.contains(document.activeElement)) target.replaceChildren();
    window.htmx.swap(target, said, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }, { eventInfo: { target } });
    const { id } = row.dataset;
    if (!isUnlooked(id)) onceOneStays("seen", () => openRow() === id && tellSeen(target.firstElementChild.dataset.seen, id));
  } catch {
    if (kept.get(address) === found) kept.delete(address);
    if (openRow() === row.dataset.id) request();
  }
}

document.addEventListener("htmx:confirm", (event) => {
  const row = event.target.closest?.(".row");
  const address = event.detail.path;
  if (!row || !isFresh(kept.get(address))) return;
  event.preventDefault();
  open(row, address, () => event.detail.issueRequest(true));
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "conversation") setTimeout(askForNext, 0);
});
