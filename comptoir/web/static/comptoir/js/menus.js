// Menus: by arrow keys, narrowed by typing, closed when one looks away; the customer’s pane where there is no room.

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "keys") document.getElementById("keys").showModal();
  if (act === "person") togglePerson();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.querySelector(".person.is-open")) togglePerson();
});

// Of a long menu beside a screen, the place where one is.
document.querySelector(".settings-menu [aria-current]")?.scrollIntoView({ block: "nearest" });

// Up and down walk through what a menu offers; a date or a list of choices keeps its own keys.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.("details.menu[open]");
  if (!step || !menu || event.target.matches("select, textarea, [type=datetime-local]")) return;
  const offered = [...menu.querySelectorAll(".menu-body button, .menu-body a, .menu-find")].filter((one) => one.checkVisibility());
  if (!offered.length) return;
  event.preventDefault();
  const at = offered.indexOf(event.target);
  offered[at < 0 ? (step > 0 ? 0 : offered.length - 1) : (at + step + offered.length) % offered.length].focus();
});

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// What one types in a menu leaves only what fits; Enter takes the first.
function narrow(field, list) {
  const typed = plain(field.value.trim());
  let shown = 0;
  for (const button of list.querySelectorAll("button")) {
    button.hidden = !plain(button.textContent).includes(typed);
    if (!button.hidden) shown += 1;
  }
  const none = field.closest(".menu-body").querySelector(".menu-none");
  if (none) none.hidden = shown > 0 || !typed;
}
document.addEventListener("input", (event) => {
  const list = document.getElementById(event.target.dataset?.narrows);
  if (!list) return;
  delete list.dataset.taken;
  narrow(event.target, list);
});
document.addEventListener("keydown", (event) => {
  const list = event.key === "Enter" && document.getElementById(event.target.dataset?.narrows);
  if (!list) return;
  event.preventDefault();
  if (!event.target.value.trim()) return;
  if (list.querySelector("button")) takeFirst(list);
  else list.dataset.taken = "";
});
// Some lists come when their menu is opened: what was typed and taken meanwhile holds for them.
document.addEventListener("htmx:afterSettle", (event) => {
  const list = event.detail.target;
  const field = list.id && document.querySelector(`[data-narrows="${list.id}"]`);
  if (!field) return;
  narrow(field, list);
  const isTaken = "taken" in list.dataset && field.closest("details").open;
  delete list.dataset.taken;
  if (isTaken) takeFirst(list);
});

function takeFirst(list) {
  list.querySelector("button:not([hidden])")?.click();
}

const isLost = () => document.activeElement === document.body;

// What was chosen is done: one is back at the exchange, never on a button that the next key would press.
document.addEventListener("htmx:afterRequest", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (event.detail.requestConfig?.verb === "get") return;
  if (menu) menu.open = false;
  if (event.detail.target?.id === "composer") return; // Ready words were put there: one writes on, and no letter is a key.
  if (!event.target.closest?.("#head")) {
    // Unless one was led elsewhere: to a question about it, or to how far it has come.
    if (isLost() || menu?.contains(document.activeElement)) menu?.querySelector("summary")?.focus();
    return;
  }
  document.getElementById("exchange-scroll")?.focus({ preventScroll: true });
});

// A tag that was taken leaves the field empty for the next one.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.matches?.(".tag-form") && event.detail.xhr.status === 204) event.target.reset();
});

// The pane of the customer is there anew once something was done in it: one goes on at its head, not at the top of the page.
document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
  if (target.id === "person" && detail.requestConfig?.verb === "post") document.getElementById("person-name").focus({ preventScroll: true });
});

function togglePerson() {
  const pane = document.getElementById("person");
  const isOpen = pane.classList.toggle("is-open");
  const button = document.querySelector(".head-person");
  button?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) pane.querySelector("button, a")?.focus();
  else button?.focus();
}

// A form within a message: opened from its menu, which closes; left without changing anything.
document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.matches?.(".message-form-place")) return;
  event.target.closest(".message").querySelector("details.menu[open]")?.removeAttribute("open");
  if (event.target.contains(document.activeElement)) return;
  event.target.firstElementChild?.scrollIntoView({ block: "nearest" });
  event.target.querySelector("textarea, [data-first]")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest?.(".reading-form")?.querySelector("[data-act=close-form]").click();
});
document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-act=close-form]")?.closest(".message-form-place");
  if (!place) return;
  event.preventDefault();
  const opener = place.querySelector(".reading-form") ? "a.reading" : ".message-menu summary";
  place.replaceChildren();
  place.closest(".message").querySelector(opener)?.focus();
});
