// Asks @cloudflare/cabidela, the validator that the service itself runs, about the cases that `cargo test -p tests` wrote.
import { readFileSync } from "node:fs";

// Node 20 lacks these, and cabidela uses them.
Set.prototype.difference ??= function (other) {
  return new Set([...this].filter((value) => !other.has(value)));
};
Set.prototype.union ??= function (other) {
  return new Set([...this, ...other]);
};
Set.prototype.intersection ??= function (other) {
  return new Set([...this].filter((value) => other.has(value)));
};
const { Cabidela } = await import("@cloudflare/cabidela");

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
let failed = 0;
for (const { name, schema, document, valid } of cases) {
  let error = null;
  try {
    new Cabidela(structuredClone(schema), { applyDefaults: true }).validate(structuredClone(document));
  } catch (caught) {
    error = caught;
  }
  if ((error === null) !== valid) {
    failed += 1;
    console.error(`${name}: ${error === null ? "accepted" : `refused: ${error.message}`}`);
  }
}
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
