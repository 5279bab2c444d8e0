// Arbitration by keyboard: one key a verdict, and to the next decision. Off where the agent has turned single keys off.
import { isForKeys, signOf } from "./keys.js";

const byId = (id) => document.getElementById(id);
const field = () => byId("ruling-text");
const offered = field()?.dataset.offered ?? "";

// The button says what it does: what was changed is no longer sent as it is.
function sayWhatIsSent() {
  const button = byId("ruling-send");
  if (!button) return;
  const words = field().value.trim() === offered.trim() ? button.dataset.asIs : button.dataset.edited;
  button.firstChild.textContent = `${words} `;
}

function change() {
  const text = field();
  if (!text || text.readOnly) return;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

function refuse() {
  const refusal = byId("ruling-refusal");
  if (!refusal) return;
  refusal.open = true;
  (refusal.querySelector("input[name=cause]:checked") ?? refusal.querySelector("input[name=cause]")).focus();
}

function choose(number) {
  const refusal = byId("ruling-refusal");
  const cause = refusal?.open ? refusal.querySelectorAll("input[name=cause]")[number - 1] : null;
  if (!cause) return false;
  cause.checked = true;
  byId("ruling-words").focus();
  return true;
}

const press = (id) => byId(id)?.click();
const acts = {
  s: () => press("ruling-send"),
  e: change,
  o: () => press("ruling-right"),
  r: refuse,
  v: () => press("decision-open"),
  j: () => press("decision-next"),
  k: () => press("decision-previous"),
};

if (byId("arbitration")) {
  byId("ruling-edit")?.removeAttribute("hidden");
  byId("ruling-edit")?.addEventListener("click", change);
  field()?.addEventListener("input", sayWhatIsSent);
  sayWhatIsSent();
  document.addEventListener("keydown", (event) => {
    const inside = event.target.closest("#ruling textarea");
    if (inside && event.key === "Escape") {
      inside.blur();
    } else if (inside && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (inside === field()) press("ruling-send");
      else byId("ruling-refusal").querySelector("button[value=refused]").click();
    }
    if (!isForKeys(event) || event.key.length !== 1) return;
    const sign = signOf(event);
    if (/^[1-9]$/.test(sign) ? choose(Number(sign)) : acts[sign]) {
      event.preventDefault();
      event.stopPropagation();
      acts[sign]?.();
    }
  }, { capture: true });
}
