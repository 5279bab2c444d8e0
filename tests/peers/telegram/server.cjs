// Starts the mock of Telegram's Bot API, says where it is in one line of JSON, and stops on SIGTERM or when we are gone.
"use strict";

const path = require("node:path");

const [folder, port] = process.argv.slice(2);
const TelegramServer = require(path.join(folder, "node_modules", "telegram-test-api"));

// A webhook that refuses is reported nowhere by the mock, and would end the process.
process.on("unhandledRejection", () => {});

const server = new TelegramServer({ port: Number(port), host: "127.0.0.1", storeTimeout: 600 });
server.start().then(() => console.log(JSON.stringify({ url: server.config.apiURL })));
process.on("SIGTERM", () => process.exit(0));
process.stdin.resume().on("end", () => process.exit(0));
