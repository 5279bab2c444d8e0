// Bringing a part of the page up to date without disturbing whoever reads or types in it.

export async function fetchPart(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  return template.content;
}

// What the server said last about a node: comparing against the node itself would see our own marks as changes.
const said = new WeakMap();

function differs(node, fresh) {
  return (said.get(node) ?? node.outerHTML) !== fresh.outerHTML;
}

function isInUse(node) {
  const selection = document.getSelection();
  const isSelected = selection && !selection.isCollapsed && selection.containsNode(node, true);
  return isSelected || node.querySelector("iframe, details[open]") !== null;
}

function replace(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  said.set(fresh, fresh.outerHTML);
  node.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (focused) fresh.querySelector(`${focused.localName}${focused.name ? `[name="${focused.name}"]` : ""}`)?.focus({ preventScroll: true });
}

// Replace by id what has changed; returns the nodes that are new, not yet in the page.
export function update(container, nodes) {
  const added = [];
  for (const fresh of nodes) {
    const node = fresh.id && document.getElementById(fresh.id);
    if (!node || !container.contains(node)) added.push(fresh);
    else if (differs(node, fresh)) {
      if (!isInUse(node)) replace(node, fresh);
    }
  }
  return added;
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

// Replace the inside of an element that names where it comes from; later, if somebody is busy in it.
export async function refresh(element) {
  if (!element) return;
  if (isBusy(element)) {
    element.addEventListener("focusout", () => setTimeout(() => refresh(element), 300), { once: true });
    return;
  }
  try {
    const fresh = await fetchPart(element.dataset.refresh);
    if (!element.isConnected || isBusy(element)) return;
    const hadFocus = element.matches(":focus-within");
    const holder = document.createElement("div");
    holder.append(fresh);
    if (said.get(element) === holder.innerHTML) return;
    said.set(element, holder.innerHTML);
    element.replaceChildren(...holder.childNodes);
    window.htmx?.process(element);
    if (hadFocus) (element.querySelector("[data-keeps-focus]") ?? element.querySelector("button, a, summary"))?.focus({ preventScroll: true });
  } catch {
    // The next event, or the next visit, shows it.
  }
}
