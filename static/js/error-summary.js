// After a form came back with errors, the reader starts at the summary of them.

export function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) goToField(root, event, link.hash.slice(1));
  });
}

// The browser would put the field at the top edge, with its label out of sight.
function goToField(root, event, id) {
  const control = root.getElementById(id);
  if (!control) return;
  event.preventDefault();
  const group = control.closest(".field") ?? control;
  group.scrollIntoView({ block: "start" });
  control.focus({ preventScroll: true });
}
