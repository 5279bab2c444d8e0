// Menus close when one looks away, and give the focus back; the customer's pane opens where there is no room for it.

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
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (document.querySelector(".person.is-open")) togglePerson();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

// A tag that was taken leaves the field empty for the next one.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.matches?.(".tag-form") && event.detail.xhr.status === 204) event.target.reset();
});

function togglePerson() {
  const pane = document.getElementById("person");
  const isOpen = pane.classList.toggle("is-open");
  const button = document.querySelector(".head-person");
  button?.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) pane.querySelector("button, a")?.focus();
  else button?.focus();
}
