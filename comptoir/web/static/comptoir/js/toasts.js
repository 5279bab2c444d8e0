// Short messages that nobody has to answer.
import { words } from "./words.js";

const region = document.getElementById("toasts");
const STAYS_MS = 9000;

export function toast(text, { isError = false } = {}) {
  const box = document.createElement("div");
  box.className = isError ? "toast is-error" : "toast";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  box.append(paragraph);
  region.append(box);
  region.scrollIntoView({ block: "nearest" });
}

function arrange(box) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button quiet small";
  close.textContent = "×";
  close.setAttribute("aria-label", words("close"));
  close.addEventListener("click", () => box.remove());
  box.append(close);
  if (!box.classList.contains("is-error") && !box.classList.contains("is-call")) setTimeout(() => box.remove(), STAYS_MS);
}

if (region) {
  for (const box of region.children) arrange(box);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.classList?.contains("toast")) arrange(node);
  }).observe(region, { childList: true });
}
