// Signs the credentials of a file with @digitalbazaar/vc and eddsa-rdfc-2022, and
// prints their proof values and how many it signed in a second.
//
//	node sign.mjs input.json
//
// input: {credentials, contexts (by address), key: {id, controller, publicKeyMultibase,
// secretKeyMultibase}, created, seconds}
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const input = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const key = await Ed25519Multikey.from(input.key);

async function documentLoader(url) {
  if (!input.contexts[url]) {
    throw new Error(`unknown context ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: input.contexts[url]};
}

async function sign(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), date: input.created, cryptosuite});
  const signed = await vc.issue({credential: structuredClone(credential), suite, documentLoader});
  return signed.proof.proofValue;
}

const proofValues = [];
for (const credential of input.credentials) {
  proofValues.push(await sign(credential)); // this also warms the engine
}
const start = performance.now();
let count = 0;
while (performance.now() - start < 1000 * input.seconds) {
  await sign(input.credentials[count % input.credentials.length]);
  count++;
}
const perSecond = count / ((performance.now() - start) / 1000);
console.log(JSON.stringify({proofValues, perSecond}));
