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
  let leaving = false;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    loaded.set(form, contentOf(form));
  }
  document.addEventListener("submit", (event) => {
    leaving = true;
    // A submission that a script took over leaves nothing.
    setTimeout(() => (leaving &&= !event.defaultPrevented), 0);
  });
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (leaving) return;
    const isChanged = [...loaded].some(([form, before]) => contentOf(form) !== before);
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
