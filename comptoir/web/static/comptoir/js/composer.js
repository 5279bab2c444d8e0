// Writing: where it goes, how long it may be, what helps, and keeping it whatever happens.
import { composer, form, text, writeOn } from "./composer/form.js";
import { allIsKept, keepAtOnce, keepSoon } from "./composer/keeping.js";
import { showLimits, showWindow } from "./composer/limits.js";
import { noteWhere, setMode, showMode, startReply } from "./composer/modes.js";
import { close, offer } from "./composer/offers.js";
import { countDown, noteSeen } from "./composer/sending.js";
import { askSoon } from "./composer/tone.js";
import { say } from "./said.js";
import "./composer/files.js";
import "./composer/rewriting.js";

// Named once only: static files are renamed by content, an import and an export of the same module would be twice.
export { setMode, startReply };

let wasEmpty = true;

function changed() {
  if (form().dataset.isUnanswered) form().dataset.isNew = "true";
  document.querySelector("#composer-refusal > [data-of-words]")?.remove(); // It was about the words as they stood.
  keepSoon();
  showLimits();
  askSoon();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "composer-choices-text") changed();
  if (event.target.id !== "composer-text") return;
  if (wasEmpty) noteSeen();
  wasEmpty = !text().value.trim();
  noteWhere();
  changed();
  offer();
});
document.addEventListener("composer-changed", changed);
// Most conversations are answered without one.
document.addEventListener("click", async (event) => {
  if (event.target.closest("#composer-emoji")) (await import("./composer/emoji_panel.js")).togglePanel();
});
document.addEventListener("composer-shown", () => {
  close();
  showLimits();
  askSoon();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "conversation") keepAtOnce();
});
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target?.id === "composer" && text()) writeOn();
  if (target?.id === "composer" || target?.id === "conversation") start();
});

function start() {
  allIsKept();
  if (!composer()) return;
  wasEmpty = !text()?.value.trim();
  showMode();
  noteWhere();
  countDown();
  showWindow();
  for (const one of document.querySelectorAll("#composer-unaddressed p")) say(one.textContent.trim());
  for (const key of document.querySelectorAll("kbd[data-mac]")) {
    if (navigator.platform.startsWith("Mac")) key.textContent = key.dataset.mac;
  }
}
start();
