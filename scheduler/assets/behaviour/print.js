// Print buttons: hidden without script, because every browser has a print command of its own.

export function startPrintButtons() {
  for (const button of document.querySelectorAll("button[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-print]")) window.print();
  });
}
