// A button that copies what it names; asked for once one is pressed.
import { toast } from "./toasts.js";
import { words } from "./words.js";

export async function copy(button) {
  const source = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    toast(words("copied"));
  } catch {
    document.getSelection().selectAllChildren(source); // Not allowed here: one key is left to press.
  }
}
