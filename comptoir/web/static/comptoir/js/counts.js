// How much there is of each view: asked again a while after something happened, however much has happened meanwhile.
import { fetchJson } from "./patch.js";

const AT_MOST_EVERY_MS = 5_000;
let timer = 0;
let isStale = false;

// Where the saved views are: what they hold is counted while one can see it.
const menu = () => document.getElementById("views-menu");

async function ask() {
  clearTimeout(timer);
  timer = 0;
  const head = document.querySelector("[data-counts]");
  if (!head) return;
  if (document.hidden) {
    isStale = true;
    return;
  }
  isStale = false;
  try {
    show(await fetchJson(head.dataset.counts + (menu()?.open ? "?saved=yes" : "")));
  } catch {
    // Asked again with the next event.
  }
}

function show(counts) {
  const told = { ...counts, "to-see-to-alert": counts["to-see-to"] };
  for (const mark of document.querySelectorAll("[data-count]")) {
    const text = told[mark.dataset.count];
    if (text === undefined) continue;
    if (mark.textContent !== text) mark.textContent = text;
    mark.hidden = text === "0";
  }
}

// The moments of different browsers are spread, so that one event does not have them all ask at once.
export function countSoon() {
  timer ||= setTimeout(ask, AT_MOST_EVERY_MS * (0.5 + Math.random() / 2));
}

document.addEventListener("toggle", (event) => event.target === menu() && menu().open && ask(), true);
document.addEventListener("visibilitychange", () => document.hidden || (isStale && countSoon()));
