// The catalogue's answers beside the composer: taken with one key or a click, brought up to date with the exchange.
import { addEntryFiles } from "./composer/files.js";
import { form, isNote, mode, text, write } from "./composer/form.js";
import { gapsIn } from "./composer/limits.js";
import { startReply } from "./composer/modes.js";

const panel = () => document.getElementById("answers");
const takeable = () => [...(panel()?.querySelectorAll("[data-answer]") ?? [])];
const offered = () => [...(panel()?.querySelectorAll(".answers-list [data-answer]") ?? [])];

function take(button) {
  if (!form() || !text() || text().readOnly) return;
  if (isNote()) startReply();
  const field = text();
  const chosen = button.dataset[mode()] ?? "";
  if (isNote() || !chosen) return;
  const at = field.selectionEnd;
  const before = field.value.slice(0, field.selectionStart);
  const lead = before.trim() && !before.endsWith("\n") ? "\n\n" : "";
  write(`${lead}${chosen}`, field.selectionStart, at);
  for (const entry of button.dataset.answer.split(",")) remember(entry);
  if ("hasFiles" in button.dataset) addEntryFiles(button.dataset.answer, mode());
  const start = before.length + lead.length;
  const [gap] = gapsIn(chosen);
  if (!gap) return;
  const place = field.value.indexOf(gap, start);
  field.setSelectionRange(place, place + gap.length);
}

// Which entries have served is written down when the reply goes.
function remember(entry) {
  if (form().querySelector(`input[name="entry"][value="${entry}"]`)) return;
  form().append(Object.assign(document.createElement("input"), { type: "hidden", name: "entry", value: entry }));
}

// What has no text for the way that is chosen cannot be taken there.
function showTakeable() {
  for (const button of takeable()) button.disabled = !isNote() && mode() !== "" && !(mode() in button.dataset);
  panel()?.toggleAttribute("data-note", isNote());
  if (navigator.platform.startsWith("Mac")) {
    for (const key of panel()?.querySelectorAll("kbd[data-mac]") ?? []) key.textContent = key.dataset.mac;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#answers [data-answer]");
  if (button) take(button);
});

// The key itself tells: with Alt, some keyboards write another sign.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  const number = /^Digit([1-9])$/.exec(event.code)?.[1];
  const button = number && !event.target.closest("dialog") ? offered()[Number(number) - 1] : null;
  if (!button || button.disabled) return;
  event.preventDefault();
  event.stopPropagation();
  take(button);
}, { capture: true });

document.addEventListener("composer-shown", showTakeable);
document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target;
  if (target?.id === "answers" || target?.id === "answers-found") showTakeable();
  if (target?.id === "composer" && panel()) window.htmx?.ajax("GET", panel().dataset.refresh, { target: "#answers", swap: "innerHTML" });
});
// The customer has said something else, or the bot proposes: other answers, unless somebody searches by hand.
for (const news of ["customer-spoke", "bot-decided"]) {
  document.addEventListener(news, () => {
    if (panel() && !document.getElementById("answers-asked")?.value) {
      window.htmx?.ajax("GET", panel().dataset.refresh, { target: "#answers", swap: "innerHTML" });
    }
  });
}
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "answers") return;
  const { height } = panel().getBoundingClientRect();
  document.documentElement.style.setProperty("--answers-height", `${height + 8}px`); // With the space below it.
});

// On a telephone the proposal and the answers are a line each: what was unfolded stays so while it is about the same.
const unfolded = new Set();
const meant = (fold) => `${fold.id} ${fold.dataset.of ?? ""}`;

function showFold(fold, isOpen) {
  fold.classList.toggle("is-open", isOpen);
  fold.querySelector("[data-act=fold]").setAttribute("aria-expanded", String(isOpen));
}

document.addEventListener("click", (event) => {
  const fold = event.target.closest("#answers [data-act=fold]")?.closest(".fold");
  if (!fold) return;
  const isOpen = !unfolded.delete(meant(fold));
  if (isOpen) unfolded.add(meant(fold));
  showFold(fold, isOpen);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "conversation") unfolded.clear();
  if (event.detail.target?.id !== "answers") return;
  for (const fold of panel().querySelectorAll(".fold")) if (unfolded.has(meant(fold))) showFold(fold, true);
});
