// Making a macro: each step shows only what it needs, and a new one waits below the last.
for (const step of document.querySelectorAll(".macro-form .step")) {
  const choice = step.querySelector("select");
  const show = () => {
    step.dataset.act = choice.value;
    const next = step.nextElementSibling;
    if (choice.value && next?.matches(".step")) delete next.dataset.spare;
  };
  choice.addEventListener("change", show);
  show();
}
document.querySelector(".macro-form")?.classList.add("is-live");
