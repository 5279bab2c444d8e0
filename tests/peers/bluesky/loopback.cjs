// Preloaded: the servers would listen on every interface of the machine; here they are for its own tests only.
"use strict";
const net = require("node:net");

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const [first, second] = args;
  if (first !== null && typeof first === "object" && "port" in first && !first.host) {
    args[0] = { ...first, host: "127.0.0.1" };
  } else if (typeof first === "number" && typeof second !== "string") {
    args.splice(1, second === undefined && args.length > 1 ? 1 : 0, "127.0.0.1");
  }
  return listen.apply(this, args);
};
