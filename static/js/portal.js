// What script adds to pages that work without it. Each module does one thing and finds its own elements.
import { watchCopy } from "./copy-state.js";
import { focusErrorSummary } from "./error-summary.js";
import { openMenuWhereNeeded } from "./menu.js";
import { offerPasskeys } from "./passkey.js";
import { addPasswordButtons } from "./password.js";
import { preventDoubleSubmit } from "./submit-once.js";

focusErrorSummary(document);
openMenuWhereNeeded(document);
addPasswordButtons(document);
offerPasskeys(document);
preventDoubleSubmit(window);
watchCopy(document);
