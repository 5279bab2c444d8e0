// Starts PLC, PDS and AppView, says where they are in one line of JSON, and stops them on SIGTERM or when we are gone.
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const [installed, plcPort, pdsPort, bskyPort, ozonePort] = process.argv.slice(2);

async function main() {
  const resolve = createRequire(path.join(installed, "package.json")).resolve;
  const { TestNetwork } = await import(pathToFileURL(resolve("@atproto/dev-env")).href);
  const network = await TestNetwork.create({
    dbPostgresSchema: "peer",
    plc: { port: Number(plcPort) },
    pds: { port: Number(pdsPort), hostname: "localhost", enableDidDocWithSession: true },
    bsky: { port: Number(bskyPort), publicUrl: `http://localhost:${bskyPort}`, dbPostgresSchema: "bsky" },
    ozone: { port: Number(ozonePort) },
  });
  const stop = () => {
    setTimeout(() => process.exit(0), 5000).unref();
    network.close().finally(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.stdin.resume().on("end", stop);
  console.log(JSON.stringify({ pds: network.pds.url, appview: network.bsky.url, plc: network.plc.url }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
