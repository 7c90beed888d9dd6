// Menus are <details>: they open and close by themselves. Added here: only one is open, and Escape
// or a click elsewhere closes it.

/** Closes every open menu except `kept`. */
function closeMenus(kept) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== kept) menu.open = false;
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("focusin", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });
}
