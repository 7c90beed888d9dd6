// "Select all on this page" above a list's row checkboxes.

function boxesOf(master) {
  const list = document.getElementById(master.dataset.selectAll);
  return [...list.querySelectorAll("input.row-select")];
}

function refresh(master) {
  const boxes = boxesOf(master);
  const chosen = boxes.filter((box) => box.checked).length;
  master.checked = chosen > 0 && chosen === boxes.length;
  master.indeterminate = chosen > 0 && chosen < boxes.length;
}

export function startSelection() {
  for (const master of document.querySelectorAll("input[data-select-all]")) {
    master.hidden = false;
    refresh(master);
    master.addEventListener("change", () => {
      for (const box of boxesOf(master)) box.checked = master.checked;
    });
    document.addEventListener("change", (event) => {
      if (event.target.matches("input.row-select")) refresh(master);
    });
  }
}
