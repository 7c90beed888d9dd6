// Turns `details[data-confirm]` into a modal dialog. The markup stays where it is until the summary
// is clicked; the body then moves into a <dialog> and goes back when that closes.

let counter = 0;

function openDialog(details) {
  const body = details.querySelector(".confirm-body");
  const title = body.querySelector("[data-confirm-title]");
  const cancel = body.querySelector("[data-confirm-cancel]");
  const dialog = document.createElement("dialog");
  title.id ||= `confirm-title-${++counter}`;
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(body);
  // Beside the details, not at the end of the page: a button that belongs to a form stays in it.
  details.after(dialog);
  cancel.hidden = false;
  cancel.onclick = () => dialog.close();
  dialog.addEventListener("close", () => {
    cancel.hidden = true;
    details.append(body);
    dialog.remove();
    details.querySelector("summary").focus();
  });
  dialog.showModal();
  const firstInput = body.querySelector("input:not([type=hidden]), select, textarea");
  (firstInput ?? cancel).focus();
}

export function startConfirmDialogs() {
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-confirm] > summary");
    if (!summary) return;
    event.preventDefault();
    openDialog(summary.parentElement);
  });
}
