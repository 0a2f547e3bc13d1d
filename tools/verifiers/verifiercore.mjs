// Judges credentials with an embedded proof by @digitalcredentials/verifier-core, which
// finds all documents itself.

import {verifyCredential} from '@digitalcredentials/verifier-core';
import {REGISTRY, register} from './network.mjs';

const knownDIDRegistries = [{name: 'The registry of the tests', type: 'dcc-legacy', url: REGISTRY}];

export async function verdict(document) {
  const credential = JSON.parse(document);
  register(credential.issuer.id, credential.issuer.name);
  const {errors = [], log = [], additionalInformation = []} = await verifyCredential({credential, knownDIDRegistries});
  const wrong = [
    ...errors.map(({name, message}) => `${name}: ${message}`),
    ...log.filter(step => step.valid !== true).map(({id, error}) => `${id}: ${error?.message ?? 'false'}`),
    ...schemaErrors(additionalInformation)
  ];
  return {reason: wrong.join('; '), notes: log.map(({id, valid}) => `${id} ${valid}`)};
}

function schemaErrors(information) {
  return information.filter(({id}) => id === 'schema_check').flatMap(({results}) => {
    if(!Array.isArray(results)) {
      return [`schema_check: ${results}`];
    }
    return results.filter(({result}) => !result.valid).map(({result}) => `schema_check: ${JSON.stringify(result.errors)}`);
  });
}
