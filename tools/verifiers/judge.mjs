// Answers questions about badges, one JSON object a line on standard input and one on
// standard output, in the order of the questions. A process that lives for a whole test
// pays for the start of the libraries once.
//
//   {"judge": "digitalbazaar", "document": "base64", "options": {…}}
//   {"valid": true, "reason": "", "notes": []}
//
// The reason is the judge's own. An answer with "error" instead says that no judge was
// asked: the question or this script is wrong.

import './network.mjs';
import {createInterface} from 'node:readline';

const judges = {
  digitalbazaar: () => import('./digitalbazaar.mjs'),
  'verifier-core': () => import('./verifiercore.mjs'),
  jose: () => import('./jose.mjs'),
  'credential schema': async () => (await import('./schema.mjs')).credentials,
  'achievement schema': async () => (await import('./schema.mjs')).achievements,
  'profile schema': async () => (await import('./schema.mjs')).profiles,
  jsonld: () => import('./expansion.mjs')
};

async function answer(line) {
  const {judge, document, options = {}} = JSON.parse(line);
  if(!Object.hasOwn(judges, judge)) {
    throw new Error(`no judge ${judge}`);
  }
  const {verdict} = await judges[judge]();
  const {reason = '', notes = []} = await verdict(Buffer.from(document, 'base64').toString('utf8'), options);
  return {valid: reason === '', reason, notes};
}

// Libraries that log must not write between the answers.
console.log = console.info = console.error;

for await (const line of createInterface({input: process.stdin})) {
  let said;
  try {
    said = await answer(line);
  } catch(error) {
    said = {error: error.stack ?? String(error)};
  }
  process.stdout.write(JSON.stringify(said) + '\n');
}
