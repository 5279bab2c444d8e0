// Bringing a part of the page up to date without disturbing whoever reads or types in it.

const PATIENCE_MS = 20_000; // A question without an answer holds up those that come after it.

export async function fetchPart(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(String(response.status));
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return template.content;
}

export async function fetchJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

// What the server said last about a node: comparing against the node itself would see our own marks as changes.
const said = new WeakMap();

function differs(node, fresh) {
  return (said.get(node) ?? node.outerHTML) !== fresh.outerHTML;
}

function isInUse(node) {
  const selection = document.getSelection();
  const isSelected = selection && !selection.isCollapsed && selection.containsNode(node, true);
  const isPlaying = [...node.querySelectorAll("audio, video")].some((one) => !one.paused);
  return isSelected || isPlaying || node.querySelector("iframe, details.menu[open], .message-form") !== null;
}

// What was unfolded in it stays unfolded.
function keepOpen(node, fresh) {
  const folds = [...fresh.querySelectorAll("details")];
  [...node.querySelectorAll("details")].forEach((one, place) => folds[place]?.toggleAttribute("open", one.open));
  const button = fresh.querySelector("[data-act=unfold]");
  if (!button || !node.querySelector(".is-long.is-open")) return;
  button.textContent = node.querySelector("[data-act=unfold]").textContent;
  button.setAttribute("aria-expanded", "true");
  fresh.querySelector(".is-long").classList.add("is-open");
}

function replace(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  said.set(fresh, fresh.outerHTML);
  keepOpen(node, fresh);
  if (node.classList.contains("is-meant")) fresh.classList.add("is-meant");
  node.replaceWith(fresh);
  window.htmx?.process(fresh);
  const same = focused?.id && fresh.querySelector(`#${CSS.escape(focused.id)}`);
  if (same) same.focus({ preventScroll: true });
  else if (focused) fresh.querySelector(`${focused.localName}${focused.name ? `[name="${focused.name}"]` : ""}`)?.focus({ preventScroll: true });
}

// Replace by id what has changed; returns the nodes that are new, not yet in the page.
export function update(container, nodes) {
  const added = [];
  for (const fresh of nodes) {
    const node = fresh.id && document.getElementById(fresh.id);
    if (!node || !container.contains(node)) added.push(fresh);
    else if (differs(node, fresh)) {
      if (!isInUse(node)) replace(node, fresh);
      else replaceFoot(node, fresh);
    }
  }
  return added;
}

// While somebody selects, plays or reads in it, only what became of it is brought up to date.
function replaceFoot(node, fresh) {
  const [foot, freshFoot] = [node, fresh].map((one) => one.querySelector(".foot"));
  if (!foot || !freshFoot || foot.outerHTML === freshFoot.outerHTML || foot.contains(document.activeElement)) return;
  foot.replaceWith(freshFoot.cloneNode(true));
  window.htmx?.process(node);
}

export function remember(node) {
  said.set(node, node.outerHTML);
  window.htmx?.process(node);
}

function isBusy(element) {
  const focused = element.contains(document.activeElement) && document.activeElement;
  const isTyping = focused && focused.matches("input, textarea, select") && focused.value !== "";
  return isTyping || element.querySelector("details.menu[open]") !== null;
}

// What was posted from within would lose its answer, and the toast with the way back, if it were replaced meanwhile.
function waitsForAnswer(element) {
  if (!element.querySelector(".htmx-request")) return false;
  element.addEventListener("htmx:afterRequest", () => setTimeout(() => refresh(element)), { once: true });
  return true;
}

// Later, when nobody is busy in it any more.
function refreshLater(element) {
  element.addEventListener("focusout", () => setTimeout(() => refresh(element), 300), { once: true });
}

const running = new WeakMap(); // An element that is asked for -> whether it has to be asked for again.

// Replace the inside of an element that names where it comes from; later, if somebody is busy in it. One question at a
// time: an answer that was overtaken by the next one would show what was.
export async function refresh(element) {
  if (!element || waitsForAnswer(element)) return;
  if (isBusy(element)) {
    refreshLater(element);
    return;
  }
  if (running.has(element)) {
    running.set(element, true);
    return;
  }
  running.set(element, false);
  try {
    show(element, await fetchPart(element.dataset.refresh));
  } catch {
    // The next event, or the next visit, shows it.
  }
  const isAskedAgain = running.get(element);
  running.delete(element);
  if (isAskedAgain && element.isConnected) refresh(element);
}

function show(element, fresh) {
  if (!element.isConnected || waitsForAnswer(element)) return;
  if (isBusy(element)) {
    refreshLater(element);
    return;
  }
  const hadFocus = element.matches(":focus-within");
  const holder = document.createElement("div");
  holder.append(fresh);
  if (said.get(element) === holder.innerHTML) return;
  said.set(element, holder.innerHTML);
  const fold = hadFocus && document.activeElement.closest("details[id]")?.id;
  const focused = hadFocus && document.activeElement.id;
  for (const one of element.querySelectorAll("details[id][open]")) holder.querySelector(`#${one.id}`)?.setAttribute("open", "");
  element.replaceChildren(...holder.childNodes);
  window.htmx?.process(element);
  document.dispatchEvent(new CustomEvent("part-refreshed", { detail: { id: element.id } }));
  if (hadFocus) ((focused && element.querySelector(`#${CSS.escape(focused)}`)) || (fold && element.querySelector(`#${fold} > summary`)) || element.querySelector("[data-keeps-focus]") || element.querySelector("button, a, summary"))?.focus({ preventScroll: true });
}

// What an answer of another kind has put there is no longer what was said last.
document.addEventListener("htmx:afterSwap", (event) => said.delete(event.detail.target));
