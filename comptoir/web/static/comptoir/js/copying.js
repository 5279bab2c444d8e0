// A button that copies what it stands beside, where the browser lets pages write to the clipboard; elsewhere it is not there.
import { toast } from "./toasts.js";
import { words } from "./words.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    toast(words("copied"));
  } catch {
    document.getSelection().selectAllChildren(source); // Not allowed here: one key is left to press.
  }
});

// As in the composer: what is asked of colleagues leaves by Ctrl or ⌘ and Enter.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.(".bridge-form, .bridge-answer");
  if (!form || event.repeat) return;
  event.preventDefault();
  form.requestSubmit();
});
