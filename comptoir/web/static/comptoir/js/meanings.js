// What a figure means, beside its mark. The browser opens it at a press or a touch and closes it at Escape; here it is
// put beside the mark, and opened on hover too.
const EDGE = 8;

for (const mark of document.querySelectorAll(".hint-mark")) {
    const hint = document.getElementById(mark.getAttribute("popovertarget"));
    if (!hint?.showPopover) continue;
    let leaving = 0;
    // Leaving one may be told after the other was entered.
    const isLeft = () => !mark.matches(":hover") && !hint.matches(":hover");
    const stay = () => clearTimeout(leaving);
    const leave = () => {
        stay();
        leaving = setTimeout(() => isLeft() && hint.matches(":popover-open") && hint.hidePopover(), 150);
    };
    mark.addEventListener("pointerenter", (event) => {
        stay();
        if (event.pointerType === "mouse" && !hint.matches(":popover-open")) hint.showPopover();
    });
    mark.addEventListener("pointerleave", leave);
    hint.addEventListener("pointerenter", stay);
    hint.addEventListener("pointerleave", leave);
    hint.addEventListener("toggle", (event) => {
        if (event.newState === "open") place(mark, hint);
    });
}

function place(mark, hint) {
    const at = mark.getBoundingClientRect();
    const size = hint.getBoundingClientRect();
    const below = at.bottom + size.height + EDGE < innerHeight;
    hint.style.margin = "0";
    hint.style.inset = "auto";
    hint.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - size.width - EDGE))}px`;
    hint.style.top = `${Math.max(EDGE, below ? at.bottom + 4 : at.top - size.height - 4)}px`;
}
