// The page behind a link from public to private: the visitor says yes, then the chat opens.
const button = document.getElementById("begin");
const refusal = document.getElementById("refusal");

// The widget announces itself once it knows its counter.
async function widget() {
  while (!window.Comptoir?.join) await new Promise((resolve) => setTimeout(resolve, 100));
  return window.Comptoir;
}

const chat = await widget();
button.disabled = false;
button.addEventListener("click", async () => {
  button.disabled = true;
  refusal.textContent = "";
  try {
    await chat.join(button.dataset.token);
    button.disabled = false;
    button.focus(); // Closed, the chat gives the focus back.
    chat.open();
  } catch (error) {
    refusal.textContent = error.message;
  }
  button.disabled = false;
});
