// Acts on a selection: a bar as soon as something is chosen, then how far it has come.
import { fetchPart } from "./patch.js";
import { say } from "./said.js";

const bar = () => document.getElementById("bulk-bar");
const panel = () => document.getElementById("bulk-progress");
let chosen = { ids: [], isEverything: false, choice: "" };
let loading = null;

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
  panel().querySelector("[data-takes-focus]")?.focus();
  tell(panel().querySelector("[data-bulk]"));
});

// That it has begun, and how it ended: a region that comes with its words is not read out.
let told = "";
function tell(line) {
  const stage = line?.dataset.bulk ?? "";
  if (stage && stage !== told) say(line.textContent.trim().replace(/\s+/g, " "));
  told = stage;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-act='close-bulk']")) panel().replaceChildren();
});

// Somebody who comes back sees what is still under way, and can undo what was just done.
if (panel()?.dataset.latest) window.htmx.ajax("GET", panel().dataset.latest, { target: "#bulk-progress", swap: "innerHTML" });
