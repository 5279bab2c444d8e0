// A form that came back: one goes on at the first field that was refused, which may be far below; where it is about the
// whole form, or is asked about before it is done, at the words that say why. An alert that came with the page is read out by no screen reader by itself.
const why = document.querySelector('#main .errors[role="alert"]:not([hidden]), #mended');
const refused = document.querySelector('[aria-invalid="true"]') ?? why;
if (refused && refused === why) why.tabIndex = -1;
refused?.focus();
