// Canonicalises documents with jsonld in safe mode.
//
//	node canonize.mjs input.json
//
// input: {credentials, contexts (by address)}; output: {canonical}, with an error in
// place of the statements of a document that is refused.
import {readFileSync} from 'node:fs';
import jsonld from 'jsonld';

const input = JSON.parse(readFileSync(process.argv[2], 'utf8'));

async function documentLoader(url) {
  if (!input.contexts[url]) {
    throw new Error(`unknown context ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: input.contexts[url]};
}

const canonical = [];
for (const credential of input.credentials) {
  try {
    canonical.push(await jsonld.canonize(credential, {
      algorithm: 'RDFC-1.0', format: 'application/n-quads', safe: true, documentLoader,
    }));
  } catch (e) {
    canonical.push(`${e.name}: ${e.message} ${JSON.stringify(e.details?.event?.code ?? '')}`);
  }
}
console.log(JSON.stringify({canonical}));
