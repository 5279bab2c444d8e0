// Acts on a selection: a bar as soon as something is chosen, then how far it has come.
import { fetchPart } from "./patch.js";
import { say } from "./said.js";
import { wayBack } from "./toasts.js";

const bar = () => document.getElementById("bulk-bar");
const panel = () => document.getElementById("bulk-progress");
let chosen = { ids: [], isEverything: false, choice: "" };
let loading = null;
let isOurs = false; // Asked for on this page: whoever only comes back has been told how it ended.

async function load() {
  const part = await fetchPart(bar().dataset.url);
  bar().replaceChildren(part);
  window.htmx.process(bar());
}

document.addEventListener("selection-changed", async (event) => {
  chosen = event.detail;
  if (!bar()?.dataset.url) return;
  const isNeeded = chosen.isEverything || chosen.ids.length > 0;
  if (isNeeded && !bar().children.length) {
    loading ??= load().catch(() => {}).finally(() => (loading = null));
    await loading;
  }
  bar().hidden = !(chosen.isEverything || chosen.ids.length > 0);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.closest?.("#bulk-bar, #bulk-progress") && event.detail.verb === "post") isOurs = true;
  if (!event.target.closest?.("#bulk-bar")) return;
  const { parameters } = event.detail;
  parameters.ids = chosen.ids.join(",");
  parameters.choice = chosen.choice;
  if (chosen.isEverything) parameters.everything = "yes";
});

// Each asking has a key of its own: the next one needs a new bar.
document.addEventListener("bulk-started", () => {
  document.dispatchEvent(new CustomEvent("clear-selection"));
  bar()?.replaceChildren();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "bulk-progress") return;
  const asked = panel().querySelector("[data-takes-focus]");
  if (asked) asked.focus();
  else if (document.activeElement === document.body && isOurs) panel().focus({ preventScroll: true }); // Its bar is gone, or its button.
  tell(panel().querySelector("[data-bulk]"));
});

// That it has begun, and how it ended: a region that comes with its words is not read out.
let told = "";
function tell(line) {
  const stage = line?.dataset.bulk ?? "";
  const isNews = stage && stage !== told && (isOurs || !panel().querySelector("[data-ended]"));
  told = stage;
  if (isOurs && panel().querySelector("[data-ended]")) document.dispatchEvent(new CustomEvent("own-act-ended"));
  if (!isNews) return;
  say(line.textContent.trim().replace(/\s+/g, " "));
  if (panel().querySelector("[data-undo-bulk]")) say(wayBack());
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-act='close-bulk']")) return;
  panel().replaceChildren();
  (bar().querySelector("button") ?? document.querySelector(".row a[aria-current], .row a"))?.focus({ preventScroll: true });
});

// Somebody who comes back sees what is still under way, and can undo what was just done.
if (panel()?.dataset.latest) window.htmx.ajax("GET", panel().dataset.latest, { target: "#bulk-progress", swap: "innerHTML" });
