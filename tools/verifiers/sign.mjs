// Measures how fast @digitalbazaar/vc signs, so that our own signing can be compared
// with it on the same machine in the same run:
//
//   node sign.mjs COUNT < input > output
//
// The input is one JSON object: "credential", "key" (an Ed25519 private JWK), "id" (the
// verification method) and "created". The output is one JSON object: the "seconds" that
// COUNT signatures took, after one that is not counted, and the signed "credential".

import {text} from 'node:stream/consumers';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {issue} from '@digitalbazaar/vc';
import {contextLoader as documentLoader} from './documents.mjs';

const count = Number(process.argv[2]);
if(!Number.isInteger(count) || count < 1) {
  throw new Error('usage: node sign.mjs COUNT < input');
}
const {credential, key, id, created} = JSON.parse(await text(process.stdin));
const pair = await Ed25519Multikey.fromJwk({jwk: key, secretKey: true, id, controller: id.split('#')[0]});

async function sign() {
  const suite = new DataIntegrityProof({signer: pair.signer(), cryptosuite, date: created});
  return issue({credential: structuredClone(credential), suite, documentLoader});
}

const signed = await sign();
const start = performance.now();
for(let i = 0; i < count; i++) {
  await sign();
}
const seconds = (performance.now() - start) / 1000;
process.stdout.write(JSON.stringify({seconds, credential: signed}) + '\n');
