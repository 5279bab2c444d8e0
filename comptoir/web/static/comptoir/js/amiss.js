// A form that came back: one goes on at the first field that was refused, which may be far below; where it is about the
// whole form, or is asked about before it is done, at the words that say why. An alert that came with the page is read out by no screen reader by itself.
const why = document.querySelector('#main .errors[role="alert"]:not([hidden]), #mended');
const refused = document.querySelector('[aria-invalid="true"]') ?? why;
if (refused && refused === why) why.tabIndex = -1;
if (refused) refused.focus();
// An act led to a place of the page on which one was: a browser that loads a page again goes to no place by itself.
else if (performance.getEntriesByType("navigation")[0]?.type === "reload" && location.hash) document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
