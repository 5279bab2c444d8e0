// Single keys, where nobody is typing; they can be turned off.
import { setMode, startReply } from "./composer.js";
import { neighbour } from "./list.js";

const STORED = "comptoir.keys";
const isOn = () => localStorage.getItem(STORED) !== "off";

function open(step) {
  const row = neighbour(step);
  if (!row) return;
  const link = row.querySelector("a");
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  link.click();
}

const acts = {
  j: () => open(1),
  k: () => open(-1),
  r: startReply,
  n: () => setMode("note"),
  e: () => document.getElementById("resolve")?.click(),
  a: () => {
    const menu = document.getElementById("assign-menu");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("button")?.focus();
  },
  "/": () => (document.querySelector(".row > a[aria-current]") ?? document.querySelector(".row > a"))?.focus(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !isOn()) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const act = acts[event.key.toLowerCase()];
  if (!act || !document.querySelector(".rail")) return;
  event.preventDefault();
  act();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "composer-text") event.target.blur();
});

const box = document.getElementById("keys-on");
if (box) {
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
}
