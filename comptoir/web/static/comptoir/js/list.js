// The list: rows change in place; what would move waits until nobody is looking for something in it.
import { countSoon } from "./counts.js";
import { isUnlooked, showRead } from "./staying.js";
import { fetchPart, remember, update } from "./patch.js";
import { restoreChosen } from "./selection.js";
import { counted } from "./words.js";

const rows = () => document.getElementById("rows");
const scroller = () => document.getElementById("list-scroll");
const news = () => document.getElementById("list-news");
let below = ""; // What stood under the open row when that left the list: one goes on from there.
const waiting = new Map(); // id -> fresh row (or null for one that left), not shown in its place yet

// What one has done to many oneself is shown at once, wherever one points: one waits for it.
const OWN_MS = 5000;
let ownUntil = 0;
document.addEventListener("own-act-ended", () => {
  ownUntil = performance.now() + OWN_MS;
  if (waiting.size) settle();
});

function isQuiet() {
  if (performance.now() < ownUntil) return true;
  const isPointed = scroller().matches(":hover") && matchMedia("(hover: hover)").matches;
  return scroller().scrollTop < 8 && !isPointed && !rows().matches(":focus-within");
}

function mark() {
  const list = rows();
  if (!list) return;
  for (const link of list.querySelectorAll(".row a")) {
    if (link.closest(".row").dataset.id === list.dataset.open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  restoreChosen();
}

const GATHER_MS = 400;
const MOST_AT_ONCE = 200; // As many as the server answers for.
const touched = new Set();
let gathering = 0;
let isAsking = false;

// What happens while many customers write is gathered: one question for all of it, a few times a second at most.
export function refreshRows(ids) {
  countSoon();
  if (!rows()) return;
  for (const id of ids) touched.add(id);
  askSoon();
}

function askSoon() {
  if (!isAsking) gathering ||= setTimeout(ask, GATHER_MS);
}

// One question at a time: an answer that was overtaken by the next one would show rows as they were.
async function ask() {
  gathering = 0;
  const ids = [...touched].slice(0, MOST_AT_ONCE);
  for (const id of ids) touched.delete(id);
  const list = rows();
  if (!list || !ids.length) return;
  isAsking = true;
  let hasFailed = false;
  try {
    const part = await fetchPart(`${list.dataset.rows}&ids=${ids.join(",")}`);
    if (list === rows()) take(ids, part);
  } catch {
    hasFailed = true;
    for (const id of ids) touched.add(id); // Asked again with the next event.
  }
  isAsking = false;
  if (touched.size && !hasFailed) askSoon();
}

function take(ids, part) {
  const fresh = [...part.querySelectorAll(".row")];
  const found = new Set(fresh.map((row) => Number(row.dataset.id)));
  for (const id of ids) waiting.delete(id);
  for (const row of fresh) if (isMoving(row)) waiting.set(Number(row.dataset.id), row.cloneNode(true));
  for (const id of ids) if (!found.has(id) && document.getElementById(`row-${id}`)) waiting.set(id, null);
  update(rows(), fresh.filter((row) => document.getElementById(row.id)));
  mark();
  if (isQuiet()) settle();
  else tell();
}

export async function reloadRows() {
  const list = rows();
  countSoon();
  if (!list || scroller().scrollTop > 8) return;
  const part = await fetchPart(list.dataset.page);
  list.replaceChildren(...part.children);
  window.htmx?.process(list);
  waiting.clear();
  mark();
  tell();
}

function before(one, other) {
  const sign = rows().dataset.sort === "newest" ? -1 : 1;
  return sign * (one.dataset.key - other.dataset.key || one.dataset.id - other.dataset.id) < 0;
}

// Whether a row is new, or belongs elsewhere than where it is.
function isMoving(fresh) {
  const node = document.getElementById(fresh.id);
  if (!node) return isInReach(fresh);
  const above = node.previousElementSibling;
  const below = node.nextElementSibling;
  return Boolean((above?.matches(".row") && before(fresh, above)) || (below?.matches(".row") && before(below, fresh)));
}

// A row beyond the last one loaded comes with its page.
function isInReach(fresh) {
  const last = rows().querySelector(".row:last-of-type") ?? [...rows().querySelectorAll(".row")].at(-1);
  return !document.getElementById("more") || !last || before(fresh, last);
}

function settle() {
  const list = rows();
  for (const [id, fresh] of waiting) {
    const row = document.getElementById(`row-${id}`);
    if (!fresh && row?.dataset.id === list.dataset.open) below = row.nextElementSibling?.id;
    row?.remove();
    if (!fresh) continue;
    const next = [...list.querySelectorAll(".row")].find((row) => before(fresh, row));
    if (next) next.before(fresh);
    else if (document.getElementById("more")) document.getElementById("more").before(fresh);
    else list.append(fresh);
    remember(fresh);
  }
  restoreChosen([...waiting].filter(([, fresh]) => !fresh).map(([id]) => id));
  waiting.clear();
  mark();
  tell();
}

// What is new is counted; what has only moved, or left, is told where nothing is new.
function tell() {
  const button = news();
  button.hidden = waiting.size === 0;
  if (!waiting.size) return;
  const added = [...waiting].filter(([id, fresh]) => fresh && !document.getElementById(`row-${id}`)).length;
  button.textContent = added ? counted("newRow", added) : counted("changed", waiting.size);
}

document.addEventListener("click", (event) => {
  if (event.target.id === "list-news") {
    scroller().scrollTop = 0;
    settle();
  }
  // The marks lie over the link of their row, so that they can be pointed at: pressed, they are the row.
  event.target.closest?.(".row-tags, .row-marks")?.closest(".row").querySelector("a").click();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.(".row");
  if (row) showOpen(row);
});
// What one has gone on from is not shown over what was opened since, however late it comes.
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target?.id === "conversation" && event.detail.requestConfig?.elt.closest?.(".row");
  if (row && row.dataset.id !== openRow()) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const row = event.target.closest?.(".row");
  if (!row) return;
  const { id } = row.dataset;
  if (event.detail.successful && !isUnlooked(id)) showRead(id); // The server has heard of it.
  if (!event.detail.successful && openRow() === id) showWhatIsOpen(); // And not what could not be opened.
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "conversation") showWhatIsOpen();
  else if (event.detail.target?.id === "rows" || event.target.closest?.("#rows")) mark();
});
document.addEventListener("mouseout", (event) => {
  if (waiting.size && event.target.closest?.("#list-scroll") && !event.relatedTarget?.closest?.("#list-scroll")) {
    if (isQuiet()) settle();
  }
});
document.addEventListener("focusout", (event) => {
  if (waiting.size && event.target.closest?.("#rows")) setTimeout(() => isQuiet() && settle(), 0);
});

export const openRow = () => rows()?.dataset.open;

export function showOpen(row) {
  rows().dataset.open = row.dataset.id;
  mark();
}

// However it was opened: by its row, by the way back from what was done, or because its customer calls.
function showWhatIsOpen() {
  const id = document.querySelector(".exchange-pane")?.dataset.conversation;
  if (rows()) rows().dataset.open = id ?? "";
  mark();
}

// The rows beside the open one, the nearest first.
export function rowsBeside(step, count) {
  const all = [...(rows()?.querySelectorAll(".row") ?? [])];
  const index = all.findIndex((row) => row.dataset.id === rows().dataset.open);
  const under = index < 0 ? all.findIndex((row) => row.id === below) : index + 1;
  const first = under < 0 ? (step > 0 ? 0 : all.length - 1) : step > 0 ? under : under + step - (index < 0 ? 0 : 1);
  return Array.from({ length: count }, (_, place) => all[first + place * step]).filter(Boolean);
}

// The same for the keyboard, which has more rows loaded as it comes to their end.
export function neighbour(step) {
  const [row] = rowsBeside(step, 1);
  const isLast = step > 0 && !row?.nextElementSibling?.matches(".row");
  if (isLast) document.querySelector("#more button")?.click();
  return row;
}
