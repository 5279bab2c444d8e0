// When a request fails: say so, and what was kept. Nothing on the page is taken away.
import { toast } from "./toasts.js";
import { words } from "./words.js";

// What is asked again by itself needs no word: it is shown with the next answer.
const isAskedAgain = (event) => event.target.matches?.("[data-asked-again]");

// Without an answer nobody knows here whether it was done: the same text sent again is told apart by its key.
function unanswered(event) {
  if (isAskedAgain(event)) return;
  toast(words(event.target.id === "composer-form" ? "perhapsTaken" : "perhapsDone"), { isError: true });
}
document.addEventListener("htmx:sendError", unanswered);
document.addEventListener("htmx:timeout", unanswered);
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (isAskedAgain(event) && status >= 500) return;
  if (status === 401) toast(words("signedOut"), { isError: true });
  else if (status === 403) toast(words("notAllowed"), { isError: true });
  else if (status === 503) toast(words("away"), { isError: true });
  else toast(words("wentWrong"), { isError: true });
});

// Handed over to people of another team, say: what is shown, and what was written, can still be read and copied.
export function tellGone(exchange) {
  if ("gone" in exchange.dataset) return;
  exchange.dataset.gone = "";
  toast(exchange.closest(".exchange-pane").dataset.goneElsewhere, { isError: true });
}
