// The filters open in the list's head, close where they were opened, and leave out of the address what is not asked.

const panel = () => document.getElementById("filters");
const toggle = () => document.getElementById("filter-toggle");

function show(isOpen) {
  panel().hidden = !isOpen;
  toggle().setAttribute("aria-expanded", String(isOpen));
  if (isOpen) panel().querySelector("[data-first]")?.focus();
  else toggle().focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "filter-toggle" || panel().hidden) return;
  event.preventDefault();
  show(false);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "filters") show(true);
});
document.addEventListener("click", (event) => {
  if (event.target.id === "filter-close" && panel()) show(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#filters")) {
    event.preventDefault();
    show(false);
  }
  if (event.key === " " && event.target.id === "filter-toggle") {
    event.preventDefault();
    event.target.click();
  }
});
document.addEventListener("formdata", (event) => {
  if (!event.target.matches(".filter-form")) return;
  for (const [name, text] of [...event.formData.entries()]) if (text === "") event.formData.delete(name);
});
