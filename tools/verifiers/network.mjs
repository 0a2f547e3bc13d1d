// Limits what the judges can reach: the service under test on this machine, JSON
// schemas and a registry of issuers from memory, and nothing else.

import {readFileSync} from 'node:fs';
import {basename, join} from 'node:path';

const SCHEMAS = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/';

// REGISTRY is the address of the registry of issuers that verifier-core asks.
export const REGISTRY = 'https://registry.example/registry.json';

const issuers = {};

// register adds an issuer to the registry.
export function register(did, name) {
  issuers[did] = {name, location: 'Paris', url: 'https://www.example.org'};
}

const schemas = process.env.INSIGNE_TEST_SCHEMAS;

// schema returns an official JSON schema of Open Badges 3.0.
export function schema(name) {
  return JSON.parse(readFileSync(join(schemas, name), 'utf8'));
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
const connect = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const address = new URL(input instanceof Request ? input.url : input);
  if(address.href === REGISTRY) {
    return Response.json({registry: issuers});
  }
  if(address.href.startsWith(SCHEMAS)) {
    return Response.json(schema(basename(address.pathname)));
  }
  if(!loopback.has(address.hostname)) {
    throw new Error(`a judge wants to reach ${address.href}`);
  }
  return connect(input, init);
};

// read returns the JSON document at an address of the service.
export async function read(address, accept) {
  const response = await fetch(address, {headers: {Accept: accept}, redirect: 'error'});
  if(!response.ok) {
    throw new Error(`${address} answers ${response.status}`);
  }
  return response.json();
}
