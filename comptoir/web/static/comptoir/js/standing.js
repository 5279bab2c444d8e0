// Whose the open conversation has become: told to whoever is here; asked for once it is not what the page said.
import { toast } from "./toasts.js";
import { words } from "./words.js";

export function tellStanding(pane, { owner, ownerName, guest, stands }) {
  const { dataset: known } = pane;
  const isNewGuest = known.guest !== guest;
  const isNewOwner = known.owner !== owner;
  Object.assign(known, { owner, guest });
  const isWriting = Boolean(document.getElementById("composer-text")?.value.trim());
  if (isNewGuest) tellGuest(stands, isWriting);
  else if (isNewOwner && isWriting && owner && owner !== known.agent) toast(words("takenOver").replace("{name}", () => ownerName));
}

// What one gave was accepted, or it came back: other acts are theirs now. What is being written is not taken away.
function tellGuest(stands, isWriting) {
  toast(stands);
  if (!isWriting) window.htmx.ajax("GET", location.pathname + location.search, { target: "#conversation" });
}
