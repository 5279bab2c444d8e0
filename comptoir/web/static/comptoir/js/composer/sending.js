// Sending, and taking back.
import { form, isNote, text } from "./form.js";
import { keepNothing, keepSoon, typed } from "./keeping.js";
import { areUploading, uploaded } from "./files.js";
import { refresh } from "../patch.js";
import { say } from "../said.js";
import { words } from "../words.js";

const undo = () => document.getElementById("undo");
const takesTyped = (target) => target?.matches?.("#undo, .take-back, .take-over, #private-menu form, .private-closing");
const replacesComposer = (target) => target?.matches?.("#composer-form") || takesTyped(target);

// What is typed goes along when a reply is taken back or ready words are asked for: the server puts those before it.
document.addEventListener("htmx:configRequest", (event) => {
  if (takesTyped(event.target) && form()) Object.assign(event.detail.parameters, typed());
});
// The composer is about to be replaced: nothing is kept beside it, nothing is typed meanwhile.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!replacesComposer(event.target) || !form()) return;
  if (event.target === form() && !isNote() && areUploading()) {
    event.preventDefault();
    const button = event.detail.requestConfig.triggeringEvent?.submitter;
    uploaded().then(() => form()?.requestSubmit(button?.isConnected ? button : undefined));
    return;
  }
  keepNothing();
  form().dataset.sending = "true";
  text().readOnly = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const current = form();
  if (!replacesComposer(event.target) || !current || !event.target.isConnected) return;
  delete current.dataset.sending;
  text().readOnly = false;
  const { status } = event.detail.xhr;
  if (status >= 200 && status < 300) return;
  if (event.target === current && (!status || status > 500)) current.dataset.isUnanswered = "true";
  document.getElementById("send-menu")?.removeAttribute("open");
  keepSoon();
});
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "composer-key" || !form()) return;
  delete form().dataset.isUnanswered;
  delete form().dataset.isNew;
});

function isEmptyField(target) {
  return !target.matches("input, textarea, select, [contenteditable]") || (target === text() && !text().value);
}

document.addEventListener("keydown", (event) => {
  const isHeld = event.ctrlKey || event.metaKey;
  if (isHeld && !event.shiftKey && event.key.toLowerCase() === "z" && undo() && isEmptyField(event.target)) {
    event.preventDefault();
    undo().requestSubmit();
    return;
  }
  if (event.key !== "Enter" || !event.target.closest?.("#composer-form")) return;
  if (event.target === text()) {
    const wanted = isHeld ? (event.shiftKey ? "send-and-resolve" : "composer-send") : "";
    if (event.altKey) openMenu(event);
    if (!wanted) return;
    event.preventDefault();
    (isNote() ? document.getElementById("composer-send") : document.getElementById(wanted))?.click();
  } else if (event.target.matches("input")) {
    // In a field beside the text, Enter does what stands next to it, and never sends by mistake.
    event.preventDefault();
    event.target.parentElement.querySelector("button[name]")?.click();
  }
});

function openMenu(event) {
  const menu = document.getElementById("send-menu");
  if (!menu || isNote()) return;
  event.preventDefault();
  menu.open = true;
  menu.querySelector("button").focus();
}

// In a menu of this composer, the arrows go from one choice to the next.
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".composer details.menu[open]");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key) || event.target.matches("input")) return;
  event.preventDefault();
  const choices = [menu.querySelector("summary"), ...menu.querySelectorAll("button, input")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  choices.at((choices.indexOf(event.target) + step + choices.length) % choices.length).focus();
});

// The bar that takes a reply back goes when the reply has gone.
export function countDown() {
  const bar = undo();
  if (!bar) return;
  const left = Math.ceil((Date.parse(bar.dataset.until) - Date.now()) / 1000);
  if (left <= 0) {
    if (bar.contains(document.activeElement)) text()?.focus();
    bar.remove();
    // What waits for its account goes on waiting, and is told of beside the composer from here on.
    if (bar.dataset.isHeld) setTimeout(() => refresh(document.getElementById("others")), 1000);
    return;
  }
  const shown = bar.querySelector("[data-countdown]");
  if (!bar.dataset.said) {
    bar.dataset.said = "true"; // Once: the seconds that follow are for the eyes.
    say(bar.dataset.isHeld ? words("heldAloud") : words("leavesAloud", left));
  }
  if (bar.dataset.isHeld) return;
  const counting = words("leaves", left);
  if (shown.textContent !== counting) shown.textContent = counting;
}
setInterval(countDown, 500);

// A colleague has answered: what was begun before is looked at again before it goes.
document.addEventListener("colleague-answered", (event) => {
  const place = document.getElementById("composer-warning");
  if (!place || !text()?.value.trim() || isNote()) return;
  place.className = "around is-warning";
  place.textContent = words("colleagueAnswered").replace("{name}", event.detail?.name ?? "");
  place.hidden = false;
  say(place.textContent);
  event.preventDefault(); // It is said here.
});

// What is begun now is begun in the knowledge of all that is on the page.
export function noteSeen() {
  const seen = document.getElementById("composer-seen");
  if (!seen) return;
  const shown = [...document.querySelectorAll("#exchange > .message")].map((one) => Number(one.id.replace("message-", "")));
  seen.value = Math.max(Number(seen.value), ...shown);
}

