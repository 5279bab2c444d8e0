// What was resolved, put away or called spam is no longer to be worked on: on to the next, as the agent has chosen.
import { walks } from "./ahead.js";
import { showConversation } from "./exchange.js";
import { neighbour } from "./list.js";
import { opensByItself } from "./staying.js";
import { sayAfter } from "./said.js";

let following = null; // The row to go to, looked up before the open one leaves the list.

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.closest?.("#head")) following = (neighbour(1) ?? neighbour(-1))?.id ?? null;
});

// Once the next one is shown, and the focus in it.
function shown() {
  return new Promise((resolve) => {
    document.addEventListener("htmx:afterSettle", function tell({ detail }) {
      if (detail.target?.id !== "conversation") return;
      document.removeEventListener("htmx:afterSettle", tell);
      resolve();
    });
  });
}

function goOn() {
  const link = following && document.getElementById(following)?.querySelector("a");
  if (!link) return;
  walks(1);
  sayAfter(shown());
  opensByItself(link.closest(".row").dataset.id);
  link.focus({ preventScroll: true });
  link.closest(".row").scrollIntoView({ block: "nearest" });
  link.click();
}

document.addEventListener("conversation-left", (event) => {
  const { then } = event.detail;
  if (then === "next") goOn();
  if (then === "list") location.assign(document.getElementById("back-to-list").href);
});

// Taken back: one looks at it again.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-opens]");
  if (!form || event.detail.xhr.status >= 300) return;
  const { opens, undoes } = form.dataset;
  form.closest(".toast").remove();
  const open = document.querySelector(".exchange-pane")?.dataset.conversation;
  if (!document.getElementById("conversation") || open === undoes) return; // What is open is brought up to date by itself.
  showConversation(opens);
});
