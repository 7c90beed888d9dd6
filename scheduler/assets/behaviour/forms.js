// Forms: attention to the list of errors, a question before unsaved changes are left, and one
// submission per click.

const RELEASE_AFTER = 8000;

/** What a form would send, as text; files by name and size. */
function contentOf(form) {
  const pairs = [...new FormData(form)].map(([name, value]) =>
    value instanceof File ? [name, value.name, value.size] : [name, value],
  );
  return JSON.stringify(pairs);
}

function guardUnsavedChanges() {
  const loaded = new Map();
  let sent = null;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    // A form that came back with errors, or too late, holds what is stored nowhere.
    const isUnsaved = form.dataset.guard || form.querySelector("[data-error-summary]");
    loaded.set(form, isUnsaved ? null : contentOf(form));
  }
  // Only what is sent is safe: the switch of the language is a form too, and stores none of this.
  document.addEventListener("submit", (event) => {
    sent = event.target;
    // A submission that a script took over leaves nothing.
    setTimeout(() => (sent = event.defaultPrevented ? null : sent), 0);
  });
  window.addEventListener("pageshow", () => (sent = null));
  window.addEventListener("beforeunload", (event) => {
    const isChanged = [...loaded].some(
      ([form, before]) => form !== sent && contentOf(form) !== before,
    );
    if (isChanged) event.preventDefault();
  });
}

function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Not `disabled`: a disabled button's name and value would not be sent.
    event.submitter?.setAttribute("aria-busy", "true");
    // Still here after a while: the answer was a file, or the way was barred. It may be sent again.
    setTimeout(() => release(form), RELEASE_AFTER);
  });
  // A page that the browser restores from its memory may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.elements) button.removeAttribute("aria-busy");
}

export function startGuards() {
  document.querySelector("[data-error-summary]")?.focus();
  guardUnsavedChanges();
  submitOnce();
}
