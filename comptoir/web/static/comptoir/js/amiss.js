// A form that came back: one goes on at the first field that was refused, which may be far below.
document.querySelector('[aria-invalid="true"]')?.focus();
