// What opens the command bar. The bar itself, which few pages are asked for, comes with the first that is: one types in it meanwhile.
import { toast } from "./toasts.js";
import { words } from "./words.js";

const dialog = document.getElementById("commands");

async function open() {
  const text = document.getElementById("commands-text");
  text.value = "";
  dialog.showModal();
  text.focus();
  let isChosen = false;
  const choose = (event) => event.key === "Enter" && !event.isComposing && (isChosen = true);
  text.addEventListener("keydown", choose);
  try {
    const { begin } = await import("./commands.js");
    text.removeEventListener("keydown", choose);
    if (dialog.open) begin(isChosen);
  } catch {
    dialog.close();
    toast(words("wentWrong"), { isError: true });
  }
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!isAsked) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-commands]");
    if (button?.dataset.commands === "open") open();
    if (button?.dataset.commands === "close" || event.target === dialog) dialog.close();
  });
}
