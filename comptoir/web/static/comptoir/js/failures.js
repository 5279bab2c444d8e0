// When a request fails: say so, and what was kept. Nothing on the page is taken away.
import { toast } from "./toasts.js";
import { words } from "./words.js";

document.addEventListener("htmx:sendError", () => toast(words("notSent"), { isError: true }));
document.addEventListener("htmx:timeout", () => toast(words("notSent"), { isError: true }));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) toast(words("signedOut"), { isError: true });
  else if (status === 403) toast(words("notAllowed"), { isError: true });
  else toast(words("wentWrong"), { isError: true });
});
