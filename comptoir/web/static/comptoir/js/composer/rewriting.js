// The same reply said better: shown as what would change, taken with Enter, left with Escape. The text stays as it is
// until somebody takes it.
import { isNote, post, text, write } from "./form.js";

const place = () => document.getElementById("composer-rewriting");
const button = () => document.getElementById("composer-better");
let written = "";

function show(html) {
  if (!place()) return;
  place().innerHTML = html;
  place().hidden = !html;
  place().querySelector("button")?.focus();
}

function leave() {
  show("");
  text()?.focus();
}

async function ask() {
  if (isNote() || !text()?.value.trim()) return text()?.focus();
  written = text().value;
  button().disabled = true;
  button().setAttribute("aria-busy", "true");
  try {
    show(await post(button().dataset.url, [["text", written]]));
  } catch {
    show("");
  } finally {
    button()?.removeAttribute("aria-busy");
    if (button()) button().disabled = false;
  }
}

function accept(words) {
  const isAsItWas = text().value === written;
  show("");
  if (isAsItWas) write(words, 0, text().value.length); // The browser can take it back.
  else text().focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#composer-better")) ask();
  const act = event.target.closest("#composer-rewriting [data-act]");
  if (act?.dataset.act === "accept-rewriting") accept(act.dataset.text);
  if (act?.dataset.act === "leave-rewriting") leave();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !place() || place().hidden || !event.target.closest?.("#composer")) return;
  event.preventDefault();
  event.stopPropagation();
  leave();
}, { capture: true });
document.addEventListener("input", (event) => {
  if (event.target.id === "composer-text" && place() && !place().hidden && text().value !== written) show("");
});
