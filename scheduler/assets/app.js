// What every page gets. Each behaviour looks for its own data attributes and does nothing where
// there are none; pages work without any of them.
import "htmx.org";

import { startConfirmDialogs } from "./behaviour/confirm.js";
import { startConditions } from "./behaviour/conditions.js";
import { startCopyButtons } from "./behaviour/copy.js";
import { startFilters } from "./behaviour/filters.js";
import { startGuards } from "./behaviour/forms.js";
import { startMenus } from "./behaviour/menus.js";
import { startPrintButtons } from "./behaviour/print.js";
import { startResending } from "./behaviour/resend.js";
import { startSelection } from "./behaviour/selection.js";
import { startToasts } from "./behaviour/toast.js";

startMenus();
startConfirmDialogs();
startConditions();
startCopyButtons();
startFilters();
startGuards();
startPrintButtons();
startResending();
startSelection();
startToasts();
