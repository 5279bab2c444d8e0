// The list: rows change in place; what would move waits until nobody is looking for something in it.
import { fetchPart, remember, update } from "./patch.js";
import { counted } from "./words.js";

const rows = () => document.getElementById("rows");
const scroller = () => document.getElementById("list-scroll");
const news = () => document.getElementById("list-news");
const waiting = new Map(); // id -> fresh row (or null for one that left), not shown in its place yet

function isQuiet() {
  const isPointed = scroller().matches(":hover") && matchMedia("(hover: hover)").matches;
  return scroller().scrollTop < 8 && !isPointed && !rows().matches(":focus-within");
}

function mark() {
  const list = rows();
  if (!list) return;
  for (const link of list.querySelectorAll(".row > a")) {
    if (link.parentElement.dataset.id === list.dataset.open) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

export async function refreshRows(ids) {
  const list = rows();
  if (!list || !ids.length) return;
  try {
    const part = await fetchPart(`${list.dataset.rows}?sort=${list.dataset.sort}&ids=${ids.join(",")}`);
    const fresh = [...part.querySelectorAll(".row")];
    const found = new Set(fresh.map((row) => Number(row.dataset.id)));
    for (const row of fresh) if (isMoving(row)) waiting.set(Number(row.dataset.id), row.cloneNode(true));
    for (const id of ids) if (!found.has(id) && document.getElementById(`row-${id}`)) waiting.set(id, null);
    update(list, fresh.filter((row) => document.getElementById(row.id)));
    mark();
    if (isQuiet()) settle();
    else tell();
  } catch {
    // Shown with the next event.
  }
}

export async function reloadRows() {
  const list = rows();
  if (!list || scroller().scrollTop > 8) return;
  const part = await fetchPart(`${list.dataset.rows.replace(/rows\/$/, "page/")}?sort=${list.dataset.sort}`);
  list.replaceChildren(...part.children);
  window.htmx?.process(list);
  waiting.clear();
  mark();
  tell();
}

function before(one, other) {
  const sign = rows().dataset.sort === "waiting" ? 1 : -1;
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
    document.getElementById(`row-${id}`)?.remove();
    if (!fresh) continue;
    const next = [...list.querySelectorAll(".row")].find((row) => before(fresh, row));
    if (next) next.before(fresh);
    else if (document.getElementById("more")) document.getElementById("more").before(fresh);
    else list.append(fresh);
    remember(fresh);
  }
  waiting.clear();
  mark();
  tell();
}

function tell() {
  const button = news();
  button.hidden = waiting.size === 0;
  if (waiting.size) button.textContent = counted("changed", waiting.size);
}

document.addEventListener("click", (event) => {
  if (event.target.id === "list-news") {
    scroller().scrollTop = 0;
    settle();
  }
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest?.(".row");
  if (!row) return;
  rows().dataset.open = row.dataset.id;
  mark();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "rows" && !event.target.closest?.("#rows")) return;
  mark();
});
document.addEventListener("mouseout", (event) => {
  if (waiting.size && event.target.closest?.("#list-scroll") && !event.relatedTarget?.closest?.("#list-scroll")) {
    if (isQuiet()) settle();
  }
});
document.addEventListener("focusout", (event) => {
  if (waiting.size && event.target.closest?.("#rows")) setTimeout(() => isQuiet() && settle(), 0);
});

// The row beside the open one, for the keyboard.
export function neighbour(step) {
  const all = [...(rows()?.querySelectorAll(".row") ?? [])];
  const index = all.findIndex((row) => row.dataset.id === rows().dataset.open);
  return all[index < 0 ? (step > 0 ? 0 : all.length - 1) : index + step];
}
