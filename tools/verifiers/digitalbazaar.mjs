// Judges credentials with an embedded proof by @digitalbazaar/vc and
// @digitalbazaar/vc-bitstring-status-list.

import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {verifyCredential} from '@digitalbazaar/vc';
import {documentLoader} from './documents.mjs';

const suite = new DataIntegrityProof({cryptosuite});

export async function verdict(document) {
  const credential = JSON.parse(document);
  const result = await verifyCredential({credential, suite, documentLoader, checkStatus});
  if(!result.verified) {
    return {reason: reasons(result.error).join('; ')};
  }
  return read(result.statusResult);
}

// status asks the status lists of a credential whose signature somebody else checked.
export async function status(credential) {
  return read(await checkStatus({credential, suite, documentLoader}));
}

// read says what the lists say. The library calls a revoked credential verified: what
// the bit means is for the caller to decide.
function read({verified, error, results = []} = {verified: true}) {
  if(!verified) {
    return {reason: `status: ${reasons(error).join('; ')}`};
  }
  const set = results.filter(({status}) => status).map(({credentialStatus}) => credentialStatus.statusPurpose);
  const fatal = set.filter(purpose => purpose !== 'message');
  return {
    reason: fatal.map(purpose => `status ${purpose} is set`).join('; '),
    notes: results.map(({credentialStatus: {statusPurpose}, status}) => `${statusPurpose} ${status ? 'set' : 'not set'}`)
  };
}

// reasons returns the messages of an error and of the errors that caused it.
function reasons(error) {
  if(!error) {
    return ['no reason given'];
  }
  return [error.message, ...(error.errors ?? []).flatMap(reasons), ...(error.cause ? reasons(error.cause) : [])];
}
