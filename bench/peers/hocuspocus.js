// Hocuspocus with its SQLite extension: node hocuspocus.js PORT FILE DEBOUNCE (milliseconds until it stores; "stock": its own).
import { Server } from "@hocuspocus/server";
import { SQLite } from "@hocuspocus/extension-sqlite";

const [port, database, debounce] = process.argv.slice(2);
const timing = debounce === "stock" ? {} : { debounce: Number(debounce) };

await new Server({
  address: "127.0.0.1",
  port: Number(port),
  quiet: true,
  extensions: [new SQLite({ database })],
  ...timing,
}).listen();
