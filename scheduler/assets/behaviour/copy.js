// Copy buttons: hidden without script, because the text field beside them can be copied by hand.

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.querySelector("[data-copy-label]");
  const before = label.textContent;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without HTTPS there is no clipboard interface; the old command still works there.
    if (!document.execCommand("copy")) return;
  }
  label.textContent = button.dataset.copied;
  setTimeout(() => (label.textContent = before), 2500);
}

export function startCopyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) copy(button);
  });
}
