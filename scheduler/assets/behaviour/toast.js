// A partial update that failed is not put into the page; one line at the bottom says so until the
// next one succeeds.

export function startToasts() {
  const toast = document.getElementById("toast");
  if (!toast) return;
  const show = () => {
    toast.textContent = toast.dataset.offline;
    toast.hidden = false;
  };
  document.addEventListener("htmx:response:error", show);
  document.addEventListener("htmx:error", show);
  document.addEventListener("htmx:after:swap", () => (toast.hidden = true));
}
