// Choosing several rows. Each row has a checkbox named “selected”; X, a click, or a shift-click (all between) chooses.
//
// Whoever acts on them listens on the document for “selection-changed”; its detail is
//   { ids: [number], isEverything: boolean, choice: string }
// `ids`: what is chosen and on the page; `isEverything`: all of the list is meant, also what is not on the page, and
// `choice` says which list in the words of an address (view=all&channel=email). The bar for the acts is #bulk-bar, empty
// and hidden here; it may be filled and shown as the event tells. “clear-selection” on the document ends it.
import { counted, words } from "./words.js";

const chosen = new Set();
let isEverything = false;
let last = null;

const list = () => document.getElementById("list");
const boxes = () => [...document.querySelectorAll('#rows input[name="selected"]')];

function tell() {
  for (const box of boxes()) {
    box.checked = isEverything || chosen.has(Number(box.value));
    box.closest(".row").classList.toggle("is-chosen", box.checked);
  }
  const count = isEverything ? Infinity : chosen.size;
  const line = document.getElementById("selection");
  if (!line) return;
  const isSelecting = list().classList.contains("is-selecting") || count > 0;
  line.hidden = !isSelecting;
  list().classList.toggle("has-chosen", count > 0);
  document.getElementById("select-toggle")?.setAttribute("aria-pressed", String(isSelecting));
  const said = isEverything ? words("chosenEverything") : counted("chosen", chosen.size);
  const shown = document.getElementById("selection-count");
  const counting = count ? said : words("chosenNone");
  const isCounted = isEverything && shown.textContent.startsWith(counting); // With its number, which came after.
  if (shown.textContent !== counting && !isCounted) shown.textContent = counting; // Written anew, it would be said anew.
  const detail = { ids: [...chosen], isEverything, choice: document.getElementById("rows").dataset.choice };
  document.dispatchEvent(new CustomEvent("selection-changed", { detail }));
}

// How much that is comes a moment later; whoever has chosen otherwise meanwhile is told nothing of it.
async function countAll() {
  const shown = document.getElementById("selection-count");
  const { url: bar } = document.getElementById("bulk-bar").dataset; // The number is asked for beside it.
  if (!bar) return;
  try {
    const response = await fetch(`${bar}../count/?${document.getElementById("rows").dataset.choice}`, { headers: { "HX-Request": "true" } });
    const said = await response.text();
    if (response.ok && isEverything) shown.textContent = said;
  } catch {
    // Before it is done, it is said in any case.
  }
}

function choose(box, isChosen) {
  isEverything = false;
  if (isChosen) chosen.add(Number(box.value));
  else chosen.delete(Number(box.value));
}

function chooseBetween(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
  if (from < 0) return;
  for (const one of all.slice(from, to + 1)) choose(one, box.checked);
}

function clear() {
  chosen.clear();
  isEverything = false;
  list()?.classList.remove("is-selecting");
  tell();
}

// Rows that were drawn anew are chosen as they were; those that left the list no longer are.
export function restoreChosen(gone = []) {
  if (!chosen.size && !isEverything) return;
  for (const id of gone) chosen.delete(id);
  tell();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('#rows input[name="selected"]');
  if (box) {
    choose(box, box.checked);
    if (event.shiftKey && last) chooseBetween(box);
    last = box;
    tell();
    return;
  }
  if (event.target.closest?.("#select-toggle")) {
    if (!document.getElementById("selection").hidden) clear();
    else {
      list().classList.add("is-selecting");
      tell();
      boxes()[0]?.focus();
    }
  }
  const which = event.target.closest?.("[data-select]")?.dataset.select;
  if (which === "none") clear();
  if (which === "shown") {
    isEverything = false;
    for (const box of boxes()) chosen.add(Number(box.value));
    tell();
  }
  if (which === "everything") {
    for (const box of boxes()) chosen.add(Number(box.value));
    isEverything = true;
    tell();
    countAll();
  }
});
document.addEventListener("clear-selection", clear);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !document.querySelector(".list.has-chosen, .list.is-selecting")) return;
  if (event.target.closest("details.menu[open], dialog, #composer")) return;
  clear();
});
