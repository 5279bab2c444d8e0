// Short messages that nobody has to answer.
import { say } from "./said.js";
import { words } from "./words.js";

const region = document.getElementById("toasts");
const STAYS_MS = 9000;
const MOST = 3; // More would hide what they lie over; what somebody has to know of stays.

export function toast(text, { isError = false } = {}) {
  const box = document.createElement("div");
  box.className = isError ? "toast is-error" : "toast";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  box.append(paragraph);
  region.append(box);
}

// Not while somebody points at it, or is about to press what it offers.
function leaveSoon(box) {
  setTimeout(() => (box.matches(":hover, :focus-within") ? leaveSoon(box) : box.remove()), STAYS_MS);
}

const passes = (box) => !box.matches(".is-error, .is-call");

// The agent's own key for it, where single keys are on.
export function wayBack() {
  const { on, alt, map = "{}" } = document.getElementById("keys")?.dataset ?? {};
  const key = on === "yes" && Object.entries(JSON.parse(map)).find(([, act]) => act === "undo")?.[0];
  return key && words("takesBack").replace("{key}", `${alt === "yes" ? "Alt " : ""}${key.toUpperCase()}`);
}

// Its words, and what takes it back: not its buttons, which a live region would have read first. A call is an alert itself.
function tell(box) {
  if (box.matches(".is-call")) return;
  const told = [...box.querySelectorAll("p")].map((one) => one.textContent.trim().replace(/\s+/g, " "));
  for (const one of [...told, box.querySelector("[data-undo]") && wayBack()]) say(one);
}

function arrange(box) {
  tell(box);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = "×";
  close.setAttribute("aria-label", words("close"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  if (!passes(box)) return;
  leaveSoon(box);
  const passing = [...region.children].filter(passes);
  for (const old of passing.slice(0, Math.max(0, region.childElementCount - MOST))) if (old !== box) old.remove();
}

// What lies above the exchange, on a telephone: it grows, and another conversation has its own.
const ABOVE = ["head", "here", "bridges"];
const above = () => ABOVE.map((id) => document.getElementById(id)).filter(Boolean);

// What scrolls beneath them ends where they begin, so that nothing lies under them that one could press.
function makeRoom() {
  const { style } = document.documentElement;
  style.setProperty("--toasts-height", `${region.offsetHeight + 16}px`);
  const end = Math.max(0, ...above().map((one) => one.getBoundingClientRect().bottom));
  style.setProperty("--head-end", `${Math.min(end, innerHeight / 2)}px`); // Lower down they would be out of sight.
  showFocus();
}

// What has the focus is seen, also where a message has come to lie over it.
function showFocus() {
  const held = document.activeElement;
  if (!region.childElementCount || !held || held === document.body || region.contains(held)) return;
  const [box, over] = [held.getBoundingClientRect(), region.getBoundingClientRect()];
  if (box.height && box.top >= over.top && box.bottom <= over.bottom) held.scrollIntoView({ block: "center" });
}

if (region) {
  const sizes = new ResizeObserver(makeRoom);
  const watch = () => [region, ...above()].forEach((one) => sizes.observe(one));
  watch();
  document.addEventListener("htmx:afterSwap", watch);
  for (const box of region.children) arrange(box);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.classList?.contains("toast")) arrange(node);
  }).observe(region, { childList: true });
}
