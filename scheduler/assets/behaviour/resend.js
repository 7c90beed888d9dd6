// A form that met too many others is sent again by itself after some seconds.

export function startResending() {
  const form = document.querySelector("form[data-send-again]");
  if (form) setTimeout(() => form.requestSubmit(), 1000 * Number(form.dataset.sendAgain));
}
