// Who calls at this moment: the telephone is heard, and what is known of them opens, unless somebody writes or chooses.
import { showConversation } from "./exchange.js";
import { titleCaller } from "./application.js";
import { ring, stopRinging } from "./sound.js";
import { words } from "./words.js";

const shown = new Map(); // id -> its line

function line(call) {
  const box = document.createElement("div");
  box.className = "toast is-call";
  box.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.className = "button small primary";
  link.href = call.url;
  link.textContent = words("openCaller");
  const paragraph = document.createElement("p");
  paragraph.textContent = call.words;
  box.append(paragraph, link);
  return box;
}

const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const CHOOSES = "dialog[open], details.menu[open], .message-form-place:not(:empty), .has-chosen";

function isBusy() {
  const isWriting = document.activeElement?.matches(WRITES) || document.getElementById("composer-text")?.value.trim();
  return Boolean(isWriting || document.hidden || document.querySelector(CHOOSES));
}

// Of a call that begins now; one that rang already when the page was opened takes nobody anywhere.
function open(call) {
  if (document.getElementById("conversation") && !isBusy()) showConversation(call.url);
}

export function showCalls(calls, { isAnnounced, rings }) {
  const ringing = new Set(calls.map((call) => call.id));
  for (const [id, box] of shown) {
    if (ringing.has(id)) continue;
    box.remove();
    shown.delete(id);
  }
  const begun = calls.filter((call) => !shown.has(call.id));
  for (const call of begun) {
    const box = line(call);
    shown.set(call.id, box);
    document.getElementById("toasts").append(box);
  }
  titleCaller(calls[0]?.name ?? "");
  // Whoever closes the line has heard it.
  if (rings && calls.some((call) => shown.get(call.id).isConnected)) ring();
  else stopRinging();
  if (isAnnounced && begun.length) open(begun[0]);
}
