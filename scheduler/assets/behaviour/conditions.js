// Questions that depend on another answer are hidden until it is given. What is filled in already
// is never hidden, so nothing that will be stored is out of sight.

function isAsked(input) {
  const other = input.form?.elements.namedItem(input.dataset.askedIf);
  if (!other) return true;
  const values = (input.dataset.askedValues ?? "").split(" ").filter(Boolean);
  return values.length ? values.includes(other.value) : other.value !== "";
}

function refresh(form) {
  for (const input of form.querySelectorAll("[data-asked-if]")) {
    input.closest(".field").hidden = input.value === "" && !isAsked(input);
  }
}

export function startConditions() {
  const inputs = [...document.querySelectorAll("[data-asked-if]")];
  for (const form of new Set(inputs.map((input) => input.form).filter(Boolean))) {
    refresh(form);
    form.addEventListener("change", () => refresh(form));
  }
}
