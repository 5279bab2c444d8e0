// Buttons that copy what they name, or the link they carry; asked for once one is pressed.
import { toast } from "./toasts.js";
import { words } from "./words.js";

export async function copy(button) {
  const { copies, link } = button.dataset;
  const source = document.getElementById(copies);
  const isCopied = await put(source ? source.textContent.trim() : new URL(link, location.href).href);
  if (link) {
    button.closest("details").open = false;
    button.closest("details").querySelector("summary").focus();
  }
  if (isCopied) toast(words("copied"));
  else if (source) document.getSelection().selectAllChildren(source); // One key is left to press.
  else toast(words("wentWrong"), { isError: true });
}

// A counter that is reached without https is given no clipboard: there the browser's own command for it remains.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return putByCommand(text);
  }
}

function putByCommand(text) {
  let isPut = false;
  const take = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    isPut = true;
  };
  document.addEventListener("copy", take);
  document.execCommand("copy");
  document.removeEventListener("copy", take);
  return isPut;
}
