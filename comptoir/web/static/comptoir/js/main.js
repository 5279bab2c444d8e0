// The staff's screens in the browser. Each module minds one thing; none of them is needed to read a page.
import "./times.js";
import "./menus.js";
import "./composer.js";
import "./answers.js";
import "./exchange.js";
import "./steady.js";
import "./here.js";
import "./list.js";
import "./ahead.js";
import "./filters.js";
import "./selection.js";
import "./leaving.js";
import "./bulk.js";
import "./macros.js";
import "./keys.js";
import "./command_key.js";
import "./application.js";
import "./notifications.js";
import "./failures.js";
import "./amiss.js";
import { listen } from "./live.js";

const { live, liveSince } = document.body.dataset;
if (live) listen(live, liveSince);
