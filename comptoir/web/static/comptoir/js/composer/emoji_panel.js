// Choosing an emoji: a field to search in, and signs that the arrows walk through.
import { text, write } from "./form.js";
import { emojiFor } from "./emoji.js";
import { words } from "../words.js";

const COLUMNS = 8;
const button = () => document.getElementById("composer-emoji");
const panel = () => document.getElementById("emoji-panel");
const signs = () => [...panel().querySelectorAll(".emoji-sign")];

function open() {
  const box = document.createElement("div");
  box.id = "emoji-panel";
  box.className = "emoji-panel";
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", words("emoji"));
  const field = document.createElement("input");
  field.type = "search";
  field.id = "emoji-search";
  field.autocomplete = "off";
  field.placeholder = words("emojiSearch");
  field.setAttribute("aria-label", words("emojiSearch"));
  const grid = document.createElement("div");
  grid.className = "emoji-grid";
  box.append(field, grid);
  button().after(box);
  button().setAttribute("aria-expanded", "true");
  fill("");
  field.focus();
}

export function closePanel({ isDone = false } = {}) {
  if (!panel()) return;
  panel().remove();
  button()?.setAttribute("aria-expanded", "false");
  if (isDone) text()?.focus();
}

function fill(begun) {
  const found = emojiFor(begun);
  const grid = panel().querySelector(".emoji-grid");
  grid.replaceChildren(...found.map(signButton));
  if (!found.length) grid.textContent = words("emojiNone");
}

function signButton({ sign, name }, index) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "emoji-sign";
  one.textContent = sign;
  one.title = name;
  one.setAttribute("aria-label", name);
  one.tabIndex = index ? -1 : 0;
  return one;
}

function take(sign) {
  const at = text().selectionEnd;
  closePanel();
  write(sign, at, at);
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };

document.addEventListener(
  "keydown",
  (event) => {
    if (!panel()?.contains(event.target)) return;
    const all = signs();
    const index = all.indexOf(event.target);
    if (event.key === "Escape") closePanel({ isDone: true });
    else if (event.key === "Enter" && index < 0 && all.length) take(all[0].textContent);
    else if (event.key === "ArrowDown" && index < 0) all[0]?.focus();
    else if (event.key in STEPS && index >= 0) (all[index + STEPS[event.key]] ?? (STEPS[event.key] < 0 ? panel().querySelector("input") : all.at(-1))).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);
document.addEventListener("input", (event) => event.target.id === "emoji-search" && fill(event.target.value));
document.addEventListener("click", (event) => {
  const sign = event.target.closest(".emoji-sign");
  if (sign) take(sign.textContent);
  else if (!event.target.closest("#emoji-panel, #composer-emoji")) closePanel();
});

export function togglePanel() {
  if (panel()) closePanel({ isDone: true });
  else open();
}
