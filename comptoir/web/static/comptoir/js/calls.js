// Who calls at this moment: one line each, with the way to what is known of them. It takes nothing away from who writes.
import { words } from "./words.js";

const RINGS_MS = 45_000;
const shown = new Map();

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

export function showCalls(calls) {
  const ringing = new Set(calls.map((call) => call.id));
  for (const [id, box] of shown) {
    if (ringing.has(id)) continue;
    box.remove();
    shown.delete(id);
  }
  for (const call of calls) {
    if (shown.has(call.id)) continue;
    const box = line(call);
    shown.set(call.id, box);
    document.getElementById("toasts").append(box);
    setTimeout(() => box.remove(), RINGS_MS);
  }
}
